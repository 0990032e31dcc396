"""Numbers of a season: of rowers that the owner of the token may see, and of nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.people import Person
from dashboards.api.answers.season import (
    AthleteSeason,
    FaultSeason,
    GroupLine,
    Groups,
    Quantities,
    QuantityName,
    QuantitySeason,
    SessionPoint,
    SessionPoints,
    Trend,
    Usual,
)
from dashboards.api.cursors import Paged, sliced
from dashboards.api.operations import operation
from dashboards.api.people import seen_athlete, seen_athletes
from dashboards.api.sessions import Days
from dashboards.texts.reader import texts
from rowsense.season import athlete as of_athlete
from rowsense.season.changes import LEAST_TREND, SeasonTrend
from rowsense.season.vocabulary import fault_name, quantity_of
from rowsense.store.feelings import to_be_asked
from rowsense.store.scope import ClubScope
from rowsense.store.season import Choice, Group, grouped, known_quantities, percentiles, points

_SUBJECT = "Season"
By = Literal["athlete", "squad", "week", "piece_kind"]
PieceKind = Literal["steady", "intervals", "test", "race", "technique", "warm_up", "other"]
_Share = Annotated[float, Field(gt=0.0, lt=1.0)]
_Quantity = Annotated[str, Field(min_length=1, max_length=100)]


class SeasonDays(Days):
    """Which sessions; what is left out limits nothing."""

    piece_kind: list[PieceKind] = Field([], max_length=7)
    """May be given several times."""


class SeasonAsked(SeasonDays, Paged):
    """What of whom."""

    quantity: _Quantity = "score"
    """One of `/season/quantities`."""
    athlete: list[uuid.UUID] = Field([], max_length=200)
    """May be given several times."""
    squad: uuid.UUID | None = None


class GroupsAsked(SeasonAsked):
    """And in which groups."""

    by: list[By] = Field(["week"], min_length=1)
    """May be given several times."""
    percentile: list[_Share] = Field([], max_length=9)
    """Shares between 0 and 1; may be given several times."""


@operation("GET", "/season/quantities", _SUBJECT, query=Paged, gives=Quantities)
def quantities(asked: Paged) -> Quantities:
    """Everything that a season can be asked about."""
    with store().database.reading(ClubScope(signed_in_viewer().club_id)) as unit:
        here, following = sliced(known_quantities(unit), asked)
    return Quantities(items=[named(one) for one in here], next=following)


@operation("GET", "/season/groups", _SUBJECT, query=GroupsAsked, gives=Groups)
def season_groups(asked: GroupsAsked) -> Groups:
    """A quantity by athlete, squad, week or kind of piece, in the order of the groups."""
    by = list(dict.fromkeys(asked.by))
    choice, squads = choice_of(asked)
    if not choice.athlete_ids:
        return Groups(quantity=named(asked.quantity), items=[], next=None)
    with store().database.reading(ClubScope(signed_in_viewer().club_id)) as unit:
        found = grouped(unit, choice, by)
        shares = percentiles(unit, choice, by, asked.percentile) if asked.percentile else {}
    if "squad" in by:
        place = by.index("squad")
        found = [group for group in found if group.key[place] in squads]
    here, following = sliced(found, asked)
    items = [_group(group, by, shares.get(group.key, ())) for group in here]
    return Groups(quantity=named(asked.quantity), items=items, next=following)


@operation("GET", "/season/sessions", _SUBJECT, query=SeasonAsked, gives=SessionPoints)
def season_sessions(asked: SeasonAsked) -> SessionPoints:
    """A quantity session by session, by day."""
    choice, _ = choice_of(asked)
    if not choice.athlete_ids:
        return SessionPoints(quantity=named(asked.quantity), items=[], next=None)
    with store().database.reading(ClubScope(signed_in_viewer().club_id)) as unit:
        here, following = sliced(points(unit, choice), asked)
    items = [
        SessionPoint(
            session=one.session_id,
            athlete=one.athlete_id,
            analysis=one.analysis_id,
            rowed_on=one.rowed_on,
            stroke_count=one.stroke_count,
            mean=one.mean,
            sd=one.sd,
        )
        for one in here
    ]
    return SessionPoints(quantity=named(asked.quantity), items=items, next=following)


@operation("GET", "/athletes/<uuid:athlete_id>/season", _SUBJECT, query=SeasonDays, gives=AthleteSeason)
def athlete_season(athlete_id: uuid.UUID, asked: SeasonDays) -> AthleteSeason:
    """One rower's season: what is usual for her, and what has clearly changed."""
    athlete, viewer = seen_athlete(athlete_id), signed_in_viewer()
    choice = Choice("score", **_days(asked))
    with store().database.reading(ClubScope(viewer.club_id)) as unit:
        season = of_athlete.athlete_season(unit, athlete_id, choice)
    faults = [
        FaultSeason(
            id=one.fault_id,
            name=fault_name(texts(), one.fault_id),
            session_count=len(one.points),
            shown_in=len(one.shown),
        )
        for one in season.faults
    ]
    told = [_season(one) for one in season.table]
    return AthleteSeason(athlete=Person(id=athlete.id, name=athlete.name), quantities=told, faults=faults)


