"""The piece in the judgement of a recording: what a short one says, and what a long one finds in the angles."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from rowsense.assess import consistency
from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.judge import assess
from rowsense.assess.metrics import measure
from rowsense.assess.piece import analyse_piece
from rowsense.assess.piece_strokes import gather
from rowsense.settings import AssessSettings
from tests.assess import stick


def judged(series, strokes):
    piece = assess(series, strokes, np.arange(len(series)), AssessSettings()).piece
    assert piece is not None
    return piece


def test_a_short_recording_says_what_is_missing_and_why():
    piece = judged(*stick.row(strokes=8))
    assert (piece.stroke_count, piece.duration_min) == (8, pytest.approx(8 * stick.STROKE_S / 60.0))
    assert piece.drift_reason.startswith("Too short")
    assert piece.spread_reason.startswith("Too few")
    assert piece.best is None
    assert piece.best_reason.startswith("Too few")


@pytest.mark.parametrize("strokes", [0, 1])
def test_hardly_any_stroke(strokes):
    piece = judged(*stick.row(strokes=strokes))
    assert piece.stroke_count == strokes
    assert piece.rate_steps == ()
    assert piece.best is None


def test_a_dozen_strokes_have_spread_and_best_but_no_drift():
    piece = judged(*stick.row(noise_deg=0.5))
    assert piece.drift_reason
    assert [s.quantity for s in piece.spreads] == [name for name in consistency.FOLLOWED if name != "seat_catch_lag_s"]
    assert piece.best is not None
    assert len(piece.best.strokes) == 3


def test_a_drift_in_the_angles_is_found_where_it_is():
    """Ninety strokes; the pelvis falls by 6 deg over them, the low back stays. Seven strokes are not usable."""
    series, strokes = stick.row(strokes=90, noise_deg=1.0, unusable=range(20, 27), time_s=stick.times(90, fps=25.0))
    minutes = series.time_s / series.time_s[-1]
    rng = np.random.default_rng(2)
    catches = np.array([s.catch_time_s for s in strokes.strokes])
    each = rng.normal(0.0, 1.5, 91)[np.searchsorted(catches, series.time_s)]
    drifting = replace(
        series, values=series.values | {"pelvic_tilt_deg": series["pelvic_tilt_deg"] - 6.0 * minutes + each}
    )
    piece = judged(drifting, strokes)
    assert piece.stroke_count == 83
    found = {d.quantity: d for d in piece.drifts}
    assert found["pelvic_tilt_deg_catch"].clear
    assert found["pelvic_tilt_deg_catch"].change == pytest.approx(-6.0, abs=1.5)
    assert found["pelvic_tilt_deg_catch"].slope_per_min == pytest.approx(-2.0, abs=0.5)
    assert not found["lumbar_flexion_deg_catch"].clear
    assert found["seat_catch_lag_s"].reason, "no stroke of the stick rower has a turn of the seat"
    assert found["drive_s"].change == pytest.approx(0.0, abs=1e-9)


def test_the_error_of_a_stroke_is_that_of_the_clear_change():
    series, strokes = stick.row(spine_sd_deg=5.0)
    catalogue = load_catalogue()
    metrics = measure(series, strokes, catalogue)
    piece = gather(series, strokes, metrics, np.full(len(strokes), np.nan), catalogue)
    assert piece.quantities["pelvic_tilt_deg_catch"].fresh_sd == pytest.approx(5.0 * math.sqrt(0.19))
    assert piece.quantities["lumbar_rise_into_catch_deg"].fresh_sd == pytest.approx(5.0 * math.sqrt(2.0 * 0.19))
    assert piece.quantities["shin_deg_catch"].fresh_sd == pytest.approx(
        catalogue.quantity_sd["shin_deg"].value * math.sqrt(0.19)
    )
    rush_sd = catalogue.metrics["seat_rush_ratio"].sd
    assert piece.quantities["seat_rush_ratio"].fresh_sd == pytest.approx(rush_sd.value)
    assert piece.quantities["head_trunk_deg_catch"].fresh_sd == pytest.approx(5.0 * math.sqrt(0.19))
    assert math.isnan(piece.quantities["pelvis_gives_way_trunk_thigh_deg"].fresh_sd)


def test_a_back_that_was_never_seen():
    series, strokes = stick.row(strokes=70, time_s=stick.times(70, fps=25.0))
    hidden = np.full(len(series), np.nan)
    names = ("pelvic_tilt_deg", "lumbar_flexion_deg", "pelvic_tilt_sd_deg", "lumbar_flexion_sd_deg")
    piece = judged(replace(series, values=series.values | dict.fromkeys(names, hidden)), strokes)
    found = {d.quantity: d for d in piece.drifts}
    assert "in 0 strokes" in found["lumbar_flexion_deg_slide"].reason
    assert "lumbar_flexion_deg_catch" not in {s.quantity for s in piece.spreads}


def test_the_same_piece_gives_the_same_answer():
    series, strokes = stick.row(strokes=60, noise_deg=2.0, time_s=stick.times(60, fps=25.0))
    catalogue = load_catalogue()
    metrics = measure(series, strokes, catalogue)
    piece = gather(series, strokes, metrics, np.linspace(40.0, 60.0, 60), catalogue)
    assert repr(analyse_piece(piece, catalogue)) == repr(analyse_piece(piece, catalogue))
