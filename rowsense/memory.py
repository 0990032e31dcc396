"""Memory that is no longer used goes back to the system: a process must not stay as large as its largest stage was.

The GNU C library keeps what was freed for the next allocation, in one pool per thread, and the larger the arrays that
a program frees, the larger those that go into the pools. After landmarkers and pictures of several threads that is
more than all that is kept of a long video. Where there is another C library this module does nothing.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Final

#: Arrays from this size on go straight back when they are freed [D: whole pictures, and series over a long video; the
#: shrunk picture of every looked-at frame stays below, because getting new memory for each costs about 3 % of time].
LARGE_BYTES: Final = 2 << 20

#: Name of this setting in ``malloc.h``.
_M_MMAP_THRESHOLD: Final = -3


def return_large_arrays() -> None:
    """From now on let every freed array of ``LARGE_BYTES`` or more go back at once, for the whole process."""
    library = _c_library()
    if library is not None:
        library.mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)


def give_back() -> None:
    """Give freed memory back that the C library has kept: some milliseconds, so at the borders of stages."""
    library = _c_library()
    if library is not None:
        library.malloc_trim(0)


@cache
def _c_library() -> ctypes.CDLL | None:
    """The GNU C library that this process runs on; None for another one."""
    try:
        library = ctypes.CDLL(None)
        # Only the GNU library has both; looking them up is the test.
        library.mallopt.argtypes, library.malloc_trim.argtypes = [ctypes.c_int, ctypes.c_int], [ctypes.c_size_t]
    except (OSError, TypeError, AttributeError):
        return None
    return library
