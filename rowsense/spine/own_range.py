"""From held postures to a rower's own zero and range: which hold is tall sitting, which the slump, which the hinge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, isfinite, nan, sqrt
from typing import Final

import numpy as np

from rowsense.errors import NotMeasurableError
from rowsense.model import AngleRange
from rowsense.spine.holds import Hold

#: A trunk leaning less than this is upright. [D] Sitting tall is within a few degrees of it, a hinge beyond.
UPRIGHT_DEG: Final = 15.0
#: In a slump the shoulders may come so much further. [D] 13 deg towards the flywheel on a simulated body.
SLUMP_UPRIGHT_DEG: Final = 25.0
#: Or so much from tall sitting: a camera that is not level adds to both. [D] 11 to 16 deg in seven posing
#: clips of rendered rowers, 23 to 27 in their hinges.
SLUMP_FORWARD_DEG: Final = 18.0
#: A hinge leans at least this much further forward than tall sitting. [D] Two thirds of the lean at a usual catch.
HINGE_DEG: Final = 15.0
#: Tall and slump differ by at least this much in tilt minus lumbar flexion. [D] Less than half of what the least
#: range below asks for, and three times the noise of a hold's median.
MIN_APART_DEG: Final = 8.0
#: Holds within this share of the way belong to tall or slump; what lies between is neither. [D]
SAME_POSTURE_SHARE: Final = 0.3
#: A range under this is no full slump, or the outline hid it. [D] Half of the 20 deg of a whole voluntary seated
#: range [R: Vicon, n = 22].
MIN_RANGE_DEG: Final = 10.0
#: Rounding from tall to hinge is said where it is surely (with probability 0.8) beyond this. [D] The step that the
#: fault "hips tip back" names.
HINGE_ROUNDS_DEG: Final = 8.0
SURELY_SDS: Final = 0.84
#: Spread of one posture from one time to the next, where it was held fewer than ``OWN_SPREAD_FROM`` times. [D] About
#: a tenth of the way from tall to slump; from three times on the clip's own spread is used.
REPEAT_SD_DEG: Final = 2.5
OWN_SPREAD_FROM: Final = 3
#: Error of the head against the trunk in a held posture. [D] As in one frame: 15 mm of landmark error over the 0.17 m
#: from neck to ear, and a landmark that is off stays off while nobody moves.
HEAD_SD_DEG: Final = 5.0

HOW_TO_POSE: Final = (
    "film again like this: sit tall, then slump as far as you can, sit tall, then hinge forward from the hips with a "
    "tall back; hold each for three seconds, seen from the side, hands on the handle"
)


@dataclass(frozen=True, slots=True)
class OwnRange:
    """What the holds of one clip say. Degrees of the estimator, no zero taken off."""

    pelvic_tilt: AngleRange
    lumbar_flexion: AngleRange
    thoracic_tall_deg: float
    thoracic_tall_sd_deg: float
    head_trunk_tall_deg: float
    """NaN where the head was not seen in any tall posture."""
    head_trunk_tall_sd_deg: float
    tall: tuple[Hold, ...]
    slump: tuple[Hold, ...]
    hinge: tuple[Hold, ...]
    notes: tuple[str, ...]


def own_range(holds: Sequence[Hold]) -> OwnRange:
    """Zero and range from the holds of a posing clip, in any order, each posture once or several times.

    1. Of the holds with an upright trunk the one with the most forward pelvis and the longest low back is tall, the
       opposite one the slump; others near either are repeats of it.
    2. A hinge leans at least ``HINGE_DEG`` further forward than tall, and is no slump.

    Raises
    ------
    NotMeasurableError
        A posture is missing, or the range is too small to be one; the sentence says how to film again.
    """
    upright = [hold for hold in holds if abs(hold.trunk_lean_deg) <= UPRIGHT_DEG]
    if not upright:
        _refuse("no tall sitting was found: no posture was held for a second with the trunk upright")
    tallest = max(upright, key=lambda hold: hold.tallness_deg)
    low = [hold for hold in holds if _may_be_slump(hold, tallest)]
    deepest = min(low, key=lambda hold: hold.tallness_deg)
    way_deg = tallest.tallness_deg - deepest.tallness_deg
    if way_deg < MIN_APART_DEG:
        held = "only one posture was" if len(upright) == 1 else f"{len(upright)} postures, all alike, were"
        _refuse(f"no slump was found: {held} held with the trunk upright")
    near_deg = SAME_POSTURE_SHARE * way_deg
    tall = tuple(hold for hold in upright if tallest.tallness_deg - hold.tallness_deg <= near_deg)
    slump = tuple(hold for hold in low if hold.tallness_deg - deepest.tallness_deg <= near_deg)
    forward_deg = tallest.trunk_lean_deg + HINGE_DEG
    hinge = tuple(hold for hold in holds if hold.trunk_lean_deg >= forward_deg and hold not in slump)
    if not hinge:
        _refuse(f"no hinge was found: no posture was held {HINGE_DEG:.0f}° or more further forward than tall sitting")
    tilt, lumbar = _range(tall, slump, "pelvic_tilt"), _range(tall, slump, "lumbar_flexion")
    _refuse_small(-tilt.width_deg, "the hips tipped back")
    _refuse_small(lumbar.width_deg, "the low back rounded")
    thoracic_deg, thoracic_sd_deg = level(tall, "thoracic_flexion")
    head_deg, head_sd_deg = _head_level(tall)
    return OwnRange(
        pelvic_tilt=tilt,
        lumbar_flexion=lumbar,
        thoracic_tall_deg=thoracic_deg,
        thoracic_tall_sd_deg=thoracic_sd_deg,
        head_trunk_tall_deg=head_deg,
        head_trunk_tall_sd_deg=head_sd_deg,
        tall=tall,
        slump=slump,
        hinge=hinge,
        notes=tuple(_notes(tall, slump, hinge, lumbar)),
    )


def _may_be_slump(hold: Hold, tallest: Hold) -> bool:
    further_deg = hold.trunk_lean_deg - tallest.trunk_lean_deg
    return abs(hold.trunk_lean_deg) <= SLUMP_UPRIGHT_DEG or abs(further_deg) <= SLUMP_FORWARD_DEG


def level(holds: Sequence[Hold], stem: str) -> tuple[float, float]:
    """Mean of one angle over the holds of a posture, and its standard deviation.

    The estimator's error in one posture is the same in all its frames and nearly the same in its repeats, so its sd
    is not made smaller by their number. [D] Of two rendered rowers the range came out 3 to 8 deg too small, 1.3 sds
    of the range at most. What differs from one time to the next averages out.
    """
    values = [getattr(hold, f"{stem}_deg") for hold in holds]
    return _mean_and_sd(values, float(np.median([getattr(hold, f"{stem}_sd_deg") for hold in holds])))


def _head_level(holds: Sequence[Hold]) -> tuple[float, float]:
    """The same for the head, over the holds in which it was seen; NaN where it was in none."""
    values = [hold.head_trunk_deg for hold in holds if isfinite(hold.head_trunk_deg)]
    return _mean_and_sd(values, HEAD_SD_DEG) if values else (nan, nan)


def _mean_and_sd(values: Sequence[float], error_sd_deg: float) -> tuple[float, float]:
    spread = float(np.std(values, ddof=1)) if len(values) >= OWN_SPREAD_FROM else REPEAT_SD_DEG
    return float(np.mean(values)), hypot(error_sd_deg, spread / sqrt(len(values)))


def _range(tall: Sequence[Hold], slump: Sequence[Hold], stem: str) -> AngleRange:
    return AngleRange(*level(tall, stem), *level(slump, stem))


def _notes(tall: Sequence[Hold], slump: Sequence[Hold], hinge: Sequence[Hold], lumbar: AngleRange) -> list[str]:
    said = []
    rounded_deg, rounded_sd_deg = level(hinge, "lumbar_flexion")
    rise_deg = rounded_deg - lumbar.neutral_deg
    if rise_deg > HINGE_ROUNDS_DEG + SURELY_SDS * hypot(rounded_sd_deg, lumbar.neutral_sd_deg):
        said.append(
            f"The low back rounded by about {rise_deg:.0f}° in the hinge, so the back did not stay as tall as when "
            "sitting tall. Zero and range do not depend on it; try once more with the bend in the hips alone."
        )
    if min(len(tall), len(slump)) == 1:
        said.append("Tall sitting or slump was held once only: three times each make zero and range surer.")
    return said


def _refuse_small(width_deg: float, what: str) -> None:
    if width_deg < MIN_RANGE_DEG:
        change = f"by only {width_deg:.0f}°" if width_deg >= 0.5 else "not at all"
        _refuse(
            f"{what} {change} from tall sitting to slump, too little to measure a range by (at least "
            f"{MIN_RANGE_DEG:.0f}° are needed); slump further, in a close-fitting shirt"
        )


def _refuse(what: str) -> None:
    raise NotMeasurableError(f"{what}; {HOW_TO_POSE}")
