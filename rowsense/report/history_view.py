"""What the report says about a session against the rower's earlier ones: sentences, and the same as tables.

Counts are counts: of strokes and minutes, as a training diary has them, and nothing is concluded from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rowsense.model import OwnHistory, RangeCount, Session, UsualLevel, WeekCount
from rowsense.report.words import number, quantity_name, span

LEVEL_HEAD: Final = ("Measured", "This time", "Usually", "Expected", "Clear from")
#: Up to so many sessions the expected range is more than 3.5 times their spread wide to either side. [D]
_FEW: Final = 4
#: Sentences about what is unlike the usual; more than these nobody reads. [C]
_MOST_LINES: Final = 6
WEEK_HEAD: Final = ("Week", "Sessions", "Strokes", "Top tenth", "Above")


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The section, ready to show."""

    lead: str
    lines: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    """Rows under :data:`LEVEL_HEAD`."""
    ranges: tuple[str, ...]
    weeks: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    """Quantity in words, and rows under :data:`WEEK_HEAD`."""
    left_out: tuple[str, ...]


def history_view(session: Session) -> HistoryView | None:
    """The section; None where no earlier sessions were given."""
    history = session.history
    if history is None:
        return None
    return HistoryView(
        lead=history.reason or _lead(history),
        lines=() if history.reason else _lines(history),
        levels=tuple(_row(level) for level in history.levels),
        ranges=tuple(_range_line(one) for one in history.ranges),
        weeks=_weeks(history.weeks),
        left_out=tuple(f"Left out: {words}." for words in history.left_out),
    )


def _lead(history: OwnHistory) -> str:
    known = [day for day in history.dates if day]
    when = f", {known[0]} to {known[-1]}" if known else ""
    few = " So few say little about what is usual, so only much is clear." if len(history.dates) <= _FEW else ""
    return f"Held against your last {len(history.dates)} sessions{when}.{few}"


def _lines(history: OwnHistory) -> tuple[str, ...]:
    clear = history.clear
    if not clear:
        return ("Nothing was clearly unlike your earlier sessions.",)
    more = len(clear) - _MOST_LINES
    rest = (f"{more} more in the table.",) if more > 0 else ()
    return tuple(_clear_line(level) for level in clear[:_MOST_LINES]) + rest


def _clear_line(level: UsualLevel) -> str:
    side = "higher" if level.value > level.usual else "lower"
    return (
        f"{quantity_name(level.quantity)}: {side} than in your last {level.session_count} sessions, "
        f"{number(level.value, level.unit)} for usually {_plus_minus(level)}."
    )


def _plus_minus(level: UsualLevel) -> str:
    return f"{number(level.usual, level.unit)} ± {number(level.spread, level.unit)}"


def _row(level: UsualLevel) -> tuple[str, ...]:
    return (
        quantity_name(level.quantity),
        number(level.value, level.unit),
        _plus_minus(level),
        span(level.low, level.high, level.unit),
        number(level.detectable_change, level.unit),
    )


def _range_line(one: RangeCount) -> str:
    above, of = _strokes(one.above_count, one.above_minutes), _strokes(one.stroke_count, one.minutes)
    return (
        f"{quantity_name(one.quantity)}: your usual range is {span(one.usual_low, one.usual_high, one.unit)}. "
        f"{_strokes(one.top_count, one.top_minutes)} lay in its top tenth, from {number(one.top_from, one.unit, 1)} "
        f"on, and {above} above it, of {of}."
    )


def _strokes(count: int, minutes: float) -> str:
    return f"{count} {'stroke' if count == 1 else 'strokes'} ({number(minutes, 'min', 1)})"


def _weeks(weeks: tuple[WeekCount, ...]) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    names = [one.quantity for one in weeks[-1].ranges] if weeks else []
    return tuple(
        (
            quantity_name(name),
            tuple(_week_row(week, one) for week in weeks for one in week.ranges if one.quantity == name),
        )
        for name in names
    )


def _week_row(week: WeekCount, one: RangeCount) -> tuple[str, ...]:
    return (
        week.week,
        str(week.session_count),
        f"{one.stroke_count} ({number(one.minutes, 'min', 1)})",
        f"{one.top_count} ({number(one.top_minutes, 'min', 1)})",
        f"{one.above_count} ({number(one.above_minutes, 'min', 1)})",
    )
