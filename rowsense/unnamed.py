"""A session without what names people: her name, and the name of her film, which people call after rowers."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, Final

from rowsense.model import Session
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

#: Shorter names of files stand in too many other words.
_TELLING_LETTERS: Final = 6


def without_traces(session: Session, name: str, film: Path, t: Texts = ENGLISH) -> Session:
    """The session without what leads elsewhere; ``name``: of the rower, empty: she is not named.

    ``film``: what its film is called instead.
    """
    reference = session.spine_reference
    if reference.source:
        reference = replace(reference, source=t("report_page.shared.calibration"))
    if not name:
        session = _without(session, _traces(session), t("report_page.shared.film"))
    return replace(
        session,
        athlete=name or t("report_page.shared.nobody"),
        video=replace(session.video, path=film),
        spine_reference=reference,
        history=None,
        felt=None,
    )


def text_without_names(page: str, session: Session, name: str, t: Texts) -> str:
    """What was made of a session, without the names of its film; ``name``: of the rower, if she is named."""
    for trace in () if name else _traces(session):
        film = t("report_page.shared.film")
        page = page.replace(escape(trace), film).replace(trace, film)
    return page


def _traces(session: Session) -> tuple[str, ...]:
    """Words that lead from a sentence to the film's file."""
    file = session.video.path
    return (file.name, file.stem) if len(file.stem) >= _TELLING_LETTERS else (file.name,)


def _without(value: Any, traces: tuple[str, ...], film: str) -> Any:
    """``value`` with ``film`` for the traces in all sentences in it. A word alone is an id and stays, as do numbers.

    What has no such sentence is given back itself, so that arrays are not copied.
    """
    if isinstance(value, str):
        told = value
        for trace in traces if " " in value else ():
            told = told.replace(trace, film)
        return value if told == value else told
    if type(value) in (tuple, list):
        parts = [_without(one, traces, film) for one in value]
        return value if _same(parts, value) else type(value)(parts)
    if isinstance(value, dict):
        parts = [_without(one, traces, film) for one in value.values()]
        return value if _same(parts, value.values()) else dict(zip(value, parts, strict=True))
    if is_dataclass(value) and not isinstance(value, type):
        before = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        after = {name: _without(one, traces, film) for name, one in before.items()}
        changed = {name: one for name, one in after.items() if one is not before[name]}
        return replace(value, **changed) if changed else value
    return value


def _same(one: Any, other: Any) -> bool:
    return all(a is b for a, b in zip(one, other, strict=True))
