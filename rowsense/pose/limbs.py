"""From the network's landmarks to joint centres, as far as the body's own rigidity tells them apart.

Three habits of the network (full model) show on bodies whose joints are known and are taken out. The figures are root
mean square errors over 110 simulated rowers (`rowsense.studies.spine_frames`), none of them a sample video's:

* Its shoulder sits on top of the shoulder, a tenth of the trunk above the joint that the arm turns about. It is
  moved down the trunk line by ``SHOULDER_DROP_RATIO``.
* Its hip lies in front of the joint, which leans the trunk back by 4.1 deg. It is moved back from the trunk line by
  ``HIP_BACK_RATIO``; further back would mend the trunk and spoil the knee. Trunk: 5.0 deg before, 3.0 after.
* In bent legs the hip comes out too high and the knee too low, which opens the knee at the catch. Thigh and shank
  keep their lengths, so a bent knee follows from hip and ankle; in a nearly straight leg that is ill-conditioned and
  the knee landmark stays.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: From the shoulder landmark to the joint's centre, trunk lengths [D: elbow 5.1 deg at 0.09, 5.6 at 0.11, 6.2 at 0.13
#: over the simulated rowers; 0.09 of a 0.5 m trunk is 4.5 cm, acromion to the centre of the humeral head].
SHOULDER_DROP_RATIO: Final = 0.09
#: From the hip landmark back to the joint's centre, trunk lengths [D: over the simulated rowers trunk and knee are
#: 4.5 and 3.4 deg at 0.01, 3.7 and 3.8 at 0.03, 3.0 and 4.2 at 0.05, 2.8 and 4.6 at 0.07].
HIP_BACK_RATIO: Final = 0.05
#: Own bone length = this percentile of the landmarks' distance [D: a slipped or foreshortened limb comes out short,
#: so more than the median; simulated thighs and shanks within 5 %].
BONE_PERCENTILE: Final = 75.0
#: Knee from bone lengths alone below the first angle, from the landmark alone above the second, degrees [D: at 150
#: deg one pixel in a hundred of hip-ankle distance moves the knee angle by 4 deg, at 110 by 1.6].
BENT_DEG: Final = 110.0
STRAIGHT_DEG: Final = 150.0
#: Fewest frames with a whole leg for bone lengths to be known [D].
MIN_LEG_FRAMES: Final = 10


def shoulder_centre(shoulder: FloatArray, hip: FloatArray) -> FloatArray:
    """(T, 2) the shoulder moved towards the hip by the median trunk length times ``SHOULDER_DROP_RATIO``."""
    trunk = shoulder - hip
    length = np.linalg.norm(trunk, axis=1)
    if not np.isfinite(length).any():
        return shoulder
    drop = SHOULDER_DROP_RATIO * float(np.nanmedian(length))
    return np.asarray(shoulder - trunk / length[:, None] * drop, dtype=np.float64)


def hip_centre(hip: FloatArray, shoulder: FloatArray) -> FloatArray:
    """(T, 2) the hip moved away from the flywheel, across the trunk line; canonical side view, NaN stays NaN."""
    trunk = shoulder - hip
    length = np.linalg.norm(trunk, axis=1)
    if not np.isfinite(length).any():
        return hip
    back = np.stack([-trunk[:, 1], trunk[:, 0]], axis=1) / length[:, None]
    return np.asarray(hip + HIP_BACK_RATIO * float(np.nanmedian(length)) * back, dtype=np.float64)


def knee_centre(hip: FloatArray, knee: FloatArray, ankle: FloatArray) -> FloatArray:
    """(T, 2) the knee such that thigh and shank keep their lengths while the leg is bent.

    All (T, 2) in one frame of reference; NaN stays NaN. The knee stays on its side of the hip-ankle line.
    """
    thigh, shank, span = (_length(a - b) for a, b in ((hip, knee), (knee, ankle), (ankle, hip)))
    known = np.isfinite(thigh) & np.isfinite(shank)
    if int(known.sum()) < MIN_LEG_FRAMES:
        return knee
    thigh_px = float(np.percentile(thigh[known], BONE_PERCENTILE))
    shank_px = float(np.percentile(shank[known], BONE_PERCENTILE))

    cosine = (thigh**2 + shank**2 - span**2) / np.maximum(2.0 * thigh * shank, 1e-9)
    angle_deg = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    trust = np.clip((STRAIGHT_DEG - angle_deg) / (STRAIGHT_DEG - BENT_DEG), 0.0, 1.0)[:, None]

    along = (ankle - hip) / np.maximum(span, 1e-9)[:, None]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    side = np.sign(((knee - hip) * across).sum(axis=1))
    foot_of_height = (thigh_px**2 - shank_px**2 + span**2) / np.maximum(2.0 * span, 1e-9)
    height = np.sqrt(np.maximum(thigh_px**2 - foot_of_height**2, 0.0)) * side
    rigid = hip + along * foot_of_height[:, None] + across * height[:, None]
    return np.asarray(trust * rigid + (1.0 - trust) * knee, dtype=np.float64)


def _length(vector: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm(vector, axis=1), dtype=np.float64)
