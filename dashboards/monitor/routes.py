"""The page of a session's monitor: attach its recording, see how it lies over the film, take it off again."""

from __future__ import annotations

import math
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from dashboards.accounts.library import club_library, shown_name
from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.monitor.chart import rate_chart
from dashboards.monitor.taking import MOST_BYTES, attached_to, take_monitor, take_off_monitor
from dashboards.monitor.view_model import HEADS, MonitorBlock, monitor_block
from dashboards.notes.club import session_id
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal, refusal_sentence
from rowsense.errors import OutputError, StoreError
from rowsense.model.monitor import film_strokes
from rowsense.store.access import Action
from rowsense.store.monitor_file import ORIGINAL
from rowsense.store.raw_strokes import raw_strokes
from rowsense.store.scope import ClubScope
from rowsense.store.shown import shown_analysis
from rowsense.store.viewers import may_do, session_for

monitor = Blueprint("monitor", __name__)
Answer = Response | tuple[str, int] | str
#: A film is no longer than that [D].
_LONGEST_S = 24 * 3600.0


@monitor.get("/monitor/<string:key>")
def show(key: str) -> str:
    """What is attached, and the form."""
    return _page(key, [])


@monitor.post("/monitor/<string:key>")
def attach(key: str) -> Answer:
    """Keep a file; one that is there gives way to it."""
    t = texts()
    try:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise StoreError(t("monitor.no_file"))
        take_monitor(session_id(key), sent.filename, sent.stream, _begins_s(request.form.get("begins", "")))
    except (StoreError, OutputError) as error:
        return _page(key, [refusal_sentence(t, error)]), 507 if isinstance(error, OutputError) else 422
    flash(t("monitor.attached"))
    return redirect(url_for("monitor.show", key=key), 303)


@monitor.post("/monitor/<string:key>/take-off")
def take_off(key: str) -> Answer:
    """Take the recording off; the session is as it was without it."""
    if take_off_monitor(session_id(key)):
        flash(texts()("monitor.taken_off"))
    return redirect(url_for("monitor.show", key=key), 303)


def block_of(key: str) -> MonitorBlock | None:
    """What is attached to a session, over the strokes of its newest analysis; None: nothing."""
    attached = attached_to(session_id(key))
    if attached is None:
        return None
    scope = ClubScope(signed_in_viewer().club_id)
    with store().database.reading(scope) as unit:
        shown = shown_analysis(unit, session_id(key))
    found = [] if shown is None else list(raw_strokes(store(), scope, [shown.id]))
    if not found:
        return None
    return monitor_block(texts(), attached, film_strokes(found[0][1]))


def _page(key: str, problems: list[str]) -> str:
    viewer, t = signed_in_viewer(), texts()
    seen = session_for(store().database, viewer, session_id(key))
    if seen is None:
        abort(404)
    block = block_of(key)
    if block is not None and club_library().hides_names:  # files are called after people
        block = replace(block, name=ORIGINAL)
    return render_template(
        "monitor/monitor.html",
        key=key,
        seen=seen,
        who=shown_name(seen.athlete_id, seen.athlete),
        block=block,
        warning=refusal(t, block.warning) if block is not None else "",
        heads=HEADS,
        chart=Markup("") if block is None else rate_chart(t, block.lines),
        may_add=may_do(store().database, viewer, Action.ADD, seen.session_id),
        most_mb=MOST_BYTES >> 20,
        begins=request.form.get("begins", ""),
        problems=problems,
    )


def _begins_s(said: str) -> float | None:
    if not said.strip():
        return None
    minutes, _, seconds = said.strip().replace(",", ".").rpartition(":")
    try:
        sign = -1.0 if minutes.startswith("-") else 1.0
        value = sign * 60.0 * abs(float(minutes or "0")) + sign * float(seconds) if minutes else float(seconds)
    except ValueError:
        value = math.nan
    if not abs(value) <= _LONGEST_S:
        raise StoreError(texts()("monitor.begins_wrong", said=said.strip()[:20]))
    return value
