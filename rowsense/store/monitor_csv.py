"""Read what a Concept2 monitor recorded: the CSV of ErgData and the logbook, or that of a program that polls a PM5."""

from __future__ import annotations

import csv
import json
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
#: Field -> its name in the JSON of each sample, as a program keeps it that writes down all that a PM5 tells.
_RAW: Final = {
    "time_s": "time", "distance_m": "distance", "rate_spm": "spm", "power_w": "power", "heart_rate_bpm": "heartrate",
}  # fmt: skip
_RAW_HEADING: Final = "rawjson"
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
    heading = ["".join(c for c in name.lower() if c.isalpha()) for name in (rows[0] if rows else [])]
    if _RAW_HEADING in heading:
        samples = [_raw_sample(row, heading.index(_RAW_HEADING)) for row in rows[1:]]
    else:
        columns = _columns(path, heading)
        samples = [[_number(row, columns[name]) for name in HEADINGS] for row in rows[1:]]
    found = np.array(samples, dtype=np.float64).reshape(-1, len(HEADINGS))
    heart = found[:, list(HEADINGS).index("heart_rate_bpm")]
    heart[heart <= 0.0] = np.nan  # no belt was worn
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


def _raw_sample(row: list[str], column: int) -> list[float]:
    """A sample from its JSON; NaN throughout where it is none."""
    try:
        told = json.loads(row[column])
        values = [told.get(name) for name in _RAW.values()]
        numbers = [float(value) if isinstance(value, int | float) else math.nan for value in values]
    except (ValueError, IndexError, AttributeError, OverflowError):
        return [math.nan] * len(_RAW)
    return [value if math.isfinite(value) else math.nan for value in numbers]


def _columns(path: Path, plain: list[str]) -> dict[str, int]:
    """Field -> number of its column; -1: there is none."""
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
