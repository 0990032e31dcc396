"""The page for who looks. Plain functions, so that a test can call them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.pages.club.view_model import names_of
from dashboards.pages.seasons import layout
from dashboards.pages.seasons.asked import PATH, Asked, asked_for
from dashboards.pages.seasons.layout import Chooser
from dashboards.pages.seasons.view_model import quick_ways, seasons_page
from dashboards.texts.reader import texts
from rowsense.season.two_seasons import two_seasons
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import hides_names, policies_of
from rowsense.store.feelings import to_be_asked
from rowsense.store.scope import ClubScope
from rowsense.store.season import points
from rowsense.store.season_of import kinds_of
from rowsense.store.seen_athletes import athletes_for
from rowsense.store.tables import PIECE_KINDS


def show_seasons(pathname: str, search: str) -> Any:
    """The page at its address; None anywhere else."""
    if pathname.rstrip("/") != PATH:
        return None
    return content(store(), signed_in_viewer(), asked_for(search), datetime.now(UTC).date())


def content(shelf: ClubStore, viewer: Viewer, asked: Asked, today: date) -> Any:
    """What ``viewer`` is shown; of rowers who are not hers the same as of nobody."""
    t, scope = texts(), ClubScope(viewer.club_id)
    unasked = tuple(to_be_asked(shelf.database, viewer))
    with shelf.database.reading(scope) as unit:
        settled = hides_names(unit, viewer)
        asked = replace(asked, names_hidden=asked.names_hidden or settled)
        athletes = athletes_for(unit, viewer)
        if not athletes:
            return layout.nobody(t)
        names = names_of(t, athletes, hidden=asked.names_hidden)
        if asked.first is None and len(athletes) == 1:
            asked = replace(asked, first=athletes[0].id)
        compares = policies_of(unit, scope).compare_rowers
        kinds = kinds_of(unit, list(names))
        chooser = Chooser(
            asked=asked,
            rowers=tuple((str(key), name) for key, name in names.items()),
            two=compares and len(athletes) > 1,
            kinds=[kind for kind in PIECE_KINDS if kind in kinds],
            names_settled=settled,
            quick=quick_ways(t, asked, today) if asked.first in names else (),
        )
        if asked.first is None:
            return layout.seasons(t, chooser, None)
        if any(rower not in names for rower in asked.rowers):
            return layout.seasons(t, replace(chooser, quick=()), None, t("seasons.problem.not_here"))
        if not asked.one_rower and not compares:
            return layout.seasons(t, chooser, None, t("seasons.problem.themselves_only"))
        choices = asked.choices(today, unasked)
        found = two_seasons(unit, *choices)
        sessions = points(unit, choices[0]), points(unit, choices[1])
    called = tuple(names[rower] for rower in asked.rowers if rower is not None)
    return layout.seasons(t, chooser, seasons_page(t, asked, (called[0], called[1]), found, sessions, today))
