"""What the analysis of a whole piece is made from: the usable strokes in order, with one value for each quantity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, Metric
from rowsense.assess.catch_grid import known_median
from rowsense.assess.definitions import EVENT_SD_S
from rowsense.conventions import SPINE_ANGLE_NAMES
from rowsense.model import AngleSeries, StrokeDoubt, StrokeList

if TYPE_CHECKING:  # it brings the kernels, which a comparison of stored sessions does not need
    from rowsense.assess.metrics import StrokeMetrics

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: When the seat turns at the flywheel end, after the handle has; + = later.
SEAT_LAG: Final = "seat_catch_lag_s"
DRIVE: Final = "drive_s"
RATE: Final = "rate_spm"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One value a stroke."""

    name: str
    unit: str
    values: FloatArray
    """(S,) NaN = not measured."""
    fresh_sd: float
    """Of the part of one value's error that is another in every stroke: what repeats cancels within a piece. NaN = not
    known."""


@dataclass(frozen=True, slots=True)
class PieceStrokes:
    """The usable strokes, S of them."""

    index: IntArray
    """(S,) stroke numbers."""
    time_min: FloatArray
    """(S,) catch, minutes from the first one."""
    rate_spm: FloatArray
    """(S,)"""
    duration_min: float
    """To the end of the last stroke."""
    quantities: dict[str, Quantity]
    score: FloatArray
    """(S,) 0..100; NaN = not scored."""

    def __len__(self) -> int:
        return len(self.index)


def gather(
    series: AngleSeries, strokes: StrokeList, metrics: StrokeMetrics, score: FloatArray, catalogue: Catalogue
) -> PieceStrokes:
    """The usable strokes with every metric of the catalogue and the times of the stroke."""
    usable = np.array([s.index for s in strokes.usable], dtype=np.int64)
    catch_s = np.array([s.catch_time_s for s in strokes.usable])
    end_s = np.array([s.end_time_s for s in strokes.usable])
    quantities = {
        name: Quantity(name, metric.unit, metrics.values[name][usable], fresh_sd(metric, series, metrics, usable))
        for name, metric in catalogue.metrics.items()
    }
    begin_s = catch_s[0] if len(catch_s) else math.nan
    return PieceStrokes(
        index=usable,
        time_min=(catch_s - begin_s) / 60.0,
        rate_spm=np.array([s.rate_spm for s in strokes.usable], dtype=np.float64),
        duration_min=float(end_s[-1] - begin_s) / 60.0 if len(end_s) else 0.0,
        quantities=quantities | _times(strokes),
        score=score[usable],
    )


def fresh_sd(metric: Metric, series: AngleSeries, metrics: StrokeMetrics, usable: IntArray) -> float:
    """What is fresh in each stroke of a metric's error.

    Pelvis and spine: as docs/conventions.md has it for a clear change, one stroke is off by the median sd of a frame.
    The two windows of a change show different postures, so their errors add. Other angles: the catalogue's sd, of
    which as much repeats. Anything else: nothing is known to repeat, so all of it is fresh.
    """
    if metric.kind != "timing" and metric.quantity in SPINE_ANGLE_NAMES:
        sd = known_median(series[f"{metric.quantity.removesuffix('_deg')}_sd_deg"])
        return StrokeDoubt(sd * (math.sqrt(2.0) if metric.kind == "change" else 1.0)).fresh_sd_deg
    sd = known_median(metrics.sds[metric.name][usable])
    return StrokeDoubt(sd).fresh_sd_deg if metric.unit == "deg" else sd


def _times(strokes: StrokeList) -> dict[str, Quantity]:
    between_events_s = math.sqrt(2.0) * EVENT_SD_S
    drive_s = np.array([s.drive_s for s in strokes.usable], dtype=np.float64)
    lag_s = np.array([s.seat_catch_time_s - s.catch_time_s for s in strokes.usable], dtype=np.float64)
    rate_spm = np.array([s.rate_spm for s in strokes.usable], dtype=np.float64)
    # A rate is 60 over the time between two events: d rate = rate^2 / 60 d time.
    rate_sd_spm = known_median(rate_spm) ** 2 / 60.0 * between_events_s
    return {
        DRIVE: Quantity(DRIVE, "s", drive_s, between_events_s),
        SEAT_LAG: Quantity(SEAT_LAG, "s", lag_s, between_events_s),
        RATE: Quantity(RATE, "spm", rate_spm, rate_sd_spm),
    }
