"""How far each of a viewer's films is, as the page shows it. Plain data, no HTML."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.addresses import CALIBRATIONS
from dashboards.sessions import SUFFIX
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal
from dashboards.uploads.claims import OF_THE_FILM
from dashboards.uploads.watching import film_address, ways_to_watch
from rowsense.jobs.looking import jobs_named, left_s
from rowsense.jobs.requests import CALIBRATE, is_calibration, settings_of
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.film_copies import FilmToWatch
from rowsense.store.filming import KnownFilm, known_films, rowed_in
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Job, Upload
from rowsense.store.tables.jobs import DONE
from rowsense.store.tables.uploads import READY, RECEIVING
from rowsense.store.upload_files import upload_files_of
from rowsense.store.uploads import uploads_of
from rowsense.texts.found import stored_or_quoted


def cards(store: ClubStore, viewer: Viewer, rows: Sequence[Upload] | None = None) -> list[dict[str, Any]]:
    """One for each upload, the oldest first; ``rows``: only these."""
    rows = uploads_of(store, viewer) if rows is None else rows
    jobs = jobs_named(store.database, ClubScope(viewer.club_id), {row.job_id for row in rows if row.job_id is not None})
    sessions = rowed_in(store.database, viewer, {row.session_id for row in rows if row.session_id is not None})
    known = known_films(store.database, viewer, {row.found["sha256"] for row in rows if row.state == READY})
    # Whoever's analysis is done has the session's page.
    done = {row.session_id for row in rows if row.job_id in jobs and jobs[row.job_id].state == DONE}
    ways = ways_to_watch(store, viewer, sessions.keys() - done)
    return [_card(store, row, jobs, sessions, known, ways) for row in rows]


def _card(
    store: ClubStore,
    row: Upload,
    jobs: Mapping[Any, Job],
    sessions: Mapping[Any, KnownFilm],
    films: Mapping[str, Sequence[KnownFilm]],
    ways: Mapping[Any, tuple[FilmToWatch, ...]],
) -> dict[str, Any]:
    known = films[row.found["sha256"]] if row.state == READY else ()
    session = sessions.get(row.session_id)
    job = jobs.get(row.job_id)
    return {
        "id": str(row.id),
        "name": row.name,
        "bytes": row.byte_count,
        "here": upload_files_of(store).size(row.id) if row.state == RECEIVING else row.byte_count,
        "filmed_on": row.filmed_on.isoformat() if row.filmed_on else "",
        "state": row.state,
        "problem": refusal(texts(), row.problem),
        "duration_s": row.found.get("duration_s"),
        "fps": row.found.get("fps"),
        "picture": (row.session_id is None or session is not None) and upload_files_of(store).picture(row.id).is_file(),
        **_rower(row),
        "claim": _claim(row),
        "known": [known_film(one) for one in known],
        "session": known_film(session) if session is not None else None,
        "job": _job(job) if job is not None else None,
        "film": film_address(row, ways.get(row.session_id, ())),
        "calibration": job is not None and job.kind == CALIBRATE,
        "opens": _opens(session, job),
    }


def _rower(row: Upload) -> dict[str, Any]:
    """What was found of its rower: whether it is in vain to analyse it, and whether that is because she poses to be
    calibrated; what makes it less certain, and who rows."""
    found = row.found.get("rower") or {}
    refused = bool(found.get("refused")) and row.state == READY
    warnings = [stored_or_quoted(texts(), words) for words in found.get("warnings", ())]
    poses = refused and bool(found.get("poses"))
    return {"refused": refused, "poses": poses, "warnings": warnings, "rowing": found.get("rowing")}


def _opens(session: KnownFilm | None, job: Job | None) -> str:
    """Address of what came of it; empty: nothing did yet."""
    if job is None or job.state != DONE:
        return ""
    if job.kind == CALIBRATE:
        return f"{CALIBRATIONS}{job.athlete_id}"
    return known_film(session)["address"] if session is not None else ""


def _claim(row: Upload) -> dict[str, Any] | None:
    """What was said while it was on its way, under the names of the form."""
    if not row.claim:
        return None
    names = ("rowed_on", "piece_kind", "ergometer_type", "foot_height_hole", "notes")
    settings = settings_of(row.claim)
    told: dict[str, Any] = {name: settings.get(stage, {}).get(name) for name, stage in OF_THE_FILM.items()}
    told["calibration"] = "yes" if is_calibration(row.claim) else ""
    return {"athlete": row.claim["athlete_id"], **{name: row.claim[name] for name in names}, **told}


def known_film(one: KnownFilm) -> dict[str, Any]:
    """A session that was made of a film, and where its page is."""
    address = f"/session/{one.session_id}{SUFFIX}" if one.analysed else ""
    return {
        "session": str(one.session_id),
        "athlete": one.athlete,
        "rowed_on": one.rowed_on.isoformat(),
        "address": address,
    }


def _job(job: Job) -> dict[str, Any]:
    left = left_s(job)
    return {
        "state": job.state,
        "stage": job.stage,
        "share": min(job.done / job.total, 1.0) if job.total > 0 else 0.0,
        "left_s": None if math.isnan(left) else round(left),
        "stops": job.cancel_requested,
        "error": refusal(texts(), job.error),
    }
