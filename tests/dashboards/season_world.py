"""A made-up club with people in every role, and one session with a film, behind the app of a demonstration."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from dashboards.club import Place
from dashboards.demo import create_demo_app
from rowsense.demo_club import add_demo_people, make_demo_club
from rowsense.demo_season import SeasonPlan, demo_rowers
from rowsense.store.claims import ClubStore
from rowsense.store.local_files import LocalFiles
from rowsense.store.opening import open_store
from rowsense.store.record import Piece, Recording, record
from rowsense.store.scope import ClubScope
from tests.store.club import analysed_folder

#: Rower 0 slips back, 1 has her knees too high, 3 got better, 4 is away, 6 comes apart, 9 gets worse week by
#: week; 2, 5 and 8 are in the third squad.
PLAN = SeasonPlan(athletes=10, squads=3, weeks=14, sessions_a_week=2, strokes=12, stories=True)
ROWERS = demo_rowers(PLAN)


@dataclass(frozen=True)
class SeasonWorld:
    """Everything, for as long as the store is open."""

    store: ClubStore
    app: Any
    scope: ClubScope
    people: Mapping[str, uuid.UUID]
    filmed: uuid.UUID
    """A session of rower 0 with all files."""
    today: date
    """The day on which the world was made, which is not always the one on which a test runs."""


def make_season_world(folder: Path, plan: SeasonPlan = PLAN, analysed: Path | None = None) -> SeasonWorld:
    """A season that ends yesterday.

    ``analysed``: the folder that becomes the session with all files; one without a film where none is given.
    """
    today = datetime.now(UTC).date()
    plan = replace(plan, last_day=today - timedelta(days=1))
    opened = open_store(f"sqlite:///{folder / 'club.sqlite3'}", str(folder / "files"))
    store = ClubStore(opened.database, LocalFiles(folder / "files", lasting=False))
    scope = make_demo_club(store, plan, with_tables=False)
    people = add_demo_people(store, scope, plan)
    filmed = uuid.uuid4()
    if analysed is None:
        analysed = analysed_folder(folder / "clip.rowsense")
        Image.new("RGB", (60, 40)).save(analysed / "faults" / "hips_tip_back.png")
    piece = Piece(demo_rowers(plan)[0].id, today, "technique")
    record(store, scope, Recording(analysed, filmed, uuid.uuid4(), piece))
    app = create_demo_app(store, Place("http://127.0.0.1:8050", "s" * 40), people)
    return SeasonWorld(store, app, scope, people, filmed, today)
