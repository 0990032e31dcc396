"""Patterns of cloth: further fields on the rest mesh that lie over a garment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh
from rowsense.simulate.look import LookSpec

FloatArray = NDArray[np.float64]


def top_pattern(body: BodyMesh, look: LookSpec, top: FloatArray) -> FloatArray | None:
    """(V,) field of the pattern's second colour on the top, metres, or None for plain cloth."""
    if look.pattern == "plain":
        return None
    return np.minimum(top, _PATTERNS[look.pattern](body, look))


def leg_stripe(body: BodyMesh, look: LookSpec, bottom: FloatArray) -> FloatArray | None:
    """(V,) field of the stripe down the outside of the leg, or None."""
    if look.side_stripe is None:
        return None
    v = body.vertices
    hip, ankle = body.heads[body.bone("upperleg01.R")], body.heads[body.bone("foot.R")]
    middle_x = np.interp(v[:, 1], [ankle[1], hip[1]], [ankle[0], hip[0]])
    outside_z = np.interp(v[:, 1], [ankle[1], hip[1]], [ankle[2], hip[2]])
    stripe = np.minimum(0.022 - np.abs(v[:, 0] - middle_x), np.abs(v[:, 2]) - outside_z)
    return np.minimum(bottom, stripe)


def side_seam(body: BodyMesh, look: LookSpec, top: FloatArray) -> FloatArray | None:
    """(V,) field of the piping or panel down the side of the top, or None."""
    if look.seam is None:
        return None
    v = body.vertices
    waist = body.heads[body.bone("spine04")]
    middle_x = waist[0] + 0.03 + look.seam_slant * (v[:, 1] - waist[1])
    arm = body.weight_of("arm", "wrist", "finger", "metacarpal") > 0.02
    stripe = np.minimum(0.5 * look.seam_m - np.abs(v[:, 0] - middle_x), np.abs(v[:, 2]) - 0.05)
    return np.where(arm, -0.05, np.minimum(top, stripe))


def leg_bands(
    body: BodyMesh, look: LookSpec, bottom: FloatArray, ends_m: tuple[float, float]
) -> list[FloatArray | None]:
    """(V,) fields of the bands round waist and hems of shorts or trousers that reach between two heights."""
    y = body.vertices[:, 1]
    low, high = ends_m
    waist = np.minimum(bottom, y - (high - look.band_m)) if look.waistband is not None else None
    hems = np.minimum(bottom, low + look.band_m - y) if look.hem_band is not None else None
    return [waist, hems]


def _wave(position: FloatArray, period_m: float) -> FloatArray:
    return np.sin(position * (2.0 * np.pi / period_m)) * (period_m / (2.0 * np.pi))


def _hoops(body: BodyMesh, look: LookSpec) -> FloatArray:
    return _wave(body.vertices[:, 1], look.pattern_size_m)


def _stripes(body: BodyMesh, look: LookSpec) -> FloatArray:
    v = body.vertices
    around = np.arctan2(v[:, 2], v[:, 0] + 0.02) * 0.14
    return _wave(around, look.pattern_size_m)


def _two_tone(body: BodyMesh, look: LookSpec) -> FloatArray:
    """Shoulders and sleeves in the second colour, with the border ``pattern_size_m`` under the collar."""
    return body.vertices[:, 1] - (body.heads[body.bone("neck01")][1] - look.pattern_size_m)


def _logo(body: BodyMesh, look: LookSpec) -> FloatArray:
    """A round badge on either side of the ribs and one on the upper back."""
    v = body.vertices
    level = body.heads[body.bone("spine01")][1] - 0.02
    aside = np.hypot(v[:, 0] + 0.01, v[:, 1] - level + 0.09)
    behind = np.hypot(v[:, 1] - level, v[:, 2])
    arm = body.weight_of("arm", "wrist", "finger", "metacarpal") > 0.02
    return np.where(arm, -0.05, 0.5 * look.pattern_size_m - np.where(v[:, 0] < -0.05, behind, aside))


def _noise(body: BodyMesh, look: LookSpec) -> FloatArray:
    """Irregular patches about ``pattern_size_m`` across."""
    rng = np.random.default_rng([79, look.seed])
    out = np.zeros(len(body.vertices))
    for _ in range(9):
        direction = rng.normal(size=3)
        direction /= np.linalg.norm(direction) * look.pattern_size_m * rng.uniform(0.7, 1.6)
        out += np.sin(body.vertices @ direction * np.pi + rng.uniform(0, 2.0 * np.pi))
    return out * look.pattern_size_m / 9.0


_PATTERNS = {"hoops": _hoops, "stripes": _stripes, "two_tone": _two_tone, "logo": _logo, "noise": _noise}
