"""The page *Catalogue*: for those who coach to read, for administrators to change."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.catalogue.cards import fault_card, level_label, style_label
from dashboards.catalogue.forms import (
    Asked,
    Sent,
    bare,
    defaults_asked,
    fault_asked,
    fields_of,
    metric_groups,
    own_asked,
    own_values,
    said,
    without_fault,
)
from dashboards.catalogue.previewing import preview_lines
from dashboards.catalogue.rejudging import rejudging_of
from dashboards.catalogue.view_model import catalogue_page
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal_sentence
from rowsense.assess.catalogue import Catalogue, load_catalogue
from rowsense.assess.changes import OWN, changed_catalogue, own_id
from rowsense.assess.definitions import Fault
from rowsense.errors import CatalogueError, StoreError
from rowsense.jobs.looking import newest_of_kind
from rowsense.jobs.requests import RESCORE, ask_for_rescoring
from rowsense.report.words import sentence
from rowsense.store.catalogues import (
    ClubCatalogue,
    catalogue_versions,
    current_catalogue,
    judged,
    restore_catalogue,
    save_catalogue,
)
from rowsense.store.scope import ClubScope
from rowsense.store.tables import ADMINISTRATOR
from rowsense.texts.measures import fault_label, fault_words_label

catalogue = Blueprint("catalogue", __name__)
Answer = WerkzeugResponse | str | tuple[str, int]


@catalogue.get("/catalogue")
def show() -> str:
    """Every fault, versions, and how sessions stand."""
    return _page([])


@catalogue.get("/catalogue/fault/<name>")
def ask(name: str) -> str:
    """The form of a fault, or of an own rule."""
    return _form(name, [])


@catalogue.post("/catalogue/fault/<name>")
def change(name: str) -> Answer:
    """Save what the form says."""
    return _save(name, _asked(_current(), name))


@catalogue.get("/catalogue/rule")
def ask_rule() -> str:
    """The form of a new rule of the club's own."""
    return _form("", [])


@catalogue.post("/catalogue/rule")
def add_rule() -> Answer:
    """Save it."""
    return _save("", _asked(_current(), ""))


@catalogue.post("/catalogue/back/<name>")
def as_it_comes(name: str) -> Answer:
    """A fault as RowSense comes with it; an own rule goes."""
    now = _current()
    known = _fault(now, name)
    t, own = texts(), name.startswith(OWN)
    words = t("catalogue.note.removed" if own else "catalogue.note.as_it_comes", fault=_named(known))
    return _saved(Asked(without_fault(now.changes, name), note=words))


@catalogue.post("/catalogue/defaults")
def defaults() -> Answer:
    """Style and level that hold where a rower has none of her own."""
    asked = defaults_asked(texts(), _current().changes, load_catalogue(), _sent())
    t, form = texts(), request.form
    style, level = style_label(t, form.get("style", "")), level_label(t, form.get("level", ""))
    note = t("catalogue.note.usual", style=style, level=level)
    return _page(list(asked.problems)) if asked.problems else _saved(Asked(asked.changes, note=note))


@catalogue.post("/catalogue/go-back/<int:number>")
def go_back(number: int) -> Answer:
    """An earlier version holds again."""
    try:
        made = restore_catalogue(store().database, _scope(), number, after=_based_on(), by=_me())
    except StoreError as error:
        return _page([refusal_sentence(texts(), error)]), 409
    _judge_again(made)
    return redirect(url_for("catalogue.show"))


@catalogue.post("/catalogue/judge-again", endpoint="judge_again")
def ask_again() -> Answer:
    """Ask for stored sessions to be judged by what holds now."""
    with store().database.writing(_scope()) as unit:
        ask_for_rescoring(unit, current_catalogue(unit).number)
    flash(texts()("catalogue.asked_again"))
    return redirect(url_for("catalogue.show"))


@catalogue.get("/catalogue/progress")
def progress() -> dict[str, Any]:
    """How far judging again is."""
    with store().database.reading(_scope()) as unit:
        found = judged(unit)
    told = rejudging_of(texts(), found, newest_of_kind(store().database, _scope(), RESCORE))
    return {"words": told.words, "share": told.share}


@catalogue.post("/catalogue/preview")
def preview() -> Response:
    """What saving a form would change, while it is worked out."""
    now, form = _current(), request.form.get("form", "")
    if form == "defaults":
        asked = defaults_asked(texts(), now.changes, load_catalogue(), _sent())
    else:
        asked = _asked(now, form)
    if asked.problems:
        return Response(_problem_line(asked.problems), mimetype="application/x-ndjson")
    lines = preview_lines(texts(), store(), _scope(), asked.changes)
    answer = Response(lines, mimetype="application/x-ndjson")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _problem_line(problems: tuple[str, ...]) -> str:
    return json.dumps({"problems": list(problems)}) + "\n"


