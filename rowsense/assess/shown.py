"""What is shown of a fault that is not judged: the rower's own value, to compare with her own other recordings."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.definitions import Shown, Unjudged
from rowsense.assess.metrics import StrokeMetrics
from rowsense.model import PieceAnalysis

BoolArray = NDArray[np.bool_]


def shown_words(fault: Unjudged, metrics: StrokeMetrics, usable: BoolArray, piece: PieceAnalysis) -> str:
    """Why it is not judged, and its values in this recording where they are known."""
    parts = [words for shown in fault.shows if (words := _words(shown, metrics, usable, piece))]
    return f"{fault.reason}; {' and '.join(parts)}" if parts else fault.reason


def _words(shown: Shown, metrics: StrokeMetrics, usable: BoolArray, piece: PieceAnalysis) -> str:
    value, unit = _median(shown, metrics, usable) if shown.kind == "median" else _spread(shown, piece)
    if not math.isfinite(value):
        return ""
    digits = 1 if unit == "deg" else 2
    return shown.says.format(value=f"{value:.{digits}f}{'' if unit == 'ratio' else f' {unit}'}")


def _median(shown: Shown, metrics: StrokeMetrics, usable: BoolArray) -> tuple[float, str]:
    known = metrics.values[shown.metric][usable]
    known = known[np.isfinite(known)]
    return (float(np.median(known)) if known.size else math.nan), shown.unit


def _spread(shown: Shown, piece: PieceAnalysis) -> tuple[float, str]:
    """The rower's own part of the spread from stroke to stroke."""
    found = [spread.own for spread in piece.spreads if spread.quantity == shown.metric]
    return (found[0] if found else math.nan), shown.unit
