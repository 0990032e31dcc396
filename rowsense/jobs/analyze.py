"""The job ``analyze``: a video in, a new version of its session's analysis recorded. Runs in a process of its own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select

from rowsense.assess.judge import catalogue_for
from rowsense.errors import CalibrationError, NotMeasurableError, UsageError, VideoError
from rowsense.jobs.copying import copy_first
from rowsense.jobs.drawing import maker_of
from rowsense.jobs.film import film_of
from rowsense.jobs.judging import measures_of, write_measures
from rowsense.jobs.observing import observer_of
from rowsense.jobs.requests import AnalysisRequest
from rowsense.jobs.telling import Report
from rowsense.jobs.work import Work
from rowsense.model import Calibration
from rowsense.outputs import OutputOptions, warming_up, write_outputs
from rowsense.overlay.scene import drawn_in
from rowsense.pipeline import analyze_video, estimator_of
from rowsense.settings import Settings
from rowsense.store.calibrations import calibration_of
from rowsense.store.catalogues import current_catalogue
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import language_of_session
from rowsense.store.films_kept import drop_unless_kept
from rowsense.store.record import NOT_HERS, Recording, record
from rowsense.store.tables import Analysis, Athlete, StoredCalibration, TrainingSession

#: Where in the whole each stage begins, and how much of it it is: guessed [D], and only for the bar that shows it.
STAGES: Final = {
    "probe": (0.0, 0.01),
    "fetch": (0.01, 0.0),
    "scout": (0.01, 0.09),
    "observe": (0.1, 0.5),
    "report": (0.6, 0.08),
    "overlay": (0.68, 0.28),
    "film": (0.96, 0.02),
}
_RECORDED_FROM: Final = 0.98
#: What a copy of the film takes of the whole, where one is made: coding is about as much work as looking [D].
_COPY_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that is needed from the store."""

    request: AnalysisRequest
    settings: Settings
    athlete: str
    calibration: Calibration | None
    calibration_row: StoredCalibration | None
    catalogue: int
    """Number of the club's catalogue; the settings hold what it changes."""


def share_done(stage: str, done: float, total: float) -> float:
    """How much of a whole analysis is done, 0..1, when ``stage`` has come to ``done`` of ``total``."""
    begins, share = STAGES[stage]
    return begins + share * (min(done / total, 1.0) if total > 0 else 0.0)


def share_after(begins: float, share: float) -> float:
    """How much is done when ``share`` is, of an analysis of which a share ``begins`` was something else."""
    return begins + (1.0 - begins / _RECORDED_FROM) * share


def analyze(work: Work) -> None:
    """Analyse and record; what an earlier attempt analysed is recorded without looking at the video again."""
    request = AnalysisRequest.from_payload(work.payload)
    store = work.store()
    with store.database:
        asked = _asked(store, work, request)
        if asked is None:
            return
        with film_of(store, work.scope, request) as (video, name):
            folder = work.folder / "analysed"
            if not (work.checkpoint.get("analysed") and (folder / "session.json").is_file()):
                try:
                    _analyze(work, store, asked, video, folder, name)
                except (NotMeasurableError, VideoError) as error:
                    raise type(error)(str(error).replace(video.name, name)) from error
            by = int(work.checkpoint.get("catalogue", asked.catalogue))
            work.tell(Report("record", _RECORDED_FROM, 1.0, {"analysed": True, "catalogue": by}))
            faults = tuple(fault.id for fault in catalogue_for(asked.settings.assess).faults)
            recording = Recording(
                folder,
                session_id=request.session_id,
                analysis_id=request.analysis_id,
                piece=request.piece,
                athlete_id=request.athlete_id,
                video=video if request.keep_video and request.video is not None else None,
                calibration_id=None if asked.calibration_row is None else asked.calibration_row.id,
                fault_ids=faults,
                catalogue_number=by,
            )
            record(store, work.scope, recording)
        drop_unless_kept(store, work.scope, request.session_id)
    work.tell(Report("record", 1.0, 1.0))


def _analyze(work: Work, store: ClubStore, asked: _Asked, video: Path, folder: Path, name: str) -> None:
    begins, copied = 0.0, False

    def copying(share: float) -> None:
        nonlocal begins
        begins = _COPY_SHARE
        work.tell(Report("film", begins * share, 1.0))

    def progress(stage: str, done: float, total: float) -> None:
        # From then on another attempt has something to go on from: the parts that were looked at.
        checkpoint = {"observing": True} if STAGES[stage] >= STAGES["observe"] else None
        work.tell(Report(stage, share_after(begins, share_done(stage, done, total)), 1.0, checkpoint))

    if asked.request.video is None:
        copied = copy_first(work, store, asked.request.session_id, video, copying)
    session = analyze_video(
        video,
        asked.settings,
        athlete=asked.athlete,
        calibration=asked.calibration,
        progress=warming_up(progress),
        observer=observer_of(work, store),
    )
    # In the store a film is called after nobody; its readers know it by the name it came with.
    session = replace(session, video=replace(session.video, path=video.with_name(name)))
    language = language_of_session(store.database, work.scope, asked.request.session_id)
    session = drawn_in(session, language)
    for left in work.folder.glob(".analysed.*"):  # of an attempt that was killed while it wrote
        shutil.rmtree(left, ignore_errors=True)
    films = maker_of(work, store, asked.settings.pose.workers)
    options = OutputOptions(overlay=asked.request.overlay, film=not copied, language=language)
    write_outputs(session, video, folder, options, progress, films)
    write_measures(folder, measures_of(session, catalogue_for(asked.settings.assess)))


def _asked(store: ClubStore, work: Work, request: AnalysisRequest) -> _Asked | None:
    """None: it is recorded already."""
    with store.database.reading(work.scope) as unit:
        if unit.get(Analysis, request.analysis_id) is not None:
            return None
        athlete = unit.get(Athlete, request.athlete_id)
        if athlete is None:
            raise UsageError("the athlete is not in the club any more")
        session = unit.get(TrainingSession, request.session_id)
        if session is not None and session.athlete_id != athlete.id:
            raise UsageError(NOT_HERS)  # asked for, or tried again, before and after that
        catalogue = current_catalogue(unit)
        settings = _settings(request, athlete, catalogue.changes)
        newest = (
            select(StoredCalibration)
            .where(StoredCalibration.athlete_id == athlete.id, StoredCalibration.estimator == estimator_of(settings))
            .order_by(StoredCalibration.made_at.desc())
            .limit(1)
        )
        row = unit.scalar(newest)
    try:
        calibration = None if row is None else calibration_of(row.document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CalibrationError(f"the calibration of {athlete.name} is damaged ({error}); make it again") from error
    return _Asked(request, settings, athlete.name, calibration, row, catalogue.number)


def _settings(request: AnalysisRequest, athlete: Athlete, changes: Mapping[str, Any]) -> Settings:
    told = (("style", athlete.style), ("level", athlete.level), ("changes", dict(changes)))
    own = {name: value for name, value in told if value}
    stages = request.settings | {"assess": own | request.settings.get("assess", {})}
    try:
        return Settings(**{stage: values for stage, values in stages.items() if values})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"setting {place}: {first['msg']} (got {first['input']!r})") from error
