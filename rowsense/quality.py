"""Sentences about what was and was not measurable in a recording."""

from __future__ import annotations

from typing import Final

import numpy as np

from rowsense.model import AngleSeries, StrokeList

#: Quantity -> what a reader calls it.
_NAMES: Final = {
    "pelvic_tilt_deg": "hip tip",
    "lumbar_flexion_deg": "low-back rounding",
    "trunk_lean_deg": "trunk lean",
    "knee_deg": "knee angle",
    "elbow_deg": "elbow angle",
    "head_trunk_deg": "head position",
}
#: Below this share of the frames a quantity is called patchy. [D] half the strokes must stay judgeable when
#: gaps fall evenly.
_PATCHY_SHARE: Final = 0.8
#: Strokes needed before spread and trend are spoken of. [D] the mean of three halves nothing yet.
FEW_STROKES: Final = 3


def describe_quality(angles: AngleSeries, strokes: StrokeList, warnings: tuple[str, ...]) -> dict[str, str]:
    """Topic -> sentence: coverage of each quantity within the strokes, typical uncertainty, and warnings."""
    inside = _inside_strokes(angles.time_s, strokes)
    sentences = {name: _coverage(angles, name, inside) for name in _NAMES}
    for number, warning in enumerate(warnings):
        sentences[f"warning_{number}"] = warning
    for number, note in enumerate(strokes.notes):
        sentences[f"strokes_{number}"] = note
    if len(strokes.usable) < FEW_STROKES:
        sentences["few_strokes"] = (
            f"Only {len(strokes.usable)} whole stroke{'s' if len(strokes.usable) != 1 else ''} could be used: "
            "a first look, not a habit. Film ten strokes or more next time."
        )
    return sentences


def _coverage(angles: AngleSeries, name: str, inside: np.ndarray) -> str:
    values = angles[name][inside]
    share = float(np.mean(np.isfinite(values))) if values.size else 0.0
    label = _NAMES[name]
    if share == 0.0:
        return f"The {label} could not be measured in any frame."
    sentence = f"The {label} was measured in {share:.0%} of the frames"
    sd_name = name.replace("_deg", "_sd_deg")
    if sd_name in angles.values:
        sd = float(np.nanmedian(angles[sd_name][inside]))
        sentence += f", to about ±{sd:.0f} degrees in a single frame"
    ending = "; gaps are left open, not guessed." if share < _PATCHY_SHARE else "."
    return sentence + ending


def _inside_strokes(time_s: np.ndarray, strokes: StrokeList) -> np.ndarray:
    if not strokes.strokes:
        return np.ones(len(time_s), dtype=bool)
    inside = np.zeros(len(time_s), dtype=bool)
    for stroke in strokes.strokes:
        inside |= (time_s >= stroke.catch_time_s) & (time_s < stroke.end_time_s)
    return inside
