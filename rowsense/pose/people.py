"""Who is in the picture: detections of single frames gathered into people, and what each of them does.

A rower's feet stay where they are while her hips and hands travel, so people are told apart by where their feet
are (or their hips: on a dynamic ergometer the feet travel). That works on frames seconds apart.

All positions are upright source pixels; lengths are compared in trunk lengths (hip centre to shoulder centre),
so that nothing depends on how large somebody is in the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import FACING_LEFT, FACING_RIGHT, LANDMARK_INDEX
from rowsense.model import PoseObservation

FloatArray = NDArray[np.float64]

#: Two detections are one person when feet or hips are this close, trunk lengths [D: half the distance between two
#: ergometers standing side by side, about 1.2 m, seen from the side at 25 deg or more; feet scatter 0.1].
SAME_PERSON_RATIO: Final = 0.5
#: ... and their sizes differ by no more than this factor [D: trunk length varies by 1.25 within a stroke].
SAME_SIZE_FACTOR: Final = 1.5
#: Whose ankles are further than this under the hips, trunk lengths, stands, and is nobody who sits in another frame.
#: [D] Rowers' are 0.62 at most in 99 of 100 frames, with hips put on the thigh 0.3 more; a coach beside the rower, with
#: the rower's feet taken for the coach's, has 0.9 to 1.2.
STANDING_RATIO: Final = 0.95
#: Two detections in one frame with hips and shoulders this close are one person found twice, trunk lengths [D].
TWICE_RATIO: Final = 0.35
#: A rower's hips travel at least this far, trunk lengths [D: a quarter of the 0.5-0.65 m between catch and finish,
#: trunk about 0.5 m; standing or sitting still scatters by less than 0.1].
MIN_HIP_TRAVEL_RATIO: Final = 0.25
#: A rower's wrists travel at least this far, trunk lengths [D: half of hips' 1 plus trunk and arms' 1.2].
MIN_WRIST_TRAVEL_RATIO: Final = 0.8
#: Hips move along a rail: vertical travel at most this part of the horizontal [D: 0.2 measured on real footage,
#: 1 and more when somebody squats, stands up or jumps].
MAX_HIP_RISE_RATIO: Final = 0.6
#: With the seat still and the feet travelling the ergometer is a dynamic one: hips move less than this part of the
#: travel between hips and feet [D: 0 on a dynamic one, 1 on a static one].
DYNAMIC_SHARE_RATIO: Final = 0.35
#: Feet lie this far towards the flywheel of the hips at least, trunk lengths, when seen from the side [D: about
#: 0.6 at the catch and 1.7 at the finish].
MIN_FEET_AHEAD_RATIO: Final = 0.3


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the picture and what she does in the looked-at frames."""

    number: int
    """1 = nearest (largest in the picture)."""
    seen_ratio: float
    """Part of the looked-at whole frames in which she was found."""
    trunk_px: float
    """Median trunk length, source pixels."""
    box_px: tuple[float, float, float, float]
    """x0, y0, x1, y1 around all her landmarks in all frames, source pixels."""
    facing: str
    """``left``, ``right``, or empty when feet and hips are not apart as seen from the side."""
    near_side: str
    """``left`` or ``right``: the side of her body that is better visible."""
    hip_travel_ratio: float
    """Travel of the hips relative to the feet, along the picture, trunk lengths."""
    hip_rise_ratio: float
    """Vertical travel of the hips as a part of the horizontal one."""
    wrist_travel_ratio: float
    hip_share_ratio: float
    """Hips' own travel in the picture as a part of the travel between hips and feet: 0 = the seat stands still."""
    shoulder_width_ratio: float
    """Distance of the shoulders along the picture, trunk lengths: 0 = exactly from the side."""

    @property
    def rows(self) -> bool:
        """Whether hips and wrists travel as a rower's do."""
        return (
            self.hip_travel_ratio >= MIN_HIP_TRAVEL_RATIO
            and self.wrist_travel_ratio >= MIN_WRIST_TRAVEL_RATIO
            and self.hip_rise_ratio <= MAX_HIP_RISE_RATIO
            and bool(self.facing)
        )

    @property
    def on_dynamic_ergometer(self) -> bool:
        """Whether the feet travel and the seat stands still."""
        return self.rows and self.hip_share_ratio < DYNAMIC_SHARE_RATIO


