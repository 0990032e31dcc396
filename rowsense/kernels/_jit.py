"""The one compilation policy for all kernels.

``cache=True`` because a command-line run would otherwise pay the compile each time; ``nogil=True`` so that
threads overlap; ``fastmath`` stays off because NaN is data here ("not measured").
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba

_BLAS: Final = "scipy.linalg.cython_blas"


F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a serial kernel."""
    return cast(F, numba.njit(cache=True, nogil=True, fastmath=False)(function))


def parallel_kernel(function: F) -> F:
    """Compile a kernel whose outer ``numba.prange`` loop runs on all threads."""
    return cast(F, numba.njit(cache=True, nogil=True, fastmath=False, parallel=True)(function))


def load_ahead() -> None:
    """Do now what would hold up the first kernel that runs: load Numba's library of functions.

    It asks for SciPy's BLAS too, for a third of a second. No kernel multiplies matrices, so that is refused it.
    """
    if _BLAS in sys.modules or "numba.np.arraymath" in sys.modules:
        return
    sys.modules[_BLAS] = cast(Any, None)  # importing it fails at once
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        del sys.modules[_BLAS]
    _same(0.0)


@kernel
def _same(value: float) -> float:
    return value
