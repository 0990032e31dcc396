"""The chart library as text, for a page that must work without a network."""

from __future__ import annotations

import base64
import gzip
import json
from functools import cache
from typing import Any

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from rowsense.report.figures.theme import CONFIG, THEMES, scheme_changes


@cache
def packed_library() -> str:
    """plotly.js, gzipped and in base64: 1.9 MB instead of 4.8. The page unpacks it itself."""
    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), 9, mtime=0)).decode("ascii")


def figure_json(figure: go.Figure) -> dict[str, Any]:
    """A figure as plain JSON types."""
    parsed: dict[str, Any] = json.loads(figure.to_json())
    return parsed


def chart_setup() -> dict[str, Any]:
    """What the page's script needs besides the figures: configuration, and the layout of each colour scheme."""
    return {"config": CONFIG, "schemes": {name: scheme_changes(name) for name in THEMES}}
