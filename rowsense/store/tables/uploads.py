"""Films on their way in: what has been sent, what it is, and whose session it becomes."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import (
    Base,
    ClubOwned,
    Dated,
    Identified,
    Name,
    Word,
    not_blank,
    one_of,
    same_club,
    within,
)

RECEIVING: Final = "receiving"
CHECKING: Final = "checking"
"""All of it is here; it is being looked at."""
READY: Final = "ready"
"""It is a film; nobody has said yet who is in it."""
REFUSED: Final = "refused"
"""``problem`` says why; its bytes are gone."""
CLAIMED: Final = "claimed"
"""It belongs to a session; how far its analysis is, is in ``jobs``."""
#: What was found of the file itself, as :class:`rowsense.store.tables.Video` keeps it.
FILM_FACTS: Final = ("sha256", "codec", "duration_s", "fps", "width_px", "height_px")
UPLOAD_STATES: Final = (RECEIVING, CHECKING, READY, REFUSED, CLAIMED)


def _claimed_with_session() -> CheckConstraint:
    return CheckConstraint("(state = 'claimed') = (session_id IS NOT NULL)", name="session_named")


class Upload(Base, Identified, ClubOwned, Dated):
    """One file that somebody sends. How much of it is here is the size of its file, and is written nowhere else."""

    __tablename__ = "uploads"
    __table_args__ = (
        same_club("session_id", "sessions"),
        Index(None, "club_id", "user_id"),
        Index(None, "session_id"),
        not_blank("name"),
        one_of("state", UPLOAD_STATES),
        within("byte_count", 1),
        _claimed_with_session(),
    )

    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Who sends it; nobody else sees it. NULL: she is gone, and it goes when its time is over."""
    name: Mapped[str] = mapped_column(Name)
    """As the file is called there, without folders."""
    byte_count: Mapped[int] = mapped_column(BigInteger)
    """Of the whole file, as announced."""
    filmed_on: Mapped[date | None]
    """As far as the sender's device knows."""
    state: Mapped[str] = mapped_column(Word, default=RECEIVING)
    problem: Mapped[str] = mapped_column(default="")
    """What has to be mended, in words; empty: nothing."""
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """:data:`FILM_FACTS`; and, where its rower was searched, ``rower``: ``refused`` (whether she cannot be measured;
    ``problem`` says why), ``warnings`` and ``rowing`` (how many row). Empty until it was looked at."""
    claim: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What was said of the piece before the file was here; empty: nothing yet."""
    session_id: Mapped[uuid.UUID | None]
    job_id: Mapped[uuid.UUID | None]
    """Its analysis, and the job that makes it."""
