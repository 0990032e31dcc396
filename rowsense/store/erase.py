"""Delete everything of one athlete, look whether it is gone, and say so in a receipt.

Rows and a note without anything personal go in one transaction, which also claims her files; then the files go. If that
is stopped in between, :func:`rowsense.store.claims.recover` goes on.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Text, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.belongings import HERS, Keys, folders_of, keys_of, row_counts
from rowsense.store.claims import ClubStore, clear
from rowsense.store.database import SQLITE, Database
from rowsense.store.moved import mend_moved
from rowsense.store.places import JOB_WORK, data_folder
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import (
    Athlete,
    AuditEntry,
    Base,
    Comment,
    FileClaim,
    Job,
    Mail,
    TrainingSession,
    Upload,
    User,
)
from rowsense.store.tables.files import REMOVING
from rowsense.store.upload_files import upload_files_of

_ALL: Final = AllClubs("delete an athlete, with an account that is in no club then")
#: Are searched for nobody's name: how often a guess is in them would tell what they are.
_SECRET: Final = frozenset(
    {"password_hash", "session_key", "token_sha256", "subject_sha256", "totp_secret", "code_sha256"}
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was deleted; names nobody."""

    id: uuid.UUID
    """The note of it in the store has the same."""
    at: datetime
    rows: dict[str, int]
    """Table -> deleted rows. Notes of what was done lose her key instead."""
    file_count: int
    byte_count: int
    account_kept: bool
    """Because it is in another club too."""
    left: dict[str, int]
    """Table -> rows that still hold her name, address or key: a remark of somebody else, a namesake."""
    log_cleared: bool
    """False: SQLite's log holds deleted rows until those who read now are done; it is cleared by itself."""

    def told(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "id": str(self.id), "at": self.at.isoformat(timespec="seconds")}

    def to_json(self) -> str:
        """To be kept by whoever asked for it."""
        return json.dumps(self.told(), ensure_ascii=False, indent=1) + "\n"

    def sentences(self) -> list[str]:
        """What else has to be known."""
        said = ["Backups that were made before still hold her: make a new one, and delete those."]
        if self.account_kept:
            said.append("Her account stays, because it is in another club too.")
        if self.left:
            where = ", ".join(f"{count} in {table}" for table, count in self.left.items())
            said.append(f"Her name or address also stands in rows that are not hers ({where}): see whose they are.")
        if not self.log_cleared:
            said.append("Somebody was reading: the database's log is cleared by itself, at the latest when it ends.")
        return said


def erase_athlete(
    store: ClubStore,
    scope: ClubScope,
    athlete_id: uuid.UUID,
    *,
    by: uuid.UUID | None = None,
    whole_store: bool = False,
) -> Receipt:
    """Delete an athlete with all that is about her, and her account unless it is in another club too.

    What was hers and became somebody else's says her name no more, also where an older version moved it.
    Copies of the database that were made before an upgrade go with her, and what her jobs keep between attempts.
    Afterwards the club's texts are searched for her; ``whole_store``: those of all clubs, which is for whoever keeps
    the machine and for nobody of a club.

    Raises
    ------
    StoreError
        The club has no such athlete.
    OutputError
        The rows are gone, but not all files yet.
    """
    receipt, at = uuid.uuid4(), datetime.now(UTC)
    mend_moved(store, scope)
    with store.database.writing(_ALL) as unit:
        athlete = unit.get(Athlete, athlete_id, with_for_update=True)
        if athlete is None or athlete.club_id != scope.club_id:
            raise StoreError("there is no such athlete in this club")
        # To which no more can be added from here on.
        unit.scalars(select(TrainingSession.id).where(TrainingSession.athlete_id == athlete_id).with_for_update()).all()
        keys = keys_of(unit, scope, athlete_id)
        words = _words(unit, keys, athlete.name)
        rows = row_counts(unit, keys)
        stay = {AuditEntry.__tablename__} | (_OF_ACCOUNT if keys.other_club else set())
        rows = {name: count for name, count in rows.items() if name not in stay}
        folders, jobs = folders_of(unit, keys), list(unit.scalars(select(Job.id).where(HERS[Job](keys))))
        uploads = list(unit.scalars(select(Upload.id).where(HERS[Upload](keys))))
        remove_upgrade_copies(store.database)
        files = [file for prefix in folders for file in store.files.listed(prefix)]
        _delete_rows(unit, keys)
        unit.add_all(FileClaim(prefix=prefix, state=REMOVING, club_id=scope.club_id) for prefix in folders)
        note = AuditEntry(actor_user_id=by if by not in keys.user_ids else None, action="erase", details=rows)
        note.club_id, note.subject_kind, note.subject_id, note.at = scope.club_id, "athletes", receipt, at
        unit.add(note)
    log_cleared = store.database.forget_deleted()
    clear(store, list(folders))
    for upload in uploads:
        upload_files_of(store).remove(upload)
    for place in _job_folders(store.database, jobs):
        shutil.rmtree(place, ignore_errors=True)
    return Receipt(
        receipt, at, rows, len(files), sum(file.byte_count for file in files), keys.other_club,
        _left(store.database, keys, words, _ALL if whole_store else scope), log_cleared,
    )  # fmt: skip


