"""Two groups of strokes: numbers by hand, differences that are there, and none that are not."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from rowsense.assess.comparison import COMPARED, RATIO, compare_sides
from rowsense.assess.contrast import Doubts, probability
from rowsense.assess.differences import mostly_real
from rowsense.conventions import PHASES, STROKE_ORDER
from rowsense.model import Comparison, Contrast, Session, StrokeDoubt
from tests.comparison_cases import CALIBRATED, SPINE_SD, plain, recorded, side, with_best, with_metrics

FRESH = math.sqrt(1 - 0.9**2)
TILT = "pelvic_tilt_deg"
FIRST, SECOND = side(0, 10), side(10, 20)
LATER = np.r_[np.zeros(10), np.ones(10)]


def within(session: Session, first=FIRST, second=SECOND) -> Comparison:
    return compare_sides(session, session, (first, second), one_session=True)


def between(first: Session, second: Session) -> Comparison:
    return compare_sides(first, second, (side(0, 20), side(0, 20)), one_session=False)


def at(compared: Comparison, quantity: str = TILT, phase: str = "catch") -> Contrast:
    return next(one for one in compared.phases if (one.quantity, one.phase) == (quantity, phase))


def test_a_difference_by_hand() -> None:
    values = np.r_[np.full(10, -4.0), np.full(10, 2.0)]
    values[[0, 1, 10]] = -5.0, -3.0, np.nan
    one = at(within(with_metrics({f"{TILT}_catch": values})))
    assert (one.first, one.second, one.difference) == (-4.0, 2.0, 6.0)
    assert (one.first_count, one.second_count) == (10, 9)
    assert one.first_sd == pytest.approx(math.sqrt(2 / 9))
    assert one.detectable_change == pytest.approx(1.96 * SPINE_SD * FRESH * math.sqrt(1 / 10 + 1 / 9))
    assert one.clear


def test_between_sessions_nothing_cancels() -> None:
    one = at(between(recorded(1), recorded(2)))
    error = SPINE_SD * math.sqrt(0.9**2 + FRESH**2 / 20)
    assert one.detectable_change == pytest.approx(1.96 * math.sqrt(2) * error)
    sure = replace(
        plain().angles, values=plain().angles.values | {"pelvic_tilt_sd_deg": np.full(len(plain().angles), 0.1)}
    )
    exact = [replace(recorded(seed), angles=sure) for seed in (1, 2)]
    assert at(between(*exact)).detectable_change == 6.0


def test_calibrated_zeros_add_their_doubt() -> None:
    first, second = (replace(recorded(seed), spine_reference=CALIBRATED) for seed in (1, 2))
    compared = between(first, second)
    assert compared.zero == "calibrated"
    assert not compared.levels
    error = math.hypot(SPINE_SD * math.sqrt(0.9**2 + FRESH**2 / 20) * math.sqrt(2), 3.1 * math.sqrt(2))
    assert at(compared).detectable_change == pytest.approx(1.96 * error)
    assert "calibrated zero" in compared.notes[0]


def test_a_wrong_zero_is_no_difference() -> None:
    first, second, shifted = recorded(1), recorded(2), recorded(2, zero_deg=40.0)
    found, moved = between(first, second), between(first, shifted)
    assert found.zero == "level_out"
    for one, two in zip(found.phases, moved.phases, strict=True):
        assert two.difference == pytest.approx(one.difference)
        assert two.clear == one.clear
    assert moved.levels[TILT][1] - found.levels[TILT][1] == pytest.approx(40.0)
    assert "nothing ties the two together" in moved.notes[0]
    one_calibrated = between(replace(first, spine_reference=CALIBRATED), second)
    assert one_calibrated.zero == "level_out"


def test_limbs_have_no_zero_to_take_out() -> None:
    names = {f"knee_deg_{phase}": np.full(20, 100.0) for phase in STROKE_ORDER}
    compared = between(with_metrics(names), with_metrics({n: v + 30.0 for n, v in names.items()}))
    assert at(compared, "knee_deg").difference == 30.0
    assert at(compared, "knee_deg").clear
    assert "knee_deg" not in compared.levels


def test_the_level_is_of_parts_that_both_sides_show() -> None:
    values = {f"{TILT}_{phase}": np.full(20, float(i)) for i, phase in enumerate(PHASES)}
    hidden = values | {f"{TILT}_late_drive": np.full(20, np.nan)}
    compared = between(with_metrics(values), with_metrics(hidden))
    assert compared.levels[TILT] == pytest.approx((2.6, 2.6)), "mean of 0, 1, 3, 4, 5"
    assert at(compared, TILT, "slide").difference == 0.0
    two_parts = {name: values[name] for name in (f"{TILT}_slide", f"{TILT}_rock_over")}
    assert TILT not in between(with_metrics(values), with_metrics(two_parts)).levels
    assert math.isnan(at(between(with_metrics(values), with_metrics(two_parts)), TILT, "slide").difference)


def test_times_by_hand() -> None:
    session = plain(20)
    slow = [
        s if s.index < 10 else replace(s, finish_time_s=s.finish_time_s + 0.1, phase_borders_s=s.phase_borders_s)
        for s in session.strokes.strokes
    ]
    changed = replace(session, strokes=replace(session.strokes, strokes=tuple(slow)))
    drive = next(one for one in within(changed).times if one.quantity == "drive_s")
    assert drive.difference == pytest.approx(0.1)
    assert drive.detectable_change == pytest.approx(1.96 * 0.01 * math.sqrt(2) * math.sqrt(0.2))
    assert drive.clear
    ratio = next(one for one in within(changed).times if one.quantity == RATIO)
    assert ratio.first == pytest.approx(1.5 / 0.9)
    assert ratio.second == pytest.approx(1.4 / 1.0)
    rate = next(one for one in within(changed).times if one.quantity == "rate_spm")
    assert not rate.clear


def test_metrics_stand_beside_each_other() -> None:
    fall = np.r_[np.full(10, 2.0), np.full(10, 12.0)]
    session = with_metrics({"pelvic_tilt_fall_into_catch_deg": fall, "pelvis_gives_way_s": fall, "unheard_of": fall})
    found = {one.quantity: one for one in within(session).metrics}
    assert set(found) == {"pelvic_tilt_fall_into_catch_deg", "pelvis_gives_way_s"}
    change = found["pelvic_tilt_fall_into_catch_deg"]
    assert change.difference == 10.0
    assert change.detectable_change == pytest.approx(1.96 * math.sqrt(2) * SPINE_SD * FRESH * math.sqrt(0.2))
    assert change.clear
    assert math.isnan(found["pelvis_gives_way_s"].detectable_change)
    assert not found["pelvis_gives_way_s"].clear


def test_strokes_that_scatter_need_more_than_the_measurement() -> None:
    doubts = Doubts(StrokeDoubt(1.0, 0.0), StrokeDoubt(1.0, 0.0), one_session=True)
    calm, wild = np.array([0.0, 1.0] * 5), np.array([-10.0, 11.0] * 5)
    assert probability(calm, calm + 3.0, doubts) < 1e-4
    assert probability(wild, wild + 3.0, doubts) > 0.4
    few = probability(wild[:2], wild[:2] + 3.0, doubts)
    assert few == pytest.approx(math.erfc(3.0 / math.sqrt(2.0))), "of so few only the measurement is asked"


def test_few_false_of_those_that_are_named() -> None:
    assert mostly_real([0.04, 0.9, 0.9]).tolist() == [False, False, False]
    assert mostly_real([0.016, 0.03, 0.9]).tolist() == [True, True, False]
    assert mostly_real([0.2, 0.049, 0.048, math.nan]).tolist() == [False, False, False, False]
    assert mostly_real([0.05, 0.05]).tolist() == [True, True], "the last of all counts against one in twenty itself"
    assert mostly_real([]).tolist() == []


@pytest.mark.parametrize("own_sd", [0.0, 3.0])
def test_nothing_is_clear_where_nothing_differs(own_sd: float) -> None:
    false = [any(one.clear for one in within(recorded(seed, own_sd=own_sd)).all) for seed in range(120)]
    assert np.mean(false) <= 0.07, "one page in twenty may name anything at all"


def test_nothing_is_clear_between_two_recordings_of_the_same_rowing() -> None:
    pages = [between(recorded(2 * seed), recorded(2 * seed + 1, zero_deg=15.0)) for seed in range(60)]
    assert np.mean([any(one.clear for one in page.all) for page in pages]) <= 0.09


def test_a_difference_that_is_there_is_found() -> None:
    def found(change_deg: float) -> float:
        pages = [
            within(recorded(seed, own_sd=0.0, changes={f"{TILT}_catch": change_deg * LATER})) for seed in range(40)
        ]
        return float(np.mean([at(page).clear for page in pages]))

    limit = 1.96 * SPINE_SD * FRESH * math.sqrt(0.2)
    assert found(3.0 * limit) >= 0.95
    assert found(0.5 * limit) <= 0.2


def test_strokes_picked_by_their_errors_do_not_look_better() -> None:
    """The best of strokes that all are alike, picked by the very value that is compared."""

    def page(seed: int) -> Contrast:
        session = recorded(seed, own_sd=0.0)
        best = tuple(np.argsort(session.assessment.metrics[f"{TILT}_catch"])[-5:].tolist())
        first = replace(side(0, 1), strokes=tuple(sorted(best)), picked_by_score=True)
        rest = replace(side(0, 1), strokes=tuple(i for i in range(20) if i not in best))
        return at(within(with_best(session, best), first, rest))

    pages = [page(seed) for seed in range(60)]
    assert np.mean([abs(one.difference) > one.detectable_change for one in pages]) > 0.9
    assert np.mean([one.clear for one in pages]) < 0.15


def test_what_a_reader_has_to_know() -> None:
    alone = within(recorded(), side(2, 3), side(7, 8))
    assert any("so few strokes" in note for note in alone.notes)
    assert not within(recorded()).notes
    first, second = (replace(recorded(i), athlete=name) for i, name in enumerate(("Anna", "")))
    assert any("same rower is not known" in note for note in between(first, second).notes)
    other = compare_sides(
        first, replace(second, athlete="Eve"), (FIRST, SECOND), same_rower=False, one_session=False, notes=("Last.",)
    )
    assert any("two rowers, Anna and Eve" in note for note in other.notes)
    assert other.notes[-1] == "Last."


def test_every_angle_and_phase_is_there() -> None:
    compared = within(recorded())
    assert [(c.quantity, c.phase) for c in compared.phases] == [(q, p) for q in COMPARED for p in STROKE_ORDER]


def test_results_check_themselves() -> None:
    one = at(within(recorded()))
    with pytest.raises(ValueError, match="can be told"):
        replace(one, second=one.first, clear=True)
    with pytest.raises(ValueError, match="unknown zero"):
        replace(within(recorded()), zero="none")
    with pytest.raises(ValueError, match="in order"):
        replace(side(0, 3), strokes=(2, 1))
