"""Frames of one recording read together: what the context is, and what must not change it."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import SPINE_FEATURE_COUNT
from rowsense.model import SpineReading
from rowsense.spine import network, together
from rowsense.spine.network import SpineAnswer, SpineNetwork, in_half_precision, shipped_answer
from rowsense.spine.together import read_together
from rowsense.studies.figures import centred, rms
from tests.spine.seen_clips import NUMBERS, held_out

FloatArray = NDArray[np.float64]
Read = tuple[FloatArray, FloatArray, NDArray[np.float16]]


def _read(number: int) -> Read:
    """Angles, sds and features of a clip's frames, each read by itself."""
    reader, clip = SpineNetwork(), held_out(number)
    patches = [clip.patch(row) for row in range(len(clip))]
    readings = [reader.read(patch) for patch in patches if patch is not None]
    return (
        np.stack([r.angles_deg for r in readings]),
        np.stack([r.sd_deg for r in readings]),
        np.stack([r.features for r in readings]),
    )


@pytest.fixture(scope="module")
def read() -> Read:
    return _read(NUMBERS[0])


def test_a_recording_of_one_frame_is_that_frame(read: Read) -> None:
    for row in range(len(read[0])):
        one = tuple(part[row : row + 1] for part in read)
        for found, alone in zip(read_together(*one), one, strict=False):
            np.testing.assert_allclose(found, alone, atol=1e-9)


def test_other_frames_say_more_of_a_rower() -> None:
    alone, all_ = [], []
    for number in NUMBERS:
        read, truth = _read(number), held_out(number).truth_deg
        alone.append(centred(read[0] - truth))
        all_.append(centred(read_together(*read)[0] - truth))
    assert (rms(np.vstack(all_))[:2] < rms(np.vstack(alone))[:2]).all()


def test_the_order_of_frames_and_how_often_they_are_played_change_nothing(read: Read) -> None:
    angles, sd = read_together(*read)
    order = np.random.default_rng(0).permutation(len(angles))
    for rows in (order, np.concatenate([order, order])):
        found, found_sd = read_together(*(part[rows] for part in read))
        np.testing.assert_allclose(found, angles[rows], atol=1e-6)
        np.testing.assert_allclose(found_sd, sd[rows], atol=1e-6)


def test_long_recordings_are_read_in_parts(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_together(*read)
    for module in (network, together):
        monkeypatch.setattr(module, "AT_ONCE", 5)
    for found, expected in zip(read_together(*read), whole, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-9)


def test_the_zero_stays_where_the_frames_by_themselves_have_it(read: Read) -> None:
    np.testing.assert_allclose(read_together(*read)[0].mean(axis=0), read[0].mean(axis=0), atol=1e-9)


def test_unread_frames_stay_unread_and_tell_nothing(read: Read) -> None:
    angles, sd = read_together(*read)
    strange = in_half_precision(np.full((3, SPINE_FEATURE_COUNT), 50.0))
    unknown = np.full((3, 3), np.nan)
    found, found_sd = read_together(
        np.vstack([unknown, read[0]]), np.vstack([unknown, read[1]]), np.vstack([strange, read[2]])
    )
    assert np.isnan(found[:3]).all()
    assert np.isnan(found_sd[:3]).all()
    np.testing.assert_array_equal(found[3:], angles)
    np.testing.assert_array_equal(found_sd[3:], sd)
    nothing = read_together(unknown, unknown, strange)
    assert np.isnan(nothing).all()


def test_what_is_given_is_left_as_it_was_and_doubt_that_was_widened_stays_so(read: Read) -> None:
    before = [part.copy() for part in read]
    angles, sd = read_together(*read)
    wider, wider_sd = read_together(read[0], 1.25 * read[1], read[2])
    np.testing.assert_array_equal(wider, angles)
    np.testing.assert_allclose(wider_sd, 1.25 * sd)
    for part, kept in zip(read, before, strict=True):
        np.testing.assert_array_equal(part, kept)


def test_an_answer_is_packed_and_checked() -> None:
    answer = shipped_answer()
    again = SpineAnswer.unpacked(answer.packed())
    for one in fields(SpineAnswer):
        np.testing.assert_array_equal(getattr(again, one.name), getattr(answer, one.name), err_msg=one.name)
    assert answer.feature_count == SPINE_FEATURE_COUNT
    with pytest.raises(ValueError, match=r"bias has shape .*; usual_deg has shape"):
        SpineAnswer(answer.common, answer.answer, answer.bias[:1, :2], answer.usual_deg.T, answer.sd_ratio)
    small = SpineAnswer(
        *(part[:1] for part in (answer.common, answer.answer, answer.bias, answer.usual_deg)), answer.sd_ratio
    )
    with pytest.raises(ValueError, match=f"{SPINE_FEATURE_COUNT // 2} numbers of a frame"):
        SpineNetwork((b"", small))


def test_a_missing_reading_has_no_features() -> None:
    assert np.isnan(SpineReading.missing().features).all()
