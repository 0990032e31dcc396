"""Slow, plain twins of ``rowsense.kernels.contour``: one obvious way to say what each kernel computes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def sample_bilinear(mask: NDArray[np.float32], column: float, row: float) -> float:
    """Average of the four pixels around, each weighted by its nearness in both directions."""
    height, width = mask.shape
    if not (0 <= column <= width - 1 and 0 <= row <= height - 1):
        return 0.0
    near_column = np.maximum(0.0, 1 - np.abs(column - np.arange(width)))
    near_row = np.maximum(0.0, 1 - np.abs(row - np.arange(height)))
    return float(near_row @ mask @ near_column)


def outline_along_rays(
    mask: NDArray[np.float32],
    start: FloatArray,
    step: FloatArray,
    step_count: int,
    hold_count: int,
    level: float,
) -> FloatArray:
    """All samples inside the picture first, then the first run of samples below ``level`` that is long enough."""
    height, width = mask.shape
    crossings = []
    for origin, move in zip(start, step, strict=True):
        places = [origin + k * move for k in range(step_count)]
        inside = [bool(0 <= c <= width - 1 and 0 <= r <= height - 1) for c, r in places]
        reach = inside.index(False) if False in inside else step_count
        values = [sample_bilinear(mask, c, r) for c, r in places[:reach]]
        # Where the picture ends the run may be shorter: nothing more can be seen of it.
        if reach < step_count:
            values += [-1.0 if values and values[-1] < level else 1.0] * hold_count
        crossing = np.nan
        if values and values[0] >= level:
            for k in range(1, min(reach, len(values) - hold_count + 1)):
                if values[k - 1] >= level and all(v < level for v in values[k : k + hold_count]):
                    crossing = k - 1 + (values[k - 1] - level) / (values[k - 1] - values[k])
                    break
        crossings.append(crossing)
    return np.array(crossings)


def unbroken(offset: FloatArray, max_jump: float, growth: float) -> NDArray[np.bool_]:
    """Cut into pieces, start from the innermost long one, add the pieces that join it."""
    pieces: list[list[int]] = []
    for i, value in enumerate(offset):
        if np.isnan(value):
            continue
        if pieces and pieces[-1][-1] == i - 1 and abs(value - offset[i - 1]) <= max_jump:
            pieces[-1].append(i)
        else:
            pieces.append([i])
    keep = np.zeros(len(offset), dtype=bool)
    if not pieces:
        return keep
    longest = max(len(p) for p in pieces)
    body = min((p for p in pieces if 2 * len(p) >= longest), key=lambda p: float(offset[p].mean()))
    keep[body] = True
    place = pieces.index(body)
    for others, near in ((pieces[place + 1 :], 0), (pieces[:place][::-1], -1)):
        at = body[-1] if near == 0 else body[0]
        for piece in others:
            # A piece is tried again further in: its own inner rays may still join.
            order = piece if near == 0 else piece[::-1]
            for n, i in enumerate(order):
                if abs(offset[i] - offset[at]) <= max_jump + growth * (abs(i - at) - 1):
                    keep[order[n:]] = True
                    at = order[-1]
                    break
    return keep


def smooth_through(value: FloatArray, weight: FloatArray, stiffness: float, tension: float) -> FloatArray:
    """The normal equations with full matrices."""
    count = len(value)
    first = np.diff(np.eye(count), axis=0)
    second = np.diff(np.eye(count), n=2, axis=0)
    open_interval = ((weight[:-1] <= 0) | (weight[1:] <= 0)).astype(float)
    matrix = np.diag(weight) + stiffness * second.T @ second + tension * first.T @ np.diag(open_interval) @ first
    return np.asarray(np.linalg.solve(matrix, weight * np.where(weight > 0, value, 0.0)))


def resample_equal(xy: FloatArray, seen: FloatArray, count: int) -> tuple[FloatArray, FloatArray]:
    """``np.interp`` over the running length."""
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    target = np.linspace(0.0, length[-1], count)
    points = np.column_stack([np.interp(target, length, xy[:, 0]), np.interp(target, length, xy[:, 1])])
    return points, np.interp(target, length, seen)
