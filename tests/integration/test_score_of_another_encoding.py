"""A film coded again at another quality: its scores stay within the interval that was stated."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from rowsense.model import Session
from rowsense.pipeline import analyze_video
from rowsense.video.probe import probe
from rowsense.video.read import read_frames
from rowsense.video.write import VideoSink

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"
#: [C] x264's scale of quality: the samples have about 20, chat programs send 28 to 36.
COARSE = 36


@pytest.mark.slow
def test_scores_stay_within_their_interval(tmp_path: Path, analysed_sample: Callable[[str], Session]) -> None:
    source = SAMPLES / "hips_tip_back.mp4"
    coarse = tmp_path / "coarse.mp4"
    info = probe(source)
    with VideoSink(coarse, info.width_px, info.height_px, info.fps, crf=COARSE) as sink:
        for frame in read_frames(source, info=info):
            sink.write(frame.image, frame.time_s)
    assert coarse.stat().st_size < 0.7 * source.stat().st_size
    first, second = analysed_sample(source.stem).assessment, analyze_video(coarse).assessment
    assert first.score != second.score
    low, high = first.score_interval
    assert low <= second.score <= high
    for phase, (low, high) in first.score_intervals_by_phase.items():
        other = second.scores_by_phase[phase]
        assert math.isnan(other) == math.isnan(low)
        assert math.isnan(low) or low <= other <= high, phase
