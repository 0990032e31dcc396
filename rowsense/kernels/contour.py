"""The outline of a silhouette along rays, a curve through what was seen of it, and points at equal arc length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel

FloatArray = NDArray[np.float64]
FloatPair = tuple[FloatArray, FloatArray]


@kernel
def sample_bilinear(mask: NDArray[np.float32], column: float, row: float) -> float:
    """Value of ``mask`` (h, w) between pixel centres; 0 outside the picture."""
    height, width = mask.shape
    if column < 0.0 or row < 0.0 or column > width - 1.0 or row > height - 1.0:
        return 0.0
    left = min(int(column), width - 2)
    top = min(int(row), height - 2)
    fx = column - left
    fy = row - top
    upper = mask[top, left] * (1.0 - fx) + mask[top, left + 1] * fx
    lower = mask[top + 1, left] * (1.0 - fx) + mask[top + 1, left + 1] * fx
    return float(upper * (1.0 - fy) + lower * fy)


@kernel
def outline_along_rays(
    mask: NDArray[np.float32],
    start: FloatArray,
    step: FloatArray,
    step_count: int,
    hold_count: int,
    level: float,
) -> FloatArray:
    """Where rays that start inside the silhouette leave it, (N,) in steps, linear between samples.

    ``start`` and ``step`` are (N, 2) as (column, row); a ray is sampled at ``start + k * step``. It has left when
    the mask stays under ``level`` for ``hold_count`` samples (or until the picture ends), so that pinholes do not
    count. NaN where the ray starts outside the silhouette or is still inside after ``step_count`` samples or at
    the picture's border.
    """
    height, width = mask.shape
    count = start.shape[0]
    crossing = np.full(count, np.nan)
    for i in range(count):
        previous = sample_bilinear(mask, start[i, 0], start[i, 1])
        if not previous >= level:
            continue
        below = 0
        candidate = np.nan
        for k in range(1, step_count):
            column = start[i, 0] + k * step[i, 0]
            row = start[i, 1] + k * step[i, 1]
            if column < 0.0 or row < 0.0 or column > width - 1.0 or row > height - 1.0:
                if below > 0:
                    crossing[i] = candidate
                break
            value = sample_bilinear(mask, column, row)
            if value >= level:
                below = 0
            else:
                if below == 0:
                    candidate = k - 1 + (previous - level) / (previous - value)
                below += 1
                if below >= hold_count:
                    crossing[i] = candidate
                    break
            previous = value
    return crossing


@kernel
def unbroken(offset: FloatArray, max_jump: float, growth: float) -> NDArray[np.bool_]:
    """Which of neighbouring offsets (N,) belong to one unbroken line: (N,) True = keep.

    The line breaks where the offset jumps by more than ``max_jump`` from one ray to the next, or is NaN. Of the
    pieces at least half as long as the longest, the innermost is the body: a wall, a seat or a chair lies further
    out. From it the line is followed both ways; a piece is kept where it joins the last kept ray within
    ``max_jump + growth`` for each ray left out between.
    """
    count = offset.shape[0]
    keep = np.zeros(count, dtype=np.bool_)
    piece = _pieces(offset, max_jump)
    body = _innermost_long_piece(offset, piece)
    if body < 0:
        return keep
    first = count
    last = -1
    for i in range(count):
        if piece[i] == body:
            keep[i] = True
            first = min(first, i)
            last = i
    for direction in (1, -1):
        at = last if direction == 1 else first
        i = at + direction
        while 0 <= i < count:
            joins = abs(offset[i] - offset[at]) <= max_jump + growth * (abs(i - at) - 1)
            if piece[i] >= 0 and joins:
                joined = piece[i]
                while 0 <= i < count and piece[i] == joined:
                    keep[i] = True
                    at = i
                    i += direction
            else:
                i += direction
    return keep


@kernel
def _pieces(offset: FloatArray, max_jump: float) -> NDArray[np.int64]:
    """Number (N,) of the piece each ray belongs to; -1 where the offset is NaN."""
    count = offset.shape[0]
    piece = np.full(count, -1)
    number = -1
    for i in range(count):
        if np.isnan(offset[i]):
            continue
        if i == 0 or piece[i - 1] < 0 or abs(offset[i] - offset[i - 1]) > max_jump:
            number += 1
        piece[i] = number
    return piece


@kernel
def _innermost_long_piece(offset: FloatArray, piece: NDArray[np.int64]) -> int:
    """The piece of least mean offset among those at least half as long as the longest; -1 where there is none."""
    total = piece.max() + 1
    size = np.zeros(max(total, 1))
    mean = np.zeros(max(total, 1))
    for i in range(piece.shape[0]):
        if piece[i] >= 0:
            size[piece[i]] += 1.0
            mean[piece[i]] += offset[i]
    best = -1
    for p in range(total):
        mean[p] /= size[p]
        if 2.0 * size[p] >= size.max() and (best < 0 or mean[p] < mean[best]):
            best = p
    return best


@kernel
def smooth_through(value: FloatArray, weight: FloatArray, stiffness: float, tension: float) -> FloatArray:
    """Curve (N,) that follows ``value`` where ``weight`` > 0 and bends and climbs least elsewhere.

    Minimises ``sum(weight * (z - value)**2) + stiffness * sum(second difference of z ** 2) + tension * sum(first
    difference of z ** 2, where either end has weight 0)`` by elimination on the five diagonals. Tension keeps a
    bridge from swinging out beyond its two ends. Values of weight 0 may be NaN. At least two weights must be
    positive.
    """
    count = value.shape[0]
    diagonal = np.zeros(count)
    first = np.zeros(count)
    second = np.zeros(count)
    z = np.zeros(count)
    for i in range(count):
        if weight[i] > 0.0:
            diagonal[i] = weight[i]
            z[i] = weight[i] * value[i]
    for i in range(count - 2):
        diagonal[i] += stiffness
        diagonal[i + 1] += 4.0 * stiffness
        diagonal[i + 2] += stiffness
        first[i] -= 2.0 * stiffness
        first[i + 1] -= 2.0 * stiffness
        second[i] += stiffness
    for i in range(count - 1):
        if weight[i] <= 0.0 or weight[i + 1] <= 0.0:
            diagonal[i] += tension
            diagonal[i + 1] += tension
            first[i] -= tension
    for i in range(count):
        if i + 1 < count:
            ratio = first[i] / diagonal[i]
            diagonal[i + 1] -= ratio * first[i]
            z[i + 1] -= ratio * z[i]
            if i + 2 < count:
                first[i + 1] -= ratio * second[i]
                ratio2 = second[i] / diagonal[i]
                diagonal[i + 2] -= ratio2 * second[i]
                z[i + 2] -= ratio2 * z[i]
    for i in range(count - 1, -1, -1):
        if i + 1 < count:
            z[i] -= first[i] * z[i + 1]
        if i + 2 < count:
            z[i] -= second[i] * z[i + 2]
        z[i] /= diagonal[i]
    return z


@kernel
def resample_equal(xy: FloatArray, seen: FloatArray, count: int) -> FloatPair:
    """``count`` points at equal arc length along the polyline ``xy`` (N, 2), and ``seen`` (N,) carried along."""
    total = xy.shape[0]
    length = np.zeros(total)
    for i in range(1, total):
        length[i] = length[i - 1] + np.hypot(xy[i, 0] - xy[i - 1, 0], xy[i, 1] - xy[i - 1, 1])
    points = np.empty((count, 2))
    carried = np.empty(count)
    i = 0
    for k in range(count):
        target = length[total - 1] * k / (count - 1)
        while i < total - 2 and length[i + 1] < target:
            i += 1
        piece = length[i + 1] - length[i]
        part = 0.0 if piece <= 0.0 else (target - length[i]) / piece
        part = min(1.0, part)
        points[k, 0] = xy[i, 0] + part * (xy[i + 1, 0] - xy[i, 0])
        points[k, 1] = xy[i, 1] + part * (xy[i + 1, 1] - xy[i, 1])
        carried[k] = seen[i] + part * (seen[i + 1] - seen[i])
    return points, carried
