"""Who did what in the club: a page for its administrators, and the same as a table."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.cursors import CursorError, cursor_of, moment, place_in
from dashboards.history.view_model import history_page, table_lines
from dashboards.texts.reader import texts
from rowsense.errors import StoreError
from rowsense.store.audit import KINDS, NOBODY, Asked, Entry, actors, all_entries, entries
from rowsense.store.scope import ClubScope

history = Blueprint("history", __name__)
_PAGE: Final = 50


@history.get("/people/history")
def show() -> str | AnyResponse:
    """What was done, the newest first."""
    place = request.args.get("before", "")
    try:
        asked = asked_for(request.args.get("kind", ""), request.args.get("by", ""), place, _PAGE + 1)
    except (CursorError, StoreError):
        return redirect(url_for("history.show"))
    found = entries(store().database, _scope(), asked)
    page = history_page(
        texts(),
        found[:_PAGE],
        actors(store().database, _scope()),
        asked.kind,
        str(asked.by or ""),
        place_of(found[_PAGE - 1]) if len(found) > _PAGE else "",
        not place,
    )
    return render_template("history/history.html", page=page, kind=asked.kind, by=asked.by or "")


@history.get("/people/history.csv")
def table() -> Response | AnyResponse:
    """All of it, narrowed as the page is."""
    try:
        asked = asked_for(request.args.get("kind", ""), request.args.get("by", ""))
    except (CursorError, StoreError):
        return redirect(url_for("history.table"))
    lines = table_lines(all_entries(store().database, _scope(), asked))
    answer = Response(stream_with_context(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=history.csv"
    return answer


def asked_for(kind: str, by: str, place: str = "", most: int = _PAGE) -> Asked:
    """Which entries an address asks for.

    Raises
    ------
    StoreError, CursorError
        It was not made here.
    """
    if kind and kind not in KINDS:
        raise StoreError("there is no such kind of entry; choose one of the list")
    who: uuid.UUID | str | None = by or None
    if by and by != NOBODY:
        try:
            who = uuid.UUID(by)
        except ValueError:
            raise CursorError("this is no key of a person") from None
    before = None
    if place:
        at, key = place_in(place, moment, uuid.UUID)
        before = at, key
    return Asked(kind, who, before, most)


def place_of(entry: Entry) -> str:
    """Where the entries after this one begin, as a word."""
    return cursor_of([entry.at.isoformat(), str(entry.id)])


def _scope() -> ClubScope:
    return ClubScope(signed_in_viewer().club_id)
