"""Long answers in pieces: each says where the next one begins, in a word that only the server reads."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any, Final, TypeVar

from pydantic import Field

from dashboards.api.operations import Asked
from rowsense.errors import UsageError

_MOST_LETTERS: Final = 400
_T = TypeVar("_T")


class CursorError(UsageError):
    """It was not made here."""


class Paged(Asked):
    """Which piece."""

    limit: int = Field(100, ge=1, le=500)
    """At most so many at once."""
    cursor: str = Field("", max_length=_MOST_LETTERS)
    """``next`` of the answer before; empty: from the beginning."""


def sliced(items: Sequence[_T], asked: Paged) -> tuple[Sequence[_T], str | None]:
    """A piece of what is at hand as a whole, and where the next begins."""
    (begin,) = position(asked.cursor, int) if asked.cursor else (0,)
    end = begin + asked.limit
    return items[begin:end], cursor_of([end]) if end < len(items) else None


def cursor_of(place: Sequence[str | int]) -> str:
    """A place as a word."""
    return base64.urlsafe_b64encode(json.dumps(list(place), separators=(",", ":")).encode()).decode().rstrip("=")


def position(cursor: str, *kinds: type) -> list[Any]:
    """The place that a word stands for, with parts of these kinds.

    Raises
    ------
    CursorError
        It stands for none.
    """
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        place = None
    fits = isinstance(place, list) and [type(part) for part in place] == list(kinds)
    if not fits or any(isinstance(part, int) and part < 0 for part in place):
        raise CursorError("this is no cursor; take `next` of the answer before, or leave it out")
    return list(place)
