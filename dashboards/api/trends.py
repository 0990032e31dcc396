"""A quantity in the seasons of many rowers, and in squads side by side."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Final

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.people import Person, SquadName
from dashboards.api.answers.season import AthleteTrend, RowerPlace, SquadSpread, SquadSpreads, Trends
from dashboards.api.cursors import sliced
from dashboards.api.operations import operation
from dashboards.api.people import seen_athletes
from dashboards.api.season import SeasonAsked, choice_of, named, trend_told, usual_told
from rowsense.season.athlete import quantity_season
from rowsense.season.squads import SHARES, squad_spreads
from rowsense.store.club_policies import policies_of
from rowsense.store.scope import ClubScope
from rowsense.store.season import Point, points

_SUBJECT: Final = "Season"


@operation("GET", "/season/trends", _SUBJECT, query=SeasonAsked, gives=Trends)
def season_trends(asked: SeasonAsked) -> Trends:
    """A quantity rower by rower: what is usual for each, and whether it has clearly changed."""
    choice, _ = choice_of(asked)
    if not choice.athlete_ids:
        return Trends(quantity=named(asked.quantity), items=[], next=None)
    with store().database.reading(ClubScope(signed_in_viewer().club_id)) as unit:
        hers: dict[uuid.UUID, list[Point]] = defaultdict(list)
        for point in points(unit, choice):
            hers[point.athlete_id].append(point)
    here, following = sliced([one for one in seen_athletes() if one.id in hers], asked)
    items = []
    for athlete in here:
        season = quantity_season(asked.quantity, hers[athlete.id])
        items.append(
            AthleteTrend(
                athlete=Person(id=athlete.id, name=athlete.name),
                session_count=len(season.points),
                last=season.last,
                usual=usual_told(season.usual),
                trend=trend_told(season.trend),
            )
        )
    return Trends(quantity=named(asked.quantity), items=items, next=following)


@operation("GET", "/season/squads", _SUBJECT, query=SeasonAsked, gives=SquadSpreads)
def season_squads(asked: SeasonAsked) -> SquadSpreads:
    """A quantity squad by squad: how all its strokes lie, and where each rower lies in it."""
    choice, _ = choice_of(asked)
    wanted = {one.id: one for one in seen_athletes() if one.id in choice.athlete_ids}
    members: dict[uuid.UUID | None, list[uuid.UUID]] = defaultdict(list)
    squads = {squad.id: squad for one in wanted.values() for squad in one.squads}
    for one in wanted.values():
        hers: list[uuid.UUID | None] = [squad.id for squad in one.squads]
        for key in hers or [None]:
            if asked.squad is None or key == asked.squad:
                members[key].append(one.id)
    order = sorted(members, key=lambda key: (key is None, squads[key].name.casefold() if key else "", str(key)))
    scope = ClubScope(signed_in_viewer().club_id)
    with store().database.reading(scope) as unit:
        found = squad_spreads(unit, choice, {key: members[key] for key in order})
        compared = policies_of(unit, scope).compare_rowers
    here, following = sliced(found, asked)
    items = []
    for spread in here:
        squad = None if spread.squad_id is None else squads[spread.squad_id]
        places = [
            RowerPlace(
                athlete=Person(id=one.athlete_id, name=wanted[one.athlete_id].name),
                mean=one.mean,
                session_count=one.session_count,
                stroke_count=one.stroke_count,
            )
            for one in spread.rowers
        ]
        items.append(
            SquadSpread(
                squad=None if squad is None else SquadName(id=squad.id, name=squad.name),
                stroke_count=spread.stroke_count,
                percentiles=list(spread.strokes),
                rowers=places if compared else [],
            )
        )
    return SquadSpreads(quantity=named(asked.quantity), shares=list(SHARES), items=items, next=following)
