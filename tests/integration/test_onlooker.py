"""Somebody who stands right behind the handle, where coaches stand: the rower is found and followed all the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rowsense.pose.moving import rower_where_it_moves
from rowsense.pose.people import middle, trunk_length_px
from rowsense.pose.scout import scout_plan
from rowsense.recording import SCOUT_SIDE_PX, record_video
from rowsense.settings import Settings
from rowsense.video.choose import read_chosen
from rowsense.video.probe import probe
from rowsense.video.times import frame_table

pytest.importorskip("torch", reason="the extra 'simulate' (torch, anny) is not installed")
pytest.importorskip("anny", reason="the extra 'simulate' (torch, anny) is not installed")


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def coached(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from rowsense.simulate.clip_spec import WELL_ROWED
    from rowsense.simulate.making import render_clip
    from rowsense.simulate.people import PersonSpec

    coach = PersonSpec(x_m=-0.35, behind_m=1.58, turn_deg=28.0, arms_deg=23.0)
    spec = replace(
        WELL_ROWED,
        name="coached",
        motion=replace(WELL_ROWED.motion, duration_s=6.0),
        camera=replace(WELL_ROWED.camera, facing="left", yaw_deg=-13.0, distance_m=3.7),
        room=replace(WELL_ROWED.room, people=(coach,)),
    )
    return render_clip(spec, tmp_path_factory.mktemp("coached")).video


@pytest.mark.usefixtures("pose_model")
def test_a_coach_behind_the_handle_is_not_taken_for_the_rower(coached: Path) -> None:
    track = record_video(coached, Settings())[0].track
    assert track.spine_deg is not None
    hips, trunk_px = middle(track.xy_px, "hip"), float(np.nanmedian(trunk_length_px(track.xy_px)))
    on_seat = np.abs(hips[:, 1] - np.nanmedian(hips[:, 1])) < 0.4 * trunk_px
    assert on_seat.mean() > 0.9
    assert np.ptp(hips[on_seat, 0]) > 0.8 * trunk_px, "the seat travels"
    assert np.isfinite(track.spine_deg[:, 1]).mean() > 0.7


def test_the_rower_is_what_moves(coached: Path, pose_model: Path) -> None:
    info, times_s = probe(coached), frame_table(coached).times_s
    frames = list(read_chosen(info, scout_plan(times_s), max_side_px=SCOUT_SIDE_PX))
    (found,) = rower_where_it_moves(frames, pose_model)
    person = found.person
    assert person.rows and not person.on_dynamic_ergometer
    assert person.facing == "left"
    assert person.hip_share_ratio > 0.7, "the coach's hips stand still"
    assert person.seen_ratio > 0.8
