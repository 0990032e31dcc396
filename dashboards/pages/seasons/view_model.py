"""What the page says, from what the store knows. Plain Python; nothing of it is a component."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboards.charts.two_sides import Ends, Pair, SideDot
from dashboards.listing import Wanted
from dashboards.pages.season_words import axis_factor, axis_unit, count, session_address
from dashboards.pages.seasons.asked import Asked, Days
from rowsense.season.athlete import ends_of, interval
from rowsense.season.changes import LEAST_SESSIONS
from rowsense.season.two_seasons import SPREAD, SeasonContrast, SeasonMean, TwoSeasons
from rowsense.season.vocabulary import Quantity, quantity_of, shown
from rowsense.store.quantities import FAULT
from rowsense.store.season import Point
from rowsense.texts.measures import measure
from rowsense.texts.texts import Texts

#: Sentences at the head of the page [D]: more are in the table.
MOST_SENTENCES: Final = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a row in words."""

    value: str
    within: str
    """Where it lies with 95 % probability; empty: not known."""


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity on both sides."""

    name: str
    href: str
    """Shows its course; empty: it has none here."""
    first: Cell
    second: Cell
    ends: tuple[Ends | None, Ends | None]
    """What is drawn of it."""
    difference: str
    verdict: str
    clear: bool
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the page."""

    name: str
    days: str
    sessions: str
    href: str
    """The list of its sessions."""


@dataclass(frozen=True, slots=True)
class SeasonsPage:
    """What was found."""

    title: str
    sides: tuple[Side, Side]
    head: str
    sentences: tuple[str, ...]
    chart_title: str
    pair: Pair | None
    """The course of one quantity; None: no session has it."""
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    notes: tuple[str, ...]


def seasons_page(
    t: Texts,
    asked: Asked,
    names: tuple[str, str],
    found: TwoSeasons,
    points: tuple[Sequence[Point], Sequence[Point]],
    today: date,
) -> SeasonsPage:
    """Lay it out in words; ``points``: both sides' sessions of the quantity that is shown."""
    days = asked.settled(today)
    sides = tuple(_side(t, asked, i, name, days[i], found, today) for i, name in enumerate(names))
    groups = (
        ("quantities", found.quantities),
        ("steadiness", found.steadiness),
        ("faults", found.faults),
    )
    quantity = quantity_of(asked.quantity)
    return SeasonsPage(
        title=t("seasons.title_one" if asked.one_rower else "seasons.title_two", first=names[0], second=names[1]),
        sides=(sides[0], sides[1]),
        head=_head(t, found),
        sentences=tuple(_sentence(t, one, None if asked.one_rower else names) for one in found.clear[:MOST_SENTENCES]),
        chart_title=t("seasons.course", name=quantity.name(t)),
        pair=_pair(t, asked, quantity, points, days),
        groups=tuple(
            (t(f"seasons.group.{name}"), tuple(_row(t, asked, one) for one in rows))
            for name, rows in groups
            if rows and all(found.session_counts)
        ),
        notes=_notes(t, asked, found),
    )


def _side(t: Texts, asked: Asked, side: int, name: str, days: Days, found: TwoSeasons, today: date) -> Side:
    wanted = Wanted(names_hidden=asked.names_hidden, behind=asked.behind(side, today))
    return Side(
        name=name,
        days=t("seasons.days", first=t.day(days.first), last=t.day(days.last)),
        sessions=count(t, found.session_counts[side], "sessions"),
        href=f"/{wanted.but()}",
    )


def _head(t: Texts, found: TwoSeasons) -> str:
    if not all(found.session_counts):
        return t("seasons.head.none")
    if min(found.session_counts) < LEAST_SESSIONS:
        return t("seasons.head.few", least=LEAST_SESSIONS)
    return t("seasons.head.clear", n=len(found.clear)) if found.clear else t("seasons.head.nothing")


def _sentence(t: Texts, one: SeasonContrast, rowers: tuple[str, str] | None) -> str:
    """``rowers``: of two, nobody's numbers rose or fell."""
    assert one.first is not None and one.second is not None
    said = {"first": _shown(t, one, one.first), "second": _shown(t, one, one.second)}
    if rowers is not None:
        kind = "spread" if one.quantity.startswith(SPREAD) else "value"
        return t(f"seasons.apart.{kind}", name=_name(t, one.quantity), one=rowers[0], two=rowers[1], **said)
    if one.quantity.startswith((SPREAD, FAULT)):
        way = "more" if one.difference > 0 else "less"
        kind = "spread" if one.quantity.startswith(SPREAD) else "fault"
        return t(f"seasons.{kind}.{way}", name=_name(t, one.quantity), **said)
    return t("seasons.differs", told=quantity_of(one.quantity).said(t, one.difference), **said)


def _name(t: Texts, identifier: str) -> str:
    if identifier.startswith(SPREAD):
        return t(f"season.steady.{identifier.removeprefix(SPREAD)}")
    return quantity_of(identifier).name(t)


