"""Frozen dataclasses to JSON and back, by their type hints: NaN is null, arrays are lists."""

from __future__ import annotations

import math
import types
import typing
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, Union, cast

import numpy as np

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """Turn dataclasses, tuples, dicts, small arrays and numbers into JSON values; not finite -> None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return [to_json(v) for v in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [to_json(v) for v in value]
    if isinstance(value, np.generic):
        return to_json(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value


def from_json(kind: type[T], data: Any) -> T:
    """Rebuild a value of type ``kind`` from what :func:`to_json` gave; None where a float belongs -> NaN.

    Raises
    ------
    ValueError, KeyError, TypeError
        The data does not fit the type.
    """
    return cast(T, _decode(kind, data))


def _decode(kind: Any, data: Any) -> Any:
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        return kind(**{f.name: _decode(hints[f.name], data[f.name]) for f in fields(kind) if f.name in data})
    if origin in (Union, types.UnionType):
        return None if data is None else _decode(next(a for a in arguments if a is not type(None)), data)
    if origin is tuple:
        inner = arguments[:1] * len(data) if arguments[1:] == (Ellipsis,) else arguments
        return tuple(_decode(a, d) for a, d in zip(inner, data, strict=True))
    if origin is dict:
        return {k: _decode(arguments[1], v) for k, v in data.items()}
    if origin is np.ndarray:
        return np.array([np.nan if v is None else v for v in data], dtype=np.float64)
    if kind is float:
        return math.nan if data is None else float(data)
    if kind is datetime:
        return datetime.fromisoformat(data)
    if kind is Path:
        return Path(data)
    return data
