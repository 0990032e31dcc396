"""Whether what went wrong lies around the work rather than in it: a full disk, a bucket or a database that is away.

Such work is not to blame: it waits until the trouble is over, however long that takes.
"""

from __future__ import annotations

import errno
import logging
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from rowsense.errors import AwayError

_log = logging.getLogger("rowsense.jobs.surroundings")
_NAMES: Final = (
    "ENOSPC", "EDQUOT", "EROFS", "ESTALE", "ENFILE", "EMFILE",
    "ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "EHOSTUNREACH", "ETIMEDOUT", "ECONNREFUSED", "ECONNRESET",
)  # fmt: skip
#: Not every system has all of them.
_NUMBERS: Final = frozenset(getattr(errno, name) for name in _NAMES if hasattr(errno, name))
#: How libraries say it that hand no number on.
_WORDS: Final = ("No space left on device", "Disk quota exceeded", "Read-only file system")
#: Wait after the first time, how much longer after each further one in a row, and at most [D]: trouble that passes does
#: so in seconds, and a disk is cleared or a server mended in minutes.
_FIRST_S: Final = 15.0
_RATIO: Final = 2.0
LONGEST_WAIT_S: Final = 300.0


def is_around(error: BaseException) -> bool:
    """Whether an error, or one that led to it, comes from what the work stands on."""
    return any(_is_one(one) for one in _chain(error))


def wait_s(count: int) -> float:
    """How long work waits that met such trouble ``count`` times in a row (from 1)."""
    return min(_FIRST_S * _RATIO ** min(count - 1, 10), LONGEST_WAIT_S)


class Room:
    """Whether the disks that jobs write to have room, said once at each change."""

    def __init__(self, places: Iterable[Path], least_bytes: int) -> None:
        self._places, self._least_bytes = tuple(places), least_bytes
        self.is_short = False

    def look(self) -> None:
        """Look now."""
        short = short_of_room(self._places, self._least_bytes)
        if bool(short) != self.is_short:
            _log.warning("%s", f"{short}; no job begins until there is room" if short else "there is room; jobs go on")
        self.is_short = bool(short)


def short_of_room(places: Iterable[Path], least_bytes: int) -> str:
    """Which of the disks that ``places`` are on has less than ``least_bytes`` left, in words; empty: none."""
    for place in places:
        there = next((folder for folder in (place, *place.absolute().parents) if folder.exists()), None)
        if there is None:
            continue
        free = shutil.disk_usage(there).free
        if free < least_bytes:
            return f"{place}: its disk has {free / 1e6:.0f} MB left and a job may need {least_bytes / 1e6:.0f} MB"
    return ""


def _is_one(error: BaseException) -> bool:
    if isinstance(error, AwayError) or getattr(error, "errno", None) in _NUMBERS:
        return True
    if any(words in str(error) for words in _WORDS):
        return True
    if "sqlalchemy" not in sys.modules:  # nothing has asked a database
        return False
    from rowsense.store.trouble import is_away

    return is_away(error)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came of, also where only its words were kept."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        yield found
        seen.add(id(found))
        found = found.__cause__ or found.__context__
