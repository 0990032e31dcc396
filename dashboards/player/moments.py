"""The faults as places in the film: the frames of each, and one best frame per occurrence, what matters first."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from rowsense.marks import FAULT_PLACE_OTHER, FAULT_PLACES
from rowsense.model import FaultFinding, Session
from rowsense.report.words import sentence

SEVERITY = {1: "slight", 2: "clear", 3: "strong"}


@dataclass(frozen=True, slots=True)
class Moment:
    """One occurrence of a fault and the row of the track to look at."""

    row: int
    stroke: int
    """Stroke on screen there, from 0; -1 outside."""


@dataclass(frozen=True, slots=True)
class FaultPlaces:
    """One fault in rows of the track."""

    id: str
    name: str
    severity: str
    place: str | float
    """A near-side joint, or a share of the back line."""
    spans: tuple[tuple[int, int], ...]
    """Half-open."""
    moments: tuple[Moment, ...]
    """The worst first, then by how far the stroke is beyond its limit."""


def fault_places(session: Session) -> tuple[FaultPlaces, ...]:
    """The faults in the order in which to talk about them."""
    return tuple(_places(session, fault) for fault in session.assessment.faults)


def _places(session: Session, fault: FaultFinding) -> FaultPlaces:
    frame = session.track.frame
    last = len(frame) - 1
    edges = np.searchsorted(frame, np.array(fault.frames, dtype=np.int64).reshape(-1, 2))
    spans = tuple((int(a), int(b)) for a, b in edges if a < b)
    worst = min(int(np.searchsorted(frame, fault.worst_frame)), last)
    return FaultPlaces(
        id=fault.id,
        name=sentence(fault.name),
        severity=SEVERITY[fault.severity],
        place=FAULT_PLACES.get(fault.id, FAULT_PLACE_OTHER),
        spans=spans,
        moments=_moments(session, fault, spans, worst),
    )


def _moments(
    session: Session, fault: FaultFinding, spans: tuple[tuple[int, int], ...], worst: int
) -> tuple[Moment, ...]:
    """In every span the frame that lies in it as the worst frame lies in its own."""
    catches = [s.catch_time_s for s in session.strokes.strokes]
    share = next(((worst - a) / max(1, b - 1 - a) for a, b in spans if a <= worst < b), 0.5)

    def stroke_at(row: int) -> int:
        at = bisect_right(catches, float(session.track.time_s[row])) - 1
        return at if at >= 0 and session.track.time_s[row] < session.strokes.strokes[at].end_time_s else -1

    rows = [worst if a <= worst < b else a + round(share * (b - 1 - a)) for a, b in spans] or [worst]
    # One span a stroke: then they go together in order. Spans that run into each other were joined.
    owners = fault.strokes if len(fault.strokes) == len(rows) else tuple(map(stroke_at, rows))
    ranked = sorted(
        zip(rows, owners, strict=True), key=lambda pair: (pair[0] != worst, -_excess(session, fault, pair[1]), pair[0])
    )
    return tuple(Moment(row, stroke_at(row)) for row, _ in ranked)


def _excess(session: Session, fault: FaultFinding, stroke: int) -> float:
    """How far beyond its limit the fault's first known metric is in a stroke; -inf where that is not known."""
    for rule in fault.rules:
        values = session.assessment.metrics.get(rule.quantity)
        if values is not None and 0 <= stroke < len(values) and math.isfinite(values[stroke]):
            beyond = float(values[stroke]) - rule.limit
            return beyond if rule.direction == "above" else -beyond
    return -math.inf
