"""The pieces of a track in one file, packed as browsers take them: whoever shows a session cuts and packs nothing.

Little-endian: ``RSTW``, version, rows per piece, number n of pieces (uint32 each), n + 1 places in the file (uint64),
and then the pieces of :mod:`rowsense.store.track_windows`, each packed by gzip. A session of before has no such file:
its pieces are cut from the tables.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from rowsense.errors import OutputError
from rowsense.store.track_windows import VERSION, WindowTables, rows_per_window

NAME: Final = "player.bin"
_MARK: Final = b"RSTW"
_HEAD: Final = np.dtype([("mark", "S4"), ("version", "<u4"), ("rows", "<u4"), ("count", "<u4")])
_PLACE: Final = np.dtype("<u8")
#: The head, and where the pieces of fifty minutes are.
_BEGIN_BYTES: Final = 4096
#: Bytes of a session's file from one place to another (half-open); OutputError: there is none.
Read = Callable[[int, int], bytes]
#: Within a tenth of the smallest, and quick.
_GZIP_LEVEL: Final = 5


def write_windows(path: Path, tables: WindowTables) -> None:
    """Cut and pack all pieces.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    time_s = np.asarray(tables.frames["time_s"])
    per = rows_per_window(time_s)
    starts = range(0, len(time_s), per)
    places = np.zeros(len(starts) + 1, dtype=_PLACE)
    places[0] = _HEAD.itemsize + places.nbytes
    head = np.array([(_MARK, VERSION, per, len(starts))], dtype=_HEAD)
    try:
        with path.open("wb") as file:
            file.write(bytes(int(places[0])))
            for number, first in enumerate(starts):
                piece = gzip.compress(tables.window(slice(first, first + per)), _GZIP_LEVEL, mtime=0)
                places[number + 1] = places[number] + len(piece)
                file.write(piece)
            file.seek(0)
            file.write(head.tobytes() + places.tobytes())
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); free some space") from error


def stored_rows_per_window(read: Read) -> int | None:
    """Rows of a piece of a session's file; None: it has none, or one of another version."""
    try:
        return _head(read(0, _HEAD.itemsize))[0]
    except (OutputError, ValueError):
        return None


def stored_window(read: Read, number: int) -> bytes | None:
    """A piece of a session's file, still packed; None: it has no such file.

    Two reads: of the head, with the places of the first pieces, and of the piece.

    Raises
    ------
    IndexError
        The track has no such piece.
    """
    try:
        begin = read(0, _BEGIN_BYTES)
        _, count = _head(begin)
        if not 0 <= number < count:
            raise IndexError(number)
        at = _HEAD.itemsize + number * _PLACE.itemsize
        end = at + 2 * _PLACE.itemsize
        places = begin[at:end] if end <= len(begin) else read(at, end)
        first, last = (int(place) for place in np.frombuffer(places, _PLACE))
        return read(first, last)
    except (OutputError, ValueError):
        return None


def _head(data: bytes) -> tuple[int, int]:
    """Rows of a piece, and how many there are; ValueError: it is no such file, or one of another version."""
    head = np.frombuffer(data, _HEAD, 1)[0]
    if head["mark"] != _MARK or head["version"] != VERSION:
        raise ValueError("another version")
    return int(head["rows"]), int(head["count"])
