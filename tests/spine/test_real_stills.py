"""The back line on real photographs, where they are there."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from rowsense.conventions import LANDMARK_INDEX
from rowsense.model import BackLine, PoseObservation
from rowsense.spine.back_line import back_line
from tests.stills import observe_still


@pytest.fixture(scope="module")
def seen_stills(real_stills: list[Path], pose_model: Path) -> list[tuple[str, PoseObservation, BackLine]]:
    """Every still, each looked at afresh; the rower faces left."""
    found = []
    for path in real_stills:
        image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        observation = observe_still(image.astype(np.uint8), pose_model)
        found.append((path.name, observation, back_line(observation, "left", "left")))
    return found


def test_pose_is_found_in_all_seven(seen_stills: list[tuple[str, PoseObservation, BackLine]]) -> None:
    assert len(seen_stills) == 7
    assert all(observation.found for _, observation, _ in seen_stills)


def test_back_line_lies_behind_the_trunk_in_all(seen_stills: list[tuple[str, PoseObservation, BackLine]]) -> None:
    for name, observation, line in seen_stills:
        xy = observation.landmarks_px
        hip = (xy[LANDMARK_INDEX["left_hip"]] + xy[LANDMARK_INDEX["right_hip"]]) / 2
        shoulder = (xy[LANDMARK_INDEX["left_shoulder"]] + xy[LANDMARK_INDEX["right_shoulder"]]) / 2
        trunk = shoulder - hip
        up = trunk / np.hypot(*trunk)
        away = (line.xy_px - hip) / np.hypot(*trunk)
        level, behind = away @ up, away @ np.array([-up[1], up[0]])  # faces left: the back is to the right
        on_trunk = (level > 0.05) & (level < 0.9)
        assert on_trunk.sum() > 25, name
        assert behind[on_trunk].min() > 0.08, name
        assert behind[on_trunk].max() < 0.5, name
        assert (np.diff(level[10:58]) > 0).all(), f"{name}: the line runs up the back without turning"
        # The low back is seen in every still, also at the finish with the elbow behind.
        assert line.seen[8:25].mean() > 0.9, name


def test_the_elbow_at_the_finish_is_marked(seen_stills: list[tuple[str, PoseObservation, BackLine]]) -> None:
    seen = {name: line.seen.mean() for name, _, line in seen_stills}
    assert seen["5recovery.jpg"] < 0.8
    assert all(part > 0.9 for name, part in seen.items() if name not in ("4drive.jpg", "5recovery.jpg"))
