"""A video that several look at: the same numbers to the last bit, and everybody takes part."""

from __future__ import annotations

import uuid
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from rowsense.conventions import LANDMARK_NAMES
from rowsense.errors import UsageError
from rowsense.jobs.observing import joined, packed, plan_of, told_plan, unpacked
from rowsense.jobs.parts import HELP
from rowsense.jobs.requests import AnalysisRequest, ask_for_analysis
from rowsense.jobs.runner import running
from rowsense.jobs.work import KINDS
from rowsense.model import ObservationSeries
from rowsense.observe import ObservationPlan, observe_video
from rowsense.recording import record_video
from rowsense.settings import Settings
from rowsense.store.claims import ClubStore
from rowsense.store.parquet import read_table
from rowsense.store.record import Piece
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Analysis, Job, JobPart
from tests.jobs.meeting import Yard, until
from tests.store.club import ATHLETE, CLUB, check_healthy

pytestmark = pytest.mark.slow
#: Two chunks of a film of which every fourth frame is looked at.
SETTINGS: dict[str, dict[str, Any]] = {"video": {"to_s": 9.0}, "pose": {"stride": 4, "workers": 1}}


@pytest.fixture(scope="module")
def film(repository: Path) -> Path:
    return repository / "sample_videos" / "well_rowed.mp4"


@pytest.fixture(scope="module")
def whole(film: Path, pose_model: Path) -> tuple[ObservationPlan, ObservationSeries, Any]:
    """The plan, what one thread saw of all of it, and the recording."""
    kept: list[Any] = []

    def observe(plan: ObservationPlan, workers: int, progress: Any) -> Any:
        observed = observe_video(plan, 1, progress)
        kept.extend((plan, observed[0]))
        return observed

    recording, _ = record_video(film, Settings(**SETTINGS), observer=observe)  # type: ignore[arg-type]
    return kept[0], kept[1], recording


def test_parts_that_others_looked_at_join_to_the_same_numbers(
    whole: tuple[ObservationPlan, ObservationSeries, Any], film: Path, tmp_path: Path
) -> None:
    plan, seen, _ = whole
    there = plan_of(told_plan(plan), film, plan.model_path)
    assert there == plan, "a plan that travelled is the same"
    parts = range(len(there.chunk_bounds))
    assert len(parts) > 1
    others = joined([unpacked(packed(observe_video(there, 1, chunks=[part]))) for part in parts])[0]
    for column in fields(ObservationSeries):
        a, b = getattr(seen, column.name), getattr(others, column.name)
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b, err_msg=column.name)
    model = tmp_path / "other.task"
    model.write_bytes(plan.model_path.read_bytes() + b"x")
    with pytest.raises(UsageError, match="is not the pose model that the analysis was begun with"):
        plan_of(told_plan(plan), film, model)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_idle_worker_helps_and_the_seam_does_not_show(
    store: ClubStore, tmp_path: Path, film: Path, whole: tuple[ObservationPlan, ObservationSeries, Any]
) -> None:
    yard = Yard(store, tmp_path)
    piece = Piece(ATHLETE, date(2026, 3, 1), "steady", distance_m=2000.0, created_by_user_id=None)
    asked = AnalysisRequest(ATHLETE, uuid.uuid4(), uuid.uuid4(), film, piece, overlay=False, settings=SETTINGS)
    with store.database.writing(CLUB) as unit:
        key = ask_for_analysis(unit, asked).id
    with running(store, replace(yard.settings, kinds=KINDS, workers=2)):
        assert yard.ended(key).state == "done", yard.job(key).error
        until(lambda: {job.state for job in _jobs(store)} == {"done"})
    assert [job.kind for job in _jobs(store)].count(HELP) >= 1
    with store.database.reading(AllClubs("look")) as unit:
        assert unit.scalars(select(JobPart.part)).all() == []
        (analysis,) = unit.scalars(select(Analysis)).all()
    with store.files.fetch(analysis.file_prefix) as folder:
        track = read_table(folder / "track.parquet")
    _, _, recording = whole
    for number, name in enumerate(LANDMARK_NAMES):
        for axis, letter in enumerate("xy"):
            alone = recording.track.xy_px[:, number, axis].astype(float)
            np.testing.assert_array_equal(track[f"{name}_{letter}"], alone, err_msg=name)
    np.testing.assert_array_equal(track["picture_lumbar_flexion_deg"], recording.track.spine_deg[:, 1].astype(float))
    check_healthy(store)


def _jobs(store: ClubStore) -> list[Job]:
    with store.database.reading(AllClubs("look")) as unit:
        return list(unit.scalars(select(Job)).all())
