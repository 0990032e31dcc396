"""The club's page for who looks. Plain functions, so that a test can call them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.pages.club import layout
from dashboards.pages.club.view_model import ClubFacts, club_page, members_of, names_of, squad_options
from dashboards.pages.filters import Filters, filter_form, filters_of
from dashboards.pages.season_words import quantity_options
from dashboards.texts.reader import texts
from rowsense.season.squads import squad_spreads
from rowsense.season.standing import season_words
from rowsense.season.triage import read_triage
from rowsense.store.access import Action, Kind, Thing, Viewer, may
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import hides_names, policies_of
from rowsense.store.people import club_name
from rowsense.store.scope import ClubScope
from rowsense.store.season_of import kinds_of
from rowsense.store.seen_athletes import athletes_for
from rowsense.store.tables import ADMINISTRATOR, PIECE_KINDS

ADDRESS = "/club"


def show_club(pathname: str, search: str) -> Any:
    """The page at its address; None anywhere else."""
    if pathname.rstrip("/") != ADDRESS:
        return None
    return content(store(), signed_in_viewer(), filters_of(search), datetime.now(UTC).date())


def content(shelf: ClubStore, viewer: Viewer, filters: Filters, today: date) -> Any:
    """What ``viewer`` is shown; nothing but her own squads' rowers is asked for."""
    t = texts()
    if not may(viewer, Action.SEE, Thing(Kind.SQUADS, club_id=viewer.club_id)):
        return layout.for_coaches_only(t)
    with shelf.database.reading(ClubScope(viewer.club_id)) as unit:
        policies = policies_of(unit, ClubScope(viewer.club_id))
        settled = hides_names(unit, viewer)
        # In the address too: what a number leads to names nobody either.
        filters = replace(filters, names_hidden=filters.names_hidden or settled)
        everybody = athletes_for(unit, viewer)
        if not everybody:
            return layout.nobody_yet(t, may_invite=viewer.role == ADMINISTRATOR)
        squads = members_of(everybody, filters.squad)
        inside = {key for members in squads.values() for key in members}
        athletes = everybody if filters.squad is None else tuple(a for a in everybody if a.id in inside)
        keys = [athlete.id for athlete in athletes]
        kinds = kinds_of(unit, [athlete.id for athlete in everybody])
        choice = filters.choice(today)
        facts = ClubFacts(
            club=club_name(unit, viewer.club_id),
            athletes=athletes,
            names=names_of(t, everybody, hidden=filters.names_hidden),
            triage=read_triage(unit, keys, filters.days(today)[1], choice.piece_kinds, (), choice.rates_spm),
            spreads=squad_spreads(unit, choice, squads),
            compared=policies.compare_rowers,
            standing=season_words(t, unit),
        )
    form = filter_form(
        t,
        filters,
        quantity_options(t, None, filters.quantity),
        [kind for kind in PIECE_KINDS if kind in kinds],
        squad_options(everybody),
        names_settled=settled,
    )
    return layout.club(t, club_page(t, facts, filters, today), form)
