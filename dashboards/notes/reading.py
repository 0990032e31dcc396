"""Notes as JSON: what a browser sends, checked, and what it is sent."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from dashboards.accounts.library import writer_name
from dashboards.texts.reader import texts
from rowsense.errors import StoreError
from rowsense.model.drawing import Drawing, read_drawing
from rowsense.store.notes import NewNote
from rowsense.store.seen_notes import SeenNote

#: A full drawing and a full page of text fit [D].
MOST_BYTES: Final = 256 << 10
_MOST_STROKES: Final = 100_000


class UnreadableError(StoreError):
    """What was sent is no note."""


def new_note(sent: Mapping[str, Any]) -> NewNote:
    """A note or an answer.

    Raises
    ------
    UnreadableError
        Something is missing, or is not what it should be.
    """
    stroke, time_s = sent.get("stroke"), sent.get("time_s")
    if stroke is not None and not (type(stroke) is int and 0 <= stroke < _MOST_STROKES):
        raise UnreadableError("stroke: give its number from 0, or null")
    if time_s is not None and not (type(time_s) in (int, float) and abs(time_s) < 1e7 and math.isfinite(time_s)):
        raise UnreadableError("time_s: give the seconds from the film's first frame")
    return NewNote(_key(sent.get("id")), text_in(sent), _float(time_s), stroke, _drawing(sent.get("drawing")))


def text_in(sent: Mapping[str, Any]) -> str:
    """The words of a note.

    Raises
    ------
    UnreadableError
        There are none.
    """
    text = sent.get("text")
    # Half of a pair is no letter, and no database keeps it.
    if not isinstance(text, str) or not _is_sound(text):
        raise UnreadableError("text: give the words of the note")
    return text


def moment_in(sent: Mapping[str, Any]) -> datetime:
    """Up to when somebody has read.

    Raises
    ------
    UnreadableError
        It is no moment.
    """
    try:
        moment = datetime.fromisoformat(str(sent.get("until")))
        return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise UnreadableError("until: give a moment as 2026-03-01T17:30:00Z") from None


def note_json(note: SeenNote) -> dict[str, Any]:
    """A note as the page wants it; times are UTC, null is not known."""
    row = note.row
    return {
        "id": str(row.id),
        "answers": str(row.answers_comment_id) if row.answers_comment_id is not None else None,
        "author": writer_name(note.rower, note.author) or texts()("notes.somebody_gone"),
        "mine": note.is_mine,
        "may_delete": note.may_delete,
        "new": note.is_new,
        "text": row.text,
        "stroke": row.stroke,
        "time_s": row.time_s,
        "drawing": row.drawing,
        "created_at": row.created_at.isoformat(),
        "edited_at": row.edited_at.isoformat() if row.edited_at is not None else None,
    }


def _drawing(sent: object) -> Drawing | None:
    try:
        return None if sent is None else read_drawing(sent)
    except ValueError as error:
        raise UnreadableError(f"drawing: {error}") from None


def _key(sent: object) -> uuid.UUID:
    try:
        return uuid.UUID(sent) if isinstance(sent, str) else uuid.uuid4()
    except ValueError:
        raise UnreadableError("id: give a UUID, or none") from None


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _is_sound(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
