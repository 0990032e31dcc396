"""Which folders of the file store are being written or removed, and how large those are that rows name."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import Base, ClubOwned, Dated, Word, one_of, within

WRITING: Final = "writing"
REMOVING: Final = "removing"


class FileClaim(Base, ClubOwned, Dated):
    """A folder that no row names yet, or none any more."""

    __tablename__ = "file_claims"
    __table_args__ = (one_of("state", (WRITING, REMOVING)),)

    prefix: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Word)


class FolderSize(Base, ClubOwned):
    """A folder that was looked at once, because it does not change (``rowsense/store/kept_bytes.py``)."""

    __tablename__ = "folder_sizes"
    __table_args__ = (within("byte_count", 0), within("film_byte_count", 0))

    prefix: Mapped[str] = mapped_column(primary_key=True)
    byte_count: Mapped[int] = mapped_column(BigInteger)
    """Second names of files that count elsewhere are not in it."""
    film_byte_count: Mapped[int] = mapped_column(BigInteger)
    """Of these the films: those that were drawn, or a copy."""
