"""What is kept of a quantity, and what percentiles follow from it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowsense.store.quantities import (
    MOST_BINS,
    bin_width,
    merged_bins,
    quantiles,
    summarise,
    summarised,
    unit_of,
)

SHARES = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [
        ("pelvic_tilt_deg_catch", "deg"),
        ("pelvic_tilt_of_seen_range_ratio_catch", "ratio"),
        ("pelvis_gives_way_s", "s"),
        ("rate_spm", "spm"),
        ("score_slide", "score"),
        ("drive_under_easy_percent", "percent"),
        ("fault:hips_tip_back", ""),
    ],
)
def test_the_unit_is_in_the_name(quantity: str, unit: str) -> None:
    assert unit_of(quantity) == unit
    assert math.isnan(bin_width(quantity)) == (not unit)


def test_count_mean_and_sd_are_of_what_was_measured() -> None:
    found = summarise("drive_s", np.array([0.9, np.nan, 1.0, 1.1]))
    assert found is not None
    assert (found.stroke_count, found.mean, found.sd) == (3, pytest.approx(1.0), pytest.approx(0.1))
    assert np.frombuffer(found.bins, "<u2").sum() == 3
    assert summarise("drive_s", np.full(3, np.nan)) is None
    one = summarise("drive_s", np.array([0.9]))
    assert one is not None
    assert math.isnan(one.sd)


lists = st.lists(st.floats(-120, 120, width=32), min_size=1, max_size=60)


@given(st.lists(lists, min_size=1, max_size=8))
def test_percentiles_of_any_sessions_are_off_by_a_width_at_most(sessions: list[list[float]]) -> None:
    width = bin_width("knee_deg")
    kept = [summarise("knee_deg", np.array(values, dtype=float)) for values in sessions]
    known = [one for one in kept if one is not None]
    first, counts = merged_bins(
        np.array([k.first_bin for k in known]), [k.bins for k in known], np.zeros(len(known), dtype=np.int64), 1
    )
    found = quantiles(first, counts, width, SHARES)[0]
    # The value below which a share of the strokes lies is one of them, or between two neighbours.
    every = np.sort(np.concatenate([np.array(v, dtype=float) for v in sessions]))
    low, high = (np.quantile(every, SHARES, method=how) for how in ("inverted_cdf", "higher"))
    assert np.all(found >= np.minimum(low, high) - width - 1e-6)
    assert np.all(found <= np.maximum(low, high) + width + 1e-6)


def test_groups_stay_apart() -> None:
    one, two = summarise("knee_deg", np.full(5, 90.2)), summarise("knee_deg", np.full(7, -10.2))
    assert one is not None
    assert two is not None
    first, counts = merged_bins(
        np.array([one.first_bin, two.first_bin, one.first_bin]), [one.bins, two.bins, one.bins], np.array([1, 0, 1]), 2
    )
    assert counts.sum(axis=1).tolist() == [7, 10]
    np.testing.assert_allclose(quantiles(first, counts, 0.5, np.array([0.5]))[:, 0], [-10.25, 90.25])


def test_a_wild_value_does_not_fill_the_table() -> None:
    found = summarise("seat_rush_ratio", np.array([1.0, 1.1, 1.2, 1e9]))
    assert found is not None
    assert len(found.bins) <= 2 * MOST_BINS
    assert np.frombuffer(found.bins, "<u2").sum() == 4


def test_of_an_analysis_only_usable_strokes_count() -> None:
    strokes = {
        "stroke": np.arange(4),
        "catch_time_s": np.arange(4.0),
        "onset_legs_s": np.arange(4.0),
        "usable": np.array([True, True, False, True]),
        "drive_s": np.array([1.0, 1.0, 9.0, 1.3]),
        "shin_deg_catch": np.full(4, np.nan),
    }
    told = {
        "quality": {"not_judged": {"pulls_harder": "it needs easy strokes"}},
        "faults": [{"id": "hips_tip_back", "strokes": [0, 3]}],
    }
    found = {one.quantity: one for one in summarised(strokes, told, ("hips_tip_back", "late_lunge", "pulls_harder"))}
    assert set(found) == {"drive_s", "fault:hips_tip_back", "fault:late_lunge"}
    assert found["drive_s"].mean == pytest.approx(1.1)
    assert found["fault:hips_tip_back"].mean == pytest.approx(2 / 3)
    assert (found["fault:late_lunge"].mean, found["fault:late_lunge"].stroke_count) == (0.0, 3)
