"""The job ``help``: an idle worker does parts of another job, whatever that is at."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from rowsense.jobs.drawing import Draughtsman, is_of_films
from rowsense.jobs.film import film_of
from rowsense.jobs.observing import look, plan_of
from rowsense.jobs.parts import Parts
from rowsense.jobs.requests import AnalysisRequest
from rowsense.jobs.telling import Report
from rowsense.jobs.together import AtWork, help_with
from rowsense.jobs.work import Work
from rowsense.pose.models import ensure_model
from rowsense.recording import default_workers
from rowsense.settings import Settings
from rowsense.store.tables import Job


def help_along(work: Work) -> None:
    """Look at parts of another job's video, or draw parts of its films."""
    store = work.store()
    with store.database, ExitStack() as kept:
        job_id = uuid.UUID(work.payload["job"])
        with store.database.reading(work.scope) as unit:
            job = unit.get(Job, job_id)
        if job is None:
            return
        request = AnalysisRequest.from_payload(job.payload)
        pose = Settings(pose=request.settings.get("pose", {})).pose  # type: ignore[arg-type]  # checked by it
        model = ensure_model(pose.model)
        video, _ = kept.enter_context(film_of(store, work.scope, request))
        draughtsman = Draughtsman(Parts(store.database, work.scope, job_id), video, work.folder)
        stage = "observe"

        def do(plan: Mapping[str, Any], taken: Sequence[int], progress: Callable[[float], None]) -> Mapping[int, bytes]:
            nonlocal stage
            if is_of_films(plan):
                stage = "overlay"
                return draughtsman.draw(plan, taken, progress)
            return look(plan_of(plan, video, model), plan, taken, progress)

        at_work = AtWork.of(work, store.database, pose.workers or default_workers(), job_id)
        help_with(at_work, do, lambda frames: work.tell(Report(stage, frames)))
