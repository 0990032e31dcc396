"""How far the zero that a rower takes while she poses is off while she rows, by what her frames are read with.

``python -m rowsense.studies.spine_zero FOLDER`` prints it for the collected training clips that are held back and in
which somebody poses as well (``spine_fit collect FOLDER 0 160``), of the shipped network. Needs the extra ``simulate``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.spine.network import SpineNetwork
from rowsense.studies.figures import rms, slashed
from rowsense.studies.spine_collecting import read_collected
from rowsense.studies.spine_frames import ObservedClip
from rowsense.studies.spine_mixed import FIRST_FITTED, FRAMES

FloatArray = NDArray[np.float64]

#: Fewer usable frames of either kind say little of a mean.
LEAST_POSES: Final = 3
LEAST_ROWED: Final = 6
#: How the frames are read, as :func:`zero_errors` has it.
WAYS: Final = ("every frame by itself", "each film with its own context", "both films with one context")


def zero_errors(clip: ObservedClip, network: SpineNetwork) -> FloatArray | None:
    """(3, 3) mean error while posing less that while rowing, degrees, by way and angle; None with too few frames."""
    patches = [
        (int(row), patch) for row in np.flatnonzero(clip.usable()) if (patch := clip.patch(int(row))) is not None
    ]
    row = np.array([number for number, _ in patches], dtype=np.int64)
    poses = row >= FRAMES
    if poses.sum() < LEAST_POSES or (~poses).sum() < LEAST_ROWED:
        return None
    features = np.stack([network.read(patch).features for _, patch in patches])
    lean_deg = np.array([patch.lean_deg for _, patch in patches])
    truth_deg = clip.truth_deg[row] - lean_deg[:, None] * [1.0, 0.0, 0.0]
    answer = network.answer
    apart = np.empty_like(truth_deg)
    for film in (poses, ~poses):
        apart[film] = answer.read(features[film], answer.context(features[film]))[0]
    read = (answer.read_alone(features)[0], apart, answer.read(features, answer.context(features))[0])
    errors = [one - truth_deg for one in read]
    return np.stack([one[poses].mean(axis=0) - one[~poses].mean(axis=0) for one in errors])


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    network = SpineNetwork()
    clips = (clip for number, clip in read_collected(Path(arguments[0])).items() if number < FIRST_FITTED)
    found = [one for clip in clips if (one := zero_errors(clip, network)) is not None]
    print(f"{len(found)} rowers, tilt / lumbar / thoracic, deg")
    for way, errors in zip(WAYS, np.stack(found, axis=1), strict=True):
        print(f"{way}: {slashed(rms(errors))}")


if __name__ == "__main__":
    main(sys.argv[1:])
