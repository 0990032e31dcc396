"""How an athlete's page looks."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from markupsafe import Markup

from dashboards.charts.season_line import season_line
from dashboards.charts.spark import spark
from dashboards.charts.strips import stroke_strip
from dashboards.markup import Html, tag
from dashboards.pages.athlete.blocks import LineBlock, StrokesBlock
from dashboards.pages.athlete.faults import faults_section
from dashboards.pages.athlete.load import load_section
from dashboards.pages.athlete.tried import tried_section
from dashboards.pages.athlete.view_model import AthletePage, QuantityRow, SessionPicture
from dashboards.pages.tables import table, twin
from rowsense.texts.texts import Texts

Children = list[Any]


def athlete(t: Texts, page: AthletePage, form: Markup, back: str) -> Children:
    """What changed, the chosen quantity, her faults, her sessions. ``back``: the club's page; empty for a rower."""
    return [
        *([dcc.Link(t("athlete.back"), href=back, className="back")] if back else []),
        html.H1(page.name),
        html.P(page.lead, className="lead"),
        html.P(dcc.Link(t("seasons.to_page"), href=page.seasons), className="ways-on"),
        *_unasked(t, page),
        *_reasons(t, page),
        Html(form, "card filter-bar"),
        *(_line(t, page.line) if page.line else [html.P(page.empty, className="card")]),
        *_strokes(t, page.strokes),
        *(tried_section(t, page.tried) if page.line else []),
        *_table(t, page.table),
        *faults_section(t, page.faults),
        *load_section(t, page.load),
        *_sessions(t, page),
        *_calibrations(t, page),
        *([html.P(page.set_ups, className="soft")] if page.set_ups else []),
    ]


def _calibrations(t: Texts, page: AthletePage) -> Children:
    """The newest in words, the others by their days, and the way to all of them."""
    said = [html.P(words, className="soft") for words in page.calibrations]
    way = [html.P(html.A(t("calibrations.on_page"), href=page.calibrations_page))] if page.calibrations_page else []
    return [html.H2(t("calibrations.title")), html.Div([*said, *way], className="card")]


def teaching(t: Texts, page: AthletePage, back: str) -> Children:
    """A rower without a session: how the first comes about."""
    return [
        *([dcc.Link(t("athlete.back"), href=back, className="back")] if back else []),
        html.H1(page.name),
        html.P(page.lead, className="lead"),
        html.Div([html.H2(t("athlete.begins")), html.P(page.empty)], className="card"),
        *_calibrations(t, page),
    ]


def not_here(t: Texts) -> Children:
    """No such rower, or not to be seen."""
    return [
        html.H1(t("athlete.not_here.head"), className="refusal"),
        html.P(
            t("athlete.not_here.lead"),
            className="lead",
        ),
        dcc.Link(t("athlete.to_sessions"), href="/"),
    ]


def _unasked(t: Texts, page: AthletePage) -> Children:
    if page.unasked is None:
        return []
    words, href = page.unasked
    return [html.P([words, " ", dcc.Link(t("athlete.to_question"), href=href)], className="question")]


def _reasons(t: Texts, page: AthletePage) -> Children:
    if not page.reasons:
        return [html.P(page.reasons_empty, className="question")]
    return [
        html.Section(
            [html.H2(t("athlete.stands_out")), html.Ul([html.Li(reason) for reason in page.reasons])],
            className="card reasons",
        )
    ]


def _line(t: Texts, block: LineBlock) -> Children:
    head = [t(f"athlete.head.{name}") for name in ("session", "mean", "within", "strokes")]
    rows = [((when, href), mean, ends, strokes) for when, href, mean, ends, strokes in block.table]
    return [
        html.Figure(
            [
                html.H2(block.title),
                *(html.P(said, className="soft" if number else "big") for number, said in enumerate(block.sentences)),
                Html(season_line(t, block.chart), "plot"),
                html.P(
                    t("athlete.dots"),
                    className="soft",
                ),
                twin(t("athlete.all_sessions"), table(t("athlete.by_session", name=block.title), head, rows)),
            ],
            className="card chart wide",
        )
    ]


def _strokes(t: Texts, block: StrokesBlock | None) -> Children:
    if block is None:
        return []
    rows = [((str(number + 1), href), title.partition(": ")[2]) for number, _, href, title in block.strokes]
    return [
        html.Figure(
            [
                html.H3([block.title, " ", dcc.Link(t("athlete.open_session"), href=block.href, className="soft")]),
                html.P(block.words, className="soft"),
                Html(stroke_strip(t, block.strokes, block.unit), "plot"),
                twin(
                    t("athlete.all_strokes"),
                    table(block.title, (t("athlete.head.stroke"), t("athlete.head.value")), rows),
                ),
            ],
            className="card chart wide",
            id="strokes",
        )
    ]


def _table(t: Texts, rows: tuple[QuantityRow, ...]) -> Children:
    if not rows:
        return []
    head = [t(f"athlete.head.{name}") for name in ("quantity", "course", "last", "usual", "over")]
    body = [
        (row.name if row.chosen else (row.name, row.href), tag("div", spark(row.points, row.band), class_="spark"),
         _last(row), row.usual, row.trend)
        for row in rows
    ]  # fmt: skip
    whole = table(t("athlete.glance"), head, body, "glance", t("athlete.usual_short"))
    return [html.H2(t("athlete.glance")), html.Div(whole, className="card")]


def _last(row: QuantityRow) -> Markup:
    within = (tag("br"), tag("small", row.within, class_="soft")) if row.within else ()
    return tag("span", row.last, *within)


def _sessions(t: Texts, page: AthletePage) -> Children:
    if not page.sessions:
        return []
    more = [dcc.Link(t("athlete.more", n=page.more), href=page.more_href, className="more")] if page.more > 0 else []
    return [
        html.H2(t("athlete.sessions")),
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
