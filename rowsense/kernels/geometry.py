"""Angles and offsets of point tracks. Radians, and NaN wherever a point is missing.

Compiled: a clip's quantities cost one pass over the points each, without temporary arrays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel

FloatArray = NDArray[np.float64]


@kernel
def direction(start: FloatArray, end: FloatArray) -> FloatArray:
    """Direction of ``start -> end``, (T, 2) each, from +x towards +y in (-pi, pi]; NaN for equal points."""
    count = len(start)
    out = np.full(count, np.nan)
    for i in range(count):
        dx = end[i, 0] - start[i, 0]
        dy = end[i, 1] - start[i, 1]
        if dx != 0.0 or dy != 0.0:
            out[i] = np.arctan2(dy, dx)
    return out


@kernel
def lean(start: FloatArray, end: FloatArray) -> FloatArray:
    """Lean of ``start -> end`` from +y (up) towards +x in (-pi, pi]; NaN for equal points."""
    count = len(start)
    out = np.full(count, np.nan)
    for i in range(count):
        dx = end[i, 0] - start[i, 0]
        dy = end[i, 1] - start[i, 1]
        if dx != 0.0 or dy != 0.0:
            out[i] = np.arctan2(dx, dy)
    return out


@kernel
def included(first: FloatArray, middle: FloatArray, last: FloatArray) -> FloatArray:
    """Angle at ``middle`` between the other two points, 0..pi; NaN where a side has no length."""
    count = len(first)
    out = np.full(count, np.nan)
    for i in range(count):
        ax = first[i, 0] - middle[i, 0]
        ay = first[i, 1] - middle[i, 1]
        bx = last[i, 0] - middle[i, 0]
        by = last[i, 1] - middle[i, 1]
        if (ax != 0.0 or ay != 0.0) and (bx != 0.0 or by != 0.0):
            out[i] = np.arctan2(abs(ax * by - ay * bx), ax * bx + ay * by)
    return out


@kernel
def offset_from_line(point: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Distance of ``point`` from the line ``start -> end``; + on its right hand (towards +x when it points up)."""
    count = len(point)
    out = np.full(count, np.nan)
    for i in range(count):
        dx = end[i, 0] - start[i, 0]
        dy = end[i, 1] - start[i, 1]
        length = np.hypot(dx, dy)
        if length > 0.0:
            px = point[i, 0] - start[i, 0]
            py = point[i, 1] - start[i, 1]
            out[i] = (px * dy - py * dx) / length
    return out


@kernel
def wrapped(angle: FloatArray) -> FloatArray:
    """Angles brought into [-pi, pi); NaN stays NaN."""
    out = np.empty_like(angle)
    for i in range(len(angle)):
        out[i] = angle[i] - 2.0 * np.pi * np.floor((angle[i] + np.pi) / (2.0 * np.pi))
    return out
