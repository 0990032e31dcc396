"""One network of the spine estimate while it is fitted, step by step. Needs torch.

It computes in bfloat16 where the processor has that built in, which takes half the time; what is learnt is kept and
added up in single precision.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from rowsense.studies.spine_frames import PX_PER_TRUNK
from rowsense.studies.spine_otherwise import Dice
from rowsense.studies.spine_stock import Batch, Stock
from rowsense.studies.spine_training import BackNetwork, Recipe

#: Part of the steps in which the rate grows to its top; after that it falls like a cosine.
WARM_UP: Final = 0.06
#: Of so many clips one is shown as a short recording, and one as stills.
SHORT_ONE_IN: Final = 8
#: Steps after which what is fitted so far is kept, for a run that is stopped.
KEPT_EVERY: Final = 2000


@dataclass(frozen=True, slots=True)
class Steps:
    """How a network is fitted; how it is made is told by ``spine_training.Recipe``."""

    rate: float
    """The highest one."""
    steady: float = 0.5
    """How far the loss keeps doubtful frames in: 0 = by what the network says of its doubt, 1 = all alike."""

    def rate_at(self, progress: float) -> float:
        """The rate when this part (0..1) of the steps is done."""
        if progress < WARM_UP:
            return self.rate * (progress + 1e-3) / WARM_UP
        return self.rate * 0.5 * (1.0 + math.cos(math.pi * min(1.0, (progress - WARM_UP) / (1.0 - WARM_UP))))


class OwnDropout(nn.Module):
    """Dropout from a generator of its own: networks that are fitted side by side do not change each other."""

    def __init__(self, part: float, generator: Any) -> None:
        super().__init__()
        self.part, self.generator = part, generator

    def forward(self, values: Any) -> Any:
        """The values, some of them 0, the others larger by as much; all as they are while it is not fitted."""
        if not self.training or self.part == 0.0:
            return values
        drawn = torch.rand(values.shape, generator=self.generator)
        return values * (drawn >= self.part) / (1.0 - self.part)


class Fitting:
    """A network and what changes it. The same stock, recipes, seed and rows give the same one on the same machine."""

    def __init__(self, network: BackNetwork, stock: Stock, made: Recipe, how: Steps, seed: int) -> None:
        self.network = network.to(memory_format=torch.channels_last).train()
        self.made, self.how = made, how
        self._stock = stock
        self._short = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
        self._generator = torch.Generator().manual_seed(seed)
        network.dropout = OwnDropout(made.dropout, self._generator)
        self._optimiser = torch.optim.AdamW(network.parameters(), lr=0.0, weight_decay=made.decay)

    def state(self) -> dict[str, Any]:
        """All that the next step depends on, to go on from."""
        parts = {"network": self.network.state_dict(), "optimiser": self._optimiser.state_dict()}
        return {**parts, "generator": self._generator.get_state()}

    def go_on(self, state: dict[str, Any]) -> None:
        """Go on where :meth:`state` was."""
        self.network.load_state_dict(state["network"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._generator.set_state(state["generator"])

    def step(self, rows: Any, progress: float) -> None:
        """Learn from these frames of the stock (clips_at_once * frames_of_each of them, clip by clip)."""
        made = self.made
        self._optimiser.param_groups[0]["lr"] = self.how.rate_at(progress)
        dice = Dice(self._generator, made.clips_at_once, made.frames_of_each)
        shown = self._stock.cut(rows, dice)
        posing = self._stock.posing[rows].view(made.clips_at_once, made.frames_of_each)
        together = drawn_together(posing, dice)
        with torch.autocast("cpu", torch.bfloat16, enabled=self._short):
            loss = loss_of(self.network, shown, together, made, self.how.steady)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self._optimiser.step()

    def finished(self) -> BackNetwork:
        """The network as it is now, ready to be asked."""
        self.network.dropout = nn.Dropout(self.made.dropout)
        return self.network.to(memory_format=torch.contiguous_format).eval()


def new_network(stock: Stock, made: Recipe, seed: int) -> BackNetwork:
    """A network that says what is usual in the stock, and nothing else yet."""
    torch.manual_seed(seed)
    network, usual = BackNetwork(made), stock.some(2000)
    network.usual_deg[:] = usual.target_deg.mean(0)
    network.usual_outline[:] = usual.outline.mean(0)
    with torch.no_grad():
        network.answer.weight *= 0.3
    return network


def fit_network(
    network: BackNetwork, stock: Stock, made: Recipe, how: Steps, steps: int, seed: int, kept: Path | None = None
) -> BackNetwork:
    """Fit a network. The same arguments give the same network on the same machine.

    What is fitted so far is written beside ``kept`` now and then, and gone on from if it is there.
    """
    torch.set_num_threads(1)
    rng, done, began = np.random.default_rng(seed), 0, time.monotonic()
    fitting = Fitting(network, stock, made, how, seed)
    going = kept.with_suffix(".going") if kept is not None else None
    if going is not None and going.exists():
        state = torch.load(going)
        done = state["done"]
        fitting.go_on(state)
    at = 0
    while at < steps:
        for rows in torch.from_numpy(round_of(stock.first, made, rng)[: steps - at]):
            at += 1
            if at <= done:  # made before a stop
                continue
            fitting.step(rows, (at - 1) / steps)
            if at % KEPT_EVERY == 0:
                print(f"step {at} of {steps}, {time.monotonic() - began:.0f} s", flush=True)
                if going is not None:
                    _keep(going, {**fitting.state(), "done": at})
    return fitting.finished()


def _keep(path: Path, state: dict[str, Any]) -> None:
    """Written whole or not at all."""
    unfinished = path.with_suffix(".part")
    torch.save(state, unfinished)
    unfinished.replace(path)


def drawn_together(posing: Any, dice: Dice) -> Any:
    """(B, M, M) which frames of a clip tell of its rower together, 1 or 0: mostly all of them, but what she poses and
    what she rows are two recordings. Of one clip in ``SHORT_ONE_IN`` only some frames are there, of another every frame
    is by itself: short recordings and stills must be read as well.

    ``posing``: (B, M) whether she poses.
    """
    clips, frames = posing.shape
    same = (posing[:, :, None] == posing[:, None, :]).float()
    alone = torch.eye(frames).expand(clips, -1, -1)
    kind = dice.uniform(0.0, float(SHORT_ONE_IN), clips, 1, 1)
    there = (dice.uniform(0.0, 1.0, clips, 1, frames) < dice.uniform(0.0, 1.0, clips, 1, 1)).float()
    some = same * there
    some = torch.where(some.sum(2, keepdim=True) > 0.0, some, alone)
    return torch.where(kind < 1.0, some, torch.where(kind < 2.0, alone, same))


def loss_of(network: BackNetwork, batch: Batch, together: Any, made: Recipe, steady: float) -> Any:
    """The error within clips, weighted by what the network says of its doubt; a little of each clip's own; the outline.

    ``together``: :func:`drawn_together`. ``steady`` keeps the weight of doubtful frames up, see ``Steps``.
    """
    layers = batch.layers.contiguous(memory_format=torch.channels_last)
    angles, log_variance, found, _ = (part.float() for part in network(layers, batch.joints, together))
    count = made.frames_of_each
    error = (angles - batch.target_deg).view(-1, count, 3)
    offset = error.mean(1, keepdim=True)
    inside = (error - offset) * (count / (count - 1)) ** 0.5
    certainty = log_variance.view(-1, count, 3)
    share = torch.exp(steady * certainty.detach())
    share = share / share.mean((0, 1), keepdim=True)
    away_px = functional.smooth_l1_loss(PX_PER_TRUNK * found, PX_PER_TRUNK * batch.outline)
    return (
        (share * (inside**2 / torch.exp(certainty) + certainty)).mean() / 2.0
        + made.offset_weight * (offset**2).mean() / 2.0
        + made.outline_weight * away_px
    )


def round_of(first: NDArray[np.int64], made: Recipe, rng: np.random.Generator) -> NDArray[np.int64]:
    """(S, clips_at_once * frames_of_each) rows of S steps that show all clips once; some frames of a clip twice where
    there are not as many. ``first``: where each clip begins in the stock, and its end."""
    order = rng.permutation(len(first) - 1)
    order = order[: len(order) // made.clips_at_once * made.clips_at_once]
    chosen = []
    for clip in order:
        known = np.arange(first[clip], first[clip + 1])
        chosen.append(rng.choice(known, made.frames_of_each, replace=len(known) < made.frames_of_each))
    return np.concatenate(chosen).reshape(-1, made.clips_at_once * made.frames_of_each)
