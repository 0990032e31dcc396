"""One value a stroke: means over phases, changes between phases and timing metrics, each with a standard deviation.

The error model of the spine angles: their per-frame sd is what the spine stage states. Errors of neighbouring
frames are largely the same error (same body, same shirt, same posture), so a window's mean keeps the share
``error_correlation`` of the variance and only the rest averages out, over one sample per
``independent_sample_s``. Two windows of a stroke show different postures, so their errors are taken as
independent and the variances add, which errs on the side of caution; where the two were measured to err alike the
catalogue has the share that is left (``sd_ratio``). Landmark angles have the fixed sds of
the catalogue. Without a known sd a metric is reported but never judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import (
    NEXT_CATCH,
    ROCKED_OVER,
    TIMING_METRICS,
    TIMING_PARAMETERS,
    WINDOWS,
    Catalogue,
    Metric,
)
from rowsense.assess.own_metrics import Clear, own_metrics
from rowsense.conventions import ANGLE_NAMES, ANGLE_SD_NAMES, EVENT_WINDOW_S, PHASES
from rowsense.kernels import scoring_timing, windows
from rowsense.model import AngleSeries, SpineReference, StrokeList

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Columns of the frame-major matrix that the scoring kernel reads.
COLUMNS = (*ANGLE_NAMES, *ANGLE_SD_NAMES)
#: Rows that the timing kernel reads; handle, seat, handle past the knee and near shoulder follow.
TIMING_COLUMNS = (
    "trunk_lean_deg", "pelvic_tilt_deg", "knee_deg", "elbow_deg", "trunk_thigh_deg", "shoulder_protraction_ratio",
)  # fmt: skip


#: Longest time without the handle in a recovery in which it is told when it passed the knees. [D] A third of a drive;
#: over a longer one a straight line between the frames on either side may be off by 0.1 s.
LOST_S = 0.25
#: Error of the head where it is measured by the face, degrees. [D] 9.3 (rms) on 45 rendered rowers with hair or a hood
#: over the neck (of clips 205 to 345 of the fault test), change from rock-over to catch.
HEAD_BY_FACE_SD_DEG = 9.0
#: Error of the pelvis's fall over the last quarter of the recovery, over that of its fall since rock-over: postures are
#: alike, and err alike. [D] 0.32 on 51 of the rendered fault clips 152 to 204 (1.6 deg where 5.0 is stated; 0.31 and
#: 0.33 on even and odd numbers), and so many know it to 0.03; a quarter more, since other rowers may be read worse.
LATE_FALL_SD_RATIO = 0.4


@dataclass(frozen=True, slots=True)
class StrokeMetrics:
    """Metrics by name, each (S,), in the order of the strokes; NaN = not measured, NaN sd = not known."""

    values: dict[str, FloatArray]
    sds: dict[str, FloatArray]
    windows_s: FloatArray
    """(S, len(WINDOWS), 2) half-open time windows."""
    clear: dict[str, Clear] = field(default_factory=dict)
    """By metric: what a mean must pass beside its limit."""
    reasons: dict[str, str] = field(default_factory=dict)
    """By metric: why it could not be measured, where that is known."""


def stroke_windows(strokes: StrokeList) -> FloatArray:
    """(S, len(WINDOWS), 2) half-open times: event windows, the six phases, the catch that follows, rock-over."""
    rock_over = PHASES.index("rock_over")
    windows = np.empty((len(strokes), len(WINDOWS), 2))
    for s, stroke in enumerate(strokes.strokes):
        events = {"catch": stroke.catch_time_s, "finish": stroke.finish_time_s, NEXT_CATCH: stroke.end_time_s}
        for name, time_s in events.items():
            windows[s, WINDOWS.index(name)] = time_s - EVENT_WINDOW_S, time_s + EVENT_WINDOW_S
        for p, name in enumerate(PHASES):
            windows[s, WINDOWS.index(name)] = stroke.phase_borders_s[p : p + 2]
        first_s, last_s = stroke.phase_borders_s[rock_over : rock_over + 2]
        half_s = max(0.5 * (last_s - first_s), EVENT_WINDOW_S)
        middle_s = 0.5 * (first_s + last_s)
        windows[s, WINDOWS.index(ROCKED_OVER)] = middle_s - half_s, middle_s + half_s
    return windows


def measure(
    series: AngleSeries, strokes: StrokeList, catalogue: Catalogue, reference: SpineReference | None = None
) -> StrokeMetrics:
    """Every metric of the catalogue for every stroke, usable or not.

    Args:
        series: quantities over time; NaN = not measured.
        strokes: whole strokes; an empty list gives empty arrays.
        catalogue: which metrics, and the numbers they are defined with.
        reference: own zero and range of the rower; None: not known.
    """
    windows_s = stroke_windows(strokes)
    values: dict[str, FloatArray] = {}
    sds: dict[str, FloatArray] = {}
    _measure_windows(series, windows_s, catalogue, values, sds)
    _measure_timing(series, strokes, catalogue, values, sds)
    if series.neck_hidden:
        for name in sds:
            if catalogue.metrics[name].quantity == "head_trunk_deg":
                sds[name] = np.full(len(strokes), HEAD_BY_FACE_SD_DEG)
    own = own_metrics(series, strokes, values, catalogue, reference)
    for name, metric in own.items():
        values[name], sds[name] = metric.values, metric.sds
    return StrokeMetrics(
        values,
        sds,
        windows_s,
        clear={name: metric.clear for name, metric in own.items() if metric.clear is not None},
        reasons={name: metric.reason for name, metric in own.items() if metric.reason} | _unseen(series),
    )


def _unseen(series: AngleSeries) -> dict[str, str]:
    """Why a metric is missing that needs what not every series has."""
    if series.handle_past_knee_px is not None:
        return {}
    return {"knees_before_hands_s": "the place of the knees over the rail is not known"}


def _measure_windows(
    series: AngleSeries,
    windows_s: FloatArray,
    catalogue: Catalogue,
    values: dict[str, FloatArray],
    sds: dict[str, FloatArray],
) -> None:
    metrics = [m for m in catalogue.metrics.values() if m.kind in ("mean", "change")]
    found, found_sds = windows.window_metrics(
        series.time_s,
        np.stack([series[name] for name in COLUMNS], axis=1),
        windows_s,
        *window_plan(metrics, catalogue),
        catalogue.model["error_correlation"].value,
        _frames_per_sample(series.time_s, catalogue.model["independent_sample_s"].value),
    )
    for i, metric in enumerate(metrics):
        values[metric.name] = found[i]
        sds[metric.name] = found_sds[i] * (1.0 if metric.sd_ratio is None else metric.sd_ratio.value)


def _measure_timing(
    series: AngleSeries,
    strokes: StrokeList,
    catalogue: Catalogue,
    values: dict[str, FloatArray],
    sds: dict[str, FloatArray],
) -> None:
    past_knee = series.handle_past_knee_px
    past_knee = np.full(len(series), np.nan) if past_knee is None else past_knee
    shoulder = np.full(len(series), np.nan) if series.shoulders_x_px is None else series.shoulders_x_px[0]
    along = (_carried_handle_px(series.handle_x_px, shoulder), series.seat_x_px, past_knee, shoulder)
    columns = np.stack([*(series[name] for name in TIMING_COLUMNS), *along])
    marks = np.array([(s.catch_time_s, s.finish_time_s, s.end_time_s) for s in strokes.strokes]).reshape(-1, 3)
    rock_over = PHASES.index("rock_over")
    rock_over_s = np.array([s.phase_borders_s[rock_over] for s in strokes.strokes])
    knee_break_s = np.array([(s.onsets_s or {}).get("knee_break", np.nan) for s in strokes.strokes], dtype=np.float64)
    parameters = np.array([catalogue.timing[name].value for name in TIMING_PARAMETERS])
    found = scoring_timing.timing_metrics(series.time_s, columns, marks, rock_over_s, knee_break_s, parameters)
    found[TIMING_METRICS.index("knees_before_hands_s"), _hands_lost(series, strokes)] = np.nan
    for i, name in enumerate(TIMING_METRICS):
        metric = catalogue.metrics[name]
        values[name] = found[i]
        sds[name] = np.full(len(strokes), metric.sd.value if metric.sd else np.nan)
    sds["pelvis_gives_way_s"] = _give_way_sd(values, sds)
    sds["pelvis_gives_way_fall_deg"] = sds["pelvic_tilt_fall_into_catch_deg"]
    sds["pelvic_tilt_fall_late_recovery_deg"] = LATE_FALL_SD_RATIO * sds["pelvic_tilt_fall_into_catch_deg"]


def _carried_handle_px(handle: FloatArray, shoulder: FloatArray) -> FloatArray:
    """(T,) the handle where hands were lost as well: it goes with the near shoulder, whose arm is long there.

    For the length of the handle's way only: strokes whose hands are lost at the finish, or for long, do not count."""
    lost, known = np.isnan(handle), np.isfinite(handle - shoulder)
    if not known.any():
        return handle
    frames = np.arange(len(handle))
    reach = np.interp(frames[lost], frames[known], (handle - shoulder)[known])
    carried = handle.copy()
    carried[lost] = shoulder[lost] + reach
    return carried


