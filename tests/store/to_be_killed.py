"""Records or deletes in a process of its own, and stops at a named moment to be killed there.

python -m tests.store.to_be_killed URL FILES FOLDER record|delete|backup|restore|upgrade EVENT NUMBER

Says ``here`` when EVENT happens for the NUMBER-th time, and waits. Nothing is replaced: commits are heard of from
SQLAlchemy, renames and removals from the interpreter itself.
"""

from __future__ import annotations

import signal
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from rowsense.store.backup import back_up
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.migrate import upgrade
from rowsense.store.opening import open_files
from rowsense.store.places import StorePlace
from rowsense.store.restore import restore


class Moment:
    """Counts one kind of event."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.number = name, number

    def happened(self, name: str, *_: Any) -> None:
        if name == self.name:
            self.number -= 1
            if self.number == 0:
                sys.stdout.write("here\n")
                sys.stdout.flush()
                signal.pause()


def main(url: str, files: str, folder: str, what: str, name: str, number: str) -> None:
    do = work(url, files, Path(folder), what)  # with what it imports, so that only the work itself is counted
    moment = Moment(name, int(number))
    # Of a transaction that only reads nothing is heard: it is rolled back.
    event.listen(Engine, "commit", lambda connection: moment.happened("commit"))
    event.listen(Engine, "before_cursor_execute", lambda *told: moment.happened(" ".join(told[2].split()[:3])))
    sys.addaudithook(moment.happened)
    do()


def work(url: str, files: str, folder: Path, what: str) -> Callable[[], object]:
    if what == "backup":
        return lambda: back_up(StorePlace(url, files), folder)
    if what == "upgrade":
        return lambda: upgrade(Database(url))
    if what == "restore":
        return lambda: restore(folder, StorePlace(url, files))
    from rowsense.store.delete import delete_session
    from rowsense.store.record import record
    from tests.store.club import CLUB, recording  # brings what analyses, which backups do without

    store = ClubStore(Database(url), open_files(files))
    if what == "record":
        return lambda: record(store, CLUB, recording(folder, video=folder / "report.html"))
    return lambda: delete_session(store, CLUB, uuid.UUID(int=1000))


if __name__ == "__main__":
    main(*sys.argv[1:])
