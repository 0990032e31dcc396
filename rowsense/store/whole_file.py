"""A file that appears under its name when it is whole, readable by this user only."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rowsense.errors import OutputError


def check_free(target: Path) -> None:
    """Refuse a name that is taken.

    Raises
    ------
    OutputError
        It is.
    """
    if target.exists():
        raise OutputError(f"{target}: is there already; name another file, or move it away first")


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """What is written in the block becomes ``target`` when the block has ended well.

    Raises
    ------
    OutputError
        The name is taken, or the file cannot be written; nothing of it is left.
    """
    check_free(target)
    part = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as written:
            yield written
            written.flush()
            os.fsync(written.fileno())
        part.rename(target)
        part = None
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror or error}); name another place") from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
