"""Plain words and numbers for people: names of quantities, units, and how a number is written."""

from __future__ import annotations

import math
from typing import Final

#: Quantity -> (name, what a bigger number means).
QUANTITY_WORDS: Final[dict[str, tuple[str, str]]] = {
    "pelvic_tilt_deg": ("Hip tip", "lower = hips tipped further back"),
    "lumbar_flexion_deg": ("Low-back rounding", "higher = rounder"),
    "thoracic_flexion_deg": ("Upper-back rounding", "higher = rounder"),
    "trunk_lean_deg": ("Trunk lean", "above 0 = towards the flywheel, below = layback"),
    "trunk_thigh_deg": ("Angle between trunk and thigh", "180° = straight"),
    "knee_deg": ("Knee angle", "180° = legs flat"),
    "shin_deg": ("Shin angle", "90° = vertical, less = over-compressed"),
    "elbow_deg": ("Elbow angle", "180° = straight"),
    "head_trunk_deg": ("Head against trunk", "higher = dropped or forward"),
    "shoulder_protraction_ratio": ("Shoulders forward", "share of trunk length"),
    "knee_above_hip_ratio": ("Knee above hip", "share of thigh length"),
}

#: The curves of a report, most important first.
CURVE_QUANTITIES: Final = ("pelvic_tilt_deg", "lumbar_flexion_deg", "trunk_lean_deg", "knee_deg")

_UNITS: Final = {"deg": "°", "s": " s", "spm": " per minute", "ratio": "", "percent": " %", "px": " px"}
_MISSING: Final = "–"


def number(value: float | None, unit: str = "", digits: int | None = None) -> str:
    """A number with its unit; a dash where it is missing. Degrees are whole, the rest has two digits."""
    if value is None or not math.isfinite(value):
        return _MISSING
    places = digits if digits is not None else (0 if unit == "deg" else 2)
    written = f"{value:.{places}f}"
    if float(written) == 0:
        written = written.lstrip("-")
    return written.replace("-", "−") + _UNITS.get(unit, f" {unit}" if unit else "")


def quantity_name(quantity: str) -> str:
    """A readable name for a quantity or a metric such as ``pelvic_tilt_deg_catch``."""
    if quantity in QUANTITY_WORDS:
        return QUANTITY_WORDS[quantity][0]
    for known, (name, _) in QUANTITY_WORDS.items():
        if quantity.startswith(known + "_"):
            return f"{name}, {plain(quantity[len(known) + 1 :])}"
    return plain(quantity).capitalize()


def plain(identifier: str) -> str:
    """``pelvic_tilt_fall_deg`` -> ``pelvic tilt fall``: underscores and unit endings taken away."""
    parts = identifier.split("_")
    while len(parts) > 1 and parts[-1] in ("deg", "ratio", "s", "px", "hz", "spm"):
        parts.pop()
    return " ".join(parts)


def stroke_list(strokes: tuple[int, ...], usable_count: int) -> str:
    """``all 7 strokes that counted``, or the numbers as people count them (from 1)."""
    if usable_count and len(strokes) == usable_count:
        return "the one stroke that counted" if usable_count == 1 else f"all {usable_count} strokes that counted"
    named = ", ".join(str(s + 1) for s in strokes[:12]) + (" …" if len(strokes) > 12 else "")
    of = f" of {usable_count}" if usable_count else ""
    return f"{len(strokes)}{of} strokes: {named}"


def clock(time_s: float) -> str:
    """``1:05.3`` of a time in a video."""
    if not math.isfinite(time_s):
        return _MISSING
    minutes, seconds = divmod(time_s, 60)
    return f"{int(minutes)}:{seconds:04.1f}"
