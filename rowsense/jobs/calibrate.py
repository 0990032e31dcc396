"""The job ``calibrate``: a film in which somebody poses, and her own zero and range in the store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from rowsense.calibrating import calibrate_video
from rowsense.errors import NotMeasurableError, UsageError, VideoError
from rowsense.jobs.analyze import STAGES, share_done
from rowsense.jobs.film import film_of
from rowsense.jobs.requests import AnalysisRequest, CalibrationRequest
from rowsense.jobs.telling import Report
from rowsense.jobs.work import Work
from rowsense.settings import Settings
from rowsense.store.films_kept import drop_unless_kept
from rowsense.store.own_calibrations import keep_calibration
from rowsense.store.tables import Athlete, StoredCalibration

#: Looking at the frames is nearly all of it; nothing is drawn and written.
_OBSERVED: float = sum(STAGES["observe"])


def calibrate(work: Work) -> None:
    """Measure and keep; one that is kept already is not measured again."""
    request = CalibrationRequest.from_payload(work.payload)
    store = work.store()
    with store.database:
        with store.database.reading(work.scope) as unit:
            athlete = unit.get(Athlete, request.athlete_id)
            known = unit.get(StoredCalibration, request.key) is not None
        if athlete is None:
            raise UsageError("the athlete is not in the club any more")
        if not known:
            # The film is the session's of the same key, as that of an analysis would be.
            film = AnalysisRequest(request.athlete_id, request.key, request.key)
            with film_of(store, work.scope, film) as (video, name):
                try:
                    found = calibrate_video(video, athlete.name, _settings(request.settings), _teller(work))
                except (NotMeasurableError, VideoError) as error:
                    raise type(error)(str(error).replace(video.name, name)) from error
            found = replace(found, video_name=name)
            keep_calibration(store, work.scope, request.key, request.athlete_id, request.filmed_on, found)
        drop_unless_kept(store, work.scope, request.key)
    work.tell(Report("record", 1.0, 1.0))


def _teller(work: Work) -> Any:
    def tell(stage: str, done: float, total: float) -> None:
        work.tell(Report(stage, min(share_done(stage, done, total) / _OBSERVED, 1.0), 1.0))

    return tell


def _settings(told: dict[str, dict[str, Any]]) -> Settings:
    try:
        return Settings(**{stage: values for stage, values in told.items() if values})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"setting {place}: {first['msg']} (got {first['input']!r})") from error
