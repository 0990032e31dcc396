"""A chart of all strokes in words and numbers: for those who cannot see it, and for those who want to read it off."""

from __future__ import annotations

from typing import Any

import numpy as np

from rowsense.report.curves import StrokeCurves
from rowsense.report.words import QUANTITY_WORDS, number


def curve_block(curves: StrokeCurves) -> dict[str, Any]:
    """Title, caption, and the chart's numbers as a table: catch to next catch in tenths."""
    name, meaning = QUANTITY_WORDS[curves.quantity]
    at = np.linspace(0, len(curves.percent) - 1, 11).astype(int)
    rows = [
        (f"{curves.percent[i]:.0f} %", number(float(curves.mean[i]), "deg"), number(float(curves.sd[i]), "deg"))
        for i in at
    ]
    known = curves.mean[np.isfinite(curves.mean)]
    lowest_highest = [number(float(value), "deg") for value in (known.min(), known.max())] if known.size else []
    seen = f"goes from {' to '.join(lowest_highest)}" if lowest_highest else "was not measured"
    return {
        "id": f"chart-{curves.quantity}",
        "name": name,
        "meaning": meaning,
        "rows": rows,
        "alt": f"{name} over the stroke, the mean of the strokes that counted {seen}.",
    }
