"""A session changed: what follows it, what goes with its rower, what is refused."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from rowsense.errors import StoreError
from rowsense.jobs.changing import change, remove
from rowsense.jobs.requests import AnalysisRequest, ask_for_analysis
from rowsense.store.access import Viewer
from rowsense.store.change import MeanwhileError, details_of
from rowsense.store.claims import ClubStore
from rowsense.store.erase import erase_athlete
from rowsense.store.record import record
from rowsense.store.scope import AllClubs
from rowsense.store.tables import (
    ADMINISTRATOR,
    CLUB_REFERENCE,
    COACH,
    Analysis,
    AnalysisQuantity,
    Athlete,
    AuditEntry,
    FeltAnswer,
    Job,
    Membership,
    ReferenceStroke,
    StoredCalibration,
    TrainingSession,
    User,
)
from tests.store.club import ATHLETE, CLUB, NAME, check_healthy, recording
from tests.store.filled import AT, contents

OTHER, SQUAD, SESSION, USER, CALIBRATION = (uuid.UUID(int=n) for n in (12, 13, 1000, 31, 51))
HEAD = Viewer(USER, CLUB.club_id, ADMINISTRATOR)
COACHING = Viewer(USER, CLUB.club_id, COACH, frozenset({SQUAD}))


@pytest.fixture
def full(store: ClubStore, analysed: Path, tmp_path: Path) -> ClubStore:
    """A session of an athlete, analysed with her calibration and with settings; her film is kept; a second athlete."""
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(1000))
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=USER, email="head@club.org", name="Head"))
        unit.add(Athlete(id=OTHER, club_id=CLUB.club_id, name="Jana", birth_year=1990))
        unit.flush()
        unit.add(Membership(club_id=CLUB.club_id, user_id=USER, role=ADMINISTRATOR))
        unit.add(
            StoredCalibration(
                id=CALIBRATION, club_id=CLUB.club_id, athlete_id=ATHLETE, made_at=AT, estimator="e", document={}
            )
        )
    asked = replace(recording(analysed, video=film), calibration_id=CALIBRATION)
    record(store, CLUB, asked)
    with store.database.writing(CLUB) as unit:
        unit.add(FeltAnswer(session_id=SESSION, answer="yes"))
        unit.add(ReferenceStroke(session_id=SESSION, whose=CLUB_REFERENCE, time_s=1.5))
        ask_for_analysis(unit, AnalysisRequest(ATHLETE, SESSION, asked.analysis_id, settings={"pose": {"rower": 2}}))
    return store


def _row(store: ClubStore) -> TrainingSession:
    with store.database.reading(CLUB) as unit:
        return unit.get_one(TrainingSession, SESSION)


def test_summaries_follow_and_a_note_says_which_fields_and_nothing_of_them(full: ClubStore) -> None:
    said = {"rowed_on": date(2026, 4, 1), "piece_kind": "test", "drag_factor": 125.0, "notes": "tail wind"}
    changed = change(full, HEAD, SESSION, said)
    assert changed.before == {
        "rowed_on": date(2026, 3, 1),
        "piece_kind": "steady",
        "drag_factor": None,
        "notes": "wind",
    }
    assert not changed.moved and _row(full).drag_factor == 125.0
    with full.database.reading(CLUB) as unit:
        seen = {(q.athlete_id, q.rowed_on, q.week, q.piece_kind) for q in unit.scalars(select(AnalysisQuantity))}
        notes = unit.scalars(select(AuditEntry).where(AuditEntry.action == "change")).all()
        assert len(unit.scalars(select(Job)).all()) == 1, "nothing is analysed again for that"
    assert seen == {(ATHLETE, date(2026, 4, 1), date(2026, 3, 30), "test")}
    assert [one.details for one in notes] == [{"fields": ["drag_factor", "notes", "piece_kind", "rowed_on"]}]
    assert change(full, HEAD, SESSION, said).before == {}, "what is so already is no change"
    assert len(contents(full.database)["audit_entries"]) == len(notes)


def test_who_read_an_older_one_changes_nothing(full: ClubStore) -> None:
    with full.database.reading(CLUB) as unit:
        read = details_of(unit, SESSION)
    assert read is not None and read.athlete == NAME
    change(full, HEAD, SESSION, {"notes": "from the other tab"}, read.mark)
    for act in (lambda: change(full, HEAD, SESSION, {"notes": "mine"}, read.mark),
                lambda: remove(full, HEAD, SESSION, read.mark)):  # fmt: skip
        with pytest.raises(MeanwhileError):
            act()
    assert _row(full).notes == "from the other tab"


def test_another_rowers_session_is_hers_alone(full: ClubStore) -> None:
    assert change(full, HEAD, SESSION, {"athlete_id": OTHER}).moved
    with full.database.reading(CLUB) as unit:
        (analysis,) = unit.scalars(select(Analysis))
        assert (analysis.calibration_id, analysis.summary["athlete"]) == (None, "Jana")
        assert set(unit.scalars(select(AnalysisQuantity.athlete_id))) == {OTHER}
        assert unit.get(FeltAnswer, SESSION) is None, "she did not say it"
        assert unit.get(ReferenceStroke, (SESSION, CLUB_REFERENCE)) is None, "nobody chose a stroke of hers"
        jobs = {job.state: job for job in unit.scalars(select(Job))}
    assert set(jobs) == {"cancelled", "queued"}, "what analysed it as the other's is stopped"
    request = AnalysisRequest.from_payload(jobs["queued"].payload)
    assert (request.athlete_id, request.session_id, request.video) == (OTHER, SESSION, None)
    assert request.settings == {"pose": {"rower": 2}}, "the same of two people is measured"
    # The rower before can be deleted, and nothing of her is left in what is another's now.
    assert erase_athlete(full, CLUB, ATHLETE).left == {}
    assert _row(full).athlete_id == OTHER
    check_healthy(full)


def test_what_cannot_be_is_refused_whole(full: ClubStore) -> None:
    before = contents(full.database)
    refused: list[tuple[Viewer, dict[str, Any], str]] = [
        (HEAD, {"notes": "x", "rate_spm": 81.0}, "rate_spm is a number from 5 to 80"),
        (HEAD, {"power_w": float("nan")}, "power_w"),
        (HEAD, {"rowed_on": datetime.now(UTC).date() + timedelta(days=3)}, "in the future"),
        (HEAD, {"piece_kind": "picnic", "notes": "x" * 2001}, "piece_kind is one of .*; notes have"),
        (HEAD, {"club_id": uuid.UUID(int=2)}, "club_id cannot be changed"),
        (HEAD, {"athlete_id": uuid.UUID(int=99)}, "cannot be given to this rower"),
        (COACHING, {"notes": "not my squad"}, "no such session of yours"),
        (Viewer(USER, uuid.UUID(int=2), ADMINISTRATOR), {"notes": "not my club"}, "no such session of yours"),
    ]
    for viewer, said, words in refused:
        with pytest.raises(StoreError, match=words):
            change(full, viewer, SESSION, said)
    with pytest.raises(StoreError, match="no such session of yours"):
        remove(full, COACHING, SESSION)
    assert contents(full.database) == before


def test_without_its_film_one_that_was_measured_by_a_calibration_stays(full: ClubStore, analysed: Path) -> None:
    asked = replace(recording(analysed, 2), calibration_id=CALIBRATION)
    record(full, CLUB, asked)
    with pytest.raises(StoreError, match="its film was not kept"):
        change(full, HEAD, asked.session_id, {"athlete_id": OTHER})
    record(full, CLUB, recording(analysed, 3))
    assert change(full, HEAD, uuid.UUID(int=3000), {"athlete_id": OTHER}).moved


def test_a_session_goes_with_what_would_analyse_it(full: ClubStore) -> None:
    remove(full, HEAD, SESSION)
    told = contents(full.database)
    assert not told.get("sessions") and not list(full.files.listed())
    assert [job["state"] for job in told["jobs"]] == ["cancelled"]
    check_healthy(full)
