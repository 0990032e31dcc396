"""Jobs without their pixels: a prepared folder stands for what the video would have given, small parts for its chunks.

Everything else is the program's own: parts are laid out, taken and kept, helpers come, the folder is staged, the
checkpoint told, files and rows recorded.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from rowsense.jobs.copying import copy_first
from rowsense.jobs.film import film_of
from rowsense.jobs.parts import FIRST_FILM_PART
from rowsense.jobs.requests import AnalysisRequest
from rowsense.jobs.telling import Report
from rowsense.jobs.together import AtWork, do_all, finish, help_with
from rowsense.jobs.work import Work
from rowsense.model import Calibration
from rowsense.store.database import Database
from rowsense.store.record import Recording, record
from rowsense.store.scope import AllClubs
from rowsense.store.session_folder import SUMMARY, staged
from rowsense.store.tables import JobPart, Video
from tests.calibrations import make_calibration

KINDS = "tests.soak.quick"
#: In the folder of the run.
PREPARED = "prepared"
#: The variable that says into how many parts a job is divided.
PARTS = "ROWSENSE_SOAK_PARTS"
#: A job of more parts than that is shared.
FEW = 2
#: Where several are to share a job, each part takes long enough for a helper to come.
_PART_S = 0.4


def analyze(work: Work) -> None:
    """As ``rowsense.jobs.analyze.analyze``."""
    request = AnalysisRequest.from_payload(work.payload)
    store, count = work.store(), int(os.environ[PARTS])
    with store.database:
        with store.database.reading(work.scope) as unit:
            video = unit.scalars(select(Video).where(Video.session_id == request.session_id)).one()
        with film_of(store, work.scope, request) as (film, _):
            copy_first(work, store, request.session_id, film, lambda share: work.tell(Report("film", share)))
        folder = work.folder / "analysed"
        if not (work.checkpoint and (folder / "session.json").is_file()):
            told = partial(work.tell, Report("observe", 0.1, 1.0, {"observing": True}))
            at_work = AtWork.of(work, store.database, 1)

            def doing(
                plan: Mapping[str, Any], taken: Sequence[int], progress: Callable[[float], None]
            ) -> dict[int, bytes]:
                if count > FEW and 0 in taken:
                    _until_helped(store.database, uuid.UUID(work.task.job_id), range(count))
                return _look(work, "own", plan, taken, progress)

            parts = do_all(at_work, {"count": count}, [1.0] * count, doing, lambda _: told())
            assert parts == [f"part {number} of {count}".encode() for number in range(count)]
            if count > FEW:
                _draw(work, store.database, at_work, count, told)
            _write(folder, video.sha256)
        work.tell(Report("record", 0.98, 1.0, {"analysed": True}))
        record(store, work.scope, Recording(folder, request.session_id, request.analysis_id, request.piece))
    work.tell(Report("record", 1.0, 1.0))


def calibrate(work: Work) -> None:
    """The program's own, but for the measuring."""
    from rowsense.jobs import calibrate as own

    def measured(path: Path, athlete: str, *_: Any) -> Calibration:
        (work.folder / "own.pose").write_text(athlete, encoding="utf-8")
        return make_calibration(athlete)

    with patch.object(own, "calibrate_video", measured):
        own.calibrate(work)


def help_along(work: Work) -> None:
    """As ``rowsense.jobs.helping.help_along``."""
    store = work.store()
    with store.database:
        at_work = AtWork.of(work, store.database, 1, uuid.UUID(work.payload["job"]))
        help_with(at_work, partial(_look, work, "helper"), lambda done: work.tell(Report("observe", done)))


def _draw(work: Work, database: Database, at_work: AtWork, count: int, told: Callable[[], None]) -> None:
    """As ``rowsense.jobs.drawing.maker_of``."""
    first = FIRST_FILM_PART + 1
    at_work.parts.lay_out({"count": count, "film": True}, 1 + count, FIRST_FILM_PART, b"session")

    def doing(plan: Mapping[str, Any], taken: Sequence[int], progress: Callable[[float], None]) -> dict[int, bytes]:
        if first in taken:
            _until_helped(database, at_work.parts.job_id, range(first, first + count))
        return _look(work, "own", plan, taken, progress)

    finish(at_work, [1.0] * count, doing, lambda _: told(), first)
    drawn = [at_work.parts.result(first + number) for number in range(count)]
    assert drawn == [f"part {first + number} of {count}".encode() for number in range(count)]
    assert at_work.parts.result(FIRST_FILM_PART) == b"session"


def _until_helped(database: Database, job_id: uuid.UUID, numbers: range) -> None:
    """Where others are to share the work: wait at the first part until a helper has one, or for too long."""
    until_s = time.monotonic() + 120.0
    theirs = (
        select(JobPart.part)
        .where(JobPart.job_id == job_id, JobPart.holder_id != job_id, JobPart.part.between(numbers[0], numbers[-1]))
        .limit(1)
    )
    while time.monotonic() < until_s:
        with database.reading(AllClubs("whether a helper has come")) as unit:
            if unit.scalar(theirs) is not None:
                return
        time.sleep(0.1)


def _look(
    work: Work, who: str, plan: Mapping[str, Any], taken: Sequence[int], progress: Callable[[float], None]
) -> dict[int, bytes]:
    ending = "film" if "film" in plan else "part"
    for number in taken:
        (work.folder / f"{who}.{ending}").write_text(str(number), encoding="utf-8")
        progress(0.5)
        time.sleep(_PART_S if plan["count"] > FEW else 0.0)
    return {number: f"part {number} of {plan['count']}".encode() for number in taken}


def _write(folder: Path, sha256: str) -> None:
    with staged(folder) as staging:
        shutil.copytree(Path(os.environ["ROWSENSE_SOAK"]) / PREPARED, staging, dirs_exist_ok=True)
        told = json.loads((staging / SUMMARY).read_text(encoding="utf-8"))
        told["video"]["sha256"] = sha256
        (staging / SUMMARY).write_text(json.dumps(told), encoding="utf-8")
