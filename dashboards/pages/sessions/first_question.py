"""The question that stands before a session: what did the rower feel? A plain form, so it needs nothing to load."""

from __future__ import annotations

from typing import Any, Final

from dash import dcc, html
from flask_wtf.csrf import generate_csrf

from dashboards.addresses import felt_address
from rowsense.store.tables import FELT_SKIPPED
from rowsense.texts.texts import Texts

_ANSWERS: Final = ("yes", "no", "unsure", FELT_SKIPPED)


def first_question(t: Texts, key: str) -> list[Any]:
    """Asked once; then the session is shown, with the answer beside what was measured."""
    token = dcc.Input(type="hidden", name="csrf_token", value=generate_csrf())
    buttons = [_button(said, t(f"sessions.felt.{said}"), "tool") for said in _ANSWERS]
    form = html.Form([token, html.Div(buttons, className="answers")], action=felt_address(key), method="POST")
    return [
        dcc.Link(t("sessions.all"), href="/", className="back"),
        html.H1(t("sessions.felt.head")),
        html.P(t("sessions.felt.lead"), className="lead"),
        html.Section([html.H2(t("sessions.felt.question")), form], className="card"),
        html.P(t("sessions.felt.why"), className="soft"),
    ]


def _button(said: str, words: str, kind: str) -> html.Button:
    return html.Button(words, type="submit", name="answer", value=said, className=kind)
