"""The 0-100 scores of phases and strokes from the strokes' metrics.

Every loop that does arithmetic runs over a block of strokes side by side, so that the compiler turns it into vector
instructions. The slow twin that this must match is ``tests/reference/naive_scoring.py``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels._jit import kernel, parallel_kernel, prange

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Strokes that a thread takes at once: all sums of a block stay in the core's own cache.
BLOCK = 256


@kernel
def _add(
    x: FloatArray, good: float, bad: float, share: float, total: FloatArray, weight: FloatArray, worst: FloatArray
) -> None:
    """Add the points of one item (n,) to the sums of its phase."""
    for i in range(x.shape[0]):
        # np.divide: the plain operator brings a zero check that stops the vectoriser.
        part = 100.0 * np.divide(x[i] - bad, good - bad)
        part = 0.0 if part < 0.0 else part
        part = 100.0 if part > 100.0 else part
        known = part == part
        total[i] += share * part if known else 0.0
        weight[i] += share if known else 0.0
        worst[i] = part if part < worst[i] else worst[i]


@kernel
def _blend(total: FloatArray, weight: FloatArray, worst: FloatArray, least: float, out: FloatArray) -> None:
    """Half the weighted mean, half the worst: one bad part is not hidden by many good ones. NaN under ``least``."""
    for i in range(out.shape[0]):
        blended = 0.5 * np.divide(total[i], weight[i]) + 0.5 * worst[i]
        out[i] = blended if weight[i] >= least else np.nan


@kernel
def _block_scores(
    metrics: FloatArray,
    item_column: IntArray,
    item_phase: IntArray,
    limits: FloatArray,
    by_phase: FloatArray,
    by_stroke: FloatArray,
    sums: FloatArray,
) -> None:
    """Scores of n strokes; ``sums`` (6, n) is room for total, weight and worst of a phase and of the stroke."""
    total, weight, worst = sums[0], sums[1], sums[2]
    sums[3:5] = 0.0
    sums[5] = 100.0
    wanted = 0.0
    for p in range(by_phase.shape[0]):
        sums[0:2] = 0.0
        worst[:] = 100.0
        phase_weight = 0.0
        for i in range(item_column.shape[0]):
            if item_phase[i] == p:
                phase_weight += limits[i, 2]
                _add(metrics[item_column[i]], limits[i, 0], limits[i, 1], limits[i, 2], total, weight, worst)
        _blend(total, weight, worst, 0.5 * phase_weight if phase_weight > 0.0 else np.inf, by_phase[p])
        if phase_weight > 0.0:
            wanted += 1.0
            # A phase's score is an item of the stroke that scores as many points as it has.
            _add(by_phase[p], 100.0, 0.0, 1.0, sums[3], sums[4], sums[5])
    _blend(sums[3], sums[4], sums[5], 0.5 * wanted if wanted > 0.0 else np.inf, by_stroke)


@parallel_kernel
def _fill_scores(
    metrics: FloatArray,
    item_column: IntArray,
    item_phase: IntArray,
    limits: FloatArray,
    by_phase: FloatArray,
    by_stroke: FloatArray,
) -> None:
    strokes = metrics.shape[1]
    for block in prange((strokes + BLOCK - 1) // BLOCK):
        a, b = block * BLOCK, min((block + 1) * BLOCK, strokes)
        sums = np.empty((6, b - a))
        _block_scores(
            metrics[:, a:b], item_column, item_phase, limits, by_phase[:, a:b], by_stroke[a:b], sums
        )  # fmt: skip


def scores(
    metrics: FloatArray, item_column: IntArray, item_phase: IntArray, limits: FloatArray, phase_count: int
) -> tuple[FloatArray, FloatArray]:
    """Scores 0-100 (100 best) per phase and per stroke.

    Args:
        metrics: (M, S) C-ordered, one value a stroke; NaN = not measured.
        item_column: (I,) row of ``metrics`` that item i scores.
        item_phase: (I,) phase the item belongs to.
        limits: (I, 3) value that scores 100, value that scores 0, weight; linear between the two, flat outside.
        phase_count: P.

    Returns:
        (P, S) and (S,). A phase needs at least half of its weight measured, a stroke at least half of the phases
        that have items; otherwise NaN. Either is half the (weighted) mean and half the worst of its parts.
    """
    # Allocated here: NumPy asks for huge pages, the compiled allocator does not, and first touches cost more than the
    # arithmetic.
    by_phase = np.empty((phase_count, metrics.shape[1]))
    by_stroke = np.empty(metrics.shape[1])
    _fill_scores(metrics, item_column, item_phase, limits, by_phase, by_stroke)
    return by_phase, by_stroke
