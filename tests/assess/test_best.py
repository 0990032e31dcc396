"""The best strokes: which they are, what is different in them, and that luck is not called a difference."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.assess import best
from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.scores import score
from rowsense.model import StrokeDoubt
from tests.assess.piece_cases import LUMBAR, TILT, make_piece, noise, stroke_times

SMALL = StrokeDoubt(2.0)


def piece_of(count, rng, values=None, score=None, doubt=SMALL):
    time_min, rate_spm = stroke_times(count / 20.0)
    return make_piece(time_min[:count], rate_spm[:count], rng, values, score, doubt)


@pytest.mark.parametrize(("count", "chosen"), [(10, 3), (15, 3), (20, 4), (25, 5), (60, 5)])
def test_how_many(count, chosen):
    rng = np.random.default_rng(0)
    points = rng.permutation(np.linspace(20.0, 90.0, count))
    found = best.best_strokes(piece_of(count, rng, score=points), ())
    assert found.strokes == tuple(int(i) for i in np.argsort(-points)[:chosen])
    assert found.other_count == count - chosen
    assert found.score > found.score_of_others


def test_what_is_different_is_named_and_nothing_else():
    rng = np.random.default_rng(1)
    good = np.array([3, 9, 17, 22, 31])
    points = rng.uniform(40.0, 60.0, 40)
    points[good] = 90.0
    tilt_deg = noise(40, rng, SMALL)
    tilt_deg[good] += 8.0
    found = best.best_strokes(piece_of(40, rng, {TILT: tilt_deg}, points), ())
    assert set(found.strokes) == set(good.tolist())
    (only,) = found.differences
    assert only.quantity == TILT
    assert only.detectable_change < only.difference
    assert only.low < 8.0 < only.high


def test_a_difference_under_the_detectable_change_is_not_named():
    rng = np.random.default_rng(1)
    points = np.r_[np.full(5, 90.0), rng.uniform(40.0, 60.0, 35)]
    tilt_deg = np.r_[np.full(5, 1.0), np.zeros(35)] + rng.normal(0.0, 0.05, 40)
    assert best.best_strokes(piece_of(40, rng, {TILT: tilt_deg}, points), ()).differences == ()


def test_choosing_the_luckiest_errors_makes_no_difference():
    """Every stroke is the same and the score is made of nothing but error: the chosen look better by it."""
    catalogue = load_catalogue()
    names = tuple(dict.fromkeys(item.metric for item in catalogue.scores))
    middles = {item.metric: 0.5 * (item.good + item.bad) for item in catalogue.scores}
    told = looked_better = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        piece = piece_of(60, rng)
        for name in names:
            piece.quantities[name] = piece.quantities[LUMBAR].__class__(
                name, "deg", middles[name] + rng.normal(0.0, SMALL.fresh_sd_deg, 60), SMALL.fresh_sd_deg
            )
        values = {name: q.values for name, q in piece.quantities.items()}
        points = score(values, np.ones(60, dtype=bool), catalogue).by_stroke
        piece.score[:] = points
        found = best.best_strokes(piece, names)
        told += bool(found.differences)
        chosen = np.isin(np.arange(60), found.strokes)
        looked_better += any(
            abs(q.values[chosen].mean() - q.values[~chosen].mean()) > best.detectable(q.fresh_sd, 5, 55)
            for q in (piece.quantities[n] for n in names)
        )
    assert told <= 3
    assert looked_better >= 30, "the test has no teeth where the chosen do not look better"


def test_a_tie_goes_to_the_stroke_that_is_like_the_others():
    rng = np.random.default_rng(1)
    points = np.full(20, 70.0)
    points[[2, 5, 8, 11, 14]] = [80.2, 79.8, 80.0, 80.4, 79.6]
    tilt_deg = rng.normal(0.0, 0.1, 20)
    tilt_deg[5] = 40.0
    found = best.best_strokes(piece_of(20, rng, {TILT: tilt_deg}, points), ())
    assert set(found.strokes) == {2, 8, 11, 14}


def test_strokes_without_a_score_and_without_measurement():
    rng = np.random.default_rng(1)
    points = np.linspace(10.0, 90.0, 30)
    points[-3:] = np.nan
    hidden = np.full(30, np.nan)
    piece = piece_of(30, rng, dict.fromkeys(piece_of(1, rng).quantities, hidden), points)
    found = best.best_strokes(piece, ())
    assert found.strokes == (26, 25, 24, 23, 22)
    assert found.differences == ()
    assert best.too_few(9).startswith("Too few strokes")
    assert best.too_few(10) == ""
