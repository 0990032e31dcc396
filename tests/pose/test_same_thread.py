"""A landmarker that works in the thread that asks it says the same as one that hands the work on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mediapipe.tasks.python import BaseOptions, vision
from mediapipe.tasks.python.vision import pose_landmarker

from rowsense.model import Frame
from rowsense.pose import mediapipe_estimator
from rowsense.pose._same_thread import in_same_thread
from rowsense.pose.mediapipe_estimator import MediaPipePose
from rowsense.pose.region import Region
from rowsense.samples import sample_video
from rowsense.video.probe import probe
from rowsense.video.read import read_frames

AT = Region((600.0, 400.0), 700.0)


@pytest.fixture(scope="module")
def frame() -> Frame:
    source = sample_video("well_rowed.mp4")
    return next(read_frames(source, info=probe(source), first_frame=0, end_frame=1))


def test_nothing_is_handed_on_and_the_answer_is_the_same(
    pose_model: Path, frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MediaPipePose(pose_model, mirror=False) as here:
        monkeypatch.setattr(here._landmarker._lib._executor, "submit", _refuse)
        seen = here.observe(frame, AT)
        monkeypatch.undo()
    monkeypatch.setattr(mediapipe_estimator, "in_same_thread", lambda *_: False)
    with MediaPipePose(pose_model, mirror=False) as handed_on:
        monkeypatch.setattr(handed_on._landmarker._lib._executor, "submit", _refuse)
        with pytest.raises(AssertionError, match="handed on"):
            handed_on.observe(frame, AT)
        monkeypatch.undo()
        same = handed_on.observe(frame, AT)
    assert np.isfinite(seen.landmarks_px).all()
    np.testing.assert_array_equal(seen.landmarks_px, same.landmarks_px)
    assert seen.mask is not None and same.mask is not None
    np.testing.assert_array_equal(seen.mask, same.mask)


def test_its_errors_are_those_of_the_library(pose_model: Path, frame: Frame) -> None:
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(pose_model)), running_mode=vision.RunningMode.VIDEO
    )
    with vision.PoseLandmarker.create_from_options(options) as for_films:
        assert in_same_thread(for_films, pose_landmarker._CTYPES_SIGNATURES)
        with pytest.raises((RuntimeError, ValueError), match="running mode"):
            for_films.detect(mediapipe_estimator._image(frame.image))


def test_a_mediapipe_made_otherwise_stays_as_it_is() -> None:
    class Other:
        _lib = None

    assert not in_same_thread(Other(), pose_landmarker._CTYPES_SIGNATURES)
    assert not in_same_thread(object(), ())


def _refuse(*_: Any, **__: Any) -> None:
    raise AssertionError("handed on to another thread")
