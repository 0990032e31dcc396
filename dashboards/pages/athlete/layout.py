"""How an athlete's page looks."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from markupsafe import Markup

from dashboards.charts.season_line import season_line
from dashboards.charts.strips import fault_strip, stroke_strip
from dashboards.markup import Html
from dashboards.pages.athlete.blocks import LineBlock, StrokesBlock
from dashboards.pages.athlete.load import load_section
from dashboards.pages.athlete.view_model import AthletePage, QuantityRow, SessionPicture
from dashboards.pages.tables import table, twin

Children = list[Any]


def athlete(page: AthletePage, form: Markup, back: str) -> Children:
    """What changed, the chosen quantity, her faults, her sessions. ``back``: the club's page; empty for a rower."""
    return [
        *([dcc.Link("← The club", href=back, className="back")] if back else []),
        html.H1(page.name),
        html.P(page.lead, className="lead"),
        *_unasked(page),
        *_reasons(page),
        Html(form, "card filter-bar"),
        *(_line(page.line) if page.line else [html.P(page.empty, className="card")]),
        *_strokes(page.strokes),
        *_table(page.table),
        *_faults(page),
        *load_section(page.load),
        *_sessions(page),
        html.P(f"{page.calibrations} {page.set_ups}".strip(), className="soft"),
    ]


def teaching(page: AthletePage, back: str) -> Children:
    """A rower without a session: how the first comes about."""
    return [
        *([dcc.Link("← The club", href=back, className="back")] if back else []),
        html.H1(page.name),
        html.P(page.lead, className="lead"),
        html.Div([html.H2("The season begins with a film"), html.P(page.empty)], className="card"),
    ]


def not_here() -> Children:
    """No such rower, or not to be seen."""
    return [
        html.H1("There is no such season here"),
        html.P(
            "The rower may be gone, or she is not yours to see. A junior's season shows once a guardian's consent is "
            "recorded, that of a rower whose year of birth is not known once an administrator has entered it.",
            className="lead",
        ),
        dcc.Link("To the sessions", href="/"),
    ]


def _unasked(page: AthletePage) -> Children:
    if page.unasked is None:
        return []
    words, href = page.unasked
    return [html.P([words, " ", dcc.Link("To the question", href=href)], className="question")]


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
    head = ("Session", "Mean", "19 times in 20 within", "Strokes")
    rows = [((when, href), mean, ends, strokes) for when, href, mean, ends, strokes in block.table]
    return [
        html.Figure(
            [
                html.H2(block.title),
                *(html.P(said, className="soft" if number else "big") for number, said in enumerate(block.sentences)),
                Html(season_line(block.chart), "plot"),
                html.P(
                    "A dot is a session and shows its strokes below. Its thick line is how sure the mean is; between "
                    "the ends of the thin one lie eight of ten strokes.",
                    className="soft",
                ),
                twin("All sessions in numbers", table(f"{block.title}, by session", head, rows)),
            ],
            className="card chart wide",
        )
    ]


def _strokes(block: StrokesBlock | None) -> Children:
    if block is None:
        return []
    rows = [((str(number + 1), href), title.partition(": ")[2]) for number, _, href, title in block.strokes]
    return [
        html.Figure(
            [
                html.H3([block.title, " ", dcc.Link("Open the session", href=block.href, className="soft")]),
                html.P(block.words, className="soft"),
                Html(stroke_strip(block.strokes, block.unit), "plot"),
                twin("All strokes in numbers", table(block.title, ("Stroke", "Value"), rows)),
            ],
            className="card chart wide",
            id="strokes",
        )
    ]


def _table(rows: tuple[QuantityRow, ...]) -> Children:
    if not rows:
        return []
    head = ("Quantity", "Last", "Usual", "Over this time")
    body = [(row.name if row.chosen else (row.name, row.href), row.last, row.usual, row.trend) for row in rows]
    whole = table("Everything at a glance", head, body, "glance")
    return [html.H2("Everything at a glance"), html.Div(whole, className="card")]


def _faults(page: AthletePage) -> Children:
    words = html.P(page.faults_words, className="soft")
    if page.fault_days is None or not page.faults:
        return [html.H2("Faults over time"), html.Div(words, className="card")]
    last_shown = [[one for one in fault.sessions if one[1] > 0.0][-1] for fault in page.faults]
    rows = [(fault.name, fault.count, (last[3], last[2])) for fault, last in zip(page.faults, last_shown, strict=True)]
    numbers = table("Faults over time", ("Fault", "Sessions", "Last shown"), rows)
    chart = Html(fault_strip(page.faults, *page.fault_days), "plot")
    return [
        html.H2("Faults over time"),
        html.Figure([words, chart, twin("In words and numbers", numbers)], className="card chart wide"),
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
