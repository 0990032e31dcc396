"""How the page looks. Forms send themselves: what was chosen is in the address."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboards.ids import Id
from dashboards.pages.compare.asked import ANY, CUE, FIRST, PATH, ROWERS, SECOND, STROKES, WITH, Asked
from dashboards.pages.compare.view_model import Chooser, ComparePage, Found, Problem, Way
from rowsense.conventions import STROKE_ORDER
from rowsense.palette import FIRST_SIDE, SECOND_SIDE, hex_of
from rowsense.report.comparison_view import CURVE_HEAD, NUMBER_HEAD, ComparedCurves, ComparisonView
from rowsense.report.texts import COMPARE, LIMITS

Children = list[Any]
STROKES_HINT = "7, 1-10, 1-5,9, best or all; counted from 1"


def page(shown: ComparePage) -> Children:
    """The whole page."""
    if shown.found is not None:
        return _result(shown.found, shown.chooser)
    lead = "Two sessions, or strokes of one session against others: both films together, and what is a clear change."
    return [
        dcc.Link("← All sessions", href="/", className="back"),
        html.H1("Compare"),
        html.P(lead, className="lead"),
        *([_problem(shown.problem)] if shown.problem else []),
        *_choosing(shown.chooser, fresh=shown.problem is None),
    ]


def _problem(problem: Problem) -> html.Section:
    ways = [dcc.Link(way.words, href=way.address, className="tool") for way in problem.ways]
    return html.Section(
        [html.H2(problem.title), html.P(problem.detail), *([html.P(ways)] if ways else [])],
        className="card cue choosing", role="alert",
    )  # fmt: skip


def _choosing(chooser: Chooser, *, fresh: bool) -> Children:
    if not chooser.sessions:
        return [html.P("There are no sessions to compare yet. The list says how to make one.", className="card")]
    quick: Children = []
    if chooser.quick and chooser.asked.one_session:
        ways = [html.Li(dcc.Link(way.words, href=way.address)) for way in chooser.quick]
        quick = [html.Section([html.H2("Within this session"), html.P(chooser.about, className="soft"), html.Ul(ways)],
                              className="card choosing")]  # fmt: skip
    note = "Say which strokes, or choose another session." if fresh and chooser.asked.first else ""
    return [
        *([html.P(note, className="question", role="status")] if note else []),
        *quick,
        html.Section([html.H2("Choose both sides"), _form(chooser)], className="card choosing"),
    ]


def _form(chooser: Chooser) -> html.Form:
    asked = chooser.asked
    first = asked.first or chooser.sessions[0][0]
    same = ("", "The same session")
    cue = dmc.TextInput(
        name=CUE, value=asked.cue, label="Or before and after a moment of one film", placeholder="95 or 1:35",
        description="Seconds, or minutes and seconds: what was rowed before it against what was rowed after it.",
    )  # fmt: skip
    return html.Form(
        [
            _side("First", FIRST, chooser.sessions, first, (STROKES, asked.strokes, "all"), hex_of(FIRST_SIDE)),
            _side("Second", SECOND, (same, *chooser.sessions), asked.second, (WITH, asked.against, _rest(asked)),
                  hex_of(SECOND_SIDE)),
            cue,
            html.P([html.Button("Compare", type="submit", className="tool go"), *_any_rower(asked)]),
        ],
        action=PATH, method="get", className="compare-form",
    )  # fmt: skip


def _rest(asked: Asked) -> str:
    return "all" if asked.second else "all others"


def _any_rower(asked: Asked) -> Children:
    """Once two rowers were asked for it stays so, until somebody takes it back."""
    if not asked.any_rower:
        return []
    option = html.Select(
        [html.Option("two rowers are compared all the same", value=ANY), html.Option("one rower only", value="")],
        name=ROWERS, **_attributes(aria_label="two rowers"),
    )  # fmt: skip
    return [" ", html.Span(option, className="field")]


def _side(
    title: str,
    name: str,
    sessions: tuple[tuple[str, str], ...],
    chosen: str,
    strokes: tuple[str, str, str],
    colour: str,
) -> html.Fieldset:
    options = [html.Option(words, value=key, selected=key == chosen) for key, words in sessions]
    field, value, silent = strokes
    return html.Fieldset(
        [
            html.Legend([html.I(style={"background": colour}), title]),
            html.Label(["Session", html.Select(options, name=name)], className="field"),
            dmc.TextInput(name=field, value=value, label="Strokes", description=STROKES_HINT, placeholder=silent),
        ]
    )


def _attributes(**named: str) -> Any:
    return {name.replace("_", "-"): value for name, value in named.items()}


def _result(found: Found, chooser: Chooser) -> Children:
    view = found.view
    ways = [Way("← All sessions", "/"), *found.sessions, *([found.turned] if found.turned.words else [])]
    return [
        html.P([dcc.Link(way.words, href=way.address) for way in ways], className="ways-on"),
        html.H1(f"Comparison: {view.name}"),
        html.P(view.lead, className="lead"),
        html.Details(
            [html.Summary("Choose other sessions or strokes"), *_choosing(chooser, fresh=False)],
            className="choose-again",
        ),
        _headline(view),
        *([html.P(view.notes[0], className="question")] if view.own_mean else []),
        html.H2("Side by side, catch with catch and finish with finish"),
        html.Div(
            html.P("The films are on their way …", className="soft"), id=Id.COMPARE, key=found.data_address,
            className="player compare", **_attributes(data_address=found.data_address),
        ),
        *_curves(view),
        html.H2(COMPARE["times"]),
        html.Div(_table(NUMBER_HEAD, view.times), className="card folding"),
        *_metrics(view),
        html.Div([_sentences(title, lines) for title, lines in _closing(view) if lines], className="columns"),
    ]  # fmt: skip


def _headline(view: ComparisonView) -> html.Section:
    eyebrow = "The one difference to look at" if view.clear else "What was found"
    show = html.Button("Show me the moment", type="button", className="tool", **_attributes(data_phase="main"))
    return html.Section(
        [
            html.P(eyebrow, className="eyebrow"),
            html.H2(view.title),
            html.P(view.sentence, className="big"),
            *([html.Ul([html.Li(line) for line in view.lines])] if view.lines else []),
            *([show] if view.clear and view.panels else []),
        ],
        className="card headline",
    )


def _key(view: ComparisonView) -> html.P:
    sides = (("first", "First", view.first), ("second", "Second", view.second))
    return html.P([html.Span([html.I(className=c), f"{word}: {name}"]) for c, word, name in sides], className="sides")


def _curves(view: ComparisonView) -> Children:
    unseen = [html.P(f"Not measured on both sides: {', '.join(view.unseen)}.", className="soft")] if view.unseen else []
    if not view.panels:
        return unseen
    return [
        html.H2(COMPARE["curves"]),
        _key(view),
        html.P(
            f"{COMPARE['curves_caption']} The stronger thin lines are the strokes in the films. A bar on the axis "
            "marks where the change is clear; a click goes there.",
            className="soft",
        ),
        html.Div([_chart(panel) for panel in view.panels], className="charts"),
        *unseen,
        html.P(COMPARE["verdicts"], className="soft"),
    ]


def _chart(panel: ComparedCurves) -> html.Figure:
    cells = [
        html.Li(
            html.Button(
                [html.Span(c.phase), html.Strong(c.difference), html.Span(c.verdict), html.Span(f"it takes {c.takes}")],
                type="button", className="cell clear" if c.clear else "cell",
                **_attributes(data_phase=phase),
            )
        )
        for phase, c in zip(STROKE_ORDER, panel.cells, strict=True)
    ]  # fmt: skip
    return html.Figure(
        [
            html.H3([panel.name, html.Span(panel.meaning, className="soft")]),
            html.Div(html.P(panel.words), **_attributes(data_compared=panel.quantity)),
            html.P(COMPARE["strip"], className="soft strip-title"),
            html.Ul(cells, className="cells"),
            html.Details([html.Summary("In words and numbers"), html.P(panel.words), _table(CURVE_HEAD, panel.rows)]),
        ],
        className="card chart",
    )


def _metrics(view: ComparisonView) -> Children:
    if not view.metrics:
        return []
    return [
        html.H2(COMPARE["metrics"]),
        html.P(COMPARE["metrics_caption"], className="soft"),
        html.Div(_table(NUMBER_HEAD, view.metrics), className="card folding"),
    ]


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> html.Table:
    top = html.Thead(html.Tr([html.Th(word, scope="col") for word in head]))
    # A phone has no room for the columns; there each value says what it is.
    cells = [
        [html.Td(v, **_attributes(data_label=word)) for v, word in zip(r[1:], head[1:], strict=True)] for r in rows
    ]
    body = [html.Tr([html.Th(row[0], scope="row"), *own]) for row, own in zip(rows, cells, strict=True)]
    return html.Table([top, html.Tbody(body)])


def _closing(view: ComparisonView) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (COMPARE["notes"], view.notes), ("What this page cannot tell you", LIMITS)


def _sentences(title: str, lines: tuple[str, ...]) -> html.Div:
    return html.Div([html.H2(title), html.Ul([html.Li(line) for line in lines])])
