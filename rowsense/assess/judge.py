"""The judgement of one recording: metrics, scores, faults with their evidence, and what to say first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.assess import advice, evidence
from rowsense.assess.catalogue import Catalogue, load_catalogue
from rowsense.assess.hips import analyse_hips
from rowsense.assess.metrics import StrokeMetrics, measure
from rowsense.assess.piece import analyse_piece
from rowsense.assess.piece_strokes import gather
from rowsense.assess.rhythm import analyse_rhythm
from rowsense.assess.rhythm_strokes import rhythm_strokes
from rowsense.assess.rules import FaultVerdict, judge_fault
from rowsense.assess.scores import score
from rowsense.model import AngleSeries, Assessment, FaultFinding, SpineReference, StrokeList
from rowsense.settings import AssessSettings

IntArray = NDArray[np.int64]


def assess(
    series: AngleSeries,
    strokes: StrokeList,
    frames: IntArray,
    settings: AssessSettings,
    reference: SpineReference | None = None,
) -> Assessment:
    """Judge a recording.

    Args:
        series: quantities over time, (T,) each, degrees or ratios; NaN = not measured.
        strokes: whole strokes in order; those that are not usable get metrics, but no score and no verdict.
        frames: (T,) frame numbers in the file.
        settings: style and catalogue.
        reference: own zero and range of the spine angles, where they are known.

    Returns:
        Faults in the order in which to talk about them. ``notes`` starts with the sentence to show first
        (``advice.FIRST``), then what goes well (``advice.GOOD``), then reservations. ``piece`` says what takes many
        strokes: drift, consistency, the best strokes. ``hips`` says when they tip back, and what moved before or with
        them. ``rhythm`` says how the drive goes together and how it stands against the recovery.

    Raises:
        UsageError: the catalogue named in the settings cannot be used.
    """
    catalogue = load_catalogue(settings.catalogue)
    usable = np.array([s.usable for s in strokes.strokes], dtype=np.bool_)
    metrics = measure(series, strokes, catalogue)
    scores = score(metrics.values, usable, catalogue, settings.style)
    probability = catalogue.model["probability"].value
    verdicts = [judge_fault(f, metrics, usable, probability, settings.style) for f in catalogue.faults]
    present = advice.ordered(verdicts)
    rhythm = rhythm_strokes(series, strokes)
    return Assessment(
        metrics=metrics.values | rhythm.columns(len(strokes)),
        stroke_scores=scores.by_stroke,
        phase_scores=scores.by_phase,
        score=scores.whole,
        scores_by_phase=scores.whole_by_phase,
        faults=tuple(_finding(v, series, metrics, frames) for v in present),
        not_judged=_not_judged(verdicts, catalogue),
        notes=tuple(advice.notes(present, verdicts, int(usable.sum()))),
        piece=analyse_piece(gather(series, strokes, metrics, scores.by_stroke, catalogue), catalogue),
        hips=analyse_hips(series, strokes, catalogue, reference),
        rhythm=analyse_rhythm(series, rhythm, settings.height_cm),
    )


def _finding(verdict: FaultVerdict, series: AngleSeries, metrics: StrokeMetrics, frames: IntArray) -> FaultFinding:
    fault = verdict.fault
    return FaultFinding(
        id=fault.id,
        name=fault.name,
        rules=tuple(v.finding for v in verdict.rules),
        strokes=tuple(int(s) for s in np.flatnonzero(verdict.shown)),
        frames=evidence.frame_intervals(verdict, series, metrics.windows_s, frames),
        worst_frame=evidence.worst_frame(verdict, series, metrics.windows_s, frames),
        severity=verdict.severity,
        cue=fault.cue,
        sentence=advice.sentence(verdict),
        usable_stroke_count=int(verdict.judged.sum()),
    )


def _not_judged(verdicts: list[FaultVerdict], catalogue: Catalogue) -> dict[str, str]:
    reasons = {v.fault.id: v.reason for v in verdicts if v.reason}
    return reasons | {key: reason for key, (_, reason) in catalogue.not_judged.items()}
