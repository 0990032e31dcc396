"""The page *Settings* for administrators, and *Jobs* for whoever has some."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.settings.view_model import job_rows, runner_words, settings_page
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal_sentence
from rowsense.errors import StoreError
from rowsense.jobs import stopping
from rowsense.store.club_policies import Policies, keep_policies, policies_of, read_policies, rename_club
from rowsense.store.club_settings import KeptPrivacy, Privacy, keep_privacy, kept_privacy, read_privacy
from rowsense.store.keeping import would_go
from rowsense.store.people import club_name
from rowsense.store.runner_state import said_state
from rowsense.store.scope import ClubScope
from rowsense.store.seen_jobs import GROUPS, failed_for, jobs_for, may_change_job
from rowsense.store.storage import storage_of
from rowsense.store.tables import ADMINISTRATOR
from rowsense.texts.catalogue import OWN_NAMES

settings = Blueprint("settings", __name__)
#: That the page lists; what needs somebody comes before what is over.
_MOST_JOBS: Final = 100
Answer = Response | tuple[str, int]


@settings.get("/settings")
def show() -> str:
    """Everything that is settled, storage and how jobs stand."""
    return _page([])


@settings.post("/settings/name")
def name() -> Answer:
    """Give the club another name."""

    def do() -> dict[str, Any]:
        with store().database.reading(_scope()) as unit:
            before = club_name(unit, _scope().club_id)
        rename_club(store().database, _scope(), request.form.get("name", ""), by=_me())
        return {"name": before}

    return _kept(do, "settings.name_kept")


@settings.post("/settings/policies")
def policies() -> Answer:
    """Who is compared, names, room for films."""

    def do() -> dict[str, Any]:
        _check_whole()
        before = read_policies(store().database, _scope())
        form = request.form
        room = _whole("room", texts()("settings.room_what"))
        said = Policies(bool(form.get("compare")), bool(form.get("hide")), room, form.get("language", ""))
        keep_policies(store().database, _scope(), said, by=_me())
        ticks = {"compare": before.compare_rowers, "hide": before.hide_names}
        given = {"room": before.room_gb or "", "language": before.language, "whole": "1"}
        return {key: "1" for key, on in ticks.items() if on} | given

    return _kept(do, "settings.policies_kept")


@settings.post("/settings/keeping")
def keeping() -> Answer:
    """Times of keeping, originals, links."""

    def do() -> dict[str, Any]:
        _check_whole()
        before = read_privacy(store().database, _scope())
        said = Privacy(
            keep_films_days=_whole("films", texts()("settings.film_days_what")),
            keep_sessions_months=_whole("sessions", texts()("settings.session_months_what")),
            keep_originals=bool(request.form.get("originals")),
            keep_notes_months=_whole("notes", texts()("settings.note_months_what")),
            share_most_days=_whole("links", texts()("settings.links_what")) or 0,
            faces=request.form.get("faces", before.faces),
        )
        keep_privacy(store().database, _scope(), said, _me())
        return {
            "films": before.keep_films_days or "",
            "sessions": before.keep_sessions_months or "",
            "notes": before.keep_notes_months or "",
            "links": before.share_most_days,
            "faces": before.faces,
            "whole": "1",
        } | ({"originals": "1"} if before.keep_originals else {})

    return _kept(do, "settings.times_kept")


@settings.get("/jobs")
def jobs() -> str:
    """What runs, waits and needs somebody."""
    return _jobs([])


@settings.post("/jobs/<uuid:job>/cancel")
def cancel(job: uuid.UUID) -> Answer:
    """Stop a job."""
    return _changed(job, stopping.cancel, "jobs.stopped")


@settings.post("/jobs/<uuid:job>/retry")
def retry(job: uuid.UUID) -> Answer:
    """Try a job again."""
    return _changed(job, stopping.retry, "jobs.tried_again")


@settings.post("/jobs/retry-failed")
def retry_failed() -> Response:
    """Try all that failed again, of those that the viewer sees."""
    keys = failed_for(store().database, signed_in_viewer())
    flash(texts()("jobs.all_again", n=stopping.retry_failed(store().database, _scope(), keys)))
    return redirect(url_for("settings.jobs"))


def _changed(job: uuid.UUID, do: Callable[..., object], key: str) -> Answer:
    try:
        if not may_change_job(store().database, signed_in_viewer(), job):
            raise StoreError("there is no such job of yours any more")
        do(store().database, _scope(), job)
    except StoreError as error:
        return _jobs([refusal_sentence(texts(), error)]), 422
    flash(texts()(key))
    return redirect(url_for("settings.jobs"))


def _jobs(problems: list[str]) -> str:
    viewer = signed_in_viewer()
    group = request.args.get("show", "")
    group = group if group in GROUPS else ""
    found = jobs_for(store().database, viewer, _MOST_JOBS + 1, group)
    return render_template(
        "settings/jobs.html",
        rows=job_rows(texts(), found[:_MOST_JOBS], datetime.now(UTC)),
        groups=GROUPS,
        group=group,
        most=_MOST_JOBS if len(found) > _MOST_JOBS else 0,
        failed=len(failed_for(store().database, viewer)),
        trouble=runner_words(texts(), said_state(store().database)),
        problems=problems,
        all_of_club=viewer.role == ADMINISTRATOR,
    )


def _kept(do: Callable[[], dict[str, Any]], key: str) -> Answer:
    """Keep what a form says, and offer the way back; or show the page with what is wrong."""
    try:
        before = do()
    except StoreError as error:
        return _page([refusal_sentence(texts(), error)]), 422
    if request.form.get("undo"):
        flash(texts()("settings.undone"))
    else:
        flash(texts()(key))
        flash(json.dumps({"action": request.path, "fields": before}), "undo")
    return redirect(url_for("settings.show"))


def _page(problems: list[str]) -> str:
    viewer, now = signed_in_viewer(), datetime.now(UTC)
    with store().database.reading(_scope()) as unit:
        club, said, kept = club_name(unit, viewer.club_id), policies_of(unit, _scope()), kept_privacy(unit, _scope())
    page = settings_page(
        texts(),
        club,
        said,
        kept.privacy,
        kept.not_before(),
        storage_of(store(), _scope()),
        jobs_for(store().database, viewer),
        now,
        _going(kept, now),
    )
    return render_template(
        "settings/settings.html", page=page, problems=problems, written=request.form, languages=OWN_NAMES
    )


def _going(kept: KeptPrivacy, now: datetime) -> tuple[int, int]:
    """Films and sessions that go once the grace is over; asked only as long as that can still be changed."""
    grace = kept.not_before()
    return would_go(store().database, _scope(), kept.privacy, now) if grace is not None and grace > now else (0, 0)


def _check_whole() -> None:
    """A box that is not ticked is not sent: so that nothing else is taken for that."""
    if not request.form.get("whole"):
        raise StoreError("this form was changed on the way; load the page again")


def _whole(field: str, what: str) -> int | None:
    written = request.form.get(field, "").strip()
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < 9):
        raise StoreError(texts()("settings.whole", what=what, written=written))
    return int(written)


def _scope() -> ClubScope:
    return ClubScope(signed_in_viewer().club_id)


def _me() -> uuid.UUID:
    return signed_in_viewer().user_id
