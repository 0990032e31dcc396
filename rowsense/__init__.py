"""RowSense: what a side-view video shows about a rower's hips and low back, stroke by stroke.

Public names are loaded when they are first used, so that ``import rowsense`` stays light and the web process
never loads the analysis by accident::

    from rowsense import analyze_video

    session = analyze_video("row.mp4")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rowsense.errors import RowSenseError
    from rowsense.model import Session
    from rowsense.pipeline import analyze_video
    from rowsense.settings import Settings

__version__ = "0.1.0"

__all__ = ["RowSenseError", "Session", "Settings", "__version__", "analyze_video"]

_HOME_OF = {
    "RowSenseError": "rowsense.errors",
    "Session": "rowsense.model",
    "Settings": "rowsense.settings",
    "analyze_video": "rowsense.pipeline",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
