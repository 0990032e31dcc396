"""`rowsense backup` and `rowsense restore` as somebody types them who keeps a club's server."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rowsense.cli import main
from rowsense.store.opening import open_store
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Club
from tests.store.filled import contents


def rowsense(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    monkeypatch.setattr(sys, "argv", ["rowsense", *arguments])
    with pytest.raises(SystemExit) as leaving:
        main()
    return leaving.value.code or 0


def test_a_store_that_is_open_is_backed_up_checked_and_brought_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, second = tmp_path / "store", tmp_path / "second"
    store = open_store(f"sqlite:///{folder}/club.sqlite3", str(folder / "club-files"))
    (folder / "server.secret").write_text("s" * 40, encoding="ascii")
    with store.database.writing(AllClubs("a new club")) as unit:
        unit.add(Club(name="Łódź"))
    # The row is in SQLite's log only, as with a server that runs.
    assert "Łódź".encode() not in (folder / "club.sqlite3").read_bytes()
    target = tmp_path / "backups"
    target.mkdir()
    assert rowsense(monkeypatch, "backup", str(folder), str(target), "--with-secret", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert Path(told["backup"]).parent == target and told["counts"]["clubs"] == 1 and told["missing"] == []
    assert Path(told["backup"]).stat().st_mode & 0o77 == 0, "nobody else reads it"
    assert rowsense(monkeypatch, "backup", "--check", told["backup"]) == 0
    assert "whole; 1 clubs, 0 athletes, 0 sessions" in capsys.readouterr().out
    assert rowsense(monkeypatch, "restore", told["backup"], str(second)) == 0
    again = open_store(f"sqlite:///{second}/club.sqlite3", str(second / "club-files"))
    brought = contents(again.database)
    assert [entry["action"] for entry in brought.pop("audit_entries")] == ["restore"]
    assert brought == {name: rows for name, rows in contents(store.database).items() if name != "audit_entries"}
    assert (second / "server.secret").read_text(encoding="ascii") == "s" * 40
    assert (second / "server.secret").stat().st_mode & 0o77 == 0
    assert sorted(path.name for path in second.iterdir() if "sqlite3-" not in path.name) == [
        "club.sqlite3",
        "server.secret",
    ]
    for opened in (store, again):
        opened.database.close()
    assert rowsense(monkeypatch, "restore", told["backup"], str(second)) == 2
    assert "is not empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["backup"], "name the store and the file to write"),
        (["backup", "somewhere"], "name the store and the file to write"),
        (["backup", "nowhere", "x.backup"], "nowhere/club.sqlite3: is not there"),
        (["backup", "postgresql://a@b/c", "x.backup"], "say with --files"),
        (["restore", "nothing.backup", "second"], "nothing.backup: is not there"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_mend(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert rowsense(monkeypatch, *arguments) == 2
    assert words in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_everything_of_an_athlete_is_exported_and_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROWSENSE_DATA_DIR", str(tmp_path))
    size = ["--athletes", "2", "--weeks", "1", "--sessions", "2", "--strokes", "10", "--squads", "1"]
    assert rowsense(monkeypatch, "demo-club", *size) == 0
    store = open_store()
    first, second = contents(store.database)["athletes"]
    capsys.readouterr()
    target, receipt = tmp_path / "her.zip", tmp_path / "receipt.json"
    assert rowsense(monkeypatch, "export-athlete", str(tmp_path), first["name"], str(target), "--json") == 0
    assert json.loads(capsys.readouterr().out)["bytes"] == target.stat().st_size
    with zipfile.ZipFile(target) as packed:
        assert packed.testzip() is None
        assert len([name for name in packed.namelist() if name.endswith("/strokes.parquet")]) == 2
    assert rowsense(monkeypatch, "delete-athlete", str(tmp_path), first["name"]) == 2
    told = capsys.readouterr().err
    assert "deletes for ever: 2 sessions, 2 films, 2 analyses, 20 strokes" in told and "--yes" in told
    assert len(contents(store.database)["athletes"]) == 2
    arguments = [str(tmp_path), first["name"], "--yes", "--receipt", str(receipt)]
    assert rowsense(monkeypatch, "delete-athlete", *arguments) == 0
    assert "Deleted: 2 sessions" in capsys.readouterr().out
    assert json.loads(receipt.read_text(encoding="utf-8"))["rows"]["strokes"] == 20
    rows = contents(store.database)
    assert [row["name"] for row in rows["athletes"]] == [second["name"]]
    assert first["name"] not in repr(rows)
    assert rowsense(monkeypatch, "export-athlete", str(tmp_path), first["name"], str(tmp_path / "x.zip")) == 2
    assert rowsense(monkeypatch, "export-athlete", str(tmp_path), second["name"], str(target)) == 6
    assert "is there already" in capsys.readouterr().err
    store.database.close()
