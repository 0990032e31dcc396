"""The gate before the spine network's readings, and the study that shows what it lets pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rowsense.conventions import SPINE_FEATURE_COUNT
from rowsense.model import SpineReading
from rowsense.spine.gate import (
    MAX_UNFAMILIARITY,
    USUAL_LEAD,
    WIDER_AT_LIMIT,
    edge_agreement,
    far_side_lead,
    feet_below,
    implausibility,
    in_range,
    widening,
)
from rowsense.spine.network import SpineNetwork
from rowsense.spine.patch import HIP_AT, JOINTS, PATCH_COLUMNS, PATCH_ROWS, PX_PER_TRUNK, SpinePatch
from rowsense.studies.spine_real_footage import Curves, clip_pictures, still_pictures, top_speed
from rowsense.studies.spine_reality import sd_sentence
from rowsense.studies.spine_verdicts import REFUSED, Group, Verdict, seen_group, verdicts

LEAN_DEG = 20.0


def _patch(lead: float = USUAL_LEAD, feet: float = 0.4, turned: bool = False) -> SpinePatch:
    """A trunk that leans; its picture has an edge along the silhouette's, or with ``turned`` across it."""
    level = np.zeros((2, len(JOINTS), 2))
    level[:, JOINTS.index("shoulder")] = (np.sin(np.radians(LEAN_DEG)), -np.cos(np.radians(LEAN_DEG)))
    level[1, [JOINTS.index("hip"), JOINTS.index("shoulder")], 0] += lead
    level[:, JOINTS.index("ankle")] = (1.4, feet)
    lean = np.radians(LEAN_DEG)
    turn = np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    joints = np.concatenate([(level @ turn.T).ravel(), np.zeros(4)])
    y, x = np.mgrid[0:PATCH_ROWS, 0:PATCH_COLUMNS]
    silhouette = np.tanh((x - HIP_AT[0] + 0.3 * PX_PER_TRUNK) / 2.0)
    picture = np.tanh((y - HIP_AT[1] + 0.5 * PX_PER_TRUNK) / 2.0) if turned else -silhouette
    layers = np.stack([silhouette, picture]).astype(np.float32)
    return SpinePatch(layers, joints.astype(np.float32), LEAN_DEG, np.eye(2, 3))


def _reading(unfamiliarity: float) -> SpineReading:
    return SpineReading(
        np.array([-10.0, 20.0, 30.0]),
        np.array([4.0, 5.0, 3.0]),
        np.ones((20, 2)),
        unfamiliarity,
        np.zeros(SPINE_FEATURE_COUNT, dtype=np.float16),
    )


def test_measures_do_not_depend_on_the_lean() -> None:
    patch = _patch(lead=0.25, feet=0.5)
    assert far_side_lead(patch) == pytest.approx(0.25, abs=1e-6)
    assert feet_below(patch) == pytest.approx(0.5, abs=1e-6)
    assert edge_agreement(patch) == pytest.approx(1.0, abs=1e-3)


def test_a_rower_from_the_side_passes_with_her_outline() -> None:
    passed = in_range(_reading(0.4), _patch())
    np.testing.assert_array_equal(passed.angles_deg, _reading(0.4).angles_deg)
    np.testing.assert_array_equal(passed.sd_deg, _reading(0.4).sd_deg)


@pytest.mark.parametrize(
    "patch",
    [_patch(lead=0.45), _patch(lead=-0.2), _patch(feet=0.9), _patch(turned=True)],
    ids=["seen from ahead", "seen from behind", "feet on the floor", "edges across the silhouette"],
)
def test_what_cannot_be_a_rower_from_the_side_has_no_angles(patch: SpinePatch) -> None:
    assert implausibility(patch) > 1.0
    refused = in_range(_reading(0.5), patch)
    assert np.isnan(refused.angles_deg).all()
    assert np.isnan(refused.sd_deg).all()
    np.testing.assert_array_equal(refused.outline_px, _reading(0.5).outline_px)


@pytest.mark.parametrize("unfamiliarity", [MAX_UNFAMILIARITY + 0.01, np.nan])
def test_what_the_network_does_not_know_has_no_angles(unfamiliarity: float) -> None:
    assert np.isnan(in_range(_reading(unfamiliarity), _patch()).angles_deg).all()


def test_sds_widen_smoothly_up_to_the_limit() -> None:
    grown = np.array([widening(u) for u in np.linspace(0.0, MAX_UNFAMILIARITY, 200)])
    assert grown[0] == 1.0
    assert grown[-1] == pytest.approx(WIDER_AT_LIMIT)
    steps = np.diff(grown)
    assert (steps >= 0.0).all()
    assert steps.max() < 0.02
    near = in_range(_reading(MAX_UNFAMILIARITY), _patch())
    np.testing.assert_allclose(near.sd_deg, WIDER_AT_LIMIT * _reading(0.5).sd_deg)


def test_a_group_counts_what_passes_and_its_sds_alone() -> None:
    passes = Verdict(True, np.zeros(3), np.array([4.0, 5.0, 6.0]))
    refused = replace(passes, in_range=False, sd_deg=np.full(3, np.nan))
    group = Group("", (passes, refused, refused, passes))
    assert group.in_range_ratio == 0.5
    np.testing.assert_array_equal(group.sd_deg, [4.0, 5.0, 6.0])


def test_real_sds_are_compared_with_all_simulated_ones_and_with_those_of_a_free_upper_back() -> None:
    """Two of three simulated frames are at a limit and sure of themselves; the third is like the real ones."""
    at_limit = Verdict(True, np.array([0.0, 10.0, 44.0]), np.array([2.0, 2.0, 1.0]))
    free = Verdict(True, np.array([0.0, 10.0, 20.0]), np.array([3.0, 3.0, 3.0]))
    real = replace(free, sd_deg=np.array([4.0, 3.0, 3.0]))
    said = sd_sentence(Group("", (at_limit, at_limit, free)), [Group("", (real, real, REFUSED))])
    assert "2.00 / 1.50 / 3.00 times those on simulated ones" in said
    assert "1.33 / 1.00 / 1.00 times those of the 33 % of them" in said
    assert "as that of 67 % of the real ones does" in said


def test_curves_are_possible_or_not() -> None:
    time_s = np.arange(60) / 30.0
    slow = np.stack([-10 + 20 * np.sin(3 * time_s), 20 + 15 * np.cos(3 * time_s)], axis=1)
    assert Curves(time_s, slow, slow).possible()
    assert top_speed(time_s, slow) == pytest.approx((60.0, 45.0), rel=0.01)
    assert not Curves(time_s, slow + (60.0, 0.0), slow).possible()
    jumps = slow.copy()
    jumps[30] += 12.0
    assert not Curves(time_s, jumps, slow).possible()


def test_a_rowers_silhouette_over_noise_is_refused(pose_model: Path) -> None:
    pytest.importorskip("torch", reason="the extra `simulate` is not installed")
    from rowsense.studies.spine_negatives import observe_negative

    clip = observe_negative("no person", 6, pose_model)
    assert clip is not None
    assert not any(one.in_range for one in verdicts(clip, range(len(clip)), SpineNetwork()))


def test_real_frames_are_in_range(real_dir: Path) -> None:
    network = SpineNetwork()
    for pictures in (clip_pictures(real_dir)[::3], still_pictures(real_dir)):
        assert seen_group("", pictures, network).in_range_ratio >= 0.9
