"""A backup, made while others write, brings a store back as it was; what is damaged or killed leaves nothing half."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from rowsense.errors import OutputError, StoreError
from rowsense.store.archive import MANIFEST, Member, reading_archive, writing_archive
from rowsense.store.backup import back_up, check_backup
from rowsense.store.claims import ClubStore, named_prefixes, state_of
from rowsense.store.database import Database
from rowsense.store.delete import delete_session
from rowsense.store.files import FileStore, new_prefix
from rowsense.store.local_files import LocalFiles
from rowsense.store.migrate import newest_revision, upgrade
from rowsense.store.opening import address_of, open_files
from rowsense.store.places import StorePlace, store_place
from rowsense.store.record import record
from rowsense.store.restore import restore
from rowsense.store.scope import AllClubs
from rowsense.store.snapshot import NAMING, named_now
from rowsense.store.tables import (
    COACH,
    ApiToken,
    Base,
    Comment,
    FileClaim,
    Membership,
    OneTimeLink,
    SignIn,
    Upload,
    User,
)
from rowsense.store.tables.files import WRITING
from tests.store.bucket import KEYS, BucketServer
from tests.store.club import CLUB, HEALTHY, add_club, check_healthy, recording
from tests.store.conftest import Server
from tests.store.filled import Row, contents, fill

pytestmark = pytest.mark.filterwarnings("ignore:.*reflect.*:sqlalchemy.exc.SAWarning")


@pytest.fixture
def full(store: ClubStore, analysed: Path, tmp_path: Path) -> ClubStore:
    """Two sessions, one with its film; a remark that answers another one; somebody who is signed in."""
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(range(256)) * 40)
    record(store, CLUB, recording(analysed, 1, 1, film))
    record(store, CLUB, recording(analysed, 2, 1))
    with store.database.writing(CLUB) as unit:
        # The answer has the smaller key, so that no order of keys is the right one.
        unit.add(Comment(id=uuid.UUID(int=9), session_id=uuid.UUID(int=1000), text="hips"))
        unit.flush()
        unit.add(
            Comment(
                id=uuid.UUID(int=8),
                session_id=uuid.UUID(int=1000),
                answers_comment_id=uuid.UUID(int=9),
                text="yes",
            )
        )
    later = datetime.now(UTC) + timedelta(days=1)
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=uuid.UUID(int=5), email="jana@club.org", name="Jana"))
        unit.flush()
        unit.add(SignIn(user_id=uuid.UUID(int=5), token_sha256="a" * 64, seen_at=later))
        unit.add(OneTimeLink(user_id=uuid.UUID(int=5), purpose="password", token_sha256="b" * 64, expires_at=later))
        here = {"club_id": CLUB.club_id, "user_id": uuid.UUID(int=5)}
        unit.add(Membership(**here, role=COACH))
        unit.flush()
        unit.add(ApiToken(**here, name="laptop", token_sha256="c" * 64, scopes="upload", expires_at=later))
    return store


def _place(store: ClubStore) -> StorePlace:
    return StorePlace(store.database.url.render_as_string(hide_password=False), address_of(store.files))


def _hashes(files: FileStore) -> dict[str, str]:
    found = {}
    for prefix in {file.prefix for file in files.listed()}:
        with files.fetch(prefix) as folder:
            found |= {
                f"{prefix}/{path.relative_to(folder).as_posix()}": hashlib.sha256(path.read_bytes()).hexdigest()
                for path in folder.rglob("*")
                if path.is_file()
            }
    return found


def _new_place(request: pytest.FixtureRequest, kind: str, folder: Path) -> StorePlace:
    if kind != "postgresql":
        return store_place(str(folder))
    server: Server = request.getfixturevalue("server")
    return StorePlace(server.new(), str(folder / "files"))


def _but_for_the_restore(database: Database) -> dict[str, list[Row]]:
    """All rows but those that say that they were brought back, one in each club."""
    found = contents(database)
    noted = [row for row in found["audit_entries"] if row["action"] == "restore"]
    assert sorted(row["club_id"] for row in noted) == sorted(row["id"] for row in found["clubs"])
    return {**found, "audit_entries": [row for row in found["audit_entries"] if row not in noted]}


def _kind(store: ClubStore) -> str:
    return store.database.url.get_backend_name()


def test_everything_comes_back_but_sign_ins_links_and_what_was_on_its_way(
    full: ClubStore, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with full.database.writing(CLUB) as unit:
        unit.add(Upload(name="on its way.mp4", byte_count=9, found={}, claim={}))
    progress: list[tuple[int, int]] = []
    written = back_up(_place(full), tmp_path / "club.backup", lambda *told: progress.append(told))
    assert written.manifest.counts == {"clubs": 2, "athletes": 1, "sessions": 2, "users": 1}
    assert progress[-1][0] == progress[-1][1] > 400_000
    place = _new_place(request, _kind(full), tmp_path / "second")
    assert restore(written.path, place) == check_backup(written.path)
    with Database(place.url) as database:
        back = ClubStore(database, open_files(place.files))
        check_healthy(back)
        before = contents(full.database)
        void: dict[str, list[object]] = {"sign_ins": [], "one_time_links": [], "api_tokens": []}
        assert all(len(before[name]) == 1 for name in void)
        assert _but_for_the_restore(database) == {**before, **void, "uploads": []}
        assert _hashes(back.files) == _hashes(full.files)
    with pytest.raises((StoreError, OutputError), match="not empty"):
        restore(written.path, place)


@pytest.mark.parametrize("revision", ["0003", ""])
def test_a_row_of_every_table_of_an_older_revision_comes_back(
    empty_url: str, revision: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    revision = revision or newest_revision()
    old = StorePlace(empty_url, str(tmp_path / "none"))
    with Database(empty_url) as database:
        upgrade(database, revision)
        fill(database, revision)
        if revision == newest_revision():
            with database.writing(AllClubs("a claim as they are")) as unit:
                unit.execute(update(FileClaim).values(prefix=new_prefix(CLUB.club_id), state=WRITING))
        kind = database.url.get_backend_name()
        written = back_up(old, tmp_path / "club.backup")
        assert written.manifest.missing[:2] == ("a/b", "c/m") if revision > "0006" else ("a/b", "p")
        upgrade(database)
        expected = contents(database)
    place = _new_place(request, kind, tmp_path / "second")
    restore(written.path, place)
    with Database(place.url) as database:
        gone: dict[str, list[object]] = {"sign_ins": [], "one_time_links": [], "api_tokens": [], "file_claims": []}
        gone["mails"] = []
        assert _but_for_the_restore(database) == {**expected, **gone}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketServer]:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with BucketServer() as running:
        yield running


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_files_in_a_bucket(database: Database, bucket: BucketServer, analysed: Path, tmp_path: Path) -> None:
    add_club(database)
    store = ClubStore(database, open_files(bucket.address(uuid.uuid4().hex)))
    record(store, CLUB, recording(analysed))
    written = back_up(_place(store), tmp_path / "club.backup")
    place = store_place(str(tmp_path / "second"), bucket.address(uuid.uuid4().hex))
    restore(written.path, place)
    with Database(place.url) as again:
        check_healthy(ClubStore(again, open_files(place.files)))
    assert _hashes(open_files(place.files)) == _hashes(store.files) != {}


def test_what_comes_and_goes_meanwhile(
    full: ClubStore, analysed: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A session is deleted and another one recorded in the middle of the files."""
    sessions = [uuid.UUID(int=1000), uuid.UUID(int=2000)]

    def meanwhile(done: int, total: int) -> None:
        if sessions:
            delete_session(full, CLUB, sessions.pop())
            delete_session(full, CLUB, sessions.pop())
            record(full, CLUB, recording(analysed, 3, 1))

    written = back_up(_place(full), tmp_path / "club.backup", meanwhile)
    place = _new_place(request, _kind(full), tmp_path / "second")
    restore(written.path, place)
    with Database(place.url) as database:
        back = ClubStore(database, open_files(place.files))
        check_healthy(back)
        assert [row["id"] for row in contents(database)["sessions"]] == [
            row["id"] for row in contents(full.database)["sessions"]
        ]
        assert _hashes(back.files) == _hashes(full.files)
    assert written.manifest.left_out, "what was copied of them before they were deleted"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", ["a byte of a file", "the end", "a member more", "a name that leads out"])
