"""What other programs read: summary and tables, by the names of the contract."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from rowsense.conventions import LANDMARK_INDEX, PHASES
from rowsense.model import Advice
from rowsense.report.summary import summary
from rowsense.report.tables import frames_table, stroke_and_phase, strokes_table, track_table
from tests.hips_fixture import HIPS
from tests.piece_fixture import PIECE
from tests.rhythm_fixture import RHYTHM
from tests.session_fixture import DRIVE_S, LEAD_IN_S, PERIOD_S, make_session, without_judgement

FRAME_COLUMNS = """
    frame time_s stroke phase trunk_lean_deg pelvic_tilt_deg pelvic_tilt_sd_deg lumbar_flexion_deg
    lumbar_flexion_sd_deg thoracic_flexion_deg trunk_thigh_deg knee_deg shin_deg elbow_deg head_trunk_deg
    shoulder_protraction_ratio knee_above_hip_ratio handle_x_px seat_x_px confidence inferred
"""
STROKE_COLUMNS = """
    stroke catch_frame catch_time_s finish_time_s end_time_s rate_spm drive_s recovery_s usable reason score
"""
SUMMARY_KEYS = """
    schema_version rowsense_version video facing camera stroke_count rate_spm drive_s recovery_s score
    score_interval scores_by_phase score_intervals_by_phase spine_reference detectable_change piece faults quality
    provenance
