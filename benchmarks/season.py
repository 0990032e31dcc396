"""Time the club's pages and their questions at 5,000,000 strokes of 100 athletes.

python -m benchmarks.season [FOLDER or postgresql://...] [--small]

The club is made on the first run (minutes) and used again after that.
"""

from __future__ import annotations

import gc
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from plotly.io.json import to_json_plotly
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dashboards.pages.athlete.callbacks import content as athlete_page
from dashboards.pages.club.callbacks import content as club_page
from dashboards.pages.filters import Filters
from rowsense.demo_club import NAME, make_demo_club
from rowsense.demo_season import SeasonPlan, demo_rowers
from rowsense.season import Period, trend_of, who_changed_most
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.local_files import LocalFiles
from rowsense.store.migrate import upgrade
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.season import Choice, grouped, percentiles, points
from rowsense.store.tables import ADMINISTRATOR, COACH, Club, Squad, StrokeRow

PLAN = SeasonPlan(athletes=100, squads=5, weeks=50, sessions_a_week=5, strokes=200)
QUANTITIES = (
    "pelvic_tilt_fall_into_catch_deg", "lumbar_flexion_deg_catch", "shin_deg_catch", "drive_s", "score", "score_slide",
    "fault:hips_tip_back", "rate_spm",
)  # fmt: skip
REPEATS = 40
Question = Callable[[Session, np.random.Generator], object]


def questions(plan: SeasonPlan, squads: list[Squad]) -> dict[str, Question]:
    """What each page asks, of any athlete, squad and quantity."""
    rowers = [rower.id for rower in demo_rowers(plan)]
    start, end = plan.last_day - timedelta(days=plan.weeks * 7), plan.last_day
    first, last = Period(start, start + timedelta(days=30)), Period(end - timedelta(days=30), end)

    def one(rng: np.random.Generator) -> Choice:
        return Choice(QUANTITIES[rng.integers(len(QUANTITIES))])

    def athlete(unit: Session, rng: np.random.Generator) -> object:
        who = (rowers[rng.integers(len(rowers))],)
        return [points(unit, Choice(quantity, athlete_ids=who)) for quantity in QUANTITIES]

    def trend(unit: Session, rng: np.random.Generator) -> object:
        chosen = replace(one(rng), athlete_ids=(rowers[rng.integers(len(rowers))],))
        return trend_of(points(unit, chosen), chosen.quantity)

    def squad(unit: Session, rng: np.random.Generator) -> object:
        return grouped(unit, replace(one(rng), squad_id=squads[rng.integers(len(squads))].id), ["athlete", "week"])

    def squad_percentiles(unit: Session, rng: np.random.Generator) -> object:
        return percentiles(unit, replace(one(rng), squad_id=squads[rng.integers(len(squads))].id), ["week"])

    return {
        "athlete: every session, 8 quantities": athlete,
        "athlete: trend with detectable change": trend,
        "squad: by athlete and week": squad,
        "squad: percentiles by week": squad_percentiles,
        "club: by squad and week": lambda unit, rng: grouped(unit, one(rng), ["squad", "week"]),
        "club: by athlete and kind of piece": lambda unit, rng: grouped(unit, one(rng), ["athlete", "piece_kind"]),
        "club: percentiles by week": lambda unit, rng: percentiles(unit, one(rng), ["week"]),
        "club: first month against last": lambda unit, rng: who_changed_most(unit, one(rng), first, last),
    }


def pages(store: ClubStore, club_id: uuid.UUID, plan: SeasonPlan, squads: list[Squad]) -> dict[str, Question]:
    """Whole pages as the server makes them, up to the text that it sends; the newest day is today."""
    rowers, today = [rower.id for rower in demo_rowers(plan)], plan.last_day
    quantities = (*QUANTITIES, "trunk_lean_deg_catch")
    administrator = Viewer(uuid.uuid4(), club_id, ADMINISTRATOR)

    def filters(rng: np.random.Generator, weeks: int) -> Filters:
        return Filters(quantities[rng.integers(len(quantities))], weeks=weeks)

    def at_a_rate(unit: Session, rng: np.random.Generator) -> object:
        return sent(club_page(store, administrator, replace(filters(rng, 26), rate="20to24"), today))

    def club(weeks: int) -> Question:
        return lambda unit, rng: sent(club_page(store, administrator, filters(rng, weeks), today))

    def coach(unit: Session, rng: np.random.Generator) -> object:
        hers = frozenset(squad.id for squad in squads[:2])
        return sent(club_page(store, replace(administrator, role=COACH, squads=hers), filters(rng, 26), today))

    def athlete(unit: Session, rng: np.random.Generator) -> object:
        who = rowers[rng.integers(len(rowers))]
        return sent(athlete_page(store, administrator, who, filters(rng, 0), today))

    return {
        "page: club, all rowers, 26 weeks": club(26),
        "page: club, all rowers, everything": club(0),
        "page: club, rates from 20 to 24": at_a_rate,
        "page: club, two squads of a coach": coach,
        "page: athlete, everything": athlete,
    }


def sent(content: Any) -> str:
    """As Dash sends it."""
    return str(to_json_plotly({"response": {"content": {"children": content}}}))


def main(where: str = "build/season", size: str = "") -> None:
    plan = replace(PLAN, athletes=10, weeks=10) if size else PLAN
    url = where if "://" in where else f"sqlite:///{Path(where).absolute()}/club.sqlite3"
    with Database(url) as database:
        upgrade(database)
        store = ClubStore(database, LocalFiles(Path(where).absolute() / "files"))
        with database.reading(AllClubs("look for the club")) as unit:
            made = unit.scalar(select(Club.id).where(Club.name == NAME))
        if made is None:
            print(f"making {plan.athletes} athletes", file=sys.stderr)
            make_demo_club(store, plan, lambda done: print(done, file=sys.stderr), with_files=False)
            with database.reading(AllClubs("look for the club")) as unit:
                made = unit.scalar(select(Club.id).where(Club.name == NAME))
        assert made is not None
        with database.reading(ClubScope(made)) as unit:
            squads = list(unit.scalars(select(Squad)))
            print(f"{unit.scalar(select(func.count()).select_from(StrokeRow)):,} strokes, {database.url.drivername}")
        # As a server does once it has started: or the collector looks through all that was imported at every question.
        gc.collect()
        gc.freeze()
        asked = {**questions(plan, squads), **pages(store, made, plan, squads)}
        for name, question in asked.items():
            waited_ms, worked_ms = _timed(database, ClubScope(made), question)
            print(
                f"{name:42} median {np.median(waited_ms):6.1f} ms   95 % {np.quantile(waited_ms, 0.95):6.1f} ms   "
                f"processor {np.median(worked_ms):6.1f} and {np.quantile(worked_ms, 0.95):6.1f} ms"
            )


def _timed(database: Database, scope: ClubScope, question: Question) -> tuple[list[float], list[float]]:
    """Milliseconds that passed, and that this process's processor worked: all that counts where others work too."""
    rng, waited_ms, worked_ms = np.random.default_rng(1), list[float](), list[float]()
    for _ in range(REPEATS):
        began, working = time.perf_counter(), time.process_time()
        with database.reading(scope) as unit:
            question(unit, rng)
        waited_ms.append(1000.0 * (time.perf_counter() - began))
        worked_ms.append(1000.0 * (time.process_time() - working))
    return waited_ms, worked_ms


if __name__ == "__main__":
    main(*sys.argv[1:])
