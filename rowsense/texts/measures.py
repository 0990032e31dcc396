"""What is measured, in words: names of quantities, and numbers with their units."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Final

from rowsense.errors import UsageError
from rowsense.texts.catalogue import LANGUAGES, Catalogue, read_catalogue
from rowsense.texts.texts import Texts

#: Whose days and numbers are written.
_LOCALES: Final = {"en": "en-GB", "de": "de-DE"}
MISSING: Final = "–"
_PLACES: Final = {"deg": 0, "percent": 0}
_UNITS: Final = frozenset({"deg", "s", "spm", "percent"})


@lru_cache(maxsize=1)
def _plain() -> Catalogue:
    return read_catalogue([Path(__file__).parent])


@lru_cache(maxsize=len(LANGUAGES) + 1)
def spoken(language: str) -> Texts:
    """The texts of this folder alone, for what no browser asks for: reports, mails. Empty: in English.

    Raises
    ------
    UsageError
        There are none in this language.
    """
    if language and language not in LANGUAGES:
        raise UsageError(f"language: {language} is none of {', '.join(LANGUAGES)}; choose one of them")
    return Texts(_plain(), _LOCALES[language or LANGUAGES[0]])


#: What says something before its reader's language is known: the command line, a log.
ENGLISH: Final = spoken("")


def measure(t: Texts, value: float | None, unit: str = "", digits: int | None = None) -> str:
    """A number with its unit; a dash where it is missing.

    Degrees and percents are whole, ratios from 1 on have one digit, the rest two.
    """
    if value is None or not math.isfinite(value):
        return MISSING
    usual = (1 if abs(value) >= 1.0 else 2) if unit == "ratio" else _PLACES.get(unit, 2)
    return t.number(value, usual if digits is None else digits) + unit_of(t, unit)


def unit_of(t: Texts, unit: str) -> str:
    """Behind a number, with the space that belongs there."""
    if unit in _UNITS:
        return t(f"quantities.unit.{unit}")
    return f" {unit}" if unit not in ("", "ratio") else ""


def quantity_label(t: Texts, quantity: str) -> str:
    """A readable name for a quantity or a metric such as ``pelvic_tilt_deg_catch``."""
    known = t.catalogue.messages
    if f"quantities.metric.{quantity}" in known:
        return t(f"quantities.metric.{quantity}")
    angles = sorted(key.removeprefix("quantities.angle.") for key, _ in t.catalogue.within("quantities.angle"))
    angle = next((one for one in angles if quantity == one or quantity.startswith(f"{one}_")), "")
    if not angle:
        return _spelled(quantity).capitalize()
    name, part = t(f"quantities.angle.{angle}"), quantity[len(angle) + 1 :]
    if not part:
        return name
    if f"quantities.when.{part}" in known:
        return t("quantities.at.angle", name=name, when=t(f"quantities.when.{part}"))
    return t("quantities.at.other", name=name, part=_spelled(part))


def when_label(t: Texts, phase: str) -> str:
    """``at the catch``."""
    return t(f"quantities.when.{phase}")


def span(t: Texts, low: float, high: float, unit: str = "", digits: int | None = None) -> str:
    """``3 to 7°``: both ends of an interval, the unit once."""
    ends = measure(t, low, unit, digits).removesuffix(unit_of(t, unit)), measure(t, high, unit, digits)
    return t("quantities.span", low=ends[0], high=ends[1])


def phase_label(t: Texts, phase: str) -> str:
    """The name of a phase, or of what counts as one; an unknown one spelled out."""
    key = f"quantities.phase.{phase}"
    return t(key) if key in t.catalogue.messages else phase.replace("_", " ")


def fault_label(t: Texts, fault_id: str, said: str = "") -> str:
    """What a fault is called; ``said``: by the catalogue in use, which may be a club's own and then counts."""
    return _of_catalogue(t, f"faults.{fault_id}", said) or fault_id.replace("_", " ").capitalize()


def cue_label(t: Texts, fault_id: str, said: str) -> str:
    """What to try; ``said``: as the catalogue in use has it, which counts where it is a club's own."""
    return _of_catalogue(t, f"cues.{fault_id}", said)


def fault_words_label(t: Texts, part: str, fault_id: str, said: str) -> str:
    """``part`` of what is said of a fault (``is_not``, ``self_test``, ``drill``, ``kept``, ...), in the same way."""
    return _of_catalogue(t, f"fault_words.{part}.{fault_id}", said)


def meaning_label(t: Texts, metric: str, said: str) -> str:
    """How a metric is made; ``said``: as the catalogue has it."""
    return _of_catalogue(t, f"fault_words.metric.{metric}", said)


def _of_catalogue(t: Texts, key: str, said: str) -> str:
    """The text of what our catalogue says; what another one says stays as it is."""
    known = t.catalogue.messages.get(key)
    return said if known is None or said not in ("", known.form("en")) else t(key)


def plain_name(metric: str) -> str:
    """How stored sentences call a metric, in English: no unit, no underscores."""
    for unit in ("_deg", "_ratio", "_percent"):
        metric = metric.replace(unit, "")
    return metric.replace("_", " ").strip().removesuffix(" s")


def _spelled(identifier: str) -> str:
    """``pelvic_tilt_fall_deg`` -> ``pelvic tilt fall``."""
    parts = identifier.split("_")
    while len(parts) > 1 and parts[-1] in ("deg", "ratio", "s", "px", "hz", "spm"):
        parts.pop()
    return " ".join(parts)
