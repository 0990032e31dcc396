"""The study of who moves first and of drift: dials that lead and drift by what they say, tables that count."""

from __future__ import annotations

import re
from dataclasses import replace
from math import nan
from pathlib import Path

import numpy as np
import pytest

from rowsense.assess.hips import analyse_hips
from rowsense.assess.judge import assess, catalogue_for
from rowsense.model import Drift
from rowsense.settings import AssessSettings
from rowsense.simulate.motion import FaultDials, MotionSpec, SpineSpec, simulate_motion
from rowsense.simulate.posing import PosingSpec
from rowsense.simulate.skeleton import Skeleton
from rowsense.studies.fault_clips import FAULTS
from rowsense.studies.fault_truth import TrueRowing
from rowsense.studies.figures import share
from rowsense.studies.piece_clips import (
    DRIFT_DEG,
    EFFORT,
    EFFORTS,
    FRESH,
    FRESH_EFFORTS,
    HEAD,
    KINDS,
    KNEES,
    NOBODY,
    PIECE,
    PIECES,
    drift_of,
    is_fresh,
    kind_of,
    leads_clearly,
    piece_clip,
    piece_scene,
    tips_with_effort,
    true_hips,
)
from rowsense.studies.piece_test import (
    Drifted,
    Led,
    Pulled,
    drift_table,
    drifted,
    effort_table,
    led,
    mover_table,
    pulled,
    true_drift_deg,
)
from rowsense.studies.spine_clips import NEGATIVE, TEST, TRAINING

CATALOGUE = catalogue_for(AssessSettings())
EVEN = MotionSpec(
    duration_s=30.0,
    timing_sd_ratio=0.0,
    amplitude_sd_deg=0.0,
    spine=SpineSpec(
        tilt_wander_sd_deg=0.0, lumbar_wander_sd_deg=0.0, ripple_sd_deg=0.0, neck_wander_sd_deg=0.0,
        protraction_wander_sd_m=0.0,
    ),
)  # fmt: skip


def truth_of(motion: MotionSpec) -> TrueRowing:
    return TrueRowing.of(simulate_motion(motion, Skeleton()), PosingSpec())


def test_a_drift_is_what_it_says_and_the_trunk_leans_as_before() -> None:
    plain, back = truth_of(EVEN), truth_of(replace(EVEN, spine=replace(EVEN.spine, drift_deg=-10.0)))
    last_s = plain.marks_s[-1, 2]
    change = [np.interp(last_s, t.time_s, t.series()["pelvic_tilt_deg"]) for t in (plain, back)]
    assert change[1] - change[0] == pytest.approx(-10.0 * last_s / EVEN.duration_s, abs=0.2)
    assert true_drift_deg(plain) == pytest.approx(0.0, abs=0.1)
    lean = [t.series()["trunk_lean_deg"] for t in (plain, back)]
    assert np.abs(lean[1] - lean[0]).max() < 1.5


def test_what_is_published_was_never_looked_at() -> None:
    rules = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    first = [int(number) for number in re.findall(r"piece_test collect \S+ (\d+) \d+", rules)]
    assert first == [FRESH, FRESH_EFFORTS] and all(is_fresh(number) for number in first)
    assert not is_fresh(FRESH - 1) and not is_fresh(FRESH_EFFORTS - 1)


def test_hips_that_are_delayed_tip_after_the_head_and_are_there_at_the_catch() -> None:
    tipping = replace(EVEN.spine, tilt_catch_deg=-24.0, lumbar_catch_deg=38.0)
    found = []
    for delay_share in (0.0, 0.35):
        spine = replace(tipping, tip_delay_share=delay_share)
        hips = true_hips(truth_of(replace(EVEN, spine=spine, faults=FaultDials(head_drop_deg=22.0))), CATALOGUE)
        lag_s = next(mover.lag_s for mover in hips.movers if mover.id == HEAD)
        found.append((lag_s, hips.typical("extent_deg")))
    assert found[0][0] - found[1][0] == pytest.approx(0.35 * 0.7534 * 1.52, abs=0.06)
    assert found[1][1] == pytest.approx(found[0][1], abs=2.5)


def test_clips_are_drawn_by_number_and_who_is_to_lead_leads_in_the_truth() -> None:
    assert [drift_of(number) for number in range(12) if kind_of(number) == PIECE] == [DRIFT_DEG, 0.0]
    assert PIECES not in (FAULTS, TRAINING, TEST, NEGATIVE)
    for kind in (HEAD, KNEES, NOBODY):
        number = KINDS.index(kind)
        clip = piece_clip(number, Skeleton(), CATALOGUE)
        assert clip == piece_clip(number, Skeleton(), CATALOGUE)
        assert clip.rowing.body == piece_scene(number).body
        truth = truth_of(clip.rowing.motion)
        hips = true_hips(truth, CATALOGUE)
        assert hips.in_time == (() if kind == NOBODY else (kind,))
        assert all(0.1 <= -m.lag_s <= 0.4 for m in hips.movers if m.id == kind)
        assert [leads_clearly(k, truth, CATALOGUE) for k in (HEAD, KNEES, NOBODY)] == [
            k == kind for k in (HEAD, KNEES, NOBODY)
        ]


@pytest.mark.parametrize(("drop_deg", "share", "who"), [(22.0, 0.3, HEAD), (22.0, 0.02, ""), (9.0, 0.3, "")])
def test_what_hardly_leads_is_no_clip_of_anybody(drop_deg: float, share: float, who: str) -> None:
    """A head that begins with the hips, or that moves by its step in some strokes only, neither leads nor stays."""
    spine = replace(EVEN.spine, tilt_catch_deg=-24.0, lumbar_catch_deg=38.0, tip_delay_share=share)
    motion = replace(EVEN, spine=replace(spine, neck_wander_sd_deg=4.0), faults=FaultDials(head_drop_deg=drop_deg))
    truth = truth_of(motion)
    assert [k for k in (HEAD, KNEES, NOBODY) if leads_clearly(k, truth, CATALOGUE)] == ([who] if who else [])


