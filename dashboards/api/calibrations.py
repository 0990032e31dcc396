"""A rower's calibrations."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Response, abort, current_app

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.people import CalibrationLine, Calibrations, Range
from dashboards.api.cursors import Paged, sliced
from dashboards.api.operations import operation
from dashboards.api.people import seen_athlete
from dashboards.api.problems import problem
from rowsense.errors import OutputError
from rowsense.model import AngleRange
from rowsense.store.own_calibrations import (
    KnownCalibration,
    calibrations_of,
    delete_calibration,
    may_change_calibrations,
)
from rowsense.store.scope import ClubScope

_SUBJECT: Final = "Calibrations"


@operation("GET", "/athletes/<uuid:athlete_id>/calibrations", _SUBJECT, query=Paged, gives=Calibrations)
def calibrations(athlete_id: uuid.UUID, asked: Paged) -> Calibrations:
    """A rower's own zeros and ranges, the newest first: films are measured by that one.

    A new one is made by an upload that is claimed with `calibration`.
    """
    here, following = sliced(_all(athlete_id), asked)
    return Calibrations(items=[_line(one) for one in here], next=following)


@operation(
    "GET", "/athletes/<uuid:athlete_id>/calibrations/<uuid:calibration_id>", _SUBJECT, gives=CalibrationLine
)  # fmt: skip
def calibration(athlete_id: uuid.UUID, calibration_id: uuid.UUID) -> CalibrationLine:
    """One of them: `analysis` of an upload that was claimed with `calibration` names it."""
    found = next((one for one in _all(athlete_id) if one.key == calibration_id), None)
    return _line(found) if found is not None else abort(404)


@operation("DELETE", "/athletes/<uuid:athlete_id>/calibrations/<uuid:calibration_id>", _SUBJECT, status=204)
def remove_calibration(athlete_id: uuid.UUID, calibration_id: uuid.UUID) -> Response:
    """Delete one with its film; what was measured by it stays as it is.

    For who may change her sessions: her coaches and administrators. 410: there is no such calibration of hers any more.
    """
    seen_athlete(athlete_id)
    viewer = signed_in_viewer()
    with store().database.reading(ClubScope(viewer.club_id)) as unit:
        if not may_change_calibrations(unit, viewer, athlete_id):
            abort(403)
    try:
        there = delete_calibration(store(), viewer, athlete_id, calibration_id)
    except OutputError:
        # It is used no more; the sweep removes what is left of its film.
        current_app.logger.warning("files of a calibration that was deleted are left for the next sweep")
        there = True
    return Response(status=204) if there else problem(410, "There is no such calibration of hers any more.")


def _all(athlete_id: uuid.UUID) -> list[KnownCalibration]:
    seen_athlete(athlete_id)
    with store().database.reading(ClubScope(signed_in_viewer().club_id)) as unit:
        return calibrations_of(unit, athlete_id)


def _line(one: KnownCalibration) -> CalibrationLine:
    found = one.calibration
    return CalibrationLine(
        id=one.key,
        made_at=one.made_at,
        estimator="" if found is None else found.estimator,
        pelvic_tilt=None if found is None else _range(found.pelvic_tilt),
        lumbar_flexion=None if found is None else _range(found.lumbar_flexion),
        tall_count=0 if found is None else found.tall_count,
        slump_count=0 if found is None else found.slump_count,
        hinge_count=0 if found is None else found.hinge_count,
        notes=[] if found is None else list(found.notes),
        film_kept=one.film_kept,
    )


def _range(one: AngleRange) -> Range:
    return Range(width_deg=one.width_deg, sd_deg=one.width_sd_deg)
