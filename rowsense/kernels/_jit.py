"""The one compilation policy for all kernels.

``cache=True`` because a command-line run would otherwise pay the compile each time; ``nogil=True`` so that
threads overlap; ``fastmath`` stays off because NaN is data here ("not measured").
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Final, TypeVar, cast

_BLAS: Final = "scipy.linalg.cython_blas"
_POLICY: Final[dict[str, Any]] = {"cache": True, "nogil": True, "fastmath": False}
_one_at_a_time: Final = threading.RLock()

F = TypeVar("F", bound=Callable[..., Any])

#: Numba's own takes its place in every kernel that is compiled.
prange = range


class _Kernel:
    """A function that is compiled with its first call. So Numba is loaded while the rower is searched, not before: it
    takes longer than everything else that a program needs to begin with."""

    def __init__(self, function: Callable[..., Any], *, parallel: bool) -> None:
        update_wrapper(self, function)
        self._function, self._parallel = function, parallel
        self._compiled: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:
        return (self._compiled or self.compiled())(*arguments)

    def compiled(self) -> Callable[..., Any]:
        """The compiled function, which knows those it calls as compiled ones."""
        with _one_at_a_time:
            if self._compiled is None:
                import numba

                names = self._function.__globals__
                for name in self._function.__code__.co_names:
                    if isinstance(other := names.get(name), _Kernel):
                        names[name] = other.compiled()
                    elif other is prange:
                        names[name] = numba.prange
                self._compiled = numba.njit(parallel=self._parallel, **_POLICY)(self._function)
            return self._compiled


def kernel(function: F) -> F:
    """A serial kernel."""
    return cast(F, _Kernel(function, parallel=False))


def parallel_kernel(function: F) -> F:
    """A kernel whose outer :data:`prange` loop runs on all threads."""
    return cast(F, _Kernel(function, parallel=True))


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
