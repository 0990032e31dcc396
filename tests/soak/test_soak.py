"""Ten kills of the many that `make soak` makes: enough to see that the programs still get up again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.soak.laptop import laptop
from tests.soak.run import hits
from tests.soak.windows import LAPTOP, WINDOWS

#: Window -> kills. Those of a job's process need no server to be started again.
FEW = {
    "child: what was analysed is half there": 1,
    "child: what was analysed is to be moved in": 1,
    "child: writes the files of the session": 1,
    "child: files are there, rows are not": 1,
    "child: rows are there, nobody knows": 1,
    "look: the film is being looked at": 1,
    "worker killed while its job writes": 1,
    "web: the film is claimed, its rows are not there": 1,
    "copy: it is there, and nobody knows": 1,
    "deleted: the files of a session go": 1,
}


def test_windows_have_names_of_their_own() -> None:
    assert len({window.name for window in WINDOWS}) == len(WINDOWS) >= 12
    assert sum(FEW.values()) == 10


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="stops processes by signals")
def test_ten_kills_cost_no_film_and_leave_nothing(tmp_path: Path) -> None:
    windows = [window for window in LAPTOP if window.name in FEW]
    assert len(windows) == len(FEW)
    with laptop(tmp_path / "club") as place:
        for result in hits(place, windows, lambda window: FEW[window.name], seed=1, tell=lambda result, words: None):
            assert result.problems == [], result.window.name
