"""What happens when the address changes. Plain functions, so that a test can call them."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output

from dashboards.ids import Id
from dashboards.library import Library, library
from dashboards.pages.addresses import page_at
from dashboards.pages.sessions import layout
from dashboards.pages.sessions.view_model import numbers_only, session_key, session_page, session_row, stroke_asked
from rowsense.errors import RowSenseError


def register(app: Dash) -> None:
    """Connect the callbacks to one app; Dash's global registry would serve only the first app of a process."""
    address = Input(Id.ADDRESS, "pathname"), Input(Id.ADDRESS, "search")
    app.callback(Output(Id.CONTENT, "children"), *address)(show_address)
    app.clientside_callback(ClientsideFunction("rowsense", "mount"), Output(Id.PLAYER, "title"), Input(Id.PLAYER, "id"))


def show_address(pathname: str | None, search: str | None = None) -> Any:
    """The content of the page at ``pathname``; ``search``: what follows the question mark, with it."""
    found = page_at(pathname, search)
    return content(library(), pathname, search) if found is None else found


def content(shelf: Library, pathname: str | None, search: str | None = None) -> Any:
    """The list of sessions, one session, or a sentence about why it cannot be shown."""
    key = session_key(pathname)
    if not key:
        return layout.session_list([session_row(e) for e in shelf.entries()], shelf)
    if numbers_only(shelf, key):
        return layout.numbers_only()
    try:
        page = session_page(shelf, key, stroke_asked(search))
    except RowSenseError as error:
        return layout.problem("This session cannot be read", str(error))
    if page is None:
        return layout.problem("There is no session of this name", "It may have been moved or deleted.")
    return layout.session(page)
