"""Which kind of function reads pelvis and spine best: from landmarks, the back's profile, or picture and silhouette.

``python -m rowsense.studies.spine_kinds TRAINING_FOLDER TEST_FOLDER`` fits every kind on the same training clips
(``spine_fit collect``), judges all on the same frames of the same test clips (``spine_test collect``), and prints the
table as Markdown. Needs the extra ``simulate``; set ``OMP_NUM_THREADS=1`` for the times of one thread.

The profile kinds are given the back line that the silhouette alone gives, told against the trunk, and the joints as
the shipped network is told them. Single frames. What counts is the error within a clip, since a rower's own constant
is taken out by calibration, and every fit knows that: ridge and the networks count a clip's mean error a hundredth,
the Gaussian process knows of a constant of each clip, the trees are fitted anew with the clips' mean errors taken out
of the targets. Settings are chosen on training clips held back from the fit (``FIRST_FITTED``), never on test clips.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.spine.back_line import back_line
from rowsense.spine.network import SpineNetwork
from rowsense.studies.spine_frames import ObservedClip
from rowsense.studies.spine_kind_fits import (
    Predict,
    along_line,
    connected,
    fit_network,
    fit_process,
    fit_ridge,
    fit_trees,
)
from rowsense.studies.spine_kind_frames import Frames, read_frames, rmse_deg
from rowsense.studies.spine_mixed import FIRST_FITTED

FloatArray = NDArray[np.float64]

#: Frames on which a function is timed, one by one.
TIMED: Final = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to read the angles."""

    name: str
    fit: Callable[..., Predict]
    """Frames and one of the settings -> the function."""
    settings: tuple[tuple[Any, ...], ...] = ((),)


#: All kinds that need a fit. [D] Settings around the best on the clips held back: larger networks and trees, and more
#: steps, gained under a tenth of a degree there.
KINDS: Final = (
    Kind("ridge, landmarks only", partial(fit_ridge, lambda f: f.joints), ((1e-4,), (1e-3,), (1e-2,), (1e-1,))),
    Kind("ridge, profile", partial(fit_ridge, Frames.profile), ((1e-4,), (1e-3,), (1e-2,), (1e-1,))),
    Kind("Gaussian process, profile", fit_process, tuple(product((1.0, 2.0), (0.03, 0.1)))),
    Kind("boosted trees, profile", fit_trees, ((8, 300), (16, 300))),
    Kind("small network, profile", partial(fit_network, connected, Frames.profile), ((60, 160, 0.1), (60, 256, 0.1))),
    Kind("learned 1-D profile", partial(fit_network, along_line, Frames.points), ((60, 16, 0.1), (60, 16, 0.2))),
)


def choose(kind: Kind, training: Frames, held_back: Frames) -> tuple[Predict, tuple[Any, ...], float]:
    """The function with the setting that does best on ``held_back``, that setting, and its fit's time in seconds."""
    found = []
    for setting in kind.settings:
        began = time.process_time()
        predict = kind.fit(training, *setting)
        took_s = time.process_time() - began
        found.append((rmse_deg(predict(held_back), held_back).mean(), predict, setting, took_s))
    return min(found, key=lambda one: one[0])[1:]


def each_ms(call: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Median processor time of a call, milliseconds."""
    took = []
    for item in items:
        began = time.process_time()
        call(item)
        took.append(time.process_time() - began)
    return 1e3 * float(np.median(took))


def table(training: Frames, held_back: Frames, test: Frames, network_ms: float, kinds: Sequence[Kind] = KINDS) -> str:
    """Markdown: error of every kind on the test frames, time of its function for one frame, and of its fit."""
    lines = [
        "| kind | tilt | lumbar | thoracic | ms a frame | fit, s | setting |",
        "|---|---|---|---|---|---|---|",
    ]

    def line(name: str, said_deg: FloatArray, *rest: str) -> None:
        numbers = [f"{v:.1f}" for v in rmse_deg(said_deg, test)]
        lines.append(f"| {' | '.join([name, *numbers, *rest])} |")

    line("each clip's own mean (spread of the truth)", np.zeros((len(test), 3)), "-", "-", "-")
    line("plain tangents", test.tangents_deg, "-", "-", "-")
    singles = [test.rows(slice(k, k + 1)) for k in np.linspace(0, len(test) - 1, TIMED).astype(int)]
    for kind in kinds:
        predict, setting, took_s = choose(kind, training, held_back)
        own_ms = f"{each_ms(predict, singles):.3f}"
        line(kind.name, predict(test), own_ms, f"{took_s:.1f}", ", ".join(f"{v:g}" for v in setting))
    line("shipped network, picture and silhouette", test.network_deg, f"{network_ms:.3f}", "`spine_fit`", "-")
    return "\n".join(lines)


def compare(training_folder: Path, test_folder: Path) -> str:
    """The table, and below it how many frames were judged and what the inputs cost."""
    network = SpineNetwork()
    frames, _ = read_frames(training_folder)
    test, (clips, shown, patches) = read_frames(test_folder, network)
    clip = ObservedClip.read(min(test_folder.glob("[0-9]*.npz")))
    rows = [int(row) for row in np.flatnonzero(clip.usable())]
    looks = [patch for row in rows if (patch := clip.patch(row)) is not None]
    seen = [clip.observation(row) for row in rows]
    patch_ms, line_ms = each_ms(clip.patch, rows), each_ms(lambda one: back_line(one, "right", "right"), seen)
    is_held = frames.clip < FIRST_FITTED
    text = table(frames.rows(~is_held), frames.rows(is_held), test, each_ms(network.read, looks))
    return (
        f"{text}\n\nRMSE within a clip, degrees, on the {len(test)} frames of {clips} test clips that all kinds can "
        f"read: {100 * len(test) / shown:.0f} % of all frames (the shipped network can look in "
        f"{100 * patches / shown:.0f} %). Fitted on {(~is_held).sum()} frames of "
        f"{len(np.unique(frames.clip[~is_held]))} bodies. Times are processor time, frames one by one; the inputs come "
        f"on top: back line {line_ms:.2f} ms, patch with the joints {patch_ms:.2f} ms."
    )


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    cv2.setNumThreads(1)
    print(compare(Path(arguments[0]), Path(arguments[1])))


if __name__ == "__main__":
    main(sys.argv[1:])
