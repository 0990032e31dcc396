"""Puts off loading what MediaPipe imports for other tasks than ours: matplotlib to draw with, a sound card's driver."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


class _PutOff(ModuleType):
    """Stands for a module until something of it is used. (The library's lazy loader loads at the second import.)"""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked by the import system itself
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def put_off(*names: str) -> Iterator[None]:
    """Within, importing one of these modules costs nothing; who imported it here loads it with the first use.

    A module that is loaded already stays as it is. Of a package name the parts that are imported too.
    """
    standing = {name: _PutOff(name) for name in names if name not in sys.modules}
    for name, module in standing.items():
        package, _, part = name.rpartition(".")
        if package in standing:
            setattr(standing[package], part, module)
    sys.modules.update(standing)
    try:
        yield
    finally:
        for name, module in standing.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
