"""The track in pieces of some seconds, as few bytes as drawing needs: an hour opens like a minute.

A piece is little-endian: version and number of rows n (uint32 each), then one after the other ``time_s`` (float64, n),
``frame`` (int32, n), joints (int16, n x 9 x 2), back line (int16, n x 64 x 2), angles (int16, n x 7), and which points
of the back were seen (one bit each, n x 8 bytes, lowest bit first). Positions are upright source pixels times
:func:`units_per_px`, angles tenths of a degree; :data:`MISSING` = not measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, SIDE_JOINTS
from rowsense.marks import SEEN_FROM
from rowsense.store.parquet import Table, read_table

VERSION = 1
MISSING = -32768
#: Short enough to be there in a moment, long enough that a film that plays asks seldom [D].
WINDOW_S = 6.0
#: Units of a position in the longer side of the picture: a tenth of a pixel in 1080p, and room for half a picture
#: outside on either side.
_UNITS = 16000
_ANGLE_UNITS_PER_DEG = 10.0
#: What is written beside the body, and the doubt about hips and low back.
ANGLES = (
    "pelvic_tilt_deg", "lumbar_flexion_deg", "trunk_lean_deg", "knee_deg", "elbow_deg",
    "pelvic_tilt_sd_deg", "lumbar_flexion_sd_deg",
)  # fmt: skip


def units_per_px(width_px: int, height_px: int) -> float:
    """Units of a stored position per source pixel."""
    return _UNITS / max(width_px, height_px)


def rows_per_window(time_s: NDArray[np.float64]) -> int:
    """Rows that last about :data:`WINDOW_S`."""
    if len(time_s) < 2:
        return max(1, len(time_s))
    step_s = float(time_s[-1] - time_s[0]) / (len(time_s) - 1)
    return max(1, round(WINDOW_S / step_s))


@dataclass(frozen=True, slots=True)
class WindowTables:
    """Where pieces are cut from: columns of ``track.parquet`` and ``frames.parquet``, as they are stored."""

    track: Table
    frames: Table
    near_side: str
    unit: float
    """Of :func:`units_per_px`."""

    def window(self, rows: slice) -> bytes:
        """The piece with these rows.

        Raises
        ------
        KeyError
            A column is not there.
        """
        joints, back, seen = _track_columns(self.near_side)
        return packed(
            np.asarray(self.frames["time_s"][rows]),
            np.asarray(self.frames["frame"][rows]),
            [_units(_stack(self.track, names, rows), self.unit) for names in (joints, back)],
            _units(_stack(self.frames, list(ANGLES), rows), _ANGLE_UNITS_PER_DEG),
            _stack(self.track, seen, rows) >= SEEN_FROM,
        )


def window_bytes(folder: Path, frames: tuple[int, int], near_side: str, unit: float) -> bytes:
    """The piece with the frames of a half-open interval of frame numbers, from the tables of a session's folder.

    Raises
    ------
    OutputError
        A table is damaged.
    """
    track = read_table(folder / "track.parquet", [name for part in _track_columns(near_side) for name in part], frames)
    measured = read_table(folder / "frames.parquet", ["frame", "time_s", *ANGLES], frames)
    return WindowTables(track, measured, near_side, unit).window(slice(None))


def _track_columns(near_side: str) -> tuple[list[str], list[str], list[str]]:
    """Joints, back line, and which points of it were seen."""
    return (
        [f"{near_side}_{name}_{axis}" for name in SIDE_JOINTS for axis in "xy"],
        [f"back_{i:02d}_{axis}" for i in range(BACK_POINT_COUNT) for axis in "xy"],
        [f"back_{i:02d}_seen" for i in range(BACK_POINT_COUNT)],
    )


def packed(
    time_s: NDArray[np.float64],
    frame: NDArray[np.int64],
    positions: list[NDArray[np.int16]],
    angles: NDArray[np.int16],
    seen: NDArray[np.bool_],
) -> bytes:
    """The bytes of one piece; see the top of this file."""
    parts = [
        np.array([VERSION, len(time_s)], dtype="<u4"),
        time_s.astype("<f8"),
        frame.astype("<i4"),
        *(p.astype("<i2") for p in positions),
        angles.astype("<i2"),
        np.packbits(seen, axis=1, bitorder="little"),
    ]
    return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


def _stack(table: Table, names: list[str], rows: slice) -> NDArray[np.float64]:
    return np.stack([table[name][rows] for name in names], axis=1, dtype=np.float64)


def _units(values: NDArray[np.float64], unit: float) -> NDArray[np.int16]:
    """Whole units; what is missing or too far outside becomes :data:`MISSING`."""
    scaled = np.round(values * unit)
    known = np.isfinite(scaled) & (np.abs(scaled) <= 32767)
    return np.where(known, scaled, MISSING).astype(np.int16)
