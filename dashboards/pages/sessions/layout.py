"""How the list and one session look."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import dash_mantine_components as dmc
from dash import dcc, html

from dashboards.pages.sessions.view_model import Chart, SessionPage, SessionRow
from rowsense.palette import PHASE, POSTURE_STOPS, hex_of
from rowsense.report.figures.theme import CONFIG
from rowsense.report.view import FaultView, PhaseView

Children = list[Any]


def session_list(rows: list[SessionRow], root: Path) -> Children:
    """All sessions, newest first; where there are none, how to make one."""
    if not rows:
        return _empty(root)
    count = "1 session" if len(rows) == 1 else f"{len(rows)} sessions"
    return [html.H1("Your sessions"), html.P(f"{count} in {root}, newest first.", className="lead"), *map(_row, rows)]


def _row(row: SessionRow) -> dcc.Link:
    look_at = html.Span(row.fault or "Nothing passed its limit", className="fault-name" if row.fault else "soft")
    words = html.Div([html.H2(row.title), html.P(row.detail, className="soft"), look_at], className="grow")
    score = html.Div(
        [html.Span(row.score, className="value"), html.Span("of 100", className="soft")], className="score"
    )
    return dcc.Link([words, score], href=row.href, className="card row")


def _empty(root: Path) -> Children:
    steps: Children = [
        "Film from the side, phone steady at seat height, the whole machine in view, ten strokes or more.",
        ["Run ", html.Code("rowsense analyze my_video.mp4"), " in this folder."],
        "Reload this page: the session appears here.",
    ]
    return [
        html.H1("No sessions here yet"),
        html.P(f"This page shows what RowSense has analysed in {root}.", className="lead"),
        html.Div(html.Ol([html.Li(step) for step in steps]), className="card"),
    ]


def problem(title: str, detail: str) -> Children:
    """A page that cannot be shown, and the way back."""
    return [html.H1(title), html.P(detail, className="lead"), dcc.Link("Back to all sessions", href="/")]


def session(page: SessionPage) -> Children:
    """One session from the one thing to look at down to how sure it is."""
    view = page.view
    return [
        dcc.Link("← All sessions", href="/", className="back"),
        html.H1(view.name),
        html.P(view.lead_in, className="lead"),
        html.P([html.B(f"{view.question_title} "), view.question], className="question"),
        _hero(page),
        html.Dl([_tile(*tile) for tile in view.tiles], className="tiles"),
        *_film(page),
        html.H2("What showed, with the frames"),
        *_faults(page),
        html.H2("Hips and low back, phase by phase"),
        html.Div([_phase(p) for p in view.phases], className="card"),
        *_charts(page),
        html.Div([_sentences(title, lines) for title, lines in _closing(page) if lines], className="columns"),
        html.P(dmc.Group([html.A(words, href=to, target="_blank") for words, to in page.files]), className="files"),
    ]


def _hero(page: SessionPage) -> html.Section:
    head = page.view.headline
    words = html.Div(
        [
            html.P("The one thing to look at", className="eyebrow"),
            html.H2(head.title),
            html.P(head.sentence, className="big"),
            html.P([html.B("Try this: "), head.cue], className="cue" if head.fault_id else "question"),
            *_tests(head.self_test),
            html.P([html.B("Done well: "), page.view.well]),
        ]
    )
    still = page.stills.get(head.fault_id or "")
    parts = [words, _still(still, head.title)] if still else [words]
    return html.Section(parts, className=f"card hero{' has-fault' if head.fault_id else ''}")


def _tests(self_test: str, drill: str = "") -> Children:
    """Self-test and drill; nothing where a stored session has none."""
    return [html.P([html.B(lead), words]) for lead, words in (("Test it: ", self_test), ("Drill: ", drill)) if words]


def _still(address: str, title: str) -> html.Img:
    return html.Img(src=address, alt=f"{title}: the frame that shows it, with the line of the back drawn on.")


def _tile(label: str, value: str, note: str) -> html.Div:
    return html.Div([html.Dt(label), html.Dd([html.Span(value, className="value"), html.Span(note, className="soft")])])


def _film(page: SessionPage) -> Children:
    if not page.overlay:
        return []
    stops = ", ".join(hex_of(colour) for _, colour in POSTURE_STOPS)
    words = ("hips forward, back flat", "own middle", "hips tipped back, back round")
    return [
        html.H2("The film, with what was measured"),
        html.Video(src=f"{page.overlay}#t=0.05", controls=True, preload="metadata", className="film"),
        html.Div(className="scale-bar", style={"background": f"linear-gradient(90deg,{stops})"}),
        html.Div([html.Span(w) for w in words], className="scale soft"),
    ]


def _faults(page: SessionPage) -> Children:
    if not page.view.faults:
        return [html.P("No fault showed in at least half of the strokes that counted.")]
    return [_fault(fault, page) for fault in page.view.faults]


def _fault(fault: FaultView, page: SessionPage) -> html.Article:
    rows = [html.Tr([html.Th(r.words, scope="row"), html.Td(r.measured), html.Td(r.limit)]) for r in fault.rules]
    head = html.Thead(html.Tr([html.Th(w, scope="col") for w in ("Measured", "Value", "Limit")]))
    words = html.Div(
        [
            html.H3([fault.name, " ", html.Span(fault.severity, className=f"severity s-{fault.severity}")]),
            html.P(fault.sentence),
            html.P([html.B("Try this: "), fault.cue], className="cue"),
            *_tests(fault.self_test, fault.drill),
            html.Table([head, html.Tbody(rows)]),
            *([html.P(fault.clear_change, className="soft")] if fault.clear_change else []),
            html.P(f"Seen in {fault.strokes}.", className="soft"),
        ]
    )
    shown = page.stills.get(fault.id) if fault.id != page.view.headline.fault_id else None
    return html.Article([words, _still(shown, fault.name)] if shown else [words], className="card fault")


def _phase(phase: PhaseView) -> html.Div:
    score = phase.score or 0.0
    return html.Div(
        [
            html.Span([html.I(style={"background": hex_of(PHASE[phase.id])}), phase.name], className="phase-name"),
            html.Span(html.Span(style={"width": f"{score:.0f}%"}, className="fill"), className="track"),
            html.B("–" if phase.score is None else f"{score:.0f}"),
            html.Span(phase.words, className="soft"),
        ],
        className="phase",
    )


def _charts(page: SessionPage) -> Children:
    if not page.charts:
        return []
    boxes = [_chart(chart) for chart in page.charts]
    found: Children = [
        html.H2("Every stroke laid over the others"),
        html.P(
            "Thin lines are single strokes, the thick line is their mean, the band is their spread.", className="soft"
        ),
        html.Div(boxes, className="charts"),
    ]
    if page.timeline is not None:
        found.append(_chart(Chart("When it happened", "phases below, faults above", page.timeline)))
    return found


def _chart(chart: Chart) -> html.Figure:
    height = chart.figure.layout.height
    graph = dcc.Graph(figure=chart.figure, config=cast(Any, CONFIG), responsive=True, style={"height": height})
    return html.Figure(
        [html.H3([chart.title, html.Span(chart.meaning, className="soft")]), graph], className="card chart"
    )


def _closing(page: SessionPage) -> tuple[tuple[str, tuple[str, ...]], ...]:
    view = page.view
    return (
        ("How sure is this?", view.certainty),
        ("What was measured, and what was not", view.not_measured + view.stroke_notes),
        ("Next time you film", view.next_time),
        ("Not judged this time, and why", view.not_judged),
        ("What this cannot tell you", view.limits),
    )


def _sentences(title: str, lines: tuple[str, ...]) -> html.Div:
    return html.Div([html.H2(title), html.Ul([html.Li(line) for line in lines])])
