"""What a report says, in order: words first, numbers second. HTML, PDF, picture and dashboard show the same.

The wording keeps to what was seen. It names movements, never conditions, and one thing to try at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rowsense.conventions import PHASES, STROKE_ORDER
from rowsense.model import FaultFinding, Session, Stroke
from rowsense.model.assessment import RuleFinding
from rowsense.report.certainty import (
    GOOD,
    certainty_lines,
    next_time_lines,
    not_judged_lines,
    not_measured_lines,
    only_english_lines,
    stored_notes,
    stroke_note_lines,
)
from rowsense.report.change import clear_change_sentence, unclear_sentence
from rowsense.report.felt_words import question_of
from rowsense.report.own_range import range_lines, range_title
from rowsense.report.texts import definitions, limits
from rowsense.report.words import clock, sentence, stroke_list
from rowsense.texts.found import stored, stored_or_quoted
from rowsense.texts.measures import (
    ENGLISH,
    cue_label,
    fault_label,
    fault_words_label,
    measure,
    phase_label,
    quantity_label,
    when_label,
)
from rowsense.texts.texts import Texts

#: Which word stands beside a phase's score. Display only: no judgement follows from them [C].
_LOOK_BELOW, _PRAISE_ABOVE, _GOOD_ABOVE = 70.0, 75.0, 85.0
#: Also the class of the mark.
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
    severity_words: str
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
    only_english: tuple[str, ...]
    """Sentences that were written when the session was analysed and that the reader's language has no words for."""
    definitions: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    made_with: str

    @property
    def name(self) -> str:
        """Who or what the report is about."""
        return self.athlete or self.video_name


