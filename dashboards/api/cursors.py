"""Long answers in pieces: each says where the next one begins, in a word that only the server reads."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from pydantic import Field

from dashboards.api.operations import Asked
from rowsense.errors import UsageError

_MOST_LETTERS: Final = 400
_NOT_OURS: Final = "this is no cursor; take `next` of the answer before, or leave it out"
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
    except (ValueError, RecursionError):
        place = None
    fits = isinstance(place, list) and [type(part) for part in place] == list(kinds)
    if not fits or any(isinstance(part, int) and part < 0 for part in place):
        raise CursorError(_NOT_OURS)
    return list(place)


def place_in(cursor: str, *readers: Callable[[str], Any]) -> list[Any]:
    """As :func:`position`, of words that these read; they raise ValueError or OverflowError where they cannot.

    Raises
    ------
    CursorError
        One of them cannot.
    """
    words = position(cursor, *[str] * len(readers))
    try:
        return [read(word) for read, word in zip(readers, words, strict=True)]
    except (ValueError, OverflowError):
        raise CursorError(_NOT_OURS) from None


def moment(written: str) -> datetime:
    """A moment with its time zone, in UTC.

    Raises
    ------
    ValueError, OverflowError
        It is none, names no zone, or is outside the years that there are.
    """
    read = datetime.fromisoformat(written)
    if read.tzinfo is None:
        raise ValueError(f"{written} has no time zone")
    return read.astimezone(UTC)