"""


def test_summary_holds_the_contract() -> None:
    session = make_session()
    said = json.loads(json.dumps(summary(session), allow_nan=False))
    assert set(SUMMARY_KEYS.split()) <= set(said)
    assert said["video"]["path"] == session.video.path.name
    assert said["video"]["size"] == [1280, 720]
    assert said["rate_spm"] == pytest.approx(60 / PERIOD_S)
    assert said["drive_s"] == pytest.approx(DRIVE_S)
    assert said["stroke_count"] == 8
    fault = said["faults"][0]
    assert {"id", "name", "rules", "strokes", "frames", "worst_frame", "severity", "cue"} <= set(fault)
    assert {"quantity", "measured", "limit", "unit"} <= set(fault["rules"][0])
    assert all(len(span) == 2 and span[0] < span[1] for span in fault["frames"])


def test_summary_holds_the_intervals_of_the_scores() -> None:
    session = make_session()
    assert summary(session)["score_interval"] == [None, None]
    judged = replace(session.assessment, score=90.0, score_sd=10.0, score_sds_by_phase={"slide": 5.0})
    said = json.loads(json.dumps(summary(replace(session, assessment=judged)), allow_nan=False))
    assert said["score_interval"] == pytest.approx([70.4, 100.0])
    slide = said["scores_by_phase"]["slide"]
    assert said["score_intervals_by_phase"]["slide"] == pytest.approx([slide - 9.8, min(slide + 9.8, 100.0)])
    assert said["score_intervals_by_phase"]["mid_drive"] == [None, None]


def test_summary_holds_the_piece() -> None:
    session = make_session()
    assert summary(session)["piece"] is None
    judged = replace(session, assessment=replace(session.assessment, piece=PIECE))
    piece = json.loads(json.dumps(summary(judged), allow_nan=False))["piece"]
    assert set(piece) == set(PIECE.__slots__)
    drift, unjudged = piece["drifts"]
    assert (drift["slope_per_min"], drift["change"], drift["from_min"], drift["clear"]) == (-0.5, -5.0, 6.0, True)
    assert unjudged["change"] is None
    assert unjudged["reason"]
    assert piece["rate_steps"][0]["differences"][0]["quantity"] == "pelvic_tilt_deg_catch"
    assert piece["spreads"][0]["measurement_ratio"] == pytest.approx(0.64)
    assert piece["best"]["strokes"] == [4, 17, 9]


def test_summary_holds_the_advice() -> None:
    session = make_session()
    assert summary(session)["advice"] is None
    advice = Advice(well="Good hands.", fault_id="hips_tip_back", seen="Seen.", frames=(3, 9), rest=("Head.",))
    judged = replace(session, assessment=replace(session.assessment, advice=advice, style="sequential", level="club"))
    said = json.loads(json.dumps(summary(judged), allow_nan=False))
    assert said["advice"]["frames"] == [3, 9]
    assert said["advice"]["rest"] == ["Head."]
    assert (said["style"], said["level"]) == ("sequential", "club")
    assert said["faults"][0]["self_test"].startswith("Put a cushion")
    assert said["spine_reference"]["head_zero_sd_deg"] is None


def test_summary_holds_the_hips() -> None:
    session = make_session()
    assert summary(session)["hips"] is None
    judged = replace(session, assessment=replace(session.assessment, hips=HIPS))
    hips = json.loads(json.dumps(summary(judged), allow_nan=False))["hips"]
    assert set(hips) == {*HIPS.__slots__, "typical", "recovered_count", "first_mover"}
    assert hips["first_mover"] == "shoulders_pulled_forward"
    assert hips["in_time"] == ["shoulders_pulled_forward", "head_drops"]
    assert (hips["typical"]["before_catch_s"], hips["typical"]["extent_deg"]) == (0.45, 17.0)
    assert hips["recovered_count"] == 4
    assert hips["give_ways"][0]["lags_s"] == {"shoulders_pulled_forward": -0.12, "head_drops": None}
    assert hips["movers"][2]["association"]["coefficient"] == 0.62
    assert hips["movers"][0]["lag_s"] is None


def test_summary_holds_the_rhythm() -> None:
    session = make_session()
    assert summary(session)["rhythm"] is None
    judged = replace(session, assessment=replace(session.assessment, rhythm=RHYTHM))
    rhythm = json.loads(json.dumps(summary(judged), allow_nan=False))["rhythm"]
    assert set(rhythm) == {*RHYTHM.__slots__, "peak_groups"}
    assert rhythm["peak_groups"] == [["legs"], ["trunk"], ["arms"]]
    assert rhythm["segments"][0]["peak_deg_per_s"] == {"median": 220.0, "spread": 8.0, "sd": 30.0, "stroke_count": 19}
    assert rhythm["overlaps"][1]["ratio"]["median"] == -0.05
    assert rhythm["travel"]["scale"] == ""
    assert rhythm["travel"]["handle_m"]["median"] is None
    assert rhythm["pauses"][0]["pause_s"] == 0.21


def test_what_is_missing_is_null() -> None:
    said = summary(without_judgement(make_session(1)))
    json.dumps(said, allow_nan=False)
    assert said["score"] is None
    assert set(said["scores_by_phase"].values()) == {None}


def test_no_strokes_is_null_not_an_error() -> None:
    said = summary(without_judgement(make_session(0)))
    assert said["stroke_count"] == 0
    assert said["rate_spm"] is None


def test_frame_columns_and_their_phases() -> None:
    session = make_session()
    table = frames_table(session)
    assert set(FRAME_COLUMNS.split()) <= set(table)
    assert {len(column) for column in table.values()} == {len(session.track)}
    stroke, phase = stroke_and_phase(session)
    outside = session.track.time_s < LEAD_IN_S
    assert (stroke[outside] == -1).all()
    assert (phase[outside] == "").all()
    assert set(phase) == {"", *PHASES}
    early = np.searchsorted(session.track.time_s, LEAD_IN_S + 0.05)
    assert (stroke[early], phase[early]) == (0, "early_drive")


@pytest.mark.parametrize("facing", ["left", "right"])
def test_handle_and_seat_are_picture_pixels(facing: str) -> None:
    session = make_session(2, facing=facing)
    table = frames_table(session)
    wrist = session.track.xy_px[:, LANDMARK_INDEX[f"{facing}_wrist"], 0]
    hip = session.track.xy_px[:, LANDMARK_INDEX[f"{facing}_hip"], 0]
    np.testing.assert_array_equal(table["handle_x_px"], wrist)
    np.testing.assert_array_equal(table["seat_x_px"], hip)


def test_track_columns() -> None:
    session = make_session(1)
    table = track_table(session)
    landmarks = [n for n in table if n.endswith("_visibility")]
    assert len(landmarks) == 33
    assert len([n for n in table if n.startswith("back_")]) == 64 * 3
    np.testing.assert_array_equal(table["back_63_y"], session.track.back_xy_px[:, 63, 1])


def test_stroke_columns_and_reasons() -> None:
    table = strokes_table(make_session())
    assert set(STROKE_COLUMNS.split()) <= set(table)
    assert {f"score_{p}" for p in PHASES} <= set(table)
    assert "pelvic_tilt_deg_catch" in table
    assert table["usable"].tolist().count(False) == 1
    assert table["reason"][3] == "the handle left the picture"
    assert np.isnan(table["score"][3])
