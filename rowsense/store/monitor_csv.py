"""Read what a Concept2 monitor recorded: the CSV of ErgData and the logbook, or that of a program that polls a PM5."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Final

import numpy as np

from rowsense.errors import UsageError
from rowsense.model.monitor import MonitorSeries

#: Field -> how its column may be headed, letters only.
HEADINGS: Final = {
    "time_s": ("timeseconds", "elapseds", "times", "elapsedtimes"),
    "distance_m": ("distancemeters", "distancem"),
    "rate_spm": ("strokerate", "spm"),
    "power_w": ("watts", "power", "powerw"),
    "heart_rate_bpm": ("heartrate", "heartratebpm", "hr"),
}
#: Without these nothing can be done with it.
_NEEDED: Final = ("time_s", "rate_spm")
#: Largest file that is read. [D] A day of polling four times a second has 40 MB.
_MOST_BYTES: Final = 100_000_000


def read_monitor(path: Path) -> MonitorSeries:
    """Read a file; of samples at the same moment the last counts.

    Raises
    ------
    UsageError
        It is no such file, or it holds intervals, whose clock starts again.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(f"{path}: is too large for the recording of a monitor")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read as CSV ({error})") from error
    columns = _columns(path, rows[0] if rows else [])
    found = np.array(
        [[_number(row, columns[name]) for name in HEADINGS] for row in rows[1:]], dtype=np.float64
    ).reshape(-1, len(HEADINGS))
    found = found[np.isfinite(found[:, 0])]
    backwards = np.flatnonzero(np.diff(found[:, 0]) < 0.0)
    if len(backwards):
        last_s = found[backwards[0], 0]
        raise UsageError(f"{path}: the time starts again after {last_s:g} s, as in intervals; give one piece at a time")
    last_of_moment = np.append(np.diff(found[:, 0]) > 0.0, True)[: len(found)]
    found = found[last_of_moment]
    if len(found) < 2:
        raise UsageError(f"{path}: holds no rowing")
    return MonitorSeries(**{name: found[:, place] for place, name in enumerate(HEADINGS)})


def _columns(path: Path, heading: list[str]) -> dict[str, int]:
    """Field -> number of its column; -1: there is none."""
    plain = ["".join(c for c in name.lower() if c.isalpha()) for name in heading]
    found = {
        field: next((plain.index(name) for name in names if name in plain), -1) for field, names in HEADINGS.items()
    }
    missing = [HEADINGS[name][0] for name in _NEEDED if found[name] < 0]
    if missing:
        raise UsageError(f"{path}: is no recording of a Concept2 monitor (no column {missing[0]!r})")
    return found


def _number(row: list[str], column: int) -> float:
    """NaN where the cell is empty or no number."""
    try:
        value = float(row[column]) if 0 <= column < len(row) else math.nan
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
