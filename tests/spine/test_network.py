"""The spine network on two simulated rowers it was not fitted on: what it reads, and what must not change it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import resources

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import SPINE_ANGLE_NAMES
from rowsense.model import PoseObservation, SpineReading
from rowsense.spine.network import ANSWER_FILE, DATA_FILE, OUTLINE_POINTS, SpineNetwork
from rowsense.spine.patch import SpinePatch, spine_patch
from rowsense.studies.spine_accuracy import compare
from rowsense.studies.spine_frames import PX_PER_TRUNK, SIZE, ObservedClip
from rowsense.studies.spine_test import side_view
from tests.spine.seen_clips import NUMBERS, held_out, mirrored_frame, mirrored_observation

FloatArray = NDArray[np.float64]


@pytest.fixture(scope="module")
def network() -> SpineNetwork:
    return SpineNetwork()


@pytest.fixture(scope="module", params=NUMBERS)
def clip(request: pytest.FixtureRequest) -> ObservedClip:
    return held_out(request.param)


def _patch(clip: ObservedClip, row: int) -> SpinePatch:
    patch = clip.patch(row)
    assert patch is not None
    return patch


def _read(clip: ObservedClip, network: SpineNetwork) -> list[SpineReading]:
    return [network.read(_patch(clip, row)) for row in range(len(clip))]


def _numbers(readings: list[SpineReading]) -> FloatArray:
    """All that is said of each frame, one row a frame."""
    return np.array([[*r.angles_deg, *r.sd_deg, *r.outline_px.ravel(), r.unfamiliarity, *r.features] for r in readings])


def _strangeness(clip: ObservedClip, network: SpineNetwork) -> FloatArray:
    return np.array([reading.unfamiliarity for reading in _read(clip, network)])


def test_pelvis_and_spine_are_read_with_the_right_doubt(clip: ObservedClip, network: SpineNetwork) -> None:
    """Single frames: errors at most 0.75 of the spread, stated doubt of the right size."""
    rows = compare("", side_view(clip, network), clip.truth_deg)
    assert [row.quantity for row in rows] == list(SPINE_ANGLE_NAMES)
    for row in rows:
        assert row.frame_count == len(clip) >= 12
        assert row.rmse_over_spread <= 0.75, row
        assert row.correlation >= 0.7, row
        assert 0.4 * row.rmse_deg < row.stated_sd_deg < 3.0 * row.rmse_deg, row


def test_pelvis_and_low_back_are_read_from_the_picture_not_from_the_pose_alone(network: SpineNetwork) -> None:
    """With the back of another frame under the same joints it must read worse."""
    own, other = [], []
    for clip in (held_out(number) for number in NUMBERS):
        patches = [_patch(clip, row) for row in range(len(clip))]
        swapped = [replace(p, layers=patches[row - 4].layers) for row, p in enumerate(patches)]
        for found, looked_at in ((own, patches), (other, swapped)):
            error = np.array([network.read(patch).angles_deg for patch in looked_at]) - clip.truth_deg
            found.append(error - error.mean(axis=0))
    rms_own, rms_other = (np.sqrt((np.vstack(e) ** 2).mean(axis=0)) for e in (own, other))
    assert (rms_other > 1.3 * rms_own).all(), (rms_own, rms_other)


def test_the_outline_is_expected_where_it_is(clip: ObservedClip, network: SpineNetwork) -> None:
    found = np.array([reading.outline_px for reading in _read(clip, network)])
    assert found.shape == (len(clip), OUTLINE_POINTS, 2)
    away = np.hypot(*np.moveaxis(found - clip.outline_px, -1, 0)) / PX_PER_TRUNK
    assert np.sqrt((away**2).mean()) < 0.06
    assert (found[:, 0, 1] > found[:, -1, 1] + 0.8 * PX_PER_TRUNK).all(), "from the seat up"


@pytest.mark.parametrize("flip_mask", [True, False])
def test_mirrored_frames_give_the_mirrored_reading(clip: ObservedClip, network: SpineNetwork, flip_mask: bool) -> None:
    width = SIZE[0]
    for row in range(len(clip)):
        seen = mirrored_observation(clip.observation(row), width, flip_mask)
        patch = spine_patch(mirrored_frame(clip.frame(row)), seen, "left", "left", PX_PER_TRUNK)
        assert patch is not None
        twin, plain = network.read(patch), network.read(_patch(clip, row))
        # Grey levels between pixels are rounded to whole ones, half of them the other way.
        np.testing.assert_allclose(twin.angles_deg, plain.angles_deg, atol=0.03)
        np.testing.assert_allclose(twin.sd_deg, plain.sd_deg, atol=0.03)
        np.testing.assert_allclose(twin.outline_px * [-1, 1] + [width, 0], plain.outline_px, atol=0.02)


@pytest.mark.parametrize("roll_deg", [-5.0, 5.0])
def test_a_turned_picture_turns_the_tilt_and_nothing_else(
    clip: ObservedClip, network: SpineNetwork, roll_deg: float
) -> None:
    cos, sin = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    turn = np.array([[cos, -sin], [sin, cos]])  # clockwise, since y is down
    shift = (np.eye(2) - turn) @ np.array(SIZE) / 2
    centred = np.column_stack([turn, shift + turn @ (0.5, 0.5) - 0.5])
    changes = []
    for row in range(len(clip)):
        frame, seen = clip.frame(row), clip.observation(row)
        image = cv2.warpAffine(frame.image, centred, SIZE, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
        turned = PoseObservation(
            seen.landmarks_px @ turn.T + shift, seen.visibility, seen.mask, np.column_stack([turn, shift])
        )
        patch = spine_patch(replace(frame, image=image), turned, "right", "right", PX_PER_TRUNK)
        assert patch is not None
        changes.append(network.read(patch).angles_deg - network.read(_patch(clip, row)).angles_deg)
    np.testing.assert_allclose(np.mean(changes, axis=0), [roll_deg, 0.0, 0.0], atol=1.0)


def test_a_picture_of_three_times_the_size_is_read_alike(clip: ObservedClip, network: SpineNetwork) -> None:
    for row in range(0, len(clip), 3):
        frame, seen = clip.frame(row), clip.observation(row)
        large = PoseObservation(3 * seen.landmarks_px, seen.visibility, seen.mask, 3 * seen.mask_to_picture)
        patch = spine_patch(replace(frame, source_px_per_px=3.0), large, "right", "right", 3 * PX_PER_TRUNK)
        assert patch is not None
        twin, plain = network.read(patch), network.read(_patch(clip, row))
        np.testing.assert_allclose(twin.angles_deg, plain.angles_deg, atol=0.02)  # features are in half precision
        np.testing.assert_allclose(twin.outline_px, 3 * plain.outline_px, atol=1e-2)


def test_what_is_no_back_is_less_familiar(clip: ObservedClip, network: SpineNetwork) -> None:
    own = _strangeness(clip, network)
    assert np.median(own) < 1.0, "a rower like those of the fit"
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, clip.picture.shape, dtype=np.uint8)
    shuffled = rng.permuted(clip.picture.reshape(len(clip), -1), axis=1).reshape(clip.picture.shape)
    for picture in (noise, shuffled):
        noisy = _strangeness(replace(clip, picture=picture), network)
        assert (noisy > own).mean() > 0.8
        assert noisy.mean() > 1.1 * own.mean()
    no_body = replace(clip, picture=noise, mask=rng.permuted(noise, axis=2))
    upside_down = replace(clip, picture=clip.picture[:, ::-1], mask=clip.mask[:, ::-1])
    nobody = replace(clip, mask=np.zeros_like(clip.mask))
    for strange in (no_body, upside_down, nobody):
        found = _strangeness(strange, network)
        assert found.min() > own.max()
        assert np.median(found) > 1.5 * np.median(own)


def test_every_thread_reads_the_same_numbers_in_any_order(network: SpineNetwork) -> None:
    clips = [held_out(number) for number in NUMBERS]

    def read_backwards(_: int) -> list[FloatArray]:
        own = SpineNetwork()
        return [_numbers([own.read(_patch(c, row)) for row in reversed(range(len(c)))])[::-1] for c in reversed(clips)]

    with ThreadPoolExecutor(2) as pool:
        others = list(pool.map(read_backwards, range(2)))
    for other in others:
        for clip, found in zip(clips, reversed(other), strict=True):
            np.testing.assert_array_equal(found, _numbers(_read(clip, network)))


def test_a_reading_does_not_share_its_arrays_with_the_next(network: SpineNetwork) -> None:
    clip = held_out(NUMBERS[0])
    first = network.read(_patch(clip, 0))
    kept = _numbers([first]).copy()
    assert np.abs(_numbers([network.read(_patch(clip, 8))]) - kept).max() > 1.0
    np.testing.assert_array_equal(_numbers([first]), kept)


def test_the_files_are_small() -> None:
    assert sum(len((resources.files("rowsense.spine") / name).read_bytes()) for name in (DATA_FILE, ANSWER_FILE)) < 5e6
