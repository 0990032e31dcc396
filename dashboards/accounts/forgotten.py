"""A lost password: a link by mail, where mail is sent. Whether somebody has the address is told to nobody."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request

from dashboards.accounts.attempts import tried_too_often
from dashboards.accounts.offers import mails
from dashboards.accounts.viewing import store
from dashboards.texts.reader import texts
from rowsense.store.outbox import ask_for_password

forgotten = Blueprint("forgotten", __name__)
#: Requests within a quarter of an hour, for one address and from one place, behind which a whole club may stand [D].
SAME_ADDRESS: Final = 3
SAME_PLACE: Final = 20


@forgotten.get("/forgotten")
def ask() -> str:
    """Which address it is."""
    return render_template("accounts/forgotten.html", problems=[], mails=mails())


@forgotten.post("/forgotten")
def send() -> str | tuple[str, int]:
    """Let a link be mailed; the answer is the same for every address."""
    email = request.form.get("email", "").strip().lower()
    if not mails() or "@" not in email[1:] or len(email) > 254:
        problems = [texts()("second_step.lost.email")] if mails() else []
        return render_template("accounts/forgotten.html", problems=problems, mails=mails()), 422
    limits = {f"forgotten {email}": SAME_ADDRESS, f"forgotten from {request.remote_addr or ''}": SAME_PLACE}
    if waiting := tried_too_often(limits):
        return render_template("accounts/forgotten.html", problems=[waiting], mails=True), 429
    ask_for_password(store().database, email, limits)
    return render_template("accounts/forgotten.html", problems=[], mails=True, email=email)
