"""A chart of all strokes in words and numbers: for those who cannot see it, and for those who want to read it off."""

from __future__ import annotations

from typing import Any

import numpy as np

from rowsense.report.curves import StrokeCurves
from rowsense.texts.measures import ENGLISH, measure
from rowsense.texts.texts import Texts


def curve_block(curves: StrokeCurves, t: Texts = ENGLISH) -> dict[str, Any]:
    """Title, caption, and the chart's numbers as a table: catch to next catch in tenths."""
    name, meaning = t(f"quantities.angle.{curves.quantity}"), t(f"quantities.meaning.{curves.quantity}")
    at = np.linspace(0, len(curves.percent) - 1, 11).astype(int)
    rows = [
        (f"{curves.percent[i]:.0f} %", measure(t, float(curves.mean[i]), "deg"), measure(t, float(curves.sd[i]), "deg"))
        for i in at
    ]
    known = curves.mean[np.isfinite(curves.mean)]
    alt = t("report.curve.unseen", name=name)
    if known.size:
        low, high = (measure(t, float(value), "deg") for value in (known.min(), known.max()))
        alt = t("report.curve.seen", name=name, low=low, high=high)
    return {
        "id": f"chart-{curves.quantity}",
        "name": name,
        "meaning": meaning,
        "rows": rows,
        "alt": alt,
    }
