"""Stroke metrics that need the rower herself: her calibration, or her own easy strokes in the same piece.

None of them is guessed. Where calibration or easy strokes are missing all values are NaN, and the reason says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catch_grid import known_median
from rowsense.assess.definitions import EVENT_SD_S, OWN_METRICS, Catalogue
from rowsense.assess.give_way import around
from rowsense.assess.moved import LEVEL_SD_RATIO
from rowsense.conventions import PHASES
from rowsense.kernels import easy
from rowsense.model import AngleSeries, SpineReference, StrokeDoubt, StrokeList
from rowsense.model.change import BETWEEN_SESSIONS_DEG, Z95

FloatArray = NDArray[np.float64]

#: The trunk counts as upright up to this lean. [D] Where the border of the phase is a stand-in, since lean 0 was not
#: seen, it is further off.
UPRIGHT_DEG: Final = 5.0
#: Error of a pelvis near the border of the rearmost third against that border, over what the errors of both films would
#: make if they had nothing in common. [D] It sits there nearly as in the slump that the border is made of, and is off
#: as that is: 0.45 on 13 rendered rowers within 8 deg of the border (0.53 and 0.36 on those of even and odd number;
#: clips 0 to 70 and 152 to 204 of the fault test), and so many know it to 0.09. Pelves further in front read up to 9
#: deg too far back, since a slump is read as less than it is, and stay in front.
NEAR_SLUMP_SD_RATIO: Final = 0.55
#: What camera and clothes make of one posture in two films (sd), where these are the only difference. [R]
BETWEEN_FILMS_SD_DEG: Final = BETWEEN_SESSIONS_DEG / Z95
#: Fewest easy and fewest hard strokes at one rate. [D] As few as are compared anywhere in a piece.
FEWEST: Final = 5

NO_RANGE: Final = "it needs your own tall and slumped posture (rowsense calibrate)"
NO_HEAD: Final = "it needs your head in your own tall posture (rowsense calibrate)"
NO_NECK: Final = "the base of the neck is hidden, so the head cannot be held against your own tall posture"
NO_EASY: Final = (
    "it needs your own easy strokes at the same rate: row some of the piece easily, without changing the rate"
)


@dataclass(frozen=True, slots=True)
class Clear:
    """From where on the mean of so many strokes is clearly beyond 0, in the metric's unit."""

    same_sd: float
    """Of the error that all strokes share."""
    fresh_sd: float
    """Of the error that is another in every stroke."""
    least: float = 0.0

    def of(self, stroke_count: int) -> float:
        """95 % probability; NaN where an error is not known or there is no stroke."""
        if not stroke_count:
            return math.nan
        sd = math.hypot(self.same_sd, self.fresh_sd / math.sqrt(stroke_count))
        return max(self.least, Z95 * sd) if math.isfinite(sd) else math.nan


@dataclass(frozen=True, slots=True)
class OwnMetric:
    """One of them in S strokes."""

    values: FloatArray
    """(S,) NaN = not measured."""
    sds: FloatArray
    """(S,)"""
    clear: Clear | None = None
    """What a mean must pass beside the limit; None: nothing."""
    reason: str = ""
    """Why nothing was measured."""


def own_metrics(
    series: AngleSeries,
    strokes: StrokeList,
    values: Mapping[str, FloatArray],
    catalogue: Catalogue,
    reference: SpineReference | None,
) -> dict[str, OwnMetric]:
    """Every metric of ``OWN_METRICS``.

    Args:
        series: quantities over time; NaN = not measured.
        strokes: whole strokes.
        values: mean metrics by name, (S,) each.
        catalogue: the numbers that they are defined with.
        reference: own zero and range; None: not known.
    """
    sitting = _sitting(series, strokes, catalogue, reference)
    head = _nothing(len(strokes), NO_NECK) if series.neck_hidden else _head(values, catalogue, reference)
    drive, tilt = _against_easy(series, strokes, values["pelvic_tilt_deg_catch"], catalogue)
    return dict(zip(OWN_METRICS, (sitting, head, drive, tilt), strict=True))


def _nothing(count: int, reason: str) -> OwnMetric:
    return OwnMetric(np.full(count, np.nan), np.full(count, np.nan), reason=reason)