def report_view(session: Session, t: Texts = ENGLISH) -> ReportView:
    """The report of a session. Sentences that were stored with it are found again in the reader's language."""
    return ReportView(
        athlete=session.athlete,
        video_name=session.video.path.name,
        lead_in=_lead_in(session, t),
        question_title=question_of(session, t)[0],
        question=question_of(session, t)[1],
        headline=_headline(session, t),
        well=_well(session, t),
        tiles=_tiles(session, t),
        faults=tuple(_fault_view(session, f, t) for f in session.assessment.faults),
        phases=tuple(_phase_view(session, p, t) for p in shown_phases(session)),
        range_title=range_title(session, t),
        range_lines=range_lines(session, t),
        certainty=certainty_lines(session, t) + stored_notes(session, t),
        not_measured=not_measured_lines(session, t),
        not_judged=not_judged_lines(session, t),
        next_time=next_time_lines(session, t),
        strokes=tuple(_stroke_row(session, s, t) for s in session.strokes.strokes),
        stroke_notes=stroke_note_lines(session, t),
        only_english=only_english_lines(session, t),
        definitions=definitions(t),
        limits=limits(t),
        made_with=_made_with(session, t),
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


def _lead_in(session: Session, t: Texts) -> str:
    count, usable = len(session.strokes), len(session.strokes.usable)
    strokes = t("report.whole_strokes", n=count)
    rate = median([s.rate_spm for s in session.strokes.usable])
    if math.isfinite(rate):
        strokes = t("report.pace", strokes=strokes, rate=measure(t, rate, digits=1))
    if usable != count:
        strokes = t("report.counted", strokes=strokes, usable=usable)
    return t(f"report.lead_in.{session.facing}", strokes=strokes)


def _headline(session: Session, t: Texts) -> Headline:
    faults = session.assessment.faults
    if faults:
        first = faults[0]
        name, cue = sentence(first.name), sentence(first.cue)
        words = fault_label(t, first.id, name), _fault_sentence(session, first, t), cue_label(t, first.id, cue)
        return Headline(*words, first.id, _told(t, "self_test", first.id, first.self_test))
    kind = "nothing"
    if not session.strokes.usable:
        kind = "none_judged"
    elif not math.isfinite(session.assessment.score):
        kind = "no_score"
    said = t(f"report.{kind}.sentence")
    lowest = _phases_by_score(session)
    if kind == "nothing" and lowest:
        said = f"{said} {t('report.nothing.lowest', when=when_label(t, lowest[0][0]))}"
    return Headline(t(f"report.{kind}.title"), said, t(f"report.{kind}.cue"), None)


def _fault_sentence(session: Session, fault: FaultFinding, t: Texts) -> str:
    total = fault.usable_stroke_count or len(fault.strokes)
    plain = t("report.fault.showed_in", shown=len(fault.strokes), total=total)
    if t.language != ENGLISH.language:
        # The sentence that is stored is in English; its numbers are said anew.
        said = _measured_sentence(fault, total, t) if fault.rules else plain
    else:
        said = sentence(fault.sentence) or plain
    return f"{said} {unclear_sentence(session, fault, t)}".strip()


def _measured_sentence(fault: FaultFinding, total: int, t: Texts) -> str:
    rule = fault.rules[0]
    return t(
        "report.fault.shown",
        shown=len(fault.strokes),
        total=total,
        what=quantity_label(t, rule.quantity),
        measured=_with_sd(rule, t),
        limit=measure(t, rule.limit, rule.unit),
    )


def _phases_by_score(session: Session) -> list[tuple[str, float]]:
    """Phases that were judged, lowest first."""
    scores = session.assessment.scores_by_phase
    known = [(p, float(scores[p])) for p in STROKE_ORDER if math.isfinite(scores.get(p, math.nan))]
    return sorted(known, key=lambda item: item[1])


def _well(session: Session, t: Texts) -> str:
    for note in session.assessment.notes:
        if note.startswith(GOOD) and (said := stored(t, note)) is not None:
            return sentence(said.removeprefix(GOOD))
    ranked = _phases_by_score(session)
    if ranked and ranked[-1][1] >= _PRAISE_ABOVE:
        phase, score = ranked[-1]
        return t("report.well.best", when=when_label(t, phase), score=f"{score:.0f}")
    usable = session.strokes.usable
    drives = [s.drive_s for s in usable]
    if len(drives) >= 3 and max(drives) - min(drives) < 0.08 * median(drives):
        return t("report.well.steady")
    return t("report.well.enough", count=len(usable)) if len(usable) >= 3 else t("report.well.first")


def _tiles(session: Session, t: Texts) -> tuple[tuple[str, str, str], ...]:
    usable = session.strokes.usable
    drive, recovery = median([s.drive_s for s in usable]), median([s.recovery_s for s in usable])
    score, (low, high) = session.assessment.score, session.assessment.score_interval
    between = {"low": f"{low:.0f}", "high": f"{high:.0f}"}
    of_100 = t("report.tile.of_100_between", **between) if math.isfinite(low) else t("report.tile.of_100")
    times = t("report.tile.times_drive", times=measure(t, recovery / drive, digits=1)) if usable else ""
    rate = measure(t, median([s.rate_spm for s in usable]), digits=1)
    return (
        (t("report.tile.score"), measure(t, score, digits=0), of_100),
        (t("report.tile.rate"), rate, t("report.tile.a_minute")),
        (t("report.tile.drive"), measure(t, drive, "s"), t("report.tile.catch_to_finish")),
        (t("report.tile.recovery"), measure(t, recovery, "s"), times),
        (t("report.tile.strokes"), str(len(usable)), t("report.tile.counted_of", all=len(session.strokes))),
    )


def _with_sd(rule: RuleFinding, t: Texts) -> str:
    measured = measure(t, rule.measured, rule.unit)
    return f"{measured} ± {measure(t, rule.measured_sd, rule.unit)}" if math.isfinite(rule.measured_sd) else measured


def _fault_view(session: Session, fault: FaultFinding, t: Texts) -> FaultView:
    rules = tuple(
        RuleView(
            quantity_label(t, r.quantity),
            _with_sd(r, t),
            t(f"report.limit.{r.direction}", limit=measure(t, r.limit, r.unit)),
        )
        for r in fault.rules
    )
    return FaultView(
        id=fault.id,
        name=fault_label(t, fault.id, sentence(fault.name)),
        severity=_SEVERITY[fault.severity],
        severity_words=t(f"report.severity.{fault.severity}"),
        sentence=_fault_sentence(session, fault, t),
        cue=cue_label(t, fault.id, sentence(fault.cue)),
        self_test=_told(t, "self_test", fault.id, fault.self_test),
        drill=_told(t, "drill", fault.id, fault.drill),
        rules=rules,
        strokes=stroke_list(fault.strokes, fault.usable_stroke_count, t),
        clear_change=clear_change_sentence(session, fault, t),
    )


def _told(t: Texts, part: str, fault_id: str, said: str) -> str:
    return sentence(fault_words_label(t, part, fault_id, said)) if said else ""


def _phase_view(session: Session, phase: str, t: Texts) -> PhaseView:
    score = session.assessment.scores_by_phase.get(phase, math.nan)
    name = sentence(phase_label(t, phase))
    if not math.isfinite(score):
        return PhaseView(phase, name, None, t("report.phase.not_judged"))
    words = "good" if score >= _GOOD_ABOVE else "fair" if score >= _LOOK_BELOW else "look"
    return PhaseView(phase, name, float(score), t(f"report.phase.{words}"))


def _stroke_row(session: Session, stroke: Stroke, t: Texts) -> StrokeRow:
    scores = session.assessment.stroke_scores
    score = float(scores[stroke.index]) if stroke.index < len(scores) else math.nan
    return StrokeRow(
        number=str(stroke.index + 1),
        at=clock(stroke.catch_time_s, t),
        rate=measure(t, stroke.rate_spm, digits=1),
        drive=measure(t, stroke.drive_s, "s"),
        recovery=measure(t, stroke.recovery_s, "s"),
        ratio=measure(t, stroke.recovery_s / stroke.drive_s, digits=1),
        score=measure(t, score, digits=0),
        note="" if stroke.usable else t("report_page.not_counted", why=stored_or_quoted(t, stroke.reason)),
    )


def _made_with(session: Session, t: Texts) -> str:
    video = session.video
    return t(
        "report_page.made_of",
        name=video.path.name,
        width=video.width_px,
        height=video.height_px,
        fps=t.decimal(f"{video.fps:.4g}"),
        length=clock(video.duration_s, t),
    )
