"""The three tables of a run, as plain columns. Missing is NaN; phases are empty outside strokes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import (
    ANGLE_SD_NAMES,
    BACK_POINT_COUNT,
    LANDMARK_INDEX,
    LANDMARK_NAMES,
    PHASES,
    SPINE_ANGLE_NAMES,
)
from rowsense.model import Session
from rowsense.report.own_range import share_columns

Column = NDArray[Any]
Table = dict[str, Column]

#: Order of the measured quantities in ``frames.parquet``: a contract with everyone who reads it.
FRAME_QUANTITIES = (
    "trunk_lean_deg",
    "pelvic_tilt_deg",
    "pelvic_tilt_sd_deg",
    "lumbar_flexion_deg",
    "lumbar_flexion_sd_deg",
    "thoracic_flexion_deg",
    "thoracic_flexion_sd_deg",
    "trunk_thigh_deg",
    "knee_deg",
    "shin_deg",
    "elbow_deg",
    "head_trunk_deg",
    "shoulder_protraction_ratio",
    "knee_above_hip_ratio",
)


def frames_table(session: Session) -> Table:
    """One row per decoded frame: time, stroke (-1 outside), phase, quantities, handle and seat.

    ``handle_x_px`` (near wrist) and ``seat_x_px`` (hip) are upright source pixels of the picture, unmirrored.
    """
    track, angles = session.track, session.angles
    stroke, phase = stroke_and_phase(session)
    table: Table = {"frame": track.frame, "time_s": track.time_s, "stroke": stroke, "phase": phase}
    table |= {name: angles[name] for name in FRAME_QUANTITIES}
    side = session.near_side
    table["handle_x_px"] = track.xy_px[:, LANDMARK_INDEX[f"{side}_wrist"], 0]
    table["seat_x_px"] = track.xy_px[:, LANDMARK_INDEX[f"{side}_hip"], 0]
    table["confidence"] = angles.confidence
    table["inferred"] = track.inferred
    return table


def stroke_and_phase(session: Session) -> tuple[NDArray[np.int64], Column]:
    """(T,) stroke number, -1 outside, and (T,) phase id, empty outside."""
    time_s = session.track.time_s
    stroke = np.full(len(time_s), -1, dtype=np.int64)
    phase = np.full(len(time_s), "", dtype=object)
    names = np.array(PHASES, dtype=object)
    for one in session.strokes.strokes:
        first, end = np.searchsorted(time_s, [one.catch_time_s, one.end_time_s])
        part = np.searchsorted(one.phase_borders_s, time_s[first:end], side="right") - 1
        stroke[first:end] = one.index
        phase[first:end] = names[np.clip(part, 0, len(PHASES) - 1)]
    return stroke, phase


def track_table(session: Session) -> Table:
    """One row per decoded frame: landmarks and back line in upright source pixels, unmirrored."""
    track = session.track
    table: Table = {"frame": track.frame, "time_s": track.time_s, "inferred": track.inferred}
    for i, name in enumerate(LANDMARK_NAMES):
        table[f"{name}_x"] = track.xy_px[:, i, 0]
        table[f"{name}_y"] = track.xy_px[:, i, 1]
        table[f"{name}_visibility"] = track.visibility[:, i]
    for i in range(BACK_POINT_COUNT):
        table[f"back_{i:02d}_x"] = track.back_xy_px[:, i, 0]
        table[f"back_{i:02d}_y"] = track.back_xy_px[:, i, 1]
        table[f"back_{i:02d}_seen"] = track.back_seen[:, i]
    for names, read in ((SPINE_ANGLE_NAMES, track.spine_deg), (ANGLE_SD_NAMES, track.spine_sd_deg)):
        if read is not None:
            table |= {f"picture_{name}": column for name, column in zip(names, read.T, strict=True)}
    return table


#: When in the stroke legs, trunk and arms begin (rowsense.model.Stroke.onsets_s).
ONSETS = ("legs", "trunk", "arms", "hands_away", "rock_over", "knee_break")


def strokes_table(session: Session) -> Table:
    """One row per whole stroke: times, whether it counts and why not, metrics and scores."""
    strokes, judged = session.strokes.strokes, session.assessment
    table: Table = {
        "stroke": np.array([s.index for s in strokes], dtype=np.int64),
        "catch_frame": np.array([s.catch_frame for s in strokes], dtype=np.int64),
    }
    for name in ("catch_time_s", "finish_time_s", "end_time_s", "rate_spm", "drive_s", "recovery_s"):
        table[name] = np.array([getattr(s, name) for s in strokes], dtype=float)
    table["seat_catch_time_s"] = np.array([s.seat_catch_time_s for s in strokes], dtype=float)
    for name in ONSETS:
        table[f"onset_{name}_s"] = np.array([(s.onsets_s or {}).get(name, np.nan) for s in strokes], dtype=float)
    table["usable"] = np.array([s.usable for s in strokes], dtype=bool)
    table["reason"] = np.array([s.reason for s in strokes], dtype=object)
    table |= {name: values for name, values in judged.metrics.items() if name not in table}
    table |= share_columns(session)
    table["score"] = judged.stroke_scores
    table |= {f"score_{phase}": values for phase, values in judged.phase_scores.items()}
    return table
