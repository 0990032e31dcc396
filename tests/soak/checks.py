"""What has to hold after every kill: each film analysed once, nothing half, nothing left over."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rowsense.jobs.looking import jobs_of
from rowsense.jobs.requests import ANALYZE
from rowsense.store.claims import ClubStore, recover, state_of
from rowsense.store.files import prefix_of
from rowsense.store.film_copies import copy_key
from rowsense.store.scope import AllClubs
from rowsense.store.tables import (
    Analysis,
    AnalysisQuantity,
    FileClaim,
    Job,
    JobPart,
    StoredCalibration,
    StrokeRow,
    TrainingSession,
    Upload,
    Video,
)
from rowsense.store.tables.jobs import CANCELLED, DONE, QUEUED, RUNNING
from rowsense.store.tables.uploads import CLAIMED
from rowsense.store.upload_files import upload_files_of
from tests.soak.brought import OTHER, Brought
from tests.soak.windows import COPIED, POSED
from tests.soak.world import SoakError, until
from tests.store.club import ATHLETE

EVERYTHING = AllClubs("look at what is left after a kill")
#: The summary names the film, so folders of analyses differ by some bytes.
_ALIKE_BYTES = 2000


def check_store(store: ClubStore, films: Sequence[Brought], scratch: Path) -> None:
    """Look at the whole store while nothing is being done.

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
    with store.database.reading(EVERYTHING) as unit:
        kept = {file.key: file.byte_count for file in store.files.listed()}
        problems += _Rows.read(unit, kept).problems(films)
    uploads = upload_files_of(store)
    gone = {film.upload_id for film in films if film.gone}
    left = [*uploads.listed(), *(uploads.beside() & gone)]
    problems += [f"bytes of uploads that are over: {left}"] if left else []
    try:
        until(lambda: not _folders(scratch), "folders of jobs go", 10.0)
    except SoakError:
        problems.append(f"folders of jobs that are over: {_folders(scratch)}")
    if problems:
        raise SoakError("; ".join(problems))


@dataclass(frozen=True)
class _Rows:
    """All that is known of films, and the bytes of every file."""

    files: Mapping[str, int]
    uploads: Mapping[uuid.UUID, Upload]
    jobs: Sequence[Job]
    sessions: Mapping[uuid.UUID, TrainingSession]
    videos: Mapping[uuid.UUID, Video]
    analyses: Sequence[Analysis]
    calibrations: Mapping[uuid.UUID, StoredCalibration]
    strokes: Mapping[uuid.UUID, int]
    summed: Mapping[uuid.UUID, set[uuid.UUID]]
    """Analysis -> whose its summaries are."""
    parts: int
    claims: int

    @classmethod
    def read(cls, unit: Session, files: Mapping[str, int]) -> _Rows:
        all_of: Callable[[Any], list[Any]] = lambda table: list(unit.scalars(select(table)))  # noqa: E731
        count: Callable[[Any], int] = lambda table: unit.scalar(select(func.count()).select_from(table)) or 0  # noqa: E731
        strokes = unit.execute(select(StrokeRow.analysis_id, func.count()).group_by(StrokeRow.analysis_id)).all()
        summed: dict[uuid.UUID, set[uuid.UUID]] = {}
        for key, athlete in unit.execute(select(AnalysisQuantity.analysis_id, AnalysisQuantity.athlete_id).distinct()):
            summed.setdefault(key, set()).add(athlete)
        return cls(
            files,
            {row.id: row for row in all_of(Upload)},
            all_of(Job),
            {row.id: row for row in all_of(TrainingSession)},
            {row.session_id: row for row in all_of(Video)},
            all_of(Analysis),
            {row.id: row for row in all_of(StoredCalibration)},
            {key: number for key, number in strokes},
            summed,
            count(JobPart),
            count(FileClaim),
        )

    def problems(self, films: Sequence[Brought]) -> Iterator[str]:
        """Everything that is not as it has to be."""
        if self.claims or self.parts:
            yield f"{self.claims} claims and {self.parts} parts of jobs are left"
        changed = {str(film.session_id) for film in films if film.session_id is not None}
        for job in self.jobs:
            stopped = job.state == CANCELLED and job.payload.get("session_id") in changed
            if job.state != DONE and not stopped:
                yield f"job {job.id} is {job.state}: {job.error}"
        for film in films:
            yield from self._of_film(film)
        kept = sum(not film.gone for film in films)
        if (len(self.sessions), len(self.videos)) != (kept, kept):
            yield f"of {kept} films there are {len(self.sessions)} sessions and {len(self.videos)} videos"
        if len(self.calibrations) != sum(film.what == POSED for film in films):
            yield f"there are {len(self.calibrations)} calibrations"
        for analysis in self.analyses:
            yield from self._of_analysis(analysis)
        # What was measured before a session became another rower's has lost its report and its pictures.
        whole = [one for one in self.analyses if one.version == 2 or self._athlete(one.session_id) != OTHER]
        sizes = {self._bytes_in(analysis.file_prefix) for analysis in whole}
        if sizes and max(sizes) - min(sizes) > _ALIKE_BYTES:
            yield f"folders of analyses are of different sizes: {sizes}"

    def _of_film(self, film: Brought) -> Iterator[str]:
        row = self.uploads.get(film.upload_id)
        if film.gone:
            if row is not None or film.session_id in self.sessions or film.session_id in self.videos:
                yield f"something of the film {film.upload_id} is left"
            return
        if row is None or row.state != CLAIMED or row.session_id not in self.sessions:
            yield f"the film {film.upload_id} is {row and row.state}"
            return
        told = f"session {row.session_id} ({film.what})"
        key = str(self.videos[row.session_id].file_key) if row.session_id in self.videos else ""
        here = {name: size for name, size in self.files.items() if prefix_of(name) == prefix_of(key)} if key else {}
        copied = here.pop(copy_key(key), 0) if key else 0
        if here != {key: film.size} or (copied > 0) != (film.what == COPIED):
            yield f"{told} keeps {here} and a copy of {copied} bytes of the film of {film.size}"
        count = sum(one.session_id == row.session_id for one in self.analyses)
        asked = sum(job.kind == ANALYZE and job.payload["session_id"] == str(row.session_id) for job in self.jobs)
        if (count, asked) != (film.analyses, film.asked_for):
            yield f"{told} has {count} analyses, and {asked} were asked for"
        whose = self.sessions[row.session_id].athlete_id
        if whose != (OTHER if film.moved else ATHLETE):
            yield f"{told} is of {whose}"
        if (row.session_id in self.calibrations) != (film.what == POSED):
            yield f"{told} has, or has no, calibration"

    def _of_analysis(self, analysis: Analysis) -> Iterator[str]:
        strokes = self.strokes.get(analysis.id, 0)
        if strokes != analysis.usable_stroke_count:
            yield f"analysis {analysis.id} has {strokes} strokes of {analysis.usable_stroke_count}"
        session = self.sessions.get(analysis.session_id)
        if session is None or self.summed.get(analysis.id) != {session.athlete_id}:
            yield f"summaries of the analysis {analysis.id} are of {self.summed.get(analysis.id)}"

    def _athlete(self, session_id: uuid.UUID) -> uuid.UUID | None:
        session = self.sessions.get(session_id)
        return None if session is None else session.athlete_id

    def _bytes_in(self, prefix: str) -> int:
        sizes: Counter[str] = Counter()
        for key, size in self.files.items():
            sizes[prefix_of(key)] += size
        return sizes[prefix]


def _folders(scratch: Path) -> list[str]:
    return sorted(path.name for path in scratch.iterdir()) if scratch.is_dir() else []
