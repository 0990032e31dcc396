"""Strokes drawn from control points, so that every metric has a value known in advance. Numpy only."""

from __future__ import annotations

import numpy as np

from rowsense.conventions import ANGLE_NAMES, ANGLE_SD_NAMES
from rowsense.model import AngleSeries, Stroke, StrokeList

STROKE_S = 2.0
DRIVE_S = 0.8
BORDERS_S = (0.0, 0.8 / 3.0, 1.6 / 3.0, 0.8, 1.1, 1.3, 2.0)
#: The knee has closed 5 deg of 110.
KNEE_BREAK_S = 1.3 + 0.7 * 5.0 / 110.0
LEAD_S = 0.4

#: Quantity -> (times within the stroke, values). Ends meet, so that strokes join.
WELL_ROWED: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "trunk_lean_deg": ((0.0, 0.3, 0.75, 0.85, 1.1, 1.3, 1.5, 2.0), (25, 25, -22, -22, 0, 22, 25, 25)),
    "pelvic_tilt_deg": ((0.0, 0.3, 0.8, 1.1, 2.0), (0, 0, -15, 0, 0)),
    "lumbar_flexion_deg": ((0.0, 2.0), (20, 20)),
    "thoracic_flexion_deg": ((0.0, 2.0), (10, 10)),
    "trunk_thigh_deg": ((0.0, 0.8, 2.0), (35, 115, 35)),
    "knee_deg": ((0.0, 0.55, 1.3, 2.0), (60, 170, 170, 60)),
    "shin_deg": ((0.0, 2.0), (90, 90)),
    "elbow_deg": ((0.0, 0.6, 0.8, 1.1, 2.0), (172, 172, 80, 172, 172)),
    "head_trunk_deg": ((0.0, 2.0), (0, 0)),
    "shoulder_protraction_ratio": ((0.0, 2.0), (0, 0)),
    "knee_above_hip_ratio": ((0.0, 0.55, 1.3, 2.0), (0.6, 0.1, 0.1, 0.6)),
    "handle": ((0.0, 0.8, 1.1, 2.0), (700, 200, 450, 700)),
    "seat": ((0.0, 0.48, 1.1, 1.6, 2.0), (300, 0, 0, 190, 300)),
    "past_knee": ((0.0, 0.8, 1.1, 2.0), (300, -250, 0, 300)),
}


def times(strokes=12, fps=50.0, jitter=0.0, seed=0):
    count = int((strokes * STROKE_S + 2.0 * LEAD_S) * fps)
    steps = np.full(count, 1.0 / fps)
    if jitter:
        steps *= np.random.default_rng(seed).uniform(1.0 - jitter, 1.0 + jitter, count)
    return np.cumsum(steps) - steps[0]


def row(strokes=12, changes=None, only=None, spine_sd_deg=2.0, time_s=None, unusable=(), noise_deg=0.0):
    """A series and its strokes. ``changes`` replace control points, in the strokes of ``only`` (None: all)."""
    time_s = times(strokes) if time_s is None else time_s
    stroke = np.floor((time_s - LEAD_S) / STROKE_S).astype(int)
    phase_s = (time_s - LEAD_S) - stroke * STROKE_S
    changed = np.ones(time_s.size, dtype=bool) if only is None else np.isin(stroke, only)
    tracks = {name: np.interp(phase_s, *curve) for name, curve in WELL_ROWED.items()}
    for name, curve in (changes or {}).items():
        tracks[name] = np.where(changed, np.interp(phase_s, *curve), tracks[name])
    rng = np.random.default_rng(9)
    values = {name: tracks[name] + rng.normal(0.0, noise_deg, time_s.size) for name in ANGLE_NAMES}
    values |= {name: np.full(time_s.size, spine_sd_deg) for name in ANGLE_SD_NAMES}
    # Long arms: the near shoulder goes as the handle does. The far one is of no use.
    shoulders = np.stack([tracks["handle"] - 200.0, np.full(time_s.size, 100.0)])
    series = AngleSeries(
        time_s, values, tracks["handle"], tracks["seat"], np.ones(time_s.size), shoulders_x_px=shoulders,
        handle_past_knee_px=tracks["past_knee"],
    )  # fmt: skip
    return series, StrokeList(tuple(_stroke(i, time_s, i in unusable) for i in range(strokes)))


def _stroke(index, time_s, unusable):
    catch = LEAD_S + index * STROKE_S
    return Stroke(
        index=index,
        catch_time_s=catch,
        finish_time_s=catch + DRIVE_S,
        end_time_s=catch + STROKE_S,
        phase_borders_s=tuple(catch + b for b in BORDERS_S),
        catch_frame=int(np.argmin(np.abs(time_s - catch))),
        onsets_s={"knee_break": catch + KNEE_BREAK_S},
        usable=not unusable,
        reason="hidden" if unusable else "",
    )
