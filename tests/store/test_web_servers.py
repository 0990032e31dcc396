"""Several servers of pages on one store: who fits, who keeps house, who takes over, and whom the tables stop."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from rowsense.errors import OutputError, StoreError
from rowsense.store import shared_files, web_servers
from rowsense.store.database import Database
from rowsense.store.local_files import LocalFiles
from rowsense.store.places import StorePlace
from rowsense.store.scope import AllClubs
from rowsense.store.serving import check_servers, served
from rowsense.store.shared_files import folder_mark, known_mark, server_secret
from rowsense.store.web_servers import Common, WebServer, among_others, check_others
from tests.store.club import CLUB
from tests.store.conftest import Server

COMMON = Common.of("a secret", "a folder")


def test_one_keeps_house_and_another_takes_over_however_it_ends(server: Server, new_url: Callable[[str], str]) -> None:
    url = new_url("postgresql")
    with Database(url) as database, Database(url) as killed:
        first, second = WebServer(killed, COMMON), WebServer(database, COMMON)
        first.look()
        second.look()
        second.look()
        assert (first.keeps_house, second.keeps_house, second.others) == (True, False, 1)
        ended = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE classid = :kind").bindparams(
            kind=web_servers._HOUSE
        )
        with database.writing(AllClubs("end a connection")) as unit:
            unit.execute(ended)
        until_s = time.monotonic() + 30
        while not second.keeps_house:
            assert time.monotonic() < until_s, "the one that kept house was killed"
            second.look()
        with pytest.raises(Exception, match=r"terminat|closed"):
            first.look()
        assert not first.keeps_house
        first.look()
        assert (first.keeps_house, first.others) == (False, 1), "it is there again, and leaves the house to the other"
        second.leave()
        first.look()
        assert first.keeps_house
        first.leave()


def test_a_machine_that_is_cut_off_holds_the_house_for_half_a_minute_at_most(new_url: Callable[[str], str]) -> None:
    """The server of the database finds that out by itself; with its own settings it took two hours."""
    asked = text("SELECT name, source FROM pg_settings WHERE name LIKE 'tcp_keepalives_%'")
    with Database(new_url("postgresql")) as database:
        for _ in range(2):  # of a connection that comes, and of the same out of the pool
            with database.reading(AllClubs("look at the connection")) as unit:
                said = {name: source for name, source in unit.execute(asked)}
            assert said == {f"tcp_keepalives_{name}": "session" for name in ("idle", "interval", "count")}


def test_one_that_does_not_fit_is_refused_and_the_others_go_on(
    new_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, files = new_url("postgresql"), str(tmp_path / "files")
    place, other_place = StorePlace(url, files), StorePlace(url, str(tmp_path / "elsewhere"))
    mine, others = tmp_path / "data", tmp_path / "other-data"
    with served(place, mine, None) as first:
        check_servers(place, mine, None)
        with served(place, others, mine / "server.secret") as second:
            assert (first.web.keeps_house, second.web.keeps_house, second.secret) == (True, False, first.secret)
        for at, folder, said in (
            (place, others, r"another server\.secret.* ROWSENSE_SERVER__SECRET_FILE"),
            (other_place, mine, r"films into another folder.* --files that all of them share"),
        ):
            with pytest.raises(StoreError, match=said):
                check_servers(at, folder, None)
            with pytest.raises(StoreError, match=said), served(at, folder, None):
                pass
        first.web.look()
        assert first.web.keeps_house and first.web.others == 0
        # As a program would find it that knows a revision more.
        monkeypatch.setattr(web_servers, "newest_revision", lambda: "9999")
        with pytest.raises(StoreError, match="of an older version show this store"):
            check_servers(place, mine, None)
        with pytest.raises(StoreError, match="of an older version show this store"), served(place, mine, None):
            pass
    with Database(url) as database:
        check_others(database, None)  # nobody is there any more
        with among_others(database, dataclasses.replace(COMMON, secret=1)) as alone:
            assert alone.keeps_house, "another secret is well where there is nobody else"


def test_an_sqlite_file_has_one_server_and_it_keeps_house(tmp_path: Path) -> None:
    place = StorePlace(f"sqlite:///{tmp_path}/club.sqlite3", str(tmp_path / "files"), tmp_path)
    with served(place, tmp_path, None) as only:
        only.web.look()
        assert only.web.keeps_house and not only.web.others
        with pytest.raises(StoreError, match="another `rowsense serve`"), served(place, tmp_path, None):
            pass


def test_what_all_servers_read_is_made_by_whichever_is_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []
    start = threading.Barrier(4)

    def one() -> None:
        start.wait()
        found.extend((server_secret(tmp_path / "data"), folder_mark(tmp_path / "uploads")))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 2 and min(map(len, found)) == 32
    assert known_mark(tmp_path / "uploads") in found and not list((tmp_path / "uploads").glob("*.part"))
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be made or read .* ROWSENSE_SERVER__SECRET_FILE"):
        server_secret(tmp_path, tmp_path / "file" / "secret")
    # A disk of the network without locks: every one is refused.
    monkeypatch.setattr(shared_files, "try_lock", lambda file: False)
    with pytest.raises(OutputError, match="cannot be locked"):
        folder_mark(tmp_path / "uploads")


def test_two_that_remove_one_folder_both_find_it_gone(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "files", lasting=False)
    (tmp_path / "file").write_bytes(b"x")
    prefix = f"{CLUB.club_id}/{'a' * 32}"
    for number in range(300):
        files.put(tmp_path / "file", f"{prefix}/{number % 7}/{number}.png")
    start = threading.Barrier(3)
    left: list[bool] = []

    def one() -> None:
        start.wait()
        files.remove(prefix)
        left.append((files.root / prefix).exists())

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert left == [False] * 3
