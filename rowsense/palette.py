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

from rowsense import tokens
from rowsense.tokens import Rgb, colour

#: Where the scale is fully coloured, degrees from the rower's own median. 1.5 times the 8 deg change that
#: the catalogue calls a fault, so a fault is plain to see and the error of one frame (about 5 deg) stays pale [D].
FULL_COLOUR_DEG: Final = 12.0

#: Stops of the scale from -1 (tipped forward, flat) over 0 (own middle) to +1 (tipped back, round).
POSTURE_STOPS: Final[tuple[tuple[float, Rgb], ...]] = tuple(
    zip((-1.0, -0.5, 0.0, 0.5, 1.0), map(tokens.rgb, tokens.TOKENS["posture"]["stops"]), strict=True)
)

#: Drawn where the back could not be seen.
UNSEEN: Final = colour("meaning", "unseen")
#: The one colour that says "look here": border, tag and band of a faulty frame.
FAULT: Final = colour("meaning", "fault")
#: What a coach draws on a frame by hand; edged in ink, so that it shows on any picture.
NOTE: Final = colour("meaning", "note")
#: Lines that carry no judgement, words on them, and second words.
INK: Final = colour("on-film", "black")
PAPER: Final = colour("on-film", "white")
FAINT: Final = colour("on-film", "faint")
BRAND: Final = colour(tokens.LIGHT, "brand")

#: Of what is written on a sheet: second words, lines, calm boxes and boxes about a fault.
SOFT: Final = colour(tokens.LIGHT, "soft")
LINE: Final = colour(tokens.LIGHT, "line")
TINT: Final = colour(tokens.LIGHT, "tint")
FAULT_TINT: Final = colour(tokens.LIGHT, "fault-tint")

#: The two sides of a comparison: a grey ghost, and what is held against it. Neither is better.
FIRST_SIDE: Final = colour("meaning", "first")
SECOND_SIDE: Final = colour("meaning", "second")

#: Mean curve and its spread, and the thin lines of single strokes, per quantity family.
QUANTITY: Final[dict[str, Rgb]] = {
    name: colour("quantity", name) for name in tokens.TOKENS["quantity"] if name.endswith("_deg")
}
QUANTITY_OTHER: Final = colour("quantity", "other")
#: Its path, and what follows from its turns.
HANDLE: Final = colour("quantity", "handle")

#: Drive in blues (dark to light), recovery in sands (light to dark); text names every phase as well.
#: Catch and finish are moments between them.
PHASE: Final[dict[str, Rgb]] = {name: colour("phase", name) for name in tokens.TOKENS["phase"]}

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
