"""Single values from an address; what cannot be read counts as not said."""

from __future__ import annotations

import math
import uuid
from datetime import date


def day_in(written: str | None) -> date | None:
    """A day as 2026-03-01."""
    try:
        day = date.fromisoformat(written or "")
    except ValueError:
        return None
    # Days far off would lead arithmetic with weeks beyond the calendar.
    return day if 1900 <= day.year <= 2200 else None


def key_in(written: str | None) -> uuid.UUID | None:
    """A key."""
    try:
        return uuid.UUID(written or "")
    except ValueError:
        return None


def number_in(written: str | None) -> float | None:
    """A number that a measurement can have."""
    try:
        number = float(written or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e6 else None
