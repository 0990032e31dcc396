"""The page of a rower's calibrations: which there are, which is used, one deleted."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from dashboards.accounts.library import shown_name
from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.calibrations.words import calibration_lines
from dashboards.texts.reader import texts
from rowsense.errors import OutputError, StoreError
from rowsense.store.own_calibrations import calibrations_of, delete_calibration, may_change_calibrations
from rowsense.store.scope import ClubScope
from rowsense.store.seen_athletes import athlete_for

calibrations = Blueprint("calibrations", __name__)


@calibrations.get("/calibrations/<uuid:athlete_id>")
def show(athlete_id: uuid.UUID) -> str:
    """All of hers, the newest first."""
    viewer = signed_in_viewer()
    with store().database.reading(ClubScope(viewer.club_id)) as unit:
        athlete = athlete_for(unit, viewer, athlete_id)
        if athlete is None:
            abort(404)
        known = calibrations_of(unit, athlete_id)
        may_delete = may_change_calibrations(unit, viewer, athlete_id)
    lines = calibration_lines(texts(), known)
    return render_template(
        "calibrations/calibrations.html",
        athlete=athlete,
        who=shown_name(athlete.id, athlete.name),
        lines=lines,
        may_delete=may_delete,
    )


@calibrations.post("/calibrations/<uuid:athlete_id>/delete/<uuid:key>")
def delete(athlete_id: uuid.UUID, key: uuid.UUID) -> Response:
    """Delete one; what was measured by it stays as it is."""
    viewer, t = signed_in_viewer(), texts()
    with store().database.reading(ClubScope(viewer.club_id)) as unit:
        if athlete_for(unit, viewer, athlete_id) is None:
            abort(404)
    try:
        there = delete_calibration(store(), viewer, athlete_id, key)
    except StoreError:
        abort(403)
    except OutputError:
        # It is used no more; the sweep removes what is left of its film.
        current_app.logger.warning("files of a calibration that was deleted are left for the next sweep")
        there = True
    flash(t("calibrations.deleted" if there else "calibrations.gone"))
    return redirect(url_for("calibrations.show", athlete_id=athlete_id), 303)
