"""Calls about films on their way in, as tus 1.0.0 sends them."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from rowsense.client.answers import KnownFilm, Upload
from rowsense.client.asking import Asking
from rowsense.client.errors import OfflineError
from rowsense.client.reading import read
from rowsense.client.wire import Body

_TUS: Final = {"Tus-Resumable": "1.0.0"}
_PART: Final = {**_TUS, "Content-Type": "application/offset+octet-stream"}


class FilmCalls(Asking):
    """Films."""

    def known(self, sha256: str) -> tuple[KnownFilm, ...]:
        """Sessions that were made of this file."""
        return tuple(read(KnownFilm, one) for one in self._get("/films", sha256=sha256)["items"])

    def uploads(self) -> Iterator[Upload]:
        """One's own films on their way in."""
        return self._all(Upload, "/uploads")

    def upload(self, key: uuid.UUID) -> Upload:
        """One of them."""
        return read(Upload, self._get(f"/uploads/{key}"))

    def announce(self, name: str, byte_count: int, filmed_on: date | None = None) -> uuid.UUID:
        """Make room for a film."""
        told = {"filename": name, **({"filmed_on": filmed_on.isoformat()} if filmed_on is not None else {})}
        coded = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        once = {"Idempotency-Key": str(uuid.uuid4())}  # where the answer is lost, asking again makes no second one
        headers = {**_TUS, **once, "Upload-Length": str(byte_count), "Upload-Metadata": coded}
        try:
            found = self._ask("POST", "/uploads", headers=headers)
        except OfflineError:
            time.sleep(1.0)
            found = self._ask("POST", "/uploads", headers=headers)
        return uuid.UUID(found.headers["location"].rpartition("/")[2])

    def offset(self, key: uuid.UUID) -> int:
        """How much of it is there."""
        return int(self._ask("HEAD", f"/uploads/{key}", headers=_TUS).headers["upload-offset"])

    def send_part(self, key: uuid.UUID, offset: int, part: Body, byte_count: int) -> int:
        """Send more of it; how much is there then. It is not tried again."""
        headers = {**_PART, "Upload-Offset": str(offset), "Content-Length": str(byte_count)}
        found = self._wire.ask("PATCH", f"/uploads/{key}", body=part, headers=headers)
        return int(found.headers["upload-offset"])

    def claim(self, key: uuid.UUID, athlete: uuid.UUID, rowed_on: date, **more: Any) -> Upload:
        """Say who is in it.

        ``more``: ``piece_kind``, ``ergometer_type``, ``foot_height_hole``, ``notes``; ``calibration``: whether
        she poses in it.
        """
        says = {"athlete": str(athlete), "rowed_on": rowed_on.isoformat(), **{k: v for k, v in more.items() if v}}
        return read(Upload, self._ask("POST", f"/uploads/{key}/claim", says=says).json())

    def cancel(self, key: uuid.UUID) -> Upload:
        """Stop its analysis."""
        return read(Upload, self._ask("POST", f"/uploads/{key}/cancel").json())

    def retry(self, key: uuid.UUID) -> Upload:
        """Analyse it again."""
        return read(Upload, self._ask("POST", f"/uploads/{key}/retry").json())

    def remove(self, key: uuid.UUID) -> None:
        """Take it out of the list."""
        self._ask("DELETE", f"/uploads/{key}", headers=_TUS)
