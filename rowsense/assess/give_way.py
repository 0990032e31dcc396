"""In which strokes the hips tip back, when they begin to, how far and how fast, and whether they recover.

The hips give way where the fall of the pelvic tilt begins (:mod:`rowsense.assess.ramp`), provided that it has fallen by
more than the limit by the catch. The stroke metric ``pelvis_gives_way_s`` is later: there the pelvis has come down by
3 deg.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue
from rowsense.assess.catch_grid import STEP_S, CatchGrid, known_median, mean_of, sample
from rowsense.assess.moved import CHANGE_SD_RATIO, Movement, movement, recovered
from rowsense.model import AngleSeries, StrokeDoubt

FloatArray = NDArray[np.float64]

#: A fall of fewer standard deviations of its doubt has not surely tipped. [D] The moments between which these hips fall
#: furthest are looked for, and an error that repeats in every stroke is found by that too. Of 200 simulated recordings
#: (5 deg in a frame) whose hips do not tip, 3.5 % seemed to in two strokes or more, with this 1.5 %. Where a frame is
#: off by 4 deg or less, the limit of the fall asks for more.
LEAST_FALL_SD: Final = 2.4


@dataclass(frozen=True, slots=True)
class Tipping:
    """The hips in S usable strokes."""

    movement: Movement
    """Fall of the pelvic tilt: sizes in degrees, + = back."""
    sd_deg: float
    """Of one frame; NaN = not known."""
    recovered_ratio: FloatArray
    """(S,)"""
    thigh_deg: FloatArray
    """(S,) thigh against level when the hips begin to tip back, + = knee higher than hip."""
    knee_deg: FloatArray
    trunk_thigh_deg: FloatArray

    @property
    def extent_sd_deg(self) -> float:
        """Of how far the hips tip back in one stroke."""
        return CHANGE_SD_RATIO * self.sd_deg


def find_tipping(series: AngleSeries, grid: CatchGrid, catalogue: Catalogue) -> Tipping:
    """The hips on the way to the catch.

    Args:
        series: quantities over time; NaN = not measured.
        grid: of the usable strokes.
        catalogue: from which fall on the hips tip back, and how surely.
    """
    table = grid.table(series.time_s, series["pelvic_tilt_deg"])
    sd_deg = known_median(series["pelvic_tilt_sd_deg"])
    step, probability = catalogue.timing["give_way_fall_deg"].value, catalogue.model["probability"].value
    # By the catch: as the trunk opens after it the pelvis goes back in every stroke.
    doubt = StrokeDoubt(sd_deg)
    fall = movement(table[:, grid.slide], grid.offset_s[grid.slide], -1.0, step, doubt, probability, 0.0, LEAST_FALL_SD)
    begin_s = grid.catch_s + fall.begin_s
    return Tipping(
        movement=fall,
        sd_deg=sd_deg,
        recovered_ratio=recovered(table[:, grid.slide.start :], fall.to_column, fall.size, -1.0),
        thigh_deg=around(series.time_s, thigh_deg(series), begin_s),
        knee_deg=around(series.time_s, series["knee_deg"], begin_s),
        trunk_thigh_deg=around(series.time_s, series["trunk_thigh_deg"], begin_s),
    )


def thigh_deg(series: AngleSeries) -> FloatArray:
    """(T,) thigh against level, degrees, + = knee higher than hip: the height of the knee in thigh lengths as an
    angle. A knee that seems higher than the thigh is long stands upright."""
    return np.degrees(np.arcsin(np.clip(series["knee_above_hip_ratio"], -1.0, 1.0)))


def around(time_s: FloatArray, values: FloatArray, at_s: FloatArray) -> FloatArray:
    """(S,) mean of the quantity (T,) within a frame of each time; NaN where it was not seen or the time is NaN."""
    known = np.isfinite(at_s)
    out = np.full(len(at_s), np.nan)
    moments = at_s[known][:, None] + STEP_S * np.array([-1.0, 0.0, 1.0])
    out[known] = mean_of(sample(time_s, values, moments))
    return out
