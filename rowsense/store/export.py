"""Everything that a store holds of one athlete, as a ZIP for her: tables, reports, series, films.

Other people are in it by what they are to her ("coach"), never by name or key. Secrets and the program's own
book-keeping are left out.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from rowsense.errors import OutputError
from rowsense.store.belongings import HERS, Keys, keys_of
from rowsense.store.claims import ClubStore
from rowsense.store.files import prefix_of
from rowsense.store.moved import mend_moved
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import (
    Analysis,
    AnalysisQuantity,
    AuditEntry,
    Base,
    Club,
    Membership,
    MonitorFile,
    ShareLink,
    Squad,
    SquadAthlete,
    StoredCalibration,
    StrokeRow,
    TrainingSession,
    Video,
)
from rowsense.store.zip_stream import Part, zipped

#: What the program needs for itself, and secrets.
_INNER: Final = frozenset(
    {
        "club_id", "password_hash", "session_key", "token_sha256", "totp_secret", "last_counter",
        "code_sha256", "bins", "first_bin", "payload", "checkpoint",
        "found", "claim", "runner", "worker", "worker_version", "beat", "beat_at", "error", "file_prefix", "file_key",
        "plan", "holder_id", "holder_attempt", "result",
    }
)  # fmt: skip
_Row = dict[str, Any]
#: Too long for one document, and without anything in it that a table cannot hold.
_TABLE_ONLY: Final = (StrokeRow, AnalysisQuantity)

_README: Final = """\
Everything that {club} keeps of {name} in RowSense, as of {day}.

