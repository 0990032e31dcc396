"""Specs for the tests of looks, light, lens and room: small pictures of a short clip."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rowsense.simulate.clip_spec import WELL_ROWED, ClipSpec

PLAIN = replace(WELL_ROWED, motion=replace(WELL_ROWED.motion, duration_s=1.4), width_px=480, height_px=270)

#: Small enough for one picture a dial.
TINY = replace(PLAIN, width_px=256, height_px=144)

#: A moment of the drive in which handle and seat are fast.
FAST = 40


def varied(spec: ClipSpec = PLAIN, **parts: Any) -> ClipSpec:
    """``spec`` with other values: a dict goes into the part of that name, anything else replaces the field."""
    changes = {k: replace(getattr(spec, k), **v) if isinstance(v, dict) else v for k, v in parts.items()}
    return replace(spec, **changes)
