"""The contour kernels against their slow plain twins."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.kernels import contour
from tests.reference import naive_contour as naive

FloatArray = NDArray[np.float64]


def _blobs(rng: np.random.Generator, size: int = 40) -> NDArray[np.float32]:
    """A soft silhouette with holes."""
    row, column = np.mgrid[0:size, 0:size]
    mask = np.zeros((size, size))
    for _ in range(4):
        r, c, width = rng.uniform(5, size - 5, 2).tolist() + [rng.uniform(4, 10)]
        mask += 1.2 * np.exp(-((row - r) ** 2 + (column - c) ** 2) / (2 * width**2))
    return np.clip(mask + rng.normal(0, 0.1, mask.shape), 0, 1).astype(np.float32)


@pytest.mark.parametrize("seed", range(6))
def test_outline_along_rays_matches_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = _blobs(rng)
    start = rng.uniform(-3, 42, (60, 2))
    angle = rng.uniform(0, 2 * np.pi, 60)
    step = 0.37 * np.column_stack([np.cos(angle), np.sin(angle)])
    expected = naive.outline_along_rays(mask, start, step, 70, 5, 0.5)
    found = contour.outline_along_rays(mask, start, step, 70, 5, 0.5)
    assert np.isfinite(expected).sum() >= 5
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_unbroken_matches_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    offset = 0.3 + 0.05 * np.sin(np.linspace(0, 4, 50))
    for _ in range(rng.integers(1, 5)):
        first, length = rng.integers(0, 48), rng.integers(1, 12)
        offset[first : first + length] += rng.choice([-0.12, 0.08, 0.2])
    offset[rng.random(50) < 0.08] = np.nan
    found = contour.unbroken(offset, 0.05, 0.01)
    np.testing.assert_array_equal(found, naive.unbroken(offset, 0.05, 0.01))


def test_unbroken_drops_the_outer_side() -> None:
    offset = np.full(60, 0.3)
    offset[20:32] = 0.5
    keep = contour.unbroken(offset, 0.05, 0.001)
    assert not keep[20:32].any()
    assert keep[:20].all()
    assert keep[32:].all()


def test_unbroken_of_nothing_is_nothing() -> None:
    assert not contour.unbroken(np.full(20, np.nan), 0.05, 0.01).any()


@pytest.mark.parametrize(("stiffness", "tension"), [(0.5, 0.0), (2.0, 0.05), (200.0, 0.0), (3000.0, 1.0)])
def test_smooth_through_matches_twin(stiffness: float, tension: float) -> None:
    rng = np.random.default_rng(3)
    value = np.cumsum(rng.normal(0, 1, 80))
    weight = (rng.random(80) > 0.4).astype(float) * rng.uniform(0.2, 1, 80)
    weight[30:50] = 0
    expected = naive.smooth_through(value, weight, stiffness, tension)
    value[weight == 0] = np.nan
    np.testing.assert_allclose(contour.smooth_through(value, weight, stiffness, tension), expected, atol=1e-7)


def test_smooth_through_bridges_a_straight_line_exactly() -> None:
    value = np.linspace(1, 5, 40)
    weight = np.ones(40)
    weight[10:25] = 0
    np.testing.assert_allclose(contour.smooth_through(value, weight, 2.0, 0.0), value, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_resample_equal_matches_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy = np.cumsum(rng.normal(1, 1, (50, 2)), axis=0)
    seen = rng.random(50)
    found = contour.resample_equal(xy, seen, 64)
    expected = naive.resample_equal(xy, seen, 64)
    np.testing.assert_allclose(found[0], expected[0], atol=1e-9)
    np.testing.assert_allclose(found[1], expected[1], atol=1e-9)


def test_resample_equal_is_at_equal_length() -> None:
    angle = np.linspace(0, np.pi, 400) ** 1.5 / np.sqrt(np.pi)
    xy = np.column_stack([np.cos(angle), np.sin(angle)])
    points, _ = contour.resample_equal(xy, np.ones(400), 64)
    gaps = np.hypot(*np.diff(points, axis=0).T)
    assert np.ptp(gaps) < 1e-4
    np.testing.assert_allclose(points[[0, -1]], xy[[0, -1]], atol=1e-9)
