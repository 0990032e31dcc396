"""Sending films, by the protocol tus 1.0.0 (creation, termination, expiration): whoever speaks it can send."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from werkzeug.http import http_date

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal
from dashboards.uploads.checking import Checker
from dashboards.uploads.leaving import take_away
from rowsense.errors import OutputError, StoreError
from rowsense.store.claims import ClubStore
from rowsense.store.tables import Upload
from rowsense.store.tables.uploads import RECEIVING, REFUSED
from rowsense.store.upload_files import BusyError, upload_files_of
from rowsense.store.uploads import (
    Announced,
    UploadError,
    UploadLimits,
    Why,
    append,
    create_upload,
    expire,
    expires_at,
    upload_of,
)

uploads = Blueprint("uploads", __name__)
#: The most that one request may carry: the web server keeps it until it is whole.
CHUNK_BYTES: Final = 32 << 20
_VERSION: Final = "1.0.0"
_LARGE: Final = frozenset(
    {"uploads.append_to", "uploads.override", "api.send_upload", "monitor.attach", "api.put_monitor"}
)
_STREAM: Final = "application/offset+octet-stream"
_NAME: Final = "rowsense-uploads"
_STATUS: Final[Mapping[Why, int]] = {
    Why.WRONG: 400,
    Why.TOO_LARGE: 413,
    Why.NO_SPACE: 507,
    Why.NO_FILM: 415,
    Why.TOO_MANY: 429,
    Why.OTHER_PLACE: 409,
    Why.GONE: 410,
}


@dataclass(frozen=True, slots=True)
class Uploads:
    """What the server keeps for them."""

    limits: UploadLimits
    checker: Checker


def prepare(server: Flask, club_store: ClubStore, limits: UploadLimits) -> None:
    """Let films through the limits of forms, and go on with what an earlier process left."""
    expire(club_store, limits)
    server.extensions[_NAME] = Uploads(limits, Checker(club_store, searches=limits.find_rower))
    server.before_request(_allow_films)
    server.extensions[_NAME].checker.catch_up()


def taking() -> Uploads:
    """What the server that answers keeps for uploads."""
    return taking_in(current_app)


def taking_in(server: Flask) -> Uploads:
    """What a server keeps for uploads."""
    found = server.extensions[_NAME]
    assert isinstance(found, Uploads)
    return found


def one(key: uuid.UUID) -> Upload:
    """The viewer's upload; the guard has asked already."""
    row = upload_of(store(), signed_in_viewer(), key)
    if row is None:
        abort(404)
    return row


@uploads.route("/uploads", methods=["OPTIONS"])
def capabilities() -> Response:
    """What the server can do."""
    answer = Response(status=204)
    answer.headers["Tus-Version"] = _VERSION
    answer.headers["Tus-Extension"] = "creation,termination,expiration"
    answer.headers["Tus-Max-Size"] = str(taking().limits.most_bytes)
    return answer


@uploads.post("/uploads")
def create() -> Response:
    """Announce a file."""
    return announce("uploads.append_to")


def announce(endpoint: str, key: uuid.UUID | None = None) -> Response:
    """Announce a file; its parts are sent to ``endpoint``. ``key``: announced again with it, it is the same one."""
    _check_version()
    told = _announced(request.headers.get("Upload-Metadata", ""))
    row = create_upload(store(), signed_in_viewer(), told, taking().limits, key)
    answer = Response(status=201)
    answer.headers["Location"] = url_for(endpoint, key=row.id)
    return _expiring(answer, row)


@uploads.patch("/uploads/<uuid:key>")
def append_to(key: uuid.UUID) -> Response:
    """Send more of it."""
    _check_version()
    if request.mimetype != _STREAM:
        abort(415, f"send it as {_STREAM}")
    row, offset = one(key), _count("Upload-Offset")
    if offset + (request.content_length or 0) > row.byte_count:
        raise UploadError(Why.WRONG, f"that would be more than the {row.byte_count} bytes that were announced")
    size = append(store(), row, offset, request.stream.read)
    if size == row.byte_count:
        taking().checker.look_at(row.id)
    answer = Response(status=204)
    answer.headers["Upload-Offset"] = str(size)
    return _expiring(answer, row)


