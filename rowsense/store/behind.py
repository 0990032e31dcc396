"""Which sessions stand behind a number or a part of a chart. Light: what is asked is also read where no store is."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

#: Bands of the rate, strokes a minute, the upper end left out. [C] From steady rowing to what races are rowed at.
RATES: Final[Mapping[str, tuple[float, float]]] = {
    "under20": (0.0, 20.0), "20to24": (20.0, 24.0), "24to28": (24.0, 28.0), "28to32": (28.0, 32.0),
    "from32": (32.0, math.inf),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Behind:
    """What is left empty leaves nothing out."""

    athlete: uuid.UUID | None = None
    squad: uuid.UUID | None = None
    first: date | None = None
    last: date | None = None
    """Both days count."""
    kind: str = ""
    rate: str = ""
    """One of :data:`RATES`."""
    quantity: str = ""
    low: float | None = None
    high: float | None = None
    """Ends of the session's mean of the quantity, both counted."""


#: Nothing is left out.
EVERY: Final = Behind()
