"""Notes that coaches pin to a moment of a session, and what is answered to them.

Who may do what with the session is asked before (:func:`rowsense.store.viewers.may_do`); whose a note is, here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.model.drawing import Drawing
from rowsense.store.access import Viewer
from rowsense.store.database import Database
from rowsense.store.scope import ClubScope
from rowsense.store.seen_notes import SeenNote, may_delete, seen
from rowsense.store.tables import ADMINISTRATOR, AuditEntry, Comment, CommentRead, Video

#: Letters of a note: a page of them [D].
MOST_LETTERS: Final = 2000
#: Notes and answers on one session; a season's camp fits [D].
MOST_NOTES: Final = 300
#: How long a deleted note can be brought back [D].
UNDO_LASTS: Final = timedelta(days=1)
#: A film's length is rounded in its file [D].
_PAST_THE_END_S: Final = 1.0


class NoNoteError(StoreError):
    """There is no such note on this session."""


class NotYoursError(StoreError):
    """The note is somebody else's."""


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note as its author sends it; the key is made by her browser, so that sending twice makes one note."""

    id: uuid.UUID
    text: str
    time_s: float | None = None
    """In the video, from its first frame; None: an answer."""
    stroke: int | None = None
    drawing: Drawing | None = None


def pin(database: Database, viewer: Viewer, session_id: uuid.UUID, note: NewNote) -> SeenNote:
    """Pin a note to a moment.

    Raises
    ------
    StoreError
        Text, moment, drawing or number of notes are beyond the limits.
    """

    def new(unit: Session) -> Comment:
        _check_place(unit, session_id, note)
        row = Comment(id=note.id, session_id=session_id, text=_text(note.text), time_s=note.time_s, stroke=note.stroke)
        if note.drawing is not None:
            row.drawing = note.drawing.document()
        return row

    return _added(database, viewer, session_id, note.id, new)


def answer(database: Database, viewer: Viewer, session_id: uuid.UUID, to: uuid.UUID, note: NewNote) -> SeenNote:
    """Say something to a note; to an answer, it goes to the note that was answered.

    Raises
    ------
    NoNoteError
        There is nothing to answer.
    StoreError
        Text or number of notes are beyond the limits.
    """

    def new(unit: Session) -> Comment:
        asked = _note(unit, session_id, to)
        root = asked.answers_comment_id or asked.id
        return Comment(id=note.id, session_id=session_id, answers_comment_id=root, text=_text(note.text))

    return _added(database, viewer, session_id, note.id, new)


def change(database: Database, viewer: Viewer, session_id: uuid.UUID, key: uuid.UUID, text: str) -> SeenNote:
    """Other words for one's own note.

    Raises
    ------
    NoNoteError, NotYoursError, StoreError
        There is none; it is another's; the words are beyond the limits.
    """
    with database.writing(ClubScope(viewer.club_id)) as unit:
        row = _note(unit, session_id, key)
        if row.author_user_id != viewer.user_id:
            raise NotYoursError("this note is somebody else's; answer to it instead")
        row.text, row.edited_at = _text(text), datetime.now(UTC)
        unit.flush()
        return seen(unit, viewer, [row])[0]


def remove(database: Database, viewer: Viewer, session_id: uuid.UUID, key: uuid.UUID) -> None:
    """Delete a note with its answers; for a day :func:`bring_back` undoes it.

    Raises
    ------
    NoNoteError, NotYoursError
        There is none; it is another's, and ``viewer`` is no administrator.
    """
    with database.writing(ClubScope(viewer.club_id)) as unit:
        _forget(unit)
        row = _note(unit, session_id, key)
        _check_may_delete(viewer, row)
        now = datetime.now(UTC)
        for one in (row, *_answers(unit, row.id)):
            # What was deleted before stays so when this is brought back: moments tell them apart.
            one.deleted_at = one.deleted_at or now
        unit.add(_entry(viewer, "delete", row.id))


def bring_back(database: Database, viewer: Viewer, session_id: uuid.UUID, key: uuid.UUID) -> SeenNote:
    """Undo :func:`remove`; a note that is there stays as it is.

    Raises
    ------
    NoNoteError, NotYoursError
        It is gone for good, or what it answers is deleted; somebody else has deleted it, and ``viewer`` is no
        administrator.
    """
    # Kept also where what comes next is refused.
    with database.writing(ClubScope(viewer.club_id)) as unit:
        _forget(unit)
    with database.writing(ClubScope(viewer.club_id)) as unit:
        row = unit.get(Comment, key)
        if row is None or row.session_id != session_id:
            raise NoNoteError("this note is gone for good; write it again")
        moment = row.deleted_at
        if moment is None:
            return seen(unit, viewer, [row])[0]
        root = unit.get(Comment, row.answers_comment_id) if row.answers_comment_id is not None else None
        if root is not None and root.deleted_at is not None:
            raise NoNoteError("the note that this answers is deleted; it comes back with that one, or not at all")
        _check_may_bring_back(unit, viewer, key)
        for one in (row, *_answers(unit, row.id)):
            if one.deleted_at == moment:
                one.deleted_at = None
        unit.add(_entry(viewer, "bring_back", row.id))
        unit.flush()
        return seen(unit, viewer, [row])[0]


def mark_read(database: Database, viewer: Viewer, session_id: uuid.UUID, until: datetime) -> None:
    """Remember that she has read what was written up to ``until``; never takes anything back."""
    until = min(until, datetime.now(UTC))
    try:
        with database.writing(ClubScope(viewer.club_id)) as unit:
            _forget(unit)
            known = unit.get(CommentRead, (session_id, viewer.user_id))
            if known is None:
                unit.add(CommentRead(session_id=session_id, user_id=viewer.user_id, read_until=until))
            else:
                known.read_until = max(known.read_until, until)
    except IntegrityError:
        # Two of her pages at once, or the session went: the mark is there, or not wanted.
        return


def _added(
    database: Database, viewer: Viewer, session_id: uuid.UUID, key: uuid.UUID, new: Callable[[Session], Comment]
) -> SeenNote:
    """Add a note, once: what was sent before and did not seem to arrive is given back as it is."""
    try:
        with database.writing(ClubScope(viewer.club_id)) as unit:
            row = unit.get(Comment, key)
            if row is None:
                _forget(unit)
                _check_room(unit, session_id)
                row = new(unit)
                row.author_user_id = viewer.user_id
                unit.add(row)
                unit.flush()
            elif (row.author_user_id, row.session_id) != (viewer.user_id, session_id):
                raise StoreError(_TAKEN)
            return seen(unit, viewer, [row])[0]
    except IntegrityError as error:
        raise StoreError(_TAKEN) from error


_TAKEN: Final = "a note of this key is there already; load the page again"


def _note(unit: Session, session_id: uuid.UUID, key: uuid.UUID) -> Comment:
    row = unit.get(Comment, key)
    if row is None or row.session_id != session_id or row.deleted_at is not None:
        raise NoNoteError("this note is not there any more; load the page again")
    return row


def _answers(unit: Session, key: uuid.UUID) -> Sequence[Comment]:
    return unit.scalars(select(Comment).where(Comment.answers_comment_id == key)).all()


def _check_may_delete(viewer: Viewer, row: Comment) -> None:
    if not may_delete(viewer, row):
        raise NotYoursError("this note is somebody else's; she or an administrator can delete it")


def _check_may_bring_back(unit: Session, viewer: Viewer, key: uuid.UUID) -> None:
    """What an administrator has deleted its author does not bring back."""
    told = select(AuditEntry).where(
        AuditEntry.subject_kind == "comments", AuditEntry.subject_id == key, AuditEntry.action == "delete"
    )
    last = unit.scalars(told.order_by(AuditEntry.at.desc()).limit(1)).first()
    if viewer.role != ADMINISTRATOR and (last is None or last.actor_user_id != viewer.user_id):
        raise NotYoursError("somebody else has deleted this note; she or an administrator can bring it back")


def _text(written: str) -> str:
    # PostgreSQL takes no NUL.
    text = written.replace("\x00", "").strip()
    if not text:
        raise StoreError("write something; a note needs a word or two")
    if len(text) > MOST_LETTERS:
        raise StoreError(f"this note has {len(text)} letters; {MOST_LETTERS} fit, so write two")
    return text


def _check_place(unit: Session, session_id: uuid.UUID, note: NewNote) -> None:
    video = unit.scalar(select(Video).where(Video.session_id == session_id))
    if note.time_s is None or note.time_s < 0 or (video and note.time_s > video.duration_s + _PAST_THE_END_S):
        raise StoreError("this moment is not in the film; load the page again")
    if note.drawing is not None and video and not note.drawing.within(video.width_px, video.height_px):
        raise StoreError("the drawing leaves the picture; draw it again")


def _check_room(unit: Session, session_id: uuid.UUID) -> None:
    there = Comment.session_id == session_id, Comment.deleted_at.is_(None)
    count = unit.scalar(select(func.count()).select_from(Comment).where(*there)) or 0
    if count >= MOST_NOTES:
        raise StoreError(f"there are {count} notes on this session already; delete some first")


def _forget(unit: Session) -> None:
    """Take away for good what cannot be brought back any more."""
    unit.execute(delete(Comment).where(Comment.deleted_at < datetime.now(UTC) - UNDO_LASTS))


def _entry(viewer: Viewer, action: str, key: uuid.UUID) -> AuditEntry:
    return AuditEntry(actor_user_id=viewer.user_id, action=action, subject_kind="comments", subject_id=key)
