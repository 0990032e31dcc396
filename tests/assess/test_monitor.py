"""The monitor's clock is found from the stroke rate, or it is said why not."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.assess.monitor import align, align_by_rate, aligned_at, by_stroke, rate_difference_spm
from rowsense.model.monitor import FilmStrokes, MonitorSeries
from rowsense.store.monitor_csv import read_monitor

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


DRIVE_S = 0.9


def _film(catches_s: FloatArray) -> FilmStrokes:
    count = len(catches_s) - 1
    return FilmStrokes(np.arange(count), catches_s[:-1], catches_s[:-1] + DRIVE_S, catches_s[1:])


def _pm5(catches_s: FloatArray, every_s: float, first_s: float = 0.0) -> MonitorSeries:
    """Stroke k (from 0) has k + 100 W, shown with the rate since the finish before from its own finish on; 4 m/s."""
    finish_s = catches_s + DRIVE_S
    time_s = np.arange(first_s, catches_s[-1] + DRIVE_S, every_s)
    newest = np.searchsorted(finish_s, time_s, side="right") - 1
    rates = np.concatenate(([np.nan], 60.0 / np.diff(finish_s)))[np.maximum(newest, 0)]
    heart = np.full(len(time_s), np.nan)
    return MonitorSeries(
        time_s, 4.0 * time_s, np.where(newest > 0, rates, 0.0), np.where(newest >= 0, newest + 100.0, 0.0), heart
    )


@pytest.mark.parametrize("error_s", [-0.6, 0.0, 0.6])
def test_each_stroke_has_what_the_monitor_showed_of_it(error_s: float) -> None:
    catches = _catches(_rates(40, 2.0), 5.0)
    film, offset_s = _film(catches - 12.5), -12.5
    found = by_stroke(film, _pm5(catches, 0.1), offset_s + error_s)
    assert not found.known[0], "of the first there is no finish before"
    assert found.known[1:-1].all() and np.isnan(found.heart_rate_bpm).all()
    np.testing.assert_array_equal(found.power_w[1:-1], np.arange(len(film))[1:-1] + 100.0)
    np.testing.assert_allclose(found.distance_m[1:-1], 4.0 * np.diff(catches)[1:-1], atol=1e-9)
    np.testing.assert_allclose(found.pace_s_500m[1:-1], 125.0)
    assert rate_difference_spm(film, found) < 1e-6


def test_a_polled_pm5_is_found_where_it_is() -> None:
    catches = _catches(_rates(80, 2.5), 5.0)
    film = _film(catches[10:60] - 20.0)
    found = align(film, _pm5(catches, 0.27))
    assert found.offset_s == pytest.approx(-20.0, abs=0.4) and found.low_s < -20.0 + 0.2 < found.high_s + 0.4


def test_strokes_outside_of_the_recording_have_nothing() -> None:
    catches = _catches(_rates(40, 2.0), 5.0)
    found = by_stroke(_film(catches), _pm5(catches[:20], 0.27, first_s=15.0), 0.0)
    seen = np.flatnonzero(found.known)
    assert catches[seen[0]] >= 15.0 - 3.0 and 17 <= seen[-1] <= 21
    for name in ("power_w", "distance_m", "pace_s_500m"):
        assert np.isnan(getattr(found, name)[~found.known]).all()
    assert not by_stroke(_film(catches), _pm5(catches, 0.27), math.nan).known.any()


def test_a_stroke_that_does_not_count_is_no_part_of_the_rate_after_it() -> None:
    catches = _catches(np.full(12, 24.0), 5.0)
    film = _film(catches)
    left = np.array([0, 1, 2, 5, 6])
    some = FilmStrokes(left, film.catch_s[left], film.finish_s[left], film.end_s[left])
    np.testing.assert_allclose(some.rate_spm, 24.0)


def test_a_shift_that_somebody_gives_is_taken_where_the_rates_agree() -> None:
    even = _catches(np.full(60, 24.0), 5.0)
    monitor, film = _pm5(even, 0.27), _film(even[10:41] - 3.0)
    assert "too even" in align(film, monitor).reason
    found = aligned_at(film, monitor, -3.0)
    assert (found.offset_s, found.reason) == (-3.0, "") and np.isnan(found.low_s)
    assert "saw none" in aligned_at(film, monitor, 900.0).reason
    faster = _catches(np.full(60, 29.0), 5.0)
    assert "do not agree" in aligned_at(_film(faster[10:41]), monitor, 0.0).reason


def test_a_real_piece_over_simulated_strokes(real_dir: Path) -> None:
    """Half a minute of a PM5 at 22 to 23 a minute, as both of its files have it; drives begin where it says so."""
    polled, raw = (read_monitor(real_dir / "pm5" / f"py3rowcap_20251004_123520_{kind}.csv") for kind in ("pm5", "raw"))
    for name in ("time_s", "distance_m", "rate_spm", "power_w"):
        np.testing.assert_array_equal(getattr(polled, name), getattr(raw, name), err_msg=name)
    assert np.isnan(raw.heart_rate_bpm).all(), "no belt was worn"
    drives = np.array([0.19, 2.9, 5.62, 8.33, 11.04, 13.75, 16.46, 19.17, 21.83, 24.54, 27.2])
    film, offset_s = _film(drives + 12.0), 12.0
    assert align(film, polled).reason, "half a minute at an even rate does not tell"
    found = aligned_at(film, polled, offset_s)
    assert found.reason == "" and found.rms_spm < 1.0
    strokes = by_stroke(film, polled, offset_s)
    # What it shows in the recovery of each, of the first without a rate.
    expected_w = [np.nan, 128, 175, 193, 197, 212, 222, 222, 221, 219]
    np.testing.assert_array_equal(strokes.power_w, expected_w)
    whole = strokes.known
    assert np.nansum(strokes.distance_m) == pytest.approx(100.0, abs=5.0)
    assert np.all((strokes.pace_s_500m[whole] > 100.0) & (strokes.pace_s_500m[whole] < 185.0))
