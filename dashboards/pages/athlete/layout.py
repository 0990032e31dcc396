"""How an athlete's page looks."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from markupsafe import Markup

from dashboards.charts.season_line import season_line
from dashboards.charts.strips import fault_strip, stroke_strip
from dashboards.markup import Html
from dashboards.pages.athlete.view_model import (
    AthletePage,
    LineBlock,
    QuantityRow,
    SessionPicture,
    StrokesBlock,
)

Children = list[Any]


def athlete(page: AthletePage, form: Markup, back: str) -> Children:
    """What changed, the chosen quantity, her faults, her sessions. ``back``: the club's page; empty for a rower."""
    return [
        *([dcc.Link("← The club", href=back, className="back")] if back else []),
        html.H1(page.name),
        html.P(page.lead, className="lead"),
        *_reasons(page),
        Html(form, "card filter-bar"),
        *(_line(page.line) if page.line else [html.P(page.empty, className="card")]),
        *_strokes(page.strokes),
        *_table(page.table),
        *_faults(page),
        *_sessions(page),
        html.P(page.calibrations, className="soft"),
    ]


def teaching(page: AthletePage, back: str) -> Children:
    """A rower without a session: how the first comes about."""
    return [
        *([dcc.Link("← The club", href=back, className="back")] if back else []),
        html.H1(page.name),
        html.P(page.lead, className="lead"),
        html.Div([html.H2("Her season begins with a film"), html.P(page.empty)], className="card"),
    ]


def not_here() -> Children:
    """No such rower, or not to be seen."""
    return [
        html.H1("There is no such season here"),
        html.P(
            "The rower may be gone, or she is not yours to see. A junior's season shows once a guardian's consent is "
            "recorded.",
            className="lead",
        ),
        dcc.Link("To the sessions", href="/"),
    ]


def _reasons(page: AthletePage) -> Children:
    if not page.reasons:
        return [html.P(page.reasons_empty, className="question")]
    return [
        html.Section(
            [html.H2("What stands out"), html.Ul([html.Li(reason) for reason in page.reasons])],
            className="card reasons",
        )
    ]


def _line(block: LineBlock) -> Children:
    head = html.Thead(
        html.Tr([html.Th(w, scope="col") for w in ("Session", "Mean", "19 times in 20 within", "Strokes")])
    )
    rows = [
        html.Tr([html.Th(dcc.Link(when, href=href), scope="row"), html.Td(mean), html.Td(ends), html.Td(strokes)])
        for when, href, mean, ends, strokes in block.table
    ]
    return [
        html.Figure(
            [
                html.H2(block.title),
                *(
                    html.P(sentence, className="big" if n == 0 else "soft")
                    for n, sentence in enumerate(block.sentences)
                ),
                Html(season_line(block.chart), "plot"),
                html.P(
                    "A dot is a session and shows its strokes below. Its thick line is how sure the mean is; between "
                    "the ends of the thin one lie eight of ten strokes.",
                    className="soft",
                ),
                html.Details(
                    [
                        html.Summary("All sessions in numbers"),
                        html.Div(html.Table([head, html.Tbody(rows)]), className="scrolls"),
                    ]
                ),
            ],
            className="card chart wide",
        )
    ]


def _strokes(block: StrokesBlock | None) -> Children:
    if block is None:
        return []
    head = html.Thead(html.Tr([html.Th(w, scope="col") for w in ("Stroke", "Value")]))
    rows = [
        html.Tr([html.Th(dcc.Link(str(number + 1), href=href), scope="row"), html.Td(title.partition(": ")[2])])
        for number, _, href, title in block.strokes
    ]
    return [
        html.Figure(
            [
                html.H3([block.title, " ", dcc.Link("Open the session", href=block.href, className="soft")]),
                html.P(block.words, className="soft"),
                Html(stroke_strip(block.strokes, block.unit), "plot"),
                html.Details(
                    [
                        html.Summary("All strokes in numbers"),
                        html.Div(html.Table([head, html.Tbody(rows)]), className="scrolls"),
                    ]
                ),
            ],
            className="card chart wide",
            id="strokes",
        )
    ]


def _table(rows: tuple[QuantityRow, ...]) -> Children:
    if not rows:
        return []
    head = html.Thead(html.Tr([html.Th(w, scope="col") for w in ("Quantity", "Last", "Usual", "Over this time")]))
    body = [
        html.Tr(
            [
                html.Th(html.B(row.name) if row.chosen else dcc.Link(row.name, href=row.href), scope="row"),
                html.Td(row.last),
                html.Td(row.usual),
                html.Td(row.trend, className="words"),
            ]
        )
        for row in rows
    ]
    return [
        html.H2("Everything at a glance"),
        html.Div(html.Div(html.Table([head, html.Tbody(body)]), className="scrolls"), className="card"),
    ]


def _faults(page: AthletePage) -> Children:
    words = html.P(page.faults_words, className="soft")
    if page.fault_days is None or not page.faults:
        return [html.H2("Faults over time"), html.Div(words, className="card")]
    chart = Html(fault_strip(page.faults, *page.fault_days), "plot")
    head = html.Thead(html.Tr([html.Th(w, scope="col") for w in ("Fault", "Sessions", "Last shown")]))
    rows = []
    for fault in page.faults:
        _, _, href, title = [one for one in fault.sessions if one[1] > 0.0][-1]
        rows.append(
            html.Tr([html.Th(fault.name, scope="row"), html.Td(fault.count), html.Td(dcc.Link(title, href=href))])
        )
    table = html.Div(html.Table([head, html.Tbody(rows)]), className="scrolls")
    return [
        html.H2("Faults over time"),
        html.Figure(
            [words, chart, html.Details([html.Summary("In words and numbers"), table])], className="card chart wide"
        ),
    ]


def _sessions(page: AthletePage) -> Children:
    if not page.sessions:
        return []
    more = [dcc.Link(f"Show {page.more} more", href=page.more_href, className="more")] if page.more > 0 else []
    return [
        html.H2("Sessions"),
        html.Ol([html.Li(_session(one)) for one in page.sessions], className="session-pictures"),
        *more,
    ]


def _session(one: SessionPicture) -> dcc.Link:
    return dcc.Link(
        [
            html.Img(src=one.picture, alt=""),
            html.B(one.day),
            html.Span(one.detail, className="soft"),
            html.Span(one.faults, className="soft"),
        ],
        href=one.href,
        className="session-picture",
    )
