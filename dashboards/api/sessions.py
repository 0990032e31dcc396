"""Sessions, their analyses and the files of these."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Self

from flask import Response, abort
from pydantic import Field, model_validator

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.people import Person
from dashboards.api.answers.sessions import (
    Analyses,
    AnalysisDetail,
    AnalysisLine,
    AnalysisState,
    Fault,
    Film,
    SessionDetail,
    SessionFile,
    SessionLine,
    Sessions,
)
from dashboards.api.cursors import Paged, cursor_of, moment, place_in, sliced
from dashboards.api.files import SHOWN
from dashboards.api.jobs import job_numbers
from dashboards.api.once import ONCE, asked_once
from dashboards.api.operations import BASE, Asked, operation, told
from dashboards.api.people import seen_athlete
from dashboards.api.strokes import monitor_told
from dashboards.remarks import remarks
from dashboards.sessions import SUFFIX
from dashboards.uploads.claims import MOST_PEOPLE, MOST_SLOW
from rowsense.jobs.again import analyse_again
from rowsense.jobs.looking import jobs_named
from rowsense.jobs.requests import ANALYZE, Settings
from rowsense.store.feelings import to_be_asked
from rowsense.store.scope import ClubScope
from rowsense.store.session_pages import (
    SessionRow,
    Wanted,
    analyses_of,
    analysis_named,
    session_page,
    session_row,
)
from rowsense.store.tables import Analysis

_SUBJECT = "Sessions"


class Days(Asked):
    """A stretch of a season."""

    since: date | None = None
    """First day."""
    until: date | None = None
    """Last day."""


class SessionsAsked(Days, Paged):
    """Which sessions; what is left out limits nothing."""

    athlete: uuid.UUID | None = None
    squad: uuid.UUID | None = None
    tag: str | None = Field(None, min_length=1, max_length=40)
    """Only sessions that have it, as it is written."""
    limit: int = Field(50, ge=1, le=200)


@operation("GET", "/sessions", _SUBJECT, query=SessionsAsked, gives=Sessions)
def sessions(asked: SessionsAsked) -> Sessions:
    """Analysed sessions that the owner may see, the last rowed first.

    A rower's own session is missing until she has said on its page what she felt.
    """
    viewer = signed_in_viewer()
    unasked = to_be_asked(store().database, viewer)
    wanted = Wanted(asked.athlete, asked.squad, asked.since, asked.until, unasked, asked.tag or "")
    after = _place(asked.cursor) if asked.cursor else None
    found, more = session_page(store().database, viewer, wanted, asked.limit, after)
    following = cursor_of([str(part) for part in _sayable(found[-1])]) if more else None
    return Sessions(items=[SessionLine(**_line(row)) for row in found], next=following)


@operation("GET", "/sessions/<uuid:session_id>", _SUBJECT, gives=SessionDetail)
def session(session_id: uuid.UUID) -> SessionDetail:
    """One session with all that is known of it."""
    row = _row(session_id)
    piece, film = row.session, row.video
    felt = remarks().felt(f"{session_id}{SUFFIX}")
    return SessionDetail(
        **_line(row),
        ergometer_type=piece.ergometer_type,
        distance_m=piece.distance_m,
        rate_spm=piece.rate_spm,
        perceived_effort=piece.perceived_effort,
        power_w=piece.power_w,
        drag_factor=piece.drag_factor,
        foot_height_hole=piece.foot_height_hole,
        notes=piece.notes,
        felt=None if felt is None else felt.answer,
        film=None if film is None else Film.model_validate({**vars(film), "kept": film.file_key is not None}),
        monitor=monitor_told(session_id, row.analysis.id),
        files=_files(row),
    )


@operation("GET", "/sessions/<uuid:session_id>/analyses", _SUBJECT, query=Paged, gives=Analyses)
def analyses(session_id: uuid.UUID, asked: Paged) -> Analyses:
    """All versions of its analysis, the newest first."""
    here, following = sliced(analyses_of(store().database, signed_in_viewer(), session_id), asked)
    return Analyses(items=[AnalysisLine.model_validate(one) for one in here], next=following)


@operation("GET", "/sessions/<uuid:session_id>/analyses/<uuid:analysis_id>", _SUBJECT, gives=AnalysisDetail)
def session_analysis(session_id: uuid.UUID, analysis_id: uuid.UUID) -> AnalysisDetail:
    """One version, with the faults that it found."""
    versions = analyses_of(store().database, signed_in_viewer(), session_id)
    found = next((one for one in versions if one.id == analysis_id), None)
    if found is None:
        abort(404)
    line = AnalysisLine.model_validate(found)
    return AnalysisDetail(**line.model_dump(), session=session_id, faults=_faults(found))


class NewAnalysis(Asked):
    """How to analyse it. What is left out is chosen as for a new film; `{}` is enough."""

    key: uuid.UUID | None = None
    """That it is to have. Who asks again with the same key asks once; left out: a new one each time."""
    speed: float | None = Field(None, ge=1, le=MOST_SLOW)
    """How many times slower than life the film plays."""
    rower: int | None = Field(None, ge=1, le=MOST_PEOPLE)
    """Which of several people, 1: the nearest."""
    stride: int | None = Field(None, ge=1, le=4)
    """Look at every n-th frame only."""
    from_s: float | None = Field(None, ge=0)
    """First second, as the film plays."""
    to_s: float | None = Field(None, gt=0)
    """Where to stop, as the film plays."""
    overlay: bool = True
    """Draw the film with what was measured."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.from_s is not None and self.to_s is not None and self.to_s <= self.from_s:
            raise ValueError("to_s must come after from_s")
        return self

    def settings(self) -> Settings:
        """As the analysis takes them."""
        stages = {"video": ("from_s", "to_s", "speed"), "pose": ("rower", "stride")}
        said = {
            stage: {name: value for name in names if (value := getattr(self, name)) is not None}
            for stage, names in stages.items()
        }
        return {stage: values for stage, values in said.items() if values}


