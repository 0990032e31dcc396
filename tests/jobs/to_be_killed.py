"""Runs jobs in a process of its own, to be killed.

python -m tests.jobs.to_be_killed URL FILES FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from rowsense.jobs.runner import open_runner
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.opening import open_files
from tests.jobs.meeting import Yard


def main(url: str, files: str, folder: str) -> None:
    yard = Yard(ClubStore(Database(url), open_files(files)), Path(folder))
    with open_runner(yard.store, yard.settings) as runner:
        runner.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
