"""What a report says, in order: words first, numbers second. HTML, PDF, picture and dashboard show the same.

The wording keeps to what was seen. It names movements, never conditions, and one thing to try at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rowsense.conventions import PHASES, STROKE_ORDER
from rowsense.model import FaultFinding, Session, Stroke
from rowsense.palette import PHASE_WORDS
from rowsense.report.certainty import GOOD, certainty_lines, next_time_lines, not_judged_lines, not_measured_lines
from rowsense.report.change import clear_change_sentence, unclear_sentence
from rowsense.report.felt_words import question_of
from rowsense.report.own_range import range_lines, range_title
from rowsense.report.texts import DEFINITIONS, LIMITS
from rowsense.report.words import WHEN, clock, number, quantity_name, sentence, stroke_list

#: Which word stands beside a phase's score. Display only: no judgement follows from them [C].
_LOOK_BELOW, _PRAISE_ABOVE, _GOOD_ABOVE = 70.0, 75.0, 85.0
_SEVERITY = {1: "slight", 2: "clear", 3: "strong"}


@dataclass(frozen=True, slots=True)
class RuleView:
    """One measured quantity beside its limit, written out."""

    words: str
    measured: str
    limit: str


@dataclass(frozen=True, slots=True)
class FaultView:
    """A fault as the reader meets it."""

    id: str
    name: str
    severity: str
    sentence: str
    cue: str
    self_test: str
    drill: str
    rules: tuple[RuleView, ...]
    strokes: str
    clear_change: str
    """From where on its differences between two phases are clear; empty where it compares none."""


@dataclass(frozen=True, slots=True)
class PhaseView:
    """Score of one phase; None = not judged."""

    id: str
    name: str
    score: float | None
    words: str


@dataclass(frozen=True, slots=True)
class StrokeRow:
    """One line of the stroke table, written out; ``note`` says why a stroke does not count."""

    number: str
    at: str
    rate: str
    drive: str
    recovery: str
    ratio: str
    score: str
    note: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The one thing to look at."""

    title: str
    sentence: str
    cue: str
    fault_id: str | None
    self_test: str = ""


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything a report says."""

    athlete: str
    video_name: str
    lead_in: str
    question_title: str
    question: str
    headline: Headline
    well: str
    tiles: tuple[tuple[str, str, str], ...]
    """(label, value, note)"""
    faults: tuple[FaultView, ...]
    phases: tuple[PhaseView, ...]
    range_title: str
    range_lines: tuple[str, ...]
    """How far on the way from tall to slumped; empty where no range is known."""
    certainty: tuple[str, ...]
    not_measured: tuple[str, ...]
    not_judged: tuple[str, ...]
    next_time: tuple[str, ...]
    strokes: tuple[StrokeRow, ...]
    stroke_notes: tuple[str, ...]
    definitions: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    made_with: str

    @property
    def name(self) -> str:
        """Who or what the report is about."""
        return self.athlete or self.video_name


def report_view(session: Session) -> ReportView:
    """The report of a session."""
    return ReportView(
        athlete=session.athlete,
        video_name=session.video.path.name,
        lead_in=_lead_in(session),
        question_title=question_of(session)[0],
        question=question_of(session)[1],
        headline=_headline(session),
        well=_well(session),
        tiles=_tiles(session),
        faults=tuple(_fault_view(session, f) for f in session.assessment.faults),
        phases=tuple(_phase_view(session, p) for p in shown_phases(session)),
        range_title=range_title(session),
        range_lines=range_lines(session),
        certainty=certainty_lines(session),
        not_measured=not_measured_lines(session),
        not_judged=not_judged_lines(session),
        next_time=next_time_lines(session),
        strokes=tuple(_stroke_row(session, s) for s in session.strokes.strokes),
        stroke_notes=session.strokes.notes,
        definitions=DEFINITIONS,
        limits=LIMITS,
        made_with=_made_with(session),
    )


def shown_phases(session: Session) -> tuple[str, ...]:
    """Phases in the order of a stroke; catch and finish only where they were scored."""
    scores = session.assessment.scores_by_phase
    return tuple(p for p in STROKE_ORDER if p in PHASES or p in scores)


def median(values: list[float]) -> float:
    """Median of a list; NaN of an empty one."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _lead_in(session: Session) -> str:
    count, usable = len(session.strokes), len(session.strokes.usable)
    strokes = "1 whole stroke" if count == 1 else f"{count} whole strokes"
    counted = "" if usable == count else f", {usable} of them counted"
    rate = median([s.rate_spm for s in session.strokes.usable])
    pace = f" at {number(rate, digits=1)} a minute" if math.isfinite(rate) else ""
    return f"{strokes}{pace}{counted}. Seen from the side, rowing towards the {session.facing}."


