"""When the hips begin to tip back, how far and whether they come forward again: against known times, in noise."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from rowsense.assess.catch_grid import catch_grid
from rowsense.assess.hips import analyse_hips
from rowsense.assess.moved import movement, passing
from rowsense.model import StrokeDoubt, StrokeList
from rowsense.simulate.curves import ease
from rowsense.simulate.motion import MotionSpec, SpineSpec, simulate_motion
from tests.assess import stick
from tests.assess.tipping_cases import (
    CATALOGUE,
    NOISE,
    TILT,
    at,
    base,
    judged,
    series_of,
    strokes_of,
    tipping,
    true_thigh_deg,
)

CLIPS = 50
STILL = SpineSpec(tilt_wander_sd_deg=0.0, lumbar_wander_sd_deg=0.0, ripple_sd_deg=0.0)


def clip(seed, sd_deg=5.0, **kwargs):
    """Begin of every stroke (S,) from its catch, the motion, and what was found."""
    rng = np.random.default_rng(seed)
    motion = base(seed % 6 + 1)
    begin_s, tilt_deg = tipping(motion, rng, **{"fall_deg": 18.0} | kwargs)
    return begin_s, motion, judged(motion, {TILT: tilt_deg}, rng, sd_deg=sd_deg, noises=NOISE | {TILT: sd_deg})


@pytest.fixture(scope="module")
def clips():
    return [clip(seed) for seed in range(CLIPS)]


def test_the_give_way_point_is_where_the_hips_begin(clips):
    """Typical time of a clip to 0.1 s, thigh and knee to 5 deg; noise of 5 deg in a frame, nine tenths repeating."""
    in_time = thigh = knee = 0
    tipped = [clip for clip in clips if clip[2].give_ways]
    assert len(tipped) >= 0.92 * CLIPS
    for begin_s, motion, hips in tipped:
        in_time += abs(-hips.typical("before_catch_s") - np.median(begin_s)) <= 0.1
        thigh += abs(hips.typical("thigh_deg") - np.median(at(motion, true_thigh_deg(motion), begin_s))) <= 5.0
        knee += abs(hips.typical("knee_deg") - np.median(at(motion, motion.angles["knee_deg"], begin_s))) <= 5.0
    # 94, 97 and 80 of 100 recordings: the repeating error moves the point in all strokes alike.
    assert in_time >= 0.9 * len(tipped)
    assert thigh >= 0.92 * len(tipped)
    assert knee >= 0.7 * len(tipped), "the knee closes by 7 deg in a tenth of a second"


def test_the_stated_sd_of_the_time_is_that_of_the_error(clips):
    errors = [(-g.before_catch_s - b[g.stroke]) / g.time_sd_s for b, _, hips in clips for g in hips.give_ways]
    assert 0.8 <= np.nanstd(errors) <= 1.25
    sd_s = np.nanmedian([g.time_sd_s for _, _, hips in clips for g in hips.give_ways])
    assert 0.03 <= sd_s <= 0.08


@pytest.mark.parametrize(
    ("fall_deg", "sd_deg", "share"), [(18.0, 5.0, 0.8), (22.0, 5.0, 0.95), (18.0, 3.5, 0.92), (22.0, 3.5, 0.98)]
)
def test_nearly_all_strokes_that_tip_are_found(fall_deg, sd_deg, share):
    """docs/conventions.md has 84, 97, 94 and 100 of 100. A fall of 18 deg is 15.6 from where these pelvises are
    furthest forward, and 2.4 sd of its doubt are 13 deg where a frame is off by 5: an error that repeats hides some."""
    found = [clip(seed, sd_deg=sd_deg, fall_deg=fall_deg)[2] for seed in range(CLIPS)]
    strokes = sum(hips.judged_stroke_count for hips in found)
    assert sum(len(hips.give_ways) for hips in found) >= share * strokes


def test_their_extent_is_how_far_they_tip(clips):
    """These pelvises would have gone on forward by 2.4 deg. Of an error that repeats the widest way takes what makes it
    wider, and the recordings that it makes narrow are not among those found: 3 deg more, half of the stated sd."""
    exact = [clip(seed, sd_deg=0.0)[2].typical("extent_deg") for seed in range(6)]
    assert np.mean(exact) == pytest.approx(15.6, abs=0.5)
    tipped = [hips for _, _, hips in clips if hips.give_ways]
    assert np.mean([hips.typical("extent_deg") for hips in tipped]) - np.mean(exact) <= 3.3
    assert np.mean([hips.typical("extent_sd_deg") for hips in tipped]) == pytest.approx(5.9, abs=0.1)


def test_strokes_that_do_not_tip_have_no_give_way():
    quiet = [clip(seed, fall_deg=0.0)[2] for seed in range(4 * CLIPS)]
    # A single stroke may seem to, by an error of 13 deg.
    assert sum(len(hips.give_ways) > 1 for hips in quiet) <= 0.02 * len(quiet)
    assert sum(len(hips.give_ways) for hips in quiet) <= 0.005 * sum(h.judged_stroke_count for h in quiet)
    assert "did not surely tip back by more than 8°" in quiet[0].movers_reason
    assert quiet[0].first_mover == ""


def test_without_noise_the_simulators_own_rowers():
    well = simulate_motion(MotionSpec(spine=STILL, duration_s=14.0))
    assert analyse_hips(series_of(well), strokes_of(well), CATALOGUE).give_ways == ()
    tips = simulate_motion(MotionSpec(spine=replace(STILL, tilt_catch_deg=-20.0), duration_s=14.0))
    hips = analyse_hips(series_of(tips, sd_deg=3.0), strokes_of(tips), CATALOGUE)
    assert len(hips.give_ways) == hips.usable_stroke_count
    # A tenth of the 16 deg is done 0.76 s before the catch: a fall over a whole second has no sharp beginning.
    assert hips.typical("before_catch_s") == pytest.approx(0.76, abs=0.15)
    assert hips.typical("extent_deg") == pytest.approx(16.0, abs=1.0)


def test_quick_and_slow_falls_differ_in_speed():
    quick, slow = (clip(3, duration_s=d, before_s=0.55)[2].typical("speed_deg_per_s") for d in (0.2, 0.5))
    assert quick > 1.3 * slow


def test_hips_that_come_forward_again_and_hips_that_stay():
    motion = base(2)
    catch_s, time_s = motion.events.stroke_end_s, motion.time_s
    shares = {}
    for held_s in (0.0, 0.6):
        back = sum(
            np.where(
                (time_s > c - 1.5) & (time_s < c + 0.8),
                -18.0 * np.clip((time_s - c + 0.5) / 0.3, 0, 1) * (1 - np.clip((time_s - c - held_s) / 0.25, 0, 1)),
                0,
            )
            for c in catch_s
        )
        clips = [judged(motion, {TILT: back}, np.random.default_rng(seed)) for seed in range(10)]
        shares[held_s] = np.mean([g.recovers for hips in clips for g in hips.give_ways])
    assert shares[0.0] >= 0.8
    assert shares[0.6] <= 0.1


def test_a_pelvis_that_goes_back_as_the_drive_begins_has_not_tipped():
    """As filmed rowers do: from a tenth of a second before the catch on, 5 deg by the catch and 35 in half a second."""
    motion = base(1, still=True)
    since_s = motion.time_s[None] - motion.events.stroke_end_s[:, None]
    back_deg = -35.0 * np.sum(ease((since_s + 0.2) / 0.6) * (1.0 - ease((since_s - 0.5) / 0.4)), axis=0)
    hips = analyse_hips(series_of(motion, {TILT: back_deg}), strokes_of(motion), CATALOGUE)
    assert hips.judged_stroke_count == hips.usable_stroke_count
    assert hips.give_ways == ()
    earlier = np.interp(motion.time_s + 0.3, motion.time_s, back_deg)
    tipped = analyse_hips(series_of(motion, {TILT: earlier}), strokes_of(motion), CATALOGUE)
    assert len(tipped.give_ways) >= tipped.usable_stroke_count - 1, "the same 0.3 s earlier is tipping"


def test_strokes_in_which_the_pelvis_was_hidden_do_not_hide_the_others():
    rng = np.random.default_rng(4)
    motion = base(1)
    _, tilt_deg = tipping(motion, rng, fall_deg=18.0)
    series, count = series_of(motion, {TILT: tilt_deg}), len(motion.events.stroke_end_s)
    series.values[TILT][motion.time_s > motion.events.stroke_end_s[5] + 0.3] = np.nan
    hips = analyse_hips(series, strokes_of(motion), CATALOGUE)
    assert hips.judged_stroke_count == 6 < count / 2
    assert [g.stroke for g in hips.give_ways] == [0, 1, 2, 3, 4, 5]


def test_hips_that_never_go_back_were_looked_at():
    """Also where the first moments lie before the trunk is upright; strokes that were hidden are not judged."""
    table = np.tile(np.linspace(-20.0, 5.0, 30), (4, 1))
    table[:, :4] = np.nan
    table[3] = np.nan
    found = movement(table, np.arange(-28, 2) / 30.0, -1.0, 8.0, StrokeDoubt(4.0), 0.8)
    assert found.size[:3].tolist() == [0.0, 0.0, 0.0]
    assert found.judged.tolist() == [True, True, True, False]
    assert not found.moved.any()


def test_a_limit_that_is_passed_in_a_hole_is_passed_at_no_known_time():
    offset_s = np.arange(-30, 4) / 30.0
    table = np.tile(80.0 + 30.0 * (-0.5 - offset_s), (2, 1))  # passes 78 at -0.43 s
    table[1, 12:20] = np.nan
    found = passing(table, offset_s, -1.0, 78.0, StrokeDoubt(2.0, 0.5), 0.5)
    assert found.moved.tolist() == [True, True]
    assert found.begin_s[0] == pytest.approx(-0.4333, abs=1e-3)
    assert np.isnan(found.begin_s[1])


def test_only_the_strokes_that_tip_are_named():
    rng = np.random.default_rng(8)
    motion = base(4)
    count = len(motion.events.stroke_end_s)
    tips = np.arange(count) % 2 == 0
    _, tilt_deg = tipping(motion, rng, fall_deg=np.where(tips, 24.0, 0.0))
    found = {g.stroke for g in judged(motion, {TILT: tilt_deg}, rng).give_ways}
    assert len(found & set(np.flatnonzero(tips))) >= 0.8 * tips.sum()
    assert len(found - set(np.flatnonzero(tips))) <= 1


def test_strokes_that_are_not_usable_are_passed_over():
    rng = np.random.default_rng(2)
    motion = base(1)
    _, tilt_deg = tipping(motion, rng, fall_deg=18.0)
    hips = judged(motion, {TILT: tilt_deg}, rng, unusable=(0, 5))
    assert hips.usable_stroke_count == len(motion.events) - 2
    assert not {0, 5} & {g.stroke for g in hips.give_ways}


def test_holes_and_a_hidden_back():
    rng = np.random.default_rng(4)
    motion = base(1)
    begin_s, tilt_deg = tipping(motion, rng, fall_deg=18.0)
    series, strokes = series_of(motion, {TILT: tilt_deg}, rng), strokes_of(motion)
    tilt, catch_s = series.values[TILT], motion.events.stroke_end_s
    tilt[np.abs(motion.time_s - catch_s[2] + 0.45) < 0.04] = np.nan  # two frames: bridged
    tilt[(motion.time_s > catch_s[3] - 0.9) & (motion.time_s < catch_s[3] + 0.2)] = np.nan  # hidden
    hips = analyse_hips(series, strokes, CATALOGUE)
    found = {g.stroke: g for g in hips.give_ways}
    assert hips.judged_stroke_count == hips.usable_stroke_count - 1
    assert 3 not in found
    assert -found[2].before_catch_s == pytest.approx(begin_s[2], abs=0.15)
    everything = replace(series, values=series.values | {TILT: np.full(len(series), np.nan)})
    hidden = analyse_hips(everything, strokes, CATALOGUE)
    assert "not seen" in hidden.reason
    assert hidden.give_ways == ()
    unsure = replace(series, values=series.values | {"pelvic_tilt_sd_deg": np.full(len(series), np.nan)})
    assert "not known" in analyse_hips(unsure, strokes, CATALOGUE).reason


def test_no_stroke_at_all():
    series, _ = stick.row(strokes=2)
    hips = analyse_hips(series, StrokeList(()), CATALOGUE)
    assert hips.reason == hips.movers_reason == "no usable stroke"
    assert math.isnan(hips.typical("before_catch_s"))
    assert catch_grid(()) is None


@pytest.mark.parametrize("fps", [25.0, 60.0])
def test_the_frame_rate_does_not_matter(fps):
    rng = np.random.default_rng(6)
    motion = simulate_motion(MotionSpec(seed=2, duration_s=24.0, fps=fps))
    begin_s, tilt_deg = tipping(motion, rng, fall_deg=22.0)
    hips = analyse_hips(series_of(motion, {TILT: tilt_deg}), strokes_of(motion), CATALOGUE)
    assert len(hips.give_ways) == len(begin_s)
    assert -hips.typical("before_catch_s") == pytest.approx(np.median(begin_s), abs=0.05)


def test_where_the_knees_are_not_seen_the_angles_are_unknown():
    rng = np.random.default_rng(7)
    motion = base(1)
    _, tilt_deg = tipping(motion, rng, fall_deg=18.0)
    series = series_of(motion, {TILT: tilt_deg}, rng)
    hidden = dict.fromkeys(("knee_deg", "knee_above_hip_ratio"), np.full(len(series), np.nan))
    hips = analyse_hips(replace(series, values=series.values | hidden), strokes_of(motion), CATALOGUE)
    assert math.isnan(hips.typical("thigh_deg"))
    assert math.isfinite(hips.typical("trunk_thigh_deg"))
    assert "thighs" not in hips.sentences[0]
