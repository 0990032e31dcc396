"""A stretch of a film as a film of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rowsense.errors import OutputError
from rowsense.video import frame_table, read_frames
from rowsense.video.cut import cut_film
from rowsense.video.write import GOP_FRAMES, VideoSink
from tests import clips

FPS, COUNT = 30.0, 90


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("film") / "whole.mp4"
    images = list(clips.numbered_images(COUNT))
    with VideoSink(target, images[0].shape[1], images[0].shape[0], FPS) as sink:
        for number, image in enumerate(images):
            sink.write(image, number / FPS)
    return target


def test_it_holds_the_pictures_from_the_key_frame_before_at_their_distances(film: Path, tmp_path: Path) -> None:
    assert cut_film(film, tmp_path / "part.mp4", 40 / FPS, 71 / FPS)
    frames = list(read_frames(tmp_path / "part.mp4"))
    begin = max(key for key in frame_table(film).keyframes if key <= 40)
    assert 40 - begin < GOP_FRAMES
    assert [clips.read_number(frame.image) for frame in frames] == list(range(begin, 71))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(71 - begin) / FPS, atol=1e-3)


def test_what_cannot_be_cut_leaves_nothing(film: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "words.mp4").write_text("film")
    for source in ("empty.mp4", "words.mp4"):
        assert not cut_film(tmp_path / source, tmp_path / "part.mp4", 0.0, 1.0)
    assert not cut_film(film, tmp_path / "part.mp4", 1.0, 0.5)
    assert {path.name for path in tmp_path.iterdir()} == {"empty.mp4", "words.mp4"}
    with pytest.raises(OutputError):
        cut_film(film, tmp_path / "nowhere" / "part.mp4", 0.0, 1.0)