_IS_OF_MEMBERS: Final = AuditEntry.subject_kind == User.__tablename__
#: Tables of an account, which stays where it is in another club too.
_OF_ACCOUNT: Final = frozenset({"users", "sign_ins", "one_time_links", "second_steps", "recovery_codes"})


def _delete_rows(unit: Session, keys: Keys) -> None:
    """The athlete takes along what names her; the rest is named here."""
    for table in (Comment, Upload, Mail):
        unit.execute(delete(table).where(HERS[table](keys)))
    about_her = (AuditEntry.club_id == keys.club_id) & AuditEntry.subject_id.in_(keys.subjects)
    unit.execute(update(AuditEntry).where(about_her).values(subject_id=None, details={}))
    by_her = (AuditEntry.club_id == keys.club_id) & AuditEntry.actor_user_id.in_(keys.user_ids)
    unit.execute(update(AuditEntry).where(by_her).values(actor_user_id=None))
    # What somebody else was or became may name her by her key.
    for entry in unit.scalars(select(AuditEntry).where(AuditEntry.club_id == keys.club_id, _IS_OF_MEMBERS)):
        if str(keys.athlete_id) in json.dumps(entry.details):
            entry.details = {}
    unit.flush()
    unit.execute(delete(Athlete).where(Athlete.id == keys.athlete_id))
    if not keys.other_club:
        unit.execute(delete(User).where(User.id.in_(keys.user_ids)))


def _words(unit: Session, keys: Keys, name: str) -> tuple[str, ...]:
    """What stands for her in texts: her name as rows and JSON hold it, her key in both its forms, her account's."""
    accounts = () if keys.other_club else unit.scalars(select(User).where(User.id.in_(keys.user_ids))).all()
    ids = [keys.athlete_id, *(user.id for user in accounts)]
    names = {name, json.dumps(name)[1:-1], *(user.email for user in accounts)}
    return (*sorted(names), *(str(key) for key in ids), *(key.hex for key in ids))


def _left(database: Database, keys: Keys, words: Collection[str], where: ClubScope | AllClubs) -> dict[str, int]:
    """Where something of hers still is; nothing that is hers alone, or the program is wrong.

    Raises
    ------
    StoreError
        A row of hers is there.
    """
    with database.reading(_ALL) as unit:
        still = {name for name in row_counts(unit, keys) if name not in _OF_ACCOUNT or not keys.other_club}
        if still:
            raise StoreError(f"{', '.join(sorted(still))}: rows were added meanwhile; delete again")
    return rows_that_name(database, words, where)


def rows_that_name(database: Database, words: Collection[str], where: ClubScope | AllClubs) -> dict[str, int]:
    """Table -> rows with one of ``words`` in a text or a document, of those that ``where`` sees; without secrets."""
    with database.reading(where) as unit:
        found = {table.__tablename__: _count(unit, table, words) for table in _tables()}
    return {name: count for name, count in found.items() if count}


def _tables() -> Iterator[type[Base]]:
    for mapper in Base.registry.mappers:
        yield mapper.class_


def _count(unit: Session, table: type[Base], words: Collection[str]) -> int:
    """Rows that ``unit`` sees with one of ``words`` in a text or a document; secrets are not searched."""
    texts: list[Any] = [
        cast(getattr(table, column.name), Text)
        for column in table.__table__.columns
        if column.type.python_type in (str, dict) and column.name not in _SECRET
    ]
    if not texts:
        return 0
    here = or_(*(text.contains(word, autoescape=True) for text in texts for word in words))
    return int(unit.scalar(select(func.count()).select_from(table).where(here)) or 0)


def remove_upgrade_copies(database: Database) -> None:
    """What :func:`rowsense.store.migrate.upgrade` left beside an SQLite file: she is in it."""
    if database.url.get_backend_name() == SQLITE:
        path = Path(str(database.url.database))
        for copy in path.parent.glob(f"{path.name}.before-*.backup"):
            copy.unlink(missing_ok=True)


def _job_folders(database: Database, jobs: Collection[uuid.UUID]) -> Iterator[Path]:
    """Where runners on this machine keep what a job left; one elsewhere clears its own when it starts."""
    roots = {data_folder() / JOB_WORK}
    if database.url.get_backend_name() == SQLITE:
        roots.add(Path(str(database.url.database)).parent / JOB_WORK)
    return (root / str(job) for root in roots for job in jobs)
