"""What all tables share: names of constraints, times in UTC, keys, and the club that a row belongs to."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeEngine

#: Every constraint has a name that follows from what it is about, so that a migration can name it on any database.
NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A moment. Takes any time zone, but not none; gives UTC. SQLite keeps no zone, so what it keeps is UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database.

        Raises
        ------
        ValueError
            The moment has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; times are stored in UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Measured(TypeDecorator[float]):
    """A number. What was not measured is NaN in the program and NULL here: PostgreSQL would take NaN for a number."""

    impl = Float(53)
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> float | None:
        """To the database."""
        return None if value is None or math.isnan(value) else float(value)


#: JSON documents: searchable on PostgreSQL, text on SQLite.
DOCUMENT: Final[TypeEngine[Any]] = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """All tables of the store."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcTime,
        dict[str, Any]: DOCUMENT,
        str: Text,
        float: Measured,
        uuid.UUID: Uuid,
    }


class Identified:
    """A key that nobody can guess, made before the row is, so that files can be named after it."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)


class Dated:
    """When the row was made."""

    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class ClubOwned:
    """A row of one club. Everything that carries this is seen and changed by that club alone (``scope.py``)."""

    @declared_attr
    def club_id(cls) -> Mapped[uuid.UUID]:  # noqa: N805 - SQLAlchemy calls it with the class
        """Whose row it is."""
        return mapped_column(ForeignKey("clubs.id", ondelete="CASCADE"))


def own_key() -> UniqueConstraint:
    """What :func:`same_club` of another table points at."""
    return UniqueConstraint("club_id", "id")


def same_club(column: str, table: str) -> ForeignKeyConstraint:
    """``column`` names a row of ``table`` of the same club, and goes with it. The database refuses any other club's."""
    return ForeignKeyConstraint(["club_id", column], [f"{table}.club_id", f"{table}.id"], ondelete="CASCADE")


def same_club_kept(column: str, table: str) -> ForeignKeyConstraint:
    """As :func:`same_club`, but the row of ``table`` cannot go before this one.

    Looked at when the transaction ends: where both go with an athlete, either may be the first.
    """
    return ForeignKeyConstraint(
        ["club_id", column], [f"{table}.club_id", f"{table}.id"], deferrable=True, initially="DEFERRED"
    )


def one_of(column: str, values: Sequence[str]) -> CheckConstraint:
    """``column`` is one of ``values`` (or NULL where it may be)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def within(column: str, low: float, high: float | None = None) -> CheckConstraint:
    """``low <= column <= high``, as far as it is known."""
    bounds = f"{column} >= {low:g}" + ("" if high is None else f" AND {column} <= {high:g}")
    return CheckConstraint(bounds, name=f"{column}_range")


def not_blank(column: str) -> CheckConstraint:
    """There must be something other than spaces."""
    return CheckConstraint(f"trim({column}) <> ''", name=f"{column}_not_blank")


def sha256(column: str) -> CheckConstraint:
    """64 hexadecimal digits."""
    return CheckConstraint(f"length({column}) = 64", name=f"{column}_length")


Name = String(200)
Word = String(40)
Digest = String(64)
