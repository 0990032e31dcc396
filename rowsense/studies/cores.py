"""Work that is cut into numbered pieces, on all cores: a process of its own for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import cv2
import numba


def on_all_cores(make: Callable[[int], str], numbers: Iterable[int]) -> None:
    """Make every piece and print what there is to say about it, in the order of the numbers.

    ``make`` must be a function of a module, or a ``partial`` of one.
    """
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), initializer=_stay_on_one_core) as pool:
        for line in pool.map(make, numbers):
            print(line, flush=True)


def _stay_on_one_core() -> None:
    """The processes share the cores; threads of each would only get into each other's way."""
    import torch

    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    numba.set_num_threads(1)