@dataclass(frozen=True, slots=True)
class Detections:
    """All that was found of one person: which looked-at frames, and the landmarks there."""

    person: Person
    rows: tuple[int, ...]
    """Index into the looked-at frames."""
    xy_px: FloatArray
    """(N, 33, 2)"""
    visibility: FloatArray
    """(N, 33)"""


def middle(xy: NDArray[np.floating], joint: str) -> FloatArray:
    """(..., 2) point between the left and the right joint."""
    left, right = LANDMARK_INDEX[f"left_{joint}"], LANDMARK_INDEX[f"right_{joint}"]
    return np.asarray((xy[..., left, :] + xy[..., right, :]) / 2.0, dtype=np.float64)


def trunk_length_px(xy: NDArray[np.floating]) -> FloatArray:
    """(...) distance from hip centre to shoulder centre."""
    return np.asarray(np.linalg.norm(middle(xy, "shoulder") - middle(xy, "hip"), axis=-1), dtype=np.float64)


def without_doubles(found: Sequence[PoseObservation]) -> list[PoseObservation]:
    """Detections of one frame with each person once; the first detection of a person stays."""
    kept: list[PoseObservation] = []
    for one in found:
        if one.found and not any(_is_double(one.landmarks_px, other.landmarks_px) for other in kept):
            kept.append(one)
    return kept


def _is_double(a: FloatArray, b: FloatArray) -> bool:
    apart = max(float(np.linalg.norm(middle(a, joint) - middle(b, joint))) for joint in ("hip", "shoulder"))
    return apart < TWICE_RATIO * max(float(trunk_length_px(a)), float(trunk_length_px(b)))


def gather(found: Sequence[Sequence[PoseObservation]]) -> list[Detections]:
    """Detections frame by frame -> people, largest first; people seen only by the way are left out.

    1. Every detection joins the group of which a foot or the hips are nearest, or starts one.
    2. Groups that were seen in few frames are dropped.
    3. What is left is measured and numbered by size.
    """
    groups: list[list[tuple[int, PoseObservation]]] = []
    for row, people in enumerate(found):
        for one in people:
            group = _nearest_group(groups, one.landmarks_px, row)
            if group is None:
                groups.append([(row, one)])
            else:
                group.append((row, one))
    least = max(3, round(0.15 * len(found)))
    kept = [g for g in groups if len(g) >= min(least, len(found))]
    measured = [_measure(group, len(found)) for group in kept]
    measured.sort(key=lambda d: -d.person.trunk_px)
    return [_numbered(one, number) for number, one in enumerate(measured, start=1)]


def _nearest_group(
    groups: list[list[tuple[int, PoseObservation]]], xy: FloatArray, row: int
) -> list[tuple[int, PoseObservation]] | None:
    best, best_cost = None, SAME_PERSON_RATIO
    trunk = float(trunk_length_px(xy))
    for group in groups:
        if group[-1][0] == row or stands(group[0][1].landmarks_px) != stands(xy):
            continue
        others = np.array([one.landmarks_px for _, one in group[-12:]])
        size = float(np.median(trunk_length_px(others)))
        if not 1 / SAME_SIZE_FACTOR < trunk / size < SAME_SIZE_FACTOR:
            continue
        places = zip(_places(xy), _places(others), strict=True)
        cost = min(float(np.linalg.norm(here - np.median(there, axis=0))) / size for here, there in places)
        if cost < best_cost:
            best, best_cost = group, cost
    return best


