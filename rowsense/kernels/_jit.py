"""The one compilation policy for all kernels.

``cache=True`` because a command-line run would otherwise pay the compile each time; ``nogil=True`` so that
threads overlap; ``fastmath`` stays off because NaN is data here ("not measured").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a serial kernel."""
    return cast(F, numba.njit(cache=True, nogil=True, fastmath=False)(function))


def parallel_kernel(function: F) -> F:
    """Compile a kernel whose outer ``numba.prange`` loop runs on all threads."""
    return cast(F, numba.njit(cache=True, nogil=True, fastmath=False, parallel=True)(function))
