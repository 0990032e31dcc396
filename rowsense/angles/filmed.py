"""The angles of a filmed rower: those that her joints make, and where something else knows them better, that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rowsense.angles.joint_angles import FACE_LEAN_SHARE, angle_series
from rowsense.angles.legs import legs_by_seat
from rowsense.angles.seat import seat_x_px
from rowsense.angles.trunk import trunk_lean_deg
from rowsense.model import AngleSeries, SideView, SpineAngles


def filmed_angles(view: SideView, spine: SpineAngles) -> AngleSeries:
    """As :func:`~rowsense.angles.joint_angles.angle_series`, for joints as a pose model places them.

    1. The trunk's lean changes as pelvis and spine do (:mod:`rowsense.angles.trunk`), and the head is held against it.
    2. Knee and shin of bent legs follow the hip's way (:mod:`rowsense.angles.legs`).
    3. The seat's way is the hip's and the low back's (:mod:`rowsense.angles.seat`).
    """
    series = angle_series(view, spine)
    lean_deg = trunk_lean_deg(series["trunk_lean_deg"], spine)
    share = FACE_LEAN_SHARE if series.neck_hidden else 1.0
    head_deg = series["head_trunk_deg"] - share * (lean_deg - series["trunk_lean_deg"])
    hip, knee, ankle = (np.asarray(view.joints[name], dtype=np.float64) for name in ("hip", "knee", "ankle"))
    knee_deg, shin_deg = legs_by_seat(hip, knee, ankle, series["knee_deg"], series["shin_deg"])
    better = {"trunk_lean_deg": lean_deg, "head_trunk_deg": head_deg, "knee_deg": knee_deg, "shin_deg": shin_deg}
    return replace(series, values={**series.values, **better}, seat_x_px=seat_x_px(view))
