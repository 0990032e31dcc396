"""The five that may go before hips that tip back, in every usable stroke: how much of each, and when it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue
from rowsense.assess.catch_grid import CatchGrid
from rowsense.assess.give_way import Tipping, around
from rowsense.assess.metrics import HEAD_BY_FACE_SD_DEG
from rowsense.assess.moved import Movement, movement, passing, surely
from rowsense.assess.own_metrics import NEAR_SLUMP_SD_RATIO
from rowsense.kernels.smoothing import lowpass
from rowsense.model import AngleSeries, SpineReference, Stroke, StrokeDoubt
from rowsense.model.change import BETWEEN_SESSIONS_DEG, Z95

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: A stroke shows one of the five when that is more likely than not. [D] Whether it is more than chance is asked of all
#: strokes together, later.
PROBABILITY: Final = 0.5
#: What all strokes share of the error of how far the head goes, degrees. [D] On 56 rendered rowers (fault clips 346 to
#: 399 and pieces 33 to 41) 3.4 with the neck seen and 4.3 by the face (rms of a recording's median). In anybody who
#: looks ahead the head goes by a few degrees with hips that tip back, and an error of as much more makes its step in
#: every stroke: it is named only where the mean is beyond the step as surely as the catalogue asks of one stroke.
HEAD_SHARED_SD_DEG: Final = 4.0
#: All are smoothed like the spine angles, so that smoothing rounds every beginning alike. [D]
CUTOFF_HZ: Final = 3.0
#: Least turn of the head against the trunk that is a movement. [D] Half of the 10 deg that count as a dropped head.
HEAD_STEP_DEG: Final = 5.0
#: Of one frame, degrees. [D] 15 mm of landmark error over the 0.17 m from the base of the neck to the ear.
HEAD_DOUBT: Final = StrokeDoubt(5.0)
#: Least way of the shoulders, in trunk lengths. [D] The step of the fault shoulders_pulled_forward.
SHOULDER_STEP_RATIO: Final = 0.05
#: Of one frame, trunk lengths. [D] 15 mm of landmark error on a trunk of half a metre.
SHOULDER_DOUBT: Final = StrokeDoubt(0.03)
#: The rearmost third of the own range begins here. [D] The fault sits_on_back_of_bones.
REARMOST_RATIO: Final = 2.0 / 3.0

MEASURED_BY: Final = {
    "sits_on_back_of_bones": "pelvic tilt when the trunk is upright in the recovery, against the rearmost third of "
    "the own range",
    "head_drops": "head against trunk, forward by 5 deg or more on the way to the catch",
    "shoulders_pulled_forward": "shoulders forward of the line from hip to neck by 0.05 trunk lengths more on the way "
    "to the catch",
    "knees_too_high": "shins past the limit of the fault knees_too_high",
    "pulls_harder": "time of the drive before, at equal stroke rate, against the other strokes of the recording",
}


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where the pelvis is when the trunk is upright in the recovery, against the own range."""

    behind_deg: FloatArray
    """(S,) how far behind the border of the rearmost third, - = before it."""
    upright_s: FloatArray
    """(S,) when, from the catch that ends the stroke."""
    limit_deg: float
    """How far the mean must be behind the border."""


@dataclass(frozen=True, slots=True)
class TheFive:
    """S usable strokes. A reason stands where one of them cannot be looked at."""

    movements: dict[str, Movement]
    """Those that begin at some time."""
    sitting: Sitting | None
    quickness_s: FloatArray
    """(S,) time of the drive, with a minus: more = quicker."""
    rate_spm: FloatArray
    reasons: dict[str, str]


