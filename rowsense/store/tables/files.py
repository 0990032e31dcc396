"""Which folders of the file store are being written or removed. All others are named by a row, or are nobody's."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import Base, ClubOwned, Dated, Word, one_of

WRITING: Final = "writing"
REMOVING: Final = "removing"


class FileClaim(Base, ClubOwned, Dated):
    """A folder that no row names yet, or none any more."""

    __tablename__ = "file_claims"
    __table_args__ = (one_of("state", (WRITING, REMOVING)),)

    prefix: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Word)
