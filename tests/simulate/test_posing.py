"""A posing clip's motion: what is asked for is held, smoothly joined, and has no strokes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.simulate.motion import Motion, simulate_motion
from rowsense.simulate.posing import HINGE, SLUMP, TALL, Pose, PosingModel, PosingSpec, posing_duration_s


def made(**dials: object) -> tuple[PosingSpec, Motion]:
    spec = PosingSpec(**dials)  # type: ignore[arg-type]
    spec = replace(spec, duration_s=posing_duration_s(spec))
    return spec, simulate_motion(spec)


def test_holds_are_what_was_asked_for() -> None:
    spec, motion = made(sway_sd_deg=0.0)
    hold = PosingModel(spec).hold_of(motion.time_s)
    for number, pose in enumerate((TALL, SLUMP, TALL, HINGE)):
        inside = hold == number
        assert inside.sum() == pytest.approx(2.6 * 30, abs=2)
        np.testing.assert_allclose(motion.angles["pelvic_tilt_deg"][inside], pose.tilt_deg)
        np.testing.assert_allclose(motion.angles["lumbar_flexion_deg"][inside], pose.lumbar_deg)
    assert len(motion.events) == 0
    assert set(motion.phase) == {""}
    assert (motion.stroke == -1).all()


def test_trunk_is_upright_but_for_the_hinge() -> None:
    spec, motion = made()
    hold, lean = PosingModel(spec).hold_of(motion.time_s), motion.angles["trunk_lean_deg"]
    assert abs(lean[(hold >= 0) & (hold < 3)]).max() < 15.0
    assert lean[hold == 3].min() > 20.0
    steps = np.abs(np.diff(motion.angles["pelvic_tilt_deg"])) * spec.fps
    assert steps.max() < 80.0, "no jump"


def test_dials_of_order_depth_repeats_and_sway() -> None:
    poses = {"tall": Pose(0.0, 0.0, 4.0), "slump": Pose(-14.0, 20.0, 15.0), "hinge": HINGE}
    spec, motion = made(order=("hinge", "slump", "tall"), poses=poses, sway_sd_deg=0.0, hold_s=2.0)
    assert motion.angles["pelvic_tilt_deg"][0] == pytest.approx(18.0)
    assert motion.angles["lumbar_flexion_deg"].max() == pytest.approx(20.0)
    spread = PosingModel(replace(spec, order=("tall",) * 400, repeat_sd_deg=3.0)).held_deg[:, 0]
    assert spread.std() == pytest.approx(3.0, abs=0.3)
    _, swaying = made(sway_sd_deg=1.0)
    first = swaying.angles["pelvic_tilt_deg"][:75]
    assert 0.1 < first.std() < 2.0
    _, again = made(sway_sd_deg=1.0)
    np.testing.assert_array_equal(first, again.angles["pelvic_tilt_deg"][:75])
