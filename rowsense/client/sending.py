"""Sending a film: it goes on after a broken connection and after a kill, and what is there is not sent again."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from rowsense.client.answers import KnownFilm, Upload
from rowsense.client.club import Client
from rowsense.client.errors import OfflineError, RefusedError, ServerError
from rowsense.client.length import length_problem
from rowsense.client.memory import Memory
from rowsense.errors import UsageError, VideoError

Tell = Callable[[str, float, float], None]
#: The first part is small: a picture is refused after a moment, not after an hour.
FIRST_BYTES: Final = 1 << 16
#: The largest part, and the smallest where the connection breaks again and again: of a broken part nothing counts.
MOST_BYTES: Final = 8 << 20
LEAST_BYTES: Final = 1 << 18
_BLOCK: Final = 1 << 16
_READ: Final = 1 << 20
#: How long nothing may get through before it is given up [D]; the same command goes on later.
GIVE_UP_S: Final = 300.0
_LONGEST_WAIT_S: Final = 20.0
_POLL_S: Final = 0.5
#: Between the look at a film and its session the server does nothing else; where it has to ask first it stays so [D].
_SETTLES_S: Final = 4.0
#: Of the look at a film when it is all there; 4 GB on a slow disk take minutes [D].
_LOOK_S: Final = 1800.0
#: Refusals after which nothing more is taken there: gone, refused, no film.
_OVER: Final = frozenset({404, 410, 415})
#: Those that pass: it goes on elsewhere, somebody else sends it, too often, the server is in trouble.
_PASSING: Final = frozenset({409, 423, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Said:
    """Who is in a film, and what was rowed."""

    athlete: uuid.UUID
    rowed_on: date
    piece_kind: str = ""
    calibration: bool = False
    """She poses in it: what comes of it is her zero and range."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a film."""

    sha256: str
    upload: Upload | None
    """None: it was in the club already, and was not sent."""
    known: tuple[KnownFilm, ...] = ()
    """The sessions that it was in already."""
    resumed_bytes: int = 0
    """Were there from an earlier try."""


@dataclass
class Patience:
    """How long to wait between tries, and when to give up."""

    give_up_s: float = GIVE_UP_S
    since_s: float = field(default_factory=time.monotonic)
    wait_s: float = 0.5

    def went_on(self) -> None:
        """Something got through."""
        self.since_s, self.wait_s = time.monotonic(), 0.5

    def wait(self, error: ServerError, at_least_s: float = 0.0) -> None:
        """Wait before the next try.

        Raises
        ------
        ServerError
            ``error``, with how it goes on: nothing has got through for too long.
        """
        if time.monotonic() - self.since_s > self.give_up_s:
            raise type(error)(*_later(error))
        time.sleep(max(self.wait_s, at_least_s))
        self.wait_s = min(2.0 * self.wait_s, _LONGEST_WAIT_S)


def _later(error: ServerError) -> tuple[Any, ...]:
    words = f"{error}; what was sent is kept for seven days, and the same command goes on there"
    return (error.status, words) if isinstance(error, RefusedError) else (words,)


def send_film(
    club: Client,
    video: Path,
    said: Said | None = None,
    *,
    again: bool = False,
    tell: Tell = lambda stage, done, total: None,
    memory: Memory | None = None,
    give_up_s: float = GIVE_UP_S,
) -> Sent:
    """Send a film and wait until the server has looked at it. ``said``: who is in it; None: to be said on the page.

    ``again``: make another session of a film that the club has already, and one of a film in which the rower cannot be
    measured. ``tell`` hears stage, done and total.

    Raises
    ------
    UsageError
        There is no such file, or it changed meanwhile.
    VideoError
        It is too short or too long, or the server says that it is no film, or one that cannot be used.
    ServerError
        The server cannot be asked, or refuses.
    """
    problem = length_problem(video)
    if problem:
        raise VideoError(f"{video}: {problem}")
    size, sha256 = _measured(video, tell)
    known = club.known(sha256)
    if known and not again:
        return Sent(sha256, None, known)
    kept = memory or Memory.usual()
    patience = Patience(give_up_s)
    key, here = _begin(club, video, size, sha256, kept)
    if said is not None:
        _claim(club, key, said, again=again)
    try:
        _send(club, key, video, size, tell, patience)
    except RefusedError as error:
        if error.status not in _OVER:
            raise
        # Going on there is of no use; its state says why, unless it was taken away.
        kept.forget(club.server, sha256)
    upload = _looked_at(club, key, claimed=said is not None and not again)
    if not upload.refused:  # of one that waits the same command is told the same again
        kept.forget(club.server, sha256)
    if upload.state == "refused":
        raise VideoError(f"{video}: {upload.problem}")
    if upload.state == "ready" and upload.known and not again:
        # Somebody else has sent it meanwhile.
        club.remove(key)
        return Sent(sha256, None, upload.known)
    if said is not None and upload.state == "ready":
        # It is to be another session of a known film; or no session could be made, and here it is said why.
        upload = _claim(club, key, said, again=again)
    return Sent(sha256, upload, known, here)


