"""A video that several look at: the same numbers to the last bit, and everybody takes part."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, text

from rowsense.conventions import LANDMARK_NAMES
from rowsense.errors import UsageError
from rowsense.jobs.observing import packed, plan_of, told_plan, unpacked
from rowsense.jobs.parts import FIRST_FILM_PART, HELP
from rowsense.jobs.requests import AnalysisRequest, ask_for_analysis
from rowsense.jobs.runner import running
from rowsense.jobs.work import KINDS
from rowsense.model import ObservationSeries
from rowsense.observe import ObservationPlan, observe_video
from rowsense.pose.repair import strangers
from rowsense.pose.tracking import assemble
from rowsense.recording import read_as_one, record_video
from rowsense.settings import Settings
from rowsense.store.claims import ClubStore
from rowsense.store.parquet import read_table
from rowsense.store.record import Piece
from rowsense.store.scope import AllClubs
from rowsense.store.tables import Analysis, Job, JobPart
from tests.dashboards.test_serve_club import free_port
from tests.jobs.meeting import Yard, until
from tests.jobs.test_cluster import started
from tests.store.club import ATHLETE, CLUB, check_healthy

pytestmark = pytest.mark.slow
#: A whole sample of 22 s, of which every fourth frame is looked at, in four chunks.
SETTINGS: dict[str, dict[str, Any]] = {"pose": {"stride": 4, "workers": 1}}
_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def film(repository: Path) -> Path:
    return repository / "sample_videos" / "well_rowed.mp4"


@dataclass(frozen=True)
class Whole:
    """What one thread saw of all of it."""

    plan: ObservationPlan
    seen: ObservationSeries
    recording: Any


@pytest.fixture(scope="module")
def whole(film: Path, pose_model: Path) -> Whole:
    kept: list[Any] = []

    def observe(plan: ObservationPlan, workers: int, progress: Any) -> Any:
        observed = observe_video(plan, 1, progress)
        kept.extend((plan, observed[0]))
        return observed

    recording, _ = record_video(film, Settings(**SETTINGS), observer=observe)  # type: ignore[arg-type]
    return Whole(*kept, recording)


def test_a_part_that_another_looked_at_is_the_same_to_the_last_bit(whole: Whole, film: Path, tmp_path: Path) -> None:
    plan, seen = whole.plan, whole.seen
    there = plan_of(told_plan(plan), film, plan.model_path)
    assert there == plan, "a plan that travelled is the same"
    assert len(there.chunk_bounds) > 1
    first, end = there.chunk_bounds[-1]
    here = (seen.frame >= first) & (seen.frame < end)
    alone = unpacked(packed(observe_video(there, 1, chunks=[len(there.chunk_bounds) - 1])))[0]
    theirs = (alone.frame >= first) & (alone.frame < end)
    assert here.any() and not here.all()
    for column in fields(ObservationSeries):
        a, b = getattr(seen, column.name)[here], getattr(alone, column.name)[theirs]
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b, err_msg=column.name)
    model = tmp_path / "other.task"
    model.write_bytes(plan.model_path.read_bytes() + b"x")
    with pytest.raises(UsageError, match="is not the pose model that the analysis was begun with"):
        plan_of(told_plan(plan), film, model)


def test_frames_are_read_in_the_light_of_all_that_show_the_rower(whole: Whole) -> None:
    seen, track = whole.seen, whole.recording.track

    def assembled(series: ObservationSeries) -> np.ndarray:
        spine_deg = assemble(series, track.time_s, track.frame, Settings(**SETTINGS).pose).spine_deg  # type: ignore[arg-type]
        assert spine_deg is not None
        return spine_deg

    np.testing.assert_array_equal(assembled(read_as_one(seen)), track.spine_deg)
    assert np.nanmedian(np.abs(assembled(seen) - track.spine_deg)) > 0.1
    assert np.isnan(read_as_one(seen).spine_features).all(), "nobody needs them any more"
    # Somebody else who is taken for her in every second frame tells nothing of her.
    others, mine = slice(None, None, 2), slice(1, None, 2)
    elsewhere_px = seen.landmarks_px.copy()
    elsewhere_px[others][:, :, 0] += 3000.0 * (np.arange(len(seen)) % 4 < 2)[others, None]
    strange = seen.spine_features.copy()
    strange[strangers(elsewhere_px)] = 9.0
    assert strangers(elsewhere_px).any()
    found = read_as_one(replace(seen, landmarks_px=elsewhere_px, spine_features=strange))
    clean = read_as_one(replace(seen, landmarks_px=elsewhere_px))
    np.testing.assert_array_equal(found.spine_deg[mine], clean.spine_deg[mine])


def test_parts_of_another_build_are_made_anew(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    told = told_plan(whole.plan)
    monkeypatch.setattr("rowsense.jobs.observing.this_build", lambda: "0.0.9+0123456789")
    assert told_plan(whole.plan) != told


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_workers_of_an_outside_scheduler_share_a_film_and_the_seam_does_not_show(
    store: ClubStore, tmp_path: Path, film: Path, whole: Whole
) -> None:
    yard, address = Yard(store, tmp_path), f"tcp://127.0.0.1:{free_port()}"
    alone = ("--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard")
    worker = ("dask_worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny")
    piece = Piece(ATHLETE, date(2026, 3, 1), "steady", distance_m=2000.0, created_by_user_id=None)
    asked = AnalysisRequest(ATHLETE, uuid.uuid4(), uuid.uuid4(), film, piece, overlay=False, settings=SETTINGS)
    with ExitStack() as programs:
        for program in (("dask_scheduler", *alone), worker, worker):
            programs.enter_context(started(*program, path=_ROOT, folder=tmp_path))
        settings = replace(yard.settings, kinds=KINDS, scheduler=address)
        with running(store, settings) as runner:
            until(lambda: len(runner.workers.addresses) == 2)
            with _no_part_ends(store):  # the film is short: before the second has come it would be over
                with store.database.writing(CLUB) as unit:
                    key = ask_for_analysis(unit, asked).id
                until(lambda: len(_holders(store, key)) > 1)
                holders = _holders(store, key)
            assert yard.ended(key).state == "done", yard.job(key).error
            until(lambda: {job.state for job in _jobs(store)} == {"done"})
    helpers = {job.id for job in _jobs(store) if job.kind == HELP}
    assert key in holders and holders & helpers, "both did parts of it"
    with store.database.reading(AllClubs("look")) as unit:
        assert unit.scalars(select(JobPart.part)).all() == []
        (analysis,) = unit.scalars(select(Analysis)).all()
    with store.files.fetch(analysis.file_prefix) as folder:
        track = read_table(folder / "track.parquet")
    recorded = whole.recording.track
    for number, name in enumerate(LANDMARK_NAMES):
        for axis, letter in enumerate("xy"):
            alone_px = recorded.xy_px[:, number, axis].astype(float)
            np.testing.assert_array_equal(track[f"{name}_{letter}"], alone_px, err_msg=name)
    np.testing.assert_array_equal(track["picture_lumbar_flexion_deg"], recorded.spine_deg[:, 1].astype(float))
    check_healthy(store)


@contextmanager
def _no_part_ends(store: ClubStore) -> Iterator[None]:
    """Meanwhile whoever has looked at a part waits with what came of it, and takes no other one."""
    setting_up = AllClubs("set up a test")
    with store.database.writing(setting_up) as unit:
        wait = "BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END"
        unit.execute(text(f"CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ {wait} $$"))
        unit.execute(
            text("CREATE TRIGGER wait BEFORE UPDATE OF result ON job_parts FOR EACH ROW EXECUTE FUNCTION wait()")
        )
    with store.database.writing(setting_up) as unit:
        unit.execute(text("SELECT pg_advisory_xact_lock(1)"))
        yield


def _holders(store: ClubStore, key: uuid.UUID) -> set[uuid.UUID | None]:
    """Who looks at parts of the film, or has."""
    held = JobPart.job_id == key, JobPart.part < FIRST_FILM_PART, JobPart.holder_id.is_not(None)
    with store.database.reading(AllClubs("look")) as unit:
        return set(unit.scalars(select(JobPart.holder_id).where(*held)))


def _jobs(store: ClubStore) -> list[Job]:
    with store.database.reading(AllClubs("look")) as unit:
        return list(unit.scalars(select(Job)).all())
