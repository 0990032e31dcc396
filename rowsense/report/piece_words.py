"""The piece in sentences: what changed over it, what was different at another rate and in the best strokes.

Plain words first, the number after them. They say what is different, never what makes it so.
"""

from __future__ import annotations

import math
from typing import Final

from rowsense.model import BestStrokes, Difference, Drift, RateStep, Spread
from rowsense.report.words import WHEN, split_quantity
from rowsense.texts.found import stored_or_quoted
from rowsense.texts.measures import ENGLISH, measure, quantity_label, span, when_label
from rowsense.texts.texts import Texts

_SPREAD_OF: Final = "spread_of_"
_DIGITS: Final = {"deg": 1, "s": 2}
#: Where something was different; of :func:`told`.
END, BEST, RATE = "end", "best", "rate"


def named(quantity: str, t: Texts = ENGLISH) -> str:
    """A quantity of the piece as a heading; ``spread_of_...`` is how unlike the strokes are."""
    if quantity.startswith(_SPREAD_OF):
        return t("report_piece.spread_of", what=_small(t, quantity.removeprefix(_SPREAD_OF)))
    return quantity_label(t, quantity)


def told(found: Drift | Difference, place: str, t: Texts = ENGLISH) -> str:
    """``In them your drive was quicker, by 0.02 s (0.01 to 0.03 s)``; what has no such words by its name.

    ``place``: :data:`END`, :data:`BEST` or :data:`RATE`.
    """
    value, low, high = _ends(found)
    size, between = measure(t, abs(value), found.unit), ""
    if not math.isnan(low):
        between = span(t, low, high, found.unit) if value > 0.0 else span(t, -high, -low, found.unit)
    words = went(found.quantity, value, t)
    if words:
        size = t("report_piece.between", size=size, span=between) if between else size
        return t(f"report_piece.told.{place}", what=words, size=size)
    side, what = "more" if value > 0.0 else "less", _small(t, found.quantity)
    if between:
        return t(f"report_piece.{side}_between.{place}", what=what, size=size, span=between)
    return t(f"report_piece.{side}_of.{place}", what=what, size=size)


def went(quantity: str, difference: float, t: Texts = ENGLISH) -> str:
    """``your hips were tipped further back at the catch``; empty where there are no words for it."""
    if quantity.startswith(_SPREAD_OF):
        alike = "less_alike" if difference > 0.0 else "more_alike"
        return t(f"report_piece.{alike}", what=_small(t, quantity.removeprefix(_SPREAD_OF)))
    known, phase = split_quantity(quantity)
    side, in_phase = "more" if difference > 0.0 else "less", phase in WHEN
    for name in (quantity, known if in_phase else ""):
        if f"report_piece.{side}.{name}" in t.catalogue.messages:
            said = t(f"report_piece.{side}.{name}")
            return t("report_piece.went_when", what=said, when=when_label(t, phase)) if in_phase else said
    return ""


def signed(value: float, unit: str, t: Texts = ENGLISH) -> str:
    """``+5°``, ``−5°`` or ``0°``."""
    written = measure(t, value, unit)
    return f"+{written}" if value > 0.0 and measure(t, 0.0, unit) != written else written


def real_from(drift: Drift, said: str, t: Texts = ENGLISH) -> str:
    """``..., real from 6 min on``; as it is where no minute stands out."""
    if math.isnan(drift.from_min):
        return said
    return t("report_piece.real_from", said=said, minute=measure(t, drift.from_min, "min", 0))


def drift_lines(drifts: tuple[Drift, ...], t: Texts = ENGLISH) -> tuple[str, ...]:
    """What changed clearly, then what did not, then what could not be judged."""
    lines = [t("report_piece.sentence", said=real_from(d, told(d, END, t), t)) for d in drifts if d.clear]
    judged = [d for d in drifts if not d.reason]
    same = [t.after_colon(named(d.quantity, t)) for d in judged if not d.clear]
    if judged and len(same) == len(judged):
        lines.append(t("report_piece.none_clear"))
    elif same:
        lines.append(t("report_piece.not_clear", what=", ".join(same)))
    reasons = dict.fromkeys(drift.reason for drift in drifts if drift.reason)
    lines += [t("report_piece.not_judged", why=stored_or_quoted(t, reason)) for reason in reasons]
    return tuple(lines)


def rate_handling_line(drifts: tuple[Drift, ...], t: Texts = ENGLISH) -> str:
    """How strokes at unlike rates were compared; empty where none was judged."""
    handlings = {d.rate_handling for d in drifts if not d.reason}
    if not handlings:
        return ""
    return t("report_piece.like_rate" if handlings == {"like"} else "report_piece.unlike_rate")


def rate_lines(step: RateStep, t: Texts = ENGLISH) -> tuple[str, ...]:
    """One step of the rate: when and how far, and what was clearly different after it."""
    first = t(
        "report_piece.step",
        at=measure(t, step.at_min, "min", 1),
        before=measure(t, step.rate_before_spm, digits=0),
        after=measure(t, step.rate_after_spm, digits=0),
        count_after=step.stroke_count_after,
        count_before=step.stroke_count_before,
    )
    clear = [d for d in step.differences if d.clear]
    if not clear:
        return (first, t("report_piece.step_same"))
    return (first, *(t("report_piece.sentence", said=told(d, RATE, t)) for d in clear))


def best_lines(best: BestStrokes, t: Texts = ENGLISH) -> tuple[str, ...]:
    """What was clearly different in the best strokes."""
    if not best.differences:
        return (t("report_piece.best.same"),)
    return tuple(t("report_piece.sentence", said=told(d, BEST, t)) for d in best.differences)


def spread_value(spread: Spread, t: Texts = ENGLISH) -> str:
    """``± 3.0°``, or ``under ± 1.0°`` where all that was seen can be the measurement."""
    if math.isnan(spread.own):
        return t("report_piece.spread_value", value=_fine(t, spread.seen, spread.unit))
    if spread.own > 0.0:
        return t("report_piece.spread_value", value=_fine(t, spread.own, spread.unit))
    return t("report_piece.spread_under", value=_fine_up(t, max(spread.seen, spread.own_high), spread.unit))


def spread_note(spread: Spread, t: Texts = ENGLISH) -> str:
    """What stands behind it: the interval, and what the measurement makes."""
    if math.isnan(spread.own):
        return t("report_piece.spread_unknown")
    if spread.own == 0.0:
        return t("report_piece.spread_none")
    low, high, own = (_fine(t, v, spread.unit) for v in (spread.own_low, spread.own_high, spread.measurement))
    return t("report_piece.spread_between", low=low, high=high, measurement=own)


def _fine(t: Texts, value: float, unit: str) -> str:
    """One digit more than usual for degrees: spreads are small."""
    return measure(t, value, unit, _DIGITS.get(unit))


def _fine_up(t: Texts, value: float, unit: str) -> str:
    """Rounded up, and never 0."""
    step = 10.0 ** -_DIGITS.get(unit, 2)
    return _fine(t, step * max(1, math.ceil(value / step)), unit)


def _ends(found: Drift | Difference) -> tuple[float, float, float]:
    """Value and interval."""
    if isinstance(found, Drift):
        return found.change, found.change_low, found.change_high
    return found.difference, found.low, found.high


def _small(t: Texts, quantity: str) -> str:
    """Within a sentence."""
    return t.after_colon(quantity_label(t, quantity))
