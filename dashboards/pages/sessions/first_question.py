"""The question that stands before a session: what did the rower feel? A plain form, so it needs nothing to load."""

from __future__ import annotations

from typing import Any, Final

from dash import dcc, html
from flask_wtf.csrf import generate_csrf

from dashboards.addresses import felt_address
from rowsense.store.tables import FELT_SKIPPED

QUESTION: Final = "Could you feel it when your hips tipped back?"
_ANSWERS: Final = (("yes", "Yes, I felt it"), ("no", "No, I did not"), ("unsure", "I am not sure"))


def first_question(key: str) -> list[Any]:
    """Asked once; then the session is shown, with the answer beside what was measured."""
    token = dcc.Input(type="hidden", name="csrf_token", value=generate_csrf())
    buttons = [_button(said, words, "tool") for said, words in (*_ANSWERS, (FELT_SKIPPED, "I would rather not say"))]
    form = html.Form([token, html.Div(buttons, className="answers")], action=felt_address(key), method="POST")
    return [
        dcc.Link("← All sessions", href="/", className="back"),
        html.H1("First, what did you feel?"),
        html.P(
            "Before you see what was measured. Feeling and film often differ, and both are worth knowing.",
            className="lead",
        ),
        html.Section([html.H2(QUESTION), form], className="card"),
        html.P(
            "Tipped back: the pelvis rolls back under you and the low back rounds. Your answer is kept and stands "
            "beside the measurement; you and your coach see it. It is asked once.",
            className="soft",
        ),
    ]


def _button(said: str, words: str, kind: str) -> html.Button:
    return html.Button(words, type="submit", name="answer", value=said, className=kind)
