"""A session that was somebody else's: not one byte names her, in rows, in files, or in what is given out."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import duckdb
import numpy as np
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from rowsense.errors import OutputError
from rowsense.jobs.changing import change
from rowsense.jobs.child import done
from rowsense.jobs.telling import How
from rowsense.jobs.work import KINDS, Task
from rowsense.store.access import Viewer
from rowsense.store.change import MeanwhileError, change_session
from rowsense.store.claims import ClubStore
from rowsense.store.erase import erase_athlete
from rowsense.store.export import export_of
from rowsense.store.members import remove_member
from rowsense.store.moved import is_telling, names_of, renamed_folders
from rowsense.store.opening import address_of
from rowsense.store.record import record
from rowsense.store.scope import AllClubs
from rowsense.store.seen_notes import notes_of
from rowsense.store.tables import (
    ADMINISTRATOR,
    Analysis,
    Athlete,
    AuditEntry,
    Comment,
    CommentRead,
    Job,
    Membership,
    ShareLink,
    TrainingSession,
    Upload,
    User,
    Video,
)
from tests.store.club import ATHLETE, CLUB, NAME, analysed_folder, check_healthy, recording
from tests.store.filled import contents

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
OTHER, USER, SESSION = (uuid.UUID(int=n) for n in (12, 31, 1000))
HEAD = Viewer(USER, CLUB.club_id, ADMINISTRATOR)
#: The film of the fixture is called after her.
FIRST = NAME.split()[0]
WORDS = [NAME, json.dumps(NAME)[1:-1], FIRST, json.dumps(FIRST)[1:-1], "Lukasik", str(ATHLETE), ATHLETE.hex]


@pytest.fixture
def two(store: ClubStore, tmp_path: Path) -> ClubStore:
    """A session of hers with two versions, a link, an upload, and files in which more than one place names her."""
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=USER, email="head@club.org", name="Head"))
        unit.add(Athlete(id=OTHER, club_id=CLUB.club_id, name="Jana Novotná", birth_year=1990))
        unit.flush()
        unit.add(Membership(club_id=CLUB.club_id, user_id=USER, role=ADMINISTRATOR))
    made = analysed_folder(tmp_path / "clip.rowsense")
    for version in (1, 2):
        record(store, CLUB, recording(_naming(made, version), version=version))
    shutil.rmtree(made)
    later = datetime.now(UTC) + timedelta(days=1)
    with store.database.writing(CLUB) as unit:
        unit.add(
            ShareLink(
                session_id=SESSION, analysis_id=uuid.UUID(int=1002), label=f"physio of {NAME}", token_sha256="a" * 64,
                expires_at=later, named=True, face_blurred=True, surroundings_blurred=True, film="none",
            )
        )  # fmt: skip
        unit.add(
            Upload(
                user_id=USER, name="Lukasik.mov", byte_count=9, state="claimed", found={}, session_id=SESSION,
                claim={"athlete_id": str(ATHLETE)},
            )
        )  # fmt: skip
    return store


def _naming(analysed: Path, version: int) -> Path:
    """As ``rowsense analyze`` leaves it: report, card, what she felt, and a sentence about the film."""
    told = json.loads((analysed / "session.json").read_text(encoding="utf-8"))
    film = told["video"]["path"]
    told["quality"]["film"] = f"{film}: the last frames could not be read."
    told["felt"] = {"answer": "yes"} if version == 1 else None
    (analysed / "session.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    cv2.imwrite(str(analysed / "faults" / "hips_tip_back.png"), np.zeros((30, 40, 3), np.uint8))
    for name in ("report.html", "report.pdf", "card.png"):
        (analysed / name).write_text(f"{name} of {NAME}", encoding="utf-8")
    return analysed


def _inside(name: str, data: bytes) -> Iterator[bytes]:
    """A file's bytes, and what is packed in it."""
    yield name.encode()
    yield data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for one in packed.namelist():
                yield from _inside(one, packed.read(one))
    elif data[:4] == b"PAR1":
        yield from _words_in(data)
    elif data[:4] == b"%PDF":
        reader = PdfReader(io.BytesIO(data))
        yield repr(reader.metadata).encode()
        yield "\n".join(page.extract_text() for page in reader.pages).encode()


