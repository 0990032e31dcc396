"""A session against the rower's earlier ones: what is unlike her usual, and how much lay at the top of her range.

Only sessions that were measured alike are used: by the same estimator, from the same side of the body, and levels of
pelvis and spine only where the zero is her own in all of them. What is left out is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue
from rowsense.assess.comparison import COMPARED
from rowsense.assess.range_count import COUNTED, count_range, usual_range, weeks
from rowsense.assess.stroke_doubts import angle_doubt, metric_doubt
from rowsense.assess.usual import MIN_SESSIONS, Now, usual_levels
from rowsense.conventions import SPINE_ANGLE_NAMES, STROKE_ORDER
from rowsense.model import OwnHistory, PastSession, RangeCount, Session, WeekCount

FloatArray = NDArray[np.float64]

ESTIMATOR: Final = "estimator"
FILMED_AT: Final = "filmed_at"


def own_history(session: Session, earlier: Sequence[PastSession], catalogue: Catalogue) -> OwnHistory:
    """Hold a session against earlier ones of the same rower.

    Args:
        session: the one in question.
        earlier: in any order; the session itself may be among them and is passed over.
        catalogue: what its metrics are and how far they may be off.
    """
    others = [past for past in earlier if past.video_sha256 != session.video.sha256]
    reasons = [_why_not(session, past) for past in others]
    used = [past for past, reason in zip(others, reasons, strict=True) if not reason]
    used.sort(key=lambda past: (past.filmed_on or date.min, past.name))
    left_out = tuple(f"{past.name}: {reason}" for past, reason in zip(others, reasons, strict=True) if reason)
    dates = tuple(past.filmed_on.isoformat() if past.filmed_on else "" for past in used)
    if len(used) < MIN_SESSIONS:
        return OwnHistory(dates, left_out, reason=_too_few(len(used)))
    now = _now(session, catalogue)
    usable = [s.index for s in session.strokes.usable]
    stroke_s = np.array([s.end_time_s - s.catch_time_s for s in session.strokes.usable], dtype=np.float64)
    usual = {n: usual_range([past.metrics[n] for past in used if n in past.metrics]) for n in COUNTED}
    counted: dict[str, FloatArray] = {
        n: session.assessment.metrics[n][usable] for n in COUNTED if n in session.assessment.metrics
    }
    ranges = _ranges(counted, stroke_s, usual, catalogue)
    return OwnHistory(
        dates=dates,
        left_out=left_out,
        levels=usual_levels(now, [_means(past, session) for past in used]),
        ranges=tuple(ranges.values()),
        weeks=_weeks(session, ranges, used, usual, catalogue),
    )


def filmed_on(session: Session) -> date | None:
    """The day of the film; None where it is not known."""
    written = str(session.provenance.get(FILMED_AT, ""))
    return date.fromisoformat(written[:10]) if written else None


def _why_not(session: Session, past: PastSession) -> str:
    """Why an earlier session is not used; empty where it is."""
    estimator = session.provenance.get(ESTIMATOR, "")
    if not past.estimator or past.estimator != estimator:
        return "hips and spine were measured by another version; analyse it again to use it"
    if past.near_side != session.near_side:
        return f"filmed from the {past.near_side}, this one from the {session.near_side}"
    day = filmed_on(session)
    if day is not None and past.filmed_on is not None and past.filmed_on > day:
        return "filmed later than this one"
    return "" if len(past.stroke_s) else "none of its strokes counted"


def _too_few(count: int) -> str:
    have = {0: "none that can be used", 1: "1 that can be used"}.get(count, f"{count} that can be used")
    return f"It takes {MIN_SESSIONS} earlier sessions to say what is usual; there is {have}."


def _now(session: Session, catalogue: Catalogue) -> dict[str, Now]:
    """Everything that is compared, with its values in the strokes that counted."""
    usable = [s.index for s in session.strokes.usable]
    metrics = session.assessment.metrics
    found = {}
    for quantity in COMPARED:
        if quantity in SPINE_ANGLE_NAMES and session.spine_reference.kind != "calibration":
            continue
        for phase in STROKE_ORDER:
            name = f"{quantity}_{phase}"
            if name in metrics:
                found[name] = Now("deg", metrics[name][usable], angle_doubt(session, quantity, catalogue))
    for metric in catalogue.metrics.values():
        if metric.kind in ("change", "timing") and metric.name in metrics:
            found[metric.name] = Now(
                metric.unit, metrics[metric.name][usable], metric_doubt(session, metric, catalogue)
            )
    return found


def _means(past: PastSession, session: Session) -> dict[str, float]:
    """Means over the strokes; levels of pelvis and spine only where both sessions have the rower's own zero."""
    levels = {f"{quantity}_{phase}" for quantity in SPINE_ANGLE_NAMES for phase in STROKE_ORDER}
    shared = past.calibrated and session.spine_reference.kind == "calibration"
    return {
        name: float(values[np.isfinite(values)].mean())
        for name, values in past.metrics.items()
        if np.isfinite(values).any() and (shared or name not in levels)
    }


def _ranges(
    counted: dict[str, FloatArray], stroke_s: FloatArray, usual: dict[str, tuple[float, float]], catalogue: Catalogue
) -> dict[str, RangeCount]:
    nothing = np.full(len(stroke_s), np.nan)
    return {
        name: count_range(name, catalogue.metrics[name].unit, counted.get(name, nothing), stroke_s, usual[name])
        for name in COUNTED
        if np.isfinite(usual[name]).all()
    }


def _weeks(
    session: Session,
    ranges: dict[str, RangeCount],
    used: Sequence[PastSession],
    usual: dict[str, tuple[float, float]],
    catalogue: Catalogue,
) -> tuple[WeekCount, ...]:
    day = filmed_on(session)
    if day is None or not ranges:
        return ()
    before = [(p.filmed_on, _ranges(p.metrics, p.stroke_s, usual, catalogue)) for p in used if p.filmed_on is not None]
    return weeks([*before, (day, ranges)])
