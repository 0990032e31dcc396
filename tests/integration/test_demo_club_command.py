"""`rowsense demo-club` as a user types it."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select

from rowsense.cli import main
from rowsense.store.claims import StoreState, state_of
from rowsense.store.opening import open_store
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Athlete, StrokeRow, TrainingSession


def test_a_club_is_made_and_its_season_can_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROWSENSE_DATA_DIR", str(tmp_path / "data"))
    size = ["--athletes", "4", "--weeks", "2", "--sessions", "2", "--strokes", "10"]
    monkeypatch.setattr(sys, "argv", ["rowsense", "demo-club", *size, "--json"])
    with pytest.raises(SystemExit) as leaving:
        main()
    assert not leaving.value.code
    told = json.loads(capsys.readouterr().out)
    assert told["sessions"] == 16
    store = open_store()
    with store.database, store.database.reading(ClubScope(uuid.UUID(told["club"]))) as unit:
        counts = [unit.scalar(select(func.count()).select_from(t)) for t in (Athlete, TrainingSession, StrokeRow)]
        assert state_of(store) == StoreState((), ())
    assert counts == [4, 16, 160]
    assert told["store"] == f"sqlite+pysqlite:///{tmp_path}/data/club.sqlite3"


def test_another_kind_of_store_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["rowsense", "demo-club", "--store", "mysql://somewhere/x"])
    with pytest.raises(SystemExit) as leaving:
        main()
    assert leaving.value.code == 2
    assert "name it as sqlite" in capsys.readouterr().err
