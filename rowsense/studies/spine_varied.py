"""Fits the spine network on rowers with variety (``spine_variety``) and without, on from the one of ``spine_fit``.

1. ``python -m rowsense.studies.spine_varied collect FOLDER [FIRST END]`` renders and observes the clips.
2. ``python -m rowsense.studies.spine_varied fit FOLDER NAME START`` fits one network of ``WAYS``; ``START`` is the file
   that ``spine_fit`` made.
3. ``python -m rowsense.studies.spine_varied join FOLDER START`` joins what is fitted, and a network of ``START`` as it
   is, into ``FOLDER/candidate.onnx``.
4. ``python -m rowsense.studies.spine_varied test FOLDER 0 60`` renders twins, with variety, of the test clips, and
   ``score FOLDER [NETWORK]`` prints the table of ``spine_test`` for them, of the shipped network without ``NETWORK``.

1 goes on after a stop. Needs the extra ``simulate``; fits on a graphics card where torch finds one: ten minutes there,
a night on one core.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from rowsense.simulate.clip_spec import ClipSpec
from rowsense.spine.network import INPUTS, OUTPUTS, SpineNetwork
from rowsense.studies.spine_clips import TEST
from rowsense.studies.spine_fit import FRAMES_PER_CLIP, collect, read_collected
from rowsense.studies.spine_frames import ObservedClip
from rowsense.studies.spine_mixed import FIRST, FIRST_FITTED, mixed_clip
from rowsense.studies.spine_test import clip_errors, table
from rowsense.studies.spine_variety import varied_clip

if TYPE_CHECKING:
    from rowsense.studies.spine_stock import Stock
    from rowsense.studies.spine_training import BackNetwork

#: The last clip but one that is fitted on, and steps of each network.
END: Final = FIRST_FITTED + 1176
STEPS: Final = 89_000


@dataclass(frozen=True, slots=True)
class Way:
    """How one network of the joined ones is made."""

    rate: float
    disguise: float
    start: int | None
    """Which network of the file to go on from; None = from nothing."""
    channels: tuple[int, ...] = (16, 32, 48, 64)


#: [D] The best two of eight on the clips held back (``docs/spine.md``). Only the first is joined: with the wide one a
#: frame takes more than a millisecond.
WAYS: Final = {
    "further": Way(rate=7e-4, disguise=0.0, start=0),
    "wide": Way(rate=2e-3, disguise=0.3, start=None, channels=(24, 48, 64, 80)),
}
JOINED: Final = ("further",)
#: The network of ``spine_fit`` that is joined as it is: what it knows of plain rowers is not forgotten.
AS_IT_IS: Final = 1


def _test_twin(number: int) -> tuple[ClipSpec, ...]:
    return (varied_clip(TEST, number, FRAMES_PER_CLIP),)


def stock_of(clips: Sequence[ObservedClip], device: str = "cpu") -> Stock:
    """The clips that have enough usable frames to be fitted on."""
    from rowsense.studies.spine_stock import Stock
    from rowsense.studies.spine_training import Recipe

    return Stock([clip for clip in clips if clip.usable().sum() >= Recipe().frames_of_each // 2], device)


def new_network(stock: Stock, made: Any, seed: int) -> BackNetwork:
    """A network that says what is usual in the stock, and nothing else yet."""
    import torch

    from rowsense.studies.spine_training import BackNetwork

    torch.manual_seed(seed)
    network, usual = BackNetwork(made), stock.some(2000)
    network(usual.layers[:2].cpu(), usual.joints[:2].cpu())  # settles the size of the lazy layer
    network.usual_deg[:] = usual.target_deg.mean(0).cpu()
    network.usual_outline[:] = usual.outline.mean(0).cpu()
    with torch.no_grad():
        network.answer.weight *= 0.3
    return network


def fit_further(network: BackNetwork, stock: Stock, made: Any, how: Any, steps: int, seed: int) -> BackNetwork:
    """Fit a network, or fit it further. The same arguments give the same network on the same machine's processor."""
    import torch

    from rowsense.studies.spine_steps import Fitting, round_of

    torch.set_num_threads(1)
    rng, done, began = np.random.default_rng(seed), 0, time.monotonic()
    fitting = Fitting(network, stock, made, how, seed)
    while done < steps:
        for rows in torch.from_numpy(round_of(stock.first, made, rng)[: steps - done]).to(stock.device):
            fitting.step(rows, done / steps)
            done += 1
            if done % 5000 == 0:
                print(f"step {done} of {steps}, {time.monotonic() - began:.0f} s", flush=True)
    return fitting.finished()


def fit_one(folder: Path, name: str, start: Path) -> None:
    """Fit the network ``name`` of ``WAYS`` on the clips in ``folder`` and keep it there; one that is there stays."""
    import torch

    from rowsense.studies.spine_steps import Steps
    from rowsense.studies.spine_training import Recipe
    from rowsense.studies.spine_warm import networks_of

    kept, way, seed = folder / f"network_{name}.pt", WAYS[name], 100 + list(WAYS).index(name)
    if kept.exists():
        return
    made = Recipe(channels=way.channels)
    clips = [clip for number, clip in read_collected(folder).items() if number >= FIRST_FITTED]
    stock = stock_of(clips, "cuda" if torch.cuda.is_available() else "cpu")
    if way.start is None:
        network = new_network(stock, made, seed)
    else:
        network = networks_of(start.read_bytes(), stock.some(2000), made)[way.start]
    torch.save(fit_further(network, stock, made, Steps(way.rate, way.disguise), STEPS, seed).state_dict(), kept)


def join(folder: Path, start: Path) -> Path:
    """The file that joins the networks in ``folder`` with one that they went on from."""
    import torch

    from rowsense.spine.patch import JOINT_NUMBERS, PATCH_COLUMNS, PATCH_ROWS
    from rowsense.studies.spine_training import BackNetwork, JoinedNetworks, Recipe, export, settle
    from rowsense.studies.spine_warm import networks_of

    networks = []
    for name in JOINED:
        kept, way = folder / f"network_{name}.pt", WAYS[name]
        if not kept.exists():
            raise SystemExit(f"{folder} holds no network {name!r}; fit it first")
        network = BackNetwork(Recipe(channels=way.channels))
        network(torch.zeros(2, 2, PATCH_ROWS, PATCH_COLUMNS), torch.zeros(2, JOINT_NUMBERS))
        network.load_state_dict(torch.load(kept))
        networks.append(network.eval())
    clips = read_collected(folder)
    held_back = [clip for number, clip in clips.items() if number < FIRST_FITTED]
    networks.append(networks_of(start.read_bytes(), stock_of(held_back).some(2000), Recipe())[AS_IT_IS])
    joined = JoinedNetworks(networks).eval()
    settle(joined, [clip for number, clip in clips.items() if number >= FIRST_FITTED], held_back)
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
            collect(Path(folder), mixed_clip, FIRST, END)
        case ["collect", folder, first, end]:
            collect(Path(folder), mixed_clip, int(first), int(end))
        case ["test", folder, first, end]:
            collect(Path(folder), _test_twin, int(first), int(end))
        case ["fit", folder, name, start] if name in WAYS:
            fit_one(Path(folder), name, Path(start))
        case ["join", folder, start]:
            print(join(Path(folder), Path(start)))
        case ["score", folder]:
            print(score(Path(folder), SpineNetwork()))
        case ["score", folder, network]:
            print(score(Path(folder), SpineNetwork(Path(network).read_bytes())))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
