"""The part of the picture that the pose network looks at: a square that goes with the rower.

The network wants one person, upright, in the middle of a square. MediaPipe's own way of finding that square makes
every answer depend on the frames before it, so looking at every second frame gives other landmarks than looking at
all. Here the square follows from the hips and the trunk of an earlier *key* frame alone and keeps its size through
the clip: landmarks of a frame are the same however many frames between are looked at.

Where what is found cannot be her (somebody stands beside her, things look like a body), other squares are tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import FACING_LEFT, LANDMARK_INDEX
from rowsense.pose.people import middle, stands, trunk_length_px

FloatArray = NDArray[np.float64]
CropPx = tuple[int, int, int, int]
Box = tuple[float, float, float, float]

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
#: How far above or below where they were in the sparse pass hips are believed, trunk lengths. [D] The seat stays level;
#: hips that the network puts on the thigh of a deep lunge come 0.3 up, those of somebody who stands there 0.7.
HIPS_OFF_RATIO: Final = 0.5
#: The same of the feet, in any direction: one of them has to be in its strap [D: half of what makes a stranger later].
FEET_OFF_RATIO: Final = 0.5
#: Per cent of the sparse pass's frames, at either end, that do not tell where hips and feet are: somebody who stands
#: beside her is taken for her in some of them [D: in 3 of 13 of one rendered rower].
SLIPS: Final = 25.0
#: Where else to look: as she was in the sparse pass, from the flywheel's end of the slide (0) to the other (1) [D].
ELSEWHERE: Final = (0.1, 0.5, 0.9)


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
    hips_y_px: tuple[float, float]
    """Highest and lowest place of her hips."""
    feet_px: Box
    """x0, y0, x1, y1: where her ankles are."""
    elsewhere: tuple[Region, ...]
    """Where to look where somebody else was found in her place."""

    @classmethod
    def of(cls, landmarks_px: FloatArray, crop_px: CropPx, facing: str) -> RegionPlan:
        """From the landmarks (N, 33, 2) of the same person in N pictures: starts where she usually is."""
        usual = np.nanmedian(landmarks_px, axis=0)
        trunk_px = float(np.nanmedian(trunk_length_px(landmarks_px)))
        hips, feet = (middle(landmarks_px, joint) for joint in ("hip", "ankle"))
        top, bottom = np.nanpercentile(hips[:, 1], (SLIPS, 100.0 - SLIPS)).tolist()
        x0, y0, x1, y1 = np.nanpercentile(feet, (SLIPS, 100.0 - SLIPS), axis=0).ravel().tolist()
        plan = cls(
            crop_px,
            trunk_px,
            facing,
            start=_around(usual, trunk_px, facing),
            hips_y_px=(top, bottom),
            feet_px=(x0, y0, x1, y1),
            elsewhere=(),
        )
        hers = [one for one in landmarks_px if plan.shows_her(one)]
        hers.sort(key=lambda one: float(middle(one, "hip")[0]), reverse=facing != FACING_LEFT)
        last = len(hers) - 1
        return replace(plan, elsewhere=tuple(plan.around(hers[round(share * last)]) for share in ELSEWHERE if hers))

    def around(self, landmarks_px: FloatArray) -> Region:
        """Where to look next after she was seen with ``landmarks_px`` (33, 2); the start where that cannot be her."""
        if self._sits_there(landmarks_px):
            return _around(landmarks_px, self.trunk_px, self.facing)
        return self.start  # also for NaN

    def shows_her(self, landmarks_px: FloatArray) -> bool:
        """Whether these landmarks (33, 2) can be hers: her size, on the seat, a foot in its strap; not for NaN."""
        x0, y0, x1, y1 = self.feet_px
        off_px = FEET_OFF_RATIO * self.trunk_px
        ankles = landmarks_px[[LANDMARK_INDEX["left_ankle"], LANDMARK_INDEX["right_ankle"]]]
        strapped = (ankles >= (x0 - off_px, y0 - off_px)) & (ankles <= (x1 + off_px, y1 + off_px))
        return self._sits_there(landmarks_px) and bool(strapped.all(axis=1).any())

    def _sits_there(self, landmarks_px: FloatArray) -> bool:
        hip = middle(landmarks_px, "hip")
        x0, y0, x1, y1 = self.crop_px
        off_px = HIPS_OFF_RATIO * self.trunk_px
        top, bottom = max(y0, self.hips_y_px[0] - off_px), min(y1, self.hips_y_px[1] + off_px)
        low, high = TRUNK_FACTORS
        inside = x0 <= hip[0] <= x1 and top <= hip[1] <= bottom
        return bool(
            inside
            and not stands(landmarks_px)
            and low * self.trunk_px <= trunk_length_px(landmarks_px) <= high * self.trunk_px
        )


def _around(landmarks_px: FloatArray, trunk_px: float, facing: str) -> Region:
    hip, shoulder = middle(landmarks_px, "hip"), middle(landmarks_px, "shoulder")
    towards = -1.0 if facing == FACING_LEFT else 1.0
    lean_deg = float(np.degrees(np.arctan2(shoulder[0] - hip[0], hip[1] - shoulder[1])))
    centre = (float(hip[0] + towards * AHEAD_RATIO * trunk_px), float(hip[1]))
    return Region(centre, SIDE_RATIO * trunk_px, TURN_SHARE * lean_deg)
