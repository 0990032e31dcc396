"""A club with a season in it, for demonstrations, tests and timings."""

from __future__ import annotations

import json
import tempfile
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Insert, insert, select
from sqlalchemy.orm import Session

from rowsense.demo_season import DEMO_FAULTS, DemoRower, DemoSession, SeasonPlan, demo_rowers, demo_sessions
from rowsense.store.analysis_rows import STROKES, AnalysedFolder
from rowsense.store.claims import ClubStore, claimed, keep
from rowsense.store.files import FileStore
from rowsense.store.parquet import write_table
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.session_folder import SUMMARY
from rowsense.store.tables import (
    ATHLETE,
    COACH,
    FELT_SKIPPED,
    ROLES,
    AnalysisQuantity,
    Athlete,
    Club,
    FeltAnswer,
    Membership,
    Squad,
    SquadAthlete,
    SquadCoach,
    StrokeRow,
    TrainingSession,
    User,
)
from rowsense.store.tables.season import week_of

NAME: Final = "Demonstration club (made up)"
_REASON: Final = "make a club with many rows at once"


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One session with the keys of its rows."""

    made: DemoSession
    session_id: uuid.UUID
    analysis_id: uuid.UUID
    prefix: str

    @property
    def folder(self) -> AnalysedFolder:
        return AnalysedFolder(Path(), self.made.summary, self.made.strokes)


def make_demo_club(
    store: ClubStore,
    plan: SeasonPlan,
    progress: Callable[[int], None] = lambda done: None,
    *,
    with_files: bool = True,
    with_tables: bool = True,
) -> ClubScope:
    """Add a club with squads, athletes and all their sessions; ``progress`` gets the number of athletes that are done.

    Of every session there are rows, summaries and the strokes' file; no video, no tracks and no report. Without files,
    for timings, the rows name files that are not there; without tables there is no strokes' file, which takes most of
    the time.
    """
    scope = ClubScope(uuid.uuid4())
    rowers = demo_rowers(plan)
    squads = [Squad(id=uuid.uuid4(), club_id=scope.club_id, name=f"Squad {i + 1}") for i in range(plan.squads)]
    with store.database.writing(AllClubs("a new club")) as unit:
        unit.add(Club(id=scope.club_id, name=NAME))
        unit.flush()
        unit.add_all(squads)
        unit.add_all(
            Athlete(id=rower.id, club_id=scope.club_id, name=rower.name, birth_year=rower.birth_year)
            for rower in rowers
        )
        unit.flush()
        unit.add_all(SquadAthlete(club_id=scope.club_id, squad_id=squads[r.squad].id, athlete_id=r.id) for r in rowers)
    for done, rower in enumerate(rowers, 1):
        names = ([SUMMARY] if with_files else []) + ([STROKES] if with_files and with_tables else [])
        _add_season(store, scope, rower, list(demo_sessions(plan, rower)), names)
        progress(done)
    return scope


def add_demo_people(store: ClubStore, scope: ClubScope, plan: SeasonPlan) -> dict[str, uuid.UUID]:
    """One user in each role, none with a password: a coach of all squads but the last, and the first rower.

    Once for a store.
    """
    people = {role: uuid.uuid4() for role in ROLES}
    rower = demo_rowers(plan)[0]
    with store.database.writing(AllClubs(_REASON)) as unit:
        squads = unit.scalars(select(Squad.id).where(Squad.club_id == scope.club_id).order_by(Squad.name)).all()
        for role, key in people.items():
            name = rower.name if role == ATHLETE else f"The {role}"
            unit.add(User(id=key, email=f"{role}@example.org", name=name))
        unit.flush()
        for role, key in people.items():
            athlete_id = rower.id if role == ATHLETE else None
            unit.add(Membership(club_id=scope.club_id, user_id=key, role=role, athlete_id=athlete_id))
        unit.flush()
        coached = squads[:-1] or squads
        unit.add_all(SquadCoach(club_id=scope.club_id, squad_id=one, user_id=people[COACH]) for one in coached)
    return people


def _add_season(
    store: ClubStore, scope: ClubScope, rower: DemoRower, sessions: Sequence[DemoSession], names: Collection[str]
) -> None:
    """All of a rower's sessions or none."""
    with claimed(store, scope, len(sessions)) as prefixes:
        season = [_Recorded(one, uuid.uuid4(), uuid.uuid4(), at) for one, at in zip(sessions, prefixes, strict=True)]
        if names:
            _write_files(store.files, season, names)
        with store.database.writing(AllClubs(_REASON)) as unit:
            _add_rows(unit, scope.club_id, rower, season)
            keep(unit, prefixes)


def _write_files(files: FileStore, season: Sequence[_Recorded], names: Collection[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for one in season:
            table, told = Path(folder, STROKES), Path(folder, SUMMARY)
            if STROKES in names:
                write_table(table, one.made.strokes)
            told.write_text(json.dumps(one.made.summary, allow_nan=False), encoding="utf-8")
            for path in (Path(folder, name) for name in names):
                files.put(path, f"{one.prefix}/{path.name}")


def _add_rows(unit: Session, club_id: uuid.UUID, rower: DemoRower, season: Sequence[_Recorded]) -> None:
    unit.add_all(
        TrainingSession(
            id=one.session_id, club_id=club_id, athlete_id=rower.id, rowed_on=one.made.rowed_on,
            piece_kind=one.made.piece_kind, distance_m=one.made.distance_m,
            foot_height_hole=one.made.foot_height_hole,
        )
        for one in season
    )  # fmt: skip
    unit.flush()
    for one in season:
        row, video = one.folder.analysis(), one.folder.video()
        row.id, row.session_id, row.version, row.file_prefix = one.analysis_id, one.session_id, 1, one.prefix
        row.club_id = video.club_id = club_id
        video.session_id = one.session_id
        unit.add_all((row, video))
    # Nobody rowed them, so nobody is asked what she felt.
    unit.add_all(FeltAnswer(session_id=one.session_id, club_id=club_id, answer=FELT_SKIPPED) for one in season)
    unit.flush()
    _insert(unit, insert(StrokeRow), [_strokes(one, club_id) for one in season])
    _insert(unit, insert(AnalysisQuantity), [_quantities(one, club_id, rower.id) for one in season])


def _insert(unit: Session, statement: Insert, rows: Sequence[Sequence[dict[str, Any]]]) -> None:
    unit.execute(statement, list(chain.from_iterable(rows)))


def _strokes(one: _Recorded, club_id: uuid.UUID) -> list[dict[str, Any]]:
    return [{**row, "analysis_id": one.analysis_id, "club_id": club_id} for row in one.folder.usable_strokes()]


def _quantities(one: _Recorded, club_id: uuid.UUID, athlete_id: uuid.UUID) -> list[dict[str, Any]]:
    kept = {
        "club_id": club_id, "athlete_id": athlete_id, "rowed_on": one.made.rowed_on, "analysis_id": one.analysis_id,
        "session_id": one.session_id, "week": week_of(one.made.rowed_on), "piece_kind": one.made.piece_kind,
        "shown": True,
    }  # fmt: skip
    return [{**asdict(quantity), **kept} for quantity in one.folder.quantities(DEMO_FAULTS)]
