"""Mean bodies: hip at 0, trunk of length 1, point by point over the strokes that show it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.assess.postures import MOMENTS, mean_postures, moment_s
from rowsense.conventions import BACK_POINT_COUNT, SIDE_JOINTS
from rowsense.model import SideView
from tests.comparison_cases import plain


def view_of(time_s: np.ndarray, trunk_px: float = 200.0) -> SideView:
    """A body that slides along x and whose trunk stands upright; the back line is 20 px behind the trunk."""
    hip = np.stack([100.0 * time_s, np.full_like(time_s, -300.0)], axis=1)
    offsets = {name: np.array([10.0 * i, 5.0 * i]) for i, name in enumerate(SIDE_JOINTS)}
    offsets |= {"hip": np.zeros(2), "shoulder": np.array([0.0, trunk_px])}
    along = np.stack([np.full(BACK_POINT_COUNT, -20.0), np.linspace(0, trunk_px, BACK_POINT_COUNT)], axis=1)
    return SideView(
        time_s=time_s, joints={name: hip + offset for name, offset in offsets.items()},
        back_xy=hip[:, None] + along, back_seen=np.ones((len(time_s), BACK_POINT_COUNT)),
        confidence=np.ones(len(time_s)), facing="right", near_side="right", roll_deg=0.0,
    )  # fmt: skip


def test_the_hip_is_the_origin_and_the_trunk_the_measure() -> None:
    session = plain(6)
    view = view_of(session.track.time_s)
    postures = mean_postures(view, session.strokes.strokes)
    assert [p.moment for p in postures] == list(MOMENTS)
    for posture in postures:
        np.testing.assert_allclose(posture.joints["hip"], [0.0, 0.0], atol=1e-9)
        np.testing.assert_allclose(posture.joints["shoulder"], [0.0, 1.0])
        np.testing.assert_allclose(
            posture.joints["knee"], [0.1 * SIDE_JOINTS.index("knee") / 2, 0.025 * SIDE_JOINTS.index("knee")]
        )
        np.testing.assert_allclose(posture.back_xy[:, 0], -0.1)


def test_moments() -> None:
    stroke = plain(6).strokes.strokes[2]
    assert moment_s(stroke, "catch") == stroke.catch_time_s
    assert moment_s(stroke, "finish") == stroke.finish_time_s
    assert moment_s(stroke, "mid_drive") == pytest.approx(stroke.catch_time_s + stroke.drive_s / 2)


def test_what_most_strokes_hide_is_not_drawn() -> None:
    session = plain(4)
    strokes = session.strokes.strokes
    view = view_of(session.track.time_s)
    catches = [int(np.argmin(np.abs(view.time_s - s.catch_time_s))) for s in strokes]
    seen, wrist = np.array(view.back_seen), view.joints["wrist"].copy()
    seen[catches[:3], 10] = 0.2
    seen[catches[:2], 20] = 0.2
    wrist[catches[:3]] = np.nan
    hidden = replace(view, back_seen=seen, joints=view.joints | {"wrist": wrist})
    catch = mean_postures(hidden, strokes)[0]
    assert np.isnan(catch.back_xy[10]).all()
    assert np.isfinite(catch.back_xy[20]).all(), "two of four are enough"
    assert np.isnan(catch.joints["wrist"]).all()
    assert np.isfinite(mean_postures(hidden, strokes)[2].joints["wrist"]).all()


def test_strokes_are_averaged() -> None:
    session = plain(4)
    view = view_of(session.track.time_s)
    late = view.time_s > session.strokes.strokes[1].end_time_s - 0.2
    knee = view.joints["knee"] + np.where(late, 40.0, 0.0)[:, None]
    moved = replace(view, joints=view.joints | {"knee": knee})
    plain_knee, mean_knee = (mean_postures(v, session.strokes.strokes)[0].joints["knee"] for v in (view, moved))
    np.testing.assert_allclose(mean_knee - plain_knee, 0.1, atol=1e-9)
