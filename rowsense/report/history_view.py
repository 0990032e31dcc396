"""What the report says about a session against the rower's earlier ones: sentences, and the same as tables.

Counts are counts: of strokes and minutes, as a training diary has them, and nothing is concluded from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rowsense.model import OwnHistory, RangeCount, Session, UsualLevel, WeekCount
from rowsense.texts.found import stored_or_quoted
from rowsense.texts.measures import ENGLISH, measure, quantity_label, span
from rowsense.texts.texts import Texts

#: Up to so many sessions the expected range is more than 3.5 times their spread wide to either side. [D]
_FEW: Final = 4
#: Sentences about what is unlike the usual; more than these nobody reads. [C]
_MOST_LINES: Final = 6


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The section, ready to show."""

    lead: str
    lines: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    """Rows under :func:`level_head`."""
    ranges: tuple[str, ...]
    weeks: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    """Quantity in words, and rows under :func:`week_head`."""
    left_out: tuple[str, ...]


def level_head(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Over the rows of levels."""
    return tuple(t(f"report_history.head.{name}") for name in ("measured", "now", "usual", "expected", "clear"))


def week_head(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Over the rows of weeks."""
    return tuple(t(f"report_history.head.{name}") for name in ("week", "sessions", "strokes", "top", "above"))


def history_view(session: Session, t: Texts = ENGLISH) -> HistoryView | None:
    """The section; None where no earlier sessions were given."""
    history = session.history
    if history is None:
        return None
    return HistoryView(
        lead=stored_or_quoted(t, history.reason) if history.reason else _lead(t, history),
        lines=() if history.reason else _lines(t, history),
        levels=tuple(_row(t, level) for level in history.levels),
        ranges=tuple(_range_line(t, one) for one in history.ranges),
        weeks=_weeks(t, history.weeks),
        left_out=tuple(t("report_history.left_out", what=stored_or_quoted(t, words)) for words in history.left_out),
    )


def _lead(t: Texts, history: OwnHistory) -> str:
    known, count = [day for day in history.dates if day], len(history.dates)
    lead = t("report_history.lead", count=count)
    if known:
        lead = t("report_history.lead_when", count=count, first=known[0], last=known[-1])
    return f"{lead} {t('report_history.few')}" if count <= _FEW else lead


def _lines(t: Texts, history: OwnHistory) -> tuple[str, ...]:
    clear = history.clear
    if not clear:
        return (t("report_history.same"),)
    more = len(clear) - _MOST_LINES
    rest = (t("report_history.more", n=more),) if more > 0 else ()
    return tuple(_clear_line(t, level) for level in clear[:_MOST_LINES]) + rest


def _clear_line(t: Texts, level: UsualLevel) -> str:
    return t(
        f"report_history.{'higher' if level.value > level.usual else 'lower'}",
        what=quantity_label(t, level.quantity),
        count=level.session_count,
        value=measure(t, level.value, level.unit),
        usual=_plus_minus(t, level),
    )


def _plus_minus(t: Texts, level: UsualLevel) -> str:
    return f"{measure(t, level.usual, level.unit)} ± {measure(t, level.spread, level.unit)}"


def _row(t: Texts, level: UsualLevel) -> tuple[str, ...]:
    return (
        quantity_label(t, level.quantity),
        measure(t, level.value, level.unit),
        _plus_minus(t, level),
        span(t, level.low, level.high, level.unit),
        measure(t, level.detectable_change, level.unit),
    )


def _range_line(t: Texts, one: RangeCount) -> str:
    return t(
        "report_history.range",
        what=quantity_label(t, one.quantity),
        usual=span(t, one.usual_low, one.usual_high, one.unit),
        top=_strokes(t, one.top_count, one.top_minutes),
        from_value=measure(t, one.top_from, one.unit, 1),
        above=_strokes(t, one.above_count, one.above_minutes),
        of=_strokes(t, one.stroke_count, one.minutes),
    )


def _strokes(t: Texts, count: int, minutes: float) -> str:
    return t("report_history.strokes", n=count, minutes=measure(t, minutes, "min", 1))


def _weeks(t: Texts, weeks: tuple[WeekCount, ...]) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    names = [one.quantity for one in weeks[-1].ranges] if weeks else []
    return tuple(
        (
            quantity_label(t, name),
            tuple(_week_row(t, week, one) for week in weeks for one in week.ranges if one.quantity == name),
        )
        for name in names
    )


def _week_row(t: Texts, week: WeekCount, one: RangeCount) -> tuple[str, ...]:
    counted = (
        (one.stroke_count, one.minutes),
        (one.top_count, one.top_minutes),
        (one.above_count, one.above_minutes),
    )
    cells = (f"{count} ({measure(t, minutes, 'min', 1)})" for count, minutes in counted)
    return (week.week, str(week.session_count), *cells)
