"""The judgement of one recording: metrics, scores, faults with their evidence, and what to say first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.assess import advice, evidence
from rowsense.assess.catalogue import Catalogue, choose
from rowsense.assess.changes import changed_catalogue
from rowsense.assess.hips import analyse_hips
from rowsense.assess.metrics import StrokeMetrics, measure
from rowsense.assess.piece import analyse_piece
from rowsense.assess.piece_strokes import gather
from rowsense.assess.rhythm import analyse_rhythm
from rowsense.assess.rhythm_strokes import rhythm_strokes
from rowsense.assess.rules import FaultVerdict, judge_faults
from rowsense.assess.score_doubt import score_doubt
from rowsense.assess.scores import score
from rowsense.assess.shown import shown_words
from rowsense.model import AngleSeries, Assessment, FaultFinding, SpineReference, StrokeList
from rowsense.settings import AssessSettings

IntArray = NDArray[np.int64]


def catalogue_for(settings: AssessSettings) -> Catalogue:
    """The catalogue that the settings name, with their changes, for their style and level.

    Raises:
        UsageError: it cannot be used, or knows no such style or level; every problem of a file is listed.
    """
    return choose(changed_catalogue(settings.changes, settings.catalogue), settings.style, settings.level)


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
        settings: catalogue, style and level.
        reference: own zero and range of the spine angles, where they are known.

    Returns:
        Faults in the order in which to talk about them. ``advice`` is what to say, in order. ``notes`` starts with the
        sentence to show first (``advice.FIRST``), then what goes well (``advice.GOOD``), then reservations. ``piece``
        says what takes many strokes: drift, consistency, the best strokes. ``hips`` says when they tip back, and what
        moved before or with them. ``rhythm`` says how the drive goes together and how it stands against the
        recovery.

    Raises:
        UsageError: the catalogue named in the settings cannot be used.
    """
    catalogue = catalogue_for(settings)
    usable = np.array([s.usable for s in strokes.strokes], dtype=np.bool_)
    metrics = measure(series, strokes, catalogue, reference)
    scores = score(metrics.values, usable, catalogue)
    score_sd, score_sds = score_doubt(metrics.values, metrics.sds, usable, catalogue)
    verdicts = judge_faults(metrics, usable, catalogue)
    present = advice.ordered(verdicts)
    piece = analyse_piece(gather(series, strokes, metrics, scores.by_stroke, catalogue), catalogue)
    unjudged = {key: shown_words(known, metrics, usable, piece) for key, known in catalogue.not_judged.items()}
    findings = tuple(_finding(v, series, metrics, frames) for v in present)
    rhythm = rhythm_strokes(series, strokes)
    return Assessment(
        metrics=metrics.values | rhythm.columns(len(strokes)),
        stroke_scores=scores.by_stroke,
        phase_scores=scores.by_phase,
        score=scores.whole,
        scores_by_phase=scores.whole_by_phase,
        score_sd=score_sd,
        score_sds_by_phase=score_sds,
        faults=findings,
        not_judged={v.fault.id: v.reason for v in verdicts if v.reason} | unjudged,
        style=catalogue.style,
        level=catalogue.level,
        notes=tuple(advice.notes(present, verdicts, int(usable.sum()))),
        advice=advice.advise(findings, verdicts, strokes, series.time_s, frames),
        piece=piece,
        hips=analyse_hips(series, strokes, catalogue, reference),
        rhythm=analyse_rhythm(series, rhythm, settings.height_cm),
    )


def _finding(verdict: FaultVerdict, series: AngleSeries, metrics: StrokeMetrics, frames: IntArray) -> FaultFinding:
    fault = verdict.fault
    return FaultFinding(
        id=fault.id,
        name=fault.name,
        rules=tuple(finding for v in verdict.rules for finding in (v.finding, *v.also)),
        strokes=tuple(int(s) for s in np.flatnonzero(verdict.shown)),
        frames=evidence.frame_intervals(verdict, series, metrics.windows_s, frames),
        worst_frame=evidence.worst_frame(verdict, series, metrics.windows_s, frames),
        severity=verdict.severity,
        cue=fault.words.cue,
        self_test=fault.words.self_test,
        drill=fault.words.drill,
        sentence=advice.sentence(verdict),
        usable_stroke_count=int(verdict.judged.sum()),
    )
