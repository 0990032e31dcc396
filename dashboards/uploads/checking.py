"""Looks at films that have come in whole, one after the other, in other processes: decoders are not loaded here.

First what the file is, then whether its rower can be measured: who sent it hears that now, not when its turn for the
analysis comes.
"""

from __future__ import annotations

import json
import logging
import queue
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from dashboards.uploads.pointing import find_rower
from rowsense.errors import RowSenseError
from rowsense.jobs.claiming import claim
from rowsense.jobs.requests import is_calibration, piece_of, settings_of
from rowsense.store.claims import ClubStore
from rowsense.store.filming import known_films
from rowsense.store.tables import Upload
from rowsense.store.tables.uploads import CHECKING, READY
from rowsense.store.trouble import is_away, words_of
from rowsense.store.upload_files import upload_files_of
from rowsense.store.uploads import checked_next, move_on, refuse, to_check, to_claim, upload_of
from rowsense.store.viewers import viewer_of

_log = logging.getLogger(__name__)
#: Reading 4 GB from a slow disk takes minutes [D].
_MOST_S: Final = 1800.0
#: Between tries while the database is away [D].
_AGAIN_S: Final = 10.0
#: A stroke takes two seconds and more; nothing can be said of less than two of them [D].
SHORTEST_S: Final = 4.0
#: An analysis keeps numbers of every frame [D]; who rows longer films the parts that matter.
LONGEST_S: Final = 3 * 3600.0
#: Exit codes of a process that somebody stopped: by a signal, after Ctrl-C, after SIGTERM; on Windows after Ctrl-C.
_STOPPED: Final = frozenset({-signal.SIGINT, -signal.SIGTERM, 130, 143, 0xC000013A})
#: What a decoder dies of by itself; whatever else kills it says nothing of the film.
_CRASHES: Final = frozenset(
    -getattr(signal, name) for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL") if hasattr(signal, name)
)


class Checker:
    """A thread that looks at one film at a time, whichever server took it in. ``searches``: for its rower too."""

    def __init__(self, store: ClubStore, *, searches: bool = False) -> None:
        self._store, self._searches = store, searches
        self._asked: set[uuid.UUID] = set()
        """Of which it was asked before: those wait here, or were tried."""
        self._waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def catch_up(self, *, others: bool = False) -> None:
        """Look at what an earlier process left. ``others``: only what this one has not had yet, so another one left."""
        unseen, unclaimed = to_check(self._store), to_claim(self._store)
        # Of films that are neither any more nothing has to be known.
        self._asked.intersection_update({*unseen, *(row.id for row in unclaimed)})
        known = frozenset(self._asked) if others else frozenset()
        for key in unseen:
            if key not in known:
                self.look_at(key)
        for row in unclaimed:
            if row.id not in known:
                self._asked.add(row.id)
                self._soon(partial(_claim_as_said, self._store, row))

    def look_at(self, key: uuid.UUID) -> None:
        """Look at it soon; returns at once."""
        self._asked.add(key)
        self._soon(partial(self._look, key))

    def _look(self, key: uuid.UUID) -> None:
        if not check(self._store, key, searches=self._searches):
            self._asked.discard(key)  # who looks at it may be stopped

    def _soon(self, work: Callable[[], None]) -> None:
        self._waiting.put(work)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="films", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            work = self._waiting.get()
            try:
                work()
            except Exception as error:  # it stays as it is, and is looked at again at the next start
                if not is_away(error):
                    _log.exception("an upload could not be looked at: %r", work)
                    continue
                _log.warning("films wait to be looked at: %s", words_of(error))
                time.sleep(_AGAIN_S)
                self._waiting.put(self.catch_up)  # whichever were left, and however far they had come


def check(store: ClubStore, key: uuid.UUID, *, searches: bool = False) -> bool:
    """Look at a film: refuse it, or have it ready; where it is said already who is in it, make the session.

    False: another server looks at it right now, so nothing was done.

    ``searches``: look for its rower too. A film in which she cannot be measured is ready, with the reason as its
    problem, and waits to be claimed once more or taken away. Where the looking itself was stopped, it stays as it is.
    """
    with upload_files_of(store).looking_at(key) as alone:
        ready = _checked(store, key, searches=searches) if alone else None
    if ready is not None:
        _claim_as_said(store, ready)
    return alone


