"""Knee and shin of bent legs by how far the seat has come: surer there than by where the knee was seen.

With the legs flat hip and ankle are a leg's length apart; from there the seat's way says how far apart they are now,
and thigh, shank and that distance make a triangle. Of the pose model's landmarks the hip's *way* is the best known: in
a deep catch its own place, the knee's and the ankle's are each off by several hundredths of a leg, another way in each
rower, and loose shorts hide the knee. On 43 rendered rowers (clips 0 to 9, 40 to 70 and 129 to 145 of the fault study)
the knee at the catch was off by 1.6 deg (sd) so, by the landmarks by 3.8; the shin by 3.8, by the landmarks by 5.8, and
these drew shins that go far towards upright: of 10 deg they showed 7.

A rower who is never seen with flat legs, or whose feet do not stay in their place in the picture, has her knee and shin
by the landmarks alone, and so has everybody where the legs are nearly straight: there the triangle is flat and says
little.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: A leg's knee where it counts as flat. [D] Nobody locks it: the simulated rowers' dial, and what filmed ones show.
FLAT_DEG: Final = 170.0
#: The leg is this long, and the seat there, where legs are flat: percentiles of distance and place. [D] In a stroke the
#: legs are flat for a quarter of its time; knees at the catch were as well known (1.6 to 1.7 deg) with 90 and 10 to 99
#: and 1.
LONGEST_PERCENTILE: Final = 97.0
BACKMOST_PERCENTILE: Final = 3.0
#: Seen flat: the landmarks' own knee at that percentile. [D] Landmarks of flat legs make 165 to 175 deg.
SEEN_FLAT_DEG: Final = 155.0
#: Feet stay: the ankle's median distance from its median place, in leg lengths. [D] Heels rise by less.
STAYS_RATIO: Final = 0.06
#: Hip over ankle, in lengths of thigh and shank together. [D] The same rowers at the catch: 0.138, sd 0.025.
HIP_OVER_ANKLE_RATIO: Final = 0.138
#: Thigh over shank as the landmarks have it, the mean, and how much of a difference from it is believed. [D] It goes
#: with the truth by a correlation of 0.7; with 0, 0.4, 0.5, 0.6 and 1 believed the shin at the catch was off by 4.4,
#: 3.8, 3.8, 3.8 and 4.3 deg.
THIGH_OVER_SHANK: Final = 1.011
BELIEVED_SHARE: Final = 0.5
#: Shin and knee so found stand too upright and too open in a bent leg, since heels rise. [D] The same rowers: the shin
#: by 2 deg at the catch, by 5 on the way there and where it ends far past upright; the knee by 2 deg under the first
#: angle, by nothing over the second.
SHIN_OFF_DEG: Final = 4.5
KNEE_OFF_DEG: Final = 2.0
KNEE_OFF_BETWEEN_DEG: Final = (75.0, 110.0)
#: So much of it is taken, the rest from the landmarks: feet stand higher or lower on other machines. [D]
SEAT_SHARE: Final = 0.8
#: Wholly under the first knee angle, not at all over the second. [D] At 85 to 100 deg the knee was off by 1.8 deg by
#: the seat and 3.3 by the landmarks, at 115 to 130 by 2.8 and 3.1, over 130 by more than by the landmarks.
BENT_DEG: Final = 100.0
STRAIGHT_DEG: Final = 140.0
#: Where knee or ankle are lost the seat alone tells how far the knee is bent, if the hip is no further than this over
#: or under its median, in leg lengths. [D] The rail is level: of frames with a whole leg 96 % are within 0.04. Of 18
#: rendered rowers (clips 0 to 70 and 152 to 204) whose legs were lost in a deep catch the middle one's knee was so off
#: by 4 deg; with hips far off the rail it was 29 deg (rms). The shin was off by 8 (rms) and stays unknown.
ON_RAIL_RATIO: Final = 0.05
#: Fewest frames with a whole leg [D].
MIN_FRAMES: Final = 10


def legs_by_seat(
    hip: FloatArray, knee: FloatArray, ankle: FloatArray, knee_deg: FloatArray, shin_deg: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Knee and shin, (T,) degrees each, better than ``knee_deg`` and ``shin_deg`` where the leg is bent.

    Args:
        hip, knee, ankle: (T, 2) joint centres in the canonical side view; NaN = not seen.
        knee_deg, shin_deg: (T,) what these joints make. NaN stays NaN, but for the knee of a leg that was lost while it
            was bent and the hip was seen on its rail.
    """
    seen = np.isfinite(hip).all(axis=1) & np.isfinite(knee).all(axis=1) & np.isfinite(ankle).all(axis=1)
    if int(seen.sum()) < MIN_FRAMES:
        return knee_deg, shin_deg
    leg_px = float(np.percentile(_length(hip - ankle)[seen], LONGEST_PERCENTILE))
    away = _length(ankle[seen] - np.median(ankle[seen], axis=0))
    if np.percentile(knee_deg[seen], LONGEST_PERCENTILE) < SEEN_FLAT_DEG or np.median(away) > STAYS_RATIO * leg_px:
        return knee_deg, shin_deg
    way = (hip[:, 0] - np.percentile(hip[seen, 0], BACKMOST_PERCENTILE)) / leg_px
    ratio = float(np.median(_length(hip - knee)[seen]) / np.median(_length(knee - ankle)[seen]))
    bend_deg, stand_deg = _triangle(way, 1.0 + BELIEVED_SHARE * (ratio / THIGH_OVER_SHANK - 1.0))
    share = SEAT_SHARE * _fading(bend_deg, BENT_DEG, STRAIGHT_DEG)
    on_rail = np.abs(hip[:, 1] - np.median(hip[seen, 1])) <= ON_RAIL_RATIO * leg_px  # no for a hip that is not seen
    lost = ~seen & on_rail & (bend_deg < BENT_DEG)
    bend_deg = bend_deg - KNEE_OFF_DEG * _fading(bend_deg, *KNEE_OFF_BETWEEN_DEG)
    knee_deg = np.where(lost, bend_deg, _mixed(knee_deg, bend_deg, share))
    return knee_deg, _mixed(shin_deg, stand_deg - SHIN_OFF_DEG, share)


