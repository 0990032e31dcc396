"""What the store refuses, in the reader's language.

The store speaks English: the command line and other programs use it too. Its sentences are found again by their English
form, ``dashboards/texts/refused.toml``; one that is not there is shown as it is.
"""

from __future__ import annotations

from typing import Final

from markupsafe import Markup, escape

from dashboards.markup import tag
from rowsense.texts.catalogue import ENGLISH
from rowsense.texts.found import STORED, found_again, with_number
from rowsense.texts.texts import Texts

#: A refusal may name what an analysis keeps: why a stroke does not count.
_AREAS: Final = ("refused", *STORED)
#: Several problems are said in one line.
_BETWEEN: Final = "; "
_LISTED: Final = ", "


def refusal(t: Texts, said: object) -> str:
    """An error or its words, in the reader's language where it is known, else as it is."""
    words = str(said)
    if t.language == ENGLISH or not words:
        return words
    whole = _one(t, words) or _listed(t, words)
    return whole if whole else _BETWEEN.join(_one(t, part) or part for part in words.split(_BETWEEN))


def refusal_sentence(t: Texts, said: object) -> str:
    """The same as a sentence."""
    words = refusal(t, said)
    return f"{words[:1].upper()}{words[1:]}."


def refusal_marked(t: Texts, said: object) -> Markup:
    """The same for a page: what has no words in the reader's language is marked as English."""
    words, told = str(said), refusal(t, said)
    return tag("span", words, lang=ENGLISH) if t.language != ENGLISH and told == words else escape(told)


def _listed(t: Texts, words: str) -> str:
    """A list of which every part is known; empty: it is none."""
    parts = words.split(_LISTED)
    said = [_one(t, part) for part in parts] if len(parts) > 1 else []
    return _LISTED.join(one for one in said if one) if said and all(said) else ""


def _one(t: Texts, words: str) -> str | None:
    return found_again(t, words, _AREAS, lambda value: with_number(t, refusal(t, value)))
