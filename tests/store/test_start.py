"""What is looked at before a program works on a store: role, place for files, other servers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from rowsense.errors import OutputError, StoreError
from rowsense.store import bucket_files
from rowsense.store.database import Database, store_url
from rowsense.store.local_files import LocalFiles
from rowsense.store.migrate import current_revision, downgrade
from rowsense.store.opening import open_files, open_store
from rowsense.store.start import check_files, check_no_other_server, check_role, only_server
from tests.store.bucket import KEYS, BucketServer
from tests.store.club import CLUB
from tests.store.conftest import Server


def test_a_role_above_row_level_security_is_refused(server: Server, new_url: Callable[[str], str]) -> None:
    url = new_url("postgresql")
    above = make_url(url).set(username=make_url(server.url).username)
    with Database(url) as database:
        check_role(database)
    with Database(above) as database, pytest.raises(StoreError, match="is above row-level security"):
        check_role(database)


@pytest.mark.parametrize("change", [True, False])
def test_a_place_that_takes_no_files_is_refused(tmp_path: Path, change: bool) -> None:
    (tmp_path / "film").write_bytes(b"no folder")
    check_files(LocalFiles(tmp_path / "new" / "files"), change=change)
    assert (tmp_path / "new" / "files").exists() == change, "looking makes nothing"
    with pytest.raises(OutputError, match=r"no files can be kept there .*name another place with --files"):
        check_files(LocalFiles(tmp_path / "film" / "files"), change=change)


def test_a_bucket_is_written_to_once_and_one_that_is_away_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(bucket_files, "_RETRY_S", 0.5)
    with BucketServer() as server:
        files = open_files(server.address("probed"))
        check_files(files)
        assert [one.split()[0] for one in server.seen] and not list(files.listed())
        monkeypatch.setattr(server, "refuse", "PUT")
        with pytest.raises(OutputError, match="see that the bucket can be reached"):
            check_files(files)
        check_files(files, change=False)
        address = server.address("gone")
    with pytest.raises(OutputError, match="see that the bucket can be reached"):
        check_files(open_files(address), change=False)


def test_an_sqlite_file_has_room_for_one_server_and_postgresql_for_many(tmp_path: Path) -> None:
    url = store_url(f"sqlite:///{tmp_path}/club.sqlite3")
    check_no_other_server(url)
    assert not list(tmp_path.iterdir())
    with only_server(url):
        for look in (lambda: check_no_other_server(url), lambda: only_server(url).__enter__()):
            with pytest.raises(StoreError, match="another `rowsense serve` shows this store already"):
                look()
    check_no_other_server(url)
    many = store_url("postgresql://rowsense@there/club")
    with only_server(many), only_server(many):
        pass


def test_no_empty_database_is_made_where_files_of_a_lost_one_are(empty_url: str, tmp_path: Path) -> None:
    files = tmp_path / "files"
    (tmp_path / "film").write_bytes(b"a film")
    open_store(empty_url, str(files)).database.close()
    LocalFiles(files).put(tmp_path / "film", f"{CLUB.club_id}/{'a' * 32}/video.mp4")
    open_store(empty_url, str(files)).database.close()
    with Database(empty_url) as database:
        downgrade(database, "base")
    with pytest.raises(StoreError, match=r"so the database was lost .*`rowsense restore .*--begin-anew"):
        open_store(empty_url, str(files))
    with Database(empty_url) as database:
        assert current_revision(database) == "", "looking made nothing"
    open_store(empty_url, str(files), anew=True).database.close()
    assert list(files.rglob("video.mp4"))
