"""The angles of a filmed rower: those that her joints make, and where something else knows them better, that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rowsense.angles.joint_angles import FACE_LEAN_SHARE, angle_series
from rowsense.angles.legs import legs_by_seat
from rowsense.angles.seat import seat_x_px
from rowsense.angles.shoulders import lean_of_shoulders_deg, shoulders_forward_ratio
from rowsense.angles.trunk import trunk_lean_deg
from rowsense.model import AngleSeries, SideView, SpineAngles


def filmed_angles(view: SideView, spine: SpineAngles) -> AngleSeries:
    """As :func:`~rowsense.angles.joint_angles.angle_series`, for joints as a pose model places them.

    1. The trunk's lean changes as pelvis and spine do (:mod:`rowsense.angles.trunk`), and the head is held against it.
    2. Knee and shin of bent legs follow the hip's way (:mod:`rowsense.angles.legs`).
    3. The seat's way is the hip's and the low back's (:mod:`rowsense.angles.seat`).
    4. Shoulders are as far forward as hands on straight arms are further away than the trunk carries them, and the
       trunk's line leans by that (:mod:`rowsense.angles.shoulders`).
    """
    series = angle_series(view, spine)
    lean_deg = trunk_lean_deg(series["trunk_lean_deg"], spine)
    seat_px = seat_x_px(view)
    forward = shoulders_forward_ratio(view, lean_deg, seat_px, series["elbow_deg"], series.trunk_px)
    if np.isfinite(
        spine.pelvic_tilt_deg
    ).any():  # else the landmarks say how she leans, and whatever moves them is in it
        lean_deg = lean_deg + lean_of_shoulders_deg(forward, series.handle_x_px)
    share = FACE_LEAN_SHARE if series.neck_hidden else 1.0
    head_deg = series["head_trunk_deg"] - share * (lean_deg - series["trunk_lean_deg"])
    hip, knee, ankle = (np.asarray(view.joints[name], dtype=np.float64) for name in ("hip", "knee", "ankle"))
    knee_deg, shin_deg = legs_by_seat(hip, knee, ankle, series["knee_deg"], series["shin_deg"])
    better = {
        "trunk_lean_deg": lean_deg,
        "head_trunk_deg": head_deg,
        "knee_deg": knee_deg,
        "shin_deg": shin_deg,
        "shoulder_protraction_ratio": forward,
    }
    return replace(series, values={**series.values, **better}, seat_x_px=seat_px)
