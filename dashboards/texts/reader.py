"""In which language whoever asks is answered: as she chose, else as her browser asks, else in English.

Days follow the browser's country where it asks for that language at all: ``en-US`` writes ``Mar 3, 2026``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, current_app, g, has_request_context, request
from markupsafe import Markup

import rowsense.texts
from dashboards.markup import tag
from dashboards.texts.refusals import refusal
from rowsense.texts.catalogue import ENGLISH, LANGUAGES, ONE, OTHER, Catalogue, read_catalogue
from rowsense.texts.texts import Texts

#: Where a browser keeps what was chosen, so that the page to sign in has it too.
COOKIE: Final = "rowsense-language"
_COOKIE_LASTS_S: Final = 366 * 24 * 3600
#: The languages' own country, for who chose a language that her browser does not ask for.
_COUNTRY: Final = {"en": "en-GB", "de": "de-DE"}
_LOCALE: Final = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_NAME: Final = "rowsense-language"
_FOLDERS: Final = (Path(rowsense.texts.__file__).parent, Path(__file__).parent)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """All texts that a page may need, read once."""
    return read_catalogue(_FOLDERS)


@lru_cache(maxsize=32)
def texts_for(locale: str) -> Texts:
    """The texts of one locale."""
    return Texts(catalogue(), locale)


def english() -> Texts:
    """For what has no reader: a log, a test."""
    return texts_for(_COUNTRY[ENGLISH])


def texts() -> Texts:
    """Those of whoever asks; English outside a request."""
    if not has_request_context():
        return english()
    if g.get("texts") is None:
        g.texts = texts_for(_locale(current_app.extensions.get(_NAME, lambda: None)()))
    found: Texts = g.texts
    return found


def texts_of_browser() -> Texts:
    """As the browser asks, whoever looks: for when the database cannot be asked."""
    return texts_for(_locale(""))


def use_languages(server: Flask, chosen: Callable[[], str | None] = lambda: None) -> None:
    """Give templates their texts.

    ``chosen``: the language of whoever asks; empty: she has chosen none; None: nobody is known, and what the browser
    keeps counts.
    """
    catalogue()  # now, so that the first page does not wait for it
    server.extensions[_NAME] = chosen
    server.jinja_env.globals["t"] = _in_templates
    server.jinja_env.globals["reader"] = texts
    server.jinja_env.globals["texts_for_scripts"] = texts_for_scripts
    server.jinja_env.filters["day_time"] = day_time
    server.jinja_env.filters["moment"] = moment
    server.jinja_env.filters["refused"] = _refused


def remember_language(answer: Any, language: str) -> None:
    """Let the browser keep the choice; empty: forget it."""
    if language:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        answer.set_cookie(COOKIE, language, max_age=_COOKIE_LASTS_S, samesite="Lax", httponly=True, secure=secure)
    else:
        answer.delete_cookie(COOKIE, samesite="Lax", httponly=True)


def texts_for_scripts(*areas: str) -> dict[str, Any]:
    """The texts of some areas as the scripts of a page take them: ``assets/server/texts.js``."""
    reader = texts()
    return {
        "language": reader.language,
        "locale": reader.locale,
        "texts": {key: _for_script(message.forms, reader.language) for key, message in catalogue().within(*areas)},
    }


def day_time(when: datetime) -> Markup:
    """The day of a moment; the page puts the reader's own in its place (``assets/server/moments.js``)."""
    return _time(when, "day", texts().day(when))


def moment(when: datetime) -> Markup:
    """A moment, in the same way."""
    return _time(when, "moment", f"{texts().day(when)}, {when:%H:%M} UTC")


def _time(when: datetime, kind: str, said: str) -> Markup:
    return tag("time", said, datetime=when.isoformat(), data_as=kind)


def _for_script(forms: Any, language: str) -> Any:
    said = forms.get(language) or forms[ENGLISH]
    return dict(said) if ONE in said else said[OTHER]


def _in_templates(key: str, **values: object) -> str:
    return texts()(key, **values)


def _refused(said: object) -> str:
    return refusal(texts(), said)


def _locale(chosen: str | None) -> str:
    if chosen is None:
        chosen = request.cookies.get(COOKIE)
    asked = [value for value, _ in request.accept_languages if value != "*"]
    if chosen not in LANGUAGES:
        chosen = next((value[:2].lower() for value in asked if value[:2].lower() in LANGUAGES), ENGLISH)
    theirs = next((_tidy(value) for value in asked if value[:2].lower() == chosen and len(value) != 2), "")
    return theirs or _COUNTRY[chosen]


def _tidy(value: str) -> str:
    """As ``de-AT``; empty where a browser says something else."""
    language, _, country = value.replace("_", "-").partition("-")
    written = f"{language.lower()}-{country.upper()}" if country else language.lower()
    return written if _LOCALE.fullmatch(written) else ""
