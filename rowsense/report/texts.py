"""Texts of the report that are the same for everyone."""

from __future__ import annotations

from typing import Final

from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

_LIMITS: Final = ("outline", "geometry", "together", "health", "adults", "same_place")
_COMPARE: Final = "comparison.page"


def limits(t: Texts) -> tuple[str, ...]:
    """What a measurement from one film cannot say."""
    return tuple(t(f"limits.{name}") for name in _LIMITS)


def compare_page(t: Texts) -> dict[str, str]:
    """Titles and captions of a comparison by id."""
    return {key.removeprefix(f"{_COMPARE}."): t(key) for key, _ in t.catalogue.within(_COMPARE)}


QUESTION: Final = ENGLISH("report.felt.question")


def captions(t: Texts, area: str) -> dict[str, str]:
    """Titles and captions of a part of the report by id."""
    begin = f"{area}.caption"
    return {key.removeprefix(f"{begin}."): t(key) for key, _ in t.catalogue.within(begin)}


_WORDS: Final = ("tilt", "rounding", "lean", "catch", "phases", "score", "clear", "spread")


def definitions(t: Texts) -> tuple[tuple[str, str], ...]:
    """The words that the report uses, each with its meaning."""
    return tuple((t(f"report_page.word.{name}"), t(f"report_page.word.{name}_meaning")) for name in _WORDS)


LIMITS: Final = limits(ENGLISH)

#: Titles and captions of a comparison by id.
COMPARE: Final = compare_page(ENGLISH)

#: Titles and captions of "Rhythm" by id.
RHYTHM: Final = {
    "title": "Rhythm and sequence",
    "speeds": "Legs, trunk and arms in the drive",
    "speeds_meaning": "degrees a second, above 0 = the drive's direction",
    "speeds_caption": (
        "Mean of the strokes that count, the band is the spread between them. The dots are where each is fastest. "
        "Legs: the knee opens. Trunk: it leans back. Arms: the elbow bends. Movements quicker than a fifth of the "
        "drive are blurred."
    ),
    "rail": "Handle and seat along the rail",
    "rail_caption": (
        "How far each has gone from where it was at the catch. Mean of the strokes that count, the band is the spread "
        "between them."
    ),
    "tempo": "Recovery against drive",
    "tempo_meaning": "recovery time / drive time, by stroke rate",
    "tempo_caption": (
        "Small dots: strokes. Large dot: the typical one. Line: BioRow's for a single scull on the water, as context. "
        "An ergometer is no boat, and being off the line is no fault."
    ),
    "unseen": "Legs, trunk and arms were not seen throughout any drive, so there are no curves.",
    "no_rail": "The hands or the trunk were not seen throughout any drive, so there is no path.",
}
