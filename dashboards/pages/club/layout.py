"""How the club's page looks."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from markupsafe import Markup

from dashboards.charts.strips import squad_strip
from dashboards.markup import Html
from dashboards.pages.club.view_model import ClubPage, NeedCard, SquadsBlock
from dashboards.pages.tables import table, twin

Children = list[Any]


def club(page: ClubPage, form: Markup) -> Children:
    """Who first, then squads."""
    return [
        html.H1(page.title),
        html.P(page.lead, className="lead"),
        Html(form, "card filter-bar"),
        html.H2("Who needs you first"),
        *_needs(page.first, page.first_empty),
        *([dcc.Link(f"Show {page.more} more", href=page.more_href, className="more")] if page.more else []),
        *([html.H2("Changed for the better"), *_needs(page.better, "")] if page.better else []),
        *_silent(page),
        html.H2("Squads side by side"),
        *_squads(page.squads),
    ]


def nobody_yet(*, may_invite: bool) -> Children:
    """No rower whose season could be seen."""
    steps: Children = (
        ["Take in the roster under ", html.A("People", href="/people"), ", and invite coaches and rowers."]
        if may_invite
        else ["An administrator of your club puts rowers into your squads with the roster."]
    )
    return [
        html.H1("No rowers here yet"),
        html.P("This page says who needs you first, and how squads lie beside each other.", className="lead"),
        html.Div(
            html.Ol(
                [
                    html.Li(steps),
                    html.Li("Film each rower from the side about once a week, ten strokes or more."),
                    html.Li("After three sessions in four weeks and three in the eight before, this page can compare."),
                ]
            ),
            className="card",
        ),
        html.P(
            "Juniors show once a guardian's consent is recorded, others once their birth year is.", className="soft"
        ),
    ]


def for_coaches_only() -> Children:
    """What a rower is told who asks for the page."""
    return [
        html.H1("This page is for coaches"),
        html.P("It puts rowers beside each other. Yours is your own season.", className="lead"),
        dcc.Link("Your sessions", href="/"),
    ]


def _needs(cards: tuple[NeedCard, ...], empty: str) -> Children:
    if not cards:
        return [html.P(empty, className="card")]
    return [html.Ol([html.Li(_need(card)) for card in cards], className="needs")]


def _need(card: NeedCard) -> dcc.Link:
    head = html.H3(
        [
            card.name,
            " ",
            html.Span(card.tag, className=f"severity{' good' if card.better else ''}"),
            " ",
            html.Span(card.squads, className="soft"),
        ]
    )
    return dcc.Link([head, *(html.P(sentence) for sentence in card.sentences)], href=card.href, className="card need")


def _silent(page: ClubPage) -> Children:
    if not page.silent:
        return []
    rows = [
        html.Li([dcc.Link(row.name, href=row.href), " ", html.Span(row.words, className="soft")]) for row in page.silent
    ]
    return [html.H2("Not filmed for four weeks"), html.Div(html.Ul(rows, className="silent"), className="card")]


def _squads(block: SquadsBlock) -> Children:
    if block.empty:
        return [html.P(block.empty, className="card")]
    return [
        html.Figure(
            [
                html.H3(block.title),
                html.P(block.lead, className="soft"),
                Html(squad_strip(block.rows, block.unit, block.factor), "plot"),
                _tables(block),
            ],
            className="card chart wide",
        )
    ]


def _tables(block: SquadsBlock) -> html.Details:
    rowers = [(squad, (name, href), value, sessions) for squad, name, href, value, sessions in block.rowers]
    return twin(
        "In words and numbers",
        table("Squads", ("Squad", "Rowers", "Middle half of strokes", "Median"), block.table),
        table("Rowers", ("Squad", "Rower", "Mean", "Sessions"), rowers),
    )
