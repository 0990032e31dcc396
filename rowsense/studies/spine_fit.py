"""Makes a network that reads pelvis and spine from nothing; ``spine_varied`` goes on from it.

1. ``python -m rowsense.studies.spine_fit collect FOLDER [FIRST END]`` renders the training clips and looks at them with
   the pose model; clips that are there stay, so it goes on after a stop, and several may run side by side on parts.
2. ``python -m rowsense.studies.spine_fit fit FOLDER`` fits the networks, finished ones stay, and writes the file
   ``FOLDER/spine_network.onnx``.
3. ``python -m rowsense.studies.spine_fit curve FOLDER TEST_FOLDER`` prints the error against the number of bodies.

``make spine-model`` does 1 and 2. Needs the extra ``simulate``. Sample videos and test clips take no part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.errors import NotMeasurableError
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.spine.network import DATA_FILE, INPUTS, OUTPUTS
from rowsense.studies.spine_clips import TRAINING, drawn_clip, plain_clip, posing_clip
from rowsense.studies.spine_frames import ObservedClip, observe_clip

FloatArray = NDArray[np.float64]

FRAMES_PER_CLIP: Final = 30
#: Training clips. Of every four, three are drawn with all the variety there is, and one is plain: a network that only
#: knows poor pictures does not trust good ones.
TRAINING_CLIPS: Final = 2260
PLAIN_ONE_IN: Final = 4
POSING_ONE_IN: Final = 4
#: Networks that are joined, and the last so many clips, on which none is fitted: they tell how far to stretch the sds.
NETWORKS: Final = 2
HELD_BACK: Final = 140
#: Bodies for which the curve shows the error.
CURVE: Final = (100, 200, 400, 740)


def training_clip(number: int) -> tuple[ClipSpec, ...]:
    """The training clip ``number``: somebody who rows, and of one in ``POSING_ONE_IN`` also how she poses."""
    group, place = divmod(number, PLAIN_ONE_IN)
    if place == PLAIN_ONE_IN - 1:
        return (plain_clip(group, FRAMES_PER_CLIP),)
    rowing = drawn_clip(TRAINING, (PLAIN_ONE_IN - 1) * group + place, FRAMES_PER_CLIP)
    return (rowing,) if number % POSING_ONE_IN else (rowing, posing_clip(rowing, number))


def collect(folder: Path, draw: Callable[[int], tuple[ClipSpec, ...]], first: int, end: int) -> None:
    """Render and observe clips ``first`` to ``end`` - 1, one file each; those that are there stay.

    Needs the extra ``simulate``. A clip in which the pose model finds no rower is left out, and said.
    """
    from rowsense.pose.models import ensure_model

    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, end):
        target = folder / f"{number:04d}.npz"
        if target.exists():
            continue
        try:
            clip = reduce(ObservedClip.then, (observe_clip(spec, ensure_model()) for spec in draw(number)))
        except NotMeasurableError as error:
            print(error, flush=True)
            continue
        clip.write(target)
        print(f"clip {number}: {len(clip)} frames", flush=True)


def read_collected(folder: Path) -> dict[int, ObservedClip]:
    """What :func:`collect` wrote, by number."""
    return {int(path.stem): ObservedClip.read(path) for path in sorted(folder.glob("[0-9]*.npz"))}


def fit_all(folder: Path) -> bytes:
    """The data file; each finished network is kept in ``folder``."""
    import torch

    from rowsense.studies.spine_training import BackNetwork, JoinedNetworks, Recipe, export, fit, settle

    clips = list(read_collected(folder).values())
    if len(clips) < 2 * HELD_BACK:
        raise SystemExit(f"{folder} holds {len(clips)} clips; collect {TRAINING_CLIPS} first")
    fitted_on, held_back = clips[:-HELD_BACK], clips[-HELD_BACK:]
    recipe = Recipe()
    networks = []
    for seed in range(NETWORKS):
        kept = folder / f"network_{seed}.pt"
        if not kept.exists():
            torch.save(fit(fitted_on, recipe, seed, tell=True).state_dict(), kept)
        network = BackNetwork(recipe)
        network.load_state_dict(torch.load(kept))
        networks.append(network.eval())
    joined = JoinedNetworks(networks).eval()
    settle(joined, fitted_on, held_back)
    return export(joined, (INPUTS, OUTPUTS))


def curve(folder: Path, test_folder: Path) -> str:
    """Error on test clips, degrees, of single networks fitted on ever more bodies."""
    from rowsense.studies.spine_training import JoinedNetworks, Recipe, answers, fit

    clips, unseen = list(read_collected(folder).values()), list(read_collected(test_folder).values())
    lines = ["bodies  tilt / lumbar / thoracic"]
    for count in (count for count in CURVE if count <= len(clips)):
        # As many steps for all: fewer bodies are seen more often.
        recipe = Recipe(rounds=round(20 * CURVE[-1] / count))
        joined = JoinedNetworks([fit(clips[:count], recipe, seed=0)]).eval()
        said = [answers(joined, clip)[1:] for clip in unseen if clip.usable().any()]
        error = np.concatenate([(a - t) - (a - t).mean(axis=0) for (a, *_), t in said])
        lines.append(f"{count:6d}  " + " / ".join(f"{v:.1f}" for v in np.sqrt((error**2).mean(axis=0))))
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    match arguments:
        case ["collect", folder]:
            collect(Path(folder), training_clip, 0, TRAINING_CLIPS)
        case ["collect", folder, first, end]:
            collect(Path(folder), training_clip, int(first), int(end))
        case ["fit", folder]:
            target = Path(folder) / DATA_FILE
            target.write_bytes(fit_all(Path(folder)))
            print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB")
        case ["curve", folder, test_folder]:
            print(curve(Path(folder), Path(test_folder)))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
