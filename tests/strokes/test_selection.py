"""What is no stroke, what is a stroke that does not count, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.errors import NotMeasurableError
from rowsense.model import AngleSeries
from rowsense.simulate.motion import MotionSpec
from rowsense.strokes.events import find_turns
from rowsense.strokes.selection import make_cycles, reasons
from tests.strokes.stroke_cases import blend, changed, cut, held, joined, retimed, strokes_of
from tests.synthetic_rower import make_rower

SPEC = MotionSpec(duration_s=20.0, seed=21)


def rowing() -> AngleSeries:
    return make_rower(SPEC).series


def from_rest(series: AngleSeries, rest_s: float) -> AngleSeries:
    """Sitting at the catch for a while, then rowing."""
    catch_s = strokes_of(series).strokes[0].catch_time_s
    return joined(held(series, catch_s, rest_s), cut(series, catch_s, 1e9))


def standing(series: AngleSeries) -> AngleSeries:
    """The posture of someone beside the machine: knees straight, hands far from where they row."""
    still = held(series, strokes_of(series).strokes[0].finish_time_s, 2.0)
    upright = {
        name: still.values[name] * 0.0 + value
        for name, value in {
            "knee_deg": 178.0,
            "trunk_lean_deg": 2.0,
            "trunk_thigh_deg": 176.0,
            "elbow_deg": 165.0,
        }.items()
    }
    return changed(still, handle_x_px=still.handle_x_px - 180.0, **upright)


def test_a_start_from_rest_loses_no_stroke_and_invents_none() -> None:
    usual = strokes_of(rowing())
    found = strokes_of(from_rest(rowing(), 4.0))
    assert len(found) == len(usual)
    assert found.strokes[0].catch_time_s == pytest.approx(4.0, abs=0.2)


def test_taking_and_putting_down_the_handle_and_standing_up_are_no_strokes() -> None:
    series = rowing()
    strokes = strokes_of(series)
    first, last = strokes.strokes[0].catch_time_s, strokes.strokes[-1].end_time_s
    up = standing(series)
    clip = joined(
        up, blend(up, 1.0, series, first, 1.5), cut(series, first, last), blend(series, last, up, 1.0, 1.5), up,
        blend(up, 1.0, series, first, 1.2), blend(series, first, up, 1.0, 1.2), up,
    )  # fmt: skip
    found = strokes_of(clip)
    assert len(found.usable) == len(strokes)
    assert all(abs(s.rate_spm - 23.0) < 1.5 for s in found.usable)


def test_a_racing_start_keeps_its_short_strokes_but_they_do_not_count() -> None:
    series = rowing()
    strokes = strokes_of(series)
    top = strokes.strokes[0].catch_time_s
    half = cut(series, top, strokes.strokes[0].end_time_s - 0.02)
    reach = float(half.handle_x_px[0])
    short = changed(half, handle_x_px=reach + 0.55 * (half.handle_x_px - reach))
    found = strokes_of(joined(short, cut(series, strokes.strokes[1].catch_time_s, 1e9)))
    assert not found.strokes[0].usable
    assert "short" in found.strokes[0].reason
    assert all(s.usable for s in found.strokes[1:])


def test_a_long_rest_is_left_out_with_a_note() -> None:
    series = rowing()
    finish_s = strokes_of(series).strokes[3].finish_time_s
    clip = joined(cut(series, 0.0, finish_s), held(series, finish_s, 12.0), cut(series, finish_s, 1e9))
    found = strokes_of(clip)
    assert len(found) == len(strokes_of(series)) - 1
    assert any("rest" in note for note in found.notes)


def test_a_short_pause_is_a_stroke_that_does_not_count() -> None:
    series = rowing()
    finish_s = strokes_of(series).strokes[3].finish_time_s
    clip = joined(cut(series, 0.0, finish_s), held(series, finish_s, 1.6), cut(series, finish_s, 1e9))
    found = strokes_of(clip)
    assert len(found) == len(strokes_of(series))
    assert [s.index for s in found.strokes if "pause" in s.reason] == [3]


@pytest.mark.parametrize(
    ("quantity", "gap_s", "reason"),
    [
        ("handle_x_px", 0.4, "hands not seen for 0.4 s"),
        ("trunk_lean_deg", 0.4, ""),
        ("trunk_lean_deg", 1.2, ""),
        ("trunk_lean_deg", 1.5, "trunk, knee or hands seen in only"),
    ],
)
def test_a_gap_makes_its_stroke_not_count_where_it_hides_the_hands_or_much_of_it(
    quantity: str, gap_s: float, reason: str
) -> None:
    series = rowing()
    middle_s = strokes_of(series).strokes[2].finish_time_s - 0.3
    column = (series.handle_x_px if quantity == "handle_x_px" else series[quantity]).copy()
    column[np.abs(series.time_s - middle_s) < 0.5 * gap_s] = np.nan
    found = strokes_of(changed(series, **{quantity: column}))
    assert [s.index for s in found.strokes if not s.usable] == ([2] if reason else [])
    assert found.strokes[2].reason.startswith(reason)


def with_shoulders(series: AngleSeries) -> AngleSeries:
    """With both shoulders, half a metre up the trunk from the seat."""
    shoulder = series.seat_x_px + 250.0 * np.sin(np.radians(series["trunk_lean_deg"]))
    return replace(series, shoulders_x_px=np.stack([shoulder, shoulder]))


@pytest.mark.parametrize(
    ("after_finish_s", "gap_s", "counts"),
    [(0.75, 1.2, True), (0.2, 0.3, False), (1.55, 1.3, True), (-0.6, 0.7, True), (1.1, 1.6, True)],
)
def test_hands_hidden_away_from_the_finish_do_no_harm(after_finish_s: float, gap_s: float, counts: bool) -> None:
    series = with_shoulders(rowing())
    stroke = strokes_of(series).strokes[2]
    hidden = np.abs(series.time_s - stroke.finish_time_s - after_finish_s) < 0.5 * gap_s
    series = changed(series, handle_x_px=np.where(hidden, np.nan, series.handle_x_px))
    found = strokes_of(series)
    assert found.strokes[2].usable == counts
    if counts:
        assert found.strokes[2].end_time_s == pytest.approx(stroke.end_time_s, abs=0.06)
        assert found.strokes[2].finish_time_s == pytest.approx(stroke.finish_time_s, abs=0.01)
        # What the shoulders carry is gone with one of them.
        assert series.shoulders_x_px is not None
        one_lost = series.shoulders_x_px.copy()
        one_lost[1, hidden] = np.nan
        assert not strokes_of(replace(series, shoulders_x_px=one_lost)).strokes[2].usable


def test_a_drive_unlike_its_neighbours_has_no_finish_to_believe() -> None:
    series = rowing()
    cycles = make_cycles(series, find_turns(series.time_s, series.handle_x_px))
    for late_s, reason in ((0.3, ""), (0.6, "out of rhythm: a drive of 1.7 s among drives of 1.1 s")):
        moved = replace(cycles, finish_s=cycles.finish_s + late_s * (np.arange(len(cycles)) == 2))
        assert reasons(series, moved) == ["", "", reason, *[""] * (len(cycles) - 3)]


def test_frames_lost_for_half_a_second_do_the_same() -> None:
    series = rowing()
    middle_s = strokes_of(series).strokes[2].catch_time_s + 1.6
    found = strokes_of(joined_without(series, middle_s, 0.25))
    assert [s.index for s in found.strokes if not s.usable] == [2]


def joined_without(series: AngleSeries, middle_s: float, half_s: float) -> AngleSeries:
    before, after = cut(series, 0.0, middle_s - half_s), cut(series, middle_s + half_s, 1e9)
    clip = joined(before, after)
    return retimed(clip, np.concatenate([before.time_s, after.time_s]))


def test_one_or_two_strokes_are_measured_with_a_note() -> None:
    series = rowing()
    strokes = strokes_of(series).strokes
    for count in (1, 2):
        found = strokes_of(cut(series, strokes[1].catch_time_s - 0.3, strokes[count].end_time_s + 0.5))
        assert len(found) == count
        assert any("no trend" in note for note in found.notes)


def test_half_a_stroke_is_refused_and_says_how_to_film() -> None:
    series = rowing()
    stroke = strokes_of(series).strokes[1]
    with pytest.raises(NotMeasurableError, match="film from the side"):
        strokes_of(cut(series, stroke.catch_time_s + 0.2, stroke.end_time_s - 0.3))


def test_a_still_person_is_refused() -> None:
    rng = np.random.default_rng(1)
    still = held(rowing(), 3.0, 20.0)
    noisy = changed(still, handle_x_px=still.handle_x_px + rng.normal(0.0, 2.0, len(still)))
    with pytest.raises(NotMeasurableError):
        strokes_of(noisy)


def test_a_hidden_hand_all_along_is_refused() -> None:
    series = rowing()
    with pytest.raises(NotMeasurableError):
        strokes_of(changed(series, handle_x_px=np.full(len(series), np.nan)))


def test_slow_motion_is_asked_about() -> None:
    series = rowing()
    with pytest.raises(NotMeasurableError, match="--speed"):
        strokes_of(retimed(series, series.time_s * 4.0))


def test_time_lapse_is_asked_about() -> None:
    series = make_rower(MotionSpec(duration_s=20.0, rate_spm=30, recovery_ratio=1.0)).series
    with pytest.raises(NotMeasurableError, match="--speed under 1"):
        strokes_of(retimed(series, series.time_s / 2.0))
