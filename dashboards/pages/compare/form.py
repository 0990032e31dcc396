"""Choosing what to compare. The form sends itself: what was chosen is in the address."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboards.pages.compare.asked import ANY, CUE, FIND, FIRST, FOUND, PATH, ROWERS, SECOND, STROKES, WITH, Asked
from dashboards.pages.compare.view_model import MOST_LISTED, Chooser
from dashboards.pages.sessions.list_parts import nameless_field
from rowsense.palette import FIRST_SIDE, SECOND_SIDE, hex_of
from rowsense.texts.texts import Texts

Children = list[Any]
#: From so many sessions on one looks for words [D]; fewer are in sight.
_WORTH_FINDING = 8


def choosing(t: Texts, chooser: Chooser, *, fresh: bool) -> Children:
    """The sections of the page; ``fresh``: nothing went wrong, and nothing was found yet."""
    if not chooser.sessions and not chooser.asked.find:
        return [html.P(t("compare.none_yet"), className="card")]
    quick: Children = []
    if (chooser.quick or chooser.against) and chooser.asked.one_session:
        parts: Children = [html.P(chooser.about, className="soft")]
        for title, ways in (("compare.within", chooser.quick), ("compare.with_earlier", chooser.against)):
            listed = [html.Li(dcc.Link(way.words, href=way.address)) for way in ways]
            parts += [html.H2(t(title)), html.Ul(listed)] if listed else []
        quick = [html.Section(parts, className="card choosing")]
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
                  hex_of(SECOND_SIDE), chooser.hers),
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
    named: Any = {"aria-label": t("compare.two_rowers")}
    option = html.Select(
        [html.Option(t("compare.two_rowers_yes"), value=ANY), html.Option(t("compare.two_rowers_no"), value="")],
        name=ROWERS, **named,
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
    hers: frozenset[str] = frozenset(),
) -> html.Fieldset:
    field, value, silent = strokes
    return html.Fieldset(
        [
            html.Legend([html.I(style={"background": colour}), t(f"compare.{side}")]),
            html.Label(
                [t("compare.session"), html.Select(_options(t, sessions, chosen, hers), name=name)], className="field"
            ),
            dmc.TextInput(
                name=field,
                value=value,
                label=t("compare.strokes"),
                description=t("compare.strokes_hint"),
                placeholder=silent,
            ),
        ]
    )


def _options(t: Texts, sessions: tuple[tuple[str, str], ...], chosen: str, hers: frozenset[str]) -> Children:
    """Those of the first side's rower stand together, before all others; where there are no others, alone."""
    listed = [(key, html.Option(words, value=key, selected=key == chosen)) for key, words in sessions]
    first = [option for key, option in listed if not key]
    same = [option for key, option in listed if key in hers]
    rest = [option for key, option in listed if key and key not in hers]
    if not same or not rest:
        return [option for _, option in listed]
    groups = (("compare.same_rower", same), ("compare.other_rowers", rest))
    return [*first, *(html.Optgroup(options, label=t(name)) for name, options in groups)]
