"""Who else is in the picture: found beside, behind and before the rower, who is never one of them herself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rowsense.conventions import BACK_POINT_COUNT
from rowsense.model import Frame, PoseTrack
from rowsense.overlay.heads import strangers
from rowsense.overlay.hiding import Hidden, Hider
from rowsense.pose.bystanders import Bystander, bystanders, is_herself
from rowsense.pose.mediapipe_estimator import MediaPipePeople
from rowsense.simulate.clip_spec import WELL_ROWED, PersonSpec
from rowsense.simulate.making import clip
from tests.faced_rower import detail

#: Right behind her, between her and the flywheel, and at the wall.
OTHERS = (
    PersonSpec(x_m=-0.25, behind_m=0.85, turn_deg=60.0),
    PersonSpec(x_m=0.9, behind_m=0.95, sits=True, turn_deg=20.0),
    PersonSpec(x_m=1.9, behind_m=3.0, turn_deg=90.0),
)
Image = np.ndarray


@pytest.fixture(scope="module")
def seen(pose_model: Path) -> tuple[Image, Image, PoseTrack, list[Bystander]]:
    """The rower alone, with others, her landmarks, and who was found beside her."""
    wide = replace(WELL_ROWED, width_px=640, height_px=360, noise_sd=0.0)
    alone, crowd = (
        clip(replace(wide, room=replace(wide.room, wall_away_m=4.2, people=people))).frame(45)
        for people in ((), OTHERS)
    )
    with MediaPipePeople(pose_model) as finder:
        (her,) = finder.find(Frame(0, 0.0, alone, 1.0))
    track = PoseTrack(
        frame=np.array([0]), time_s=np.array([0.0]), xy_px=her.landmarks_px[None], visibility=her.visibility[None],
        back_xy_px=np.full((1, BACK_POINT_COUNT, 2), np.nan), back_seen=np.zeros((1, BACK_POINT_COUNT)),
        inferred=np.ones(1, bool),
    )  # fmt: skip
    assert bystanders([Frame(0, 0.0, alone, 1.0)], [0], track, pose_model) == []
    return alone, crowd, track, bystanders([Frame(0, 0.0, crowd, 1.0)], [0], track, pose_model)


def test_everybody_else_is_found_and_none_of_them_is_the_rower(
    seen: tuple[Image, Image, PoseTrack, list[Bystander]],
) -> None:
    _, _, track, found = seen
    assert len(found) == len(OTHERS) and all(one.frame == 0 for one in found)
    assert not any(is_herself(one.xy_px, np.asarray(track.xy_px[0], float)) for one in found)


def test_of_all_of_them_nothing_is_left_and_the_rower_is_to_be_seen(
    seen: tuple[Image, Image, PoseTrack, list[Bystander]],
) -> None:
    _, crowd, track, found = seen
    others = strangers(np.zeros(len(found)), np.array([one.xy_px for one in found]))
    hidden = Hider(track, Hidden(face=True, surroundings=False), others)(crowd, 0)
    for one in found:
        x, y = one.xy_px[:11].mean(axis=0).astype(int)
        face = slice(max(y - 12, 0), y + 12), slice(x - 10, x + 10)
        assert detail(crowd[face]) > 2 * detail(hidden[face]), "their faces"
        chest = one.xy_px[11:13].mean(axis=0).astype(int)
        assert (hidden[chest[1], chest[0]] != crowd[chest[1], chest[0]]).any(), "and clothes"
    knee = track.xy_px[0, 26].astype(int)
    assert np.array_equal(hidden[knee[1], knee[0]], crowd[knee[1], knee[0]])


def test_a_hand_that_looks_like_a_person_is_hers() -> None:
    rng = np.random.default_rng(2)
    her = np.zeros((33, 2))
    her[11:13], her[23:25], her[13:15] = (300, 300), (280, 600), (340, 480)
    her[15:17], her[25:27], her[27:29] = (520, 520), (560, 520), (800, 700)
    hand = np.array([510.0, 520.0]) + rng.uniform(-30, 30, (33, 2))
    assert is_herself(hand, her) and not is_herself(hand + (0.0, 190.0), her), "below, nothing of hers is"
