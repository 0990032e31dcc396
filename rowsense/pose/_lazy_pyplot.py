"""Puts off loading ``matplotlib.pyplot``: MediaPipe imports it for drawing, which nobody asks it for.

After this module is imported an ``import matplotlib.pyplot`` costs nothing, and its first use loads it. What the
reports need of matplotlib is loaded while the rower is searched (:func:`rowsense.outputs.warm_up`).
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any, Final

_NAME: Final = "matplotlib.pyplot"


class _PutOff(ModuleType):
    """Stands for a module until something of it is used. (The library's lazy loader loads at the second import.)"""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked by the import system itself
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


sys.modules.setdefault(_NAME, _PutOff(_NAME))
