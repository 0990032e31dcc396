"""Asks another process who is in a film, so that one can point at the rower: no network is loaded here."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from dashboards.texts.reader import texts
from rowsense.errors import StoreError

_log = logging.getLogger(__name__)
#: Searches at once on this server [D]: each takes both cores and some hundred MB for seconds.
_ROOM: Final = threading.BoundedSemaphore(1)
#: Whoever asks waits so long for another's search to end, and the search may take so long: films are up to hours [D].
_TURN_S: Final = 10.0
_MOST_S: Final = 120.0


def people_in(film: Path, speed: float | None) -> dict[str, Any]:
    """``picture`` and ``people``, see :mod:`rowsense.jobs.people`.

    Raises
    ------
    StoreError
        Others ask as well, or the film could not be searched.
    """
    if not _ROOM.acquire(timeout=_TURN_S):
        raise StoreError(texts()("upload.people.busy"))
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "rowsense.jobs.people"],
            input=json.dumps({"film": str(film), "speed": speed}).encode() + b"\n",
            capture_output=True,
            timeout=_MOST_S,
            check=False,
            start_new_session=True,  # Ctrl-C is for the server
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        said: dict[str, Any] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        _log.warning("nobody could be looked for in %s: %s", film.name, error)
        raise StoreError(texts()("upload.people.failed")) from error
    finally:
        _ROOM.release()
    if "problem" in said:
        _log.warning("nobody could be looked for in %s: %s", film.name, said["problem"])
        raise StoreError(texts()("upload.people.failed"))
    return said
