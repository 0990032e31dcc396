"""The piece as a whole: drift, steps of the rate, consistency and best strokes, or the reason why one is missing."""

from __future__ import annotations

import numpy as np

from rowsense.assess import best, consistency, drift, rate_steps
from rowsense.assess.catalogue import Catalogue
from rowsense.assess.piece_strokes import PieceStrokes
from rowsense.model import PieceAnalysis


def analyse_piece(piece: PieceStrokes, catalogue: Catalogue) -> PieceAnalysis:
    """What takes many strokes.

    Args:
        piece: usable strokes, maybe none.
        catalogue: names the metrics that scores are made of.
    """
    short = drift.too_short(len(piece), piece.duration_min)
    few = consistency.too_few(len(piece))
    unscored = best.too_few(int(np.isfinite(piece.score).sum()))
    needed = () if few else (*drift.POSTURE, *drift.TIMING, *consistency.FOLLOWED)
    trends = drift.trends_of(piece, tuple(dict.fromkeys(needed)))
    spreads = () if few else consistency.spreads(piece, trends)
    if not few and not spreads:
        few = f"Neither posture nor timing could be measured in {consistency.MIN_STROKES} strokes."
    scored_metrics = tuple(dict.fromkeys(item.metric for item in catalogue.scores))
    return PieceAnalysis(
        stroke_count=len(piece),
        duration_min=piece.duration_min,
        drifts=() if short else drift.drifts(piece, trends),
        drift_reason=short,
        rate_steps=rate_steps.rate_steps(piece),
        spreads=spreads,
        spread_reason=few,
        best=None if unscored else best.best_strokes(piece, scored_metrics),
        best_reason=unscored,
    )
