"""Specs for the tests of looks, light, lens and room: small pictures of a short clip."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rowsense.simulate.camera import CameraSpec
from rowsense.simulate.clip_spec import WELL_ROWED, ClipSpec
from rowsense.simulate.look import LookSpec
from rowsense.simulate.room import RoomSpec

#: A sample's rower without the sample's variety: tight suit, bare room, every dial of light and sensor at its default.
PLAIN = ClipSpec(
    name="plain",
    motion=replace(WELL_ROWED.motion, duration_s=1.4),
    body=WELL_ROWED.body,
    look=LookSpec(
        skin=(0.88, 0.69, 0.58), top=(0.13, 0.22, 0.45), bottom=(0.13, 0.22, 0.45), shoes=(0.85, 0.85, 0.86),
        hair=(0.33, 0.20, 0.11), leg=0.5, hair_style="bun",
    ),
    camera=CameraSpec(yaw_deg=2.0, facing="right"),
    room=RoomSpec(window_x_m=-0.35, poster_x_m=1.25, planks=True, floor=(0.58, 0.50, 0.42)),
    width_px=480,
    height_px=270,
)  # fmt: skip

#: Small enough for one picture a dial.
TINY = replace(PLAIN, width_px=256, height_px=144)

#: A moment of the drive in which handle and seat are fast.
FAST = 40


def varied(spec: ClipSpec = PLAIN, **parts: Any) -> ClipSpec:
    """``spec`` with other values: a dict goes into the part of that name, anything else replaces the field."""
    changes = {k: replace(getattr(spec, k), **v) if isinstance(v, dict) else v for k, v in parts.items()}
    return replace(spec, **changes)
