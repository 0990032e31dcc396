"""The colours that every picture, chart and page shares, so that one colour means one thing everywhere.

Posture is shown on one scale that people with colour-vision deficiency can read: blue, near-white, orange-red.
It is relative to the rower: near-white is her own middle, never a population value. Warm means hips tipped
further back, or low back rounder, than her own middle; blue means the other way.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from typing import Final

Rgb = tuple[int, int, int]

#: Where the scale is fully coloured, degrees from the rower's own median. 1.5 times the 8 deg change that
#: the catalogue calls a fault, so a fault is plain to see and the error of one frame (about 5 deg) stays pale [D].
FULL_COLOUR_DEG: Final = 12.0

#: Stops of the scale from -1 (tipped forward, flat) over 0 (own middle) to +1 (tipped back, round).
POSTURE_STOPS: Final[tuple[tuple[float, Rgb], ...]] = (
    (-1.0, (0, 90, 181)),
    (-0.5, (86, 164, 232)),
    (0.0, (247, 243, 232)),
    (0.5, (245, 158, 66)),
    (1.0, (214, 69, 0)),
)

#: Drawn where the back could not be seen.
UNSEEN: Final[Rgb] = (150, 155, 160)
#: The one colour that says "look here": border, tag and band of a faulty frame.
FAULT: Final[Rgb] = (200, 16, 106)
#: What a coach draws on a frame by hand; edged in ink, so that it shows on any picture.
NOTE: Final[Rgb] = (255, 209, 48)
#: Lines that carry no judgement.
INK: Final[Rgb] = (24, 39, 51)
PAPER: Final[Rgb] = (255, 255, 255)
BRAND: Final[Rgb] = (13, 94, 111)

#: The two sides of a comparison: a grey ghost, and what is held against it. Neither is better.
FIRST_SIDE: Final[Rgb] = (126, 134, 143)
SECOND_SIDE: Final[Rgb] = (0, 140, 168)

#: Mean curve and its spread, and the thin lines of single strokes, per quantity family.
QUANTITY: Final[dict[str, Rgb]] = {
    "pelvic_tilt_deg": (214, 94, 16),
    "lumbar_flexion_deg": (31, 131, 207),
    "trunk_lean_deg": (0, 150, 118),
    "knee_deg": (146, 112, 196),
    "elbow_deg": (176, 132, 0),
}
QUANTITY_OTHER: Final[Rgb] = (112, 124, 134)
#: Its path, and what follows from its turns.
HANDLE: Final[Rgb] = (18, 140, 160)

#: Drive in blues (dark to light), recovery in sands (light to dark); text names every phase as well.
#: Catch and finish are moments between them.
PHASE: Final[dict[str, Rgb]] = {
    "catch": (13, 94, 111),
    "finish": (13, 94, 111),
    "early_drive": (28, 98, 148),
    "mid_drive": (64, 138, 190),
    "late_drive": (132, 186, 220),
    "early_recovery": (240, 220, 176),
    "rock_over": (222, 188, 122),
    "slide": (190, 148, 76),
}

#: What people call the phases.
PHASE_WORDS: Final[dict[str, str]] = {
    "catch": "catch",
    "finish": "finish",
    "early_drive": "early drive",
    "mid_drive": "mid drive",
    "late_drive": "late drive",
    "early_recovery": "hands away",
    "rock_over": "rock-over",
    "slide": "slide forward",
}


def hex_of(rgb: Rgb) -> str:
    """``#rrggbb`` of a colour."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def rgba_of(rgb: Rgb, alpha: float) -> str:
    """CSS ``rgba(...)`` of a colour."""
    return f"rgba({rgb[0]},{rgb[1]},{rgb[2]},{alpha:g})"


def posture_position(value_deg: float, middle_deg: float, warm_is_positive: bool) -> float:
    """Where a value lies on the scale, -1..1; NaN where it is missing.

    ``warm_is_positive`` is True for flexion (more = rounder) and False for pelvic tilt (less = tipped back).
    """
    away = (value_deg - middle_deg) / FULL_COLOUR_DEG
    if math.isnan(away):
        return math.nan
    return max(-1.0, min(1.0, away if warm_is_positive else -away))


def posture_colour(position: float) -> Rgb:
    """Colour of a position -1..1 on the scale; :data:`UNSEEN` for NaN."""
    if math.isnan(position):
        return UNSEEN
    return _scale_colour(round(max(-1.0, min(1.0, position)), 2))


@cache
def _scale_colour(position: float) -> Rgb:
    for (low, a), (high, b) in pairwise(POSTURE_STOPS):
        if position <= high:
            return _mix(a, b, (position - low) / (high - low))
    return POSTURE_STOPS[-1][1]


def _mix(a: Rgb, b: Rgb, share: float) -> Rgb:
    """Colour between ``a`` (share 0) and ``b`` (share 1)."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue
