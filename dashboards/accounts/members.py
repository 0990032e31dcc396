"""What members are and which rowers are in which squads, changed by an administrator after they have joined."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal_sentence
from rowsense.errors import StoreError
from rowsense.store.members import Standing, bring_back_member, change_member, remove_member, standing_of
from rowsense.store.people import people_of
from rowsense.store.scope import ClubScope
from rowsense.store.squads import add_squad, put_into_squads, remove_squad, rename_squad
from rowsense.store.tables import ATHLETE, COACH

members = Blueprint("members", __name__)
Answer = Response | tuple[str, int]
_NO_MEMBER: Final = "there is no such member any more"
_NO_ROWER: Final = "this rower is not there any more; load the page again"


@members.get("/people/member/<uuid:key>")
def show(key: uuid.UUID) -> str:
    """One member, and what can be made of her."""
    return _member_page(key, [])


@members.post("/people/member/<uuid:key>", endpoint="change")
def change_role(key: uuid.UUID) -> Answer:
    """Another role, other squads, another rower."""

    def do() -> None:
        role = request.form.get("role", "")
        athlete = request.form.get("athlete", "")
        squads = tuple(map(_key, request.form.getlist("squads"))) if role == COACH else ()
        new = Standing(role, squads, _key(athlete) if role == ATHLETE and athlete else None)
        before = change_member(store().database, _scope(), key, replace(new, suspended=_standing(key).suspended), _me())
        fields = {"role": before.role, "squads": [str(one) for one in before.squads]}
        _said("people.said.changed", fields | {"athlete": str(before.athlete_id or "")})

    return _done(do, lambda problems: _member_page(key, problems))


@members.post("/people/member/<uuid:key>/suspend")
def suspend(key: uuid.UUID) -> Answer:
    """Let her in nowhere, or let her in again."""

    def do() -> None:
        suspended = request.form.get("suspended") == "yes"
        change_member(store().database, _scope(), key, replace(_standing(key), suspended=suspended), _me())
        words = "people.said.suspended" if suspended else "people.said.let_in"
        _said(words, {"suspended": "no" if suspended else "yes"})

    return _done(do, lambda problems: _member_page(key, problems))


@members.post("/people/remove/<uuid:key>")
def remove(key: uuid.UUID) -> Answer:
    """Take a member out of the club."""

    def do() -> None:
        remove_member(store().database, _scope(), key, _me())
        _said("people.said.out", {}, url_for("members.bring_back", key=key))

    return _done(do, lambda problems: _member_page(key, problems))


@members.post("/people/bring-back/<uuid:key>")
def bring_back(key: uuid.UUID) -> Answer:
    """Undo that."""

    def do() -> None:
        bring_back_member(store().database, _scope(), key, _me())
        flash(texts()("people.said.back"))

    return _done(do, _people_page)


@members.get("/people/rower/<uuid:key>")
def squads_of(key: uuid.UUID) -> str:
    """The squads of one rower."""
    return _rower_page(key, [])


@members.post("/people/rower/<uuid:key>")
def move(key: uuid.UUID) -> Answer:
    """Put her into other squads."""

    def do() -> None:
        squads = tuple(map(_key, request.form.getlist("squads")))
        before = put_into_squads(store().database, _scope(), key, squads, _me())
        _said("people.said.moved", {"squads": [str(one) for one in before]})

    return _done(do, lambda problems: _rower_page(key, problems))


@members.post("/people/squads")
def new_squad() -> Answer:
    """Make a squad."""

    def do() -> None:
        add_squad(store().database, _scope(), request.form.get("name", ""), _me())
        flash(texts()("people.said.squad"))

    return _done(do, _people_page)


@members.post("/people/squads/<uuid:key>")
def name_squad(key: uuid.UUID) -> Answer:
    """Give it another name."""

    def do() -> None:
        before = rename_squad(store().database, _scope(), key, request.form.get("name", ""), _me())
        _said("people.said.squad_named", {"name": before})

    return _done(do, _people_page)


@members.post("/people/squads/<uuid:key>/remove")
def drop_squad(key: uuid.UUID) -> Answer:
    """Take an empty one away."""

    def do() -> None:
        remove_squad(store().database, _scope(), key, _me())
        flash(texts()("people.said.squad_gone"))

    return _done(do, _people_page)


def _done(do: Callable[[], None], again: Callable[[list[str]], str]) -> Answer:
    """Do it and go to the page of the people; or the page of before, with what is wrong."""
    try:
        do()
    except StoreError as error:
        return again([refusal_sentence(texts(), error)]), 422
    return redirect(url_for("people.show"))


def _said(words: str, before: dict[str, Any], action: str = "") -> None:
    """Say that it is done, and offer the way back."""
    if request.form.get("undo"):
        flash(texts()("settings.undone"))
        return
    flash(texts()(words))
    flash(json.dumps({"action": action or request.path, "fields": before}), "undo")


def _member_page(key: uuid.UUID, problems: Sequence[str]) -> str:
    club = people_of(store().database, _scope())
    found = next((one for one in club.members if one.user_id == key), None)
    if found is None:
        return _people_page(list(problems) or [refusal_sentence(texts(), StoreError(_NO_MEMBER))])
    chosen = set(request.form.getlist("squads")) if problems else {str(one) for one in found.squad_ids}
    return render_template(
        "accounts/member.html",
        club=club,
        one=found,
        myself=key == _me(),
        role=request.form.get("role", found.role) if problems else found.role,
        chosen=chosen,
        problems=problems,
    )


def _rower_page(key: uuid.UUID, problems: Sequence[str]) -> str:
    club = people_of(store().database, _scope())
    found = next((one for one in club.athletes if one.id == key), None)
    if found is None:
        return _people_page(list(problems) or [refusal_sentence(texts(), StoreError(_NO_ROWER))])
    return render_template("accounts/rower_squads.html", club=club, one=found, problems=problems)


def _people_page(problems: list[str]) -> str:
    from dashboards.accounts.people import people_page  # which names these routes in its template

    return people_page(problems)


def _standing(key: uuid.UUID) -> Standing:
    with store().database.reading(_scope()) as unit:
        found = standing_of(unit, key)
    if found is None:
        raise StoreError(_NO_MEMBER)
    return found


def _scope() -> ClubScope:
    return ClubScope(signed_in_viewer().club_id)


def _me() -> uuid.UUID:
    return signed_in_viewer().user_id


def _key(written: str) -> uuid.UUID:
    try:
        return uuid.UUID(written)
    except ValueError:
        raise StoreError("this form was changed on the way; load the page again") from None
