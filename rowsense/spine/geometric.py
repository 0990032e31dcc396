"""Back line over time -> pelvic tilt, lumbar and thoracic flexion, each with a standard deviation.

The outline of a clothed back is not the spine: over the sacrum a degree of pelvic tilt turns the outline by well
under a degree, above the waist tilt and lumbar flexion turn it alike, and how much of each differs with the lean.
So the directions and depths of the line (``_profile``) go through one fixed function (``shape_model``) that was
fitted on simulated rowers with known spines. :func:`tangent_angles` is the plain estimate from two directions that
it improves on; the accuracy table shows both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels.smoothing import lowpass
from rowsense.model import SideView, SpineAngles
from rowsense.spine._profile import WINDOW_CENTRES, BackProfile, back_profile
from rowsense.spine.shape_model import load_shape_model

FloatArray = NDArray[np.float64]

#: Zero-phase low-pass of the angles. [D] Spine angles follow the stroke: at 44 strokes a minute 3 Hz keeps four
#: harmonics. The noise of single outlines is faster; averaging over a third of a second took 6.1 deg down to 4.6 on
#: simulated video.
CUTOFF_HZ = 3.0

#: Windows of the profile that show pelvis and low back, and those that show the upper back.
LOW_WINDOWS = slice(1, 7)
HIGH_WINDOWS = slice(5, len(WINDOW_CENTRES))

#: Least part of the low back's outline that must be seen for an angle, else NaN. [D] Two of six windows.
MIN_SEEN_PART = 0.34

#: Added to the fitted function's tilt. [D] Two real rowers sitting upright in the recovery (lean 0) came out at -48
#: and -33 deg, which this makes -10 on average, as people sitting neutrally are measured [R: -10 +- 7, Vicon, n = 22].
#: Real buttocks and clothes hide more of the sacrum than the simulated ones do.
TILT_ZERO_DEG = 30.0

#: Standard deviation between people of the constant error in pelvic tilt and lumbar flexion before calibration. [D]
#: ``offset_sd_deg`` of the data file (simulated bodies left out of the fit) with the doubt in the zero above.
OFFSET_SD_DEG = (10.0, 8.0)

#: Outline against rig on three simulated bodies [R: the project's definitions, section 3].
SACRAL_FROM_LUMBAR = 0.23
SKIN_FROM_LUMBAR = 0.80
_SACRAL, _THORACOLUMBAR, _CERVICAL = 2, 6, 10


def spine_angles(view: SideView, cutoff_hz: float = CUTOFF_HZ) -> SpineAngles:
    """Estimate pelvis and spine in every frame of the canonical side view.

    Signs and zeros: ``docs/conventions.md``. The zero is a fixed one (``TILT_ZERO_DEG``): an own constant offset
    (``OFFSET_SD_DEG``) remains until the rower is calibrated. NaN where the line, the hip or the shoulder is
    missing or too little of the low back was seen. The standard deviations hold after the constant offset is
    removed; they grow where the outline was bridged and where the shape is unlike those the function was fitted on.
    """
    profile = back_profile(view)
    model = load_shape_model()
    angles, unfamiliar = model.predict(profile.features())
    angles[:, 0] += profile.lean_deg + TILT_ZERO_DEG
    angles[_unseen(profile, LOW_WINDOWS) > 1.0 - MIN_SEEN_PART] = np.nan
    unseen = np.stack([_unseen(profile, w) for w in (LOW_WINDOWS, LOW_WINDOWS, HIGH_WINDOWS)], axis=1)
    always, per_unseen, per_unfamiliar = model.variance_deg2.T
    sd = np.sqrt(always + per_unseen * unseen + per_unfamiliar * unfamiliar[:, None])
    sd[np.isnan(angles)] = np.nan
    smooth = lowpass(view.time_s, angles, cutoff_hz)
    return SpineAngles(smooth[:, 0], smooth[:, 1], smooth[:, 2], sd[:, 0], sd[:, 1], sd[:, 2])


def tangent_angles(view: SideView) -> FloatArray:
    """Pelvic tilt, lumbar and thoracic flexion (T, 3) from the outline's directions at three levels alone.

    Inverts *sacral outline = tilt + 0.23 lumbar* and *outline from sacrum to the top of the low back = 0.80 lumbar*.
    Without a zero: every angle is known up to a constant. Unsmoothed.
    """
    profile = back_profile(view)
    direction = profile.direction_deg + profile.lean_deg[:, None]
    sacral, top, neck = (direction[:, k] for k in (_SACRAL, _THORACOLUMBAR, _CERVICAL))
    lumbar = (top - sacral) / SKIN_FROM_LUMBAR
    tilt = sacral - SACRAL_FROM_LUMBAR * lumbar
    return np.stack([tilt, lumbar, neck - top], axis=1)


def _unseen(profile: BackProfile, windows: slice) -> FloatArray:
    """Part (T,) of the outline in these windows that was not seen."""
    return np.asarray(1.0 - profile.seen[:, windows].mean(axis=1))
