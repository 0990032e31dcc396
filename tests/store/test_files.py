"""What every file store keeps, whatever stands behind it: a folder of this machine, or a bucket on a real server."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from rowsense.errors import OutputError, UsageError
from rowsense.store.bucket_files import PART_BYTES, BucketFiles, open_bucket
from rowsense.store.claims import ClubStore, recover, state_of
from rowsense.store.database import Database
from rowsense.store.delete import delete_session
from rowsense.store.files import FileStore, StoredFile, new_prefix
from rowsense.store.local_files import LocalFiles
from rowsense.store.opening import address_of, open_files
from rowsense.store.record import record
from tests.store.bucket import KEYS, BucketServer
from tests.store.club import CLUB, HEALTHY, add_club, check_healthy, recording, rows


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    with BucketServer() as running:
        yield running


@pytest.fixture
def bucket(server: BucketServer, monkeypatch: pytest.MonkeyPatch) -> BucketFiles:
    """An empty folder of the bucket."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    server.seen.clear()
    return open_bucket(server.address(uuid.uuid4().hex))


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return LocalFiles(tmp_path / "files")
    made: BucketFiles = request.getfixturevalue("bucket")
    return made


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.bin"
    path.write_bytes(bytes(range(256)) * 40)
    return path


def prefix() -> str:
    return new_prefix(uuid.uuid4())


def test_what_is_put_is_read_back(files: FileStore, source: Path) -> None:
    one, other = prefix(), prefix()
    for key in (f"{one}/a.bin", f"{one}/faults/b c.png", f"{other}/a.bin"):
        files.put(source, key)
    size = source.stat().st_size
    assert sorted(files.listed(one), key=lambda f: f.key) == [
        StoredFile(f"{one}/a.bin", size),
        StoredFile(f"{one}/faults/b c.png", size),
    ]
    assert len(list(files.listed())) == 3
    assert len(list(files.listed(one.split("/")[0]))) == 2, "a club's"
    assert not list(files.listed(one[:-1])), "half a folder's name is no folder"
    with files.fetch(one) as folder:
        assert (folder / "faults" / "b c.png").read_bytes() == source.read_bytes()
    with files.fetch(one, ["a.bin"]) as folder:
        assert (folder / "a.bin").read_bytes() == source.read_bytes()


def test_a_part_is_read_and_nothing_else_is_moved(files: FileStore, source: Path, server: BucketServer) -> None:
    key, content = f"{prefix()}/a.bin", source.read_bytes()
    files.put(source, key)
    before = server.sent_bytes
    assert files.part(key, 1000, 1010) == content[1000:1010]
    assert server.sent_bytes - before in (0, 10)
    assert files.part(key, len(content) - 5, len(content) + 100) == content[-5:]
    assert files.part(key, len(content) + 1, len(content) + 9) == files.part(key, 7, 7) == b""
    assert files.size(key) == len(content) and files.size(f"{key}x") is None
    with pytest.raises(OutputError, match="is not there any more"):
        files.part(f"{key}x", 0, 10)


def test_putting_again_replaces(files: FileStore, source: Path) -> None:
    key = f"{prefix()}/a.bin"
    files.put(source, key)
    source.write_bytes(b"new")
    files.put(source, key)
    assert [one.byte_count for one in files.listed()] == [3]


def test_a_file_is_had_under_another_key_too_and_outlives_the_first(files: FileStore, source: Path) -> None:
    one, other = prefix(), prefix()
    files.put(source, f"{one}/a.bin")
    files.duplicate(f"{one}/a.bin", f"{other}/a.bin")
    files.remove(one)
    with files.fetch(other) as folder:
        assert (folder / "a.bin").read_bytes() == source.read_bytes()
    with pytest.raises(OutputError):
        files.duplicate(f"{one}/a.bin", f"{other}/b.bin")
    assert [file.key for file in files.listed(other)] == [f"{other}/a.bin"]


def test_what_is_not_there_is_said(files: FileStore, source: Path) -> None:
    one = prefix()
    with pytest.raises(OutputError, match="is not there any more"), files.fetch(one):
        pass
    files.put(source, f"{one}/a.bin")
    with pytest.raises(OutputError, match=r"b\.bin: is not there any more"), files.fetch(one, ["a.bin", "b.bin"]):
        pass
    with pytest.raises(OutputError, match=r"gone\.bin: cannot be read"):
        files.put(source.with_name("gone.bin"), f"{one}/c.bin")
    assert len(list(files.listed())) == 1


