"""What happens when the address changes. Plain functions, so that a test can call them."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output

from dashboards.ids import Id
from dashboards.library import Library, library
from dashboards.pages.sessions import layout
from dashboards.pages.sessions.view_model import session_key, session_page, session_row
from dashboards.remarks import remarks
from rowsense.errors import RowSenseError


def register(app: Dash) -> None:
    """Connect the callbacks to one app; Dash's global registry would serve only the first app of a process."""
    app.callback(Output(Id.CONTENT, "children"), Input(Id.ADDRESS, "pathname"))(show_address)
    app.clientside_callback(ClientsideFunction("rowsense", "mount"), Output(Id.PLAYER, "title"), Input(Id.PLAYER, "id"))


def show_address(pathname: str | None) -> Any:
    """The content of the page at ``pathname``."""
    return content(library(), pathname)


def content(shelf: Library, pathname: str | None) -> Any:
    """The list of sessions, one session, or a sentence about why it cannot be shown."""
    key = session_key(pathname)
    if not key:
        unread, asked = remarks().unread(), remarks().to_be_asked()
        rows = [session_row(e, unread.get(e.key, 0), ask_first=e.key in asked) for e in shelf.entries()]
        return layout.session_list(rows, shelf)
    if key in remarks().to_be_asked():
        # Only a club's server asks, and only with it comes what the form needs.
        from dashboards.pages.sessions.first_question import first_question

        return first_question(key)
    try:
        page = session_page(shelf, key)
    except RowSenseError as error:
        return layout.problem("This session cannot be read", str(error))
    if page is None:
        return layout.problem("There is no session of this name", "It may have been moved or deleted.")
    return layout.session(page)
