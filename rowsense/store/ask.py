"""Any question about the strokes of many sessions, in SQL over the files of the analyses: for what no summary answers.

The question sees one view ``strokes``: every stroke of the newest analyses, as in ``strokes.parquet``, with its
``session``, ``athlete_id``, ``athlete``, ``rowed_on``, ``piece_kind`` and ``squads``. It is one SELECT, reads nothing
else and writes nothing, and is stopped when its time is over. Juniors without a guardian's consent are not in it.
"""

from __future__ import annotations

import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from rowsense.errors import OutputError, StoreError
from rowsense.store.analysis_rows import STROKES
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import policies_of
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Analysis, AnalysisQuantity, Squad, SquadAthlete, TrainingSession
from rowsense.store.viewers import things_of

if TYPE_CHECKING:
    import duckdb

VIEW: Final = "strokes"
#: Sessions in one question [D]: their files are opened one by one, some milliseconds each.
MOST_SESSIONS: Final = 50_000
_KEYS: Final = ("session", "athlete_id", "athlete", "rowed_on", "piece_kind", "squads")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what limits it."""

    sql: str
    athlete_ids: tuple[uuid.UUID, ...] = ()
    """Empty: all of the club."""
    since: date | None = None
    until: date | None = None
    limit_s: float = 60.0
    memory_gb: float = 1.0
    most_rows: int = 1_000_000

    def __post_init__(self) -> None:
        if self.limit_s <= 0 or self.memory_gb <= 0 or self.most_rows < 1:
            raise StoreError("a question has some time, some memory and some rows")


@dataclass(frozen=True, slots=True)
class Answer:
    """What it comes to."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    session_count: int
    """Sessions that were asked."""
    missing_count: int
    """Sessions whose files are not there."""
    cut: bool
    """There are more rows than were wanted."""


def ask(store: ClubStore, scope: ClubScope, asked: Asked) -> Answer:
    """Answer a question about strokes of one club.

    Raises
    ------
    StoreError
        It is not one SELECT, it is wrong, there are no such sessions or too many, or its time or memory is over.
    OutputError
        A file is damaged.
    """
    import duckdb

    found = _sessions(store, scope, asked)
    with ExitStack() as held, duckdb.connect() as connection:
        _check(connection, asked.sql)
        places = _places(store, held, found)
        if not places:
            raise StoreError("there are no strokes of these rowers and days; look at the club's sessions first")
        _set_up(connection, asked, places)
        with _stopped_after(connection, asked.limit_s):
            try:
                cursor = connection.execute(asked.sql)
                columns = tuple(str(one[0]) for one in cursor.description or ())
                rows = cursor.fetchmany(asked.most_rows + 1)
            except duckdb.InterruptException as error:
                raise StoreError(f"it took longer than {asked.limit_s:g} s; narrow it, or allow more") from error
            except duckdb.OutOfMemoryException as error:
                raise StoreError(f"it needs more than {asked.memory_gb:g} GB; narrow it, or allow more") from error
            except duckdb.Error as error:
                raise StoreError(f"the question cannot be answered: {str(error).splitlines()[0]}") from error
    cut = len(rows) > asked.most_rows
    return Answer(columns, rows[: asked.most_rows], len(places), len(found) - len(places), cut)


@dataclass(frozen=True, slots=True)
class _Session:
    prefix: str
    told: tuple[str, str, str | None, date, str | None, str]
    """Values of :data:`_KEYS`."""


def _sessions(store: ClubStore, scope: ClubScope, asked: Asked) -> list[_Session]:
    """Newest analyses that fit, without those that nobody may see."""
    with store.database.reading(scope) as unit:
        shown = select(AnalysisQuantity.analysis_id).where(AnalysisQuantity.shown)
        wanted = (
            select(TrainingSession, Analysis.file_prefix)
            .join(Analysis, Analysis.session_id == TrainingSession.id)
            .where(Analysis.id.in_(shown))
            .order_by(TrainingSession.rowed_on, TrainingSession.id)
        )
        if asked.athlete_ids:
            wanted = wanted.where(TrainingSession.athlete_id.in_(asked.athlete_ids))
        if asked.since is not None:
            wanted = wanted.where(TrainingSession.rowed_on >= asked.since)
        if asked.until is not None:
            wanted = wanted.where(TrainingSession.rowed_on <= asked.until)
        rows = unit.execute(wanted.limit(MOST_SESSIONS + 1)).all()
        if len(rows) > MOST_SESSIONS:
            raise StoreError(f"these are more than {MOST_SESSIONS} sessions; name rowers or days")
        athletes, things = things_of(unit, {row.athlete_id for row, _ in rows})
        hidden = policies_of(unit, scope).hide_names
        squads: dict[uuid.UUID, list[str]] = defaultdict(list)
        named = select(SquadAthlete.athlete_id, Squad.name).join(Squad, Squad.id == SquadAthlete.squad_id)
        for athlete_id, name in unit.execute(named.order_by(Squad.name)):
            squads[athlete_id].append(name)
    return [
        _Session(
            prefix,
            (
                str(row.id), str(row.athlete_id), None if hidden else athletes[row.athlete_id].name, row.rowed_on,
                row.piece_kind, ", ".join(squads[row.athlete_id]),
            ),
        )
        for row, prefix in rows
        if not things[row.athlete_id].withheld
    ]  # fmt: skip


def _places(store: ClubStore, held: ExitStack, found: Sequence[_Session]) -> dict[str, _Session]:
    """Path of the table of strokes -> its session, of those that are there; copies of what lies in a bucket."""
    places = {}
    for one in found:
        try:
            folder = held.enter_context(store.files.fetch(one.prefix, [STROKES]))
        except OutputError:
            continue  # of a demonstration only the numbers are kept
        places[str((folder / STROKES).resolve())] = one
    return places


def _check(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse whatever is not one question."""
    import duckdb

    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise StoreError(f"the question cannot be read: {str(error).splitlines()[0]}") from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise StoreError(f"ask one question, a SELECT from {VIEW}")


def _set_up(connection: duckdb.DuckDBPyConnection, asked: Asked, places: dict[str, _Session]) -> None:
    """The view, and then nothing but its files can be read."""
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = '{asked.memory_gb:g}GB'")
    connection.execute("SET temp_directory = ''")
    connection.execute(
        "CREATE TABLE sessions (file VARCHAR, session VARCHAR, athlete_id VARCHAR, athlete VARCHAR, rowed_on DATE, "
        "piece_kind VARCHAR, squads VARCHAR)"
    )
    rows = [(place, *one.told) for place, one in places.items()]
    connection.executemany("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    files = ", ".join(_text(path) for path in places)
    keys = ", ".join(f"s.{name}" for name in _KEYS)
    connection.execute(f"SET allowed_paths = [{files}]")
    connection.execute(
        f"CREATE VIEW {VIEW} AS SELECT {keys}, r.* EXCLUDE (filename) "
        f"FROM read_parquet([{files}], union_by_name = true, filename = true) r JOIN sessions s ON s.file = r.filename"
    )
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


@contextmanager
def _stopped_after(connection: duckdb.DuckDBPyConnection, limit_s: float) -> Iterator[None]:
    timer = threading.Timer(limit_s, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _text(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"


def written(answer: Answer, target: Path) -> None:
    """Write an answer as CSV: empty cells where nothing was measured.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    import csv

    try:
        with target.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([answer.columns, *answer.rows])
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror}); name another place") from error