def test_a_folder_is_removed_and_no_other(files: FileStore, source: Path) -> None:
    one, other = prefix(), prefix()
    for key in (f"{one}/a.bin", f"{one}/faults/b.png", f"{other}/a.bin"):
        files.put(source, key)
    files.remove(one)
    files.remove(one)
    assert [file.prefix for file in files.listed()] == [other]
    for root in ("", "/", one.split("/")[0], f"{one}/faults", "../x"):
        with pytest.raises(ValueError, match="is no folder of a club"):
            files.remove(root)


def test_a_long_file_goes_in_parts(bucket: BucketFiles, server: BucketServer, tmp_path: Path) -> None:
    video = tmp_path / "video.mp4"
    video.write_bytes(os.urandom(PART_BYTES + 100_000))
    key = f"{prefix()}/video.mp4"
    bucket.put(video, key)
    assert sum("partNumber=" in one for one in server.seen) == 2
    with bucket.fetch(key.rpartition("/")[0]) as folder:
        assert (folder / "video.mp4").read_bytes() == video.read_bytes()
    assert [one.byte_count for one in bucket.listed()] == [video.stat().st_size]


def test_a_server_that_fails_is_said_and_nothing_is_there(
    bucket: BucketFiles, server: BucketServer, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "refuse", "PUT")
    with pytest.raises(OutputError, match=r"cannot be written .*see that the bucket can be reached"):
        bucket.put(source, f"{prefix()}/a.bin")
    monkeypatch.setattr(server, "refuse", "GET")
    with pytest.raises(OutputError, match="cannot be listed"):
        list(bucket.listed())
    monkeypatch.setattr(server, "refuse", "")
    assert not list(bucket.listed())


@pytest.mark.parametrize(
    "address",
    ["s3://", "gs://club", "https://host/club", "s3://club?endpont=http://host", "s3://key:secret@club"],
)
def test_what_is_no_bucket_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="is no bucket"):
        open_files(address)


def test_an_address_says_where(tmp_path: Path) -> None:
    assert open_files(str(tmp_path)) == LocalFiles(tmp_path)
    address = "s3://club/season?endpoint=http://127.0.0.1:1&region=eu-central-1"
    opened = open_files(address)
    assert isinstance(opened, BucketFiles)
    assert opened.place == "s3://club/season"
    assert address_of(opened) == address, "another process must reach the same server"
    assert address_of(LocalFiles(tmp_path)) == str(tmp_path)


# -- with the rows that name the files -----------------------------------------------------------------------------


@pytest.fixture
def store(bucket: BucketFiles, sqlite_template: Path, tmp_path: Path) -> Iterator[ClubStore]:
    path = tmp_path / "club.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    with Database(f"sqlite:///{path}") as database:
        add_club(database)
        yield ClubStore(database, bucket)


def test_a_session_is_recorded_and_deleted(store: ClubStore, analysed: Path) -> None:
    asked = recording(analysed, video=analysed / "report.html")
    record(store, CLUB, asked)
    check_healthy(store)
    assert sum(1 for _ in store.files.listed()) == 9
    delete_session(store, CLUB, asked.session_id)
    check_healthy(store)
    assert not list(store.files.listed())


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 8])
def test_killed_while_a_file_is_sent(
    store: ClubStore, server: BucketServer, bucket: BucketFiles, analysed: Path, number: int
) -> None:
    url = store.database.url.render_as_string(hide_password=False)
    server.hold(number)
    command = [
        sys.executable,
        "-m",
        "tests.store.to_be_killed",
        url,
        address_of(bucket),
        str(analysed),
        "record",
        "never",
        "1",
    ]
    with subprocess.Popen(command, env={**os.environ, **KEYS}) as process:
        assert server.held.wait(60.0)
        process.kill()
        assert process.wait() == -9
    server.released.set()
    assert server.done.wait(60.0), "what was on its way comes in, or not, before it is looked for"
    assert state_of(store) == HEALTHY, "every object that is there is of a row or of a claim"
    recover(store, timedelta(0))
    check_healthy(store)
    assert not list(store.files.listed())
    record(store, CLUB, recording(analysed, video=analysed / "report.html"))
    assert rows(store)["sessions"] == 1
    assert sum(1 for _ in store.files.listed()) == 9
    check_healthy(store)
