"""How long a film is, before it is sent: of MP4 and MOV, from their index, with nothing but Python."""

from __future__ import annotations

import math
import struct
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

#: A server takes no shorter and no longer films (``dashboards/uploads/checking.py``); a test compares the two.
SHORTEST_S: Final = 4.0
LONGEST_S: Final = 3 * 3600.0


def length_problem(video: Path) -> str:
    """Why a film of its length is of no use; empty: it is, or its length is not known."""
    length_s = playing_s(video)
    if length_s < SHORTEST_S:
        return f"it lasts {length_s:.1f} s, which holds no two strokes; film at least ten strokes"
    if length_s > LONGEST_S:
        return f"it lasts {length_s / 3600:.1f} h and {LONGEST_S / 3600:.0f} h is the most; send a part of it"
    return ""


def playing_s(video: Path) -> float:
    """How long it plays; NaN: it is no such film, or does not say so."""
    with suppress(OSError, struct.error, IndexError), video.open("rb") as file:
        end = file.seek(0, 2)
        index = _box(file, b"moov", 0, end)
        header = _box(file, b"mvhd", *index) if index is not None else None
        if header is not None:
            return _duration_s(file, header[0])
    return math.nan


def _box(file: IO[bytes], kind: bytes, at: int, end: int) -> tuple[int, int] | None:
    """Where the inside of the first box of a kind begins and ends, of those that follow each other."""
    while at + 8 <= end:
        file.seek(at)
        size, name = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:  # a long one says its size behind
            (size,), head = struct.unpack(">Q", file.read(8)), 16
        size = size or end - at
        if size < head:
            return None
        if name == kind:
            return at + head, min(at + size, end)
        at += size
    return None


def _duration_s(file: IO[bytes], at: int) -> float:
    """Of a header of the index: in its first form with 32 bits, else with 64 [R: ISO/IEC 14496-12, 8.2.2]."""
    file.seek(at)
    version = file.read(4)[0]
    scale, duration = struct.unpack(">8xII" if version == 0 else ">16xIQ", file.read(16 if version == 0 else 28))
    unknown = duration in (0, (1 << 32) - 1, (1 << 64) - 1)  # in fragments
    return math.nan if unknown or not scale else duration / scale