def _asked(now: ClubCatalogue, name: str) -> Asked:
    """What the form that was sent asks for; ``name`` empty: a new rule."""
    if not name or name.startswith(OWN):
        if name:
            _fault(now, name)
        return own_asked(texts(), now.changes, name, _sent())
    return fault_asked(texts(), now.changes, _fault(now, name), _shipped(name), load_catalogue(), _sent())


def _save(name: str, asked: Asked) -> Answer:
    if asked.problems:
        return _form(name, list(asked.problems)), 422
    if asked.changes == _current().changes:
        flash(texts()("catalogue.saved_nothing"))
        return redirect(url_for("catalogue.show"))
    return _saved(asked, name)


def _saved(asked: Asked, name: str | None = None) -> Answer:
    try:
        number = save_catalogue(store().database, _scope(), asked.changes, after=_based_on(), note=asked.note, by=_me())
    except StoreError as error:
        problems = [refusal_sentence(texts(), error)]
        return (_page(problems) if name is None else _form(name, problems)), 409
    _judge_again(number)
    return redirect(url_for("catalogue.show"))


def _judge_again(number: int) -> None:
    again = False
    with store().database.writing(_scope()) as unit:
        older = judged(unit).older
        if older and request.form.get("again"):
            ask_for_rescoring(unit, number)
            again = True
    flash(texts()("catalogue.now_holds_again" if again else "catalogue.now_holds", number=number))


def _page(problems: list[str]) -> str:
    with store().database.reading(_scope()) as unit:
        versions, found = catalogue_versions(unit), judged(unit)
    t, now = texts(), versions[0] if versions else ClubCatalogue()
    job = newest_of_kind(store().database, _scope(), RESCORE)
    whole = told = load_catalogue()
    try:
        told, whole = changed_catalogue(now.changes), bare(now.changes)
    except CatalogueError as error:
        problems = [*problems, t("catalogue.misfit"), *(said(t, one) for one in error.problems)]
    page = catalogue_page(t, whole, load_catalogue(), versions, rejudging_of(texts(), found, job))
    return render_template(
        "catalogue/catalogue.html",
        page=page,
        style=told.style,
        level=told.level,
        said={"style": style_label(t, told.style), "level": level_label(t, told.level)},
        problems=problems,
        may_change=signed_in_viewer().role == ADMINISTRATOR,
    )


def _form(name: str, problems: list[str]) -> str:
    now = _current()
    sent = _sent() if request.method == "POST" else None
    common = {"problems": problems, "number": now.number, "note": sent.get("note") if sent else "", "name": name}
    if not name or name.startswith(OWN):
        rule = next((one for one in now.changes.get("own", []) if own_id(one["name"]) == name), None)
        if name and rule is None:
            abort(404)
        groups = metric_groups(texts(), load_catalogue())
        return render_template("catalogue/own.html", values=own_values(rule, sent), groups=groups, **common)
    fault, whole = _fault(now, name), _whole(now)
    shipped = _shipped(name)
    return render_template(
        "catalogue/fault.html",
        card=fault_card(texts(), fault, shipped, whole, fault != shipped),
        fields=fields_of(texts(), fault, whole, sent),
        unseen=fault_words_label(texts(), "unseen", name, shipped.unseen),
        **common,
    )


def _fault(now: ClubCatalogue, name: str) -> Fault:
    return next((one for one in _whole(now).faults if one.id == name), None) or abort(404)


def _whole(now: ClubCatalogue) -> Catalogue:
    """The club's catalogue; where it does not fit any more, the page says so and how to mend it."""
    try:
        return bare(now.changes)
    except CatalogueError:
        abort(redirect(url_for("catalogue.show")))


def _shipped(name: str) -> Fault:
    return next((one for one in load_catalogue().faults if one.id == name), None) or abort(404)


def _sent() -> Sent:
    return Sent(request.form.to_dict(flat=False))


def _current() -> ClubCatalogue:
    with store().database.reading(_scope()) as unit:
        return current_catalogue(unit)


def _based_on() -> int:
    written = request.form.get("number", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else -1


def _named(fault: Fault) -> str:
    return fault_label(texts(), fault.id, sentence(fault.name))


def _scope() -> ClubScope:
    return ClubScope(signed_in_viewer().club_id)


def _me() -> Any:
    return signed_in_viewer().user_id
