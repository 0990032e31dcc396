"""How the page looks. Forms send themselves: what was chosen is in the address."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboards.ids import Id
from dashboards.listing import Wanted
from dashboards.pages.compare.asked import ANY, CUE, FIND, FIRST, FOUND, PATH, ROWERS, SECOND, STROKES, WITH, Asked
from dashboards.pages.compare.view_model import MOST_LISTED, Chooser, ComparePage, Found, Problem, Way
from dashboards.pages.sessions.list_parts import nameless_field
from rowsense.conventions import STROKE_ORDER
from rowsense.palette import FIRST_SIDE, SECOND_SIDE, hex_of
from rowsense.report.comparison_view import ComparedCurves, ComparisonView, curve_head, number_head
from rowsense.report.texts import limits
from rowsense.texts.texts import Texts

Children = list[Any]
#: From so many sessions on one looks for words [D]; fewer are in sight.
_WORTH_FINDING = 8


def page(t: Texts, shown: ComparePage) -> Children:
    """The whole page."""
    if shown.found is not None:
        return _result(t, shown.found, shown.chooser)
    return [
        dcc.Link(t("compare.all_sessions"), href=_all_sessions(shown.chooser), className="back"),
        html.H1(t("compare.head")),
        html.P(t("compare.lead"), className="lead"),
        *([_problem(shown.problem)] if shown.problem else []),
        *_choosing(t, shown.chooser, fresh=shown.problem is None),
    ]


def _all_sessions(chooser: Chooser) -> str:
    return f"/{Wanted(names_hidden=chooser.asked.names_hidden).but()}"


def _problem(problem: Problem) -> html.Section:
    ways = [dcc.Link(way.words, href=way.address, className="tool") for way in problem.ways]
    return html.Section(
        [html.H2(problem.title), html.P(problem.detail), *([html.P(ways)] if ways else [])],
        className="card cue choosing", role="alert",
    )  # fmt: skip


def _choosing(t: Texts, chooser: Chooser, *, fresh: bool) -> Children:
    if not chooser.sessions and not chooser.asked.find:
        return [html.P(t("compare.none_yet"), className="card")]
    quick: Children = []
    if chooser.quick and chooser.asked.one_session:
        ways = [html.Li(dcc.Link(way.words, href=way.address)) for way in chooser.quick]
        quick = [html.Section([html.H2(t("compare.within")), html.P(chooser.about, className="soft"), html.Ul(ways)],
                              className="card choosing")]  # fmt: skip
    note = t("compare.say_which") if fresh and chooser.asked.first else ""
    return [
        *([html.P(note, className="question", role="status")] if note else []),
        *quick,
        html.Section([html.H2(t("compare.choose_both")), _form(t, chooser)], className="card choosing"),
    ]


def _form(t: Texts, chooser: Chooser) -> html.Form:
    asked = chooser.asked
    first = asked.first or next((key for key, _ in chooser.sessions), "")
    same = ("", t("compare.same"))
    cue = dmc.TextInput(
        name=CUE, value=asked.cue, label=t("compare.cue"), placeholder=t("compare.cue_example"),
        description=t("compare.cue_hint"),
    )  # fmt: skip
    return html.Form(
        [
            *_finder(t, chooser),
            _side(t, "first", FIRST, chooser.sessions, first, (STROKES, asked.strokes, t("compare.silent_all")),
                  hex_of(FIRST_SIDE)),
            _side(t, "second", SECOND, (same, *chooser.sessions), asked.second, (WITH, asked.against, _rest(t, asked)),
                  hex_of(SECOND_SIDE)),
            cue,
            *nameless_field(asked.names_hidden),
            html.P([html.Button(t("compare.go"), type="submit", className="tool go"), *_any_rower(t, asked)]),
        ],
        action=PATH, method="get", className="compare-form",
    )  # fmt: skip


def _finder(t: Texts, chooser: Chooser) -> Children:
    """Finds sessions as their list does; nothing where all are in sight. The first button of a form goes by Enter."""
    find = chooser.asked.find
    if chooser.total < _WORTH_FINDING and not find:
        return []
    field = dmc.TextInput(name=FIND, value=find, label=t("compare.find.label"), className="grow")
    more = chooser.total > MOST_LISTED
    said = t("compare.find.count" if find else "compare.find.all", n=chooser.total)
    first = f" {t('compare.find.first', most=MOST_LISTED)}" if more else ""
    return [
        *([dcc.Input(type="hidden", name=FOUND, value=find)] if find else []),
        html.Div([field, html.Button(t("compare.find.go"), type="submit", className="tool")], className="find-session"),
        html.P(f"{said}{first}", className="soft", role="status"),
    ]


def _rest(t: Texts, asked: Asked) -> str:
    return t("compare.silent_all" if asked.second else "compare.silent_others")


def _any_rower(t: Texts, asked: Asked) -> Children:
    """Once two rowers were asked for it stays so, until somebody takes it back."""
    if not asked.any_rower:
        return []
    option = html.Select(
        [html.Option(t("compare.two_rowers_yes"), value=ANY), html.Option(t("compare.two_rowers_no"), value="")],
        name=ROWERS, **_attributes(aria_label=t("compare.two_rowers")),
    )  # fmt: skip
    return [" ", html.Span(option, className="field")]


def _side(
    t: Texts,
    side: str,
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
            html.Legend([html.I(style={"background": colour}), t(f"compare.{side}")]),
            html.Label([t("compare.session"), html.Select(options, name=name)], className="field"),
            dmc.TextInput(
                name=field,
                value=value,
                label=t("compare.strokes"),
                description=t("compare.strokes_hint"),
                placeholder=silent,
            ),
        ]
    )


def _attributes(**named: str) -> Any:
    return {name.replace("_", "-"): value for name, value in named.items()}


def _result(t: Texts, found: Found, chooser: Chooser) -> Children:
    view = found.view
    turned = [found.turned] if found.turned.words else []
    ways = [Way(t("compare.all_sessions"), _all_sessions(chooser)), *found.sessions, *turned]
    return [
        html.P([dcc.Link(way.words, href=way.address) for way in ways], className="ways-on"),
        html.H1(t("compare.title", name=view.name)),
        html.P(view.lead, className="lead"),
        html.Details(
            [html.Summary(t("compare.choose_again")), *_choosing(t, chooser, fresh=False)],
            className="choose-again",
        ),
        _headline(t, view),
        *([html.P(view.notes[0], className="question")] if view.own_mean else []),
        html.H2(t("compare.side_by_side")),
        html.Div(
            html.P(t("compare.on_the_way"), className="soft"), id=Id.COMPARE, key=found.data_address,
            className="player compare", **_attributes(data_address=found.data_address),
        ),
        *_curves(t, view),
        html.H2(t("comparison.page.times")),
        html.Div(_table(number_head(t), view.times), className="card folding"),
        *_metrics(t, view),
        html.Div([_sentences(title, lines) for title, lines in _closing(t, view) if lines], className="columns"),
    ]  # fmt: skip


def _headline(t: Texts, view: ComparisonView) -> html.Section:
    eyebrow = t("compare.one_difference" if view.clear else "compare.found")
    show = html.Button(t("compare.show_moment"), type="button", className="tool", **_attributes(data_phase="main"))
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


def _key(t: Texts, view: ComparisonView) -> html.P:
    sides = (("first", view.first), ("second", view.second))
    return html.P(
        [
            html.Span([html.I(className=c), t("compare.side_named", side=t(f"compare.{c}"), name=name)])
            for c, name in sides
        ],
        className="sides",
    )


def _curves(t: Texts, view: ComparisonView) -> Children:
    missing = t("compare.unseen", angles=", ".join(view.unseen))
    unseen = [html.P(missing, className="soft")] if view.unseen else []
    if not view.panels:
        return unseen
    return [
        html.H2(t("comparison.page.curves")),
        _key(t, view),
        html.P(
            f"{t('comparison.page.curves_caption')} {t('compare.bars')}",
            className="soft",
        ),
        html.Div([_chart(t, panel) for panel in view.panels], className="charts"),
        *unseen,
        html.P(t("comparison.page.verdicts"), className="soft"),
    ]


def _chart(t: Texts, panel: ComparedCurves) -> html.Figure:
    cells = [
        html.Li(
            html.Button(
                [
                    html.Span(c.phase), html.Strong(c.difference), html.Span(c.verdict),
                    html.Span(t("compare.it_takes", limit=c.takes)),
                ],
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
            html.P(t("comparison.page.strip"), className="soft strip-title"),
            html.Ul(cells, className="cells"),
            html.Details(
                [html.Summary(t("compare.in_numbers")), html.P(panel.words), _table(curve_head(t), panel.rows)]
            ),
        ],
        className="card chart",
    )


def _metrics(t: Texts, view: ComparisonView) -> Children:
    if not view.metrics:
        return []
    return [
        html.H2(t("comparison.page.metrics")),
        html.P(t("comparison.page.metrics_caption"), className="soft"),
        html.Div(_table(number_head(t), view.metrics), className="card folding"),
    ]


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> html.Table:
    top = html.Thead(html.Tr([html.Th(word, scope="col") for word in head]))
    # A phone has no room for the columns; there each value says what it is.
    cells = [
        [html.Td(v, **_attributes(data_label=word)) for v, word in zip(r[1:], head[1:], strict=True)] for r in rows
    ]
    body = [html.Tr([html.Th(row[0], scope="row"), *own]) for row, own in zip(rows, cells, strict=True)]
    return html.Table([top, html.Tbody(body)])


def _closing(t: Texts, view: ComparisonView) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (t("comparison.page.notes"), view.notes), (t("compare.limits"), limits(t))


def _sentences(title: str, lines: tuple[str, ...]) -> html.Div:
    return html.Div([html.H2(title), html.Ul([html.Li(line) for line in lines])])
