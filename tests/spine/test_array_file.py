"""Observed clips as files: they read back as they were, and a write that fails leaves what was there."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT
from rowsense.studies.array_file import read_arrays, write_arrays
from rowsense.studies.spine_seen import SeenClip


@dataclass(frozen=True)
class Kept:
    picture: NDArray[np.uint8]
    angles_deg: NDArray[np.float64]
    facing: str
    roll_deg: float
    anything: Any = 0


KEPT = Kept(np.arange(6, dtype=np.uint8).reshape(1, 2, 3), np.array([[1.5, np.nan]]), "left", -0.25)


def _same(one: Any, other: Any) -> None:
    for column in fields(one):
        first, second = getattr(one, column.name), getattr(other, column.name)
        assert type(first) is type(second), column.name
        if isinstance(first, np.ndarray):
            assert first.dtype == second.dtype, column.name
        np.testing.assert_array_equal(first, second, err_msg=column.name)


def test_arrays_numbers_and_texts_read_back_as_they_were(tmp_path: Path) -> None:
    write_arrays(tmp_path / "kept.npz", KEPT)
    _same(read_arrays(tmp_path / "kept.npz", Kept), KEPT)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.npz"]


def test_a_seen_clip_reads_back_as_it_was(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    clip = SeenClip(
        picture=rng.integers(0, 255, (2, 20, 30), dtype=np.uint8),
        mask=rng.integers(0, 255, (2, 8, 8), dtype=np.uint8),
        mask_to_picture=rng.normal(size=(2, 2, 3)),
        landmarks_px=rng.normal(size=(2, LANDMARK_COUNT, 2)),
        visibility=rng.random((2, LANDMARK_COUNT)),
        facing="left",
        near_side="right",
        trunk_px=120.5,
    )
    clip.write(tmp_path / "camera_yaw_3.npz")
    _same(SeenClip.read(tmp_path / "camera_yaw_3.npz"), clip)


def test_a_write_that_fails_leaves_nothing_or_the_file_that_was_there(tmp_path: Path) -> None:
    target = tmp_path / "kept.npz"
    unwritable = replace(KEPT, anything=object())
    with pytest.raises(ValueError, match="allow_pickle"):
        write_arrays(target, unwritable)
    assert not list(tmp_path.iterdir())
    write_arrays(target, KEPT)
    with pytest.raises(ValueError, match="allow_pickle"):
        write_arrays(target, unwritable)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.npz"]
    _same(read_arrays(target, Kept), KEPT)


def test_a_target_that_cannot_be_replaced_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "kept.npz").mkdir()
    with pytest.raises(OSError, match="irectory"):
        write_arrays(tmp_path / "kept.npz", KEPT)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.npz"]
