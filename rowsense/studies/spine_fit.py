"""Makes the network that reads pelvis and spine, from nothing.

1. ``python -m rowsense.studies.spine_fit collect FOLDER [FIRST END]`` renders the training clips and looks at them with
   the pose model; clips that are there stay, so it goes on after a stop, and several may run side by side on parts.
2. ``python -m rowsense.studies.spine_fit fit FOLDER NAME`` fits one of the ``WAYS``; it too goes on after a stop.
3. ``python -m rowsense.studies.spine_fit join FOLDER`` joins them into ``FOLDER/spine_network.onnx`` and
   ``FOLDER/spine_answer.npz``.
4. ``python -m rowsense.studies.spine_fit score FOLDER [JOINED]`` prints the table of ``spine_test`` for the clips held
   back, by kind, of what lies joined in ``JOINED``; of the shipped network without.
5. ``python -m rowsense.studies.spine_fit curve FOLDER`` prints the error there against the number of bodies.

``make spine-model`` does 1 to 3. Needs the extra ``simulate``. Sample videos and test clips take no part.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from rowsense.spine.network import ANSWER_FILE, DATA_FILE, INPUTS, OUTPUTS, SpineAnswer, SpineNetwork
from rowsense.studies.figures import centred, rms
from rowsense.studies.spine_collecting import collect, each_collected
from rowsense.studies.spine_frames import ObservedClip
from rowsense.studies.spine_mixed import FIRST_FITTED, FRAMES, KINDS, mixed_clip
from rowsense.studies.spine_test import clip_errors, kinds_table

if TYPE_CHECKING:
    from rowsense.studies.spine_stock import Stock
    from rowsense.studies.spine_training import BackNetwork

FloatArray = NDArray[np.float64]

#: Clips that ``make spine-model`` makes.
TRAINING_CLIPS: Final = 3800
#: Bodies for which the curve shows the error, and steps of each network there.
CURVE: Final = (250, 500, 1000, 2000, 3300)
CURVE_STEPS: Final = 9000


@dataclass(frozen=True, slots=True)
class Way:
    """How one of the joined networks is made."""

    seed: int
    steps: int
    rate: float = 2e-3
    channels: tuple[int, ...] = (24, 48, 64, 80)


#: [D] See ``docs/spine.md``.
WAYS: Final = {"one": Way(seed=1, steps=28_000), "two": Way(seed=2, steps=28_000)}


def stock_of(clips: Iterable[ObservedClip]) -> Stock:
    """The clips that have enough usable frames to be fitted on."""
    from rowsense.studies.spine_stock import Stock
    from rowsense.studies.spine_training import Recipe

    return Stock(clip for clip in clips if clip.usable().sum() >= Recipe().frames_of_each // 2)


def held_back(folder: Path) -> list[ObservedClip]:
    """Those that nothing is fitted on."""
    return [clip for number, clip in each_collected(folder, end=FIRST_FITTED)]


def fit_one(folder: Path, name: str) -> None:
    """Fit the network ``name`` of ``WAYS`` on the clips in ``folder`` and keep it there; one that is there stays."""
    import torch

    from rowsense.studies.spine_steps import Steps, fit_network, new_network
    from rowsense.studies.spine_training import Recipe

    kept, way = folder / f"network_{name}.pt", WAYS[name]
    if kept.exists():
        return
    made = Recipe(channels=way.channels)
    stock = stock_of(clip for _, clip in each_collected(folder, first=FIRST_FITTED))
    network, how = new_network(stock, made, way.seed), Steps(way.rate)
    torch.save(fit_network(network, stock, made, how, way.steps, way.seed, kept).state_dict(), kept)
    kept.with_suffix(".going").unlink(missing_ok=True)


def _kept_network(folder: Path, name: str) -> BackNetwork:
    import torch

    from rowsense.studies.spine_training import BackNetwork, Recipe

    kept = folder / f"network_{name}.pt"
    if not kept.exists():
        raise SystemExit(f"{folder} holds no network {name!r}; fit it first")
    network = BackNetwork(Recipe(channels=WAYS[name].channels))
    try:
        network.load_state_dict(torch.load(kept))
    except RuntimeError:
        raise SystemExit(f"{kept}: is of another kind than the networks of today; delete it and fit again") from None
    return network.eval()


def join(folder: Path) -> tuple[Path, Path]:
    """The two files that join the networks in ``folder``."""
    from rowsense.studies.spine_training import JoinedNetworks, export, settle

    joined = JoinedNetworks([_kept_network(folder, name) for name in WAYS]).eval()
    known = (clip for _, clip in each_collected(folder, first=FIRST_FITTED))
    answer = settle(joined, known, held_back(folder))
    targets = folder / DATA_FILE, folder / ANSWER_FILE
    targets[0].write_bytes(export(joined, (INPUTS, OUTPUTS)))
    targets[1].write_bytes(answer.packed())
    return targets


def joined_network(folder: Path) -> SpineNetwork:
    """What :func:`join` wrote."""
    answer = SpineAnswer.unpacked((folder / ANSWER_FILE).read_bytes())
    return SpineNetwork(((folder / DATA_FILE).read_bytes(), answer))


def errors_within(network: Any, clips: Sequence[ObservedClip]) -> FloatArray:
    """(3,) root mean square error of a torch network in clips, degrees, each clip's mean error taken out."""
    from rowsense.studies.spine_training import JoinedNetworks, said_of

    joined = JoinedNetworks([network]).eval()
    said = [said_of(joined, joined.answer(), clip) for clip in clips if clip.usable().any()]
    return rms(np.concatenate([centred(one.angles_deg - one.truth_deg) for one in said]))


def curve(folder: Path) -> str:
    """Error on the clips held back, degrees, of single networks fitted on ever more bodies, for as many steps each."""
    from rowsense.studies.spine_steps import Steps, fit_network, new_network
    from rowsense.studies.spine_training import Recipe

    made, known = Recipe(), [clip for _, clip in each_collected(folder, first=FIRST_FITTED)]
    unseen, lines = held_back(folder), ["bodies  tilt / lumbar / thoracic"]
    for count in (count for count in CURVE if count <= len(known)):
        stock = stock_of(known[:count])
        network = fit_network(new_network(stock, made, 0), stock, made, Steps(2e-3), CURVE_STEPS, 0)
        lines.append(f"{count:6d}  " + " / ".join(f"{v:.1f}" for v in errors_within(network, unseen)))
    return "\n".join(lines)


def score(folder: Path, network: SpineNetwork) -> str:
    """The table of ``spine_test`` by kind for the clips held back; nobody poses."""
    clips = each_collected(folder, end=FIRST_FITTED)
    errors = {n: clip_errors(mixed_clip(n)[0], clip.first(FRAMES), network) for n, clip in clips}
    by_kind = {kind: [one for n, one in errors.items() if KINDS[n % len(KINDS)] == kind] for kind in sorted(set(KINDS))}
    return kinds_table({"all": list(errors.values()), **by_kind})


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    match arguments:
        case ["collect", folder]:
            collect(Path(folder), mixed_clip, 0, TRAINING_CLIPS)
        case ["collect", folder, first, end]:
            collect(Path(folder), mixed_clip, int(first), int(end))
        case ["fit", folder, name] if name in WAYS:
            fit_one(Path(folder), name)
        case ["join", folder]:
            for target in join(Path(folder)):
                print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")
        case ["score", folder]:
            print(score(Path(folder), SpineNetwork()))
        case ["score", folder, joined]:
            print(score(Path(folder), joined_network(Path(joined))))
        case ["curve", folder]:
            print(curve(Path(folder)))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
