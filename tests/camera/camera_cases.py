"""Tracks of a simulated rower as a camera anywhere would see them, both sides of the body apart."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_COUNT, LANDMARK_INDEX
from rowsense.model import PoseTrack
from rowsense.simulate.motion import Motion, MotionSpec, simulate_motion

FloatArray = NDArray[np.float64]

PX_PER_M = 330.0
WIDTH_PX, HEIGHT_PX = 1280, 720
PAIRS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")


@lru_cache(maxsize=2)
def motion() -> Motion:
    """Twelve seconds of rowing."""
    return simulate_motion(MotionSpec(duration_s=12.0, seed=41))


def picture_track(
    *, facing: str = "right", roll_deg: float = 0.0, leads: dict[str, float] | None = None, still_seat: bool = False
) -> PoseTrack:
    """Landmarks in picture pixels.

    ``roll_deg`` turns the picture clockwise; ``leads`` places each far joint that many trunk lengths ahead of its near
    twin; ``still_seat`` moves the whole rower so that the seat stands and the feet move.
    """
    rower = motion()
    count = len(rower.time_s)
    near_side, far_side = ("right", "left") if facing == "right" else ("left", "right")
    hip = rower.joints.hip[:, :2]
    carry = np.stack([hip[:, 0] - hip[:, 0].mean(), np.zeros(count)], axis=1) if still_seat else np.zeros((count, 2))
    trunk = float(np.median(np.linalg.norm(rower.joints.shoulder[:, :2] - hip, axis=1)))
    xy = np.full((count, LANDMARK_COUNT, 2), np.nan)
    for name in PAIRS:
        near = getattr(rower.joints, name)[:, :2] - carry
        xy[:, LANDMARK_INDEX[f"{near_side}_{name}"]] = _to_picture(near, facing)
        lead = np.array([trunk * (leads or {}).get(name, 0.0), 0.0])
        xy[:, LANDMARK_INDEX[f"{far_side}_{name}"]] = _to_picture(near + lead, facing)
    turn = np.deg2rad(roll_deg)
    centre = np.array([WIDTH_PX / 2, HEIGHT_PX / 2])
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return make_track(rower.time_s, (xy - centre) @ matrix + centre)


def _to_picture(xy_m: FloatArray, facing: str) -> FloatArray:
    x = 760.0 + PX_PER_M * xy_m[:, 0]
    return np.stack([x if facing == "right" else WIDTH_PX - x, 640.0 - PX_PER_M * xy_m[:, 1]], axis=1)


def make_track(time_s: FloatArray, xy_px: FloatArray) -> PoseTrack:
    """A track without a back line."""
    count = len(time_s)
    return PoseTrack(
        frame=np.arange(count),
        time_s=time_s,
        xy_px=xy_px,
        visibility=np.ones((count, LANDMARK_COUNT)),
        back_xy_px=np.full((count, BACK_POINT_COUNT, 2), np.nan),
        back_seen=np.zeros((count, BACK_POINT_COUNT)),
        inferred=np.ones(count, dtype=bool),
    )
