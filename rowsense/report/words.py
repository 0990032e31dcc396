"""Plain words and numbers for people: names of quantities, units, and how a number is written."""

from __future__ import annotations

import math
import re
from typing import Final

from rowsense.texts import measures
from rowsense.texts.measures import MISSING, measure, quantity_label
from rowsense.texts.texts import Texts

_ENGLISH: Final = measures.ENGLISH


def _of(area: str) -> dict[str, str]:
    begin = f"quantities.{area}"
    return {key.removeprefix(f"{begin}."): _ENGLISH(key) for key, _ in _ENGLISH.catalogue.within(begin)}


#: Quantity -> (name, what a bigger number means).
QUANTITY_WORDS: Final[dict[str, tuple[str, str]]] = {
    key: (name, _of("meaning")[key]) for key, name in _of("angle").items()
}

#: The angles of pelvis and spine -> the part of the body that a reader knows.
PLACE_WORDS: Final = {
    "pelvic_tilt_deg": "hips",
    "lumbar_flexion_deg": "low back",
    "thoracic_flexion_deg": "upper back",
}

#: Part or moment of a stroke -> when it is.
WHEN: Final = _of("when")

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


def number(value: float | None, unit: str = "", digits: int | None = None) -> str:
    """A number with its unit; a dash where it is missing. Degrees and percents are whole, ratios
    from 1 on have one digit, the rest two."""
    return measure(_ENGLISH, value, unit, digits)


def quantity_name(quantity: str) -> str:
    """A readable name for a quantity or a metric such as ``pelvic_tilt_deg_catch``."""
    return quantity_label(_ENGLISH, quantity)


def quantity_words(t: Texts, quantity: str) -> tuple[str, str]:
    """Name of an angle and what a bigger number means; both as short as can be where it is none."""
    if quantity not in QUANTITY_WORDS:
        return quantity, ""
    return t(f"quantities.angle.{quantity}"), t(f"quantities.meaning.{quantity}")


def stroke_ends(t: Texts) -> list[str]:
    """Catch, finish and next catch below an axis."""
    return [t(f"quantities.phase.{name}") for name in ("catch", "finish", "catch")]


def split_quantity(quantity: str) -> tuple[str, str]:
    """``pelvic_tilt_deg_catch`` -> ``pelvic_tilt_deg`` and ``catch``; empty where it is no angle, or no part of it."""
    for known in QUANTITY_WORDS:
        if quantity == known or quantity.startswith(known + "_"):
            return known, quantity[len(known) + 1 :]
    return "", ""


def span(low: float, high: float, unit: str = "", digits: int | None = None) -> str:
    """``3 to 7°``: both ends of an interval, the unit once."""
    return measures.span(_ENGLISH, low, high, unit, digits)


def plain(identifier: str) -> str:
    """``pelvic_tilt_fall_deg`` -> ``pelvic tilt fall``: underscores and unit endings taken away."""
    parts = identifier.split("_")
    while len(parts) > 1 and parts[-1] in ("deg", "ratio", "s", "px", "hz", "spm"):
        parts.pop()
    return " ".join(parts)


def stroke_list(strokes: tuple[int, ...], usable_count: int, t: Texts = measures.ENGLISH) -> str:
    """``all 7 strokes that counted``, or the numbers as people count them (from 1)."""
    if usable_count and len(strokes) == usable_count:
        return t("report.strokes.the_one") if usable_count == 1 else t("report.strokes.all", count=usable_count)
    named = ", ".join(str(s + 1) for s in strokes[:12]) + (" …" if len(strokes) > 12 else "")
    if not usable_count:
        return t("report.strokes.some", count=len(strokes), numbers=named)
    return t("report.strokes.some_of", count=len(strokes), all=usable_count, numbers=named)


def sentence(words: str) -> str:
    """A sentence or title as shown: a capital first, ``-12 deg`` written as ``−12°``."""
    shown = re.sub(r"(\d) deg\b", r"\1°", words.strip())
    shown = re.sub(r"(?<![\w.])-(?=\d)", "−", shown)
    return shown[:1].upper() + shown[1:]


def clock(time_s: float, t: Texts = measures.ENGLISH) -> str:
    """``1:05.3`` of a time in a video."""
    if not math.isfinite(time_s):
        return MISSING
    minutes, seconds = divmod(time_s, 60)
    return t.decimal(f"{int(minutes)}:{seconds:04.1f}")
