"""The judgement on the simulator's exact tracks: clips that have a fault, and the same clip without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.assess.judge import assess
from rowsense.conventions import ANGLE_SD_NAMES
from rowsense.model import AngleSeries, Stroke, StrokeList
from rowsense.settings import AssessSettings
from rowsense.simulate.motion import FaultDials, MotionSpec, SpineSpec, simulate_motion
from rowsense.strokes.phases import BodySignals, onsets

STILL = SpineSpec(tilt_wander_sd_deg=0.0, lumbar_wander_sd_deg=0.0, ripple_sd_deg=0.0)
WELL = MotionSpec(spine=STILL, duration_s=14.0)
TIPPING = replace(STILL, tilt_catch_deg=-20.0, lumbar_catch_deg=34.0)


def judged(spec):
    motion = simulate_motion(spec)
    events, values = motion.events, dict(motion.angles)
    values |= {name: np.full(len(motion.time_s), 3.0) for name in ANGLE_SD_NAMES}
    handle, seat = motion.joints.wrist[:, 0] * 330.0, motion.joints.hip[:, 0] * 330.0
    past_knee = (motion.joints.handle - motion.joints.knee)[:, 0] * 330.0
    series = AngleSeries(
        motion.time_s, values, handle, seat, np.ones(len(motion.time_s)), handle_past_knee_px=past_knee
    )
    body = BodySignals(motion.time_s, values["trunk_lean_deg"], values["knee_deg"], values["elbow_deg"])
    strokes = tuple(
        Stroke(
            index=i,
            catch_time_s=float(events.stroke_catch_s[i]),
            finish_time_s=float(events.stroke_finish_s[i]),
            end_time_s=float(events.stroke_end_s[i]),
            phase_borders_s=tuple(events.borders_s[i]),
            catch_frame=round(float(events.stroke_catch_s[i]) * spec.fps),
            onsets_s=onsets(body, events.stroke_catch_s[i], events.stroke_finish_s[i], events.stroke_end_s[i]),
        )
        for i in range(len(events))
    )
    return assess(series, StrokeList(strokes), np.arange(len(series)), AssessSettings())


@pytest.fixture(scope="module")
def well():
    return judged(WELL)


def test_the_well_rowed_clip_has_no_fault(well):
    assert well.faults == ()
    assert well.score > 75.0


@pytest.mark.parametrize(
    ("fault_id", "spec", "less"),
    [
        ("head_drops", replace(WELL, faults=FaultDials(head_drop_deg=40.0)), {"head_drop_deg": 0.0}),
    ],
)
def test_a_clip_with_the_dial_shows_it_and_without_does_not(fault_id, spec, less):
    assert fault_id in {f.id for f in judged(spec).faults}
    without = judged(replace(spec, faults=replace(spec.faults, **less)))
    assert fault_id not in {f.id for f in without.faults}
    assert fault_id not in without.not_judged


def test_knees_that_break_before_the_hands_are_away(well):
    hurried = judged(replace(WELL, slide_start=0.02, arms_out=0.6, rock_over_end=0.6))
    assert "knees_before_hands" in {f.id for f in hurried.faults}
    assert np.nanmedian(hurried.metrics["knees_before_hands_s"]) > 0.1
    assert np.nanmedian(well.metrics["knees_before_hands_s"]) < -0.1


@pytest.mark.parametrize(
    ("fault_id", "spec"),
    [
        ("hips_tip_back", replace(WELL, spine=TIPPING)),
        ("opens_early", replace(WELL, faults=FaultDials(opens_early_deg=12.0))),
        ("rushes_the_slide", replace(WELL, faults=FaultDials(rushes_slide_share=0.8))),
        ("early_arm_bend", replace(WELL, faults=FaultDials(early_arm_bend_deg=50.0))),
        ("late_lunge", replace(WELL, faults=FaultDials(late_lunge_deg=12.0))),
    ],
)
def test_a_clip_with_the_fault_shows_it_first_and_scores_less(well, fault_id, spec):
    result = judged(spec)
    assert result.faults[0].id == fault_id
    assert result.faults[0].strokes == tuple(range(len(result.stroke_scores)))
    assert result.score < well.score - 5.0
