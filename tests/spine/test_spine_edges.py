"""The study of sharper silhouettes: edges found where they are, distances that are right, and a table of every way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.spine.network import SpineNetwork
from rowsense.studies.spine_edge_ways import TRUE, WAYS, Seen
from rowsense.studies.spine_edges import WayErrors, clip_errors, distances, table, tangents
from rowsense.studies.spine_frames import ObservedClip
from rowsense.studies.spine_sharpening import (
    as_it_is,
    between,
    grab_cut,
    guided,
    normals,
    redrawn,
    to_strongest_edge,
)
from tests.spine.seen_clips import NUMBERS, held_out

FloatArray = NDArray[np.float64]

#: An upright straight back at this column, body on the right, from seat to neck.
EDGE_PX = 40.0
BACK_PX = np.column_stack([np.full(64, EDGE_PX), np.linspace(90.0, 10.0, 64)])
INNER_PX = np.array([[70.0, 10.0], [70.0, 90.0]])


def _bands(edge_px: float, left: float, right: float, soft_px: float = 1.0) -> NDArray[np.float32]:
    """(100, 80) one level left of an edge and another right of it."""
    share = 1.0 / (1.0 + np.exp(-(np.arange(80) + 0.5 - edge_px) / soft_px))
    return np.tile(left + (right - left) * share, (100, 1)).astype(np.float32)


def _edge_at(mask: NDArray[np.float32]) -> FloatArray:
    """(R,) column at which each inner row reaches one half."""
    return np.array([np.interp(0.5, row[:72], np.arange(72) + 0.5) for row in mask[25:75]])


def test_distances_are_signed_and_end_with_the_outline() -> None:
    truth = np.array([[38.0, 50.0], [43.0, 31.7], [40.0, 95.0], [39.0, 5.0]])
    np.testing.assert_allclose(distances(truth, BACK_PX), [-2.0, 3.0, np.nan, np.nan])
    np.testing.assert_allclose(normals(BACK_PX), np.tile([-1.0, 0.0], (64, 1)), atol=1e-12)


def test_the_part_between_two_ends_runs_from_one_to_the_other() -> None:
    part = between(BACK_PX[::7], np.array([[20.0, 80.0], [45.0, 20.0]]))
    np.testing.assert_allclose(part[[0, -1]], [[EDGE_PX, 80.0], [EDGE_PX, 20.0]], atol=0.1)
    np.testing.assert_allclose(np.diff(part[:, 1]), (part[-1, 1] - part[0, 1]) / 63, atol=1e-9)


@pytest.mark.parametrize("off_px", [-1.2, 0.7])
def test_the_guided_filter_draws_the_silhouette_to_the_pictures_edge(off_px: float) -> None:
    grey = _bands(EDGE_PX, 60.0, 160.0, 0.4).astype(np.uint8)
    mask = _bands(EDGE_PX + off_px, 0.0, 1.0)
    assert np.abs(_edge_at(guided(grey, mask)) - EDGE_PX).max() < 0.7 * abs(off_px)
    flat = guided(np.full_like(grey, 90), mask)
    np.testing.assert_allclose(_edge_at(flat), EDGE_PX + off_px, atol=0.05)


def test_grab_cut_decides_in_its_band_only() -> None:
    noise = np.random.default_rng(0).normal(0.0, 4.0, (100, 80))
    grey = (_bands(EDGE_PX, 60.0, 160.0, 0.2) + noise).astype(np.uint8)
    mask = _bands(EDGE_PX + 1.0, 0.0, 1.0)
    cut = grab_cut(grey, mask)
    np.testing.assert_allclose(_edge_at(cut), EDGE_PX, atol=0.4)
    np.testing.assert_array_equal(cut[:, :34], mask[:, :34])
    np.testing.assert_array_equal(cut[:, 48:], mask[:, 48:])
    empty = np.zeros_like(mask)
    np.testing.assert_array_equal(grab_cut(grey, empty), empty)


@pytest.mark.parametrize(("left", "right"), [(60.0, 160.0), (160.0, 60.0)])
def test_points_move_to_the_edge_of_the_right_polarity(left: float, right: float) -> None:
    grey = _bands(EDGE_PX - 1.0, left, right, 0.3)
    # A thin line of the other polarity on the other side of the outline, and nearer to it.
    grey[:, 41:43] = 0.5 * (grey[:, 41:43] + left)
    moved = to_strongest_edge(grey.astype(np.uint8), BACK_PX)
    np.testing.assert_allclose(moved[:, 0], EDGE_PX - 1.0, atol=0.4)
    np.testing.assert_allclose(moved[:, 1], BACK_PX[:, 1], atol=1e-9)
    flat = np.full((100, 80), 90, dtype=np.uint8)
    np.testing.assert_array_equal(to_strongest_edge(flat, BACK_PX), BACK_PX)


@pytest.mark.parametrize("shift_px", [-4.0, 3.0])
def test_a_redrawn_silhouette_ends_at_the_new_outline(shift_px: float) -> None:
    mask = _bands(EDGE_PX, 0.0, 1.0)
    shown = redrawn(mask, BACK_PX, BACK_PX + [shift_px, 0.0], INNER_PX)
    np.testing.assert_allclose(_edge_at(shown), EDGE_PX + shift_px, atol=0.5)
    np.testing.assert_array_equal(redrawn(mask, BACK_PX, BACK_PX, INNER_PX), mask)
    np.testing.assert_array_equal(shown[:, 60:], mask[:, 60:])


def test_tangents_are_those_of_the_outlines_shown() -> None:
    clip = held_out(NUMBERS[0])
    turn = np.radians(7.0)
    leaning = (BACK_PX - BACK_PX[0]) @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    found = tangents(replace(clip, roll_deg=0.0), [0, 3], np.stack([BACK_PX, leaning]))
    np.testing.assert_allclose(found[1] - found[0], [7.0, 0.0, 0.0], atol=1e-6)


def _first(clip: ObservedClip, count: int) -> ObservedClip:
    parts = ("picture", "mask", "landmarks_px", "visibility", "truth_deg", "outline_px", "hip_px")
    return replace(clip, **{name: getattr(clip, name)[:count] for name in parts})


def test_every_way_is_judged_over_the_same_frames_and_the_true_outline_is_nearest() -> None:
    network = SpineNetwork()
    found = [clip_errors(_first(held_out(number), 5), network) for number in NUMBERS]
    for clip in found:
        assert set(clip) == {*WAYS, TRUE}
        assert len({len(one.took_ms) for one in clip.values()}) == 1
        assert len({np.isfinite(one.away).tobytes() for one in clip.values()}) == 1
        off = {name: float(np.nanmedian(np.abs(one.away))) for name, one in clip.items()}
        assert off[TRUE] == min(off.values()) < 0.002
        assert max(off.values()) < 0.02
        for one in clip.values():
            np.testing.assert_allclose(one.network_deg.mean(axis=0), 0.0, atol=1e-9)
            np.testing.assert_allclose(one.tangents_deg.mean(axis=0), 0.0, atol=1e-9)
    text = table(found)
    assert all(f"| {name} |" in text for name in (*WAYS, TRUE))


def test_an_outline_that_lies_elsewhere_shows_in_the_distances() -> None:
    """What keeps the study able to tell: the truth a twentieth of a trunk length further out."""
    network, clip = SpineNetwork(), _first(held_out(NUMBERS[0]), 3)
    right, wrong = (clip_errors(one, network) for one in (clip, replace(clip, outline_px=clip.outline_px - [3.2, 0])))
    for name in WAYS:
        assert np.nanmedian(wrong[name].away) < np.nanmedian(right[name].away) - 0.02, name


def test_the_tables_numbers_are_the_errors_own() -> None:
    sign = np.tile([1.0, -1.0], 10)[:, None]
    one = WayErrors(
        away=np.tile([0.03, np.nan, 0.04, -0.05], (20, 1)), tangents_deg=6.0 * sign * np.ones(3),
        network_deg=sign * [1.0, 2.0, 3.0], took_ms=np.full(20, 1.25),
    )  # fmt: skip
    line = table([{TRUE: one}]).splitlines()[2]
    assert line == f"| {TRUE} | 4.08 | 4.00 | 5.00 | +3.00 | 6.00 / 6.00 / 6.00 | 1.00 / 2.00 / 3.00 | 1.2 |"
    assert "20 frames of 1 clips" in table([{TRUE: one}])


def test_the_silhouette_as_it_is_stays() -> None:
    seen = Seen.of(held_out(NUMBERS[1]), 2)
    assert as_it_is(seen.grey, seen.mask) is seen.mask
    assert seen.with_mask(seen.mask).line().shape == (64, 2)
