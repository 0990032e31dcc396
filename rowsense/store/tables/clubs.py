"""Clubs, their squads and athletes."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import (
    Base,
    ClubOwned,
    Dated,
    Identified,
    Name,
    Word,
    not_blank,
    own_key,
    same_club,
    within,
)


class Club(Base, Identified, Dated):
    """Who shares athletes and sessions. Deleting a club deletes everything that is its own."""

    __tablename__ = "clubs"
    __table_args__ = (not_blank("name"),)

    name: Mapped[str] = mapped_column(Name)
    second_step_since: Mapped[datetime | None] = mapped_column(sort_order=1)
    """Since when its administrators have to sign in with a second step; None: as each likes."""


class Squad(Base, Identified, ClubOwned, Dated):
    """A group within a club."""

    __tablename__ = "squads"
    __table_args__ = (own_key(), UniqueConstraint("club_id", "name"), not_blank("name"))

    name: Mapped[str] = mapped_column(Name)


class Athlete(Base, Identified, ClubOwned, Dated):
    """A rower. Two may have the same name."""

    __tablename__ = "athletes"
    __table_args__ = (
        own_key(),
        Index(None, "club_id", "name"),
        not_blank("name"),
        within("birth_year", 1900, 2100),
    )

    name: Mapped[str] = mapped_column(Name)
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    style: Mapped[str] = mapped_column(Word, default="")
    """Of the fault catalogue; empty: the catalogue's own."""
    level: Mapped[str] = mapped_column(Word, default="")


class SquadAthlete(Base, ClubOwned):
    """That an athlete is in a squad; she may be in several."""

    __tablename__ = "squad_athletes"
    __table_args__ = (same_club("squad_id", "squads"), same_club("athlete_id", "athletes"), Index(None, "athlete_id"))

    squad_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
