"""The compiled geometry against its slow twin."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.kernels import geometry
from tests.reference import naive_geometry as naive

CASES = [
    ("direction", 2),
    ("lean", 2),
    ("included", 3),
    ("offset_from_line", 3),
]


@pytest.mark.parametrize(("name", "points"), CASES)
def test_kernel_agrees_with_its_slow_twin(name: str, points: int) -> None:
    rng = np.random.default_rng(7)
    tracks = [rng.normal(scale=200.0, size=(500, 2)) for _ in range(points)]
    tracks[1][:5] = tracks[0][:5]
    if points == 3:
        tracks[2][3:8] = tracks[1][3:8]
    fast = getattr(geometry, name)(*tracks)
    slow = [getattr(naive, name)(*rows) for rows in zip(*tracks, strict=True)]
    np.testing.assert_allclose(fast, slow, rtol=0, atol=2e-6 * 200)
    near_exact = np.abs(fast - np.array(slow))[np.isfinite(fast)]
    assert np.median(near_exact) < 1e-9


@pytest.mark.parametrize(("name", "points"), CASES)
def test_a_missing_point_makes_the_sample_missing_and_no_other(name: str, points: int) -> None:
    rng = np.random.default_rng(8)
    for missing in range(points):
        tracks = [rng.normal(size=(6, 2)) for _ in range(points)]
        tracks[missing][2, 1] = np.nan
        out = getattr(geometry, name)(*tracks)
        assert np.isnan(out[2])
        assert np.isfinite(np.delete(out, 2)).all()


def test_wrapped_brings_angles_into_one_turn() -> None:
    angles = np.array([0.0, np.pi - 0.1, np.pi + 0.1, -7.0, 40.0, np.nan])
    out = geometry.wrapped(angles)
    finite = np.isfinite(angles)
    assert np.all((out[finite] >= -np.pi) & (out[finite] < np.pi))
    np.testing.assert_allclose(np.exp(1j * out[finite]), np.exp(1j * angles[finite]), atol=1e-12)
    assert np.isnan(out[-1])
