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

#: Titles and captions of "Where the hips give way" by id.
HIPS: Final = {
    "title": "Where the hips give way",
    "paths": "Hip tip on the way to the catch",
    "paths_meaning": "lower = hips tipped further back",
    "paths_caption": (
        "Each thin line is one stroke, the thick one the mean of those in which the hips tip back. The dots are where "
        "they begin to. Grey lines: strokes in which they do not. Seconds, − = before the catch."
    ),
    "rows_elsewhere": "Stroke by stroke it stands in report.html.",
    "movers": "What moved before or with the hips",
    "movers_meaning": "earliest first",
    "movers_caption": (
        "Seconds from where the hips begin to tip, − = before that. The dot is the typical moment, the line "
        "its 95 % interval. Filled: surely before the hips. Open: before or with them, which of the two cannot be told."
    ),
}
#: Hips that stay, by {strokes}.
HIPS_STAY: Final = (
    "Good: in {strokes} that could be looked at your hips came forward without tipping back, as far as can be told. "
    "Keep that."
)
HIPS_STAY_BACK_ROUNDS: Final = (
    "In {strokes} that could be looked at the hips themselves were not seen to tip back, as far as can be told: what "
    "showed on the way to the catch is the low back rounding."
)
#: Which of the five moved, as a heading.
MOVED: Final = {
    "sits_on_back_of_bones": "Hips in the rear third of your range",
    "head_drops": "Head dropped",
    "shoulders_pulled_forward": "Shoulders came forward",
    "knees_too_high": "Knees came up past the shin limit",
    "pulls_harder": "A quicker drive before",
}

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
