"""Films on their way in, as tus 1.0.0 sends them, and what becomes of them. Each sees her own."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from flask import Response, request
from pydantic import Field, StringConstraints

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.uploads import KnownFilm, KnownFilms, UploadLine, Uploads
from dashboards.api.cursors import Paged, sliced
from dashboards.api.once import ONCE, asked_once
from dashboards.api.operations import Asked, api, operation, told
from dashboards.api.season import PieceKind
from dashboards.uploads import sending
from dashboards.uploads.claims import MOST_HOLES, MOST_NOTES, piece_from
from dashboards.uploads.status import cards, known_film
from rowsense.errors import StoreError
from rowsense.jobs import stopping
from rowsense.jobs.claiming import claim, is_claimed_so
from rowsense.store.filming import known_films
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Upload
from rowsense.store.uploads import uploads_of

_SUBJECT = "Uploads"
_TUS = {"Tus-Resumable": "1.0.0"}
_ANNOUNCED = {
    **_TUS,
    "Upload-Length": "bytes of the whole file",
    "Upload-Metadata": "`filename` and, where it is known, `filmed_on` (a day), each followed by its value in base64",
}
_EXPIRES = {"Upload-Expires": "when it goes if nothing more comes"}
_PLACE = {"Location": "where its parts are sent to", **_EXPIRES}
_HERE = {"Upload-Offset": "how much of it is there now", **_EXPIRES}
_PART = {**_TUS, "Upload-Offset": "where this part goes on"}
_Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class Claim(Asked):
    """Who is in a film, and what was rowed."""

    athlete: uuid.UUID
    rowed_on: date
    piece_kind: PieceKind | None = None
    ergometer_type: Literal["static", "slides", "dynamic", "water", "other"] | None = None
    foot_height_hole: Annotated[int, Field(ge=0, le=MOST_HOLES)] | None = None
    notes: str = Field("", max_length=MOST_NOTES)
    calibration: bool = False
    """She poses in it, sitting tall, slumped and hinged: no session comes of it but her zero and range."""


class FilmAsked(Asked):
    """Which film."""

    sha256: _Sha256
    """Of the file, in small letters."""


@operation("GET", "/films", _SUBJECT, query=FilmAsked, gives=KnownFilms)
def films(asked: FilmAsked) -> KnownFilms:
    """Sessions that were made of the same file, of those that the owner may see: to ask before sending it."""
    found = known_films(store().database, signed_in_viewer(), [asked.sha256])[asked.sha256]
    return KnownFilms(items=[KnownFilm.model_validate(known_film(one)) for one in found])


@operation("OPTIONS", "/uploads", _SUBJECT, status=204)
def upload_capabilities() -> Response:
    """What the server can do, as tus wants it."""
    return sending.capabilities()


@operation("GET", "/uploads", _SUBJECT, query=Paged, gives=Uploads)
def uploads(asked: Paged) -> Uploads:
    """The owner's films, the oldest first; they stay for seven days."""
    viewer = signed_in_viewer()
    here, following = sliced(uploads_of(store(), viewer), asked)
    return Uploads(
        items=[_line(*pair) for pair in zip(here, cards(store(), viewer, here), strict=True)], next=following
    )


@operation("POST", "/uploads", _SUBJECT, status=201, headers=_ANNOUNCED, may_have=ONCE, answers_with=_PLACE)
def create_upload() -> Response:
    """Announce a film; Location says where its parts go."""
    return sending.announce("api.send_upload", asked_once(signed_in_viewer(), "uploads"))


@operation("GET", "/uploads/<uuid:key>", _SUBJECT, gives=UploadLine)
def upload(key: uuid.UUID) -> Response:
    """How far a film is. HEAD gives Upload-Offset, as tus wants it."""
    row = sending.one(key)
    return sending.offset_of(row) if request.method == "HEAD" else _fresh(row)


@operation(
    "PATCH", "/uploads/<uuid:key>", _SUBJECT, status=204, headers=_PART, answers_with=_HERE,
    sends="application/offset+octet-stream",
)  # fmt: skip
def send_upload(key: uuid.UUID) -> Response:
    """Send the next part, of at most 32 MB, as application/offset+octet-stream."""
    return sending.append_to(key)


@operation("DELETE", "/uploads/<uuid:key>", _SUBJECT, status=204, headers=_TUS)
def remove_upload(key: uuid.UUID) -> Response:
    """Take it out of the list. What was analysed or calibrated stays; any other session goes with its film."""
    return sending.remove(key)


@operation("POST", "/uploads/<uuid:key>/claim", _SUBJECT, body=Claim, gives=UploadLine)
def claim_upload(key: uuid.UUID, said: Claim) -> Response:
    """Say who is in it, also while it is on its way; the analysis is asked for as soon as all of it is here.

    Said twice, it is done once; 409: it is a session already, of somebody else or of another day.
    """
    viewer = signed_in_viewer()
    piece = piece_from(said.model_dump(mode="json"), viewer.user_id, datetime.now(UTC).date())
    if not is_claimed_so(store(), viewer, key, piece, calibration=said.calibration):
        claim(store(), viewer, key, piece, calibration=said.calibration)
    return _fresh(sending.one(key))


@operation("POST", "/uploads/<uuid:key>/cancel", _SUBJECT, gives=UploadLine)
def cancel_upload(key: uuid.UUID) -> Response:
    """Stop its analysis."""
    stopping.cancel(store().database, ClubScope(signed_in_viewer().club_id), _job_of(key))
    return _fresh(sending.one(key))


@operation("POST", "/uploads/<uuid:key>/retry", _SUBJECT, gives=UploadLine)
def retry_upload(key: uuid.UUID) -> Response:
    """Analyse it again, where that failed or was cancelled."""
    stopping.retry(store().database, ClubScope(signed_in_viewer().club_id), _job_of(key))
    return _fresh(sending.one(key))


@api.after_request
def _speak_tus(answer: Response) -> Response:
    tus = request.endpoint in _SPEAK_TUS
    return sending.speak_tus(answer) if tus else answer


_SPEAK_TUS = {
    f"api.{view.__name__}" for view in (upload_capabilities, create_upload, upload, send_upload, remove_upload)
}


def _job_of(key: uuid.UUID) -> uuid.UUID:
    job_id = sending.one(key).job_id
    if job_id is None:
        raise StoreError("nobody has said yet who is in this film; say that first")
    return job_id


def _fresh(row: Upload) -> Response:
    answer = told(_line(row, cards(store(), signed_in_viewer(), [row])[0]))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _line(row: Upload, card: dict[str, Any]) -> UploadLine:
    return UploadLine.model_validate({**card, "analysis": row.job_id})
