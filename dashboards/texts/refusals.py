"""What the store refuses, in the reader's language.

The store speaks English: the command line and other programs use it too. Its sentences are found again by their English
form, ``dashboards/texts/refused.toml``; one that is not there is shown as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from dashboards.texts.reader import catalogue
from rowsense.texts.catalogue import ENGLISH
from rowsense.texts.texts import Texts

_AREA: Final = "refused."
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


def _listed(t: Texts, words: str) -> str:
    """A list of which every part is known; empty: it is none."""
    parts = words.split(_LISTED)
    said = [_one(t, part) for part in parts] if len(parts) > 1 else []
    return _LISTED.join(one for one in said if one) if said and all(said) else ""


def _one(t: Texts, words: str) -> str | None:
    for key, pattern in _patterns():
        found = pattern.fullmatch(words)
        if found is not None:
            return t(key, **{name: refusal(t, value) for name, value in found.groupdict().items()})
    return None


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Those without places first: they are the surest."""
    forms = [(key, message.form(ENGLISH)) for key, message in catalogue().within(_AREA.rstrip("."))]
    ordered = sorted(forms, key=lambda form: form[1].count("{"))
    return [(key, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(form)))) for key, form in ordered]
