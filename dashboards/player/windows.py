"""The track in pieces of about twenty seconds, as few bytes as drawing needs: an hour opens like a minute.

A piece is little-endian: version and number of rows n (uint32 each), then one after the other ``time_s`` (float64, n),
``frame`` (int32, n), joints (int16, n x 9 x 2), back line (int16, n x 64 x 2), angles (int16, n x 7), and which points
of the back were seen (one bit each, n x 8 bytes, lowest bit first). Positions are upright source pixels times
:func:`units_per_px`, angles tenths of a degree; :data:`MISSING` = not measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, SIDE_JOINTS
from rowsense.marks import SEEN_FROM
from rowsense.store.parquet import read_table

VERSION = 1
MISSING = -32768
WINDOW_S = 20.0
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


def window_bytes(folder: Path, frames: tuple[int, int], near_side: str, unit: float) -> bytes:
    """The piece with the frames of a half-open interval of frame numbers.

    Raises
    ------
    OutputError
        A table is damaged.
    """
    joints = [f"{near_side}_{name}_{axis}" for name in SIDE_JOINTS for axis in "xy"]
    back = [f"back_{i:02d}_{axis}" for i in range(BACK_POINT_COUNT) for axis in "xy"]
    seen = [f"back_{i:02d}_seen" for i in range(BACK_POINT_COUNT)]
    track = read_table(folder / "track.parquet", [*joints, *back, *seen], frames)
    measured = read_table(folder / "frames.parquet", ["frame", "time_s", *ANGLES], frames)
    return packed(
        measured["time_s"],
        measured["frame"],
        [_units(_stack(track, names), unit) for names in (joints, back)],
        _units(_stack(measured, list(ANGLES)), _ANGLE_UNITS_PER_DEG),
        _stack(track, seen) >= SEEN_FROM,
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


def _stack(table: dict[str, NDArray[Any]], names: list[str]) -> NDArray[Any]:
    return np.stack([table[name] for name in names], axis=1)


def _units(values: NDArray[np.float64], unit: float) -> NDArray[np.int16]:
    """Whole units; what is missing or too far outside becomes :data:`MISSING`."""
    scaled = np.round(values * unit)
    known = np.isfinite(scaled) & (np.abs(scaled) <= 32767)
    return np.where(known, scaled, MISSING).astype(np.int16)
