"""Kernels are compiled with their first call, and Numba is loaded no sooner."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import rowsense.batch, rowsense.pipeline
assert "numba" not in sys.modules, "loading the analysis loaded Numba"

import numpy as np
from rowsense.kernels import windows
from rowsense.kernels._jit import _Kernel, prange
assert prange is range

parallel = [one for one in vars(windows).values() if isinstance(one, _Kernel) and one._parallel]
assert parallel, "no parallel kernel to try"
for one in parallel:
    one.compiled()
import numba
from numba.core.registry import CPUDispatcher
assert windows.prange is numba.prange
used = {name: vars(windows).get(name) for one in parallel for name in one._function.__code__.co_names}
called = {name: one for name, one in used.items() if isinstance(one, _Kernel | CPUDispatcher)}
assert called, "none that calls another"
assert all(isinstance(one, CPUDispatcher) for one in called.values()), called
"""


def test_numba_is_loaded_with_the_first_call_and_kernels_call_compiled_ones() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=120)
