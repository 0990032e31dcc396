"""What the metrics are worth: known values, and a standard deviation that is the error's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.assess.catalogue import WINDOWS, load_catalogue
from rowsense.assess.metrics import measure
from rowsense.conventions import ANGLE_NAMES, METRIC_PHASES
from tests.assess import stick


def test_a_mean_for_every_quantity_and_phase():
    metrics = measure(*stick.row(), load_catalogue())
    for quantity in ANGLE_NAMES:
        for phase in METRIC_PHASES:
            assert metrics.values[f"{quantity}_{phase}"].shape == (12,)
    assert metrics.values["shin_deg_catch"] == pytest.approx(90.0)
    assert metrics.values["trunk_lean_deg_finish"] == pytest.approx(-22.0)
    assert metrics.values["trunk_lean_deg_early_recovery"] == pytest.approx(-12.8, abs=1.0)
    assert metrics.values["seat_to_handle_travel_ratio"] == pytest.approx(1.0, abs=0.02)
    assert metrics.values["pelvic_share_ratio"] == pytest.approx(15.0 / 47.0, rel=0.02)


def test_empty_phases_are_not_measured():
    series, strokes = stick.row(strokes=1)
    stroke = strokes.strokes[0]
    borders = list(stroke.phase_borders_s)
    borders[5] = borders[4]
    object.__setattr__(stroke, "phase_borders_s", tuple(borders))
    metrics = measure(series, strokes, load_catalogue())
    assert np.isnan(metrics.values["pelvic_tilt_deg_rock_over"]).all()
    # Rock-over as a moment is still there: the fall into the catch is taken from it.
    assert metrics.values["pelvic_tilt_fall_into_catch_deg"] == pytest.approx(0.0, abs=1.0)
    assert np.isfinite(metrics.sds["pelvic_tilt_fall_into_catch_deg"]).all()
    assert np.isfinite(metrics.values["pelvic_tilt_deg_slide"]).all()


@pytest.mark.parametrize("fps", [30.0, 120.0])
def test_the_sd_of_a_change_is_that_of_the_error_model(fps):
    """Errors with the stated common share, drawn many times: their spread must be the sd that is reported."""
    series, strokes = stick.row(strokes=400, time_s=stick.times(400, fps), spine_sd_deg=4.0)
    catalogue = load_catalogue()
    share = catalogue.model["error_correlation"].value
    rng = np.random.default_rng(11)
    common = np.zeros(len(series))
    metrics = measure(series, strokes, catalogue)
    used = [WINDOWS.index("rocked_over"), WINDOWS.index("next_catch")]
    for window in metrics.windows_s[:, used].reshape(-1, 2):
        common[np.searchsorted(series.time_s, window[0]) : np.searchsorted(series.time_s, window[1])] = rng.normal()
    # One independent draw per 1/30 s, held between them.
    own = rng.normal(size=int(series.time_s[-1] * 30.0) + 2)[(series.time_s * 30.0 + 1e-6).astype(int)]
    noise = 4.0 * (np.sqrt(share) * common + np.sqrt(1.0 - share) * own)
    series.values["lumbar_flexion_deg"] += noise
    noisy = measure(series, strokes, catalogue)
    name = "lumbar_rise_into_catch_deg"
    spread = np.std(noisy.values[name] - metrics.values[name])
    assert spread == pytest.approx(float(np.median(metrics.sds[name])), rel=0.12)


def test_windows_that_err_alike_share_part_of_their_error():
    series, strokes = stick.row(strokes=4, spine_sd_deg=4.0)
    catalogue = load_catalogue()
    names = ("lumbar_rise_under_load_deg", "lumbar_rise_at_finish_deg")
    apart = {name: replace(catalogue.metrics[name], sd_ratio=None) for name in names}
    independent = measure(series, strokes, replace(catalogue, metrics={**catalogue.metrics, **apart})).sds
    found = measure(series, strokes, catalogue).sds
    for name, ratio in zip(names, (0.87, 0.5), strict=True):
        np.testing.assert_allclose(found[name], ratio * independent[name])
    np.testing.assert_array_equal(found["lumbar_rise_into_catch_deg"], independent["lumbar_rise_into_catch_deg"])


def test_an_angle_without_known_error_has_no_sd():
    catalogue = load_catalogue()
    known = {name: number for name, number in catalogue.quantity_sd.items() if name != "head_trunk_deg"}
    metrics = measure(*stick.row(), replace(catalogue, quantity_sd=known))
    assert np.isnan(metrics.sds["head_trunk_deg_catch"]).all()
    assert metrics.sds["shin_deg_catch"] == pytest.approx(catalogue.quantity_sd["shin_deg"].value)


def test_the_slide_that_is_shot_is_read_from_the_near_shoulder():
    series, strokes = stick.row(strokes=4)
    assert series.shoulders_x_px is not None
    catalogue = load_catalogue()

    def ratio(one):
        return measure(one, strokes, catalogue).values["seat_to_handle_travel_ratio"]

    # Hands that are lost behind the knees while the legs begin to push say nothing of it.
    since_catch_s = (series.time_s - stick.LEAD_S) % stick.STROKE_S
    lost = (since_catch_s > 0.08) & (since_catch_s < 0.4)
    wandering = replace(series, handle_x_px=series.handle_x_px + 90.0 * lost)
    np.testing.assert_allclose(ratio(wandering), ratio(series))
    slower = np.stack([0.6 * series.shoulders_x_px[0], series.shoulders_x_px[1]])
    assert (ratio(replace(series, shoulders_x_px=slower)) > 1.3).all()
    assert np.isnan(ratio(replace(series, shoulders_x_px=series.shoulders_x_px[::-1].copy()))).all(), "the far one"
    assert np.isnan(ratio(replace(series, shoulders_x_px=None))).all(), "not known"