everything.json        all rows but those of the two long tables, with the documents in them
tables/*.csv           the same as tables (UTF-8, commas); empty: not known or not measured
  strokes              a line for each usable stroke
  analysis_quantities  of every quantity of an analysis: in how many strokes, mean, standard deviation
sessions/<day> ...     a folder for each session
  video.*              the film, where it was kept
  analysis <n>/        what was measured: report.html to read, *.parquet for programs, the rest as RowSense wrote it
  monitor/             what the ergometer recorded
  shared <n>/          what a link shows to whoever has it
calibrations/          own zero and range

Units stand in the names: _s seconds, _deg degrees, _spm strokes a minute, _m metres, _w watts, _px pixels, _hz per
second, _ratio and score without a unit. Moments are UTC. Angles: the lean of the pelvis and trunk from upright, forward
positive. Other people stand as what they are in the club; whoever has left it, as "somebody".
"""


@dataclass(frozen=True, slots=True)
class Export:
    """What was read from the database; the files are read when the ZIP is made."""

    name: str
    parts: tuple[Part, ...]
    folders: Mapping[str, str]
    """Folder of the file store -> where it goes."""
    store: ClubStore

    def stream(self) -> Iterator[bytes]:
        """The ZIP."""
        return zipped(self._all())

    def byte_count(self) -> int:
        """About how long it gets, before packing."""
        own = sum(len(part.content) for part in self.parts if isinstance(part.content, bytes))
        return own + sum(file.byte_count for prefix in self.folders for file in self.store.files.listed(prefix))

    def _all(self) -> Iterator[Part]:
        yield from self.parts
        missing = []
        for prefix, place in sorted(self.folders.items(), key=lambda pair: pair[1]):
            try:
                with self.store.files.fetch(prefix) as folder:
                    for path in sorted(folder.rglob("*")):
                        if path.is_file():
                            yield Part(_placed(place, path, folder), path)
            except OutputError:
                missing.append(place)
        if missing:
            words = "These files could not be read when this was made; ask your club's administrator:\n"
            yield Part("MISSING.txt", (words + "\n".join(missing) + "\n").encode())


def export_of(store: ClubStore, scope: ClubScope, athlete_id: uuid.UUID, *, by: uuid.UUID | None = None) -> Export:
    """Read everything of one athlete; that it was asked for is noted, by the key of ``by``.

    Raises
    ------
    StoreError
        The club has no such athlete.
    """
    with store.database.writing(AllClubs("note that somebody took out what is one athlete's")) as unit:
        keys = keys_of(unit, scope, athlete_id)
        note = AuditEntry(actor_user_id=by, action="export", subject_kind="athletes", subject_id=athlete_id)
        note.club_id = scope.club_id
        unit.add(note)
    mend_moved(store, scope)
    with store.database.reading(AllClubs("all that is one athlete's, and in which club she is what")) as unit:
        people = _People.of(unit, keys)
        tables = {table.__tablename__: _rows(unit, table, keys, people) for table in HERS}
        (athlete,) = tables["athletes"]
        club = unit.get_one(Club, scope.club_id).name
        squads = select(Squad.name).join(SquadAthlete, SquadAthlete.squad_id == Squad.id)
        named = sorted(unit.scalars(squads.where(SquadAthlete.athlete_id == athlete_id)))
        folders = _folders(unit, keys)
    readme = _README.format(club=club, name=athlete["name"], day=datetime.now(UTC).date().isoformat())
    long = {table.__tablename__ for table in _TABLE_ONLY}
    whole = {"squads": named} | {name: rows for name, rows in tables.items() if rows and name not in long}
    parts = [Part("README.txt", readme.encode()), Part("everything.json", _json(whole))]
    parts += [Part(f"tables/{name}.csv", _csv(rows)) for name, rows in sorted(tables.items()) if rows]
    parts += [
        Part(f"calibrations/{row['made_at'][:10]} {number}.json", _json(row["document"]))
        for number, row in enumerate(tables[StoredCalibration.__tablename__], 1)
    ]
    return Export(str(athlete["name"]), tuple(parts), folders, store)


@dataclass(frozen=True, slots=True)
class _People:
    """What everybody in a club is."""

    hers: frozenset[uuid.UUID]
    roles: Mapping[uuid.UUID, str]

    @classmethod
    def of(cls, unit: Session, keys: Keys) -> _People:
        asked = select(Membership.user_id, Membership.role).where(Membership.club_id == keys.club_id)
        return cls(keys.user_ids, {user: role for user, role in unit.execute(asked)})

    def word(self, user_id: uuid.UUID | None) -> str | None:
        """Instead of a user's key."""
        if user_id is None:
            return None
        return "the athlete herself" if user_id in self.hers else self.roles.get(user_id, "somebody")


def _rows(unit: Session, table: type[Base], keys: Keys, people: _People) -> list[_Row]:
    columns = [column for column in table.__table__.columns if column.name not in _INNER]
    found = unit.execute(select(*(getattr(table, column.name) for column in columns)).where(HERS[table](keys)))
    names = [column.name for column in columns]
    return [_told(dict(zip(names, row, strict=True)), keys, people) for row in found]


def _told(row: _Row, keys: Keys, people: _People) -> _Row:
    told = {name: people.word(value) if name.endswith("user_id") else _plain(value) for name, value in row.items()}
    if "session_id" in row and row["session_id"] not in keys.sessions:
        told["session_id"] = None  # a remark of hers on somebody else's session
    if "subject_id" in row and row["subject_id"] not in keys.subjects:
        told["subject_id"] = None  # what she did to somebody else's
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _folders(unit: Session, keys: Keys) -> dict[str, str]:
    sessions = unit.execute(
        select(TrainingSession.id, TrainingSession.rowed_on, TrainingSession.piece_kind)
        .where(TrainingSession.id.in_(keys.sessions))
        .order_by(TrainingSession.rowed_on, TrainingSession.created_at, TrainingSession.id)
    )
    homes = {
        key: f"sessions/{rowed_on} {number} {kind or 'session'}"
        for number, (key, rowed_on, kind) in enumerate(sessions, 1)
    }
    found: dict[str, str] = {}
    for analysis in unit.scalars(select(Analysis).where(HERS[Analysis](keys))):
        found[analysis.file_prefix] = f"{homes[analysis.session_id]}/analysis {analysis.version}"
    for video in unit.scalars(select(Video).where(HERS[Video](keys), Video.file_key.is_not(None))):
        found[prefix_of(str(video.file_key))] = homes[video.session_id]
    for monitor in unit.scalars(select(MonitorFile).where(HERS[MonitorFile](keys))):
        found[monitor.file_prefix] = f"{homes[monitor.session_id]}/monitor"
    shared = select(ShareLink).where(HERS[ShareLink](keys), ShareLink.file_prefix.is_not(None))
    for number, link in enumerate(unit.scalars(shared.order_by(ShareLink.created_at, ShareLink.id)), 1):
        found[str(link.file_prefix)] = f"{homes[link.session_id]}/shared {number}"
    return found


def _placed(place: str, path: Path, folder: Path) -> str:
    return f"{place}/{path.relative_to(folder).as_posix()}"


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(rows: list[_Row]) -> bytes:
    """Without the documents, which are in the JSON. A text that a spreadsheet would take for a formula gets a mark."""
    names = [name for name, value in rows[0].items() if not any(isinstance(row[name], dict) for row in rows)]
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, names, extrasaction="ignore")
    table.writeheader()
    table.writerows({name: _cell(row[name]) for name in names} for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
