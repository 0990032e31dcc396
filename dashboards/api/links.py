"""Links to a session: listed, made, taken back, and what was made for them."""

from __future__ import annotations

import uuid
from typing import Final, Literal

from flask import Response, current_app, url_for
from pydantic import Field

from dashboards.accounts.people import ADDRESS
from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.links import LinkLine, Links, NewLinkLine
from dashboards.api.operations import Asked, operation
from dashboards.api.problems import problem
from dashboards.stored import send_stored
from rowsense.errors import OutputError
from rowsense.jobs.sharing import make_link, take_back
from rowsense.store.shares import NewLink, links_of, made_for, opened

_SUBJECT: Final = "Links"
#: What a link shows that can be had as a file, and what kind it is.
MADE: Final[dict[str, str]] = {
    "card.png": "image/png",
    "film.mp4": "video/mp4",
    "best_stroke.mp4": "video/mp4",
    "worst_stroke.mp4": "video/mp4",
    "report.html": "text/html",
    "report.pdf": "application/pdf",
}


class LinkAsked(Asked):
    """What is to be shared, and what of it is to be hidden: at first as much as can be."""

    days: int = Field(7, ge=1, le=30)
    """1, 7 or 30, as far as the club allows."""
    label: str = Field("", max_length=100)
    named: bool = False
    face_blurred: bool = True
    """False is refused where the club's rule blurs this rower's face: of juniors, if it has settled nothing else."""
    surroundings_blurred: bool = True
    """They are in any case where somebody else was found in the film and anything is hidden."""
    film: Literal["none", "clip", "whole"] = "clip"


@operation("GET", "/sessions/<uuid:session_id>/links", _SUBJECT, gives=Links)
def links(session_id: uuid.UUID) -> Links:
    """Links to a session, also those that ended in the last 30 days."""
    return Links(items=_lines(session_id))


@operation("POST", "/sessions/<uuid:session_id>/links", _SUBJECT, body=LinkAsked, gives=NewLinkLine, status=201)
def new_link(session_id: uuid.UUID, said: LinkAsked) -> NewLinkLine:
    """Make a link; what it shows is made by a job, and can be had as files when it is `ready`."""
    token = make_link(store().database, signed_in_viewer(), session_id, NewLink(**said.model_dump()))
    address = f"{current_app.config[ADDRESS]}{url_for('shared.show', token=token)}"
    made = opened(store().database, token)
    (line,) = [one for one in _lines(session_id) if made is not None and one.id == made.id]
    return NewLinkLine(address=address, link=line)


@operation("DELETE", "/sessions/<uuid:session_id>/links/<uuid:link_id>", _SUBJECT, status=204)
def remove_link(session_id: uuid.UUID, link_id: uuid.UUID) -> Response:
    """Take a link back: it opens nothing any more, and what was made for it goes."""
    try:
        take_back(store(), signed_in_viewer(), session_id, link_id)
    except OutputError:
        current_app.logger.warning("files of a link that was taken back are left for the next sweep")
    return Response(status=204)


@operation(
    "GET",
    "/sessions/<uuid:session_id>/links/<uuid:link_id>/files/<string:name>",
    _SUBJECT,
    kinds=tuple(dict.fromkeys(MADE.values())),
)
def link_file(session_id: uuid.UUID, link_id: uuid.UUID, name: str) -> Response:
    """A file that was made for a link, in which what is to be hidden is hidden: to be sent by other ways.

    One of `card.png`, `film.mp4`, `best_stroke.mp4`, `worst_stroke.mp4`, `report.html`, `report.pdf`. 410: the link has
    no such file, is not ready, or is over.
    """
    prefix = made_for(store().database, signed_in_viewer(), session_id, link_id) if name in MADE else None
    answer = None if prefix is None else send_stored(store().files, f"{prefix}/{name}", MADE[name])
    if answer is None:
        return problem(410, "This link has no such file: it is not made yet, not asked for, or the link is over.")
    answer.headers["Vary"] = "Authorization"
    return answer


def _lines(session_id: uuid.UUID) -> list[LinkLine]:
    return [LinkLine.model_validate(one) for one in links_of(store().database, signed_in_viewer(), session_id)]