def _words_in(table: bytes) -> Iterator[bytes]:
    """What a Parquet file says in words: names of columns, texts, and what stands beside the table."""
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect() as connection:
        file.write(table)
        file.flush()
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [file.name]).fetchall()
        texts = ", ".join(f'"{name}"' for name, kind, *_ in described if kind == "VARCHAR") or "NULL"
        yield repr(described).encode()
        yield repr(connection.execute(f"SELECT DISTINCT {texts} FROM read_parquet(?)", [file.name]).fetchall()).encode()
        beside = connection.execute("SELECT key, value FROM parquet_kv_metadata(?)", [file.name])
        yield repr(beside.fetchall()).encode()


def naming(files: dict[str, bytes]) -> dict[str, list[str]]:
    """File -> words of hers in it."""
    found = {}
    for name, data in files.items():
        parts = list(_inside(name, data))
        if words := [word for word in WORDS if any(word.encode() in part for part in parts)]:
            found[name] = words
    return found


def _files(store: ClubStore) -> dict[str, bytes]:
    root = store.files.root  # type: ignore[attr-defined]
    return {file.key: (root / file.key).read_bytes() for file in store.files.listed()}


def _hers(store: ClubStore) -> list[str]:
    """Tables that still name her, but for the one that is about her."""
    rows = contents(store.database)
    return [name for name, found in rows.items() if name != "athletes" and any(w in repr(found) for w in WORDS)]


def test_nothing_of_it_names_who_had_it_before(two: ClubStore, tmp_path: Path) -> None:
    before = naming(_files(two))
    assert {Path(name).name for name in before} == {
        "session.json", "summary.json", "report.html", "report.pdf", "card.png"
    }  # fmt: skip
    assert change(two, HEAD, SESSION, {"athlete_id": OTHER}).moved
    after = _files(two)
    assert naming(after) == {}, "files"
    assert _hers(two) == [], "rows"
    assert {Path(name).name for name in after} >= {"session.json", "track.parquet", "player.bin", "hips_tip_back.png"}
    with two.database.reading(CLUB) as unit:
        assert unit.scalar(select(Video.name)) == "film.mp4"
        assert {row.summary["athlete"] for row in unit.scalars(select(Analysis))} == {"Jana Novotná"}
        assert unit.scalars(select(Job)).one().kind == "rewrite", "without its film nothing is analysed again"
    packed = b"".join(export_of(two, CLUB, OTHER).stream())
    with zipfile.ZipFile(io.BytesIO(packed)) as zipped:
        given = {name: zipped.read(name) for name in zipped.namelist()}
    assert naming(given) == {} and len(given) > 8
    assert erase_athlete(two, CLUB, ATHLETE, by=USER).left == {}
    check_healthy(two)
    if two.database.url.get_backend_name() == "sqlite":
        disk = {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert naming(disk) == {}


@ON_SQLITE
def test_its_report_is_written_again_and_names_its_rower(two: ClubStore, tmp_path: Path) -> None:
    change(two, HEAD, SESSION, {"athlete_id": OTHER})
    with two.database.reading(CLUB) as unit:
        job = unit.scalars(select(Job)).one()
    task = Task(
        function=KINDS["rewrite"], job_id=str(job.id), club_id=str(CLUB.club_id), athlete_id=str(OTHER),
        payload=job.payload, checkpoint={}, url=two.database.url.render_as_string(), files=address_of(two.files),
        folder=str(tmp_path / "work"),
    )  # fmt: skip
    assert done(task, lambda told: None) == (How.DONE, "")
    made = {Path(name).name: data for name, data in _files(two).items()}
    assert naming(_files(two)) == {} and made["card.png"].startswith(b"\x89PNG")
    assert "Jana Novotná" in made["report.html"].decode()
    assert any("Jana" in part.decode(errors="replace") for part in _inside("report.pdf", made["report.pdf"]))
    count = len(_files(two))
    assert done(task, lambda told: None) == (How.DONE, "") and len(_files(two)) == count, "once"
    check_healthy(two)


@ON_SQLITE
def test_one_that_an_older_version_moved_is_mended_when_she_is_deleted(two: ClubStore) -> None:
    with two.database.writing(CLUB) as unit:  # as it was done then: the rows alone, and a note
        unit.get_one(TrainingSession, SESSION).athlete_id = OTHER
        note = AuditEntry(actor_user_id=USER, action="change", subject_kind="sessions", subject_id=SESSION)
        note.details = {"fields": ["athlete_id"]}
        unit.add(note)
    assert naming(_files(two))
    assert erase_athlete(two, CLUB, ATHLETE).left == {}
    assert naming(_files(two)) == {} and _hers(two) == []
    check_healthy(two)


@ON_SQLITE
def test_what_cannot_be_renamed_or_was_overtaken_changes_nothing(two: ClubStore, analysed: Path) -> None:
    (place,) = [file.key for file in two.files.listed() if file.key.endswith("session.json")][:1]
    path = two.files.root / place  # type: ignore[attr-defined]
    whole, rows = path.read_bytes(), contents(two.database)
    path.write_bytes(whole[:100])
    with pytest.raises(OutputError, match="damaged"):
        change(two, HEAD, SESSION, {"athlete_id": OTHER})
    path.write_bytes(whole)
    assert contents(two.database) == rows
    with two.database.reading(CLUB) as unit:
        names = names_of(unit, unit.get_one(TrainingSession, SESSION), OTHER)
    assert names is not None
    with renamed_folders(two, CLUB, SESSION, names) as renamed:
        record(two, CLUB, recording(analysed, version=3))  # an analysis that ends just then
        with pytest.raises(MeanwhileError), two.database.writing(CLUB) as unit:
            change_session(unit, HEAD, SESSION, {"athlete_id": OTHER}, renamed=renamed)
    with two.database.reading(CLUB) as unit:
        assert unit.get_one(TrainingSession, SESSION).athlete_id == ATHLETE
    check_healthy(two)


def _written(store: ClubStore) -> uuid.UUID:
    """A coach's note to the session, two answers of hers of which she took one back, and that she has read it."""
    hers, note = uuid.UUID(int=32), uuid.UUID(int=61)
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=hers, email="zofie@club.org", name=NAME))
        unit.flush()
        unit.add(Membership(club_id=CLUB.club_id, user_id=hers, role="athlete", athlete_id=ATHLETE))
    with store.database.writing(CLUB) as unit:
        unit.add(Comment(id=note, session_id=SESSION, author_user_id=USER, time_s=0.1, text="sit tall"))
        unit.flush()
        for text, deleted_at in (("that hurt", None), ("no", datetime.now(UTC))):
            answer = Comment(session_id=SESSION, author_user_id=hers, answers_comment_id=note, text=text)
            answer.deleted_at = deleted_at
            unit.add(answer)
        unit.add(CommentRead(session_id=SESSION, user_id=hers, read_until=datetime.now(UTC)))
    return hers


