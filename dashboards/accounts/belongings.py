"""Giving out and deleting everything of one athlete: by an administrator, or, giving out, by the athlete herself."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Mapping
from threading import BoundedSemaphore
from typing import Final

from flask import Blueprint, Response, render_template, request

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.forgetting import forget_all
from dashboards.texts.reader import texts
from rowsense.errors import OutputError, StoreError
from rowsense.store.belongings import CALLED, counts_of
from rowsense.store.erase import Receipt, erase_athlete
from rowsense.store.export import export_of
from rowsense.store.people import RosterAthlete, athlete_of
from rowsense.store.scope import ClubScope
from rowsense.store.taken_out import TakenOut, account_rows, erase_account, taken_out
from rowsense.store.viewers import may_see_all_of
from rowsense.texts.texts import Texts

belongings = Blueprint("belongings", __name__)
Answer = Response | str | tuple[str, int]
#: Each keeps one of the server's few threads for as long as it takes [D].
MOST_DOWNLOADS: Final = 2
_downloads: Final = BoundedSemaphore(MOST_DOWNLOADS)


@belongings.post("/people/export/<uuid:key>")
def export(key: uuid.UUID) -> Answer:
    """Everything of one athlete, as a ZIP."""
    return _export(key)


@belongings.post("/account/export")
def export_mine() -> Answer:
    """Everything of the athlete who asks."""
    key = signed_in_viewer().athlete_id
    if key is None:
        return _problem("nothing", 404)
    return _export(key)


@belongings.get("/people/delete/<uuid:key>")
def ask(key: uuid.UUID) -> Answer:
    """What would go."""
    found = _athlete(key)
    return _gone() if found is None else _question(found)


@belongings.post("/people/delete/<uuid:key>")
def erase(key: uuid.UUID) -> Answer:
    """Delete everything of one athlete, once her name was typed."""
    found = _athlete(key)
    if found is None:
        return _gone()
    if request.form.get("name", "").strip() != found.name:
        return _question(found, texts()("people.delete.not_her_name")), 422
    viewer = signed_in_viewer()
    try:
        receipt = erase_athlete(store(), ClubScope(viewer.club_id), key, by=viewer.user_id)
    except StoreError:
        if _athlete(key) is not None:  # it is something else that went wrong
            raise
        return _gone()
    except OutputError as error:
        forget_all()
        return _problem("files", 500, error=str(error))
    return _receipt(found.name, receipt)


@belongings.get("/people/delete-account/<uuid:key>")
def ask_account(key: uuid.UUID) -> Answer:
    """What would go of somebody who was taken out and is in no other club."""
    found = _taken_out(key)
    return _problem("no_account", 410) if found is None else _account_question(found)


@belongings.post("/people/delete-account/<uuid:key>", endpoint="erase_account")
def delete_account(key: uuid.UUID) -> Answer:
    """Delete her account, once her name was typed."""
    found = _taken_out(key)
    if found is None:
        return _problem("no_account", 410)
    if request.form.get("name", "").strip() != found.name:
        return _account_question(found, texts()("people.delete.not_her_name")), 422
    viewer = signed_in_viewer()
    try:
        receipt = erase_account(store(), ClubScope(viewer.club_id), key, by=viewer.user_id)
    except StoreError:
        if _taken_out(key) is not None:
            raise
        return _problem("no_account", 410)
    return _receipt(found.name, receipt)


def _receipt(name: str, receipt: Receipt) -> str:
    """What went, once nothing of it is in memory any more."""
    forget_all()
    t = texts()
    return render_template(
        "accounts/receipt.html",
        name=name,
        receipt=receipt,
        words=_counted(t, receipt.rows),
        sentences=_told(t, receipt),
    )


def _taken_out(key: uuid.UUID) -> TakenOut | None:
    found = taken_out(store().database, ClubScope(signed_in_viewer().club_id))
    return next((one for one in found if one.user_id == key), None)


def _account_question(found: TakenOut, problem: str = "") -> str:
    rows = account_rows(store().database, found.user_id)
    return render_template(
        "accounts/delete_account.html", one=found, films=rows.get("uploads", 0), problems=[problem] if problem else []
    )


def _export(key: uuid.UUID) -> Answer:
    viewer = signed_in_viewer()
    found = _athlete(key)
    if found is None:
        return _gone()
    if not may_see_all_of(store().database, viewer, key):
        return _problem("consent", 403)
    if not _downloads.acquire(blocking=False):
        return _problem("many", 503)
    try:
        made = export_of(store(), ClubScope(viewer.club_id), key, by=viewer.user_id)
        answer = Response(made.stream(), mimetype="application/zip")
    except BaseException:
        _downloads.release()
        raise
    answer.call_on_close(_downloads.release)
    answer.headers.set("Content-Disposition", "attachment", filename=f"rowsense-{_plain(found.name)}.zip")
    answer.cache_control.no_store = True
    return answer


def _athlete(key: uuid.UUID) -> RosterAthlete | None:
    return athlete_of(store().database, ClubScope(signed_in_viewer().club_id), key)


def _question(found: RosterAthlete, problem: str = "") -> str:
    rows = counts_of(store().database, ClubScope(signed_in_viewer().club_id), found.id)
    return render_template(
        "accounts/delete.html", athlete=found, words=_counted(texts(), rows), problems=[problem] if problem else []
    )


def _counted(t: Texts, rows: Mapping[str, int]) -> str:
    said = [t(f"people.rows.{table}", n=rows[table]) for table in CALLED if rows.get(table)]
    return ", ".join(said) if said else t("people.rows.nothing")


def _told(t: Texts, receipt: Receipt) -> list[str]:
    """What else has to be known."""
    where = ", ".join(t("people.deleted.in_table", count=n, table=table) for table, n in receipt.left.items())
    return [
        t("people.deleted.told.backups"),
        *([t("people.deleted.told.account")] if receipt.account_kept else []),
        *([t("people.deleted.told.left", where=where)] if receipt.left else []),
        *([] if receipt.log_cleared else [t("people.deleted.told.log")]),
    ]


def _gone() -> Answer:
    return _problem("no_rower", 410)


def _problem(name: str, code: int, **values: str) -> tuple[str, int]:
    t = texts()
    title, detail = t(f"people.problem.{name}"), t(f"people.problem.{name}_why", **values)
    return render_template("accounts/problem.html", title=title, detail=detail), code


def _plain(name: str) -> str:
    """A name that every file system takes."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    return re.sub(r"\W+", "-", "".join(c for c in letters if not unicodedata.combining(c))).strip("-")[:40] or "rower"
