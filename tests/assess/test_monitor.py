"""The monitor's clock is found from the stroke rate, or it is said why not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.assess.monitor import align_by_rate
from rowsense.model.monitor import MonitorSeries

FloatArray = NDArray[np.float64]


def _catches(rates_spm: FloatArray, first_s: float) -> FloatArray:
    """(S + 1,) catches of strokes at these rates."""
    return first_s + np.concatenate(([0.0], np.cumsum(60.0 / rates_spm)))


def _monitor(catches_s: FloatArray, every_s: float, *, whole: bool = True) -> MonitorSeries:
    """What a monitor shows that is polled: the rate of the last whole stroke, in whole strokes a minute."""
    time_s = np.arange(0.0, catches_s[-1], every_s)
    rates = np.concatenate(([0.0], 60.0 / np.diff(catches_s)))
    shown = rates[np.searchsorted(catches_s[1:], time_s, side="right")]
    none = np.full(len(time_s), np.nan)
    return MonitorSeries(time_s, none, np.round(shown) if whole else shown, none, none)


def _rates(count: int, spread: float, seed: int = 1) -> FloatArray:
    rng = np.random.default_rng(seed)
    wander = np.cumsum(rng.normal(0.0, 1.0, count))
    return 24.0 + spread * (wander - wander.mean()) / wander.std()


@pytest.mark.parametrize("offset_s", [-40.0, -3.3, 0.0, 12.7, 55.0])
@pytest.mark.parametrize("every_s", [0.27, 2.6])
def test_the_offset_is_found(offset_s: float, every_s: float) -> None:
    rates = _rates(80, 2.5)
    catches = _catches(rates, 5.0)
    film = catches + offset_s
    seen = (film >= 0.0) & (film <= 150.0)
    film = film[seen]
    found = align_by_rate(film[:-1], film[1:], _monitor(catches, every_s))
    # A monitor that is read every so often is that much late at most.
    assert found.offset_s == pytest.approx(offset_s, abs=0.3 + every_s)
    assert found.low_s - 0.2 - every_s <= offset_s <= found.high_s + 0.2 + every_s
    assert found.rms_spm < 1.0


def test_strokes_that_do_not_count_may_be_missing() -> None:
    catches = _catches(_rates(80, 2.5), 5.0)
    start, end = catches[:-1] + 9.0, catches[1:] + 9.0
    counted = np.ones(80, dtype=bool)
    counted[[3, 4, 5, 30, 31, 32, 33, 60]] = False
    found = align_by_rate(start[counted], end[counted], _monitor(catches, 0.27))
    assert found.offset_s == pytest.approx(9.0, abs=0.6)


def test_an_even_rate_tells_nothing() -> None:
    catches = _catches(_rates(80, 0.1), 5.0)
    found = align_by_rate(catches[10:40], catches[11:41], _monitor(catches, 0.27))
    assert math.isnan(found.offset_s)
    assert "too even" in found.reason


def test_another_piece_is_refused() -> None:
    catches = _catches(_rates(80, 2.0), 5.0)
    other = _catches(_rates(80, 2.0) + 8.0, 5.0)
    found = align_by_rate(other[:-1], other[1:], _monitor(catches, 0.27))
    assert "nowhere" in found.reason


@pytest.mark.parametrize(("count", "reason"), [(5, "only 5 strokes"), (8, "in common")])
def test_too_little_is_said(count: int, reason: str) -> None:
    catches = _catches(_rates(80, 2.0), 5.0)
    monitor = _monitor(catches[:8], 0.27)
    found = align_by_rate(catches[:count], catches[1 : count + 1], monitor)
    assert reason in found.reason


def test_a_monitor_without_rate_is_said() -> None:
    catches = _catches(_rates(80, 2.0), 5.0)
    none = np.full(100, np.nan)
    found = align_by_rate(catches[:-1], catches[1:], MonitorSeries(np.arange(100.0), none, none, none, none))
    assert "no stroke rate" in found.reason