def find_the_five(
    series: AngleSeries,
    strokes: tuple[Stroke, ...],
    grid: CatchGrid,
    tipping: Tipping,
    catalogue: Catalogue,
    reference: SpineReference | None,
) -> TheFive:
    """All five in every usable stroke.

    Args:
        series: quantities over time; NaN = not measured.
        strokes: the usable ones.
        grid: of these strokes.
        tipping: their hips.
        catalogue: the limit of the knees.
        reference: own zero and range; None or without a calibration: sitting is not judged.
    """

    def table(name: str) -> FloatArray:
        return grid.table(series.time_s, lowpass(series.time_s, series[name], CUTOFF_HZ))[:, grid.way]

    way_s = grid.offset_s[grid.way]
    head, shoulders = table("head_trunk_deg"), table("shoulder_protraction_ratio")
    movements = {
        "head_drops": surely(
            movement(head, way_s, 1.0, HEAD_STEP_DEG, _head_doubt(series), PROBABILITY),
            HEAD_STEP_DEG,
            HEAD_SHARED_SD_DEG,
            catalogue.model["probability"].value,
        ),
        "shoulders_pulled_forward": movement(shoulders, way_s, 1.0, SHOULDER_STEP_RATIO, SHOULDER_DOUBT, PROBABILITY),
    }
    whys = {fault.id: fault.unseen or fault.untimed for fault in catalogue.faults if fault.id in movements}
    reasons = {name: why for name, why in whys.items() if why}
    movements = {name: movement for name, movement in movements.items() if name not in reasons}
    shin_limit_deg = _shin_limit_deg(catalogue)
    if shin_limit_deg is None or "shin_deg" not in catalogue.quantity_sd:
        reasons["knees_too_high"] = "the catalogue has no limit for the shin at the catch"
    else:
        doubt = StrokeDoubt(catalogue.quantity_sd["shin_deg"].value)
        movements["knees_too_high"] = passing(table("shin_deg"), way_s, -1.0, shin_limit_deg, doubt, PROBABILITY)
    sitting = _sitting(series, grid, tipping, reference)
    if sitting is None:
        reasons["sits_on_back_of_bones"] = "it needs your own tall and slumped posture (rowsense calibrate)"
    return TheFive(
        movements=movements,
        sitting=sitting,
        quickness_s=-np.array([s.drive_s for s in strokes], dtype=np.float64),
        rate_spm=np.array([s.rate_spm for s in strokes], dtype=np.float64),
        reasons=reasons,
    )


def _head_doubt(series: AngleSeries) -> StrokeDoubt:
    return StrokeDoubt(HEAD_BY_FACE_SD_DEG) if series.neck_hidden else HEAD_DOUBT


def _shin_limit_deg(catalogue: Catalogue) -> float | None:
    limits = [
        rule.limit
        for fault in catalogue.faults
        for rule in fault.rules
        if fault.id == "knees_too_high" and rule.metric == "shin_deg_catch"
    ]
    return limits[0] if limits else None


def _sitting(
    series: AngleSeries, grid: CatchGrid, tipping: Tipping, reference: SpineReference | None
) -> Sitting | None:
    """Against the own range; None without a calibration.

    The border is as sure as both ends of the range and filming on another occasion let it be, and never surer than two
    sessions are.
    """
    if reference is None or reference.kind != "calibration" or reference.pelvic_tilt_range is None:
        return None
    own = reference.pelvic_tilt_range
    border_deg = own.neutral_deg + REARMOST_RATIO * own.width_deg
    tilt_deg = around(series.time_s, series["pelvic_tilt_deg"], grid.upright_s)
    doubt = StrokeDoubt(tipping.sd_deg).standard_error_deg(int(np.isfinite(tilt_deg).sum()))
    ends_sd_deg = np.hypot((1.0 - REARMOST_RATIO) * own.neutral_sd_deg, REARMOST_RATIO * own.end_sd_deg)
    limit_deg = max(BETWEEN_SESSIONS_DEG, Z95 * NEAR_SLUMP_SD_RATIO * float(np.hypot(ends_sd_deg, doubt)))
    return Sitting(border_deg - tilt_deg, grid.upright_s - grid.catch_s, limit_deg)
