"""A figure as what Plotly reads: plain lists and dictionaries.

Plotly's own figure classes check every value, and take half a second for the charts of a report. Here they check
them in the tests.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(slots=True)
class Figure:
    """Traces and a layout, with the names and meanings of Plotly's reference."""

    data: list[dict[str, Any]] = field(default_factory=list)
    layout: dict[str, Any] = field(default_factory=dict)

    def add_scatter(self, **trace: Any) -> None:
        """Lines, dots or words."""
        self.data.append({"type": "scatter", **trace})

    def add_bar(self, **trace: Any) -> None:
        """Bars."""
        self.data.append({"type": "bar", **trace})

    def add_vline(self, x: float, line: dict[str, Any]) -> None:
        """A line from the bottom to the top."""
        place = {"x0": x, "x1": x, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
        self.layout.setdefault("shapes", []).append({"type": "line", "line": line, **place})

    def add_annotation(self, **annotation: Any) -> None:
        """Words at a place."""
        self.layout.setdefault("annotations", []).append(annotation)

    def update_layout(self, **changes: Any) -> None:
        """Change these keys; within a dictionary, only what it names."""
        _merge(self.layout, changes)

    def relayout(self, changes: dict[str, Any]) -> None:
        """The same by dotted names, which is how a page changes a figure that is drawn."""
        for name, value in changes.items():
            *outer, inner = name.split(".")
            place = self.layout
            for key in outer:
                place = place.setdefault(key, {})
            place[inner] = value

    def update_xaxes(self, **changes: Any) -> None:
        """The same of the x axis."""
        self.update_layout(xaxis=changes)

    def update_yaxes(self, **changes: Any) -> None:
        """The same of the y axis."""
        self.update_layout(yaxis=changes)

    def as_json(self) -> dict[str, Any]:
        """What JSON can say; an unknown number is null."""
        return {"data": _plain(self.data), "layout": _plain(self.layout)}


def _merge(into: dict[str, Any], changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        else:
            into[key] = value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
