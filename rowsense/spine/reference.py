"""Where zero and range of a session's spine angles come from: the rower's calibration, or the recording itself.

With a calibration, what was measured when she sat tall is taken off pelvic tilt, lumbar and thoracic flexion, so that
0 is her own tall sitting, and 100 % of her own range is her own full slump. Without one the estimator's fixed zero
stays, and the only range there is is the one seen in this recording, which is marked as such.
"""

from __future__ import annotations

from dataclasses import replace
from math import hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.errors import CalibrationError
from rowsense.model import AngleRange, AngleSeries, Calibration, SpineReference, StrokeList
from rowsense.model.change import BETWEEN_SESSIONS_DEG, Z95

FloatArray = NDArray[np.float64]

#: Standard deviation that another film adds to a zero: camera and clothes are not quite the same. [D] What is
#: detectable between sessions is 1.96 of these.
BETWEEN_FILMS_SD_DEG: Final = BETWEEN_SESSIONS_DEG / Z95
#: The range seen in a recording goes between these percentiles of the frames in its usable strokes. [D] One frame in
#: twenty at each end may be a misreading, and a catch lasts about a twentieth of a stroke.
SEEN_PERCENTILES: Final = (5.0, 95.0)
#: Under this many degrees the range seen is mostly noise, and shares of it say nothing. [D] About one standard
#: deviation of a single frame.
MIN_SEEN_RANGE_DEG: Final = 4.0
#: Frames, at least, that a range is read from. [D] A second of film.
MIN_SEEN_FRAMES: Final = 25


def check_estimator(calibration: Calibration, estimator: str) -> None:
    """Refuse a calibration that another estimator measured.

    Raises
    ------
    CalibrationError
        Its zero is not the one of ``estimator``.
    """
    if calibration.estimator != estimator:
        raise CalibrationError(
            f"the calibration of {calibration.athlete} from {calibration.made_at:%Y-%m-%d} was measured by another "
            f"version of the spine estimate ({calibration.estimator}; this is {estimator}), and its zero does not fit; "
            f"run `rowsense calibrate` again with {calibration.video_name}, or add --no-calibration"
        )


def from_own_zero(angles: AngleSeries, calibration: Calibration | None) -> AngleSeries:
    """The angles with tall sitting as the zero of pelvic tilt, lumbar and thoracic flexion; as they are without one."""
    if calibration is None:
        return angles
    zeros_deg = {
        "pelvic_tilt_deg": calibration.pelvic_tilt.neutral_deg,
        "lumbar_flexion_deg": calibration.lumbar_flexion.neutral_deg,
        "thoracic_flexion_deg": calibration.thoracic_tall_deg,
    }
    return replace(
        angles, values=angles.values | {name: angles[name] - zero_deg for name, zero_deg in zeros_deg.items()}
    )


def spine_reference(
    angles: AngleSeries, strokes: StrokeList, calibration: Calibration | None, offset_sd_deg: tuple[float, float]
) -> SpineReference:
    """Zero and range for the session.

    Args:
        angles: what the session shows, after :func:`from_own_zero`.
        strokes: the usable ones tell the range where there is no calibration.
        calibration: the rower's, or None.
        offset_sd_deg: sd of the constant error of tilt and lumbar flexion without a calibration.
    """
    if calibration is not None:
        tilt, lumbar = calibration.pelvic_tilt, calibration.lumbar_flexion
        return SpineReference(
            kind="calibration",
            pelvic_tilt_offset_sd_deg=hypot(tilt.neutral_sd_deg, BETWEEN_FILMS_SD_DEG),
            lumbar_flexion_offset_sd_deg=hypot(lumbar.neutral_sd_deg, BETWEEN_FILMS_SD_DEG),
            pelvic_tilt_range=tilt.from_neutral(),
            lumbar_flexion_range=lumbar.from_neutral(),
            source=f"{calibration.made_at:%Y-%m-%d}, {calibration.video_name}",
            head_zero_sd_deg=hypot(calibration.head_trunk_tall_sd_deg, BETWEEN_FILMS_SD_DEG),
        )
    inside = _in_usable_strokes(angles.time_s, strokes)
    seen_tilt = _range_seen(angles, "pelvic_tilt", inside, falls=True)
    seen_lumbar = _range_seen(angles, "lumbar_flexion", inside, falls=False)
    kind = "none" if seen_tilt is None or seen_lumbar is None else "recording"
    return SpineReference(kind, *offset_sd_deg, seen_tilt, seen_lumbar)


def _in_usable_strokes(time_s: FloatArray, strokes: StrokeList) -> NDArray[np.bool_]:
    inside = np.zeros(len(time_s), dtype=bool)
    for stroke in strokes.usable:
        inside |= (time_s >= stroke.catch_time_s) & (time_s < stroke.end_time_s)
    return inside


def _range_seen(angles: AngleSeries, stem: str, inside: NDArray[np.bool_], *, falls: bool) -> AngleRange | None:
    """From the tallest to the roundest posture in these frames; None where too little was seen."""
    values, sd = angles[f"{stem}_deg"][inside], angles[f"{stem}_sd_deg"][inside]
    known = np.isfinite(values) & np.isfinite(sd)
    if known.sum() < MIN_SEEN_FRAMES:
        return None
    low_deg, high_deg = (float(v) for v in np.percentile(values[known], SEEN_PERCENTILES))
    if high_deg - low_deg < MIN_SEEN_RANGE_DEG:
        return None
    sd_deg = float(np.median(sd[known]))
    neutral_deg, end_deg = (high_deg, low_deg) if falls else (low_deg, high_deg)
    return AngleRange(neutral_deg, sd_deg, end_deg, sd_deg)
