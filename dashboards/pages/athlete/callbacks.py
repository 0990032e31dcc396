"""An athlete's page for who looks. Plain functions, so that a test can call them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.pages.athlete import layout
from dashboards.pages.athlete.facts import AthleteFacts, looked_into
from dashboards.pages.athlete.view_model import MOST, MOST_OF_ALL, athlete_page
from dashboards.pages.club.callbacks import ADDRESS as CLUB
from dashboards.pages.club.view_model import names_of
from dashboards.pages.filters import Filters, filter_form, filters_of
from dashboards.pages.season_words import quantity_options
from dashboards.texts.reader import texts
from rowsense.season.athlete import athlete_season
from rowsense.season.exposure import exposures
from rowsense.season.standing import season_words
from rowsense.season.triage import Need, read_triage
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import hides_names
from rowsense.store.feelings import to_be_asked
from rowsense.store.own_calibrations import calibrations_of
from rowsense.store.scope import ClubScope
from rowsense.store.season_of import (
    analysed_of,
    calibration_days,
    kinds_of,
    measured_in,
    session_cards,
    set_ups,
    span_of,
    strokes_of,
)
from rowsense.store.seen_athletes import athlete_for, athletes_for
from rowsense.store.tables import ATHLETE, PIECE_KINDS
from rowsense.store.tried_notes import tried_of

ADDRESS: Final = "/athlete/"
#: Sessions whose quantities can be chosen.
_LOOKED_AT: Final = 3


def show_athlete(pathname: str, search: str) -> Any:
    """The page at its address; None anywhere else."""
    if not pathname.startswith(ADDRESS):
        return None
    try:
        athlete_id = uuid.UUID(pathname.removeprefix(ADDRESS))
    except ValueError:
        return layout.not_here(texts())
    return content(store(), signed_in_viewer(), athlete_id, filters_of(search), datetime.now(UTC).date())


def content(shelf: ClubStore, viewer: Viewer, athlete_id: uuid.UUID, filters: Filters, today: date) -> Any:
    """What ``viewer`` is shown of one rower; of one who is not hers the same as of nobody."""
    t, unasked = texts(), to_be_asked(shelf.database, viewer)
    with shelf.database.reading(ClubScope(viewer.club_id)) as unit:
        athlete = athlete_for(unit, viewer, athlete_id)
        if athlete is None:
            return layout.not_here(texts())
        name, settled = athlete.name, hides_names(unit, viewer)
        filters = replace(filters, names_hidden=filters.names_hidden or settled)
        if filters.names_hidden:
            name = names_of(t, athletes_for(unit, viewer), hidden=True)[athlete_id]
        choice = replace(filters.choice(today), without=tuple(unasked))
        cards, session_count = session_cards(unit, athlete_id, choice, MOST_OF_ALL if filters.every else MOST)
        span = span_of(unit, athlete_id)
        season = athlete_season(unit, athlete_id, choice)
        into = looked_into(season.sessions, filters.session)
        end = filters.days(today)[1]
        triage = read_triage(unit, [athlete_id], end, choice.piece_kinds, unasked, choice.rates_spm)
        facts = AthleteFacts(
            athlete_id=athlete_id,
            name=name,
            squads=tuple(squad.name for squad in athlete.squads),
            reasons=_reasons((*triage.first, *triage.better)),
            season=season,
            cards=tuple(cards),
            session_count=session_count,
            span=span,
            calibrations=tuple(calibration_days(unit, athlete_id)),
            set_ups=tuple(set_ups(unit, athlete_id)),
            strokes=() if into is None else tuple(strokes_of(unit, into.point.analysis_id, filters.quantity)),
            tried=tuple(tried_of(unit, athlete_id, unasked)),
            exposures=exposures(unit, athlete_id, choice),
            unasked=tuple(analysed_of(unit, unasked)),
            known=tuple(calibrations_of(unit, athlete_id)),
        )
        known = measured_in(unit, [card.analysis_id for card in cards[:_LOOKED_AT]])
        kinds = kinds_of(unit, [athlete_id])
        standing = season_words(t, unit, athlete_id)
    page = athlete_page(t, facts, filters)
    page = replace(page, lead=f"{page.lead} {standing}".strip())
    back = "" if viewer.role == ATHLETE else f"{CLUB}{replace(filters, session=None, every=False).but()}"
    if not span.count:
        return layout.teaching(t, page, back)
    form = filter_form(
        t,
        filters,
        quantity_options(t, known, filters.quantity),
        [k for k in PIECE_KINDS if k in kinds],
        names_settled=settled,
    )
    return layout.athlete(t, page, form, back)


def _reasons(needs: tuple[Need, ...]) -> Any:
    return tuple(reason for need in needs for reason in need.reasons)