def _headline(session: Session) -> Headline:
    faults = session.assessment.faults
    if faults:
        first = faults[0]
        words = (sentence(first.name), _fault_sentence(session, first), sentence(first.cue))
        return Headline(*words, first.id, sentence(first.self_test))
    if not session.strokes.usable:
        return Headline(
            "No stroke could be judged this time",
            "The film was read, but no whole stroke could be measured well enough to say something about it.",
            "Look at “Next time you film” and try once more: it is usually a small change.",
            None,
        )
    if not math.isfinite(session.assessment.score):
        return Headline(
            "Hips and low back could not be judged this time",
            "The strokes were found, but the line of the back could not be followed well enough for a score.",
            "Look at “Next time you film”: a close-fitting shirt and a plain wall behind the back help most.",
            None,
        )
    lowest = _phases_by_score(session)
    where = f" The lowest score came {WHEN[lowest[0][0]]}: look there next." if lowest else ""
    return Headline(
        "Nothing passed its limit",
        f"In the strokes that counted no fault showed in at least half of them.{where}",
        "Keep it, and film again at a higher rate or when you are tired: that is when habits show.",
        None,
    )


def _fault_sentence(session: Session, fault: FaultFinding) -> str:
    total = fault.usable_stroke_count or len(fault.strokes)
    said = sentence(fault.sentence) or f"This showed in {len(fault.strokes)} of {total} strokes that counted."
    return f"{said} {unclear_sentence(session, fault)}".strip()


def _phases_by_score(session: Session) -> list[tuple[str, float]]:
    """Phases that were judged, lowest first."""
    scores = session.assessment.scores_by_phase
    known = [(p, float(scores[p])) for p in STROKE_ORDER if math.isfinite(scores.get(p, math.nan))]
    return sorted(known, key=lambda item: item[1])


def _well(session: Session) -> str:
    for note in session.assessment.notes:
        if note.startswith(GOOD):
            return sentence(note.removeprefix(GOOD))
    ranked = _phases_by_score(session)
    if ranked and ranked[-1][1] >= _PRAISE_ABOVE:
        phase, score = ranked[-1]
        return f"Your hips and low back were at their best {WHEN[phase]}: {score:.0f} of 100. Keep that."
    usable = session.strokes.usable
    drives = [s.drive_s for s in usable]
    if len(drives) >= 3 and max(drives) - min(drives) < 0.08 * median(drives):
        return "Your drive took the same time in every stroke. That steadiness is what everything else builds on."
    if len(usable) >= 3:
        return f"You have {len(usable)} strokes on film that count: enough for a first comparison with yourself."
    return "You filmed yourself. Seeing it is the first step, and a longer clip will say more."


def _tiles(session: Session) -> tuple[tuple[str, str, str], ...]:
    usable = session.strokes.usable
    drive, recovery = median([s.drive_s for s in usable]), median([s.recovery_s for s in usable])
    score, (low, high) = session.assessment.score, session.assessment.score_interval
    sure = f", another film of the same rowing: {low:.0f} to {high:.0f}" if math.isfinite(low) else ""
    return (
        ("Score", number(score, digits=0), f"of 100{sure}"),
        ("Rate", number(median([s.rate_spm for s in usable]), digits=1), "strokes a minute"),
        ("Drive", number(drive, "s"), "catch to finish"),
        ("Recovery", number(recovery, "s"), f"{number(recovery / drive, digits=1)} times the drive" if usable else ""),
        ("Strokes", str(len(usable)), f"counted of {len(session.strokes)} whole ones"),
    )


def _fault_view(session: Session, fault: FaultFinding) -> FaultView:
    rules = tuple(
        RuleView(
            quantity_name(r.quantity),
            number(r.measured, r.unit)
            + (f" ± {number(r.measured_sd, r.unit)}" if math.isfinite(r.measured_sd) else ""),
            f"{'at most' if r.direction == 'above' else 'at least'} {number(r.limit, r.unit)}",
        )
        for r in fault.rules
    )
    return FaultView(
        id=fault.id,
        name=sentence(fault.name),
        severity=_SEVERITY[fault.severity],
        sentence=_fault_sentence(session, fault),
        cue=sentence(fault.cue),
        self_test=sentence(fault.self_test),
        drill=sentence(fault.drill),
        rules=rules,
        strokes=stroke_list(fault.strokes, fault.usable_stroke_count),
        clear_change=clear_change_sentence(session, fault),
    )


def _phase_view(session: Session, phase: str) -> PhaseView:
    score = session.assessment.scores_by_phase.get(phase, math.nan)
    name = PHASE_WORDS[phase].capitalize()
    if not math.isfinite(score):
        return PhaseView(phase, name, None, "not judged")
    words = "good" if score >= _GOOD_ABOVE else "fair" if score >= _LOOK_BELOW else "worth a look"
    return PhaseView(phase, name, float(score), words)


def _stroke_row(session: Session, stroke: Stroke) -> StrokeRow:
    scores = session.assessment.stroke_scores
    score = float(scores[stroke.index]) if stroke.index < len(scores) else math.nan
    return StrokeRow(
        number=str(stroke.index + 1),
        at=clock(stroke.catch_time_s),
        rate=number(stroke.rate_spm, digits=1),
        drive=number(stroke.drive_s, "s"),
        recovery=number(stroke.recovery_s, "s"),
        ratio=number(stroke.recovery_s / stroke.drive_s, digits=1),
        score=number(score, digits=0),
        note="" if stroke.usable else f"not counted: {stroke.reason}",
    )


def _made_with(session: Session) -> str:
    video = session.video
    size = f"{video.width_px} × {video.height_px}, {video.fps:.4g} pictures a second, {clock(video.duration_s)} long"
    return f"{video.path.name}: {size}."