def _number(t: Texts, one: SeasonContrast, value: float) -> str:
    if one.quantity.startswith(SPREAD):
        unit = quantity_of(one.quantity.removeprefix(SPREAD)).unit
        return measure(t, value, unit, 1 if unit == "deg" else 3)
    return shown(t, quantity_of(one.quantity), value)


def _shown(t: Texts, one: SeasonContrast, side: SeasonMean) -> str:
    if one.quantity.startswith(FAULT):
        return t("seasons.of_sessions", shown=round(side.mean * side.session_count), n=side.session_count)
    return _number(t, one, side.mean)


def _row(t: Texts, asked: Asked, one: SeasonContrast) -> Row:
    plain = not one.quantity.startswith((SPREAD, FAULT))
    return Row(
        name=_name(t, one.quantity),
        href=asked.address(quantity=one.quantity) if plain else "",
        first=_cell(t, one, one.first),
        second=_cell(t, one, one.second),
        ends=(_ends(one.first), _ends(one.second)),
        difference=_difference(t, one),
        verdict=_verdict(t, one),
        clear=one.clear,
        chosen=one.quantity == asked.quantity,
    )


def _cell(t: Texts, one: SeasonContrast, side: SeasonMean | None) -> Cell:
    if side is None:
        return Cell("–", "")
    if math.isnan(side.low):
        return Cell(_shown(t, one, side), "")
    low, high = (_number(t, one, end) for end in (side.low, side.high))
    return Cell(_shown(t, one, side), t("season_pages.to", low=low, high=high))


def _ends(side: SeasonMean | None) -> Ends | None:
    return None if side is None else Ends(side.mean, side.low, side.high)


def _difference(t: Texts, one: SeasonContrast) -> str:
    if math.isnan(one.difference):
        return "–"
    said = _number(t, one, abs(one.difference))
    if said == _number(t, one, 0.0):
        return said
    return f"{'+' if one.difference > 0 else '−'}{said}"


def _verdict(t: Texts, one: SeasonContrast) -> str:
    if math.isnan(one.detectable_change):
        return t("seasons.verdict.few", least=LEAST_SESSIONS)
    limit = _number(t, one, one.detectable_change)
    if one.clear:
        return t("seasons.verdict.clear", limit=limit)
    return t("seasons.verdict.chance" if one.strength > 1.0 else "seasons.verdict.no", limit=limit)


def _pair(
    t: Texts, asked: Asked, quantity: Quantity, points: tuple[Sequence[Point], Sequence[Point]], days: tuple[Days, Days]
) -> Pair | None:
    if not any(points):
        return None
    factor = axis_factor(quantity)
    low, high = ends_of(quantity.id)
    sides = [
        tuple(_dot(t, asked, quantity, point, when.first, factor) for point in side)
        for side, when in zip(points, days, strict=True)
    ]
    longest = max((one.last - one.first).days for one in days) / 7.0
    return Pair((sides[0], sides[1]), longest, axis_unit(quantity), (low * factor, high * factor))


def _dot(t: Texts, asked: Asked, quantity: Quantity, point: Point, first: date, factor: float) -> SideDot:
    low, high = interval(point, quantity.id)
    said = t("seasons.dot", day=t.day(point.rowed_on), value=shown(t, quantity, point.mean))
    return SideDot(
        week=(point.rowed_on - first).days / 7.0,
        value=point.mean * factor,
        low=low * factor,
        high=high * factor,
        href=session_address(point.session_id, names_hidden=asked.names_hidden),
        title=said,
    )


def _notes(t: Texts, asked: Asked, found: TwoSeasons) -> tuple[str, ...]:
    some = [t("seasons.note.interval"), t("seasons.note.chance"), t("seasons.note.angles")]
    if not asked.one_rower:
        some.append(t("seasons.note.bodies"))
    if not (asked.kind or asked.rate):
        some.append(t("seasons.note.pieces"))
    return tuple(some)


def quick_ways(t: Texts, asked: Asked, today: date) -> tuple[tuple[str, str], ...]:
    """What is often asked of the first rower: words and address."""
    if asked.first is None:
        return ()

    def days(weeks: int) -> tuple[tuple[date, date], tuple[date, date]]:
        middle = today - timedelta(weeks=weeks)
        return (middle - timedelta(weeks=weeks) + timedelta(days=1), middle), (middle + timedelta(days=1), today)

    year = _a_year_before(today)
    begins = date(today.year if today >= date(today.year, 9, 1) else today.year - 1, 9, 1)
    season = (_a_year_before(begins), year), (begins, today)
    found: Mapping[str, tuple[tuple[date, date], tuple[date, date]]] = {
        "four": days(4), "twelve": days(12), "season": season,
    }  # fmt: skip
    return tuple((t(f"seasons.quick.{name}"), asked.address(second=None, days=both)) for name, both in found.items())


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
