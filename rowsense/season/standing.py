"""What other pages say about the catalogue: by which version a session was judged, and how many by an older one."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from rowsense.store.catalogues import current_catalogue, judged, judged_by, same_numbers
from rowsense.texts.texts import Texts


def session_words(t: Texts, unit: Session, session_id: uuid.UUID) -> str:
    """Of one session; empty where the club has never changed anything."""
    now, number = current_catalogue(unit), judged_by(unit, session_id)
    if number is None or not now.number:
        return ""
    kind = "own" if number else "plain"
    if number in same_numbers(unit, now):
        return t(f"season.judged.{kind}", number=number)
    return t(f"season.judged_older.{kind}", number=number, now=now.number)


def season_words(t: Texts, unit: Session, athlete_id: uuid.UUID | None = None) -> str:
    """Of the club or of one rower; empty where all stands as the newest version judges."""
    if not current_catalogue(unit).number:
        return ""
    found = judged(unit, athlete_id)
    if not found.older:
        return ""
    return t("season.judged_older.sessions", n=found.older, all=found.older + found.current)
