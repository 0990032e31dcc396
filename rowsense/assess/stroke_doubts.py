"""How far one stroke's value of an angle or a metric may be off in a stored session."""

from __future__ import annotations

import math
from dataclasses import replace

from rowsense.assess.catalogue import Catalogue, Metric
from rowsense.assess.catch_grid import known_median
from rowsense.conventions import SPINE_ANGLE_NAMES
from rowsense.model import Session, StrokeDoubt
from rowsense.model.change import REPEATING_RATIO


def angle_doubt(session: Session, quantity: str, catalogue: Catalogue) -> StrokeDoubt:
    """Of one stroke's value of an angle: pelvis and spine by what the recording says, others by the catalogue."""
    if quantity in SPINE_ANGLE_NAMES:
        return StrokeDoubt(known_median(session.angles[f"{quantity.removesuffix('_deg')}_sd_deg"]))
    known = catalogue.quantity_sd.get(quantity)
    return StrokeDoubt(known.value if known else math.nan)


def metric_doubt(
    session: Session, metric: Metric, catalogue: Catalogue, repeating_ratio: float = REPEATING_RATIO
) -> StrokeDoubt:
    """Of one stroke's value of a metric; ``repeating_ratio``: of what is no angle of pelvis or spine.

    The two windows of a change show different postures, so their errors add.
    """
    if metric.kind == "change":
        doubt = angle_doubt(session, metric.quantity, catalogue)
        return replace(doubt, sd_deg=doubt.sd_deg * math.sqrt(2.0))
    return StrokeDoubt(metric.sd.value if metric.sd else math.nan, repeating_ratio)
