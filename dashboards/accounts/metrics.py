"""Numbers for Prometheus, in its text format; about nobody.

Without a token they are for this machine alone. A server that stands before this one is on this machine too, so what it
hands on does not count as from here.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request

from dashboards.accounts.viewing import store
from dashboards.app import LOCAL_NAMES
from dashboards.observing import LIMITS_S, seen
from rowsense import __version__
from rowsense.store.gauges import Gauges, gauges_of

metrics = Blueprint("metrics", __name__)
#: The environment's variable with the token that others have to send as ``Authorization: Bearer ...``.
TOKEN: Final = "ROWSENSE_METRICS_TOKEN"
_KIND: Final = "text/plain; version=0.0.4; charset=utf-8"
_HANDED_ON: Final = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


@metrics.get("/metrics")
def show() -> Response:
    """The numbers, or nothing that shows that there are any."""
    if not _is_allowed():
        abort(404)
    lines = [*_of_store(gauges_of(store())), *_of_requests()]
    return Response("\n".join(lines) + "\n", content_type=_KIND)


def _is_allowed() -> bool:
    token = os.environ.get(TOKEN, "")
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    asked_for = urlsplit(f"//{request.host}").hostname
    if asked_for not in (*LOCAL_NAMES, "::1") or any(name in request.headers for name in _HANDED_ON):
        return False
    with suppress(ValueError):
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    return False


def _of_store(now: Gauges) -> Iterable[str]:
    yield from _metric("rowsense_info", "gauge", "The version that runs.", {f'version="{__version__}"': 1})
    yield from _metric("rowsense_clubs", "gauge", "Clubs in the store.", {"": now.clubs})
    yield from _metric("rowsense_athletes", "gauge", "Athletes in the store.", {"": now.athletes})
    yield from _metric("rowsense_sessions", "gauge", "Sessions in the store.", {"": now.sessions})
    states = {f'state="{state}"': count for state, count in now.jobs.items()}
    yield from _metric("rowsense_jobs", "gauge", "Background jobs by state.", states)
    waits = {"": round(now.oldest_queued_s, 1)}
    yield from _metric("rowsense_oldest_queued_job_seconds", "gauge", "How long the oldest queued job waits.", waits)
    if now.free_bytes is not None:
        free = {"": now.free_bytes}
        yield from _metric("rowsense_files_free_bytes", "gauge", "Free on the disk of the files.", free)


def _of_requests() -> Iterable[str]:
    counts = seen()
    with counts.lock:
        answers, within = dict(counts.answers), dict(counts.within)
        seconds, count = counts.seconds, counts.count
    told = {f'method="{m}",route="{_escaped(r)}",status="{s}"': n for (m, r, s), n in sorted(answers.items())}
    yield from _metric("rowsense_http_requests_total", "counter", "Requests since the start.", told)
    name = "rowsense_http_request_seconds"
    yield f"# HELP {name} Time until an answer begins."
    yield f"# TYPE {name} histogram"
    for limit in LIMITS_S:
        yield f'{name}_bucket{{le="{limit:g}"}} {within.get(limit, 0)}'
    yield f'{name}_bucket{{le="+Inf"}} {count}'
    yield f"{name}_sum {seconds:.6f}"
    yield f"{name}_count {count}"


def _metric(name: str, kind: str, words: str, values: Mapping[str, float]) -> Iterable[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
