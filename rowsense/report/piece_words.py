"""The piece in sentences: what changed over it, what was different at another rate and in the best strokes.

Plain words first, the number after them. They say what is different, never what makes it so.
"""

from __future__ import annotations

import math
from typing import Final

from rowsense.model import BestStrokes, Difference, Drift, RateStep, Spread
from rowsense.report.words import WHEN, number, quantity_name, span, split_quantity

#: Quantity -> what more and what less of it is. Angles are followed by the part of the stroke.
_WENT: Final = {
    "pelvic_tilt_deg": ("your hips were tipped less far back", "your hips were tipped further back"),
    "lumbar_flexion_deg": ("your low back was rounder", "your low back was flatter"),
    "trunk_lean_deg": ("your trunk leant further to the flywheel", "your trunk leant less far to the flywheel"),
    "drive_s": ("your drive took longer", "your drive was quicker"),
    "seat_catch_lag_s": (
        "your seat turned later against the hands at the catch",
        "your seat turned sooner against the hands at the catch",
    ),
    "rate_spm": ("the rate was higher", "the rate was lower"),
}
_SPREAD_OF: Final = "spread_of_"
_DIGITS: Final = {"deg": 1, "s": 2}
COUNT_WORDS: Final = {3: "three", 4: "four", 5: "five"}


def named(quantity: str) -> str:
    """A quantity of the piece as a heading; ``spread_of_...`` is how unlike the strokes are."""
    if quantity.startswith(_SPREAD_OF):
        return f"Spread of {_small(quantity_name(quantity.removeprefix(_SPREAD_OF)))}"
    return quantity_name(quantity)


def told(found: Drift | Difference, place: str) -> str:
    """``In them your drive was quicker, by 0.02 s (0.01 to 0.03 s)``; what has no such words by its name."""
    value, low, high = _ends(found)
    size, interval = number(abs(value), found.unit), ""
    if not math.isnan(low):
        interval = f" ({span(low, high, found.unit) if value > 0.0 else span(-high, -low, found.unit)})"
    words = went(found.quantity, value)
    if words:
        return f"{place} {words}, by {size}{interval}"
    return f"{place}: {_small(quantity_name(found.quantity))} {size} {'more' if value > 0.0 else 'less'}{interval}"


def went(quantity: str, difference: float) -> str:
    """``your hips were tipped further back at the catch``; empty where there are no words for it."""
    if quantity.startswith(_SPREAD_OF):
        alike = "less alike" if difference > 0.0 else "more alike"
        return f"your strokes were {alike} in {_small(quantity_name(quantity.removeprefix(_SPREAD_OF)))}"
    known, phase = split_quantity(quantity)
    words = _WENT.get(quantity) or (_WENT.get(known) if phase in WHEN else None)
    if words is None:
        return ""
    said = words[0] if difference > 0.0 else words[1]
    return f"{said} {WHEN[phase]}" if phase in WHEN else said


def signed(value: float, unit: str) -> str:
    """``+5°``, ``−5°`` or ``0°``."""
    written = number(value, unit)
    return f"+{written}" if value > 0.0 and number(0.0, unit) != written else written


def real_from(drift: Drift) -> str:
    """``, real from 6 min on``; empty where no minute stands out."""
    return "" if math.isnan(drift.from_min) else f", real from {number(drift.from_min, 'min', 0)} on"


def drift_lines(drifts: tuple[Drift, ...]) -> tuple[str, ...]:
    """What changed clearly, then what did not, then what could not be judged."""
    lines = [f"{told(d, 'Towards the end')}{real_from(d)}." for d in drifts if d.clear]
    judged = [d for d in drifts if not d.reason]
    same = [_small(named(d.quantity)) for d in judged if not d.clear]
    if judged and len(same) == len(judged):
        lines.append("Nothing that was followed changed clearly from beginning to end.")
    elif same:
        lines.append(f"No clear change: {', '.join(same)}.")
    by_reason: dict[str, list[str]] = {}
    for drift in drifts:
        if drift.reason:
            by_reason.setdefault(drift.reason, []).append(drift.quantity)
    lines += [f"Not judged: {reason}." for reason in by_reason]
    return tuple(lines)


def rate_handling_line(drifts: tuple[Drift, ...]) -> str:
    """How strokes at unlike rates were compared; empty where none was judged."""
    handlings = {d.rate_handling for d in drifts if not d.reason}
    if not handlings:
        return ""
    if handlings == {"like"}:
        return "The strokes are of like rate and are compared as they are."
    return "Strokes at unlike rates are compared as they would be at the piece's middle rate."


def rate_lines(step: RateStep) -> tuple[str, ...]:
    """One step of the rate: when and how far, and what was clearly different after it."""
    first = (
        f"{number(step.at_min, 'min', 1)} into the piece the rate went from {number(step.rate_before_spm, digits=0)} "
        f"to {number(step.rate_after_spm, digits=0)} a minute. Compared are {step.stroke_count_after} strokes right "
        f"after it with {step.stroke_count_before} right before."
    )
    clear = [d for d in step.differences if d.clear]
    if not clear:
        return (first, "Nothing else was clearly different then.")
    return (first, *(f"{told(d, 'At the new rate')}." for d in clear))


def best_lines(best: BestStrokes) -> tuple[str, ...]:
    """What was clearly different in the best strokes."""
    if not best.differences:
        return ("Beside the score nothing in them was clearly different from the others.",)
    return tuple(f"{told(d, 'In them')}." for d in best.differences)


def spread_value(spread: Spread) -> str:
    """``± 3.0°``, or ``under ± 1.0°`` where all that was seen can be the measurement."""
    if math.isnan(spread.own):
        return f"± {_fine(spread.seen, spread.unit)}"
    if spread.own > 0.0:
        return f"± {_fine(spread.own, spread.unit)}"
    return f"under ± {_fine_up(max(spread.seen, spread.own_high), spread.unit)}"


def spread_note(spread: Spread) -> str:
    """What stands behind it: the interval, and what the measurement makes."""
    if math.isnan(spread.own):
        return "as measured; how much of it is the measurement is not known"
    if spread.own == 0.0:
        return "all of what was seen may be the measurement"
    low, high = (_fine(v, spread.unit) for v in (spread.own_low, spread.own_high))
    return f"{low} to {high}; the measurement's {_fine(spread.measurement, spread.unit)} taken out"


def _fine(value: float, unit: str) -> str:
    """One digit more than usual for degrees: spreads are small."""
    return number(value, unit, _DIGITS.get(unit))


def _fine_up(value: float, unit: str) -> str:
    """Rounded up, and never 0."""
    step = 10.0 ** -_DIGITS.get(unit, 2)
    return _fine(step * max(1, math.ceil(value / step)), unit)


def _ends(found: Drift | Difference) -> tuple[float, float, float]:
    """Value and interval."""
    if isinstance(found, Drift):
        return found.change, found.change_low, found.change_high
    return found.difference, found.low, found.high


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
