"""Texts by id, each with all languages beside each other, read from TOML and checked as they are read.

A file is an area, and its name the first part of an id. A table that has a text in English is an entry::

    # sign_in.toml
    [title]
    en = "Sign in"
    de = "Anmelden"

    [attempts]
    en.one = "Try again in {n} minute."
    en.other = "Try again in {n} minutes."
    de.one = ...

``sign_in.title`` is one text; ``sign_in.attempts`` has a form for one and one for all other numbers.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rowsense.errors import RowSenseError

#: The first is complete by definition: it stands in for a text that another does not have yet.
LANGUAGES: Final = ("en", "de")
ENGLISH: Final = LANGUAGES[0]
#: As each language calls itself.
OWN_NAMES: Final[Mapping[str, str]] = {"en": "English", "de": "Deutsch"}
ONE, OTHER = "one", "other"
#: The number that chooses between the forms.
NUMBER: Final = "n"


class TextError(RowSenseError):
    """The tables of texts are not in order."""


class UnknownTextError(TextError, KeyError):
    """There is no text of this id."""


@dataclass(frozen=True, slots=True)
class Message:
    """One text in its languages."""

    forms: Mapping[str, Mapping[str, str]]
    """By language, then by ``one`` and ``other``; ``other`` alone where no number chooses."""

    @property
    def counts(self) -> bool:
        """Whether a number chooses between its forms."""
        return ONE in self.forms[ENGLISH]

    def form(self, language: str, number: object = None) -> str:
        """As written, with its places still open; in English where the language has none."""
        forms = self.forms.get(language) or self.forms[ENGLISH]
        # English and German count alike: exactly one, and all else. A language with more forms needs a rule here.
        return forms[ONE] if ONE in forms and number == 1 else forms[OTHER]


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All texts; the same one only where it is the very same."""

    messages: Mapping[str, Message]

    def __getitem__(self, key: str) -> Message:
        found = self.messages.get(key)
        if found is None:
            raise UnknownTextError(f"there is no text {key}; write it into the table of its area")
        return found

    def within(self, *areas: str) -> Iterator[tuple[str, Message]]:
        """The texts of some areas: those whose ids begin with one of them."""
        wanted = tuple(f"{area}." for area in areas)
        return ((key, message) for key, message in self.messages.items() if key.startswith(wanted))


def read_catalogue(folders: Iterable[Path]) -> Catalogue:
    """All tables of some folders.

    Raises
    ------
    TextError
        They are not in order; every problem is named.
    """
    messages: dict[str, Message] = {}
    problems: list[str] = []
    for path in sorted(path for folder in folders for path in folder.glob("*.toml")):
        for key, entry in _entries(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))):
            if key in messages:
                problems.append(f"{key}: is there twice")
            messages[key] = Message({language: _forms(said) for language, said in entry.items()})
    problems += [problem for key, message in messages.items() for problem in _amiss(key, message)]
    if problems:
        raise TextError("texts: " + "; ".join(problems))
    return Catalogue(messages)


def places_of(text: str) -> frozenset[str]:
    """The names that stand in braces.

    Raises
    ------
    ValueError
        Something else than a plain name does.
    """
    found = {name for _, name, *_ in string.Formatter().parse(text) if name is not None}
    wrong = sorted(name for name in found if not name.isidentifier())
    if wrong or any(spec or turned for _, name, spec, turned in string.Formatter().parse(text) if name is not None):
        raise ValueError(f"only plain names may stand in braces ({text!r})")
    return frozenset(found)


def untranslated(catalogue: Catalogue) -> list[str]:
    """What a language does not have yet, as ``de: area.name``."""
    return [
        f"{language}: {key}"
        for key, message in catalogue.messages.items()
        for language in LANGUAGES
        if language not in message.forms
    ]


def _entries(key: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if ENGLISH in table:
        yield key, table
        return
    for name, inner in table.items():
        if not isinstance(inner, dict):
            raise TextError(f"texts: {key}.{name}: is no table; write a language before the text, as en = ...")
        yield from _entries(f"{key}.{name}", inner)


def _forms(said: Any) -> Mapping[str, str]:
    return {OTHER: said} if isinstance(said, str) else dict(said)


def _amiss(key: str, message: Message) -> Iterator[str]:
    """What is wrong with one entry: the same places must be open in every form and language."""
    yield from (f"{key}: {language} is no language here" for language in message.forms if language not in LANGUAGES)
    wanted: frozenset[str] | None = None
    for language, forms in message.forms.items():
        if set(forms) not in ({OTHER}, {ONE, OTHER}) or (len(forms) == 2) != message.counts:
            yield f"{key}: {language} needs {'the forms one and other' if message.counts else 'one text'}"
            continue
        try:
            places = {form: places_of(text) for form, text in forms.items()}
        except ValueError as error:
            yield f"{key}: {error}"
            continue
        # "One session" may leave the number out.
        open_places = places[OTHER] | ({NUMBER} if message.counts else set())
        wanted = open_places if wanted is None else wanted
        if open_places != wanted or places.get(ONE, open_places) | {NUMBER} != open_places | {NUMBER}:
            yield f"{key}: {language} has other names in braces than English"
