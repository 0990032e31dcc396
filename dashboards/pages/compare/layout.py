"""How the page looks. Forms send themselves: what was chosen is in the address."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboards.ids import Id
from dashboards.listing import Wanted
from dashboards.pages.compare.form import choosing
from dashboards.pages.compare.view_model import Chooser, ComparePage, Found, Problem, Way
from rowsense.conventions import STROKE_ORDER
from rowsense.report.comparison_view import ComparedCurves, ComparisonView, curve_head, number_head
from rowsense.report.texts import limits
from rowsense.texts.texts import Texts

Children = list[Any]


def page(t: Texts, shown: ComparePage) -> Children:
    """The whole page."""
    if shown.found is not None:
        return _result(t, shown.found, shown.chooser)
    return [
        dcc.Link(t("compare.all_sessions"), href=_all_sessions(shown.chooser), className="back"),
        html.H1(t("compare.head")),
        html.P(t("compare.lead"), className="lead"),
        *_seasons(t, shown.chooser),
        *([_problem(shown.problem)] if shown.problem else []),
        *choosing(t, shown.chooser, fresh=shown.problem is None),
    ]


def _all_sessions(chooser: Chooser) -> str:
    return f"/{Wanted(names_hidden=chooser.asked.names_hidden).but()}"


def _seasons(t: Texts, chooser: Chooser) -> Children:
    if not chooser.seasons:
        return []
    return [html.P([t("compare.seasons"), " ", dcc.Link(t("seasons.to_page"), href=chooser.seasons)])]


def _problem(problem: Problem) -> html.Section:
    ways = [dcc.Link(way.words, href=way.address, className="tool") for way in problem.ways]
    return html.Section(
        [html.H2(problem.title), html.P(problem.detail), *([html.P(ways)] if ways else [])],
        className="card cue choosing", role="alert",
    )  # fmt: skip


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
            [html.Summary(t("compare.choose_again")), *choosing(t, chooser, fresh=False)],
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