def _triangle(way: FloatArray, ratio: float) -> tuple[FloatArray, FloatArray]:
    """(T,) knee and shin, degrees, of a leg whose hip has come ``way`` from where it is flat, in its length then.

    ``ratio``: thigh over shank.
    """
    shank = 1.0 / np.sqrt(1.0 + ratio**2 - 2.0 * ratio * np.cos(np.radians(FLAT_DEG)))
    thigh = ratio * shank
    up = HIP_OVER_ANKLE_RATIO * (thigh + shank)
    back = np.sqrt(1.0 - up**2) - way
    span = np.hypot(back, up)
    at_knee = _corner_deg(thigh, shank, span)
    at_ankle = _corner_deg(shank, span, thigh)
    return at_knee, np.degrees(np.arctan2(up, -back)) - at_ankle


def _corner_deg(a: FloatArray | float, b: FloatArray | float, across: FloatArray | float) -> FloatArray:
    """Angle between the sides ``a`` and ``b`` of a triangle; 0 or 180 where they do not reach."""
    cosine = (np.square(a) + np.square(b) - np.square(across)) / (2.0 * a * b)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _fading(angle_deg: FloatArray, whole_deg: float, none_deg: float) -> FloatArray:
    """1 up to the first angle, 0 from the second on."""
    return np.asarray(np.clip((none_deg - angle_deg) / (none_deg - whole_deg), 0.0, 1.0))


def _mixed(seen_deg: FloatArray, found_deg: FloatArray, share: FloatArray) -> FloatArray:
    """NaN where it was not seen."""
    return np.asarray(seen_deg + share * (found_deg - seen_deg))


def _length(vector: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm(vector, axis=1), dtype=np.float64)
