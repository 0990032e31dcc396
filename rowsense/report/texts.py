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
