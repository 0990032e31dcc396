"""What was tried: notes that begin with a mark, of one athlete's sessions."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.store.tables import Comment, TrainingSession

#: A note that begins with it says what is tried from then on. It is part of the text, so it goes wherever notes go:
#: into exports, through the API, and away when somebody takes it out of the note.
TRIED: Final = "#tried"


@dataclass(frozen=True, slots=True)
class TriedNote:
    """What somebody wants to try, or to have tried."""

    day: date
    session_id: uuid.UUID
    stroke: int | None
    """Which the note is pinned to, from 0."""
    words: str
    """First line of the note without the mark; empty: nothing more was said."""


def tried_words(text: str) -> str | None:
    """What a note says is tried; None: it says nothing of the kind."""
    begin, rest = text[: len(TRIED)], text[len(TRIED) :]
    if begin.casefold() != TRIED or rest[:1].isalnum():
        return None
    return next(iter(rest.lstrip(" :,-").splitlines()), "").strip()


def tried_of(unit: Session, athlete_id: uuid.UUID, without: Collection[uuid.UUID] = ()) -> list[TriedNote]:
    """Of all her sessions, by day; ``without``: sessions that are left out."""
    asked = (
        select(TrainingSession.rowed_on, TrainingSession.id, Comment.stroke, Comment.text)
        .join(Comment, Comment.session_id == TrainingSession.id)
        .where(
            TrainingSession.athlete_id == athlete_id,
            Comment.deleted_at.is_(None),
            Comment.text.istartswith(TRIED, autoescape=True),
        )
        .order_by(TrainingSession.rowed_on, Comment.created_at)
    )
    return [
        TriedNote(day, key, stroke, words)
        for day, key, stroke, text in unit.execute(asked)
        if key not in without and (words := tried_words(text)) is not None
    ]


def cues_in(unit: Session, session_id: uuid.UUID) -> list[tuple[float, str]]:
    """What notes say is tried from a moment of one session's film on: the moment, and the words; by time."""
    asked = (
        select(Comment.time_s, Comment.text)
        .where(
            Comment.session_id == session_id,
            Comment.deleted_at.is_(None),
            Comment.time_s.is_not(None),
            Comment.text.istartswith(TRIED, autoescape=True),
        )
        .order_by(Comment.time_s)
    )
    found = ((time_s, tried_words(text)) for time_s, text in unit.execute(asked))
    return [(time_s, words) for time_s, words in found if words is not None and time_s is not None]
