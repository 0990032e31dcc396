"""Fits a candidate for the spine network on rowers with variety (``spine_variety``), disguised (``spine_disguise``).

1. ``python -m rowsense.studies.spine_varied collect FOLDER [FIRST END]`` renders and observes the clips.
2. ``python -m rowsense.studies.spine_varied fit FOLDER SEED`` fits one network; two seeds may run side by side.
3. ``python -m rowsense.studies.spine_varied join FOLDER`` joins what is fitted into ``FOLDER/candidate.onnx``.
4. ``python -m rowsense.studies.spine_varied test FOLDER 0 60`` renders twins, with variety, of the test clips, and
   ``score FOLDER [NETWORK]`` prints the table of ``spine_test`` for them, of the shipped network without ``NETWORK``.

1 and 2 go on after a stop. Needs the extra ``simulate``; fits on a graphics card where torch finds one.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from rowsense.simulate.clip_spec import ClipSpec
from rowsense.spine.network import INPUTS, OUTPUTS, SpineNetwork
from rowsense.studies.spine_clips import TEST, TRAINING, posing_clip
from rowsense.studies.spine_fit import FRAMES_PER_CLIP, PLAIN_ONE_IN, POSING_ONE_IN, collect, read_collected
from rowsense.studies.spine_frames import ObservedClip
from rowsense.studies.spine_test import clip_errors, table
from rowsense.studies.spine_variety import varied_clip, varied_plain_clip

if TYPE_CHECKING:
    from rowsense.studies.spine_stock import Stock
    from rowsense.studies.spine_training import BackNetwork

#: Clips, and the first so many of them on which nothing is fitted: by them recipes are chosen and sds stretched.
TRAINING_CLIPS: Final = 2160
HELD_BACK: Final = 100


@dataclass(frozen=True, slots=True)
class VariedRecipe:
    """How a network is fitted; how it is made is told by ``spine_training.Recipe``. [D] Fitted on 1,329 clips for 72
    rounds, the error on the clips that were fitted on is within a tenth of that on others: more rounds, not fewer."""

    rounds: int = 150
    rate: float = 3e-3
    disguise: float = 0.6
    """How strongly clips are disguised; 0 = not at all."""
    steady: float = 0.5
    """How far the loss keeps doubtful frames in: 0 = by what the network says of its doubt, 1 = all alike."""


def varied_training_clip(number: int) -> tuple[ClipSpec, ...]:
    """The clip ``number``: as ``spine_fit.training_clip``, with variety."""
    group, place = divmod(number, PLAIN_ONE_IN)
    if place == PLAIN_ONE_IN - 1:
        return (varied_plain_clip(group, FRAMES_PER_CLIP),)
    rowing = varied_clip(TRAINING, (PLAIN_ONE_IN - 1) * group + place, FRAMES_PER_CLIP)
    return (rowing,) if number % POSING_ONE_IN else (rowing, posing_clip(rowing, number))


def _test_twin(number: int) -> tuple[ClipSpec, ...]:
    return (varied_clip(TEST, number, FRAMES_PER_CLIP),)


def stock_of(clips: Sequence[ObservedClip], device: str = "cpu") -> Stock:
    """The clips that have enough usable frames to be fitted on."""
    from rowsense.studies.spine_stock import Stock
    from rowsense.studies.spine_training import Recipe

    return Stock([clip for clip in clips if clip.usable().sum() >= Recipe().frames_of_each // 2], device)


def fit_varied(stock: Stock, made: Any, how: VariedRecipe, seed: int, tell: bool = False) -> BackNetwork:
    """Fit one network, made as the ``spine_training.Recipe`` says.

    The same stock, recipes and seed give the same network on the same machine's processor.
    """
    import torch
    from torch import nn

    from rowsense.studies.spine_training import BackNetwork

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    network = BackNetwork(made)
    usual = stock.some(2000)
    network(usual.layers[:2].cpu(), usual.joints[:2].cpu())  # settles the size of the lazy layer
    network.usual_deg[:] = usual.target_deg.mean(0).cpu()
    network.usual_outline[:] = usual.outline.mean(0).cpu()
    with torch.no_grad():
        network.answer.weight *= 0.3
    network.to(stock.device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=how.rate, weight_decay=made.decay)
    steps = how.rounds * (len(stock) // made.clips_at_once)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, how.rate, total_steps=steps, pct_start=0.15, cycle_momentum=False
    )
    began = time.monotonic()
    for number in range(how.rounds):
        network.train()
        for batch in _batches(stock, made, how, rng):
            loss = _loss(network, batch, made, how)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            schedule.step()
        if tell and number % 10 == 9:
            took_s = time.monotonic() - began
            print(f"network {seed}: round {number + 1} of {how.rounds}, {took_s:.0f} s", flush=True)
    return network.cpu().eval()


def _batches(stock: Stock, made: Any, how: VariedRecipe, rng: np.random.Generator) -> Iterator[Any]:
    """All clips once, some at a time, so many frames of each."""
    order, at_once = rng.permutation(len(stock)), made.clips_at_once
    for number in range(len(order) // at_once):
        part = order[number * at_once : (number + 1) * at_once]
        yield stock.draw(part, made.frames_of_each, int(rng.integers(1 << 60)), how.disguise)


def _loss(network: BackNetwork, batch: Any, made: Any, how: VariedRecipe) -> Any:
    """As ``spine_training`` has it, with the weight of doubtful frames kept up."""
    import torch
    from torch.nn import functional

    from rowsense.studies.spine_frames import PX_PER_TRUNK

    angles, log_variance, found, _ = network(batch.layers, batch.joints)
    count = made.frames_of_each
    error = (angles - batch.target_deg).view(-1, count, 3)
    offset = error.mean(1, keepdim=True)
    inside = (error - offset) * (count / (count - 1)) ** 0.5
    certainty = log_variance.view(-1, count, 3)
    share = torch.exp(how.steady * certainty.detach())
    share = share / share.mean((0, 1), keepdim=True)
    away_px = functional.smooth_l1_loss(PX_PER_TRUNK * found, PX_PER_TRUNK * batch.outline)
    return (
        (share * (inside**2 / torch.exp(certainty) + certainty)).mean() / 2.0
        + made.offset_weight * (offset**2).mean() / 2.0
        + made.outline_weight * away_px
    )


def fit_one(folder: Path, seed: int) -> None:
    """Fit the network ``seed`` on the clips in ``folder`` and keep it there; one that is there stays."""
    import torch

    from rowsense.studies.spine_training import Recipe

    kept = folder / f"network_{seed}.pt"
    if not kept.exists():
        clips = [clip for number, clip in read_collected(folder).items() if number >= HELD_BACK]
        device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.save(fit_varied(stock_of(clips, device), Recipe(), VariedRecipe(), seed, tell=True).state_dict(), kept)


def join(folder: Path) -> Path:
    """The file that joins the networks in ``folder``."""
    import torch

    from rowsense.studies.spine_training import BackNetwork, JoinedNetworks, Recipe, export, settle

    networks = []
    for kept in sorted(folder.glob("network_*.pt")):
        network = BackNetwork(Recipe())
        network.load_state_dict(torch.load(kept))
        networks.append(network.eval())
    if not networks:
        raise SystemExit(f"{folder} holds no fitted network; fit one first")
    clips = read_collected(folder)
    held_back = [clip for number, clip in clips.items() if number < HELD_BACK]
    joined = JoinedNetworks(networks).eval()
    settle(joined, [clip for number, clip in clips.items() if number >= HELD_BACK], held_back)
    target = folder / "candidate.onnx"
    target.write_bytes(export(joined, (INPUTS, OUTPUTS)))
    return target


def score(folder: Path, network: SpineNetwork) -> str:
    """The table of ``spine_test`` for the twins of the test clips."""
    clips = read_collected(folder).items()
    return table([clip_errors(_test_twin(number)[0], clip, network) for number, clip in clips])


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    match arguments:
        case ["collect", folder]:
            collect(Path(folder), varied_training_clip, 0, TRAINING_CLIPS)
        case ["collect", folder, first, end]:
            collect(Path(folder), varied_training_clip, int(first), int(end))
        case ["test", folder, first, end]:
            collect(Path(folder), _test_twin, int(first), int(end))
        case ["fit", folder, seed]:
            fit_one(Path(folder), int(seed))
        case ["join", folder]:
            print(join(Path(folder)))
        case ["score", folder]:
            print(score(Path(folder), SpineNetwork()))
        case ["score", folder, network]:
            print(score(Path(folder), SpineNetwork(Path(network).read_bytes())))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
