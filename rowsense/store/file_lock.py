"""The system's lock on an open file: it goes with whoever holds it, however that ends."""

from __future__ import annotations

import sys
from typing import IO, Any, Final

#: Windows locks bytes, and nobody may read those: one far behind the end of any film.
_FAR: Final = 1 << 60


def try_lock(file: IO[Any]) -> bool:
    """Take it without waiting; whether it was free. It is given back when the file is closed."""
    try:
        if sys.platform == "win32":
            import msvcrt

            place = file.tell()
            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(place)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
