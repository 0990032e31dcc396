"""How many bytes a club keeps, by kind, without looking at all of its files each time.

A folder that a row names is never changed, so its size is looked up once and lies in ``folder_sizes``. A film's folder
gets its copy for browsers later (``film_copies.py``): whoever puts it there says how large the folder is now. Whoever
asks looks up what is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rowsense.store.claims import ClubStore
from rowsense.store.files import StoredFile, prefix_of
from rowsense.store.holding import hold_club
from rowsense.store.local_files import LocalFiles
from rowsense.store.rejudged import MEASURED_FILES
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Analysis, FolderSize, MonitorFile, ShareLink, Video

#: Kinds, in the order in which they are shown.
KEPT: Final = ("films", "copies", "drawn", "analyses", "links", "monitor")
#: More new folders than that, and the whole club is listed at once [D]: a bucket gives a thousand files for a request.
_ONE_BY_ONE: Final = 100
#: Keys in one statement: databases take so many and not many more.
_AT_ONCE: Final = 500
_FILM: Final = ".mp4"
_OF_FILMS, _OF_ANALYSES, _JUDGED = "films", "analyses", "judged"


def kept_bytes(store: ClubStore, scope: ClubScope) -> dict[str, int]:
    """Bytes of all that rows of the club name, by :data:`KEPT`; what is on its way in or out is not in it."""
    with store.database.reading(scope) as unit:
        named, films = _named(unit), _films(unit)
        known = set(unit.scalars(select(FolderSize.prefix)))
    _look_up(store, scope, {prefix: named[prefix] for prefix in named.keys() - known})
    _forget(store, scope, known - named.keys())
    counted = dict.fromkeys(KEPT, 0)
    with store.database.reading(scope) as unit:
        sizes = unit.execute(select(FolderSize.prefix, FolderSize.byte_count, FolderSize.film_byte_count)).all()
    for prefix, whole, drawn in sizes:
        kind = named.get(prefix)
        if kind == _OF_FILMS:
            film = min(films.get(prefix, whole), whole)
            counted["films"] += film
            counted["copies"] += whole - film
        elif kind in (_OF_ANALYSES, _JUDGED):
            counted["drawn"] += drawn
            counted["analyses"] += whole - drawn
        elif kind is not None:
            counted[kind] += whole
    return counted


def _named(unit: Session) -> dict[str, str]:
    """Folder -> what it is, of all that rows of the club name."""
    rows = unit.execute(select(Analysis.file_prefix, Analysis.judges_version))
    named = {prefix: _OF_ANALYSES if judges is None else _JUDGED for prefix, judges in rows}
    named |= dict.fromkeys(unit.scalars(select(MonitorFile.file_prefix)), "monitor")
    links = unit.scalars(select(ShareLink.file_prefix).where(ShareLink.file_prefix.is_not(None)))
    named |= {str(prefix): "links" for prefix in links}
    keys = unit.scalars(select(Video.file_key).where(Video.file_key.is_not(None)))
    return named | {prefix_of(str(key)): _OF_FILMS for key in keys}


def _films(unit: Session) -> dict[str, int]:
    """Folder of a film -> bytes of the film as it was sent."""
    rows = unit.execute(select(Video.file_key, Video.byte_count).where(Video.file_key.is_not(None)))
    return {prefix_of(str(key)): int(count or 0) for key, count in rows}


def _look_up(store: ClubStore, scope: ClubScope, new: Mapping[str, str]) -> None:
    if not new:
        return
    found: dict[str, list[StoredFile]] = defaultdict(list)
    places = new if len(new) <= _ONE_BY_ONE else [str(scope.club_id)]
    for place in places:
        for file in store.files.listed(place):
            found[file.prefix].append(file)
    shares_files = isinstance(store.files, LocalFiles)
    rows = []
    for prefix, kind in new.items():
        # On a disk a judged version has the measurement under a second name, which takes no room.
        counts = [
            file
            for file in found[prefix]
            if not (shares_files and kind == _JUDGED and file.key.removeprefix(f"{prefix}/") in MEASURED_FILES)
        ]
        rows.append(_size(prefix, counts))
    with store.database.writing(scope) as unit:
        hold_club(unit, scope.club_id)
        # Another process has looked some of them up meanwhile, or put a copy there that was not listed here.
        there = set(unit.scalars(select(FolderSize.prefix)))
        unit.add_all(row for row in rows if row.prefix not in there)


def say_size(unit: Session, scope: ClubScope, prefix: str, files: Collection[StoredFile]) -> None:
    """A film's folder holds these now, whoever looks it up at the same moment without the newest of them."""
    hold_club(unit, scope.club_id)
    unit.merge(_size(prefix, files))


def _size(prefix: str, files: Collection[StoredFile]) -> FolderSize:
    drawn = sum(file.byte_count for file in files if file.key.endswith(_FILM))
    return FolderSize(prefix=prefix, byte_count=sum(file.byte_count for file in files), film_byte_count=drawn)


def _forget(store: ClubStore, scope: ClubScope, gone: Collection[str]) -> None:
    keys = sorted(gone)
    for start in range(0, len(keys), _AT_ONCE):
        with store.database.writing(scope) as unit:
            unit.execute(delete(FolderSize).where(FolderSize.prefix.in_(keys[start : start + _AT_ONCE])))
