"""`rowsense backup` and `rowsense restore` as somebody types them who keeps a club's server."""

from __future__ import annotations

import json
import sys
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
    assert contents(again.database) == contents(store.database)
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
