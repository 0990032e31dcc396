"""A club's fault catalogue: every version of what it changes about the one that RowSense comes with."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ForeignKey, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rowsense.store.tables.base import Base, ClubOwned, Dated, within


class CatalogueVersion(Base, ClubOwned, Dated):
    """One version of the changes; the highest number holds. Versions are added, never changed; 0 is no change."""

    __tablename__ = "catalogue_versions"
    __table_args__ = (PrimaryKeyConstraint("club_id", "number"), within("number", 1))

    number: Mapped[int] = mapped_column(autoincrement=False)
    changes: Mapped[dict[str, Any]]
    """As ``rowsense/assess/changes.py`` reads them."""
    note: Mapped[str] = mapped_column(default="")
    """What was changed and why, in words."""
    made_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """NULL: a user who is gone."""
