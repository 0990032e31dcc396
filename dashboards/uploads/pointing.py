"""Asks another process who is in a film and whether she can be measured: no network is loaded here.

A film is searched once, as soon as it is here. What was found lies beside it until it is claimed, so that one can point
at the rower without waiting.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from dashboards.texts.reader import texts
from dashboards.texts.refusals import refusal
from rowsense.errors import StoreError
from rowsense.store.upload_files import UploadFiles

_log = logging.getLogger(__name__)
#: Searches at once on this server [D]: each takes both cores and some hundred MB for seconds.
_ROOM: Final = threading.BoundedSemaphore(1)
#: Whoever asks waits so long for another's search to end, and the search may take so long: films are up to hours [D].
_TURN_S: Final = 10.0
_MOST_S: Final = 120.0


class _SearchError(Exception):
    """Nobody could be looked for; why is in the log."""


def people_in(files: UploadFiles, key: uuid.UUID, speed: float | None) -> dict[str, Any]:
    """``picture`` and ``people`` as :mod:`rowsense.jobs.people` has them, in the reader's language.

    Raises
    ------
    StoreError
        Others ask as well, or the film could not be searched.
    """
    kept = _kept(files, key, speed)
    if kept is None:
        if not _ROOM.acquire(timeout=_TURN_S):
            raise StoreError(texts()("upload.people.busy"))
        try:
            kept = _searched(files, key, speed, None)
        except _SearchError as error:
            raise StoreError(texts()("upload.people.failed")) from error
        finally:
            _ROOM.release()
    people = [{**one, "refused": refusal(texts(), one["refused"])} for one in kept["people"]]
    return {"picture": kept["picture"], "people": people}


def find_rower(files: UploadFiles, key: uuid.UUID, speed: float | None, rower: int | None) -> dict[str, Any] | None:
    """Search a film that has just come, and keep what was found; None: that did not work, which says nothing of it."""
    with _ROOM:
        try:
            return _searched(files, key, speed, rower)
        except _SearchError:
            return None


def _kept(files: UploadFiles, key: uuid.UUID, speed: float | None) -> dict[str, Any] | None:
    """What was found before, of the film at that speed."""
    with suppress(OSError, ValueError, KeyError):
        kept: dict[str, Any] = json.loads(files.people(key).read_text(encoding="utf-8"))
        if kept["speed"] == speed:
            return kept
    return None


def _searched(files: UploadFiles, key: uuid.UUID, speed: float | None, rower: int | None) -> dict[str, Any]:
    film = files.path(key)
    said = _asked(film, {"film": str(film), "speed": speed, "rower": rower})
    with suppress(OSError):  # then it is searched again when somebody asks
        files.keep_people(key, json.dumps({**said, "speed": speed}))
    return said


def _asked(film: Path, what: dict[str, Any]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "rowsense.jobs.people"],
            input=json.dumps(what).encode() + b"\n",
            capture_output=True,
            timeout=_MOST_S,
            check=False,
            start_new_session=True,  # Ctrl-C is for the server
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        said: dict[str, Any] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        _log.warning("nobody could be looked for in %s: %s", film.name, error)
        raise _SearchError from error
    if "problem" in said:
        _log.warning("nobody could be looked for in %s: %s", film.name, said["problem"])
        raise _SearchError
    return said
