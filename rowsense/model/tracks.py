"""Time series of positions: the whole clip, one row per decoded frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import (
    BACK_POINT_COUNT,
    FACING_LEFT,
    FACING_RIGHT,
    LANDMARK_COUNT,
    SIDE_JOINTS,
    SPINE_ANGLE_NAMES,
)
from rowsense.model._checks import Problems

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.floating]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PoseTrack:
    """Landmarks and back line of one rower over time, in picture pixels (upright, unmirrored).

    Positions are kept in single precision: 0.0002 px, and half the memory of a long video.
    """

    frame: IntArray
    """(T,) frame numbers in the file."""
    time_s: FloatArray
    """(T,) presentation times."""
    xy_px: SingleArray
    """(T, 33, 2); NaN = not measured."""
    visibility: SingleArray
    """(T, 33) 0..1."""
    back_xy_px: SingleArray
    """(T, 64, 2) from seat to neck; NaN = no outline."""
    back_seen: SingleArray
    """(T, 64) 0..1."""
    inferred: BoolArray
    """(T,) False where landmarks were interpolated between inferred frames."""
    spine_deg: SingleArray | None = None
    """(T, 3) ``SPINE_ANGLE_NAMES`` as read in the picture, camera roll still in the tilt; None: not read."""
    spine_sd_deg: SingleArray | None = None
    """(T, 3) their standard deviations."""

    def __post_init__(self) -> None:
        count = len(self.frame)
        problems = Problems("PoseTrack")
        problems.shape("frame", self.frame, (count,))
        problems.shape("time_s", self.time_s, (count,))
        problems.increasing("frame", self.frame)
        problems.increasing("time_s", self.time_s)
        problems.shape("xy_px", self.xy_px, (count, LANDMARK_COUNT, 2))
        problems.shape("visibility", self.visibility, (count, LANDMARK_COUNT))
        problems.shape("back_xy_px", self.back_xy_px, (count, BACK_POINT_COUNT, 2))
        problems.shape("back_seen", self.back_seen, (count, BACK_POINT_COUNT))
        problems.shape("inferred", self.inferred, (count,))
        for name in ("spine_deg", "spine_sd_deg"):
            if getattr(self, name) is not None:
                problems.shape(name, getattr(self, name), (count, len(SPINE_ANGLE_NAMES)))
        problems.raise_if_any()

    def __len__(self) -> int:
        return len(self.frame)


@dataclass(frozen=True, slots=True)
class SideView:
    """The rower in the canonical side view: flywheel at +x, y up, camera roll taken out, source pixels.

    x and y are the picture's, mirrored when she faces left, y negated and turned by the roll about the picture's
    origin, so lengths are source pixels. The near side is the one the camera sees.
    """

    time_s: FloatArray
    """(T,)"""
    joints: dict[str, FloatArray]
    """Near-side joints by name (``conventions.SIDE_JOINTS``), each (T, 2); NaN = not measured."""
    back_xy: FloatArray
    """(T, 64, 2) back line from seat to neck; NaN = no outline."""
    back_seen: SingleArray
    """(T, 64) 0..1."""
    confidence: FloatArray
    """(T,) 0..1: visibility of the near-side joints that the angles need."""
    facing: str
    """``left`` or ``right`` in the picture."""
    near_side: str
    """``left`` or ``right`` arm and leg of the body that the camera sees."""
    roll_deg: float
    """Camera roll taken out; + = picture turned clockwise."""
    hands_x: FloatArray | None = None
    """(T,) the near hand on the handle, at the wrist's place; None where only the near wrist is known."""
    nose_xy: FloatArray | None = None
    """(T, 2) where the face looks to, against the ear; None: not known."""
    shoulders_x: FloatArray | None = None
    """(2, T) near and far shoulder: with straight arms they turn with the hands at the catch; None: not known."""
    spine_deg: FloatArray | None = None
    """(T, 3) ``SPINE_ANGLE_NAMES`` as read, roll taken out, before smoothing and zero; None: not read."""
    spine_sd_deg: SingleArray | None = None
    """(T, 3) their standard deviations."""

    def __post_init__(self) -> None:
        count = len(self.time_s)
        problems = Problems("SideView")
        problems.increasing("time_s", self.time_s)
        problems.require(set(self.joints) == set(SIDE_JOINTS), f"joints must be {', '.join(SIDE_JOINTS)}")
        for name, xy in self.joints.items():
            problems.shape(f"joints[{name}]", xy, (count, 2))
        problems.shape("back_xy", self.back_xy, (count, BACK_POINT_COUNT, 2))
        problems.shape("back_seen", self.back_seen, (count, BACK_POINT_COUNT))
        problems.shape("confidence", self.confidence, (count,))
        for name, shape in (("hands_x", (count,)), ("nose_xy", (count, 2)), ("shoulders_x", (2, count))):
            if getattr(self, name) is not None:
                problems.shape(name, getattr(self, name), shape)
        for name in ("spine_deg", "spine_sd_deg"):
            if getattr(self, name) is not None:
                problems.shape(name, getattr(self, name), (count, len(SPINE_ANGLE_NAMES)))
        problems.require(self.facing in (FACING_LEFT, FACING_RIGHT), "facing must be left or right")
        problems.raise_if_any()

    def __len__(self) -> int:
        return len(self.time_s)
