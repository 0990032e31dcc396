"""Slow, obvious twins of ``rowsense.kernels.geometry``: one sample at a time, in complex numbers."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence

Point = Sequence[float]


def direction(start: Point, end: Point) -> float:
    """Angle of start -> end from +x, counter-clockwise."""
    step = complex(end[0], end[1]) - complex(start[0], start[1])
    return cmath.phase(step) if step else math.nan


def lean(start: Point, end: Point) -> float:
    """Angle of start -> end from +y towards +x: a quarter turn minus the direction, brought into (-pi, pi]."""
    angle = math.pi / 2.0 - direction(start, end)
    return angle - 2.0 * math.pi if angle > math.pi else angle


def included(first: Point, middle: Point, last: Point) -> float:
    """Law of cosines."""
    a, b, c = math.dist(first, middle), math.dist(middle, last), math.dist(first, last)
    if not a or not b:
        return math.nan
    return math.acos(max(-1.0, min(1.0, (a * a + b * b - c * c) / (2.0 * a * b))))


def offset_from_line(point: Point, start: Point, end: Point) -> float:
    """Turn the line upright about its start; what is left of the point's x is its distance to the right."""
    line = complex(end[0] - start[0], end[1] - start[1])
    if not line:
        return math.nan
    turned = complex(point[0] - start[0], point[1] - start[1]) * (1j * abs(line) / line)
    return turned.real
