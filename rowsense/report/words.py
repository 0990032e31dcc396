"""Plain words and numbers for people: names of quantities, units, and how a number is written."""

from __future__ import annotations

import math
import re
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

#: The angles of pelvis and spine -> the part of the body that a reader knows.
PLACE_WORDS: Final = {
    "pelvic_tilt_deg": "hips",
    "lumbar_flexion_deg": "low back",
    "thoracic_flexion_deg": "upper back",
}

#: Part or moment of a stroke -> when it is.
WHEN: Final = {
    "catch": "at the catch",
    "finish": "at the finish",
    "early_drive": "early in the drive",
    "mid_drive": "in the middle of the drive",
    "late_drive": "late in the drive",
    "early_recovery": "as the hands went away",
    "rock_over": "as you rocked over",
    "slide": "on the slide forward",
}

#: Metric -> what is compared with a limit, as a coach would say it. Others are spelled out by their names.
_METRIC_WORDS: Final = {
    "pelvic_tilt_fall_into_catch_deg": "Hips tipping back, rock-over to catch",
    "lumbar_rise_into_catch_deg": "Low back rounding, rock-over to catch",
    "pelvic_tilt_fall_in_slide_deg": "Hips tipping back on the slide",
    "lumbar_rise_in_slide_deg": "Low back rounding on the slide",
    "lumbar_rise_under_load_deg": "Low back rounding, catch to mid drive",
    "lumbar_rise_at_finish_deg": "Low back rounding into the finish",
    "pelvis_gives_way_s": "Hips start to tip before the catch",
    "shin_deg_catch": "Shin angle at the catch",
    "trunk_lean_deg_finish": "Trunk lean at the finish",
    "seat_to_handle_travel_ratio": "Seat travel against handle travel, early drive",
    "lean_fall_before_legs_deg": "Trunk opening before the legs",
    "elbow_at_knee_150_deg": "Elbow angle when the knee reaches 150°",
    "lean_growth_late_recovery_deg": "Trunk leaning further, late recovery",
    "seat_rush_ratio": "Late seat speed against its average",
    "drive_s": "Drive time",
    "seat_catch_lag_s": "Seat turning after the hands at the catch",
    "rate_spm": "Stroke rate",
    "recovery_drive_ratio": "Recovery against drive",
    "knees_before_hands_s": "Knees break before the handle passes them",
    "shoulder_growth_late_recovery_ratio": "Shoulders going forward, last quarter of the recovery (trunk lengths)",
    "pelvic_tilt_fall_late_recovery_deg": "Hips tipping back meanwhile",
    "pelvis_gives_way_fall_deg": "How far the hips tipped back",
    "head_rise_into_catch_deg": "Head dropping or going forward, rock-over to catch",
    "head_from_own_tall_deg": "Head at the catch, from your own tall posture",
    "pelvis_in_last_third_deg": "Hips inside the rearmost third of your own range, trunk upright",
    "drive_under_easy_percent": "Drive time under that of your own easy strokes",
    "tilt_back_from_easy_deg": "Hips further back at the catch than in your own easy strokes",
}

#: Fault id -> heading where the fault was not judged.
FAULT_WORDS: Final = {
    "hips_tip_back": "Hips tip back into the catch",
    "sits_on_back_of_bones": "Sitting on the back of the sitting bones",
    "head_drops": "Head drops",
    "shoulders_pulled_forward": "Shoulders pulled forward",
    "knees_too_high": "Knees too high",
    "pulls_harder": "Pulling harder",
    "slump_under_load": "The back gives after the catch",
    "shoots_the_slide": "Shooting the slide",
    "opens_early": "Back opens before the legs",
    "late_lunge": "Diving at the catch",
    "excess_layback": "Layback",
    "hinges_in_the_back": "Spine moving instead of the pelvis",
    "early_arm_bend": "Arms bending early",
    "knees_before_hands": "Knees before hands",
    "rushes_the_slide": "Rushing the slide",
    "inconsistent": "Consistency",
}

#: The curves of a report, most important first.
CURVE_QUANTITIES: Final = ("pelvic_tilt_deg", "lumbar_flexion_deg", "trunk_lean_deg", "knee_deg")

_UNITS: Final = {"deg": "°", "s": " s", "spm": " per minute", "ratio": "", "percent": " %", "px": " px", "min": " min"}
_MISSING: Final = "–"


def number(value: float | None, unit: str = "", digits: int | None = None) -> str:
    """A number with its unit; a dash where it is missing. Degrees and percents are whole, ratios
    from 1 on have one digit, the rest two."""
    if value is None or not math.isfinite(value):
        return _MISSING
    places = (
        digits if digits is not None else {"deg": 0, "percent": 0, "ratio": 1 if abs(value) >= 1.0 else 2}.get(unit, 2)
    )
    written = f"{value:.{places}f}"
    if float(written) == 0:
        written = written.lstrip("-")
    return written.replace("-", "−") + _UNITS.get(unit, f" {unit}" if unit else "")


def quantity_name(quantity: str) -> str:
    """A readable name for a quantity or a metric such as ``pelvic_tilt_deg_catch``."""
    if quantity in _METRIC_WORDS:
        return _METRIC_WORDS[quantity]
    known, phase = split_quantity(quantity)
    if not known:
        return plain(quantity).capitalize()
    name = QUANTITY_WORDS[known][0]
    if not phase:
        return name
    return f"{name} {WHEN[phase]}" if phase in WHEN else f"{name}, {plain(phase)}"


def split_quantity(quantity: str) -> tuple[str, str]:
    """``pelvic_tilt_deg_catch`` -> ``pelvic_tilt_deg`` and ``catch``; empty where it is no angle, or no part of it."""
    for known in QUANTITY_WORDS:
        if quantity == known or quantity.startswith(known + "_"):
            return known, quantity[len(known) + 1 :]
    return "", ""


def span(low: float, high: float, unit: str = "", digits: int | None = None) -> str:
    """``3 to 7°``: both ends of an interval, the unit once."""
    return f"{number(low, unit, digits).removesuffix(_UNITS.get(unit, ''))} to {number(high, unit, digits)}"


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


def sentence(words: str) -> str:
    """A sentence or title as shown: a capital first, ``-12 deg`` written as ``−12°``."""
    shown = re.sub(r"(\d) deg\b", r"\1°", words.strip())
    shown = re.sub(r"(?<![\w.])-(?=\d)", "−", shown)
    return shown[:1].upper() + shown[1:]


def clock(time_s: float) -> str:
    """``1:05.3`` of a time in a video."""
    if not math.isfinite(time_s):
        return _MISSING
    minutes, seconds = divmod(time_s, 60)
    return f"{int(minutes)}:{seconds:04.1f}"
