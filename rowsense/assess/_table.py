"""Reading a TOML table key by key: what does not fit is written to one list of problems, never raised at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

STATUSES = ("R", "C", "D")


class Table:
    """A table with its place in the file. Readers return a stand-in of the right type where a value is wrong."""

    def __init__(self, data: Mapping[str, Any], where: str, problems: list[str]) -> None:
        self.data = data
        self.where = where
        self._problems = problems

    def complain(self, sentence: str) -> None:
        """Add a problem found in this table."""
        self._problems.append(f"{self.where}: {sentence}" if self.where else sentence)

    def only(self, *allowed: str) -> None:
        """Every key must be one of these: a misspelt key would otherwise be passed over in silence."""
        for key in sorted(set(self.data) - set(allowed)):
            self.complain(f"unknown key {key!r}")

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            self.complain(f"{key} must be a text")
            return ""
        return value

    def number(self, key: str, low: float = -math.inf, high: float = math.inf) -> float:
        """A finite number within [low, high]."""
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.complain(f"{key} must be a number")
            return math.nan
        if not low <= value <= high:
            self.complain(f"{key} is {value}, expected {low:g} to {high:g}")
        return float(value)

    def whole(self, key: str) -> int:
        """A whole number from 0 on."""
        value = self.number(key, low=0.0)
        if math.isfinite(value) and value != int(value):
            self.complain(f"{key} is {value}, expected a whole number")
        return int(value) if math.isfinite(value) else 0

    def flag(self, key: str) -> bool:
        """False where it is not given."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.complain(f"{key} is {value!r}, expected true or false")
        return value is True

    def pair(self, key: str) -> tuple[float, float]:
        """Two numbers."""
        value = self.data.get(key)
        if not isinstance(value, list) or len(value) != 2:
            self.complain(f"{key} must be two numbers")
            return (math.nan, math.nan)
        first, second = (Table({key: item}, self.where, self._problems).number(key) for item in value)
        return first, second

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """One of the allowed words."""
        value = self.data.get(key)
        if value not in allowed:
            hint = f", expected one of {', '.join(allowed)}" if len(allowed) <= 12 else ""
            self.complain(f"{key} is {value!r}, which is not known{hint}")
            return ""
        return str(value)

    def choices(self, key: str, allowed: Sequence[str], optional: bool = False) -> tuple[str, ...]:
        """A list of allowed words, not empty unless optional."""
        value = self.data.get(key, [] if optional else None)
        if not isinstance(value, list) or (not value and not optional):
            self.complain(f"{key} must be a list")
            return ()
        for item in value:
            if item not in allowed:
                self.complain(f"{key} holds {item!r}, which is not known")
        return tuple(str(item) for item in value)

    def status(self) -> str:
        """R, C or D."""
        return self.choice("status", STATUSES)

    def table(self, key: str) -> Table:
        """A table inside this one."""
        value = self.data.get(key)
        where = f"{self.where}.{key}" if self.where else key
        if not isinstance(value, dict):
            self.complain(f"{key} must be a table")
            value = {}
        return Table(value, where, self._problems)

    def tables(self, key: str) -> list[Table]:
        """A list of tables; named by their id or name where they have one, else by their number."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.complain(f"{key} must be a list of tables")
            return []
        prefix = f"{self.where}." if self.where else ""
        names = [item.get("id") or item.get("name") or item.get("metric") or i for i, item in enumerate(value)]
        return [Table(item, f"{prefix}{key} {name}", self._problems) for item, name in zip(value, names, strict=True)]