def _hands_lost(series: AngleSeries, strokes: StrokeList) -> BoolArray:
    """(S,) recoveries in which the handle was hidden for so long that it may have passed the knees unseen."""
    seen_s = series.time_s[np.isfinite(series.handle_x_px)]
    longest = [
        np.diff(seen_s[(seen_s >= s.finish_time_s) & (seen_s <= s.end_time_s)]).max(initial=0.0)
        for s in strokes.strokes
    ]
    return np.array(longest, dtype=np.float64) > LOST_S


def _give_way_sd(values: dict[str, FloatArray], sds: dict[str, FloatArray]) -> FloatArray:
    """Error of the give-way time: the fall's error divided by how fast the pelvis falls on average."""
    lead_s = values["pelvis_gives_way_s"]
    fall_deg = np.maximum(values["pelvis_gives_way_fall_deg"], 1.0)
    return sds["pelvic_tilt_fall_into_catch_deg"] * lead_s / fall_deg


def window_plan(
    metrics: Sequence[Metric], catalogue: Catalogue, columns: Sequence[str] = COLUMNS
) -> tuple[IntArray, FloatArray]:
    """The window kernel's table (M, 5) and fixed sds (M,) of mean and change metrics, for frames with ``columns``."""
    rows = [
        (
            columns.index(m.quantity),
            WINDOWS.index(m.to),
            WINDOWS.index(m.origin) if m.origin else -1,
            -1 if m.direction == "fall" else 1,
            columns.index(_sd_column(m.quantity)) if _sd_column(m.quantity) in columns else -1,
        )
        for m in metrics
    ]
    fixed_sd = [_fixed_sd(m, catalogue) for m in metrics]
    return np.array(rows, dtype=np.int64).reshape(-1, 5), np.array(fixed_sd)


def _sd_column(quantity: str) -> str:
    stem, unit = quantity.rsplit("_", 1)
    return f"{stem}_sd_{unit}"


def _fixed_sd(metric: Metric, catalogue: Catalogue) -> float:
    if metric.sd is not None:
        return metric.sd.value
    number = catalogue.quantity_sd.get(metric.quantity)
    return number.value if number is not None else np.nan


def _frames_per_sample(time_s: FloatArray, sample_s: float) -> float:
    """Frames that share one error: 1 up to the rate the model was fitted at, more above it."""
    if len(time_s) < 2:
        return 1.0
    return max(1.0, sample_s / float(np.median(np.diff(time_s))))