def _authors(store: ClubStore) -> dict[str, uuid.UUID | None]:
    with store.database.reading(CLUB) as unit:
        return {one.text: one.author_user_id for one in unit.scalars(select(Comment))}


@ON_SQLITE
@pytest.mark.parametrize("is_member", [True, False])
def test_what_she_wrote_stays_and_says_nobodys_name(two: ClubStore, is_member: bool) -> None:
    hers = _written(two)
    if not is_member:
        remove_member(two.database, CLUB, hers, USER)
    assert change(two, HEAD, SESSION, {"athlete_id": OTHER}).unnamed_notes == 1
    assert _authors(two) == {"sit tall": USER, "that hurt": None, "no": None}
    assert [one.author for one in notes_of(two.database, HEAD, SESSION)] == ["Head", ""]
    with two.database.reading(CLUB) as unit:
        assert unit.scalars(select(CommentRead)).all() == []
        noted = unit.scalars(select(AuditEntry).where(AuditEntry.action == "change")).one()
    assert noted.details == {"fields": ["athlete_id"], "unnamed_notes": 1}
    assert change(two, HEAD, SESSION, {"athlete_id": ATHLETE}).unnamed_notes == 0, "and they stay nobody's"


@ON_SQLITE
def test_what_she_wrote_to_one_that_an_older_version_moved_is_mended(two: ClubStore) -> None:
    _written(two)
    with two.database.writing(CLUB) as unit:
        unit.get_one(TrainingSession, SESSION).athlete_id = OTHER
        note = AuditEntry(actor_user_id=USER, action="change", subject_kind="sessions", subject_id=SESSION)
        note.details = {"fields": ["athlete_id"]}
        unit.add(note)
    export_of(two, CLUB, OTHER)
    assert _authors(two) == {"sit tall": USER, "that hurt": None, "no": None}


def test_words_that_tell() -> None:
    assert is_telling("ZOFIE 25.mp4", NAME) and is_telling("lukasik.mov", NAME)
    assert not is_telling("IMG_1234.MOV", NAME) and not is_telling("an.mp4", "An Li")
