"""The notes of a session over HTTP, as JSON. Who gets this far may see the session; the rest is asked here."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from dashboards.accounts.offers import mails
from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.notes.club import ClubRemarks, session_id
from dashboards.notes.reading import MOST_BYTES, UnreadableError, moment_in, new_note, note_json, text_in
from dashboards.remarks import bell
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal_sentence
from rowsense.errors import StoreError
from rowsense.store import notes as kept
from rowsense.store.access import Action
from rowsense.store.outbox import tell_of_note
from rowsense.store.seen_notes import notes_of
from rowsense.store.viewers import may_do

notes = Blueprint("notes", __name__)
_log = logging.getLogger("rowsense.notes")
Answer = Response | tuple[Response, int]


@notes.get("/notes/<string:key>")
def listed(key: str) -> Response:
    """All notes of a session, and what the viewer may do."""
    database, viewer, session = store().database, signed_in_viewer(), session_id(key)
    return jsonify(
        me=str(viewer.user_id),
        may_pin=may_do(database, viewer, Action.PIN, session),
        most_letters=kept.MOST_LETTERS,
        notes=[note_json(note) for note in notes_of(database, viewer, session)],
    )


@notes.post("/notes/<string:key>")
def pin(key: str) -> Response:
    """Pin a note to a moment."""
    made = kept.pin(store().database, signed_in_viewer(), session_id(key), new_note(_sent()))
    _tell(key)
    return jsonify(note_json(made))


@notes.post("/notes/<string:key>/<uuid:note>/answers")
def answer(key: str, note: uuid.UUID) -> Response:
    """Answer to a note."""
    made = kept.answer(store().database, signed_in_viewer(), session_id(key), note, new_note(_sent()))
    _tell(key)
    return jsonify(note_json(made))


@notes.patch("/notes/<string:key>/<uuid:note>")
def change(key: str, note: uuid.UUID) -> Response:
    """Other words for a note."""
    made = kept.change(store().database, signed_in_viewer(), session_id(key), note, text_in(_sent()))
    return jsonify(note_json(made))


@notes.delete("/notes/<string:key>/<uuid:note>")
def remove(key: str, note: uuid.UUID) -> Response:
    """Delete a note with its answers."""
    kept.remove(store().database, signed_in_viewer(), session_id(key), note)
    return jsonify(deleted=str(note))


@notes.post("/notes/<string:key>/<uuid:note>/bring-back", endpoint="bring_back")
def bring_back(key: str, note: uuid.UUID) -> Response:
    """Undo the deletion."""
    kept.bring_back(store().database, signed_in_viewer(), session_id(key), note)
    return listed(key)


@notes.post("/notes/<string:key>/read")
def read(key: str) -> Response:
    """The viewer has read up to a moment; what is left to read is the answer."""
    kept.mark_read(store().database, signed_in_viewer(), session_id(key), moment_in(_sent()))
    return unread()


@notes.get("/unread-notes")
def unread() -> Response:
    """The mark in the head of the page."""
    mark = bell(ClubRemarks())
    return jsonify(count=mark.count, words=mark.words, to=mark.to)


@notes.after_request
def _kept_by_nobody(answer: Response) -> Response:
    answer.cache_control.no_store = True
    return answer


@notes.errorhandler(StoreError)
def _refused(error: StoreError) -> Answer:
    t = texts()
    # What begins with the name of a field is for programs; a person is told so once it reaches her.
    words = t("notes.unreadable", why=error) if isinstance(error, UnreadableError) else refusal_sentence(t, error)
    kinds: Mapping[type[StoreError], int] = {kept.NoNoteError: 404, kept.NotYoursError: 403, UnreadableError: 400}
    return jsonify(error=words), kinds.get(type(error), 422)


def _tell(key: str) -> None:
    """By mail, where there is any. The note is kept already: whatever goes wrong here does not take it back."""
    if mails():
        try:
            tell_of_note(store().database, signed_in_viewer(), session_id(key))
        except Exception:
            _log.exception("nobody is told of a note by mail")


def _sent() -> dict[str, Any]:
    if (request.content_length or 0) > MOST_BYTES:
        raise UnreadableError(f"this is larger than {MOST_BYTES >> 10} kB; draw less, or write two notes")
    try:
        sent = request.get_json(silent=True)
    except RecursionError:
        sent = None
    if not isinstance(sent, dict):
        raise UnreadableError("send a JSON object")
    return sent
