"""What happens when the address changes. Plain functions, so that a test can call them."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output

from dashboards.ids import Id
from dashboards.library import Library, library, wanted_here
from dashboards.listing import Wanted
from dashboards.pages.addresses import page_at
from dashboards.pages.sessions import layout
from dashboards.pages.sessions.view_model import (
    fault_asked,
    numbers_only,
    session_key,
    session_page,
    session_row,
    stroke_asked,
)
from dashboards.remarks import remarks
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal
from rowsense.errors import RowSenseError
from rowsense.store.behind import EVERY
from rowsense.texts.texts import Texts


def register(app: Dash) -> None:
    """Connect the callbacks to one app; Dash's global registry would serve only the first app of a process."""
    address = Input(Id.ADDRESS, "pathname"), Input(Id.ADDRESS, "search")
    app.callback(Output(Id.CONTENT, "children"), *address)(show_address)
    for place in (Id.PLAYER, Id.COMPARE):
        app.clientside_callback(ClientsideFunction("rowsense", "mount"), Output(place, "title"), Input(place, "id"))


def show_address(pathname: str | None, search: str | None = None) -> Any:
    """The content of the page at ``pathname``; ``search``: what follows the question mark, with it."""
    found = page_at(pathname, search)
    return content(library(), pathname, search) if found is None else found


def content(shelf: Library, pathname: str | None, search: str | None = None) -> Any:
    """The list of sessions, one session, or a sentence about why it cannot be shown."""
    t, key = texts(), session_key(pathname)
    if not key:
        unread, asked = remarks().unread(), remarks().to_be_asked()
        wanted = wanted_here(shelf, search)
        found = shelf.listed(wanted)
        numbers = shelf.numbers() if wanted.names_hidden else None
        rows = [session_row(t, e, unread.get(e.key, 0), numbers, ask_first=e.key in asked) for e in found.entries]
        return layout.session_list(t, rows, shelf, wanted, found, _only(t, wanted))
    if key in remarks().to_be_asked():
        # Only a club's server asks, and only with it comes what the form needs.
        from dashboards.pages.sessions.first_question import first_question

        return first_question(t, key)
    try:
        if numbers_only(shelf, key):
            return layout.numbers_only(t)
        hidden = wanted_here(shelf, search).names_hidden
        page = session_page(t, shelf, key, stroke_asked(search), fault_asked(search), names_hidden=hidden)
    except RowSenseError as error:
        return layout.problem(t, t("sessions.unreadable"), refusal(t, error))
    if page is None:
        return layout.problem(t, t("sessions.none"), t("sessions.none_why"))
    return [*layout.session(t, page), *layout.judged_by(shelf.judged(key))]


def _only(t: Texts, wanted: Wanted) -> str:
    """What the list is narrowed to; empty: nothing is left out."""
    if wanted.behind == EVERY:
        return ""
    # Only a club's server narrows it, and only with it comes what the words need.
    from dashboards.pages.sessions.behind_words import behind_words

    return behind_words(t, wanted.behind)
