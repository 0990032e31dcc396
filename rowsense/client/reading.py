"""From JSON to frozen data with types. What a newer server says beside it is left out; what has a default, an older one
need not say."""

from __future__ import annotations

import types
import uuid
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from rowsense.client.errors import ServerError

_T = TypeVar("_T")


def read(kind: type[_T], data: Any) -> _T:
    """``data`` as a ``kind``.

    Raises
    ------
    ServerError
        It is none: the server is another version.
    """
    try:
        found: _T = _read(kind, data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ServerError(
            f"the server answers in another way than this RowSense knows ({kind.__name__}: {error}); "
            "bring the older one of the two up to date"
        ) from error
    return found


def _read(kind: Any, data: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        told = (one for one in fields(kind) if one.name in data or one.default is MISSING)
        return kind(**{one.name: _read(hints[one.name], data[one.name]) for one in told})
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (one for one in get_args(kind) if one is not type(None))
        return None if data is None else _read(inner, data)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], one) for one in data)
    if origin is dict or kind is Any:
        return data
    if kind in (date, datetime):
        return kind.fromisoformat(data)
    if kind is uuid.UUID:
        return uuid.UUID(data)
    if kind is float and isinstance(data, int):
        return float(data)
    if not isinstance(data, kind):
        raise TypeError(f"{data!r} is no {kind.__name__}")
    return data


@lru_cache(maxsize=64)
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
