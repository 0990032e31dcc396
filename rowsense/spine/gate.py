"""Whether a frame is one that the spine network can speak about: a rower, seen from the side, her back in view.

Two numbers, both near 1 at what 98 or 99 in 100 frames of simulated rowers stay under:

- *unfamiliarity*, the network's own: how far its features lie from those it was fitted on;
- *implausibility*, from the patch alone, the largest of three: how far from the side the body is seen (the far
  shoulder and hip lead the near ones), how far the feet are below the hips (a rower's are up on the stretcher), and
  how little the picture's edges run along the silhouette (a silhouette over something else runs across them).

A frame beyond either limit has no angles and keeps its outline. Measured by ``rowsense.studies.spine_reality``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import SPINE_ANGLE_NAMES
from rowsense.model import SpineReading
from rowsense.spine.patch import JOINTS, SpinePatch

FloatArray = NDArray[np.float64]

#: Limits of both numbers. [D] The 98th percentile of each over the simulated test clips of even number, filmed well or
#: badly: 96 in 100 of their frames stay in range. What other simulated rowers, pictures that must be refused and real
#: footage say is in ``docs/accuracy.md`` (``rowsense.studies.spine_reality``).
MAX_UNFAMILIARITY: Final = 1.0
MAX_IMPLAUSIBILITY: Final = 1.0

#: Lead of the far shoulder and hip over the near ones, trunk lengths: usual, and deviation at which 1 is reached; feet
#: below the hips, trunk lengths; 1 minus the agreement of edges. [D] What 99 in 100 frames
#: of simulated training clips stay within (leads -0.03 to 0.34, feet 0.62, disagreement 0.16), with a tenth more.
USUAL_LEAD: Final = 0.17
MAX_LEAD_AWAY: Final = 0.21
MAX_FEET_BELOW: Final = 0.69
MAX_DISAGREEMENT: Final = 0.18

#: The stated sds grow from this unfamiliarity on, to so many times theirs at the limit. [D] On simulated clips held
#: back from the fit the error is 0.8 times what the network says under 0.45, and 1.0 to 1.2 times that from 0.55 on.
WIDER_FROM: Final = 0.4
WIDER_AT_LIMIT: Final = 1.25

#: Pixels at the patch's border that are left out of its edges, and blur before them.
_BORDER: Final = 4
_BLUR_PX: Final = 1.0


def in_range(reading: SpineReading, patch: SpinePatch) -> SpineReading:
    """The reading with honest sds, or without angles where the frame is out of range; the outline stays."""
    if not (reading.unfamiliarity <= MAX_UNFAMILIARITY and implausibility(patch) <= MAX_IMPLAUSIBILITY):
        unknown = np.full(len(SPINE_ANGLE_NAMES), np.nan)
        return replace(reading, angles_deg=unknown, sd_deg=unknown, features=np.full_like(reading.features, np.nan))
    return replace(reading, sd_deg=reading.sd_deg * float(widening(reading.unfamiliarity)))


def widening(unfamiliarity: float | FloatArray) -> FloatArray:
    """What the stated sds are multiplied by, of the same shape."""
    part = (np.asarray(unfamiliarity) - WIDER_FROM) / (MAX_UNFAMILIARITY - WIDER_FROM)
    return np.asarray(1.0 + (WIDER_AT_LIMIT - 1.0) * np.clip(part, 0.0, 1.0))


def implausibility(patch: SpinePatch) -> float:
    """How little this can be a rower seen from the side; 1 = less than 98 in 100 simulated ones."""
    return max(
        abs(far_side_lead(patch) - USUAL_LEAD) / MAX_LEAD_AWAY,
        feet_below(patch) / MAX_FEET_BELOW,
        (1.0 - edge_agreement(patch)) / MAX_DISAGREEMENT,
    )


def far_side_lead(patch: SpinePatch) -> float:
    """How far far shoulder and hip lie towards the flywheel of the near ones, trunk lengths, level in the picture."""
    near, far = _level(patch)
    pairs = [JOINTS.index("shoulder"), JOINTS.index("hip")]
    return float((far[pairs, 0] - near[pairs, 0]).mean())


def feet_below(patch: SpinePatch) -> float:
    """How far the middle of the ankles lies below the middle of the hips, trunk lengths."""
    near, far = _level(patch)
    ankle = JOINTS.index("ankle")
    return float((near[ankle, 1] + far[ankle, 1]) / 2.0)


def _level(patch: SpinePatch) -> tuple[FloatArray, FloatArray]:
    """Joints (K, 2) of the near and the far side from the hip, x towards the flywheel and y down in the picture."""
    lean = np.radians(patch.lean_deg)
    turn = np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    places = patch.joints[: 4 * len(JOINTS)].astype(np.float64).reshape(2, len(JOINTS), 2) @ turn
    return places[0], places[1]


def edge_agreement(patch: SpinePatch) -> float:
    """How well the picture's edges run along the silhouette's: 1 = everywhere, 0.64 = by chance."""
    silhouette, picture = (_gradient(layer) for layer in patch.layers)
    strength = np.abs(silhouette) * np.abs(picture)
    along = np.abs((silhouette * picture.conj()).real)
    return float(along.sum() / strength.sum()) if strength.sum() > 0.0 else 0.0


def _gradient(layer: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Complex gradient, without the border."""
    smooth = cv2.GaussianBlur(layer, (0, 0), _BLUR_PX)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    inner = (slice(_BORDER, -_BORDER), slice(_BORDER, -_BORDER))
    return np.asarray(across[inner] + 1j * down[inner], dtype=np.complex64)
