"""Sessions with hips and piece judged: the stick rower of a long piece for real, and results that are made up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from rowsense.assess.judge import assess
from rowsense.model import HipsAnalysis, PieceAnalysis, Session
from rowsense.settings import AssessSettings
from tests.hips_fixture import HIPS
from tests.session_fixture import LEAD_IN_S, PERIOD_S, make_session

STROKES = 130
DRIFT_DEG = -9.0


@cache
def long_session(drift_deg: float = DRIFT_DEG, stroke_count: int = STROKES) -> Session:
    """Strokes at 25 a minute whose hips tip further back by ``drift_deg`` over the piece, judged as a recording is."""
    session = make_session(stroke_count)
    time_s, noise = session.angles.time_s, np.random.default_rng(4).normal(0.0, 1.5, stroke_count + 2)
    stroke = np.clip(((time_s - LEAD_IN_S) / PERIOD_S + 0.5).astype(int), 0, stroke_count)
    tilt = session.angles["pelvic_tilt_deg"] + drift_deg * time_s / time_s[-1] + noise[stroke]
    angles = replace(session.angles, values=session.angles.values | {"pelvic_tilt_deg": tilt})
    judged = assess(angles, session.strokes, session.track.frame, AssessSettings())
    return replace(session, angles=angles, assessment=judged)


def with_results(hips: HipsAnalysis | None = HIPS, piece: PieceAnalysis | None = None, strokes: int = 20) -> Session:
    """The stick rower with these results."""
    session = make_session(strokes)
    return replace(session, assessment=replace(session.assessment, hips=hips, piece=piece))