def wait_for_analysis(club: Client, upload: Upload, tell: Tell) -> Upload:
    """Wait until the analysis of a film is over, well or not; a broken connection is waited for too.

    Raises
    ------
    ServerError
        The server cannot be asked for too long, or the film was taken out of the list.
    """
    patience = Patience()
    while upload.job is not None and upload.job.state in ("queued", "running"):
        tell("analyze", upload.job.share, 1.0)
        time.sleep(_POLL_S)
        try:
            upload = club.upload(upload.id)
            patience.went_on()
        except (OfflineError, RefusedError) as error:
            if isinstance(error, RefusedError) and error.status not in _PASSING:
                raise
            patience.wait(error)
    tell("analyze", 1.0, 1.0)
    return upload


def _measured(video: Path, tell: Tell) -> tuple[int, str]:
    """Its size and its SHA-256, by which it is known again wherever it is kept and whatever it is called."""
    digest, done = hashlib.sha256(), 0
    try:
        size = video.stat().st_size
        with video.open("rb") as file:
            while block := file.read(_READ):
                digest.update(block)
                done += len(block)
                tell("look", done, size)
    except IsADirectoryError as error:
        raise UsageError(f"{video}: is a folder; name the films in it") from error
    except OSError as error:
        raise UsageError(f"{video}: cannot be read ({error.strerror}); look at the name") from error
    if not done:
        raise VideoError(f"{video}: the file is empty; look whether the film can be played")
    if done != size:
        raise UsageError(f"{video}: is still being written; wait until it is complete")
    return size, digest.hexdigest()


def _begin(club: Client, video: Path, size: int, sha256: str, memory: Memory) -> tuple[uuid.UUID, int]:
    """The upload of an earlier try, or a new one; and how much of it is there."""
    key = memory.recall(club.server, sha256)
    if key is not None:
        try:
            return key, club.offset(key)
        except RefusedError as error:
            if error.status not in (404, 410):
                raise
    filmed_on = date.fromtimestamp(video.stat().st_mtime)
    key = club.announce(video.name, size, filmed_on)
    memory.keep(club.server, sha256, key)
    return key, 0


def _claim(club: Client, key: uuid.UUID, said: Said, *, again: bool) -> Upload:
    """Said once: a second time it would be too late; or a film that cannot be measured would be analysed in vain."""
    upload = club.upload(key)
    if upload.state in ("refused", "claimed") or (upload.refused and not again):
        return upload
    try:
        more = {"piece_kind": said.piece_kind, "calibration": said.calibration}
        return club.claim(key, said.athlete, said.rowed_on, **more)
    except RefusedError as error:
        # The server has made the session in this moment.
        upload = club.upload(key)
        if error.status == 409 and upload.state == "claimed":
            return upload
        raise


def _send(club: Client, key: uuid.UUID, video: Path, size: int, tell: Tell, patience: Patience) -> None:
    most = MOST_BYTES
    while True:
        try:
            offset = club.offset(key)
            with video.open("rb") as file:
                while offset < size:
                    count = min(most if offset else FIRST_BYTES, size - offset)
                    file.seek(offset)
                    if os.fstat(file.fileno()).st_size != size:
                        raise UsageError(f"{video}: changed while it was sent; take it away under Upload, then send it")
                    offset = club.send_part(key, offset, _blocks(file, count, offset, size, tell), count)
                    tell("send", offset, size)
                    patience.went_on()
                    most = min(2 * most, MOST_BYTES)
            return
        except OfflineError as error:
            most = max(most // 2, LEAST_BYTES)
            patience.wait(error)
        except RefusedError as error:
            if error.status not in _PASSING:
                raise
            patience.wait(error, error.wait_s)


def _blocks(file: Any, count: int, offset: int, size: int, tell: Tell) -> Iterator[bytes]:
    """A part, bit by bit, so that a slow connection shows that it moves."""
    end = offset + count
    while offset < end:
        block = file.read(min(_BLOCK, end - offset))
        if not block:
            return
        yield block
        offset += len(block)
        tell("send", offset, size)


def _looked_at(club: Client, key: uuid.UUID, *, claimed: bool) -> Upload:
    """What it is when the server has looked at it. ``claimed``: and has had time to make the session of it."""
    until_s = time.monotonic() + _LOOK_S
    patience = Patience()
    while True:
        try:
            upload = club.upload(key)
            if upload.state == "ready" and claimed and not upload.problem:
                until_s = min(until_s, time.monotonic() + _SETTLES_S)
            elif upload.state not in ("receiving", "checking"):
                return upload
            if time.monotonic() > until_s:
                return upload
            patience.went_on()
            time.sleep(_POLL_S)
        except OfflineError as error:
            patience.wait(error)
