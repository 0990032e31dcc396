"""Asks another process what a changed catalogue would come to, and hands on what it says, line by line."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from typing import Any, Final

from dashboards.catalogue.preview_words import preview_words
from dashboards.texts.refusals import refusal
from rowsense.store.claims import ClubStore
from rowsense.store.opening import address_of
from rowsense.store.scope import ClubScope
from rowsense.texts.texts import Texts

#: Previews at once on this server [D]: each takes a core and some hundred MB for seconds.
_ROOM: Final = threading.BoundedSemaphore(2)


def preview_lines(t: Texts, store: ClubStore, scope: ClubScope, changes: Mapping[str, Any]) -> Iterator[str]:
    """Lines of JSON: ``done`` and ``total`` as it goes, then ``lead``, ``faults`` and ``notes``, or ``problems``.

    Whoever stops reading stops the process.
    """
    if not _ROOM.acquire(blocking=False):
        yield _line({"problems": [t("catalogue.look.busy")]})
        return
    try:
        yield from _answers(t, store, scope, changes)
    finally:
        _ROOM.release()


def _answers(t: Texts, store: ClubStore, scope: ClubScope, changes: Mapping[str, Any]) -> Iterator[str]:
    asked = {
        "url": store.database.url.render_as_string(hide_password=False),
        "files": address_of(store.files),
        "club_id": str(scope.club_id),
        "changes": changes,
    }
    command = [sys.executable, "-P", "-m", "rowsense.jobs.preview"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C is for the server
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        try:
            # Said at once, so that the reader knows; the process needs a moment to start.
            yield _line({"done": 0, "total": 0})
            child.stdin.write(json.dumps(asked) + "\n")
            child.stdin.flush()
            answered = False
            for line in child.stdout:
                said = json.loads(line)
                answered = "done" not in said
                yield _line(_worded(t, said))
            if not answered:
                yield _line({"problems": [t("catalogue.look.failed")]})
        except OSError:
            yield _line({"problems": [t("catalogue.look.failed")]})
        finally:
            child.kill()


def _worded(t: Texts, said: dict[str, Any]) -> dict[str, Any]:
    if "result" in said:
        return preview_words(t, said["result"])
    return {"problems": [refusal(t, said["problem"])]} if "problem" in said else said


def _line(said: dict[str, Any]) -> str:
    return json.dumps(said) + "\n"
