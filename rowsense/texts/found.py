"""English sentences, found again by their form and said in another language.

The store refuses in English, and an analysis keeps what it has to say in English: the command line and other programs
read it too. The tables hold the form of each sentence; numbers, names and sentences within it stand at its places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Final

from rowsense.texts.catalogue import ENGLISH, Catalogue
from rowsense.texts.measures import plain_name, quantity_label
from rowsense.texts.texts import Texts

#: What an analysis keeps, and what it keeps of the catalogue of faults.
STORED: Final = ("stored", "fault_words.kept", "fault_words.unseen", "fault_words.untimed")
#: Several in one line.
_BETWEEN: Final = "; "
_NUMBER: Final = re.compile(r"[±−-]?\d+(\.\d+)?( ?(%|°|[a-zA-Z]{1,3}))?")


@dataclass(frozen=True, slots=True)
class _Forms:
    """The English forms of some areas."""

    whole: dict[str, str]
    """What has no places, with its id."""
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    """All others, those that say most beside their places first: they are the surest."""


def found_again(t: Texts, words: str, areas: tuple[str, ...], place: Callable[[str], str]) -> str | None:
    """The text of which this is the English form; None: there is none.

    ``place`` gives what stands at a place in the reader's language.
    """
    forms = _forms(t.catalogue, areas)
    if words in forms.whole:
        return t(forms.whole[words])
    for key, pattern in forms.patterns:
        found = pattern.fullmatch(words)
        if found is not None:
            return t(key, **{name: place(value) for name, value in found.groupdict().items()})
    return None


def stored(t: Texts, words: str) -> str | None:
    """What an analysis kept as English words, in the reader's language; None: it has no text here."""
    if t.language == ENGLISH or not words:
        return words
    return _stored(t, words)


def stored_or_quoted(t: Texts, words: str) -> str:
    """The same; what has no text is quoted and called English."""
    said = stored(t, words)
    return t("report_page.quoted", words=words) if said is None else said


def with_number(t: Texts, value: str) -> str:
    """A number as the reader's language writes it; anything else as it is."""
    if not _NUMBER.fullmatch(value):
        return value
    return re.sub(r"(?<=\d)%", " %", t.decimal(value))


@lru_cache(maxsize=4096)
def _stored(t: Texts, words: str) -> str | None:
    whole = found_again(t, words, STORED, lambda value: _place(t, value))
    if whole is not None or _BETWEEN not in words:
        return whole
    said = [_stored(t, part) for part in words.split(_BETWEEN)]
    return _BETWEEN.join(one for one in said if one) if all(said) else None


def _place(t: Texts, value: str) -> str:
    return _named(t, value) or _listed(t, value) or with_number(t, value)


def _named(t: Texts, value: str) -> str | None:
    """A quantity or words of the tables."""
    quantity = _quantities(t.catalogue).get(value)
    if quantity is not None:
        return quantity_label(t, quantity)
    return found_again(t, value, STORED, lambda inner: _place(t, inner))


def _listed(t: Texts, value: str) -> str | None:
    """Several of which every one is known or a number; None: it is no such list."""
    for between, joined in (
        (", ", lambda names: ", ".join(names)),
        (" or ", lambda names: reduce(lambda a, b: t("report_page.range.or", first=a, second=b), names)),
        (" and ", t.join),
    ):
        parts = value.split(between)
        if len(parts) > 1:
            said = [_named(t, part) or _listed(t, part) or _as_number(t, part) for part in parts]
            return joined([one for one in said if one]) if all(said) else None
    return None


def _as_number(t: Texts, value: str) -> str:
    """Empty: it is none."""
    return with_number(t, value) if _NUMBER.fullmatch(value) else ""


@lru_cache(maxsize=8)
def _forms(catalogue: Catalogue, areas: tuple[str, ...]) -> _Forms:
    forms = [(key, message.form(ENGLISH)) for key, message in catalogue.within(*areas)]
    places = sorted((one for one in forms if "{" in one[1]), key=lambda one: -len(re.sub(r"\{\w+\}", "", one[1])))
    return _Forms(
        {form: key for key, form in forms if "{" not in form},
        tuple((key, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(form)))) for key, form in places),
    )


@lru_cache(maxsize=2)
def _quantities(catalogue: Catalogue) -> dict[str, str]:
    """How a stored sentence calls a quantity -> the quantity."""
    return {plain_name(name): name for name in _known_quantities(catalogue)}


def _known_quantities(catalogue: Catalogue) -> Iterator[str]:
    angles = [key.removeprefix("quantities.angle.") for key, _ in catalogue.within("quantities.angle")]
    moments = [key.removeprefix("quantities.when.") for key, _ in catalogue.within("quantities.when")]
    yield from angles
    yield from (f"{angle}_{moment}" for angle in angles for moment in moments)
    yield from (key.removeprefix("quantities.metric.") for key, _ in catalogue.within("quantities.metric"))