def test_a_damaged_backup_is_refused_before_anything_is_written(full: ClubStore, tmp_path: Path, what: str) -> None:
    path = back_up(_place(full), tmp_path / "club.backup").path
    if what == "a byte of a file":
        data = bytearray(path.read_bytes())
        at = data.index(bytes(range(256)) * 2)  # in the film, which is stored as it is
        data[at + 100] ^= 1
        path.write_bytes(data)
    elif what == "the end":
        path.write_bytes(path.read_bytes()[:-100])
    elif what == "a member more":
        with zipfile.ZipFile(path, "a") as packed:
            packed.writestr("files/x", b"x")
    else:
        name = f"files/{next(iter(full.files.listed())).key}"
        _renamed(path, name, name[:-4] + "/../x")
    with pytest.raises(StoreError, match="is damaged"):
        check_backup(path)
    with pytest.raises(StoreError, match="is damaged"):
        restore(path, store_place(str(tmp_path / "second")))
    assert not (tmp_path / "second").exists()


def _renamed(path: Path, name: str, other: str) -> None:
    """Another name for a member, in the manifest and in the ZIP itself."""
    with zipfile.ZipFile(path) as packed:
        members = {one: packed.read(one) for one in packed.namelist()}
    members[MANIFEST] = members[MANIFEST].replace(name.encode(), other.encode())
    with zipfile.ZipFile(path, "w") as packed:
        for one, data in members.items():
            packed.writestr(other if one == name else one, data)


