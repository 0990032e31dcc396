"""The form of a session: what stands in its fields, and what somebody wrote there, read back."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from dashboards.texts.reader import texts
from dashboards.uploads.claims import piece_from
from rowsense.errors import StoreError
from rowsense.store.change import FIELDS
from rowsense.store.tables import PIECE_LIMITS
from rowsense.store.tagging import read_tags

#: Numbers of the form, and in what steps one counts them; the foot rest is among what a film is claimed with.
NUMBERS: Final = {"distance_m": "1", "rate_spm": "0.5", "perceived_effort": "0.5", "power_w": "1", "drag_factor": "1"}
#: Fields of the form that are called otherwise in the store.
_CALLED: Final = {"athlete_id": "athlete"}
#: What travels in a browser's cookie until the next page [D]; a cookie holds 4 kB in all.
_MOST_UNDO: Final = 1200


def written(values: Mapping[str, Any]) -> dict[str, str]:
    """Field of the form -> what stands in it."""
    return {_CALLED.get(name, name): _text(values[name]) for name in FIELDS if name in values}


def undo_of(before: Mapping[str, Any]) -> dict[str, str]:
    """What a form sends to have it as it was; empty where that is too much to be kept on the way."""
    fields = written(before)
    return fields if sum(map(len, fields.values())) <= _MOST_UNDO else {}


def changes_from(values: Mapping[str, Any], form: Mapping[str, str], by: uuid.UUID, today: date) -> dict[str, Any]:
    """What a form says of all fields; those that it has not are as they are in ``values``.

    Raises
    ------
    StoreError
        With everything that has to be mended.
    """
    told = {**written(values), **form}
    told["notes"] = told["notes"].replace("\r\n", "\n")  # as browsers send lines
    problems: list[str] = []
    numbers = {name: _number(told.get(name, ""), name, problems) for name in NUMBERS}
    try:
        piece = piece_from(told, by, today)
    except StoreError as error:
        raise StoreError("; ".join([str(error), *problems])) from error
    if problems:
        raise StoreError("; ".join(problems))
    apart = {**numbers, "tags": read_tags(told.get("tags", "").split(","))}
    return {name: apart[name] if name in apart else getattr(piece, name) for name in FIELDS}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _number(said: str, name: str, problems: list[str]) -> float | None:
    low, high = PIECE_LIMITS[name]
    if not said.strip():
        return None
    try:
        value = float(said.strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        t = texts()
        ends = {"low": t.number(low, 0), "high": t.number(high, 0)}
        problems.append(t("edit.wrong.number", what=t(f"edit.field.{name}"), **ends))
        return None
    return value