def stands(xy: FloatArray) -> bool:
    """Whether the feet (33, 2) are further under the hips than anybody's who sits with the feet on a stretcher."""
    below_px = float(middle(xy, "ankle")[1] - middle(xy, "hip")[1])
    return below_px > STANDING_RATIO * float(trunk_length_px(xy))


def _places(xy: FloatArray) -> tuple[FloatArray, ...]:
    """Where she is, (..., 2) each: either foot, since one that hides behind the other may be put anywhere, and hips."""
    return (
        *(xy[..., LANDMARK_INDEX[name], :] for name in ("left_ankle", "right_ankle")),
        middle(xy, "hip"),
    )


def _measure(group: list[tuple[int, PoseObservation]], frame_count: int) -> Detections:
    xy = np.array([one.landmarks_px for _, one in group])
    visibility = np.array([one.visibility for _, one in group])
    rows = tuple(row for row, _ in group)
    trunk = float(np.median(trunk_length_px(xy)))
    facing, near = _facing(xy, trunk), _near_side(xy, visibility, trunk)
    hip, wrist = _joint(xy, near, "hip"), _joint(xy, near, "wrist")
    feet = _joint(xy, near, "ankle")
    from_feet = hip - feet
    travel = _travel(from_feet[:, 0])
    person = Person(
        number=0,
        seen_ratio=len(set(rows)) / max(frame_count, 1),
        trunk_px=trunk,
        box_px=(*xy.min(axis=(0, 1)).tolist(), *xy.max(axis=(0, 1)).tolist()),
        facing=facing,
        near_side=near,
        hip_travel_ratio=travel / trunk,
        hip_rise_ratio=_travel(hip[:, 1]) / max(travel, 1e-9),
        wrist_travel_ratio=_travel((wrist - feet)[:, 0]) / trunk,
        hip_share_ratio=_travel(hip[:, 0]) / max(travel, 1e-9),
        shoulder_width_ratio=_shoulder_width(xy, trunk),
    )
    return Detections(person, rows, xy, visibility)


def _numbered(one: Detections, number: int) -> Detections:
    fields = {name: getattr(one.person, name) for name in one.person.__slots__}
    return Detections(Person(**(fields | {"number": number})), one.rows, one.xy_px, one.visibility)


def _travel(values: FloatArray) -> float:
    """Range without the outermost samples, which may be misdetections."""
    low, high = np.percentile(values, [5.0, 95.0])
    return float(high - low)


def _joint(xy: FloatArray, side: str, joint: str) -> FloatArray:
    return xy[:, LANDMARK_INDEX[f"{side}_{joint}"]]


def _facing(xy: FloatArray, trunk_px: float) -> str:
    """Feet and knees are on the flywheel's side of the hips through the whole stroke."""
    ahead = (middle(xy, "ankle") - middle(xy, "hip"))[:, 0] + (middle(xy, "knee") - middle(xy, "hip"))[:, 0]
    lead = float(np.median(ahead)) / 2.0 / trunk_px
    if abs(lead) < MIN_FEET_AHEAD_RATIO:
        return ""
    return FACING_RIGHT if lead > 0 else FACING_LEFT


def _near_side(xy: FloatArray, visibility: FloatArray, trunk_px: float) -> str:
    """The side that the network sees better; seen from the side this is the side she faces to.

    A rower who faces right in the picture shows her right side, mirrored pictures included (a mirrored left side
    looks like a right side). Visibility overrules only where it is clear: then the network has the sides swapped
    throughout, and the joints it calls near are the ones it really follows.
    """
    joints = ("elbow", "wrist", "knee", "ankle")
    left, right = (
        float(np.median(visibility[:, [LANDMARK_INDEX[f"{side}_{j}"] for j in joints]])) for side in ("left", "right")
    )
    if abs(left - right) > 0.15:
        return "left" if left > right else "right"
    return _facing(xy, trunk_px) or "right"


def _shoulder_width(xy: FloatArray, trunk_px: float) -> float:
    left, right = LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"]
    return float(np.median(np.abs(xy[:, left, 0] - xy[:, right, 0]))) / trunk_px
