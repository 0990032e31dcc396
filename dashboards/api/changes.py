"""A session changed and deleted by a program: only as it was when the program read it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from flask import Response, abort, current_app, request
from pydantic import Field, StringConstraints, model_validator

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.sessions import SessionDetail
from dashboards.api.operations import Asked, operation, told
from dashboards.api.problems import problem
from dashboards.api.sessions import session
from dashboards.forgetting import forget_all
from dashboards.pages.compare.finding import forget_compared
from rowsense.errors import OutputError
from rowsense.jobs import changing
from rowsense.store.change import MOST_NOTES, MeanwhileError, is_day
from rowsense.store.tables import PIECE_LIMITS
from rowsense.store.tagging import MOST_LETTERS, MOST_TAGS

_SUBJECT: Final = "Sessions"
IF_MATCH: Final = {"If-Match": "`ETag` of the session as it was read; `*`: whatever it is now"}
_MEANWHILE: Final = "The session is not as you have read it any more; read it again."


def _within(name: str) -> Any:
    low, high = PIECE_LIMITS[name]
    return Field(None, ge=low, le=high)


class SessionChange(Asked):
    """What is to be another. What is left out stays as it is; null: it is not known."""

    athlete: uuid.UUID | None = None
    """Another rower of the token's owner. It is analysed again as hers where its film is kept."""
    rowed_on: date | None = None
    piece_kind: Literal["steady", "intervals", "test", "race", "technique", "warm_up", "other"] | None = None
    ergometer_type: Literal["static", "slides", "dynamic", "water", "other"] | None = None
    foot_height_hole: int | None = _within("foot_height_hole")
    distance_m: float | None = _within("distance_m")
    rate_spm: float | None = _within("rate_spm")
    """As asked for or read from the monitor."""
    perceived_effort: float | None = _within("perceived_effort")
    power_w: float | None = _within("power_w")
    drag_factor: float | None = _within("drag_factor")
    notes: str = Field("", max_length=MOST_NOTES)
    tags: list[Annotated[str, StringConstraints(max_length=MOST_LETTERS)]] = Field([], max_length=MOST_TAGS)
    """All that it is to have."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in ("athlete", "rowed_on"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} is always known; leave it out")
        if self.rowed_on is not None and not is_day(self.rowed_on):
            raise ValueError("rowed_on is in the future, or too long ago")
        return self

    def changes(self) -> dict[str, Any]:
        """As the store takes them."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        return {"athlete_id" if name == "athlete" else name: value for name, value in said.items()}


@operation("PATCH", "/sessions/<uuid:session_id>", _SUBJECT, body=SessionChange, gives=SessionDetail, headers=IF_MATCH)
def change_session(session_id: uuid.UUID, said: SessionChange) -> SessionDetail | Response:
    """Change what is known of a session; summaries and the season follow.

    For who may change the session: its coaches and administrators. 412: it was changed since it was read. 428: say
    `If-Match`.
    """
    mark, refusal = _read_mark(session_id)
    if refusal is not None:
        return refusal
    try:
        changed = changing.change(store(), signed_in_viewer(), session_id, said.changes(), mark)
    except MeanwhileError:
        return problem(412, _MEANWHILE)
    forget_compared()
    if changed.moved:  # what is at hand of it has the other's name
        forget_all()
    answer = told(session(session_id))
    answer.add_etag()
    return answer


@operation("DELETE", "/sessions/<uuid:session_id>", _SUBJECT, status=204, headers=IF_MATCH)
def remove_session(session_id: uuid.UUID) -> Response:
    """Delete a session with its film, all analyses, links to it and what people wrote to it. It cannot be undone.

    For who may change the session: its coaches and administrators.
    """
    mark, refusal = _read_mark(session_id)
    if refusal is not None:
        return refusal
    try:
        changing.remove(store(), signed_in_viewer(), session_id, mark)
    except MeanwhileError:
        return problem(412, _MEANWHILE)
    except OutputError:
        # It is in no list any more; the sweep removes what is left.
        current_app.logger.warning("files of a session that was deleted are left for the next sweep")
    forget_all()
    return Response(status=204)


def unless_as_read(session_id: uuid.UUID) -> Response | None:
    """Why a change is refused that says as what the session was read; None: it is that, or nothing is said."""
    return _read_mark(session_id)[1] if "If-Match" in request.headers else None


def _read_mark(session_id: uuid.UUID) -> tuple[str, Response | None]:
    """What the store is to find unchanged, read before the ETag is compared; or why not."""
    if not request.if_match and "If-Match" not in request.headers:
        return "", problem(428, "Say with If-Match which session you have read: its ETag, or * for whatever it is now.")
    mark = changing.session_mark(store(), signed_in_viewer(), session_id)
    if not mark:
        abort(404)
    if request.if_match.star_tag:
        return "", None
    here = Response(session(session_id).model_dump_json())
    here.add_etag()
    etag, _ = here.get_etag()
    return mark, None if etag is not None and request.if_match.contains(etag) else problem(412, _MEANWHILE)
