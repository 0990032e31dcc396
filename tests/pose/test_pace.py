"""How much movement is kept: by the stroke rate, on a drawn rower with noise on her landmarks."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.pose.pace import CUTOFF_HARMONICS, USUAL_CUTOFF_HZ, stroke_cutoff_hz
from tests.pose.moving_rower import landmarks

TIME_S = np.arange(0.0, 20.0, 1 / 30)


@pytest.mark.parametrize("rate_spm", [18.0, 30.0, 44.0])
def test_the_cut_off_goes_with_the_rate(rate_spm: float) -> None:
    xy, _ = landmarks(TIME_S, rate_spm=rate_spm)
    noisy = xy + np.random.default_rng(0).normal(0, 3.0, xy.shape)
    noisy[100:104] = np.nan
    assert stroke_cutoff_hz(TIME_S, noisy) == pytest.approx(CUTOFF_HARMONICS * rate_spm / 60, rel=0.07)


def test_the_fast_part_of_a_piece_decides() -> None:
    slow, _ = landmarks(TIME_S, rate_spm=18.0)
    fast, _ = landmarks(TIME_S, rate_spm=36.0)
    both = stroke_cutoff_hz(np.concatenate([TIME_S, TIME_S + 20.0]), np.concatenate([slow, fast]))
    assert both > 0.9 * stroke_cutoff_hz(TIME_S, fast)


def test_without_a_stroke_the_usual_one() -> None:
    still, _ = landmarks(np.zeros(200))
    for xy in (still, np.full((200, 33, 2), np.nan), still[:0]):
        assert stroke_cutoff_hz(TIME_S[: len(xy)], xy) == USUAL_CUTOFF_HZ