def test_the_pelvis_of_the_truth_is_as_smooth_as_the_one_that_is_read() -> None:
    """Hips that tip within 0.15 s before the catch seem to begin earlier once they are smoothed, as all else is."""
    spine = replace(EVEN.spine, tilt_catch_deg=-24.0, lumbar_catch_deg=38.0, tip_delay_share=0.55)
    truth = truth_of(replace(EVEN, rate_spm=20.0, spine=spine))
    sharp = analyse_hips(truth.series(), truth.strokes(), CATALOGUE)
    early_s = true_hips(truth, CATALOGUE).typical("before_catch_s") - sharp.typical("before_catch_s")
    assert 0.01 < early_s < 0.08


def test_hard_strokes_are_quicker_at_the_same_rate_and_hips_go_back_in_every_other_clip() -> None:
    found = []
    for number in (EFFORTS, EFFORTS + 1):
        clip = piece_clip(number, Skeleton(), CATALOGUE)
        assert (kind_of(number), tips_with_effort(number)) == (EFFORT, number % 2 == 0)
        truth = truth_of(clip.rowing.motion)
        drive_s, period_s = truth.marks_s[:, 1] - truth.marks_s[:, 0], truth.marks_s[:, 2] - truth.marks_s[:, 0]
        hard = drive_s < 0.5 * (drive_s.min() + drive_s.max())
        assert min(hard.sum(), (~hard).sum()) >= 9
        assert drive_s[hard].mean() < 0.85 * drive_s[~hard].mean()
        assert period_s[hard].mean() == pytest.approx(period_s[~hard].mean(), rel=0.015)
        frames = np.arange(len(truth.time_s))
        said = assess(truth.series(), truth.strokes(), frames, AssessSettings(), truth.reference())
        found.append(pulled(tips_with_effort(number), said, truth))
    assert [(one.goes_back, one.judged, one.found) for one in found] == [(True, True, True), (False, True, False)]
    assert found[0].true_deg > 8.0 > 2.5 > found[1].true_deg
    assert found[0].read_deg == found[0].true_deg


def test_what_was_said_is_held_against_the_truth_of_the_clip() -> None:
    truth = truth_of(piece_clip(0, Skeleton(), CATALOGUE).rowing.motion)
    hips = true_hips(truth, CATALOGUE)
    assert led(HEAD, hips, truth) == Led(HEAD, True, HEAD, 0.0)
    back = Drift("pelvic_tilt_deg_catch", "deg", 60, -2.0, -3.0, -1.0, -4.0, -6.0, -2.0, 3.0, clear=True)
    slide = replace(back, quantity="pelvic_tilt_deg_slide")
    found = drifted(True, (back, slide), truth)
    assert (found.clear, found.read_deg, found.other) == (True, -4.0, 1)
    assert found.true_deg == true_drift_deg(truth)
    forward = replace(back, **{name: -getattr(back, name) for name in ("slope_per_min", "change")}, **{
        f"{name}_{end}{unit}": -getattr(back, f"{name}_{other}{unit}")
        for name, unit in (("slope", "_per_min"), ("change", ""))
        for end, other in (("low", "high"), ("high", "low"))
    })  # fmt: skip
    assert not drifted(True, (forward,), truth).clear


def test_the_tables_count() -> None:
    movers = [
        Led(HEAD, True, HEAD, 0.04), Led(HEAD, True, "", nan), Led(HEAD, False, "", nan), Led(HEAD, True, KNEES, nan),
        Led(NOBODY, True, "", nan), Led(NOBODY, True, HEAD, nan),
    ]  # fmt: skip
    rows = {line.split("|")[1].strip(): line for line in mover_table(movers).splitlines()}
    cells = [cell.strip() for cell in rows["`head_drops`"].split("|")[2:-1]]
    assert cells == [share(3, 4), share(1, 3), share(1, 4), "1", "0.04 (median of 1)"]
    assert [cell.strip() for cell in rows["nobody"].split("|")[3:-2]] == [share(1, 2), share(1, 2), "1"]
    pieces = [
        Drifted(True, -5.2, -4.0, True, 1),
        Drifted(True, -4.8, nan, False, 0),
        Drifted(False, 0.2, 1.0, False, 0),
    ]
    rows = {line.split("|")[1].strip(): line for line in drift_table(pieces).splitlines()}
    assert [cell.strip() for cell in rows["5°"].split("|")[2:-1]] == [
        "2", "1", "-5.0 (-5.2 to -4.8)", "-4.0 (-4.0 to -4.0)", share(1, 2), "1",
    ]  # fmt: skip
    assert rows["none"].split("|")[6].strip() == share(0, 1)
    efforts = [
        Pulled(True, True, True, 9.0, 7.0),
        Pulled(True, False, False, 11.0, nan),
        Pulled(False, True, False, 0, 1),
    ]
    rows = {line.split("|")[1].strip(): line for line in effort_table(efforts).splitlines()}
    assert [cell.strip() for cell in rows["further back"].split("|")[2:-1]] == [
        "2", "1", "10.0 (9.0 to 11.0)", "7.0 (7.0 to 7.0)", share(1, 2),
    ]  # fmt: skip
    assert rows["as in the easy ones"].split("|")[6].strip() == share(0, 1)