@uploads.delete("/uploads/<uuid:key>")
def remove(key: uuid.UUID) -> Response:
    """Take it away."""
    _check_version()
    take_away(store(), signed_in_viewer(), one(key))
    return Response(status=204)


@uploads.post("/uploads/<uuid:key>")
def override(key: uuid.UUID) -> Response:
    """For clients behind something that lets no other method through."""
    meant = request.headers.get("X-HTTP-Method-Override", "")
    if meant not in ("PATCH", "DELETE"):
        abort(405)
    return append_to(key) if meant == "PATCH" else remove(key)


@uploads.errorhandler(StoreError)
@uploads.errorhandler(OutputError)
def refused(error: StoreError | OutputError) -> Response:
    """Why it does not work, in words for whoever sends."""
    return Response(refusal(texts(), error), status_of(error), mimetype="text/plain")


def status_of(error: StoreError | OutputError) -> int:
    """What a refusal is in HTTP."""
    if isinstance(error, UploadError):
        return _STATUS[error.why]
    if isinstance(error, BusyError):
        return 423
    return 507 if isinstance(error, OutputError) else 409


@uploads.after_request
def speak_tus(answer: Response) -> Response:
    """Say which version this is."""
    answer.headers["Tus-Resumable"] = _VERSION
    if answer.status_code == 412:
        answer.headers["Tus-Version"] = _VERSION
    return answer


def offset_of(row: Upload) -> Response:
    """Where it goes on."""
    _check_version()
    if row.state == REFUSED:
        raise UploadError(Why.GONE, row.problem)
    answer = Response(status=200)
    here = row.byte_count if row.state != RECEIVING else upload_files_of(store()).size(row.id)
    answer.headers["Upload-Offset"] = str(here)
    answer.headers["Upload-Length"] = str(row.byte_count)
    answer.headers["Cache-Control"] = "no-store"
    return _expiring(answer, row)


def _allow_films() -> None:
    """Parts of films, and what a monitor recorded, are larger than forms."""
    if request.endpoint in _LARGE:
        request.max_content_length = CHUNK_BYTES


def _check_version() -> None:
    if request.headers.get("Tus-Resumable") != _VERSION:
        abort(412, f"this server speaks tus {_VERSION}; say so with Tus-Resumable")


def _expiring(answer: Response, row: Upload) -> Response:
    if row.state == RECEIVING:
        answer.headers["Upload-Expires"] = http_date(expires_at(row, taking().limits))
    return answer


def _count(name: str) -> int:
    said = request.headers.get(name, "")
    if not (said.isascii() and said.isdigit()) or len(said) > 18:
        raise UploadError(Why.WRONG, f"{name} must be a number of bytes")
    return int(said)


def _announced(metadata: str) -> Announced:
    told = _metadata(metadata)
    day = told.get("filmed_on", "")
    try:
        filmed_on = date.fromisoformat(day) if day else None
    except ValueError:
        filmed_on = None
    name = told.get("filename", "").replace("\\", "/").rpartition("/")[2]
    return Announced("".join(letter for letter in name if letter.isprintable()), _count("Upload-Length"), filmed_on)


def _metadata(line: str) -> dict[str, str]:
    """Names, and values that are written in base64."""
    told = {}
    for pair in filter(None, (part.strip() for part in line.split(","))):
        name, _, coded = pair.partition(" ")
        try:
            told[name] = base64.b64decode(coded, validate=True).decode()
        except ValueError:
            raise UploadError(Why.WRONG, f"the value of {name} in Upload-Metadata is no base64 of text") from None
    return told
