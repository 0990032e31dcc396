"""What other pages say about the catalogue: by which version a session was judged, and how many by an older one."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from rowsense.store.catalogues import current_catalogue, judged, judged_by, same_numbers


def session_words(unit: Session, session_id: uuid.UUID) -> str:
    """Of one session; empty where the club has never changed anything."""
    now, number = current_catalogue(unit), judged_by(unit, session_id)
    if number is None or not now.number:
        return ""
    which = f"version {number} of your club's catalogue" if number else "the catalogue as RowSense comes with it"
    if number in same_numbers(unit, now):
        return f"Judged by {which}."
    return f"Judged by {which}. Version {now.number} holds now: this session was not judged again by it yet."


def season_words(unit: Session, athlete_id: uuid.UUID | None = None) -> str:
    """Of the club or of one rower; empty where all stands as the newest version judges."""
    if not current_catalogue(unit).number:
        return ""
    found = judged(unit, athlete_id)
    if not found.older:
        return ""
    verb = "stands" if found.older == 1 else "stand"
    return f"{found.older} of {found.older + found.current} sessions still {verb} as an older catalogue judged."
