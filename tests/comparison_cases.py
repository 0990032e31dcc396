"""Recordings whose every stroke value is drawn from a known distribution: errors as in StrokeDoubt, own scatter."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.comparison import COMPARED
from rowsense.conventions import SPINE_ANGLE_NAMES, STROKE_ORDER
from rowsense.model import AngleRange, BestStrokes, PieceAnalysis, Session, Side, SpineReference, StrokeDoubt
from rowsense.outputs import session_tables
from rowsense.report.summary import summary
from rowsense.store.session_folder import write_session
from tests.session_fixture import make_session

#: Of pelvis and spine in the fixture, and of the landmarks in the catalogue.
SPINE_SD = 4.5
LANDMARK_SD = {name: load_catalogue().quantity_sd[name].value for name in ("trunk_lean_deg", "knee_deg", "elbow_deg")}
CALIBRATED = SpineReference(
    "calibration", 3.1, 3.1, AngleRange(0.0, 2.0, -30.0, 2.0), AngleRange(0.0, 2.0, 40.0, 2.0), source="1 May"
)


def doubt(quantity: str) -> StrokeDoubt:
    """Of one stroke's value in these recordings."""
    if quantity in SPINE_ANGLE_NAMES:
        return StrokeDoubt(SPINE_SD)
    return StrokeDoubt(LANDMARK_SD[quantity])


@cache
def plain(stroke_count: int = 20) -> Session:
    """The stick rower with no metrics."""
    session = make_session(stroke_count, faulty=False)
    strokes = replace(
        session.strokes, strokes=tuple(replace(s, usable=True, reason="") for s in session.strokes.strokes)
    )
    return replace(session, strokes=strokes, assessment=replace(session.assessment, metrics={}))


def recorded(seed: int = 0, count: int = 20, own_sd: float = 3.0, changes=None, zero_deg: float = 0.0) -> Session:
    """A recording: errors that repeat and that do not, own scatter that a stroke has in all its phases alike.

    ``changes``: metric -> (S,) or number that is added. ``zero_deg``: wrong zero of pelvis and spine.
    """
    rng = np.random.default_rng(seed)
    metrics = {}
    for quantity in COMPARED:
        error = doubt(quantity)
        own = rng.normal(0.0, own_sd, count)
        for phase in STROKE_ORDER:
            name = f"{quantity}_{phase}"
            metrics[name] = own + rng.normal(0.0, error.repeating_sd_deg) + rng.normal(0.0, error.fresh_sd_deg, count)
            metrics[name] += zero_deg if quantity in SPINE_ANGLE_NAMES else 0.0
    for name, change in (changes or {}).items():
        metrics[name] = metrics[name] + change
    return with_metrics(metrics, count)


def with_metrics(metrics, count: int = 20) -> Session:
    """The stick rower with these stroke values."""
    session = plain(count)
    return replace(session, assessment=replace(session.assessment, metrics=metrics))


def side(first: int, end: int, name: str = "") -> Side:
    """Strokes from ``first`` up to before ``end``, from 0."""
    return Side(name or f"strokes {first + 1}–{end}", tuple(range(first, end)))


def with_best(session: Session, strokes: tuple[int, ...]) -> Session:
    """With these as the best strokes."""
    best = BestStrokes(strokes, 90.0, 70.0, len(session.strokes) - len(strokes), ())
    piece = PieceAnalysis(len(session.strokes), 1.0, best=best, drift_reason="short", spread_reason="short")
    return replace(session, assessment=replace(session.assessment, piece=piece))


def stored(session: Session, folder: Path) -> Path:
    """The session as a folder that ``rowsense analyze`` would have written, without pictures."""
    folder.mkdir(parents=True)
    write_session(folder, session, summary(session), session_tables(session))
    return folder
