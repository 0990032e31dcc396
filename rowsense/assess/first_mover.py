"""Which of the five moved before or with the hips: how often, by how much time, and whether more of it goes with hips
that tip further.

Three questions, kept apart. *How often*: in how many strokes one began at most half a second before the hips and at
most a tenth after them, held against half of the strokes (sign test). *How long before*: the median lag, with an
interval that holds what repeats in every stroke's error too; only when it is all before 0 is it said to be before.
*How strongly*: a partial rank correlation over the strokes. The first two say what moved first, the third what goes
together, and none of them says what makes what. How often and how strongly are two families of tests, each with 5 % for
one false word or more (Holm).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.chance import Together, at_least, partial_rank_correlation, ranks, slow
from rowsense.assess.differences import beyond_chance
from rowsense.assess.five import MEASURED_BY, TheFive
from rowsense.assess.give_way import Tipping
from rowsense.assess.moved import Movement
from rowsense.assess.slope import MAD_TO_SD, Z95
from rowsense.model import Association, Mover
from rowsense.model.hips import THE_FIVE

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Fewest strokes with hips that tip back. [D] All of six are beyond chance among three that are looked at
#: (3 / 2^6 = 4.7 %); all of five are not.
MIN_TIPPING: Final = 6
#: What begins longer before the hips is another movement. [D] A third of a usual recovery of 1.5 s.
BEFORE_S: Final = 0.5
#: What begins this much later still moves with the hips. [D] The fault shoulders_pulled_forward: within 0.1 s.
WITH_S: Final = 0.1
#: Lags that spread by more (robust sd) are no order of movements. [D] A movement that begins anywhere in the second
#: that is looked at has 0.3 s or more, the measurement alone makes 0.05 s.
SPREAD_S: Final = 0.15
#: Share of a lag's error (sd) that is the same in every stroke. [D] Simulated recordings in which nine tenths of the
#: pelvis's error repeat (tests/assess/test_first_mover.py): what repeats shifts a beginning in all strokes, and so do
#: movements of unlike length, so that twenty strokes know a lag hardly better than one.
LAG_REPEATS: Final = 0.9
#: Fewest strokes of an association. [D] Among four that are looked at one of 0.8 to 0.9 is beyond chance with ten
#: strokes, of 0.65 with eighteen; with fewer than ten only perfect ones are.
MIN_TOGETHER: Final = 10
#: Weaker rank correlations are not told, however sure. [C] Cohen 1988: 0.3 is a medium one; its square is a tenth of
#: what differs.
LEAST_TOGETHER: Final = 0.3
#: Standard error of a median over that of a mean. [D] sqrt(pi / 2), normal error.
MEDIAN_RATIO: Final = math.sqrt(math.pi / 2.0)
SAME_PLACE: Final = "the fall is measured from about there, so that an error would look like one"


def movers(tipping: Tipping, five: TheFive) -> tuple[Mover, ...]:
    """The five, each judged or with its reason, for a recording with :data:`MIN_TIPPING` tipping strokes or more."""
    associations = _associations(tipping, five)
    found = {name: _timed(name, tipping, m) for name, m in five.movements.items()}
    often = _beyond_chance({name: m.probability for name, m in found.items()})
    for name, mover in found.items():
        if mover.moved_first and name not in often:
            found[name] = replace(mover, relation="not_seen")
    found["sits_on_back_of_bones"] = _seated(tipping, five)
    found["pulls_harder"] = _driven(associations.get("pulls_harder"))
    return tuple(
        _with_association(found.get(name) or _not_judged(name, five.reasons[name]), associations.get(name))
        for name in THE_FIVE
    )


def _beyond_chance(probabilities: Mapping[str, float]) -> set[str]:
    """Which are beyond chance together; NaN = was not looked at, and does not count as one more that was."""
    looked = {name: p for name, p in probabilities.items() if math.isfinite(p)}
    return {name for name, beyond in zip(looked, beyond_chance(list(looked.values())), strict=True) if beyond}


def in_time(found: tuple[Mover, ...]) -> tuple[str, ...]:
    """Those that moved before or with the hips, the earliest first: a drive goes before its recovery."""
    first = [m for m in found if m.moved_first]
    return tuple(m.id for m in sorted(first, key=lambda m: -math.inf if math.isnan(m.lag_s) else m.lag_s))


def in_strength(found: tuple[Mover, ...]) -> tuple[str, ...]:
    """Those of which more clearly goes with hips that tip further back, the strongest first."""
    strong = [(m.association.coefficient, m.id) for m in found if m.association and m.association.clear]
    return tuple(name for coefficient, name in sorted(strong, reverse=True) if coefficient > 0.0)


def lags_s(tipping: Tipping, five: TheFive) -> dict[str, FloatArray]:
    """When each of the five moved, against the hips, - = before: (S,), NaN = did not, or cannot be seen when."""
    hips_s = tipping.movement.begin_s
    lags = {name: np.where(m.moved, m.begin_s - hips_s, np.nan) for name, m in five.movements.items()}
    if five.sitting is not None:
        behind = five.sitting.behind_deg > 0.0
        lags["sits_on_back_of_bones"] = np.where(behind, five.sitting.upright_s - hips_s, np.nan)
    return lags


def moved_in(five: TheFive) -> dict[str, BoolArray]:
    """In which strokes each of them moved, (S,)."""
    moved = {name: m.moved for name, m in five.movements.items()}
    if five.sitting is not None:
        moved["sits_on_back_of_bones"] = five.sitting.behind_deg > 0.0
    return moved


def lag_interval(lag_s: FloatArray, error_sd_s: float) -> tuple[float, float, float, float]:
    """Median lag, its 95 % interval, and the robust sd of the lags.

    The strokes' own scatter averages out over them, the part of the error that repeats does not.

    Args:
        lag_s: (M,) finite, one or more.
        error_sd_s: of one lag.
    """
    middle = float(np.median(lag_s))
    spread = MAD_TO_SD * float(np.median(np.abs(lag_s - middle)))
    fresh = max(spread, error_sd_s * math.sqrt(1.0 - LAG_REPEATS**2)) * MEDIAN_RATIO / math.sqrt(len(lag_s))
    half = Z95 * math.hypot(fresh, LAG_REPEATS * error_sd_s)
    return middle, middle - half, middle + half, spread


def _timed(name: str, tipping: Tipping, other: Movement) -> Mover:
    """One that begins at some time."""
    hips = tipping.movement
    looked = np.isfinite(hips.begin_s) & other.timed
    count = int(looked.sum())
    if count < MIN_TIPPING:
        return _not_judged(name, f"it could be seen in {count} strokes with hips that tip back; it takes {MIN_TIPPING}")
    lag_s = (other.begin_s - hips.begin_s)[looked]
    known = np.isfinite(lag_s)
    shown = int(np.sum((lag_s >= -BEFORE_S) & (lag_s <= WITH_S)))
    probability = at_least(shown, count, 0.5)
    if not known.any():
        return Mover(name, "not_seen", count, probability=probability)
    before = int(np.sum((lag_s >= -BEFORE_S) & (lag_s < 0.0)))
    doubt_s = np.hypot(hips.begin_sd_s[looked][known], other.begin_sd_s[looked][known])
    lag, low, high, spread = lag_interval(lag_s[known], float(np.median(doubt_s)))
    together = other.sure and -BEFORE_S <= lag <= WITH_S and spread <= SPREAD_S and 2 * shown > count
    relation = "not_seen" if not together else ("before" if high < 0.0 else "with")
    return Mover(name, relation, count, shown, before, lag, low, high, probability)


def _seated(tipping: Tipping, five: TheFive) -> Mover:
    """Already so when the trunk came upright: a posture, held against the own range by its detectable change."""
    name, sitting = "sits_on_back_of_bones", five.sitting
    if sitting is None:
        return _not_judged(name, five.reasons[name])
    looked = tipping.movement.moved & np.isfinite(sitting.behind_deg)
    count = int(looked.sum())
    if count < MIN_TIPPING:
        return _not_judged(name, f"it could be seen in {count} strokes with hips that tip back; it takes {MIN_TIPPING}")
    behind_deg = sitting.behind_deg[looked]
    shown = int(np.sum(behind_deg > 0.0))
    there = float(behind_deg.mean()) > sitting.limit_deg and 2 * shown > count
    lag_s = (sitting.upright_s - tipping.movement.begin_s)[looked]
    known = lag_s[np.isfinite(lag_s)]
    lag = float(np.median(known)) if known.size else math.nan
    return Mover(name, "before" if there else "not_seen", count, shown, shown, lag)


def _driven(found: Association | None) -> Mover:
    """The drive comes before the recovery; what there is to see is whether quicker ones go before further tipping."""
    name = "pulls_harder"
    if found is None:
        return _not_judged(name, f"it takes {MIN_TOGETHER} strokes whose drives differ at equal rate")
    first = found.clear and found.coefficient > 0.0
    return Mover(name, "before" if first else "not_seen", found.stroke_count, probability=found.probability)


def _associations(tipping: Tipping, five: TheFive) -> dict[str, Association]:
    """Size against the hips' fall in all usable strokes, rate and slow change over the piece held equal.

    Where the pelvis sits when upright is left out: the fall begins from about there, so that an error in it would make
    an association by itself.
    """
    fall_deg = tipping.movement.size
    sizes = {name: m.size for name, m in five.movements.items()} | {"pulls_harder": five.quickness_s}
    held = np.column_stack([ranks(five.rate_spm), slow(len(fall_deg))])
    found: dict[str, Together] = {}
    for name, size in sizes.items():
        known = np.isfinite(size) & np.isfinite(fall_deg)
        if known.sum() >= MIN_TOGETHER:
            together = partial_rank_correlation(size[known], fall_deg[known], held[known])
            if math.isfinite(together.coefficient):
                found[name] = together
    clear = _beyond_chance({name: t.probability for name, t in found.items()})
    return {name: _association(t, name in clear) for name, t in found.items()}


def _association(found: Together, clear: bool) -> Association:
    told = clear and abs(found.coefficient) >= LEAST_TOGETHER
    return Association(found.stroke_count, found.coefficient, found.low, found.high, found.probability, told)


def _with_association(mover: Mover, association: Association | None) -> Mover:
    measured = replace(mover, measured_by=MEASURED_BY[mover.id])
    if association is not None:
        return replace(measured, association=association)
    if mover.id == "sits_on_back_of_bones":
        return replace(measured, association_reason=SAME_PLACE)
    return replace(measured, association_reason=f"it takes {MIN_TOGETHER} strokes that differ")


def _not_judged(name: str, reason: str) -> Mover:
    return Mover(name, "not_judged", reason=reason)
