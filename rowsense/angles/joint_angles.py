"""Body angles from the canonical side view, as defined in ``docs/conventions.md``."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels.geometry import direction, included, lean, offset_from_line, wrapped
from rowsense.model import AngleSeries, SideView, SpineAngles, StrokeList

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NECK_POINTS = 3
"""The base of the neck is the mean of this many last points of the back line: one point alone flickers [D]."""
GRIP_RATIO = 0.24
"""From the wrist to the middle of the grip, trunk lengths. [D] 85 mm on a trunk of 0.47 m are 0.18;
with these the hands of 39 rendered rowers passed the knees 39 ms late, with 0.24 18 ms."""
MIN_NECK_SEEN = 0.5
"""A neck point counts when the outline there is at least half sure [D]."""
MIN_NECK_SHARE = 0.5
"""A neck seen in fewer of the frames in which she leans further forward than mostly is hidden, by hair or a hood, and
so is one seen in fewer of those in which the shoulders are furthest forward, by a head that drops. Then the face says
in all frames how the head turns: two measures in one recording would look like a head that moves, and it is at the
catch that a head is looked at [D]."""
AT_CATCH_PERCENTILE = 80.0
"""The shoulders are furthest forward beyond this of their places: a fifth of the time, around the catch [D]."""
FACE_LEAN_SHARE = 0.52
"""So much of the trunk's lean the direction of the face turns less than the head over the neck does. [D] Of 40
rendered rowers between rock-over and catch; the change was then off by 6.5 deg (sd), by 7 of the 15 with the neck
hidden. A place behind the shoulder that stands in for the neck was off by 7 and 8, and saw half of a dropped head."""


def angle_series(view: SideView, spine: SpineAngles) -> AngleSeries:
    """All quantities of ``conventions.ANGLE_NAMES``, with handle and seat positions.

    ``head_trunk_deg`` is left without its zero here (the angle between neck and trunk as seen);
    :func:`rezero_head` sets it once the strokes are known.

    Args:
        view: (T,) canonical side view.
        spine: (T,) pelvic tilt, lumbar and thoracic flexion with their standard deviations.
    Returns:
        (T,) degrees and ratios; NaN wherever a joint that the quantity needs is missing. Head and shoulder need
        the base of the neck, which is the top of the back line: where that is hidden they are NaN, but for the head of
        a recording in which it is hidden mostly: that is measured by the face, and ``neck_hidden`` says so.
        The handle is both hands where the view has them, else the near wrist.
    """
    joints = {name: np.ascontiguousarray(xy, dtype=np.float64) for name, xy in view.joints.items()}
    neck = base_of_neck(view)
    hip, shoulder, knee = joints["hip"], joints["shoulder"], joints["knee"]
    trunk_lean = lean(hip, shoulder)
    trunk_px = _median_length(hip, shoulder)
    thigh_px = _median_length(hip, knee)
    neck_hidden = _is_hidden(neck, trunk_lean, shoulder[:, 0])
    head = head_by_face(view, trunk_lean) if neck_hidden else wrapped(lean(neck, joints["ear"]) - trunk_lean)
    values = {
        "trunk_lean_deg": np.rad2deg(trunk_lean),
        "trunk_thigh_deg": np.rad2deg(included(shoulder, hip, knee)),
        "knee_deg": np.rad2deg(included(hip, knee, joints["ankle"])),
        "shin_deg": np.rad2deg(direction(joints["ankle"], knee)),
        "elbow_deg": np.rad2deg(included(shoulder, joints["elbow"], joints["wrist"])),
        "head_trunk_deg": np.rad2deg(head),
        "shoulder_protraction_ratio": offset_from_line(shoulder, hip, neck) / trunk_px,
        "knee_above_hip_ratio": (knee[:, 1] - hip[:, 1]) / thigh_px,
    }
    values.update({name: np.asarray(getattr(spine, name), dtype=np.float64) for name in SpineAngles.__slots__})
    hands_x = joints["wrist"][:, 0].copy() if view.hands_x is None else view.hands_x.copy()
    return AngleSeries(
        time_s=view.time_s,
        values=values,
        handle_x_px=hands_x,
        seat_x_px=hip[:, 0].copy(),
        confidence=view.confidence,
        shoulders_x_px=view.shoulders_x,
        handle_past_knee_px=hands_x + GRIP_RATIO * trunk_px - knee[:, 0],
        trunk_px=trunk_px,
        leg_px=thigh_px + _median_length(knee, joints["ankle"]),
        neck_hidden=neck_hidden,
    )


def base_of_neck(view: SideView) -> FloatArray:
    """(T, 2) the upper end of the back line; NaN where it is hidden.

    The outline is used rather than a point between shoulder and ear, because the shoulder landmark slides
    forward with the arms: over the length of a neck three centimetres of that look like eight degrees of head.
    """
    xy = view.back_xy[:, -NECK_POINTS:].copy()
    xy[view.back_seen[:, -NECK_POINTS:] < MIN_NECK_SEEN] = np.nan
    neck = np.full((len(view), 2), np.nan)
    whole = np.isfinite(xy).all(axis=(1, 2))
    neck[whole] = xy[whole].mean(axis=1)
    return neck


def head_by_face(view: SideView, trunk_lean: FloatArray) -> FloatArray:
    """(T,) radians, + dropped: how far the face looks down, less a part of the trunk's lean; NaN where not seen."""
    if view.nose_xy is None:
        return np.full(len(view), np.nan)
    ahead = np.ascontiguousarray(view.nose_xy - view.joints["ear"], dtype=np.float64)
    return np.asarray(wrapped(np.arctan2(-ahead[:, 1], ahead[:, 0]) - FACE_LEAN_SHARE * trunk_lean), dtype=np.float64)


