"""The part of the picture that the pose network looks at: a square that goes with the rower.

The network wants one person, upright, in the middle of a square. MediaPipe's own way of finding that square makes
every answer depend on the frames before it, so looking at every second frame gives other landmarks than looking at
all. Here the square follows from the hips and the trunk of an earlier *key* frame alone and keeps its size through
the clip: landmarks of a frame are the same however many frames between are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import FACING_LEFT
from rowsense.pose.people import middle, trunk_length_px

FloatArray = NDArray[np.float64]
CropPx = tuple[int, int, int, int]

# [D] The three below, tried on 900 to 3300 frames of simulated rowers, none of them a sample video's, and on 16 clips
# of theirs. A side of 3.9 cuts feet off (shin off by 9.6 instead of 3.6 deg), from 4.8 on the back gets coarse (spine
# 4.5 for 3.8). Turned with the whole trunk the hands turn too and catches come 11 ms late; not turned at all, the
# trunk is off by 4.4 within a clip and the spine by 4.5.
#: Side of the square, trunk lengths.
SIDE_RATIO: Final = 4.2
#: From the hips to the middle of the square, towards the flywheel, trunk lengths.
AHEAD_RATIO: Final = 0.35
#: The square turns by this part of the trunk's lean: the network likes an upright person, and the legs stay level.
TURN_SHARE: Final = 0.6
#: Trunk lengths, relative to the sparse pass, that are believed: others are another person's or a slip [D].
TRUNK_FACTORS: Final = (0.55, 1.7)


@dataclass(frozen=True, slots=True)
class Region:
    """A square part of the picture, upright source pixels."""

    centre_px: tuple[float, float]
    side_px: float
    turn_deg: float = 0.0
    """Clockwise in the picture, + for a person who leans to the right."""

    def to_pixels(self, pixels: int, mirror: bool = False) -> FloatArray:
        """(2, 3) affine map from source positions to positions in a square picture of ``pixels`` a side.

        Positions count from the outer edge of the first pixel. The region is turned upright; with ``mirror`` the
        picture is mirrored after that.
        """
        turn = np.radians(self.turn_deg)
        linear = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * (pixels / self.side_px)
        if mirror:
            linear[0] = -linear[0]
        return np.column_stack([linear, pixels / 2.0 - linear @ np.array(self.centre_px)])


def invert(affine: FloatArray) -> FloatArray:
    """(2, 3) the map back."""
    linear = np.linalg.inv(affine[:, :2])
    return np.column_stack([linear, -linear @ affine[:, 2]])


def ahead(before: Region, last: Region, steps: float) -> Region:
    """Where a square goes that keeps its pace: ``steps`` times the way from ``before`` to ``last`` beyond it.

    A square that lags behind the rower draws her landmarks back with it, by a few milliseconds.
    """
    centre = np.array(last.centre_px) + steps * (np.array(last.centre_px) - np.array(before.centre_px))
    turn_deg = last.turn_deg + steps * (last.turn_deg - before.turn_deg)
    return Region((float(centre[0]), float(centre[1])), last.side_px, turn_deg)


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """What the sparse pass knows about the rower, from which every stretch of the video starts."""

    crop_px: CropPx
    """x0, y0, x1, y1 in upright source pixels: where she is through the whole video."""
    trunk_px: float
    facing: str
    start: Region
    """Where to look first, and again after she was lost."""

    @classmethod
    def of(cls, landmarks_px: FloatArray, crop_px: CropPx, facing: str) -> RegionPlan:
        """From the landmarks (N, 33, 2) of the same person in N pictures: starts where she usually is."""
        usual = np.nanmedian(landmarks_px, axis=0)
        trunk_px = float(np.nanmedian(trunk_length_px(landmarks_px)))
        return cls(crop_px, trunk_px, facing, _around(usual, trunk_px, facing))

    def around(self, landmarks_px: FloatArray) -> Region:
        """Where to look next after she was seen with ``landmarks_px`` (33, 2); the start where that cannot be her."""
        hip = middle(landmarks_px, "hip")
        x0, y0, x1, y1 = self.crop_px
        low, high = TRUNK_FACTORS
        inside = x0 <= hip[0] <= x1 and y0 <= hip[1] <= y1
        if inside and low * self.trunk_px <= trunk_length_px(landmarks_px) <= high * self.trunk_px:
            return _around(landmarks_px, self.trunk_px, self.facing)
        return self.start  # also for NaN


def _around(landmarks_px: FloatArray, trunk_px: float, facing: str) -> Region:
    hip, shoulder = middle(landmarks_px, "hip"), middle(landmarks_px, "shoulder")
    towards = -1.0 if facing == FACING_LEFT else 1.0
    lean_deg = float(np.degrees(np.arctan2(shoulder[0] - hip[0], hip[1] - shoulder[1])))
    centre = (float(hip[0] + towards * AHEAD_RATIO * trunk_px), float(hip[1]))
    return Region(centre, SIDE_RATIO * trunk_px, TURN_SHARE * lean_deg)
