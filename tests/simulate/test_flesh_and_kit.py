"""Ergometers, flesh and kit: every dial shows, flesh moves the true outline and no bone, and bad specs are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from rowsense.simulate import clip, rower
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.ergometer_look import LEG_SHAPES, SEAT_SHAPES, WHEELS, ErgometerLook
from rowsense.simulate.motion import simulate_motion
from rowsense.simulate.posture import THORACIC_LIMITS_DEG
from rowsense.simulate.truth import TruthWriter
from rowsense.studies.spine_clips import TEST, drawn_clip
from rowsense.studies.spine_variety import varied_clip
from tests.simulate.variety import FAST, PLAIN, TINY, varied

pytest.importorskip("torch", reason="the extra 'simulate' (torch, anny) is not installed")
pytest.importorskip("anny", reason="the extra 'simulate' (torch, anny) is not installed")

RED = (0.9, 0.1, 0.1)
DIALS: list[tuple[str, dict[str, Any]]] = [
    *(("ergometer", {"seat_shape": shape, "seat_colour": RED, "seat_lip_m": 0.04}) for shape in SEAT_SHAPES),
    *(("ergometer", {"leg_shape": shape, "leg_colour": RED}) for shape in LEG_SHAPES),
    *(("ergometer", {"wheel": wheel, "wheel_colour": RED}) for wheel in WHEELS),
    ("ergometer", {"rail_thick_m": 0.15}), ("ergometer", {"rail_colour": RED}), ("ergometer", {"rear_end_m": -1.2}),
    ("ergometer", {"seat_over_rail_m": 0.13}), ("ergometer", {"band_colours": (RED, RED), "rail_thick_m": 0.14}),
    ("ergometer", {"end_cap_colour": RED}), ("ergometer", {"strip_colour": RED, "strip_thick_m": 0.03}),
    ("ergometer", {"carriage_colour": RED, "carriage_length_m": 0.3, "seat_over_rail_m": 0.12}),
    *(("flesh", {name: 0.03}) for name in ("belly_m", "waist_m", "lumbar_m", "upper_back_m", "buttock_m", "uneven_m")),
    ("flesh", {"shoulder_back_m": 0.04}), ("flesh", {"seat_sink_m": 0.05}),
    ("look", {"seam": RED, "seam_m": 0.06}), ("look", {"waistband": RED, "band_m": 0.06}),
    ("look", {"hem_band": RED, "band_m": 0.06}), ("look", {"shine_ratio": 0.6}), ("look", {"wrinkle_ratio": 0.8}),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _bodies_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rower, "load_body", cache(rower.load_body))
        yield


@pytest.fixture(scope="module")
def tiny() -> np.ndarray:
    return clip(TINY).frame(FAST)


@pytest.mark.parametrize(("part", "change"), DIALS, ids=[f"{p}-{'-'.join(map(str, c.items()))}" for p, c in DIALS])
def test_every_dial_changes_the_picture(part: str, change: dict[str, Any], tiny: np.ndarray) -> None:
    away = np.abs(clip(varied(TINY, **{part: change})).frame(FAST).astype(int) - tiny).max(axis=2)
    assert 20 < (away > 6).sum() < 0.5 * away.size


def test_what_an_ergometer_cannot_be_is_refused() -> None:
    for wrong in ({"seat_shape": "stool"}, {"leg_shape": ""}, {"wheel": "fan"}, {"seat_thick_m": 0.2}):
        with pytest.raises(ValueError, match="ErgometerLook"):
            ErgometerLook(**wrong)


def _back_m(spec: ClipSpec) -> np.ndarray:
    """The true outline of the back from the hip, metres, and nothing but flesh tells two specs apart."""
    renderer = clip(spec)
    hip, _ = renderer.camera.project(renderer.motion.joints.hip[FAST])
    return np.asarray((TruthWriter(renderer).back_outline(FAST) - hip) * PLAIN.camera.span_m / PLAIN.width_px)


def test_flesh_moves_the_outline_where_it_is_and_no_bone() -> None:
    usual, fuller = clip(PLAIN), clip(varied(flesh={"lumbar_m": 0.02, "uneven_m": 0.004}))
    for name, angle in usual.motion.angles.items():
        np.testing.assert_array_equal(fuller.motion.angles[name], angle, err_msg=name)
    out_m = (_back_m(PLAIN) - _back_m(varied(flesh={"lumbar_m": 0.02})))[:, 0]
    assert out_m.max() == pytest.approx(0.02, abs=0.008)
    assert 2 < np.argmax(out_m) < 12, "over the low back, not at the seat or the neck"
    assert abs(out_m[-3:]).max() < 0.004


def test_what_is_sat_on_is_pressed_out_backwards_and_stays_on_the_seat() -> None:
    usual, pressed = clip(PLAIN), clip(varied(flesh={"seat_bulge_m": 0.02}))
    first, second = usual.posed(FAST), pressed.posed(FAST)
    moved = np.abs(first - second).max(axis=1) > 1e-9
    assert moved.any()
    assert (second[moved, 0] < first[moved, 0]).all()
    assert (first[moved, 0] - second[moved, 0]).max() <= 0.02 + 1e-9
    np.testing.assert_allclose(second[:, 1], first[:, 1])


def test_twins_differ_in_what_was_varied_alone_and_their_upper_back_is_free() -> None:
    low, high = THORACIC_LIMITS_DEG
    at_end = {"plain": [], "twin": []}
    for number in range(4):
        plain, twin = drawn_clip(TEST, number, 30), varied_clip(TEST, number, 30)
        assert (twin.body, twin.camera, twin.light, twin.sensor) == (
            plain.body,
            plain.camera,
            plain.light,
            plain.sensor,
        )
        assert twin == varied_clip(TEST, number, 30)
        assert twin.ergometer != plain.ergometer != varied_clip(TEST, number + 1, 30).ergometer
        for name, spec in (("plain", plain), ("twin", twin)):
            motion = simulate_motion(spec.motion)
            thoracic = motion.angles["thoracic_flexion_deg"]
            at_end[name].append(np.mean((thoracic < low + 2.0) | (thoracic > high - 2.0)))
        same = replace(twin.motion, spine=replace(twin.motion.spine, thoracic_give=0.0, protraction_wander_sd_m=0.007))
        assert same == plain.motion
    assert np.mean(at_end["plain"]) > 0.4
    assert np.mean(at_end["twin"]) < 0.05
