"""The page on which a session is shared and held: links made, listed, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dashboards.accounts.library import club_library, writer_name
from dashboards.accounts.people import ADDRESS
from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.keeping import KeptNote
from dashboards.monitor.taking import attached_to
from dashboards.monitor.view_model import Attached
from dashboards.notes.club import session_id
from dashboards.sharing.words import kept_lines, link_state, opened_words, shown_words
from dashboards.stored import keep_range_short, send_stored
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal_sentence
from rowsense.errors import OutputError, StoreError
from rowsense.jobs.looking import jobs_named
from rowsense.jobs.sharing import make_link, take_back
from rowsense.store.access import Action
from rowsense.store.club_settings import read_privacy
from rowsense.store.films_kept import hold
from rowsense.store.keeping import keeping_of
from rowsense.store.scope import ClubScope
from rowsense.store.shares import NewLink, links_of, made_for, must_blur
from rowsense.store.tables.privacy import CLIP, WHOLE_FILM
from rowsense.store.viewers import SeenSession, may_do, session_for

sharing = Blueprint("sharing", __name__)
Answer = Response | tuple[str, int] | str
#: What a form has ticked when it is first shown: what is shared hides the most.
_TICKED: Final = {"named": False, "face": True, "surroundings": True}
_USUAL_DAYS: Final = 7
#: What was made for a link and can be had as a file, and its text.
OFFERED: Final = {
    "card.png": "session.file.card",
    "report.pdf": "session.file.pdf",
    "film.mp4": "sharing.file.film",
    "best_stroke.mp4": "session.file.best_stroke",
    "worst_stroke.mp4": "session.file.worst_stroke",
}
#: A film of which all is shared if nothing else is said [D].
_SHORT_S: Final = 60.0


class ClubKeeper:
    """What is kept of sessions in a club's store."""

    def note(self, key: str) -> KeptNote | None:
        """What holds, and the way to the page below."""
        database, session = store().database, session_id(key)
        keeping = keeping_of(database, _scope(), session)
        if keeping is None:
            return None
        may_change = may_do(database, signed_in_viewer(), Action.CHANGE, session)
        return KeptNote(
            kept_lines(texts(), keeping),
            url_for("sharing.show", key=key),
            url_for("editing.show", key=key) if may_change else "",
            url_for("monitor.show", key=key),
        )

    def monitor(self, key: str) -> Attached | None:
        """What the store has; a file that is gone is none."""
        return attached_to(session_id(key))


@sharing.get("/share/<string:key>")
def show(key: str) -> str:
    """Links, what holds, and the form for a new link."""
    return _page(key, [])[0]


@sharing.post("/share/<string:key>")
def make(key: str) -> Answer:
    """Make a link and show it, once."""

    def do() -> None:
        new = NewLink(
            days=int(days) if (days := request.form.get("days", "")).isdecimal() and len(days) < 4 else 0,
            label=request.form.get("label", ""),
            named="named" in request.form,
            face_blurred="face" in request.form,
            surroundings_blurred="surroundings" in request.form,
            film=request.form.get("film", ""),
        )
        token = make_link(store().database, signed_in_viewer(), session_id(key), new)
        # As others reach the server: who makes it may sit at the machine itself.
        flash(f"{current_app.config[ADDRESS]}{url_for('shared.show', token=token)}", "link")

    return _done(key, do)


@sharing.post("/share/<string:key>/take-back/<uuid:link>", endpoint="take_back")
def take_link_back(key: str, link: uuid.UUID) -> Answer:
    """End a link at once."""

    def do() -> None:
        try:
            take_back(store(), signed_in_viewer(), session_id(key), link)
        except OutputError:
            # It opens nothing any more; the sweep removes what is left.
            current_app.logger.warning("files of a link that was taken back are left for the next sweep")
        flash(texts()("sharing.said.taken_back"))

    return _done(key, do)


@sharing.get("/share/<string:key>/<uuid:link>/<string:name>", endpoint="made")
def made_file(key: str, link: uuid.UUID, name: str) -> Answer:
    """A file that was made for a link, for who may share the session: to be sent by other ways."""
    prefix = made_for(store().database, signed_in_viewer(), session_id(key), link) if name in OFFERED else None
    keep_range_short()
    answer = None if prefix is None else send_stored(store().files, f"{prefix}/{name}")
    # Not 404: whoever may ask for it may know that it is over.
    return answer or _page(key, [texts()("sharing.made_gone")], 410)


@sharing.post("/share/<string:key>/hold", endpoint="hold")
def hold_session(key: str) -> Answer:
    """Keep the session in any case, or not any more."""

    def do() -> None:
        held = request.form.get("held") == "yes"
        hold(store().database, signed_in_viewer(), session_id(key), held=held)
        flash(texts()("sharing.said.held" if held else "sharing.said.let_go"))

    return _done(key, do)


def _done(key: str, do: Callable[[], None]) -> Answer:
    """Do something and show the page again, with what is wrong where it could not be done."""
    try:
        do()
    except StoreError as error:
        return _page(key, [refusal_sentence(texts(), error)], 422)
    return redirect(url_for("sharing.show", key=key), 303)


def _page(key: str, problems: list[str], status: int = 200) -> tuple[str, int]:
    viewer, database = signed_in_viewer(), store().database
    seen = session_for(database, viewer, session_id(key))
    keeping = keeping_of(database, _scope(), session_id(key))
    if seen is None or keeping is None:
        abort(404)
    links = links_of(database, viewer, seen.session_id)
    jobs = jobs_named(database, _scope(), [link.id for link in links])
    rows = [
        (
            replace(link, by=writer_name(link.by_rower, link.by)),
            link_state(texts(), link, jobs.get(link.id)),
            opened_words(texts(), link),
            shown_words(texts(), link),
        )
        for link in links
    ]
    privacy = read_privacy(database, _scope())
    days = privacy.share_days
    page = render_template(
        "sharing/share.html",
        key=key,
        seen=seen,
        who=club_library().numbers()[str(seen.athlete_id)] if club_library().hides_names else seen.athlete,
        rows=rows,
        making=any(state.making for _, state, _, _ in rows),
        days=days,
        chosen=request.form.get("days") or str(max((d for d in days if d <= _USUAL_DAYS), default=0)),
        ticked={name: name in request.form for name in _TICKED} if request.form else _TICKED,
        label=request.form.get("label", ""),
        film=request.form.get("film") or _usual_film(seen),
        kept=kept_lines(texts(), keeping) or (texts()("sharing.kept.always"),),
        held=keeping.held_at is not None,
        may_hold=may_do(database, viewer, Action.CHANGE, seen.session_id),
        problems=problems,
        must_blur=must_blur(database, viewer, seen.session_id),
        offered={link.id: _offered(seen.session_id, link.id) for link in links if link.holds and link.ready},
    )
    return page, status


def _offered(session: uuid.UUID, link: uuid.UUID) -> dict[str, str]:
    """Of :data:`OFFERED` what there is of a link."""
    prefix = made_for(store().database, signed_in_viewer(), session, link)
    if prefix is None:
        return {}
    there = {file.key.removeprefix(f"{prefix}/") for file in store().files.listed(prefix)}
    return {name: words for name, words in OFFERED.items() if name in there}


def _usual_film(seen: SeenSession) -> str:
    """A short film whole, of a long one a part: it is made in a minute, and is what is talked about."""
    length_s = seen.summary.get("video", {}).get("duration_s") or 0.0
    return CLIP if length_s > _SHORT_S else WHOLE_FILM


def _scope() -> ClubScope:
    return ClubScope(signed_in_viewer().club_id)
