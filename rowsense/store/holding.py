"""One after the other: what looks for a row and adds it where there is none, done by two at the same moment.

SQLite has one writer anyway. With PostgreSQL both would find none, whichever servers they ask.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.store.tables import Club


def hold_club(unit: Session, club_id: uuid.UUID) -> None:
    """Wait until nobody else holds the club, and hold it until the transaction is over; rows of it can be added."""
    unit.scalar(select(Club.id).where(Club.id == club_id).with_for_update(key_share=True))