def _checked(store: ClubStore, key: uuid.UUID, *, searches: bool) -> Upload | None:
    """One that is ready now; None: it is not, or was before."""
    row = checked_next(store, key)
    found = _look(store, row) if row is not None else None
    if row is None or found is None:
        return None
    problem = found.pop("problem", "") or _length_problem(float(found["duration_s"]))
    if problem:
        refuse(store, row, problem)
        return None
    why = _rower(store, row, found) if searches else ""
    return row if move_on(store, row, CHECKING, state=READY, found=found, problem=why) else None


def _rower(store: ClubStore, looked_at: Upload, found: dict[str, Any]) -> str:
    """Note in ``found`` what is found of the rower; why she cannot be measured, empty: she can, or it is not known."""
    row = checked_next(store, looked_at.id)  # what was said of it while its bytes were read counts
    # Who poses to be calibrated does not row.
    if row is None or is_calibration(row.claim) or _is_known(store, row, found["sha256"]):
        return ""
    settings = settings_of(row.claim)
    speed, rower = settings.get("video", {}).get("speed"), settings.get("pose", {}).get("rower")
    said = find_rower(upload_files_of(store), row.id, speed, rower)
    if said is None:
        return ""
    rowing = sum(one["rows"] for one in said["people"])
    found["rower"] = {
        "refused": bool(said["refused"]), "poses": said["poses"], "warnings": said["warnings"], "rowing": rowing,
    }  # fmt: skip
    return str(said["refused"])


def _is_known(store: ClubStore, row: Upload, sha256: str) -> bool:
    """Whether its sender has a session of the same film: then it was looked at before."""
    viewer = viewer_of(store.database, row.user_id, row.club_id) if row.user_id is not None else None
    return viewer is not None and bool(known_films(store.database, viewer, [sha256])[sha256])


def _look(store: ClubStore, row: Upload) -> dict[str, Any] | None:
    """What it is, or ``problem``; None: the process that looked was stopped, which says nothing of the film."""
    files = upload_files_of(store)
    path, picture = files.path(row.id), files.picture(row.id)
    done = _looked(path, picture)
    if done.returncode < 0 and done.returncode not in _STOPPED:
        done = _looked(path, picture)  # the machine may have been short of memory
    if done.returncode in _STOPPED or (done.returncode < 0 and done.returncode not in _CRASHES):
        _log.warning("upload %s: looking at it was stopped (code %d); it waits", row.id, done.returncode)
        return None
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        _log.warning("upload %s: looking at it ended with code %d: %s", row.id, done.returncode, done.stderr[-300:])
        return {"problem": "the film cannot be read; look whether it plays to its end, and send it again"}
    if "problem" in found:
        found["problem"] = str(found["problem"]).replace(path.name, row.name)
    return found


def _looked(path: Path, picture: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-m", "rowsense.video.look", str(path), str(picture)]
    # A session of its own, a group on Windows: Ctrl-C is for the server.
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_MOST_S,
        check=False,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _length_problem(duration_s: float) -> str:
    if duration_s < SHORTEST_S:
        return f"the film lasts {duration_s:.1f} s, which holds no two strokes; film at least ten strokes"
    if duration_s > LONGEST_S:
        return f"the film lasts {duration_s / 3600:.1f} h and {LONGEST_S / 3600:.0f} h is the most; send a part of it"
    return ""


def _claim_as_said(store: ClubStore, looked_at: Upload) -> None:
    """Make the session of what was said while the film was on its way; of a film that is known, ask first."""
    user_id, key = looked_at.user_id, looked_at.id
    # Whatever club its sender looks at now: the film is of the one that she sent it to.
    viewer = viewer_of(store.database, user_id, looked_at.club_id) if user_id is not None else None
    row = upload_of(store, viewer, key) if viewer is not None else None
    if viewer is None or row is None or not row.claim or row.problem:
        return
    try:
        sha256 = row.found["sha256"]
        if known_films(store.database, viewer, [sha256])[sha256]:
            return
        calibration = is_calibration(row.claim)
        claim(store, viewer, key, piece_of(row.claim), settings_of(row.claim), calibration=calibration)
    except RowSenseError as error:
        move_on(store, row, READY, problem=str(error))
    except Exception as error:
        if is_away(error):
            raise
        _log.exception("upload %s: no session could be made of it", key)
        move_on(store, row, READY, problem="no session could be made of this film; say again who is in it")
