"""Background movement on painted pictures with a body walking through them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.camera.motion import STILL_AFTER, STILL_ONE_IN, BackgroundMotion, WatchedMotion
from rowsense.model import Frame, PoseObservation

HEIGHT, WIDTH = 360, 640
MARGIN = 60


def wall(seed: int = 1) -> NDArray[np.uint8]:
    """A room's worth of edges, larger than the picture."""
    rng = np.random.default_rng(seed)
    image = np.full((HEIGHT + 2 * MARGIN, WIDTH + 2 * MARGIN, 3), 120, dtype=np.uint8)
    for _ in range(70):
        x, y = rng.integers(0, WIDTH), rng.integers(0, HEIGHT)
        w, h = rng.integers(15, 90, 2)
        cv2.rectangle(image, (int(x), int(y)), (int(x + w), int(y + h)), rng.integers(30, 230, 3).tolist(), -1)
    return cv2.GaussianBlur(image, (0, 0), 1.0)


def frame(index: int, shift: tuple[float, float], body_x: float, room: NDArray[np.uint8]) -> tuple[Frame, NDArray]:
    """The room moved by ``shift`` picture pixels behind a striped body, and the body's landmarks in source pixels."""
    matrix = np.array([[1, 0, shift[0] - MARGIN], [0, 1, shift[1] - MARGIN]], dtype=np.float64)
    image = cv2.warpAffine(room, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    noise = np.random.default_rng(index).normal(0.0, 2.0, image.shape)
    image = np.clip(image + noise, 0, 255).astype(np.uint8)
    left = int(body_x)
    image[90:330, left : left + 120 : 8] = 255
    image[90:330, left + 4 : left + 120 : 8] = 10
    corners = np.array([[left, 90], [left + 120, 330]], dtype=np.float64)
    landmarks = np.full((33, 2), np.nan)
    landmarks[:2] = 2.0 * corners
    return Frame(index, index / 30.0, image, 2.0), landmarks


def path_of(shifts: list[tuple[float, float]], room: NDArray[np.uint8]) -> NDArray[np.float64]:
    motion = BackgroundMotion()
    steps = []
    for k, shift in enumerate(shifts):
        picture, landmarks = frame(k, shift, 250 + 90 * np.sin(k / 9.0), room)
        steps.append(motion.update(picture, landmarks))
    return np.cumsum(np.array(steps), axis=0)


def test_a_tripod_does_not_drift() -> None:
    path = path_of([(0.0, 0.0)] * 60, wall())
    assert np.abs(path).max() < 0.6


def test_shake_is_measured_in_source_pixels() -> None:
    shifts = [(6.0 * np.sin(k / 4.0), 4.0 * np.sin(k / 5.0)) for k in range(60)]
    path = path_of(shifts, wall())
    assert np.abs(path - 2.0 * np.array(shifts)).max() < 1.5


def test_a_long_pan_is_followed_over_several_references() -> None:
    shifts = [(-0.9 * k, 0.0) for k in range(60)]
    path = path_of(shifts, wall())
    assert path[-1, 0] == pytest.approx(2.0 * shifts[-1][0], abs=4.0)


def test_a_bare_wall_is_unknown_not_still() -> None:
    bare = np.full((HEIGHT + 2 * MARGIN, WIDTH + 2 * MARGIN, 3), 120, dtype=np.uint8)
    motion = BackgroundMotion()
    results = []
    for k in range(4):
        picture, landmarks = frame(k, (0.0, 0.0), 250.0, bare)
        smooth = cv2.GaussianBlur(picture.image, (0, 0), 15.0)
        results.append(motion.update(Frame(k, k / 30.0, smooth, 2.0), landmarks))
    assert results[0] == (0.0, 0.0)
    assert np.isnan(results[1:]).all()


def test_a_body_that_fills_the_picture_leaves_nothing_to_hold_on_to() -> None:
    motion = BackgroundMotion()
    whole = np.full((33, 2), np.nan)
    whole[:2] = [[0.0, 0.0], [2.0 * WIDTH, 2.0 * HEIGHT]]
    for k in range(3):
        picture, _ = frame(k, (0.0, 0.0), 250.0, wall())
        step = motion.update(picture, whole)
    assert np.isnan(step).all()


def watched(shifts: list[tuple[float, float]], fps: float = 15.0) -> NDArray[np.float64]:
    """(N, 2) what is said of every frame."""
    motion, room = WatchedMotion(100, 100 + len(shifts), 1, fps), wall()
    steps = []
    for k, shift in enumerate(shifts):
        picture, landmarks = frame(100 + k, shift, 250.0, room)
        steps.append(motion.update(picture, PoseObservation(landmarks, np.ones(33), None)))
    return np.array(steps)


def test_a_camera_that_stands_is_looked_at_less_often_until_it_is_knocked() -> None:
    steps = watched([(0.0, 0.0)] * 40 + [(6.0, 0.0)] * 20)
    looked = np.isfinite(steps[:, 0])
    assert looked[:STILL_AFTER].all()
    assert looked[STILL_AFTER + 1 : 40].mean() == pytest.approx(1.0 / STILL_ONE_IN, abs=0.05)
    assert np.nansum(steps[:40, 0]) == pytest.approx(0.0, abs=0.6)
    assert np.nansum(steps[40 : 40 + STILL_ONE_IN, 0]) == pytest.approx(12.0, abs=0.6), "found at the next look"
    after = int(np.flatnonzero(np.nan_to_num(steps[:, 0]) > 6.0)[0])
    assert looked[after : after + STILL_AFTER].all(), "and then watched again"


def test_a_knock_just_before_another_goes_on_is_found() -> None:
    for count in range(41, 41 + STILL_ONE_IN):
        steps = watched([(0.0, 0.0)] * (count - 1) + [(6.0, 0.0)])
        assert np.nansum(steps[:, 0]) == pytest.approx(12.0, abs=0.6), f"{count} frames"
        pairs = watched([(0.0, 0.0)] * (2 * count - 2) + [(6.0, 0.0)] * 2, fps=30.0)
        assert np.nansum(pairs[:, 0]) == pytest.approx(12.0, abs=0.6), f"{2 * count} frames, every other looked at"


def test_hands_are_looked_at_all_the_time_and_thirty_frames_a_second_at_every_other() -> None:
    shaken = [(6.0 * np.sin(k / 4.0), 4.0 * np.sin(k / 5.0)) for k in range(40)]
    assert np.isfinite(watched(shaken)).all()
    assert np.isfinite(watched(shaken, fps=30.0)[:, 0]).tolist() == [True, False] * 20
