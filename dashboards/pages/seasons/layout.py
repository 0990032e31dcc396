"""How the page looks. Its form sends itself: what was chosen is in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import dcc, html
from markupsafe import Markup

from dashboards.charts.two_sides import pair_line, two_means
from dashboards.markup import Html, joined, tag
from dashboards.pages.filters import Option
from dashboards.pages.names_box import names_box
from dashboards.pages.seasons.asked import FIRST, FROM, KIND, PATH, QUANTITY, RATE, SECOND, TO, Asked
from dashboards.pages.seasons.view_model import Row, SeasonsPage, Side
from dashboards.pages.tables import Cell, table
from rowsense.season.vocabulary import piece_name
from rowsense.store.behind import RATES
from rowsense.texts.texts import Texts

Children = list[Any]


@dataclass(frozen=True, slots=True)
class Chooser:
    """What can be chosen, and what was."""

    asked: Asked
    rowers: tuple[Option, ...]
    """Keys and names; one alone is not asked for."""
    two: bool
    """Whether one rower may be held against another."""
    kinds: Sequence[str]
    names_settled: bool
    quick: tuple[tuple[str, str], ...] = ()


def seasons(t: Texts, chooser: Chooser, page: SeasonsPage | None, problem: str = "") -> Children:
    """The form, and what was found; ``problem``: why there is nothing."""
    head = page.title if page else t("seasons.head_page")
    return [
        dcc.Link(t("seasons.back"), href="/compare", className="back"),
        html.H1(head),
        html.P(t("seasons.lead"), className="lead"),
        Html(_form(t, chooser), "card filter-bar"),
        *_quick(t, chooser),
        *([html.P(problem, className="card", role="alert")] if problem else []),
        *(_found(t, page) if page else []),
    ]


def nobody(t: Texts) -> Children:
    """No rower whose season could be seen."""
    return [
        html.H1(t("seasons.head_page")),
        html.P(t("seasons.nobody"), className="card"),
        dcc.Link(t("athlete.to_sessions"), href="/"),
    ]


def _quick(t: Texts, chooser: Chooser) -> Children:
    if not chooser.quick:
        return []
    ways = [dcc.Link(words, href=address) for words, address in chooser.quick]
    return [html.P([html.Span(t("seasons.quick.lead")), *ways], className="ways-on")]


def _form(t: Texts, chooser: Chooser) -> Markup:
    asked = chooser.asked
    kept = tag("input", type="hidden", name=QUANTITY, value=asked.quantity)
    fields = [_side(t, chooser, i) for i in (0, 1)]
    kinds = [("", t("season_pages.filter.all_kinds")), *((kind, piece_name(t, kind)) for kind in chooser.kinds)]
    rates = [("", t("season_pages.filter.all_rates")), *((one, t(f"season_pages.rate.{one}")) for one in RATES)]
    return tag(
        "form", kept, *fields, _select(t("season_pages.filter.kind"), KIND, kinds, asked.kind),
        _select(t("season_pages.filter.rate"), RATE, rates, asked.rate),
        names_box(t, asked.names_hidden, settled=chooser.names_settled),
        tag("button", t("seasons.go"), type="submit", class_="tool go"),
        action=PATH, method="get", class_="filters seasons-form", aria_label=t("seasons.form"),
    )  # fmt: skip


def _side(t: Texts, chooser: Chooser, side: int) -> Markup:
    asked, word = chooser.asked, ("first", "second")[side]
    chosen = str((asked.first, asked.second)[side] or "")
    rowers = chooser.rowers
    if side:
        rowers = (("", t("seasons.same")), *(rowers if chooser.two else ()))
    # What is said is kept; left empty, the usual weeks hold, which stand with what was found.
    first, last = asked.days[side]
    fields = [
        *([_select(t("seasons.rower"), (FIRST, SECOND)[side], rowers, chosen)] if len(chooser.rowers) > 1 else []),
        _day(t("season_pages.filter.from"), FROM[side], first),
        _day(t("season_pages.filter.to"), TO[side], last),
    ]
    if len(chooser.rowers) == 1 and not side:
        fields.append(tag("input", type="hidden", name=FIRST, value=chooser.rowers[0][0]))
    legend = tag("legend", tag("i", class_=f"swatch side-{word}"), t(f"compare.{word}"))
    return tag("fieldset", legend, *fields, class_="side")


def _select(label: str, name: str, options: Sequence[Option], chosen: str) -> Markup:
    listed = joined(tag("option", words, value=value, selected=value == chosen) for value, words in options)
    return tag("label", tag("span", label), tag("select", listed, name=name), class_="field")


def _day(label: str, name: str, value: date | None) -> Markup:
    shown = value.isoformat() if value else None
    return tag("label", tag("span", label), tag("input", type="date", name=name, value=shown), class_="field")


def _found(t: Texts, page: SeasonsPage) -> Children:
    return [
        html.Div([_about(t, side, word) for side, word in zip(page.sides, ("first", "second"), strict=True)],
                 className="season-sides"),
        html.Section(
            [html.H2(page.head), *([html.Ul([html.Li(one) for one in page.sentences])] if page.sentences else [])],
            className="card headline",
        ),
        *_chart(t, page),
        *(child for title, rows in page.groups for child in _group(t, title, rows, page.sides)),
        html.H2(t("seasons.reading")),
        html.Ul([html.Li(note) for note in page.notes], className="soft"),
    ]  # fmt: skip


def _about(t: Texts, side: Side, word: str) -> html.P:
    return html.P(
        [
            html.I(className=f"swatch side-{word}"),
            html.B(f"{t(f'compare.{word}')}: {side.name}"),
            html.Span(side.days, className="soft"),
            dcc.Link(side.sessions, href=side.href),
        ]
    )


def _chart(t: Texts, page: SeasonsPage) -> Children:
    if page.pair is None:
        return []
    return [
        html.Figure(
            [
                html.H2(page.chart_title),
                html.P(t("seasons.course_how"), className="soft"),
                Html(pair_line(t, page.pair), "plot"),
            ],
            className="card chart wide",
        )
    ]


def _group(t: Texts, title: str, rows: tuple[Row, ...], sides: tuple[Side, Side]) -> Children:
    head = [
        t("athlete.head.quantity"), t("seasons.drawn"), t("compare.first"), t("compare.second"),
        t("seasons.difference"), t("seasons.verdict_head"),
    ]  # fmt: skip
    body: list[Sequence[Cell]] = [
        (
            (row.name, row.href) if row.href and not row.chosen else row.name,
            tag("div", two_means(*row.ends), class_="spark"),
            _cell(row.first.value, row.first.within, "side-first"),
            _cell(row.second.value, row.second.within, "side-second"),
            _told(row.difference, row.clear),
            _told(row.verdict, row.clear),
        )
        for row in rows
    ]
    return [html.H2(title), html.Div(table(title, head, body, "two-seasons"), className="card")]


def _cell(value: str, within: str, side: str) -> Markup:
    more = [tag("br"), tag("small", within, class_="soft")] if within else []
    return tag("span", value, *more, class_=f"of-side {side}")


def _told(words: str, clear: bool) -> Markup | str:
    return tag("b", words) if clear else words
