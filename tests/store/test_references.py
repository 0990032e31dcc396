"""Reference strokes that several choose at the same moment."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.record import record
from rowsense.store.references import choose
from rowsense.store.scope import AllClubs
from rowsense.store.tables import ADMINISTRATOR, CLUB_REFERENCE, OWN_REFERENCE, ReferenceStroke, User
from tests.store.club import CLUB, analysed_folder, recording

COACH = uuid.UUID(int=31)
VIEWER = Viewer(COACH, CLUB.club_id, ADMINISTRATOR)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("whose", "sessions"), [(OWN_REFERENCE, (1, 1, 1, 1)), (CLUB_REFERENCE, (1, 2, 3, 1))])
def test_one_of_several_who_choose_at_once_is_the_last(
    store: ClubStore, tmp_path: Path, whose: str, sessions: tuple[int, ...]
) -> None:
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=COACH, email="coach@club.org", name="Coach"))
    folder = analysed_folder(tmp_path / "clip.rowsense")
    for number in set(sessions):
        record(store, CLUB, recording(folder, number))
    at_once = Barrier(len(sessions))

    def chosen(number: int) -> bool:
        at_once.wait()
        return choose(store.database, VIEWER, uuid.UUID(int=1000 * number), whose, float(number))

    with ThreadPoolExecutor(len(sessions)) as threads:
        for _ in range(3):
            assert all(threads.map(chosen, sessions))
            with store.database.reading(CLUB) as unit:
                assert len(unit.scalars(select(ReferenceStroke)).all()) == 1
