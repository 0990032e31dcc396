"""The whole recording on one axis of time: phases below, and where each fault shows above them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rowsense.conventions import PHASES
from rowsense.model import Session
from rowsense.palette import FAULT, PHASE, UNSEEN, hex_of
from rowsense.report.figures.plain import Figure
from rowsense.report.figures.theme import style
from rowsense.report.words import sentence
from rowsense.texts.measures import ENGLISH, fault_label, phase_label
from rowsense.texts.texts import Texts

Span = tuple[float, float]
_ROW_PX = 34


@dataclass(frozen=True, slots=True)
class Timeline:
    """Half-open spans in seconds."""

    phases: dict[str, tuple[Span, ...]]
    faults: tuple[tuple[str, tuple[Span, ...]], ...]
    """Fault name -> when it shows."""
    unused: tuple[Span, ...]
    """Strokes that do not count."""


def timeline_of(session: Session, t: Texts = ENGLISH) -> Timeline:
    """The timeline of a session."""
    strokes = session.strokes.strokes
    phases = {
        name: tuple((s.phase_borders_s[i], s.phase_borders_s[i + 1]) for s in strokes if s.usable)
        for i, name in enumerate(PHASES)
    }
    frame, time_s = session.track.frame, session.track.time_s
    last = len(time_s) - 1

    def seconds(number: int) -> float:
        return float(time_s[min(int(np.searchsorted(frame, number)), last)])

    faults = tuple(
        (fault_label(t, f.id, sentence(f.name)), tuple((seconds(a), seconds(b)) for a, b in f.frames))
        for f in session.assessment.faults
    )
    return Timeline(phases, faults, tuple((s.catch_time_s, s.end_time_s) for s in strokes if not s.usable))


def timeline_figure(timeline: Timeline, scheme: str = "light", t: Texts = ENGLISH) -> Figure:
    """Phases and faults as bars over time; the names of the faults stand in the hover text and the legend."""
    figure, below = Figure(), t("report_page.chart.phases")
    for phase, spans in timeline.phases.items():
        _bars(figure, below, spans, hex_of(PHASE[phase]), phase_label(t, phase), t)
    _bars(figure, below, timeline.unused, hex_of(UNSEEN), t("report_page.chart.unused"), t)
    for name, spans in timeline.faults:
        _bars(figure, name, spans, hex_of(FAULT), name, t)
    style(figure, 96 + _ROW_PX * (1 + len(timeline.faults)), scheme)
    figure.update_layout(barmode="overlay", hovermode="closest", bargap=0.3)
    rows = [below, *(name for name, _ in timeline.faults)]
    figure.update_yaxes(
        categoryorder="array", categoryarray=rows, showgrid=False, tickvals=rows, ticktext=[_wrapped(r) for r in rows]
    )
    figure.update_xaxes(ticksuffix=" s", nticks=8)
    return figure


def _bars(figure: Figure, row: str, spans: tuple[Span, ...], colour: str, words: str, t: Texts) -> None:
    if not spans:
        return
    when = t("report_page.chart.from_for", start="%{base:.2f} s", length="%{x:.2f} s")
    figure.add_bar(
        orientation="h", y=[row] * len(spans), base=[round(a, 3) for a, _ in spans],
        x=[round(b - a, 3) for a, b in spans], marker={"color": colour, "line": {"width": 0}}, name=words,
        hovertemplate=f"{words}, {when}<extra></extra>",
    )  # fmt: skip


def _wrapped(words: str, width: int = 18) -> str:
    """Break a long row name into lines."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
