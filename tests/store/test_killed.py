"""A process is killed while it records or deletes: nothing half is left, and doing it again does it once."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from rowsense.store.claims import ClubStore, recover, state_of
from rowsense.store.delete import delete_session
from rowsense.store.local_files import LocalFiles
from rowsense.store.record import record
from tests.store.club import CLUB, HEALTHY, check_healthy, recording, rows

NOTHING = {"sessions": 0, "videos": 0, "analyses": 0, "strokes": 0}
ALL = {"sessions": 1, "videos": 1, "analyses": 1, "strokes": 7}

#: Moment -> whether it is before (False) or after (True) the one commit that counts.
RECORDING = {
    "before the claim": ("commit", 1, False),
    "in the first file": ("os.rename", 1, False),
    "in the fourth file": ("os.rename", 4, False),
    "in the video": ("os.rename", 8, False),
    "before the rows": ("commit", 2, False),
    "after the rows": ("commit", 3, True),
}
DELETING = {
    "before the rows go": ("commit", 1, False),
    "before the files go": ("shutil.rmtree", 1, True),
    "in the first folder": ("os.remove", 2, True),
    "between the folders": ("shutil.rmtree", 2, True),
    "before the last claim goes": ("commit", 3, True),
}


def _kill(store: ClubStore, folder: Path, what: str, event: str, number: int) -> None:
    assert isinstance(store.files, LocalFiles)
    kill_at(store.database.url.render_as_string(hide_password=False), store.files.root, folder, what, event, number)


def kill_at(url: str, files: Path, folder: Path, what: str, event: str, number: int) -> None:
    """Start it, and kill it at the moment."""
    arguments = [url, str(files), str(folder), what, event, str(number)]
    command = [sys.executable, "-m", "tests.store.to_be_killed", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.kill()
        assert process.wait() == -9


def _of_sessions(store: ClubStore) -> dict[str, int]:
    return {name: count for name, count in rows(store).items() if name != "file_claims"}


@pytest.mark.slow
@pytest.mark.parametrize("moment", RECORDING)
def test_killed_while_recording(store: ClubStore, analysed: Path, moment: str) -> None:
    event, number, recorded = RECORDING[moment]
    _kill(store, analysed, "record", event, number)
    assert _of_sessions(store) == (ALL if recorded else NOTHING), "all rows or none, before anything is mended"
    assert state_of(store) == HEALTHY, "every file that is there is of a row or of a claim"
    recover(store, timedelta(0))
    check_healthy(store)
    assert bool(list(store.files.listed())) == recorded
    record(store, CLUB, recording(analysed, video=analysed / "report.html"))
    assert _of_sessions(store) == ALL
    assert sum(1 for _ in store.files.listed()) == 9
    check_healthy(store)


@pytest.mark.slow
@pytest.mark.parametrize("moment", DELETING)
def test_killed_while_deleting(store: ClubStore, analysed: Path, moment: str) -> None:
    event, number, deleted = DELETING[moment]
    asked = recording(analysed, video=analysed / "report.html")
    record(store, CLUB, asked)
    _kill(store, analysed, "delete", event, number)
    assert _of_sessions(store) == (NOTHING if deleted else ALL)
    assert state_of(store) == HEALTHY
    recover(store)
    if not deleted:
        delete_session(store, CLUB, asked.session_id)
    check_healthy(store)
    assert _of_sessions(store) == NOTHING
    assert not list(store.files.listed())
