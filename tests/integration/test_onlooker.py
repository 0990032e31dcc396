"""Somebody who stands right behind the handle, where coaches stand: the rower is followed all the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rowsense.pose.people import middle, trunk_length_px
from rowsense.recording import record_video
from rowsense.settings import Settings

pytest.importorskip("torch", reason="the extra 'simulate' (torch, anny) is not installed")
pytest.importorskip("anny", reason="the extra 'simulate' (torch, anny) is not installed")


@pytest.mark.slow
@pytest.mark.usefixtures("pose_model")
def test_a_coach_behind_the_handle_is_not_taken_for_the_rower(tmp_path: Path) -> None:
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
    recording, _ = record_video(render_clip(spec, tmp_path).video, Settings())
    track = recording.track
    assert track.spine_deg is not None
    hips, trunk_px = middle(track.xy_px, "hip"), float(np.nanmedian(trunk_length_px(track.xy_px)))
    on_seat = np.abs(hips[:, 1] - np.nanmedian(hips[:, 1])) < 0.4 * trunk_px
    assert on_seat.mean() > 0.9
    assert np.ptp(hips[on_seat, 0]) > 0.8 * trunk_px, "the seat travels"
    assert np.isfinite(track.spine_deg[:, 1]).mean() > 0.7
