"""One's own account: where one is signed in, and signing out there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from dashboards.accounts.offers import mails
from dashboards.accounts.viewing import own_clubs, sign_in, signed_in_viewer, store
from dashboards.texts.reader import remember_language, texts
from rowsense.store.accounts import end_sign_ins, set_language, sign_ins_of, want_note_mail
from rowsense.store.api_tokens import LIFETIMES_DAYS, tokens_of
from rowsense.texts.catalogue import LANGUAGES, OWN_NAMES

accounts = Blueprint("accounts", __name__)


@accounts.get("/account")
def show() -> str:
    """Who one is, all browsers in which one is signed in, and tokens of programs."""
    return account_page()


def account_page(new_token: str = "", problems: Sequence[str] = (), written: Mapping[str, Any] | None = None) -> str:
    """The page; with a token that was just made, or with what is wrong with the one that was asked for."""
    here = sign_in()
    viewer = signed_in_viewer()
    return render_template(
        "accounts/account.html",
        user=current_user,
        viewer=viewer,
        sign_ins=sign_ins_of(store().database, current_user.id),
        here=here.id if here is not None else None,
        languages=OWN_NAMES,
        tokens=tokens_of(store().database, viewer.club_id, viewer.user_id),
        lifetimes=LIFETIMES_DAYS,
        now=datetime.now(UTC),
        new_token=new_token,
        problems=problems,
        written=written or {},
        clubs=own_clubs(),
        has_second_step=current_user.second_step is not None,
        mails=mails(),
    )


@accounts.post("/account/language")
def language() -> Response:
    """Keep the language that one reads the pages in; the browser keeps it too, for the page to sign in."""
    chosen = request.form.get("language", "")
    if chosen and chosen not in LANGUAGES:
        abort(400)
    set_language(store().database, current_user.id, chosen or None)
    current_user.language = chosen or None
    g.pop("texts", None)  # what follows is said in the new one
    flash(texts()("accounts.you.language_kept"))
    answer = redirect(url_for("accounts.show"))
    remember_language(answer, chosen)
    return answer


@accounts.post("/account/end/<uuid:key>")
def end(key: uuid.UUID) -> Response:
    """Sign one browser out."""
    end_sign_ins(store().database, current_user.id, only=key)
    flash(texts()("accounts.you.device_out"))
    return redirect(url_for("accounts.show"))


@accounts.post("/account/end-others")
def end_others() -> Response:
    """Sign all other browsers out."""
    here = sign_in()
    end_sign_ins(store().database, current_user.id, but=here.id if here is not None else None)
    flash(texts()("accounts.you.others_out"))
    return redirect(url_for("accounts.show"))


@accounts.post("/account/note-mail")
def note_mail() -> Response:
    """Want mail about notes, or none."""
    wanted = request.form.get("wanted") == "yes"
    want_note_mail(store().database, current_user.id, wanted)
    flash(texts()("accounts.you.mail_said_on" if wanted else "accounts.you.mail_said_off"))
    return redirect(url_for("accounts.show"))


def browser_name(agent: str) -> str:
    """What people call a browser, from what it calls itself; good enough to tell one's own devices apart."""
    # In this order: the later ones are in what the earlier ones call themselves.
    browsers = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
    called = {"Edg": "Edge", "OPR": "Opera"}
    systems = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac": "Mac"}
    browser = next((called.get(name, name) for name in browsers if name in agent), texts()("accounts.browser.other"))
    system = next((words for name, words in {**systems, "Linux": "Linux"}.items() if name in agent), "")
    return texts()("accounts.browser.on", browser=browser, system=system) if system else browser
