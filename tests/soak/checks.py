"""What has to hold after every kill: each film analysed once, nothing half, nothing left over."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from rowsense.jobs.looking import jobs_of
from rowsense.jobs.requests import ANALYZE
from rowsense.store.claims import ClubStore, recover, state_of
from rowsense.store.files import prefix_of
from rowsense.store.scope import AllClubs
from rowsense.store.tables import (
    Analysis,
    AnalysisQuantity,
    FileClaim,
    Job,
    JobPart,
    StrokeRow,
    TrainingSession,
    Upload,
    Video,
)
from rowsense.store.tables.jobs import DONE, QUEUED, RUNNING
from rowsense.store.tables.uploads import CLAIMED
from rowsense.store.upload_files import upload_files_of
from tests.soak.world import SoakError, until

EVERYTHING = AllClubs("look at what is left after a kill")
#: Files of an analysis that the prepared folder has; the database names their folder.
_OVER = ("failed", "parked", "cancelled")


def analysed(store: ClubStore, upload_id: uuid.UUID) -> bool:
    """Whether the film is a session whose job is done.

    Raises
    ------
    SoakError
        It never will be: the job or the upload ended in another way.
    """
    with store.database.reading(EVERYTHING) as unit:
        upload = unit.get(Upload, upload_id)
        job = unit.get(Job, upload.job_id) if upload is not None and upload.job_id is not None else None
    if upload is None or upload.state == "refused" or upload.problem:
        raise SoakError(f"the upload ended as {upload and (upload.state, upload.problem)}")
    if job is not None and job.state in _OVER:
        raise SoakError(f"the job is {job.state}: {job.error}")
    return upload.state == CLAIMED and job is not None and job.state == DONE


def check_store(store: ClubStore, films: dict[uuid.UUID, int], scratch: Path) -> None:
    """Look at the whole store while nothing is being done. ``films``: upload -> bytes of the film.

    Raises
    ------
    SoakError
        With everything that is not as it has to be.
    """
    until(lambda: not jobs_of(store.database, EVERYTHING, (QUEUED, RUNNING)), "helpers end")
    before = state_of(store)
    recover(store, timedelta(0))
    after = state_of(store)
    problems = [f"files that nothing names: {len(before.unnamed)}"] if before.unnamed else []
    problems += [f"files that nothing names, after mending: {len(after.unnamed)}"] if after.unnamed else []
    problems += [f"rows without files: {after.missing}"] if after.missing else []
    problems += _problems_of_rows(store, films)
    left = upload_files_of(store).listed()
    problems += [f"bytes of uploads that are over: {left}"] if left else []
    try:
        until(lambda: not _folders(scratch), "folders of jobs go", 10.0)
    except SoakError:
        problems.append(f"folders of jobs that are over: {_folders(scratch)}")
    if problems:
        raise SoakError("; ".join(problems))


def _problems_of_rows(store: ClubStore, films: dict[uuid.UUID, int]) -> list[str]:
    with store.database.reading(EVERYTHING) as unit:
        all_of: Callable[[Any], list[Any]] = lambda table: list(unit.scalars(select(table)))  # noqa: E731
        uploads = {row.id: row for row in all_of(Upload)}
        jobs, analyses, videos = all_of(Job), all_of(Analysis), all_of(Video)
        sessions = {row.id for row in all_of(TrainingSession)}
        strokes = dict(unit.execute(select(StrokeRow.analysis_id, func.count()).group_by(StrokeRow.analysis_id)).all())
        summed = set(unit.scalars(select(AnalysisQuantity.analysis_id).distinct()))
        parts = unit.scalar(select(func.count()).select_from(JobPart))
        claims = list(unit.scalars(select(FileClaim.prefix)))
    sizes: Counter[str] = Counter()
    for file in store.files.listed():
        sizes[prefix_of(file.key)] += file.byte_count
    problems = [f"claims that are left: {len(claims)}"] if claims else []
    problems += [f"parts of jobs that are over: {parts}"] if parts else []
    problems += [f"job {j.id} is {j.state}: {j.error}" for j in jobs if j.state != DONE]
    asked = [job for job in jobs if job.kind == ANALYZE]
    if len(asked) != len(films) or len(sessions) != len(films):
        problems.append(f"{len(films)} films, {len(sessions)} sessions, {len(asked)} analyses asked for")
    told = Counter(a.session_id for a in analyses)
    problems += [f"session {s} has {told[s]} analyses" for s in sessions if told[s] != 1]
    problems += [f"analysis {a.id} has {strokes.get(a.id)} strokes of {a.usable_stroke_count}"
                 for a in analyses if strokes.get(a.id, 0) != a.usable_stroke_count]  # fmt: skip
    problems += [f"analysis {a.id} has no summaries" for a in analyses if a.id not in summed]
    whole = Counter(sizes[a.file_prefix] for a in analyses)
    if len(whole) > 1 and max(whole) - min(whole) > 2000:  # the summary names the film, so they differ by some bytes
        problems.append(f"folders of analyses are of different sizes: {dict(whole)}")
    kept = {v.session_id: sizes[prefix_of(str(v.file_key))] for v in videos}
    for upload_id, size in films.items():
        row = uploads.get(upload_id)
        if row is None or row.state != CLAIMED or kept.get(row.session_id) != size:
            here = row and kept.get(row.session_id)
            problems.append(f"the film {upload_id} is {row and row.state} and has {here} bytes of {size}")
    return problems


def _folders(scratch: Path) -> list[str]:
    return sorted(path.name for path in scratch.iterdir()) if scratch.is_dir() else []