def _sitting(
    series: AngleSeries, strokes: StrokeList, catalogue: Catalogue, reference: SpineReference | None
) -> OwnMetric:
    """How far the pelvis is inside the rearmost third of the own range when the trunk is upright, degrees.

    Its mean must be inside with the probability that any rule takes, not by what counts as a change from one film to
    another: it is a posture, and no change is claimed. [D] Of 44 rendered rowers (clips 205 to 399 of the fault test) 8
    of 9 clear ones are named so, before 5; none of 30 whose pelvis keeps out of it comes nearer than 0.6 deg in front.
    """
    if reference is None or reference.kind != "calibration" or reference.pelvic_tilt_range is None:
        return _nothing(len(strokes), NO_RANGE)
    own, ratio = reference.pelvic_tilt_range, catalogue.own["rearmost_ratio"].value
    rock_over = PHASES.index("rock_over")
    upright_s = np.array([s.phase_borders_s[rock_over] for s in strokes.strokes], dtype=np.float64)
    upright_s[~(np.abs(around(series.time_s, series["trunk_lean_deg"], upright_s)) <= UPRIGHT_DEG)] = np.nan
    tilt_deg = around(series.time_s, series["pelvic_tilt_deg"], upright_s)
    sd_deg = known_median(series["pelvic_tilt_sd_deg"])
    doubt = StrokeDoubt(sd_deg)
    ends_sd_deg = math.hypot((1.0 - ratio) * own.neutral_sd_deg, ratio * own.end_sd_deg)
    same_sd_deg = NEAR_SLUMP_SD_RATIO * math.hypot(ends_sd_deg, doubt.repeating_sd_deg)
    same_sd_deg = math.hypot(same_sd_deg, BETWEEN_FILMS_SD_DEG)
    sure = NormalDist().inv_cdf(catalogue.model["probability"].value) / Z95
    clear = Clear(sure * same_sd_deg, sure * doubt.fresh_sd_deg)
    behind_deg = own.neutral_deg + ratio * own.width_deg - tilt_deg
    return OwnMetric(behind_deg, np.full(len(strokes), LEVEL_SD_RATIO * sd_deg), clear)


def _head(values: Mapping[str, FloatArray], catalogue: Catalogue, reference: SpineReference | None) -> OwnMetric:
    """The head at the catch against the own tall posture, degrees."""
    head_deg = values["head_trunk_deg_catch"]
    if reference is None or not math.isfinite(reference.head_zero_sd_deg):
        return _nothing(len(head_deg), NO_HEAD)
    number = catalogue.quantity_sd.get("head_trunk_deg")
    sd_deg = math.nan if number is None else number.value
    doubt = StrokeDoubt(sd_deg)
    same_sd_deg = math.hypot(reference.head_zero_sd_deg, doubt.repeating_sd_deg)
    clear = Clear(same_sd_deg, doubt.fresh_sd_deg, BETWEEN_SESSIONS_DEG)
    return OwnMetric(head_deg, np.full(len(head_deg), sd_deg), clear)


def _against_easy(
    series: AngleSeries, strokes: StrokeList, tilt_deg: FloatArray, catalogue: Catalogue
) -> tuple[OwnMetric, OwnMetric]:
    """Drive time under the own easy value at equal rate, percent, and how much further back the pelvis is at the
    catch of the hard strokes than of the easy ones, degrees.

    How: :func:`rowsense.kernels.easy.against_easy`. Without enough easy and hard strokes there is nothing to compare.
    """
    drive_s = np.array([s.drive_s for s in strokes.strokes], dtype=np.float64)
    under, back_deg, back_se = easy.against_easy(
        drive_s,
        np.array([s.rate_spm for s in strokes.strokes], dtype=np.float64),
        tilt_deg,
        np.array([s.usable for s in strokes.strokes], dtype=np.bool_),
        np.array([0, len(strokes)]),
        catalogue.own["equal_rate_spm"].value,
        catalogue.own["easy_share_ratio"].value,
        catalogue.own["hard_ratio"].value,
        FEWEST,
    )
    easy_s = drive_s / (1.0 - under / 100.0)
    under_sd = 100.0 * math.sqrt(2.0) * EVENT_SD_S / easy_s
    back_sd_deg = back_se * StrokeDoubt(known_median(series["pelvic_tilt_sd_deg"])).fresh_sd_deg
    reason = "" if np.isfinite(under).any() else NO_EASY
    largest_sd = float(np.nanmax(back_sd_deg)) if np.isfinite(back_sd_deg).any() else math.nan
    return (
        OwnMetric(under, under_sd, reason=reason),
        # All strokes of a rate share these two means, so that more strokes do not make their difference surer.
        OwnMetric(back_deg, back_sd_deg, Clear(largest_sd, 0.0), reason),
    )
