"""What is one athlete's: all of it is exported and nothing of anybody else, and nothing is left when it is deleted."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import String, select

from rowsense.errors import StoreError
from rowsense.store.belongings import HERS, NOBODYS, athlete_named, counts_of
from rowsense.store.claims import ClubStore, claimed, keep
from rowsense.store.erase import _SECRET, erase_athlete
from rowsense.store.export import export_of
from rowsense.store.record import Piece, Recording, record
from rowsense.store.scope import AllClubs
from rowsense.store.tables import (
    ATHLETE,
    COACH,
    OWN_REFERENCE,
    ApiToken,
    Athlete,
    AuditEntry,
    Base,
    Comment,
    CommentRead,
    Consent,
    FeltAnswer,
    Invitation,
    Job,
    JobPart,
    Mail,
    Membership,
    MonitorFile,
    OneTimeLink,
    RecoveryCode,
    ReferenceStroke,
    SecondStep,
    SessionTag,
    ShareLink,
    SignIn,
    Squad,
    SquadAthlete,
    SquadCoach,
    StoredCalibration,
    Tag,
    Upload,
    User,
)
from rowsense.store.upload_files import upload_files_of
from tests.store.club import CLUB, OTHER_CLUB, analysed_folder, check_healthy
from tests.store.filled import AT, contents

COACH_ID, COACH_NAME = uuid.UUID("c0ac4c0a-c4c0-4ac4-8c0a-c4c0ac4c0ac4"), "Eva Trenérová"


def _later() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


@dataclass(frozen=True)
class Rower:
    name: str
    number: int
    """Another key in every table."""

    def key(self, what: int) -> uuid.UUID:
        return uuid.uuid5(uuid.UUID(int=self.number), str(what))

    @property
    def id(self) -> uuid.UUID:
        return self.key(0)

    @property
    def email(self) -> str:
        return f"rower{self.number}@club.org"

    @property
    def film(self) -> bytes:
        return f"film of {self.name}".encode() * 100

    @property
    def marks(self) -> list[bytes]:
        """Whatever would tell that she is in something."""
        keys = [self.key(what) for what in range(8)]
        words = [self.name, json.dumps(self.name)[1:-1], self.email, *map(str, keys), *(key.hex for key in keys)]
        return [word.encode() for word in words]


HER, OTHER = Rower("Ľubica Šťastná", 71), Rower("Jana Novotná", 72)


@pytest.fixture
def two(store: ClubStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClubStore:
    """Two rowers, each with something in every table, and a coach who wrote to both."""
    monkeypatch.setenv("ROWSENSE_DATA_DIR", str(tmp_path / "data"))
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=COACH_ID, email="eva@club.org", name=COACH_NAME))
        unit.add(Squad(id=uuid.UUID(int=50), club_id=CLUB.club_id, name="Women"))
        unit.add(Tag(id=uuid.UUID(int=51), club_id=CLUB.club_id, name="camp"))
        unit.flush()
        unit.add(Membership(club_id=CLUB.club_id, user_id=COACH_ID, role=COACH))
        unit.flush()
        unit.add(SquadCoach(club_id=CLUB.club_id, squad_id=uuid.UUID(int=50), user_id=COACH_ID))
        for rower in (HER, OTHER):
            unit.add(User(id=rower.key(1), email=rower.email, name=rower.name))
            unit.add(Athlete(id=rower.id, club_id=CLUB.club_id, name=rower.name, birth_year=2000))
    for rower in (HER, OTHER):
        _add(store, rower, tmp_path / str(rower.number))
        sent = upload_files_of(store).path(rower.key(7))
        sent.parent.mkdir(exist_ok=True)
        sent.write_bytes(rower.film)
    return store


def _add(store: ClubStore, rower: Rower, folder: Path) -> None:
    folder.mkdir()
    film = folder / "film.mp4"
    film.write_bytes(rower.film)
    piece = Piece(rower.id, date(2026, 3, 1), "steady", notes=f"notes of {rower.name}")
    analysed = analysed_folder(folder / "clip.rowsense", athlete=rower.name)
    (analysed / "report.html").write_text(f"<h1>{rower.name}</h1>", encoding="utf-8")
    record(store, CLUB, Recording(analysed, rower.key(2), rower.key(3), piece, video=film))
    with claimed(store, CLUB, 2) as (prefix, shared):
        (folder / "monitor.csv").write_text(f"pm5 of {rower.name}", encoding="utf-8")
        store.files.put(folder / "monitor.csv", f"{prefix}/monitor.csv")
        (folder / "shared.html").write_text(f"for the physiotherapist of {rower.name}", encoding="utf-8")
        store.files.put(folder / "shared.html", f"{shared}/report.html")
        with store.database.writing(CLUB) as unit:
            unit.add_all([*_rows(rower, prefix), _shared(rower, shared)])
            keep(unit, [prefix, shared])
    token = rower.key(1).hex * 2
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(SignIn(user_id=rower.key(1), token_sha256=token, seen_at=_later(), agent="a browser"))
        unit.add(SecondStep(user_id=rower.key(1), totp_secret=f"encrypted {token}", last_counter=1))
        unit.add(RecoveryCode(user_id=rower.key(1), code_sha256=token))
        unit.add(Mail(user_id=rower.key(1), purpose="password", next_at=_later()))
        unit.add(OneTimeLink(user_id=rower.key(1), purpose="password", token_sha256=token, expires_at=_later()))
        named = {"club_id": CLUB.club_id, "user_id": rower.key(1), "name": f"laptop of {rower.name}"}
        unit.add(ApiToken(**named, token_sha256=token, scopes="upload", expires_at=_later()))


def _shared(rower: Rower, prefix: str) -> ShareLink:
    return ShareLink(
        session_id=rower.key(2), analysis_id=rower.key(3), created_by_user_id=COACH_ID, file_prefix=prefix,
        label=f"physio of {rower.name}", token_sha256=rower.key(9).hex * 2, expires_at=_later(), named=True,
        face_blurred=False, surroundings_blurred=False, film="none",
    )  # fmt: skip


def _rows(rower: Rower, prefix: str) -> list[Base]:
    session = rower.key(2)
    return [
        MonitorFile(session_id=session, name="erg.csv", file_prefix=prefix, sample_count=2, duration_s=1.0),
        Membership(user_id=rower.key(1), role=ATHLETE, athlete_id=rower.id),
        SquadAthlete(squad_id=uuid.UUID(int=50), athlete_id=rower.id),
        SessionTag(session_id=session, tag_id=uuid.UUID(int=51)),
        Comment(id=rower.key(4), session_id=session, author_user_id=COACH_ID, text=f"well done, {rower.name}"),
        Comment(session_id=session, author_user_id=rower.key(1), text="=1+1"),
        CommentRead(session_id=session, user_id=COACH_ID, read_until=_later()),
        FeltAnswer(session_id=session, answer="no"),
        ReferenceStroke(session_id=session, whose=OWN_REFERENCE, time_s=1.5),
        Upload(
            id=rower.key(7), user_id=COACH_ID, name=f"{rower.name}.mp4", byte_count=9, found={},
            claim={"athlete_id": str(rower.id)},
        ),
        Consent(athlete_id=rower.id, guardian_name=f"father of {rower.name}", given_on=date(2026, 1, 1)),
        Invitation(
            email=f"2{rower.email}", role=ATHLETE, athlete_id=rower.id, token_sha256=rower.key(5).hex * 2,
            expires_at=_later(), invited_by_user_id=COACH_ID,
        ),
        StoredCalibration(athlete_id=rower.id, made_at=AT, estimator="e", document={"athlete": rower.name}),
        Job(id=rower.key(6), kind="analyze", athlete_id=rower.id, payload={"video": f"/films/{rower.name}.mp4"}),
        JobPart(job_id=rower.key(6), part=0, plan={}, result=rower.name.encode()),
        AuditEntry(
            actor_user_id=rower.key(1), action="consent", subject_kind="athletes", subject_id=rower.id,
            details={"name": rower.name},
        ),
    ]  # fmt: skip


def _exported(store: ClubStore, rower: Rower) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(export_of(store, CLUB, rower.id, by=COACH_ID).stream()))) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def _found(marks: list[bytes], data: bytes) -> list[bytes]:
    return [mark for mark in marks if mark in data]


def test_every_table_is_somebodys_or_nobodys() -> None:
    hers = {table.__tablename__ for table in HERS}
    assert hers | NOBODYS == set(Base.metadata.tables), "say in belongings.py whose a new table is"
    assert not hers & NOBODYS


def test_the_export_holds_all_of_hers_and_nothing_of_anybody_else(two: ClubStore) -> None:
    parts = _exported(two, HER)
    whole = b"\n".join([*parts.values(), *(name.encode() for name in parts)])
    coach = [str(COACH_ID).encode(), COACH_ID.hex.encode(), COACH_NAME.encode(), json.dumps(COACH_NAME)[1:-1].encode()]
    assert _found([*OTHER.marks, *coach, b"eva@club.org", b"/films/", str(CLUB.club_id).encode()], whole) == []
    home = "sessions/2026-03-01 1 steady"
    assert parts[f"{home}/video.mp4"] == HER.film
    assert parts[f"{home}/monitor/monitor.csv"] == b"pm5 of " + HER.name.encode()
    assert parts[f"{home}/shared 1/report.html"].startswith(b"for the physio")
    assert {f"{home}/analysis 1/{name}" for name in ("report.html", "track.parquet", "session.json")} <= set(parts)
    assert HER.name in parts["README.txt"].decode() and "degrees" in parts["README.txt"].decode()
    told = json.loads(parts["everything.json"])
    assert set(told) == {table.__tablename__ for table in HERS} - {"strokes", "analysis_quantities"} | {"squads"}
    assert told["squads"] == ["Women"] and told["users"][0]["email"] == HER.email
    assert {one["author_user_id"] for one in told["comments"]} == {"coach", "the athlete herself"}
    assert told["analyses"][0]["summary"]["athlete"] == HER.name
    strokes = list(csv.DictReader(io.StringIO(parts["tables/strokes.csv"].decode("utf-8-sig"))))
    assert len(strokes) == 7 and float(strokes[0]["rate_spm"]) > 10
    assert "'=1+1" in parts["tables/comments.csv"].decode(), "no formula for a spreadsheet"
    assert json.loads(next(data for name, data in parts.items() if name.startswith("calibrations/2026-03-01")))
    with two.database.reading(CLUB) as unit:
        note = unit.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert (note.actor_user_id, note.subject_id) == (COACH_ID, HER.id)


def test_what_is_not_there_any_more_is_said_in_the_export(two: ClubStore) -> None:
    (film,) = [file for file in two.files.listed() if file.key.endswith(".mp4") and file.byte_count == len(HER.film)]
    two.files.remove(film.prefix)
    parts = _exported(two, HER)
    assert "sessions/2026-03-01 1 steady" in parts["MISSING.txt"].decode()
    assert "sessions/2026-03-01 1 steady/analysis 1/report.html" in parts


def _disk(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_left_of_who_is_deleted(two: ClubStore, tmp_path: Path) -> None:
    work = [tmp_path / place / "job-work" / str(HER.key(6)) for place in ("data", ".")]
    for folder in work:
        folder.mkdir(parents=True)
        (folder / "log.txt").write_text(HER.name, encoding="utf-8")
    (tmp_path / "club.sqlite3.before-0001.backup").write_bytes(HER.name.encode())
    expected = counts_of(two.database, CLUB, HER.id)
    assert set(expected) == {table.__tablename__ for table in HERS}, "she has something in every table"
    others = counts_of(two.database, CLUB, OTHER.id)
    files = {file.key: file.byte_count for file in two.files.listed()}
    receipt = erase_athlete(two, CLUB, HER.id, by=COACH_ID)
    assert receipt.rows == {name: count for name, count in expected.items() if name != "audit_entries"}
    left = {file.key: file.byte_count for file in two.files.listed()}
    assert (receipt.file_count, receipt.byte_count) == (
        len(files) - len(left),
        sum(files.values()) - sum(left.values()),
    )
    assert receipt.file_count > 6 and not receipt.account_kept and receipt.left == {}
    rows = contents(two.database)
    assert _found(HER.marks, repr(rows).encode()) == []
    note = next(row for row in rows["audit_entries"] if row["action"] == "erase")
    assert str(receipt.id) in {str(note["subject_id"]), str(uuid.UUID(str(note["subject_id"])))}
    assert _found(HER.marks, receipt.to_json().encode()) == []
    for folder in (str(HER.number), str(OTHER.number)):  # the test's own
        _removed(tmp_path / folder)
    if two.database.url.get_backend_name() == "sqlite":
        assert receipt.log_cleared
        assert not list(tmp_path.glob("*.backup")) and not any(folder.exists() for folder in work)
        assert {name: found for name, data in _disk(tmp_path).items() if (found := _found(HER.marks, data))} == {}
    assert {key for key in left if HER.film in (tmp_path / "files" / key).read_bytes()} == set()
    assert counts_of(two.database, CLUB, OTHER.id) == others
    check_healthy(two)
    with pytest.raises(StoreError, match="no such athlete"):
        erase_athlete(two, CLUB, HER.id)


def _removed(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def test_an_account_of_another_club_and_what_others_wrote_stay_and_are_said(two: ClubStore) -> None:
    with two.database.writing(AllClubs("set up a test")) as unit:
        unit.add(Membership(club_id=OTHER_CLUB.club_id, user_id=HER.key(1), role=COACH))
        unit.add(Comment(club_id=CLUB.club_id, session_id=OTHER.key(2), author_user_id=COACH_ID, text=f"as {HER.name}"))
        mine = Comment(club_id=CLUB.club_id, session_id=OTHER.key(2), author_user_id=HER.key(1), text="nice")
        unit.add(mine)
        unit.add(Athlete(club_id=OTHER_CLUB.club_id, name=HER.name))
    assert OTHER.key(2).hex.encode() not in b"".join(_exported(two, HER).values()).replace(b"-", b"")
    receipt = erase_athlete(two, CLUB, HER.id)
    assert receipt.account_kept and receipt.left == {"comments": 1}, "nothing is told of another club"
    assert not {"users", "sign_ins", "one_time_links", "second_steps", "recovery_codes"} & set(receipt.rows)
    rows = contents(two.database)
    assert len(rows["sign_ins"]) == len(rows["users"]) - 1 == 2
    assert [row["text"] for row in rows["comments"] if row["text"] in ("nice", f"as {HER.name}")] == [f"as {HER.name}"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_search_for_what_is_left_tells_nothing_of_secrets_and_of_other_clubs_only_when_asked(
    two: ClubStore,
) -> None:
    secrets = {c.name for t in Base.metadata.tables.values() for c in t.columns if isinstance(c.type, String)}
    assert {name for name in secrets if re.search("password|key$|token|subject_sha|totp|code_sha", name)} - {
        "file_key"
    } == _SECRET
    guess = "$argon2id$v=19$a"
    with two.database.writing(AllClubs("set up a test")) as unit:
        unit.get_one(User, COACH_ID).password_hash = f"{guess}bcd"
        for club, name in ((CLUB, guess), (CLUB, "Zoë"), (CLUB, "Uma"), (OTHER_CLUB, "Uma"), (OTHER_CLUB, "Zoë")):
            unit.add(Athlete(club_id=club.club_id, name=name))
        unit.flush()
        mine = unit.scalars(select(Athlete).where(Athlete.club_id == CLUB.club_id)).all()
        keys = {one.name: one.id for one in mine}
    assert erase_athlete(two, CLUB, keys[guess]).left == {}
    assert erase_athlete(two, CLUB, keys["Zoë"]).left == {}
    assert erase_athlete(two, CLUB, keys["Uma"], whole_store=True).left == {"athletes": 1}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_another_club_gets_and_deletes_nothing(two: ClubStore) -> None:
    before = contents(two.database)
    for do in (export_of, erase_athlete, lambda store, *who: counts_of(store.database, *who)):
        for scope, key in ((OTHER_CLUB, HER.id), (CLUB, uuid.uuid4())):
            with pytest.raises(StoreError, match="no such athlete"):
                do(two, scope, key)  # type: ignore[operator]
    assert contents(two.database) == before
    check_healthy(two)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_athletes_are_found_by_name_or_id(two: ClubStore) -> None:
    for who in (HER.name, f" {HER.name} ", str(HER.id)):
        found = athlete_named(two.database, who)
        assert (found.scope, found.athlete_id, found.name) == (CLUB, HER.id, HER.name)
    with pytest.raises(StoreError, match="no athlete has this name"):
        athlete_named(two.database, "Nobody")
    with two.database.writing(CLUB) as unit:
        unit.add(Athlete(name=HER.name))
    with pytest.raises(StoreError, match=f"2 of this name.*{HER.id} \\(2000, Łódź\\)"):
        athlete_named(two.database, HER.name)
