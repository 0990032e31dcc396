"""The recording of a session's monitor: attached, and taken off. What it says is told with the session."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Response, request
from pydantic import Field

from dashboards.api.answers.sessions import SessionDetail
from dashboards.api.changes import IF_MATCH, unless_as_read
from dashboards.api.operations import Asked, operation
from dashboards.api.sessions import session
from dashboards.monitor.taking import take_monitor, take_off_monitor

_SUBJECT: Final = "Sessions"
_DAY_S: Final = 24 * 3600.0


class MonitorAsked(Asked):
    """How the file is called, and where it begins if that is known."""

    name: str = Field("monitor.csv", min_length=1, max_length=200)
    begins_s: float | None = Field(None, ge=-_DAY_S, le=_DAY_S)
    """Second of the film at which the monitor's clock stood at 0; left out, it is found by the stroke rate."""


@operation(
    "PUT", "/sessions/<uuid:session_id>/monitor", _SUBJECT, query=MonitorAsked, gives=SessionDetail, sends="text/csv",
    may_have=IF_MATCH,
)  # fmt: skip
def put_monitor(session_id: uuid.UUID, asked: MonitorAsked) -> SessionDetail | Response:
    """Attach a CSV of ErgData, of the Concept2 logbook or of a program that reads a PM5; one that is there gives way.

    409: it is no such file, or does not fit the film, and the session has what it had. For who may change the session,
    and for the rower herself.
    """
    if (refusal := unless_as_read(session_id)) is not None:
        return refusal
    take_monitor(session_id, asked.name, request.stream, asked.begins_s)
    return session(session_id)


@operation("DELETE", "/sessions/<uuid:session_id>/monitor", _SUBJECT, status=204, may_have=IF_MATCH)
def remove_monitor(session_id: uuid.UUID) -> Response:
    """Take the monitor's recording off, where there is one."""
    if (refusal := unless_as_read(session_id)) is not None:
        return refusal
    take_off_monitor(session_id)
    return Response(status=204)
