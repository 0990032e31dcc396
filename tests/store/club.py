"""A club with an athlete, analysed folders to record, and what a healthy store looks like."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

from rowsense.outputs import session_tables
from rowsense.report.summary import summary
from rowsense.store.claims import ClubStore, StoreState, state_of
from rowsense.store.database import Database
from rowsense.store.record import Piece, Recording
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.session_folder import write_session
from rowsense.store.tables import Athlete, Club
from tests.session_fixture import make_session
from tests.store.filled import contents

CLUB, OTHER_CLUB = ClubScope(uuid.UUID(int=1)), ClubScope(uuid.UUID(int=2))
ATHLETE = uuid.UUID(int=11)
NAME = "Žofie Łukasik"
HEALTHY = StoreState((), ())


def add_club(database: Database) -> None:
    with database.writing(AllClubs("set up a test")) as unit:
        unit.add_all([Club(id=CLUB.club_id, name="Łódź"), Club(id=OTHER_CLUB.club_id, name="other")])
        unit.flush()
        unit.add(Athlete(id=ATHLETE, club_id=CLUB.club_id, name=NAME, birth_year=2000))


def analysed_folder(folder: Path, sha256: str = "a" * 64, athlete: str = NAME) -> Path:
    """What ``rowsense analyze`` leaves, and something that is not its own."""
    session = make_session(athlete=athlete)
    session = replace(session, video=replace(session.video, sha256=sha256))
    folder.mkdir()
    write_session(folder, session, summary(session), session_tables(session))
    (folder / "faults").mkdir()
    (folder / "faults" / "hips_tip_back.png").write_bytes(b"\x89PNG" + bytes(200_000))
    (folder / "report.html").write_text("<html>", encoding="utf-8")
    (folder / "notes.txt").write_text("not ours", encoding="utf-8")
    return folder


def recording(folder: Path, number: int = 1, version: int = 1, video: Path | None = None) -> Recording:
    """The ``version``-th analysis of the ``number``-th session."""
    piece = Piece(ATHLETE, date(2026, 3, number), "steady", distance_m=8000.0, notes="wind")
    keys = uuid.UUID(int=1000 * number), uuid.UUID(int=1000 * number + version)
    return Recording(folder, *keys, piece=piece, video=video)


def rows(store: ClubStore) -> dict[str, int]:
    """How many rows there are in the tables that a recording fills, and of claims."""
    names = ("sessions", "videos", "analyses", "strokes", "file_claims")
    return {name: len(found) for name, found in contents(store.database).items() if name in names}


def check_healthy(store: ClubStore) -> None:
    """Every file is named by a row and every row has its files; nothing is being written or removed."""
    assert state_of(store) == HEALTHY
    assert rows(store)["file_claims"] == 0
