"""What the spine network read in every frame -> pelvic tilt, lumbar and thoracic flexion over time.

The outline of a clothed back is not the spine: over the sacrum a degree of pelvic tilt turns the outline by well
under a degree, above the waist tilt and lumbar flexion turn it alike, and how much of each differs with the lean.
So the angles are read by a function that was fitted on simulated rowers with known spines (``network``).
:func:`tangent_angles` is the plain estimate from two directions of the outline that it improves on; the accuracy
table shows both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels.smoothing import lowpass
from rowsense.model import SideView, SpineAngles

FloatArray = NDArray[np.float64]

#: Zero-phase low-pass of the angles. [D] Spine angles follow the stroke: at 44 strokes a minute 3 Hz keeps four
#: harmonics. The noise of single frames is faster.
CUTOFF_HZ = 3.0

#: Points of the back line that show pelvis and low back, and least part of them that must be seen for an angle, else
#: NaN. [D] From above the seat to the lower ribs; two of six tenths.
LOW_BACK = slice(7, 41)
MIN_SEEN_PART = 0.34

#: Added to the tilt that was read. [D] Two real rowers sitting upright in the recovery (lean 0) come out at -39
#: and -15 deg, which this makes -7 on average; people sitting neutrally are measured [R: -10 +- 7, Vicon, n = 22].
#: Real buttocks and clothes hide more of the sacrum than the simulated ones do.
TILT_ZERO_DEG = 20.0

#: Standard deviation between people of the constant error in pelvic tilt and lumbar flexion before calibration. [D]
#: Simulated bodies never seen, with the doubt in the zero above.
OFFSET_SD_DEG = (10.0, 8.0)

#: Outline against rig on three simulated bodies [R: the project's definitions, section 3].
SACRAL_FROM_LUMBAR = 0.23
SKIN_FROM_LUMBAR = 0.80
#: Points of the back line at which plain tangents are taken, and how many on either side take part. [D] Nine points
#: are about 10 cm: more smooth the low back away, fewer are noisy.
SACRAL, THORACOLUMBAR, CERVICAL = 16, 36, 56
TANGENT_HALF = 4


def spine_angles(view: SideView, cutoff_hz: float = CUTOFF_HZ) -> SpineAngles:
    """Pelvis and spine in every frame of the canonical side view.

    Signs and zeros: ``docs/conventions.md``. The zero is a fixed one (``TILT_ZERO_DEG``): an own constant offset
    (``OFFSET_SD_DEG``) remains until the rower is calibrated. NaN where nothing was read or too little of the low
    back's outline lies where it is expected: something covers it, or it is no back. The standard deviations hold
    after the constant offset is removed.
    """
    count = len(view)
    if view.spine_deg is None or view.spine_sd_deg is None:
        unknown = np.full(count, np.nan)
        return SpineAngles(*(unknown.copy() for _ in SpineAngles.__slots__))
    angles = view.spine_deg + np.array([TILT_ZERO_DEG, 0.0, 0.0])
    angles[view.back_seen[:, LOW_BACK].mean(axis=1) < MIN_SEEN_PART] = np.nan
    sd = np.where(np.isnan(angles), np.nan, view.spine_sd_deg)
    smooth = lowpass(view.time_s, angles, cutoff_hz)
    return SpineAngles(*(np.ascontiguousarray(column) for column in (*smooth.T, *sd.T)))


def tangent_angles(view: SideView) -> FloatArray:
    """Pelvic tilt, lumbar and thoracic flexion (T, 3) from the outline's directions at three levels alone.

    Inverts *sacral outline = tilt + 0.23 lumbar* and *outline from sacrum to the top of the low back = 0.80 lumbar*.
    Without a zero: every angle is known up to a constant. Unsmoothed.
    """
    sacral, top, neck = (outline_direction_deg(view, point) for point in (SACRAL, THORACOLUMBAR, CERVICAL))
    lumbar = (top - sacral) / SKIN_FROM_LUMBAR
    tilt = sacral - SACRAL_FROM_LUMBAR * lumbar
    return np.stack([tilt, lumbar, neck - top], axis=1)


def outline_direction_deg(view: SideView, point: int) -> FloatArray:
    """(T,) least-squares direction of the outline around a point, upwards, against the vertical; + to the flywheel."""
    step = np.arange(-TANGENT_HALF, TANGENT_HALF + 1)
    along = np.einsum("tkc,k->tc", view.back_xy[:, point + step], step.astype(float))
    return np.asarray(np.degrees(np.arctan2(along[:, 0], along[:, 1])))
