"""What is painted on the wall: its texture, curtains and a mirror."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.solids import Colour

FloatArray = NDArray[np.floating]


def inside(value: FloatArray, low: float, high: float, soft: float = 0.006) -> FloatArray:
    """1 inside, 0 outside, with a soft edge (metres)."""
    return np.clip((value - low) / soft + 0.5, 0, 1) * np.clip((high - value) / soft + 0.5, 0, 1)


def mix(colour: FloatArray, other: Colour | FloatArray, share: FloatArray) -> FloatArray:
    """(H, W, 3) ``colour`` with a share (H, W) of another, a colour or (H, W, 3)."""
    rows, columns = np.flatnonzero(share.any(axis=1)), np.flatnonzero(share.any(axis=0))
    if not rows.size:
        return colour
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    other = np.asarray(other, dtype=colour.dtype)
    mixed = colour.copy()
    mixed[box] += ((other[box] if other.ndim == 3 else other) - colour[box]) * share[box][..., None]
    return mixed


def within(
    colour: FloatArray,
    u: FloatArray,
    y: FloatArray,
    reach_m: tuple[float, float, float],
    paint: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
) -> FloatArray:
    """``paint(colour, u, y)`` where it is to be looked for: it changes nothing further away.

    ``reach_m`` is how far to both sides along the wall, from what height and up to what height.
    """
    aside, low, high = reach_m
    near = (np.abs(u) < aside) & (y > low) & (y < high)
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    if not rows.size:
        return colour
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    out = colour.copy()
    out[box] = paint(colour[box], u[box], y[box])
    return out


def texture(name: str, x: FloatArray, y: FloatArray, seed: int) -> FloatArray:
    """(...) brightness of a wall's texture, about -1..1; positions in metres."""
    return _TEXTURES[name](x, y, seed)


def _plain(x: FloatArray, y: FloatArray, seed: int) -> FloatArray:
    return np.zeros_like(x)


def _blocks(
    x: FloatArray, y: FloatArray, wide_m: float, high_m: float, joint_m: float, bond: float, seed: int
) -> FloatArray:
    """Blocks of slightly different brightness, joints darker; every other course is shifted by ``bond`` of a block."""
    row = np.floor(y / high_m)
    along = x / wide_m + bond * np.mod(row, 2.0)
    shade = np.sin(12.9898 * np.floor(along) + 78.233 * row + seed) * 43758.5453
    own = 0.5 * (shade - np.floor(shade)) - 0.25
    away = np.minimum(np.abs(along - np.round(along)) * wide_m, np.abs(y / high_m - np.round(y / high_m)) * high_m)
    return own - 0.9 * np.clip(1.5 - away / joint_m, 0.0, 1.0)


def _brick(x: FloatArray, y: FloatArray, seed: int) -> FloatArray:
    return _blocks(x, y, 0.24, 0.08, 0.008, 0.5, seed)


def _tiles(x: FloatArray, y: FloatArray, seed: int) -> FloatArray:
    return 0.7 * _blocks(x, y, 0.30, 0.30, 0.005, 0.0, seed)


def _panels(x: FloatArray, y: FloatArray, seed: int) -> FloatArray:
    """Upright boards."""
    board = x / 0.18
    shade = 0.35 * np.sin(17.0 * np.floor(board) + seed)
    grain = 0.12 * np.sin(90.0 * x + 3.0 * np.sin(2.0 * y + np.floor(board)))
    return shade + grain - 0.9 * np.clip(1.5 - np.abs(board - np.round(board)) * 0.18 / 0.006, 0.0, 1.0)


def _speckle(x: FloatArray, y: FloatArray, seed: int) -> FloatArray:
    """Irregular stains and rough plaster."""
    rng = np.random.default_rng([82, seed])
    out = np.zeros_like(x)
    for octave in range(14):
        turn, per_m = rng.uniform(0, 2.0 * np.pi), 2.0 * 1.45**octave * rng.uniform(0.8, 1.2)
        phase = rng.uniform(0, 2.0 * np.pi)
        out += np.sin(per_m * (np.cos(turn) * x + np.sin(turn) * y) * 2.0 + phase + 0.5 * out) / (2.0 + 0.3 * octave)
    return 0.5 * out


_TEXTURES = {"plain": _plain, "brick": _brick, "tiles": _tiles, "panels": _panels, "speckle": _speckle}


def curtain(colour: FloatArray, u: FloatArray, y: FloatArray, cloth: Colour, other: Colour) -> FloatArray:
    """Striped cloth that hangs in folds, 1.6 m wide, down to the floor."""
    fold = np.sin(2.0 * np.pi * u / 0.13 + 0.8 * np.sin(5.0 * u)) + 0.25 * np.sin(2.0 * np.pi * u / 0.047)
    light = (0.85 + 0.15 * fold)[..., None]
    stripe = inside(np.mod(u, 0.26), 0.0, 0.11)
    drawn = mix(np.broadcast_to(np.asarray(cloth, dtype=colour.dtype), colour.shape), other, stripe) * light
    hanging = inside(u, -0.8, 0.8) * np.clip((y - 0.03) / 0.01, 0.0, 1.0)
    return mix(colour, drawn, hanging)


def mirror(colour: FloatArray, u: FloatArray, y: FloatArray, floor: Colour, wall: Colour) -> FloatArray:
    """A gym's mirror, 2.2 m wide, roughly: another wall, floor and dark shapes, but not the rower."""
    colour = mix(colour, (0.35, 0.36, 0.38), inside(u, -1.13, 1.13) * inside(y, 0.22, 2.28))
    far = (
        np.broadcast_to(np.asarray(wall, dtype=colour.dtype) * 0.82 + 0.05, colour.shape) * (0.86 + 0.08 * y)[..., None]
    )
    far = mix(far, np.asarray(floor) * 0.85 + 0.04, inside(y, -1.0, 0.62, 0.02))
    for middle, wide, high in ((-0.7, 0.16, 1.45), (0.15, 0.30, 1.05), (0.8, 0.12, 1.3)):
        shape = inside(u, middle - wide, middle + wide, 0.05) * inside(y, 0.5, high, 0.08)
        far = mix(far, (0.25, 0.26, 0.29), 0.7 * shape)
    streak = 0.06 * np.clip(np.sin(2.2 * (u + 0.7 * y)) - 0.4, 0.0, 1.0)
    far = far + streak[..., None]
    return mix(colour, far, inside(u, -1.1, 1.1) * inside(y, 0.25, 2.25))
