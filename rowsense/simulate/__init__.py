"""A simulated rower with a known spine: motion, truth and pictures.

``rowsense.simulate.motion`` is numpy alone. Pictures need the extra ``simulate`` (torch and anny) the first time
a body is made; nothing here imports them before that.

    clip("well_rowed").frame(0)                 # one picture
    render_clip(SAMPLES["well_rowed"], "out")   # video, truth and events
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rowsense.simulate.clip_spec import SAMPLES, ClipSpec
    from rowsense.simulate.making import ClipFiles, clip, render_clip

__all__ = ["SAMPLES", "ClipFiles", "ClipSpec", "clip", "render_clip"]

_HOME = {
    "SAMPLES": "clip_spec",
    "ClipSpec": "clip_spec",
    "ClipFiles": "making",
    "clip": "making",
    "render_clip": "making",
}


def __getattr__(name: str) -> Any:
    """Load the renderer only when it is asked for, so that the motion alone stays light."""
    import importlib

    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
