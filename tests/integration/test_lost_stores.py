"""A database that is away, damaged or gone, as somebody meets it who starts a program: one line with the way back."""

from __future__ import annotations

import json
import os
import sys
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rowsense.cli import main
from rowsense.errors import StoreError
from rowsense.store.backup import back_up
from rowsense.store.database import Database
from rowsense.store.local_files import LocalFiles
from rowsense.store.opening import open_store
from rowsense.store.places import store_place
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Athlete, Club, TrainingSession, Video
from tests.dashboards.test_serve_club import free_port
from tests.store.club import CLUB
from tests.store.filled import contents


def rowsense(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    monkeypatch.setattr(sys, "argv", ["rowsense", *arguments])
    with pytest.raises(SystemExit) as leaving:
        main()
    return leaving.value.code or 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A club's server with a club and a file."""
    folder = tmp_path / "store"
    place = store_place(str(folder))
    with open_store(place.url, place.files).database as database, database.writing(AllClubs("set up")) as unit:
        unit.add(Club(id=CLUB.club_id, name="Łódź"))
    (tmp_path / "film").write_bytes(b"a film")
    (folder / "server.log").write_bytes(b"another film")
    LocalFiles(folder / "club-files").put(tmp_path / "film", f"{CLUB.club_id}/{'a' * 32}/video.mp4")
    return folder


def commands(store: str, *files: str) -> list[list[str]]:
    """Everything that opens a store, for a store that a folder or an address names."""
    url = store if "://" in store else f"sqlite:///{store}/club.sqlite3"
    named = ["--store", store, *files, "--port", str(free_port())]
    return [
        ["serve", *named],
        ["serve", "--check", *named],
        ["jobs", "list", "--store", url, *(files or ("--files", f"{store}/club-files"))],
        ["backup", store, "x.backup", *files],
    ]


@pytest.mark.parametrize("command", range(4))
def test_a_server_that_is_not_there(
    command: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROWSENSE_DATA_DIR", str(tmp_path / "data"))
    away = f"postgresql://rowsense:secret@127.0.0.1:{free_port()}/club"
    assert rowsense(monkeypatch, *commands(away, "--files", str(tmp_path / "files"))[command]) == 2
    said = capsys.readouterr().err
    assert "cannot be reached" in said and "see that PostgreSQL runs there" in said
    assert "Traceback" not in said and "secret" not in said and said.count("\n") == 1


@pytest.mark.parametrize("command", range(4))
def test_a_damaged_file(
    command: int, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    for log in folder.glob("club.sqlite3-*"):
        log.unlink()
    with (folder / "club.sqlite3").open("rb+") as file:
        file.write(os.urandom(8192))
    (folder / "club.sqlite3.before-0017.backup").touch()
    assert rowsense(monkeypatch, *commands(str(folder))[command]) == 2
    said = capsys.readouterr().err
    assert f"{folder}/club.sqlite3: is damaged" in said and "`rowsense restore BACKUP NEW-FOLDER`" in said
    assert "club.sqlite3.before-0017.backup" in said and said.count("\n") == 1


@pytest.mark.parametrize("command", range(4))
def test_a_database_that_is_gone_is_not_made_anew(
    command: int, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    back_up(store_place(str(folder)), folder)
    (folder / "club.sqlite3").unlink()
    before = sorted(folder.iterdir())
    assert rowsense(monkeypatch, *commands(str(folder))[command]) == 2
    said = capsys.readouterr().err
    assert f"{folder}/club.sqlite3: is not there" in said and "first-start" not in said
    if command != 3:
        assert "so the database was lost" in said and "--begin-anew" in said
        assert f"`rowsense restore {next(folder.glob('rowsense-*.backup'))} NEW-FOLDER`" in said
    assert [path for path in sorted(folder.iterdir()) if path.suffix != ".server"] == before


def test_it_is_begun_anew_on_purpose_and_not_where_only_a_copy_is_left(folder: Path) -> None:
    place = store_place(str(folder))
    (folder / "club.sqlite3").unlink()
    with open_store(place.url, place.files, anew=True).database as database:
        assert contents(database)["clubs"] == []
    assert list((folder / "club-files").rglob("video.mp4")), "files of the old one stay"
    open_store(place.url, place.files).database.close()
    with Database(f"sqlite:///{folder}/other.sqlite3"):
        (folder / "other.sqlite3.before-0018.backup").touch()
        with pytest.raises(StoreError, match=r"its copy other.sqlite3.before-0018.backup is, so the database was lost"):
            open_store(f"sqlite:///{folder}/other.sqlite3", str(folder / "no-files"))


def test_a_file_that_is_taken_away_under_a_server_is_not_written_on_and_not_made_anew(folder: Path) -> None:
    path = folder / "club.sqlite3"
    everything = AllClubs("look")
    with Database(f"sqlite:///{path}") as database:
        with database.writing(everything) as unit:
            unit.add(Club(name="other"))
        path.rename(folder / "away")
        with pytest.raises(Exception, match="is not there any more"), database.writing(everything) as unit:
            unit.add(Club(name="lost"))
        assert not path.exists()
        (folder / "away").rename(path)
        with database.writing(everything) as unit:
            unit.add(Club(name="there again"))
        assert len(contents(database)["clubs"]) == 3


def test_rows_and_files_are_compared_and_only_what_no_row_names_can_be_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rowsense(monkeypatch, "store", "check", str(folder)) == 1
    assert "1 files have no row" in capsys.readouterr().out
    assert rowsense(monkeypatch, "store", "check", str(folder), "--remove-unnamed") == 2
    assert "no row names any file, as after a lost database" in capsys.readouterr().err
    place = store_place(str(folder))
    session, named = uuid.uuid4(), [f"{CLUB.club_id}/{letter * 32}" for letter in "bc"]
    LocalFiles(folder / "club-files").put(folder / "server.log", f"{named[0]}/video.mp4")
    with Database(place.url) as database, database.writing(CLUB) as unit:
        unit.add(Athlete(id=session, name="Anna"))
        unit.flush()
        for key, prefix in zip((uuid.uuid4(), uuid.uuid4()), named, strict=True):
            unit.add(TrainingSession(id=key, athlete_id=session, rowed_on=date(2026, 3, 1), piece_kind="steady"))
            unit.flush()
            video = {"codec": "h264", "duration_s": 4.0, "fps": 30.0, "width_px": 96, "height_px": 72, "byte_count": 9}
            unit.add(Video(session_id=key, name="a", sha256="ab" * 32, file_key=f"{prefix}/video.mp4", **video))
    assert rowsense(monkeypatch, "store", "check", str(folder), "--remove-unnamed", "--json") == 1
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["unnamed"], told["missing"]) == (0, [named[1]])
    left = [path.parent.name for path in (folder / "club-files").rglob("*.mp4")]
    assert left == ["b" * 32]
    (folder / "club-files" / named[1]).mkdir()
    (folder / "club-files" / named[1] / "video.mp4").touch()
    assert rowsense(monkeypatch, "store", "check", str(folder)) == 0
    assert "in order; every row has its files" in capsys.readouterr().out


def test_a_page_that_is_damaged_in_the_middle_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "club.sqlite3").open("rb+") as file:
        file.seek(-4096 * 8, os.SEEK_END)
        file.write(os.urandom(4096 * 4))
    assert rowsense(monkeypatch, "store", "check", str(folder)) == 2
    said = capsys.readouterr().err
    assert "is damaged" in said and "rowsense restore" in said