def _is_hidden(neck: FloatArray, trunk_lean: FloatArray, shoulder_x_px: FloatArray) -> bool:
    seen: BoolArray = np.asarray(np.isfinite(neck).all(axis=1))
    looked_at = ((trunk_lean, 50.0), (shoulder_x_px, AT_CATCH_PERCENTILE))
    return any(_share_where_high(seen, values, percentile) < MIN_NECK_SHARE for values, percentile in looked_at)


def _share_where_high(seen: BoolArray, values: FloatArray, percentile: float) -> float:
    """Share of the frames with values in their upper part; NaN without any value."""
    known = np.isfinite(values)
    return float(seen[values >= np.percentile(values[known], percentile)].mean()) if known.any() else math.nan


def rezero_head(series: AngleSeries, strokes: StrokeList, own_tall_deg: float = math.nan) -> AngleSeries:
    """Set the zero of ``head_trunk_deg`` to the own tall posture, or else to the recording's median at rock-over.

    Args:
        series: angles of the clip.
        strokes: its strokes; all usable ones count, every stroke where none is usable.
        own_tall_deg: the head in the rower's own tall posture, without a zero; NaN = not known. It was measured over
            the neck, so it is no zero where that is hidden.
    Returns:
        The series with its zero moved; unchanged where no rock-over shows the head.
    """
    head = series["head_trunk_deg"]
    if math.isfinite(own_tall_deg) and not series.neck_hidden:
        return replace(series, values={**series.values, "head_trunk_deg": head - own_tall_deg})
    chosen = strokes.usable or strokes.strokes
    samples = [head[(series.time_s >= s.phase_borders_s[4]) & (series.time_s < s.phase_borders_s[5])] for s in chosen]
    at_rock_over = np.concatenate(samples) if samples else np.empty(0)
    at_rock_over = at_rock_over[np.isfinite(at_rock_over)]
    if at_rock_over.size == 0:
        return series
    return replace(series, values={**series.values, "head_trunk_deg": head - np.median(at_rock_over)})


def _median_length(start: FloatArray, end: FloatArray) -> float:
    """Median distance of two joints in pixels; NaN where they are never both there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return float(np.nanmedian(np.hypot(*(end - start).T)))
