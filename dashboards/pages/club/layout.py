"""How the club's page looks."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from markupsafe import Markup

from dashboards.charts.strips import squad_strip
from dashboards.markup import Html
from dashboards.pages.club.view_model import ClubPage, NeedCard, SquadsBlock
from dashboards.pages.tables import table, twin
from rowsense.texts.texts import Texts

Children = list[Any]
_SQUADS_HEAD = ("squad", "rowers", "middle_half", "median")
_ROWERS_HEAD = ("squad", "rower", "mean", "sessions")


def club(t: Texts, page: ClubPage, form: Markup) -> Children:
    """Who first, then squads."""
    return [
        html.H1(page.title),
        html.P(page.lead, className="lead"),
        Html(form, "card filter-bar"),
        html.H2(t("club.first")),
        *_needs(page.first, page.first_empty),
        *([dcc.Link(t("club.more", n=page.more), href=page.more_href, className="more")] if page.more else []),
        *([html.H2(t("club.better")), *_needs(page.better, "")] if page.better else []),
        *_silent(t, page),
        html.H2(t("club.squads")),
        *_squads(t, page.squads),
    ]


def nobody_yet(t: Texts, *, may_invite: bool) -> Children:
    """No rower whose season could be seen."""
    steps: Children = (
        t.parts("club.empty.invite", people=html.A(t("shell.way.people"), href="/people"))
        if may_invite
        else [t("club.empty.ask")]
    )
    return [
        html.H1(t("club.empty.head")),
        html.P(t("club.empty.lead"), className="lead"),
        html.Div(
            html.Ol(
                [
                    html.Li(steps),
                    html.Li(t("club.empty.film")),
                    html.Li(t("club.empty.then")),
                ]
            ),
            className="card",
        ),
        html.P(t("club.empty.juniors"), className="soft"),
    ]


def for_coaches_only(t: Texts) -> Children:
    """What a rower is told who asks for the page."""
    return [
        html.H1(t("club.coaches.head"), className="refusal"),
        html.P(t("club.coaches.lead"), className="lead"),
        dcc.Link(t("club.coaches.yours"), href="/"),
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


def _silent(t: Texts, page: ClubPage) -> Children:
    if not page.silent:
        return []
    rows = [
        html.Li([dcc.Link(row.name, href=row.href), " ", html.Span(row.words, className="soft")]) for row in page.silent
    ]
    return [html.H2(t("club.silent")), html.Div(html.Ul(rows, className="silent"), className="card")]


def _squads(t: Texts, block: SquadsBlock) -> Children:
    if block.empty:
        return [html.P(block.empty, className="card")]
    return [
        html.Figure(
            [
                html.H3(block.title),
                html.P(block.lead, className="soft"),
                Html(squad_strip(t, block.rows, block.unit, block.factor), "plot"),
                _tables(t, block),
            ],
            className="card chart wide",
        )
    ]


def _tables(t: Texts, block: SquadsBlock) -> html.Details:
    return twin(
        t("season_pages.in_numbers"),
        table(t("club.table.squads"), [t(f"club.table.{n}") for n in _SQUADS_HEAD], block.table),
        table(t("club.table.rowers"), [t(f"club.table.{n}") for n in _ROWERS_HEAD], block.rowers),
    )
