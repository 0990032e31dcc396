"""The careful cut-out that the drawn back line is held against."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from rowsense.conventions import LANDMARK_COUNT
from rowsense.model import PoseObservation
from rowsense.pose.models import ensure_model
from rowsense.spine.network import SpineNetwork
from rowsense.studies.spine_contour import contour, cut_out, edge_distance_px
from rowsense.studies.spine_real_footage import still_pictures
from rowsense.studies.spine_seen import see


def test_a_coarse_mask_becomes_exact_where_colours_tell() -> None:
    rows, columns = np.mgrid[:240, :320] + 0.5
    inside = np.hypot(columns - 170, rows - 120) < 80
    grain = np.random.default_rng(0).normal(0, 4, (240, 320, 3))
    picture = np.clip(np.where(inside[..., None], [40, 60, 160], [215, 210, 200]) + grain, 0, 255).astype(np.uint8)
    coarse = cv2.resize(inside.astype(np.float32), (32, 24), interpolation=cv2.INTER_AREA)
    coarse = np.roll(coarse, 1, axis=1)  # and a mask pixel beside it
    to_picture = np.array([[10.0, 0.0, 0.0], [0.0, 10.0, 0.0]])
    seen = PoseObservation(np.zeros((LANDMARK_COUNT, 2)), np.ones(LANDMARK_COUNT), coarse, to_picture)
    cut = cut_out(picture, seen, trunk_px=400.0)
    assert (cut != inside).mean() < 0.003


def test_distance_from_the_edge_counts_from_between_pixels() -> None:
    inside = np.zeros((20, 20), dtype=np.uint8)
    inside[:, 10:] = 1
    np.testing.assert_allclose(edge_distance_px(inside)[5, [0, 8, 9, 10, 11, 15]], [9.5, 1.5, 0.5, 0.5, 1.5, 5.5])


def test_the_back_line_lies_on_the_back_of_the_stills(real_dir: Path) -> None:
    stills, network = still_pictures(real_dir), SpineNetwork()
    clip = see(stills, ensure_model())
    assert clip is not None
    found = [contour(picture, clip, row, network) for row, picture in enumerate(stills)]
    assert all(len(one.away_ratio) > 20 for one in found)
    away = np.concatenate([one.away_ratio for one in found])
    assert np.sqrt(np.mean(away**2)) == pytest.approx(0.0, abs=0.015)
    assert 0.4 < np.mean([one.told_ratio for one in found]) < 1.0
