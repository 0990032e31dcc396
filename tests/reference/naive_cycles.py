"""Slow, obvious twins of ``rowsense.kernels.cycles`` and ``rowsense.kernels.smoothing``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def turning_points(values: Sequence[float], swing: float) -> list[tuple[int, int]]:
    """Look for each turn afresh from the one before: (sample, +1 maximum or -1 minimum)."""
    seen = [i for i, v in enumerate(values) if not math.isnan(v)]
    turns: list[tuple[int, int]] = []
    start = 0
    while True:
        wanted = [-turns[-1][1]] if turns else [1, -1]
        hit = _first_confirmed(values, seen[start:], swing, wanted)
        if hit is None:
            return turns
        sample, kind, confirmed = hit
        turns.append((sample, kind))
        start = seen.index(confirmed)


def _first_confirmed(
    values: Sequence[float], seen: Sequence[int], swing: float, kinds: Sequence[int]
) -> tuple[int, int, int] | None:
    """The first sample at which the signal has come back by ``swing`` from the extreme so far."""
    for n, i in enumerate(seen):
        past = seen[: n + 1]
        for kind in kinds:
            extreme = max(past, key=lambda j: (kind * values[j], -j))
            if kind * (values[extreme] - values[i]) >= swing:
                return extreme, kind, i
    return None


def crossing_time(times: Sequence[float], values: Sequence[float], level: float, start: float, end: float) -> float:
    """First rise to ``level`` among the seen samples in [start, end]."""
    samples = [(t, v) for t, v in zip(times, values, strict=True) if start <= t <= end and not math.isnan(v)]
    if samples and samples[0][1] >= level:
        return samples[0][0]
    for (t0, v0), (t1, v1) in pairwise(samples):
        if v0 < level <= v1:
            return float(np.interp(level, [v0, v1], [t0, t1]))
    return math.nan


def half_parabola_cost(times: FloatArray, values: FloatArray, vertex: float) -> float:
    """Residual sum of squares of the best half parabolas that meet at ``vertex``, by a linear solver."""
    seen = np.isfinite(values)
    u, v = times[seen] - vertex, values[seen]
    design = np.stack([np.ones_like(u), np.where(u < 0, u * u, 0.0), np.where(u >= 0, u * u, 0.0)], axis=1)
    solution = np.linalg.lstsq(design, v, rcond=None)[0]
    return float(np.sum((design @ solution - v) ** 2))


def vertex_time(times: FloatArray, values: FloatArray, first: float, last: float, steps: int = 6000) -> float:
    """The best vertex on a fine grid."""
    grid = np.linspace(first, last, steps + 1)
    return float(grid[np.argmin([half_parabola_cost(times, values, g) for g in grid])])


def local_quadratic(times: FloatArray, values: FloatArray, sd: float, reach_sds: float = 4.0) -> FloatArray:
    """Value of the weighted parabola at every sample of one column, by ``numpy.polynomial``."""
    out = np.full(len(times), np.nan)
    for i, now in enumerate(times):
        if np.isnan(values[i]):
            continue
        near = np.isfinite(values) & (np.abs(times - now) <= reach_sds * sd)
        if near.sum() < 4:
            out[i] = values[i]
            continue
        u = (times[near] - now) / sd
        fit = np.polynomial.polynomial.polyfit(u, values[near], 2, w=np.sqrt(np.exp(-0.5 * u * u)))
        out[i] = fit[0]
    return out
