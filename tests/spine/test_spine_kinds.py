"""The comparison of kinds of functions: what they are told, how they are judged, and that each of them learns."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rowsense.conventions import BACK_POINT_COUNT
from rowsense.spine.geometric import CERVICAL, SACRAL, SKIN_FROM_LUMBAR, THORACOLUMBAR
from rowsense.spine.network import SpineNetwork
from rowsense.spine.patch import JOINT_NUMBERS
from rowsense.studies.spine_kind_frames import WINDOWS, Frames, read_frames, rmse_deg
from rowsense.studies.spine_kinds import KINDS, Kind, choose, table
from tests.spine.seen_clips import DATA

#: A setting for each kind that is fitted in a moment.
QUICK = ((1e-3,), (1e-3,), (2.0, 0.03), (8, 60), (100, 32, 0.0), (60, 8, 0.0))
NEEDS = {"boosted trees, profile": "sklearn", "small network, profile": "torch", "learned 1-D profile": "torch"}


@pytest.fixture(scope="module")
def seen() -> Frames:
    """Two simulated rowers, as the pose model saw them."""
    frames, counts = read_frames(DATA, SpineNetwork())
    assert counts.tolist() == [2, 30, 30]
    assert len(frames) >= 28
    return frames


def _drawn(seed: int, clips: int = 24) -> Frames:
    """Backs of two shapes in any mixture, whose angles are functions of shape, and a constant of every clip."""
    rng = np.random.default_rng(seed)
    clip = np.repeat(np.arange(clips), 12)
    bend, lean = rng.uniform(-1, 1, (2, len(clip)))
    level = np.linspace(-0.2, 1.1, BACK_POINT_COUNT)
    depth = 0.25 + 0.08 * bend[:, None] * np.sin(4 * level) + 0.05 * lean[:, None] * level
    line = np.stack([depth, np.broadcast_to(level, depth.shape), np.ones(depth.shape)], axis=1)
    target = np.column_stack([12 * lean, 15 * bend, -10 * bend + 5 * lean])
    joints = np.column_stack([lean, np.ones(len(clip))])
    nothing = np.zeros((len(clip), 3))
    return Frames(clip, joints, line, nothing, nothing, target + 15 * rng.standard_normal((clips, 3))[clip])


def test_the_profile_tells_the_directions_of_the_tangents_and_a_back_behind_the_trunk(seen: Frames) -> None:
    degrees = np.degrees(seen.profile()[:, : len(WINDOWS)])
    sacral, top, neck = (degrees[:, WINDOWS.index(point)] for point in (SACRAL, THORACOLUMBAR, CERVICAL))
    np.testing.assert_allclose(seen.tangents_deg[:, 1], (top - sacral) / SKIN_FROM_LUMBAR, atol=1e-6)
    np.testing.assert_allclose(seen.tangents_deg[:, 2], neck - top, atol=1e-6)
    depth, level, part_seen = np.moveaxis(seen.line, 1, 0)
    assert (depth[:, 15:50] > 0.05).all(), "the back is behind the line from hip to shoulder"
    assert (level[:, 0] < 0.1).all(), "it begins at the seat"
    assert (level[:, -1] > 0.8).all(), "and ends at the neck"
    assert set(np.unique(part_seen)) >= {1.0}
    assert seen.joints.shape[1] == JOINT_NUMBERS


def test_a_clips_own_constant_is_no_error() -> None:
    frames = _drawn(0)
    np.testing.assert_allclose(rmse_deg(frames.target_deg + 7.0 * frames.clip[:, None], frames), 0, atol=1e-9)
    sign = np.where(np.arange(len(frames)) % 2, 1.0, -1.0)[:, None]
    np.testing.assert_allclose(rmse_deg(frames.target_deg + sign * [1.0, 2.0, 3.0], frames), [1, 2, 3])


@pytest.mark.parametrize(("kind", "setting"), list(zip(KINDS, QUICK, strict=True)), ids=[kind.name for kind in KINDS])
def test_every_kind_learns_what_it_is_told_whatever_the_clips_constants(kind: Kind, setting: tuple[float, ...]) -> None:
    if kind.name in NEEDS:
        pytest.importorskip(NEEDS[kind.name], reason="the extra `simulate` is not installed")
    unseen = _drawn(1)
    spread = rmse_deg(np.zeros((len(unseen), 3)), unseen)
    error = rmse_deg(kind.fit(_drawn(0), *setting)(unseen), unseen)
    if kind.name == "ridge, landmarks only":  # these joints tell the lean and not the bend
        assert error[0] < 0.1 * spread[0]
        assert error[1] > 0.9 * spread[1]
    else:
        assert (error < 0.4 * spread).all()


def test_the_setting_is_the_best_on_the_clips_held_back() -> None:
    kind = replace(KINDS[1], settings=((1e3,), (1e-3,), (1e2,)))
    predict, setting, took_s = choose(kind, _drawn(0), _drawn(1))
    assert setting == (1e-3,)
    assert rmse_deg(predict(_drawn(2)), _drawn(2)).max() < 2.0
    assert took_s >= 0.0


def test_the_table_shows_every_kind_on_the_same_frames(seen: Frames) -> None:
    text = table(seen, seen, seen, network_ms=1.5, kinds=KINDS[:2]).splitlines()
    assert len(text) == 2 + 2 + 2 + 1
    spread, tangents, landmarks, profile, network = (
        np.array([float(part) for part in row.split(" | ")[1:4]]) for row in text[2:]
    )
    np.testing.assert_allclose(spread, rmse_deg(0.0 * seen.target_deg, seen), atol=0.06)
    np.testing.assert_allclose(tangents, rmse_deg(seen.tangents_deg, seen), atol=0.06)
    np.testing.assert_allclose(network, rmse_deg(seen.network_deg, seen), atol=0.06)
    assert (network[:2] < 0.75 * spread[:2]).all()
    assert (profile < landmarks).all(), "judged on what they were fitted on, more numbers fit better"
    assert "| 1.500 |" in text[-1]


def test_a_missing_package_or_folder_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(SystemExit, match="simulate"):
        KINDS[3].fit(_drawn(0), 8, 10)
    with pytest.raises(SystemExit, match="collect"):
        read_frames(tmp_path)
