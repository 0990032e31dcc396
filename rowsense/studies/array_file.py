"""A dataclass of arrays, numbers and texts as a compressed ``.npz`` file: written whole or not at all."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def write_arrays(path: Path, holder: DataclassInstance) -> None:
    """Write every field under its name. Where that fails nothing is left behind, and a file that was there stays.

    Raises
    ------
    ValueError
        A field is neither an array of numbers or texts nor a single one.
    OSError
        The file cannot be written.
    """
    stored: dict[str, Any] = {f.name: np.asarray(getattr(holder, f.name)) for f in fields(holder)}
    unfinished = path.with_suffix(".part")
    try:
        with unfinished.open("wb") as handle:
            np.savez_compressed(handle, allow_pickle=False, **stored)
        unfinished.replace(path)
    except BaseException:  # an interrupted run too leaves no half file
        unfinished.unlink(missing_ok=True)
        raise


def read_arrays(path: Path, kind: type[T]) -> T:
    """What :func:`write_arrays` wrote of a ``kind``; single numbers and texts are Python's own again."""
    with np.load(path) as stored:
        values: dict[str, Any] = {f.name: stored[f.name] for f in fields(kind)}
    return kind(**{name: value if value.ndim else value.item() for name, value in values.items()})