def choice_of(asked: SeasonAsked) -> tuple[Choice, frozenset[uuid.UUID]]:
    """Of the rowers whom the viewer may see, and the squads that she may know of. Of no rowers nothing may be asked."""
    seen = seen_athletes()
    squads = frozenset(squad.id for one in seen for squad in one.squads)
    of_squad = seen if asked.squad is None else [one for one in seen if asked.squad in {s.id for s in one.squads}]
    wanted = frozenset(asked.athlete)
    athletes = tuple(one.id for one in of_squad if not wanted or one.id in wanted)
    return Choice(asked.quantity, athlete_ids=athletes, **_days(asked)), squads


def _days(asked: SeasonDays) -> dict[str, Any]:
    end = None if asked.until is None or asked.until == date.max else asked.until + timedelta(days=1)
    unasked = to_be_asked(store().database, signed_in_viewer())
    return {"first": asked.since, "end": end, "piece_kinds": tuple(asked.piece_kind), "without": tuple(unasked)}


def named(identifier: str) -> QuantityName:
    """A quantity as programs are told of it."""
    found = quantity_of(identifier)
    return QuantityName(id=found.id, name=found.name(texts()), unit=found.unit)


def _group(group: Group, by: Sequence[str], shares: Sequence[float]) -> GroupLine:
    named = dict(zip(by, group.key, strict=True))
    return GroupLine(
        athlete=named.get("athlete"),
        squad=named.get("squad"),
        week=named.get("week"),
        piece_kind=named.get("piece_kind"),
        session_count=group.session_count,
        stroke_count=group.stroke_count,
        mean=group.mean,
        sd=group.sd,
        session_mean=group.session_mean,
        session_sd=group.session_sd,
        percentiles=list(shares),
    )


def usual_told(usual: of_athlete.Usual | None) -> Usual | None:
    """As programs are told."""
    return None if usual is None else Usual(low=usual.low, middle=usual.middle, high=usual.high)


def trend_told(trend: SeasonTrend) -> Trend:
    """As programs are told; of too few sessions there is none."""
    enough = trend.session_count >= LEAST_TREND
    return Trend(
        change=trend.change if enough else None,
        weeks=trend.weeks,
        detectable_change=trend.detectable_change if enough else None,
        clear=trend.clear,
    )


def _season(one: of_athlete.QuantitySeason) -> QuantitySeason:
    return QuantitySeason(
        quantity=named(one.quantity),
        session_count=len(one.points),
        last=one.last,
        usual=usual_told(one.usual),
        trend=trend_told(one.trend),
    )
