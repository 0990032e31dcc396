"""How much room a club's files take, by kind, and how much is left."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from rowsense.store.claims import ClubStore
from rowsense.store.kept_bytes import kept_bytes
from rowsense.store.local_files import LocalFiles
from rowsense.store.scope import ClubScope
from rowsense.store.tables import FileClaim, Upload
from rowsense.store.tables.uploads import CLAIMED, REFUSED
from rowsense.store.upload_files import upload_files_of


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes at one moment."""

    kinds: Mapping[str, int]
    """Those of :data:`~rowsense.store.kept_bytes.KEPT`, ``uploads`` (films on their way in), ``other``."""
    free: int | None
    """On the disk of the files; None: they are in a bucket."""


def storage_of(store: ClubStore, scope: ClubScope) -> Storage:
    """As the database knows it; folders that are new are looked at."""
    kinds = kept_bytes(store, scope)
    with store.database.reading(scope) as unit:
        claims = unit.scalars(select(FileClaim.prefix)).all()
        coming = unit.scalars(select(Upload.id).where(Upload.state.not_in((REFUSED, CLAIMED)))).all()
    uploads = upload_files_of(store)
    kinds["uploads"] = sum(uploads.size(key) for key in coming)
    kinds["other"] = sum(file.byte_count for prefix in claims for file in store.files.listed(prefix))
    return Storage(kinds, free_bytes(store))


def free_bytes(store: ClubStore) -> int | None:
    """On the disk of the files; None: they are in a bucket."""
    if not isinstance(store.files, LocalFiles):
        return None
    place = next(folder for folder in (store.files.root, *store.files.root.absolute().parents) if folder.exists())
    return shutil.disk_usage(place).free
