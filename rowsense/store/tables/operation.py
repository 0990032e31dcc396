"""How the programs of a store are: what several servers count together, and what the runner of the jobs says of itself.

Of no club; seen with ``AllClubs`` only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.accounts import AccountOwned
from rowsense.store.tables.base import Base, Identified, Name, Word, one_of, within

RUNS: Final = "runs"
NO_SCHEDULER: Final = "no scheduler"
NO_WORKERS: Final = "no workers"
NO_ROOM: Final = "no room"
RUNNER_STATES: Final = (RUNS, NO_SCHEDULER, NO_WORKERS, NO_ROOM)


class StoredPace(Base, Identified, AccountOwned):
    """How many requests are left to a token or a link, under its key; once it is full again the row may go."""

    __tablename__ = "paces"

    remaining: Mapped[float]
    at: Mapped[datetime]
    """When that was."""


class SeenTime(Base, AccountOwned):
    """The latest moment that was seen on a clock that nobody doubted; no row: none was looked at yet."""

    __tablename__ = "seen_times"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"), within("doubted_s", 0))

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, default=1)
    at: Mapped[datetime]
    doubted_s: Mapped[float] = mapped_column(default=0.0)
    """For how long, by a steady clock, the one on the wall has gone on evenly while it was in doubt."""


class RunnerState(Base, AccountOwned):
    """What the runner of the jobs last said of itself; no row: none runs, or none ever did."""

    __tablename__ = "runner_states"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"), one_of("state", RUNNER_STATES))

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, default=1)
    runner: Mapped[str] = mapped_column(Name)
    state: Mapped[str] = mapped_column(Word)
    at: Mapped[datetime]
    """When it did, by its clock."""
