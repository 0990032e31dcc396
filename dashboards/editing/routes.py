"""The page on which a session is changed, and the one that asks before it is deleted."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.editing.form import NUMBERS, changes_from, undo_of, written
from dashboards.forgetting import forget_all
from dashboards.notes.club import session_id
from dashboards.pages.compare.finding import forget_compared
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal_sentence
from dashboards.uploads.claims import MOST_HOLES, MOST_NOTES
from rowsense.errors import OutputError, StoreError
from rowsense.jobs.changing import change as change_session
from rowsense.jobs.changing import is_analysed_again
from rowsense.jobs.changing import remove as remove_session
from rowsense.store.change import Details, Goes, MeanwhileError, details_of, goes_with
from rowsense.store.filming import rowers_for
from rowsense.store.scope import ClubScope
from rowsense.store.session_list import tags_seen
from rowsense.store.tables import ERGOMETER_TYPES, PIECE_KINDS, PIECE_LIMITS
from rowsense.texts.texts import Texts

editing = Blueprint("editing", __name__)
Answer = Response | tuple[str, int] | str


@editing.get("/edit/<string:key>")
def show(key: str) -> str:
    """The form."""
    return _page(key, [])


@editing.post("/edit/<string:key>")
def change(key: str) -> Answer:
    """Keep what it says, and offer the way back."""
    here = _details(key)
    viewer, form = signed_in_viewer(), request.form
    try:
        said = changes_from(here.values, form, viewer.user_id, datetime.now(UTC).date())
        changed = change_session(store(), viewer, here.session_id, said, form.get("mark", ""))
    except MeanwhileError as error:
        return _page(key, [refusal_sentence(texts(), error)]), 409
    except StoreError as error:
        return _page(key, [refusal_sentence(texts(), error)], form), 422
    except OutputError as error:  # its files cannot be written under another name now
        return _page(key, [refusal_sentence(texts(), error)], form), 503
    forget_compared()
    if changed.moved:  # what is at hand of it has the other's name
        forget_all()
    t = texts()
    if changed.unnamed_notes:
        flash(t("edit.unnamed_notes", n=changed.unnamed_notes))
    undo = undo_of(changed.before)
    if not changed.before:
        flash(t("edit.as_it_was"))
    elif form.get("undo"):
        flash(t("edit.undone"))
    else:
        flash(t("edit.kept"))
        if undo:
            flash(json.dumps({"action": request.path, "fields": undo}), "undo")
    return redirect(url_for("editing.show", key=key), 303)


@editing.get("/edit/<string:key>/delete")
def ask(key: str) -> str:
    """What would go."""
    return _question(key)


@editing.post("/edit/<string:key>/delete")
def remove(key: str) -> Answer:
    """Delete the session, once that was said."""
    t, here = texts(), _details(key)
    if request.form.get("sure") != "yes":
        return _question(key, [t("edit.delete.tick")]), 422
    try:
        remove_session(store(), signed_in_viewer(), here.session_id, request.form.get("mark", ""))
    except MeanwhileError as error:
        return _question(key, [refusal_sentence(t, error)]), 409
    except OutputError:
        # It is in no list any more; the sweep removes what is left.
        current_app.logger.warning("files of a session that was deleted are left for the next sweep")
    forget_all()
    return render_template("editing/deleted.html", here=here)


def _details(key: str) -> Details:
    with store().database.reading(ClubScope(signed_in_viewer().club_id)) as unit:
        found = details_of(unit, session_id(key))
    if found is None:
        abort(404)
    return found


def _page(key: str, problems: list[str], form: dict[str, str] | None = None) -> str:
    """The form as it stands in the store, or as somebody wrote it where that cannot be kept."""
    viewer, here = signed_in_viewer(), _details(key)
    with store().database.reading(ClubScope(viewer.club_id)) as unit:
        again = is_analysed_again(unit, here.session_id)
        tags = tags_seen(unit, viewer)
    return render_template(
        "editing/edit.html",
        key=key,
        here=here,
        values={**written(here.values), **(form or {})},
        rowers=rowers_for(store().database, viewer),
        kinds=PIECE_KINDS,
        ergometers=ERGOMETER_TYPES,
        numbers={name: (*PIECE_LIMITS[name], step) for name, step in NUMBERS.items()},
        most_holes=MOST_HOLES,
        most_notes=MOST_NOTES,
        again=again,
        tags=tags,
        problems=problems,
    )


def _question(key: str, problems: list[str] | None = None) -> str:
    here = _details(key)
    with store().database.reading(ClubScope(signed_in_viewer().club_id)) as unit:
        goes = goes_with(unit, here.session_id)
    return render_template(
        "editing/delete.html", key=key, here=here, goes=_said(texts(), goes), problems=problems or []
    )


def _said(t: Texts, goes: Goes) -> list[str]:
    counted = (
        ("analyses", goes.analysis_count),
        ("comments", goes.comment_count),
        ("links", goes.link_count),
    )
    film = [t("edit.delete.film")] if goes.film_kept else []
    monitor = [t("edit.delete.monitor")] if goes.monitor else []
    return [*film, *(t(f"edit.delete.{name}", n=count) for name, count in counted if count), *monitor]
