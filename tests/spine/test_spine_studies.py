"""The studies behind the spine estimate: draws that repeat, errors that are told apart, networks that find a line."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.studies.spine_clips import TEST, TRAINING, drawn_clip, is_hard
from rowsense.studies.spine_fit import Training, read_collected
from rowsense.studies.spine_test import clip_errors, table
from tests.spine.test_geometric import DATA


def test_clips_are_drawn_by_stream_and_number_alone() -> None:
    assert drawn_clip(TEST, 3, 30) == drawn_clip(TEST, 3, 30)
    specs = [drawn_clip(stream, n, 30) for stream in (TRAINING, TEST) for n in range(40)]
    assert len({spec.body for spec in specs}) == len({spec.camera for spec in specs}) == len(specs)
    assert 0.1 < np.mean([is_hard(spec) for spec in specs]) < 0.4
    assert max(abs(spec.camera.yaw_deg) for spec in specs) > 12


def test_the_table_shows_every_part_of_the_clips() -> None:
    clips = read_collected(DATA)
    errors = [clip_errors(drawn_clip(TEST, n, 30), *clip) for n, clip in enumerate(clips)]
    for one in errors:
        np.testing.assert_allclose(one.error_deg.mean(axis=0), 0, atol=1e-9)
    text = table(errors)
    assert "| all | 2 |" in text
    assert "% of the frames could be read" in text


def test_networks_find_a_bent_line_and_its_noise_on_bodies_left_out() -> None:
    pytest.importorskip("torch", reason="the extra `simulate` is not installed")
    from rowsense.studies.spine_networks import Recipe, leave_bodies_out

    rng = np.random.default_rng(1)
    clip = np.repeat(np.arange(40), 25)
    x = rng.normal(0, 1, (1000, 6))
    bent = np.stack([8 * x[:, 0] + 4 * np.sin(2 * x[:, 1]), 6 * x[:, 2], -5 * x[:, 3]], axis=1)
    offset = rng.normal(0, 20, (40, 3))[clip]
    data = Training(x, bent + offset + rng.normal(0, 2.0, bent.shape), np.zeros((1000, 3)), clip)
    line, full, sd = leave_bodies_out(data, Recipe(members=2, rounds=200))
    error = np.sqrt((full**2).mean(axis=0))
    assert (error > 1.8).all()
    assert (error < 3.2).all()
    assert error[0] < 0.9 * np.sqrt((line[:, 0] ** 2).mean())
    assert 0.8 < np.mean(np.abs(full) < 1.645 * sd) < 0.95
