"""The chart library as text, for a page that must work without a network."""

from __future__ import annotations

import base64
import gzip
from functools import cache
from importlib.resources import files
from typing import Any, Final

import plotly

from rowsense.report.figures.theme import CONFIG, THEMES, scheme_changes

#: Where the package keeps plotly.js. ``plotly.offline`` reads it from there too, but loads all figure classes first.
_LIBRARY: Final = "package_data/plotly.min.js"


@cache
def packed_library() -> str:
    """plotly.js, gzipped and in base64: 1.9 MB instead of 4.8. The page unpacks it itself."""
    library = files(plotly).joinpath(_LIBRARY).read_bytes()
    return base64.b64encode(gzip.compress(library, 9, mtime=0)).decode("ascii")


def chart_setup() -> dict[str, Any]:
    """What the page's script needs besides the figures: configuration, and the layout of each colour scheme."""
    return {"config": CONFIG, "schemes": {name: scheme_changes(name) for name in THEMES}}
