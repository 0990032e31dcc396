"""Small files that all servers of a store read, and whichever is first makes: the secret, the mark of a folder."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from rowsense.errors import OutputError, StoreError
from rowsense.store.file_lock import try_lock
from rowsense.store.places import SECRET

#: In the folder of films on their way in: who finds the same words in it looks into the same folder.
_MARK: Final = ".folder"
#: Whoever makes a file has written it by then [D].
_WRITTEN_S: Final = 2.0


def server_secret(folder: Path, named: Path | None = None) -> str:
    """What browsers' sessions are signed with: made once, readable by this user only.

    ``named``: its file; None: the one in ``folder``.

    Raises
    ------
    StoreError
        It cannot be made or read.
    """
    path = named.expanduser().absolute() if named is not None else folder / SECRET
    mend = (
        "name another file with ROWSENSE_SERVER__SECRET_FILE"
        if named is not None
        else "name another folder with --store"
    )
    try:
        return _read_or_made(path, lambda: secrets.token_urlsafe(48))
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: cannot be made or read ({error}); {mend}") from error


def known_secret(folder: Path, named: Path | None = None) -> str:
    """As :func:`server_secret`, only looked at; empty: it would be made, or cannot be read."""
    with suppress(OSError, UnicodeDecodeError):
        return (named.expanduser() if named is not None else folder / SECRET).read_text(encoding="ascii").strip()
    return ""


def folder_mark(folder: Path) -> str:
    """What tells a folder for films on their way in from every other one, on whatever machine it is looked at.

    Raises
    ------
    OutputError
        It cannot be written, or files in it cannot be locked.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            if not try_lock(probe):
                raise OSError(0, "its files cannot be locked, so two could write to one film")
        return _read_or_made(folder / _MARK, lambda: secrets.token_hex(16))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise OutputError(
            f"{folder}: no films can be taken in there ({why}); put it on a disk that this user may write to and that "
            "knows locks, with --files or ROWSENSE_DATA_DIR"
        ) from error


def known_mark(folder: Path) -> str:
    """As :func:`folder_mark`, only looked at; empty: there is none yet."""
    with suppress(OSError, UnicodeDecodeError):
        return (folder / _MARK).read_text(encoding="ascii").strip()
    return ""


def _read_or_made(path: Path, words: Callable[[], str]) -> str:
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(words())
    until_s = time.monotonic() + _WRITTEN_S
    # Another server may have made it a moment ago.
    while not (found := path.read_text(encoding="ascii").strip()) and time.monotonic() < until_s:
        time.sleep(0.05)
    return found
