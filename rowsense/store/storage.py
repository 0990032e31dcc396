"""How much room a club's files take, by kind, and how much is left."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from rowsense.store.claims import ClubStore
from rowsense.store.files import prefix_of
from rowsense.store.local_files import LocalFiles
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Analysis, MonitorFile, ShareLink, Upload, Video
from rowsense.store.tables.uploads import CLAIMED, REFUSED
from rowsense.store.upload_files import upload_files_of


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes at one moment. A file that has two names on the disk counts twice."""

    kinds: Mapping[str, int]
    """``films``, ``analyses``, ``links``, ``monitor``, ``uploads`` (films on their way in), ``other``."""
    free: int | None
    """On the disk of the files; None: they are in a bucket."""


def storage_of(store: ClubStore, scope: ClubScope) -> Storage:
    """Look now; every file of the club is listed."""
    with store.database.reading(scope) as unit:
        kinds = dict.fromkeys(unit.scalars(select(Analysis.file_prefix)), "analyses")
        kinds |= dict.fromkeys(unit.scalars(select(MonitorFile.file_prefix)), "monitor")
        links = unit.scalars(select(ShareLink.file_prefix).where(ShareLink.file_prefix.is_not(None)))
        kinds |= {str(prefix): "links" for prefix in links}
        films = unit.scalars(select(Video.file_key).where(Video.file_key.is_not(None)))
        kinds |= {prefix_of(str(key)): "films" for key in films}
        coming = unit.scalars(select(Upload.id).where(Upload.state.not_in((REFUSED, CLAIMED)))).all()
    counted: Counter[str] = Counter(dict.fromkeys(("films", "analyses", "links", "monitor", "uploads", "other"), 0))
    for file in store.files.listed(str(scope.club_id)):
        counted[kinds.get(file.prefix, "other")] += file.byte_count
    uploads = upload_files_of(store)
    counted["uploads"] = sum(uploads.size(key) for key in coming)
    return Storage(dict(counted), free_bytes(store))


def film_bytes(store: ClubStore, scope: ClubScope) -> int:
    """Of the films that the club keeps, as the database knows them."""
    with store.database.reading(scope) as unit:
        return int(unit.scalar(select(func.coalesce(func.sum(Video.byte_count), 0))) or 0)


def free_bytes(store: ClubStore) -> int | None:
    """On the disk of the files; None: they are in a bucket."""
    if not isinstance(store.files, LocalFiles):
        return None
    place = next(folder for folder in (store.files.root, *store.files.root.absolute().parents) if folder.exists())
    return shutil.disk_usage(place).free