def test_a_member_never_lies_outside() -> None:
    for name in ("/etc/x", "files/../x", "..", "files\\x", "c:/x", ""):
        with pytest.raises(ValueError, match="outside"):
            Member(name, 1, "a" * 64)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_there_stays_and_what_is_interrupted_leaves_nothing(full: ClubStore, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(_place(full), folder, stop)
    assert not list(folder.iterdir())
    path = back_up(_place(full), folder).path
    with pytest.raises(OutputError, match="is there already"):
        back_up(_place(full), path)
    second = store_place(str(tmp_path / "second"))
    started = []

    def stop_in_the_second_half(done: int, total: int) -> None:
        started.append(done)
        if done > total * 0.6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(path, second, stop_in_the_second_half)
    assert started
    assert not list(open_files(second.files).listed()) and not (tmp_path / "second" / "club.sqlite3").exists()
    for end in ("-wal", "-shm", "-journal"):
        log = tmp_path / "second" / f"club.sqlite3{end}"
        log.write_bytes(b"of another database")
        with pytest.raises(StoreError, match=f"club.sqlite3{end}.*move it away"):
            restore(path, second)
        log.unlink()
    strange = tmp_path / "second" / "club-files" / str(CLUB.club_id) / ("0" * 32) / "a.mp4"
    strange.parent.mkdir(parents=True)
    strange.write_bytes(b"somebody's")
    with pytest.raises(OutputError, match="not empty"):
        restore(path, second)
    assert strange.read_bytes() == b"somebody's"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_store_another_kind_and_a_newer_version_are_said(full: ClubStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is not there"):
        back_up(store_place(str(tmp_path / "nowhere")), tmp_path / "x.backup")
    assert not (tmp_path / "nowhere").exists()
    path = back_up(_place(full), tmp_path / "club.backup").path
    with pytest.raises(StoreError, match="of its own kind"):
        restore(path, StorePlace("postgresql://nobody@localhost/x", str(tmp_path / "f")))
    with reading_archive(path) as archive:
        newer = replace(archive.manifest, revision="9999", rowsense_version="99.0")
    with writing_archive(tmp_path / "newer.backup") as (written, _):
        written.finish(newer)
    with pytest.raises(StoreError, match=r"made by a newer RowSense \(99\.0\)"):
        restore(tmp_path / "newer.backup", store_place(str(tmp_path / "second")))
    assert MANIFEST not in {member.name for member in newer.members}


def test_the_columns_that_name_files_are_all_known(full: ClubStore) -> None:
    with full.database.reading(AllClubs("compare")) as unit:
        assert named_now(full.database) == named_prefixes(unit) != frozenset()
    columns = [(t.name, c.name) for t in Base.metadata.sorted_tables for c in t.columns if c.name.startswith("file_")]
    assert sorted(columns) == sorted(NAMING)


#: Moment -> event and its number, what is killed.
MOMENTS = {
    "backup, while rows are read": ("sqlite3.connect", 3, "backup"),
    "backup, before it appears": ("os.rename", 1, "backup"),
    "restore, in the sixth file": ("os.rename", 6, "restore"),
    "restore, before the rows appear": ("os.rename", 16, "restore"),
}


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed(full: ClubStore, tmp_path: Path, moment: str) -> None:
    event, number, what = MOMENTS[moment]
    folder = tmp_path / "out"
    folder.mkdir()
    path, second = folder / "club.backup", StorePlace(f"sqlite:///{tmp_path}/second/club.sqlite3", f"{tmp_path}/f")
    place = _place(full) if what == "backup" else second
    if what == "restore":
        back_up(_place(full), path)
    command = [sys.executable, "-m", "tests.store.to_be_killed", place.url, place.files, str(path)]
    with subprocess.Popen([*command, what, event, str(number)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.kill()
        assert process.wait() == -9
    if what == "backup":
        assert not path.exists()
        assert all(left.name.startswith(".club.backup.") and left.name.endswith(".part") for left in folder.iterdir())
        back_up(place, path)
    else:
        assert not (tmp_path / "second" / "club.sqlite3").exists()
    restore(path, second)
    with Database(second.url) as database:
        assert state_of(ClubStore(database, LocalFiles(tmp_path / "f"))) == HEALTHY
        assert len(contents(database)["sessions"]) == 2
    assert _hashes(LocalFiles(tmp_path / "f")) == _hashes(full.files)
    assert [left.name for left in (tmp_path / "second").iterdir()] == ["club.sqlite3"]
