"""How files and rows come and go together, although no transaction holds both.

The database is the truth: a folder of the file store belongs to a row that names it, or to a claim.

1. Writing: a claim is committed, then files are written, then one transaction takes the claim away and adds the rows.
2. Removing: one transaction deletes the rows and adds a claim, then the files go, then the claim.
3. Whatever stops in between leaves a claim. :func:`recover` removes its files, then the claim.

A writer whose claim was taken away meanwhile cannot add its rows: so no clock decides what is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.files import FileStore, StoredFile, is_prefix, new_prefix, prefix_of
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import Analysis, FileClaim, MonitorFile, ShareLink, Video
from rowsense.store.tables.files import REMOVING, WRITING

#: No upload or copy takes longer [D]: 20 GB at 2 Mbit/s. One that does is refused, and has to be done again.
ABANDONED_AFTER: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ClubStore:
    """The database and the files that its rows name."""

    database: Database
    files: FileStore


@dataclass(frozen=True, slots=True)
class StoreState:
    """What does not fit together; a healthy store has none of it."""

    unnamed: tuple[StoredFile, ...]
    """Files that no row and no claim names, as after a lost database or one from an older backup."""
    missing: tuple[str, ...]
    """Folders that rows name and that hold nothing."""


@contextmanager
def claimed(store: ClubStore, scope: ClubScope, count: int) -> Iterator[tuple[str, ...]]:
    """New folders to write files into. Call :func:`keep` in the block; without it, or on an error, they go again."""
    prefixes = tuple(new_prefix(scope.club_id) for _ in range(count))
    with store.database.writing(scope) as session:
        session.add_all([FileClaim(prefix=prefix, state=WRITING) for prefix in prefixes])
    try:
        yield prefixes
    finally:
        # What was kept is no claim any more. What cannot be cleared now, with the database gone, is left to `recover`.
        with suppress(Exception):
            _give_up(store, prefixes)


def keep(session: Session, prefixes: Collection[str]) -> None:
    """Turn claims into files that rows name; in the transaction that adds those rows.

    Raises
    ------
    StoreError
        They were taken for abandoned and cleared away.
    """
    found = session.scalars(
        delete(FileClaim).where(FileClaim.prefix.in_(prefixes), FileClaim.state == WRITING).returning(FileClaim.prefix)
    ).all()
    if len(found) != len(prefixes):
        raise StoreError("the files took so long to write that they were cleared away; record the session again")


def let_go(session: Session, prefixes: Collection[str]) -> None:
    """Claim the files of rows that this transaction deletes; :func:`clear` them after it."""
    session.add_all([FileClaim(prefix=prefix, state=REMOVING) for prefix in prefixes])


def clear(store: ClubStore, prefixes: Collection[str]) -> None:
    """Remove the files that were let go, then their claims.

    Raises
    ------
    OutputError
        Some are left; :func:`recover` will try again.
    """
    for prefix in prefixes:
        store.files.remove(prefix)
        with store.database.writing(AllClubs("the files of a claim are gone")) as session:
            session.execute(delete(FileClaim).where(FileClaim.prefix == prefix))


def recover(store: ClubStore, abandoned_after: timedelta = ABANDONED_AFTER) -> tuple[str, ...]:
    """Finish what was stopped half-way: to be called when the program starts, and now and then. Gives the folders.

    ``abandoned_after``: zero where it is certain that nothing is being written.
    """
    limit = datetime.now(UTC) - abandoned_after
    stopped = (FileClaim.state == REMOVING) | (FileClaim.created_at <= limit)
    with store.database.reading(AllClubs("finish what was stopped half-way")) as session:
        prefixes = tuple(session.scalars(select(FileClaim.prefix).where(stopped).order_by(FileClaim.prefix)))
    return _give_up(store, prefixes)


def state_of(store: ClubStore) -> StoreState:
    """Compare rows with files. Right also while others write: a file's claim is older than the file."""
    files = tuple(store.files.listed())
    with store.database.reading(AllClubs("compare rows with files")) as session:
        named = named_prefixes(session)
        known = named | set(session.scalars(select(FileClaim.prefix)))
        # A row deleted since the list was made has left a claim or no files; one added since has files by now.
        missing = [prefix for prefix in named if next(iter(store.files.listed(prefix)), None) is None]
    return StoreState(tuple(file for file in files if file.prefix not in known), tuple(sorted(missing)))


def remove_unnamed(store: ClubStore) -> tuple[StoredFile, ...]:
    """Remove what :func:`state_of` calls unnamed. Never done by itself: with a lost database it would be everything."""
    unnamed = state_of(store).unnamed
    ours = tuple(file for file in unnamed if is_prefix(file.prefix))
    for prefix in {file.prefix for file in ours}:
        store.files.remove(prefix)
    return ours


def named_prefixes(session: Session) -> set[str]:
    """All folders that rows name."""
    of_videos = session.scalars(select(Video.file_key).where(Video.file_key.is_not(None)))
    columns = (Analysis.file_prefix, MonitorFile.file_prefix, ShareLink.file_prefix)
    named = {str(prefix) for column in columns for prefix in session.scalars(select(column).where(column.is_not(None)))}
    return named | {prefix_of(str(key)) for key in of_videos}


def _give_up(store: ClubStore, prefixes: Collection[str]) -> tuple[str, ...]:
    """Clear claims that are still there: a transaction may have kept them without its writer hearing of it."""
    if not prefixes:
        return ()
    with store.database.writing(AllClubs("take over stopped claims")) as session:
        taken = tuple(
            session.scalars(
                update(FileClaim)
                .where(FileClaim.prefix.in_(prefixes))
                .values(state=REMOVING)
                .returning(FileClaim.prefix)
            )
        )
    clear(store, taken)
    return taken