@operation(
    "POST", "/sessions/<uuid:session_id>/analyses", _SUBJECT, body=NewAnalysis, gives=AnalysisState, status=202,
    answers_with={"Location": "where it is told how far it is"}, may_have=ONCE,
)  # fmt: skip
def new_analysis(session_id: uuid.UUID, said: NewAnalysis) -> Response:
    """Analyse a session's film again; the versions before stay, and pages show the new one when it is done.

    For who may change the session: its coaches and administrators.
    """
    viewer = signed_in_viewer()
    scope, key = ClubScope(viewer.club_id), said.key or asked_once(viewer, str(session_id)) or uuid.uuid4()
    analyse_again(store().database, scope, session_id, key, said.settings(), overlay=said.overlay)
    answer = told(analysis(key), 202)
    answer.headers["Location"] = f"{BASE}/analyses/{key}"
    return answer


@operation("GET", "/analyses/<uuid:analysis_id>", _SUBJECT, gives=AnalysisState)
def analysis(analysis_id: uuid.UUID) -> AnalysisState:
    """How far an analysis is, as `analysis` of an upload names it; and where its session is once it is done."""
    viewer = signed_in_viewer()
    done = analysis_named(store().database, viewer, analysis_id)
    if done is not None:
        if done.session_id in to_be_asked(store().database, viewer):
            abort(404)
        ready: dict[str, Any] = {"state": "done", "stage": "", "share": 1.0, "left_s": None, "error": ""}
        return AnalysisState(id=analysis_id, session=done.session_id, page=_page(done.session_id), **ready)
    job = jobs_named(store().database, ClubScope(viewer.club_id), [analysis_id]).get(analysis_id)
    if job is None or job.kind != ANALYZE or job.athlete_id is None:
        abort(404)
    seen_athlete(job.athlete_id)
    return AnalysisState(id=analysis_id, session=None, page=None, **job_numbers(job))


def _row(session_id: uuid.UUID) -> SessionRow:
    found = session_row(store().database, signed_in_viewer(), session_id)
    if found is None:
        abort(404)
    return found


def _line(row: SessionRow) -> dict[str, Any]:
    return {
        "id": row.session.id,
        "athlete": Person(id=row.athlete.id, name=row.athlete.name),
        "rowed_on": row.session.rowed_on,
        "piece_kind": row.session.piece_kind,
        "tags": list(row.tags),
        "page": _page(row.session.id),
        "analysis": AnalysisLine.model_validate(row.analysis),
        "faults": _faults(row.analysis),
    }


def _faults(analysis: Analysis) -> list[Fault]:
    found = analysis.summary.get("faults", [])
    return [Fault.model_validate({name: one[name] for name in Fault.model_fields}) for one in found]


def _files(row: SessionRow) -> list[SessionFile]:
    prefix = row.analysis.file_prefix
    stored = {file.key.removeprefix(f"{prefix}/"): file.byte_count for file in store().files.listed(prefix)}
    address = f"{BASE}/sessions/{row.session.id}/files"
    return [
        SessionFile(name=name, byte_count=stored[name], address=f"{address}/{name}") for name in SHOWN if name in stored
    ]


def _page(session_id: uuid.UUID) -> str:
    return f"/session/{session_id}{SUFFIX}"


def _sayable(row: SessionRow) -> tuple[str, str, str]:
    rowed_on, created_at, key = row.place
    return rowed_on.isoformat(), created_at.isoformat(), str(key)


def _place(cursor: str) -> tuple[date, datetime, uuid.UUID]:
    rowed_on, created_at, key = place_in(cursor, date.fromisoformat, moment, uuid.UUID)
    return rowed_on, created_at, key
