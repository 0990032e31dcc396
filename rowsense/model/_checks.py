"""Checks that collect every problem before they complain."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Problems:
    """Collects sentences; :meth:`raise_if_any` raises one ValueError that lists them all."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._found: list[str] = []

    def shape(self, name: str, array: NDArray[Any], expected: tuple[int | None, ...]) -> None:
        """Require ``array.shape`` to equal ``expected``; None stands for any length."""
        actual = array.shape
        fits = len(actual) == len(expected) and all(e is None or a == e for a, e in zip(actual, expected, strict=True))
        if not fits:
            wanted = tuple("any" if e is None else e for e in expected)
            self._found.append(f"{name} has shape {actual}, expected {wanted}")

    def increasing(self, name: str, array: NDArray[Any]) -> None:
        """Require strictly increasing, finite values."""
        if array.size and not bool(np.all(np.isfinite(array))):
            self._found.append(f"{name} holds values that are not finite")
        elif array.size > 1 and not bool(np.all(np.diff(array) > 0)):
            self._found.append(f"{name} is not strictly increasing")

    def require(self, condition: bool, sentence: str) -> None:
        """Add ``sentence`` unless ``condition`` holds."""
        if not condition:
            self._found.append(sentence)

    def raise_if_any(self) -> None:
        """Raise ValueError with every problem found."""
        if self._found:
            raise ValueError(f"{self._owner}: " + "; ".join(self._found))
