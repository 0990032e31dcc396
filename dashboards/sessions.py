"""The analysed sessions below one folder, found by their own mark: ``*.rowsense`` with a ``summary.json``."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from rowsense.model import Session
from rowsense.store.session_folder import read_session

SUFFIX = ".rowsense"
SUMMARY = "summary.json"
#: How many folders deep the search goes; a season sorted by year and athlete fits.
MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """One session. ``key``: in a folder its path below the root with forward slashes."""

    key: str
    summary: dict[str, Any]
    changed_s: float
    """When it was written, seconds since 1970."""
    rowed_on: date | None = None
    """The day of the session, where somebody said it."""
    rower: str = ""
    """Who it is, where that is known better than by name; equal for one rower only."""
    tags: tuple[str, ...] = ()


def find_sessions(root: Path) -> list[SessionEntry]:
    """All readable sessions below ``root``, newest first; damaged ones are left out."""
    entries = [entry for folder in _session_folders(root, MAX_DEPTH) if (entry := session_entry(root, folder))]
    return sorted(entries, key=lambda e: (-e.changed_s, e.key))


def session_folder(root: Path, key: str) -> Path | None:
    """The folder of a session by its key, or None; nothing outside ``root`` is ever returned."""
    folder = (root / key).resolve()
    if not folder.is_relative_to(root.resolve()) or folder.suffix != SUFFIX:
        return None
    return folder if (folder / SUMMARY).is_file() else None


def light_session(folder: Path) -> Session:
    """A session without the positions of joints and back, read again only when it was written again.

    Raises
    ------
    RowSenseError
        It cannot be read.
    """
    try:
        changed_ns = (folder / "session.json").stat().st_mtime_ns
    except OSError:
        changed_ns = 0
    return _light_session(folder, changed_ns)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A session under a name that no other one ever has."""

    name: str
    folder: Callable[[], Path] = field(compare=False)


def stored_session(name: str, folder: Callable[[], Path]) -> Session:
    """A session as :func:`light_session` gives it; ``folder`` is asked only where it is not at hand.

    Raises
    ------
    RowSenseError
        It cannot be read.
    """
    return _stored_session(_Stored(name, folder))


@lru_cache(maxsize=4)
def _stored_session(stored: _Stored) -> Session:
    return read_session(stored.folder(), positions=False)


def forget_sessions() -> None:
    """Keep none at hand: one was deleted."""
    _light_session.cache_clear()
    _stored_session.cache_clear()


@lru_cache(maxsize=4)
def _light_session(folder: Path, changed_ns: int) -> Session:
    return read_session(folder, positions=False)


def _session_folders(folder: Path, depth: int) -> Iterator[Path]:
    try:
        children = sorted(entry.path for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False))
    except OSError:
        return
    for child in map(Path, children):
        if child.suffix == SUFFIX:
            yield child
        elif depth > 1 and not child.name.startswith("."):
            yield from _session_folders(child, depth - 1)


def session_entry(root: Path, folder: Path) -> SessionEntry | None:
    """The session in one folder; None where its summary cannot be read."""
    path = folder / SUMMARY
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
        changed_s = path.stat().st_mtime
    except (OSError, ValueError):
        return None
    if not isinstance(summary, dict) or not isinstance(summary.get("video"), dict):
        return None
    return SessionEntry(folder.relative_to(root).as_posix(), summary, changed_s)
