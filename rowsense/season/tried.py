"""What followed what was tried: her sessions before a day against those after it. Nothing is said of causes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from rowsense.season.changes import SeasonChange, detectable
from rowsense.season.reasons import LAST_WEEKS
from rowsense.store.season import Point

#: Stretch on either side. [D] As long as those that are held against each other elsewhere on the page.
_AROUND: Final = timedelta(weeks=LAST_WEEKS)


def around(points: Sequence[Point], day: date, athlete_id: uuid.UUID, quantity: str) -> SeasonChange:
    """Sessions of the four weeks before ``day`` and of the four weeks after it; the day's own count on neither side.

    Means are NaN where there is no session, the detectable change is NaN with fewer than three on a side.
    """
    before = [one.mean for one in points if day - _AROUND <= one.rowed_on < day]
    after = [one.mean for one in points if day < one.rowed_on <= day + _AROUND]
    (first, first_sd), (last, last_sd) = (_mean_and_sd(side) for side in (before, after))
    wide = detectable(len(before), first_sd, len(after), last_sd, quantity)
    return SeasonChange(athlete_id, first, last, len(before), len(after), wide)


def _mean_and_sd(values: Sequence[float]) -> tuple[float, float]:
    known = np.array(values, dtype=np.float64)
    mean = float(known.mean()) if len(known) else float("nan")
    return mean, float(known.std(ddof=1)) if len(known) > 1 else float("nan")
