"""Looks, light, sensor and room: defaults change nothing, every dial changes the picture, and all is seeded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from rowsense.simulate import clip, render_clip, rower
from rowsense.simulate.clip_spec import SAMPLES, ClipSpec
from rowsense.simulate.light import LightSpec
from rowsense.simulate.look import OUTFITS, TROUSERS, LookSpec, wear
from rowsense.simulate.people import PersonSpec
from rowsense.simulate.sensor import Sensor, SensorSpec
from rowsense.simulate.truth import TruthWriter, truth_columns
from tests.simulate.variety import FAST, PLAIN, TINY, varied

pytest.importorskip("torch", reason="the extra 'simulate' (torch, anny) is not installed")
pytest.importorskip("anny", reason="the extra 'simulate' (torch, anny) is not installed")

SAMPLE_FOLDER = Path(__file__).resolve().parents[2] / "sample_videos"

#: Mean of each of 4 x 2 parts of frame 40 of ``PLAIN`` (red, green, blue), as drawn before there was any variety.
PLAIN_MEANS = [
    (187.579, 187.579, 182.890),
    (182.286, 181.980, 180.191),
    (185.763, 191.020, 189.053),
    (159.556, 168.378, 170.332),
    (151.358, 141.770, 131.026),
    (139.580, 128.985, 119.653),
    (150.776, 141.110, 130.727),
    (144.641, 135.635, 125.950),
]

EVERYTHING = varied(
    TINY,
    look={**OUTFITS["hoodie"], **TROUSERS, "pattern": "noise", "hair_style": "long", "side_stripe": (0.9, 0.9, 0.9)},
    camera={"distortion_k1": -0.08, "yaw_deg": 12.0},
    room={"wall_texture": "speckle", "clutter_count": 4, "people": (PersonSpec(),), "shelf_x_m": -1.0},
    light={"shadow_ratio": 0.5, "glare_ratio": 0.3, "flicker_ratio": 0.05, "rim_ratio": 0.3},
    sensor={"exposure_s": 0.015, "noise_colour_ratio": 0.4, "jpeg_quality": 60, "sharpen_ratio": 0.4},
)

LOOKS: list[dict[str, Any]] = [
    OUTFITS["tshirt"], OUTFITS["hoodie"], TROUSERS, {"drape_ratio": 1.0}, {"bag_m": 0.02}, {"hang_m": 0.03},
    {"fold_m": 0.01}, {"hem_drop_m": 0.1, "top": (0.9, 0.2, 0.2)}, {"hood_m": 0.05}, {"hair_style": "long"},
    {"hair_style": "ponytail"}, {"side_stripe": (1.0, 1.0, 1.0)},
    *({"pattern": name, "pattern_size_m": 0.2} for name in ("hoops", "stripes", "two_tone", "logo", "noise")),
]  # fmt: skip
LIGHTS: list[dict[str, Any]] = [
    {"direction": (-0.6, 0.5, 0.4)}, {"key_ratio": 0.5}, {"ambient_ratio": 1.3}, {"level_ratio": 0.4},
    {"temperature_k": 4000.0}, {"gradient_right": 0.3}, {"gradient_down": -0.3}, {"rim_ratio": 0.5},
    {"glare_ratio": 0.5}, {"shadow_ratio": 0.5}, {"flicker_ratio": 0.1},
]  # fmt: skip
SENSORS: list[dict[str, Any]] = [
    {"exposure_ev": 0.5}, {"contrast_ratio": 1.2}, {"gamma": 0.8}, {"saturation_ratio": 0.4},
    {"white_balance": (1.1, 1.0, 0.9)}, {"defocus_px": 1.5}, {"detail_ratio": 0.5},
    {"sharpen_ratio": 0.5}, {"noise_colour_ratio": 0.5}, {"noise_grain_px": 0.8}, {"jpeg_quality": 30},
]  # fmt: skip
ROOMS: list[dict[str, Any]] = [
    *({"wall_texture": name} for name in ("brick", "tiles", "panels", "speckle")), {"curtain_x_m": -0.5},
    {"mirror_x_m": -0.5}, {"shelf_x_m": -0.8}, {"rack_x_m": -0.8}, {"plant_x_m": -1.0}, {"chair_x_m": -0.7},
    {"second_ergometer_behind_m": 1.0}, {"clutter_count": 3}, {"people": (PersonSpec(),)},
    {"people": (PersonSpec(sits=True, turn_deg=80.0),)}, {"wall_away_m": 3.4},
]  # fmt: skip


@pytest.fixture(scope="module")
def plain() -> np.ndarray:
    return clip(PLAIN).frame(FAST)


@pytest.fixture(scope="module")
def tiny() -> np.ndarray:
    return clip(TINY).frame(FAST)


@pytest.fixture(scope="module", autouse=True)
def _bodies_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rower, "load_body", cache(rower.load_body))
        yield


def _back_px(spec: ClipSpec, index: int) -> np.ndarray:
    return TruthWriter(clip(spec)).back_outline(index)


def test_defaults_draw_what_they_drew_before(plain: np.ndarray) -> None:
    parts = plain.reshape(2, 135, 4, 120, 3).mean(axis=(1, 3)).reshape(8, 3)
    np.testing.assert_allclose(parts, PLAIN_MEANS, atol=0.02)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_sample_shows_what_its_spec_still_draws(name: str) -> None:
    with av.open(str(SAMPLE_FOLDER / f"{name}.mp4")) as container:
        kept = next(container.decode(video=0)).to_ndarray(format="rgb24")
    away = np.abs(_smooth(clip(name).frame(0)) - _smooth(kept))
    assert away.mean() < 2.0
    assert np.percentile(away, 99.9) < 10.0


def _smooth(picture: np.ndarray) -> np.ndarray:
    """Without the sensor's noise, which compression takes out too."""
    return np.asarray(cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 2.0))


CASES = [
    (part, change) for part, changes in (("look", LOOKS), ("light", LIGHTS), ("room", ROOMS)) for change in changes
]


@pytest.mark.parametrize(("part", "change"), CASES, ids=[f"{p}-{'-'.join(c)}" for p, c in CASES])
def test_every_dial_changes_the_picture_and_leaves_most_of_it_a_picture(
    part: str, change: dict[str, Any], tiny: np.ndarray
) -> None:
    picture = clip(varied(TINY, **{part: change})).frame(FAST)
    assert picture.shape == tiny.shape
    assert picture.dtype == np.uint8
    away = np.abs(picture.astype(int) - tiny).max(axis=2)
    assert (away > 3).sum() > 20
    assert picture.std() > 8.0


@pytest.mark.parametrize("change", SENSORS, ids=["-".join(c) for c in SENSORS])
def test_every_dial_of_the_sensor_changes_the_picture(change: dict[str, Any]) -> None:
    size, middle = (PLAIN.width_px, PLAIN.height_px), np.array([240.0, 0.0])
    drawn = np.random.default_rng(1).integers(0, 256, (30, 40, 3)).astype(np.uint8)
    drawn = np.asarray(cv2.resize(drawn, size), dtype=np.uint8)
    usual, other = (Sensor(s, LightSpec(), 1.2, 6, size, middle) for s in (SensorSpec(), SensorSpec(**change)))
    first, second = usual.finish(drawn.copy(), 2, 0.1), other.finish(drawn.copy(), 2, 0.1)
    assert second.shape == first.shape
    assert (first != second).mean() > 0.2
    np.testing.assert_array_equal(second, other.finish(drawn.copy(), 2, 0.1))


def test_equal_specs_draw_equal_pictures_and_another_seed_another() -> None:
    first, second = (clip(EVERYTHING).frame(FAST) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    for change in ({"look": {"seed": 5}}, {"room": {"seed": 5}}):
        assert (clip(varied(EVERYTHING, **change)).frame(FAST) != first).any()


def test_frames_do_not_depend_on_those_drawn_before() -> None:
    used = clip(EVERYTHING)
    used.frame(3)
    np.testing.assert_array_equal(used.frame(FAST), clip(EVERYTHING).frame(FAST))


def test_a_hoodie_moves_the_back_outwards_and_the_truth_with_it() -> None:
    suit, hoodie = _back_px(PLAIN, FAST), _back_px(varied(look=OUTFITS["hoodie"]), FAST)
    px_per_m = PLAIN.width_px / PLAIN.camera.span_m
    out_m = (suit[:, 0] - hoodie[:, 0])[3:-3] / px_per_m
    assert 0.008 < out_m.mean() < 0.06
    assert out_m.min() > 0.0


def _surface_deg(spec: ClipSpec) -> np.ndarray:
    """(2, 2) what the truth says of two frames: surface tilt and lumbar flexion."""
    writer = TruthWriter(clip(spec))
    for index in (0, FAST):
        writer.add(index)
    columns = [truth_columns().index(f"{name}_surface_deg") for name in ("pelvic_tilt", "lumbar_flexion")]
    return np.array([[float(row[c]) for c in columns] for row in writer._rows])


@pytest.mark.parametrize("look", [OUTFITS["tshirt"], OUTFITS["hoodie"], TROUSERS, {"loose_m": 0.0}])
def test_surface_angles_are_those_of_the_skin_whatever_is_worn_over_it(look: dict[str, float]) -> None:
    np.testing.assert_allclose(_surface_deg(varied(look=look)), _surface_deg(PLAIN), atol=0.1)


def test_the_back_in_the_truth_is_where_the_cloth_ends_in_the_picture() -> None:
    room = {"window_x_m": None, "poster_x_m": None, "wall": (0.1, 0.8, 0.1)}
    look = {**OUTFITS["tshirt"], "top": (0.9, 0.1, 0.1)}
    spec = varied(look=look, room=room, camera={"distortion_k1": -0.1}, noise_sd=0.0)
    red = clip(spec).frame(FAST).astype(int)
    for x, y in _back_px(spec, FAST)[6:-5]:
        row = red[int(y)]
        first = np.flatnonzero(row[:, 0] > row[:, 1])
        near = first[np.abs(first - x) < 12]
        assert near.size
        assert abs(near.min() - x) < 3.0


def test_a_bent_lens_moves_picture_and_truth_alike() -> None:
    bent = clip(varied(camera={"distortion_k1": -0.12}, noise_sd=0.0))
    straight = clip(varied(noise_sd=0.0))
    y, x = np.mgrid[0 : PLAIN.height_px, 0 : PLAIN.width_px] + 0.5
    there, _ = bent.camera.project(straight.camera.position + straight.camera.rays(x, y))
    at = (there - 0.5).astype(np.float32)
    undone = cv2.remap(bent.frame(FAST), at[..., 0], at[..., 1], cv2.INTER_LINEAR)
    wanted = straight.frame(FAST)
    assert np.abs(undone.astype(int) - wanted).mean() < 2.0
    assert np.abs(bent.frame(FAST).astype(int) - wanted).mean() > 5.0


def test_an_open_shutter_smears_what_moves_and_nothing_else() -> None:
    still, smeared = clip(varied(noise_sd=0.0)), clip(varied(noise_sd=0.0, sensor={"exposure_s": 0.03}))
    sharp, soft = still.frame(FAST), smeared.frame(FAST)
    np.testing.assert_array_equal(sharp[:60, :100], soft[:60, :100])
    hip, _ = still.camera.project(still.motion.joints.hip[FAST])
    around = (slice(int(hip[1]) - 90, int(hip[1]) + 10), slice(int(hip[0]) - 40, int(hip[0]) + 40))

    def steepness(picture: np.ndarray) -> float:
        return float(np.percentile(np.abs(np.diff(picture[around].astype(float), axis=1)), 99))

    assert steepness(soft) < 0.8 * steepness(sharp)
    assert soft[around].mean() == pytest.approx(sharp[around].mean(), abs=1.0)


def test_a_shadow_only_darkens_and_never_the_rower() -> None:
    lit, shaded = clip(varied(noise_sd=0.0)).frame(FAST), clip(varied(noise_sd=0.0, light={"shadow_ratio": 0.6}))
    dark = shaded.frame(FAST)
    assert (dark <= lit).all()
    hip, _ = shaded.camera.project(shaded.motion.joints.hip[FAST])
    spot = (slice(int(hip[1]) - 4, int(hip[1])), slice(int(hip[0]) - 4, int(hip[0]) + 4))
    np.testing.assert_array_equal(dark[spot], lit[spot])


@pytest.mark.parametrize("style", ["long", "ponytail"])
def test_hair_hangs_behind_the_back_and_reaches_below_the_neck(style: str) -> None:
    renderer = clip(varied(look={"hair_style": style}))
    posed = renderer.posed(FAST)
    hair = renderer.rower.carried(FAST, posed).vertices[-14 * 14 :]
    neck = renderer.motion.joints.neck[FAST]
    assert hair[:, 1].min() < neck[1] - 0.02
    back = posed[renderer.rower.dressed.hanging.back]  # type: ignore[union-attr]
    tip = hair[-14:].mean(axis=0)
    assert tip[0] < back[np.abs(back[:, 1] - tip[1]) < 0.05, 0].min() + 0.01


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("yaw_deg", [-20.0, 20.0])
def test_far_yaw_and_roll_keep_the_ergometer_in_the_picture(facing: str, yaw_deg: float) -> None:
    renderer = clip(varied(camera={"facing": facing, "yaw_deg": yaw_deg, "roll_deg": 4.0, "span_m": 3.6}))
    ends, _ = renderer.camera.project(np.array([[-1.42, 0.3, 0.0], [1.1, 0.3, 0.0], [0.9, 0.62, 0.0]]))
    assert (ends > 0).all()
    assert (ends < [PLAIN.width_px, PLAIN.height_px]).all()
    assert (ends[0, 0] < ends[1, 0]) == (facing == "right")
    assert renderer.frame(FAST).std() > 20.0


def test_outfits_are_clothes_a_look_can_wear() -> None:
    worn = wear(LookSpec(top=(0.1, 0.2, 0.3)), "tshirt", trousers=True)
    assert worn.top == (0.1, 0.2, 0.3)
    assert worn.sleeve == OUTFITS["tshirt"]["sleeve"]
    assert worn.leg == TROUSERS["leg"]


def test_low_bit_rate_and_a_second_compression_make_smaller_videos(tmp_path: Path) -> None:
    short = replace(PLAIN, motion=replace(PLAIN.motion, duration_s=0.5), noise_sd=4.0)
    usual = render_clip(short, tmp_path / "a").video.stat().st_size
    starved = replace(short, bit_rate_kbps=80, first_crf=40)
    files = render_clip(starved, tmp_path / "b")
    assert files.video.stat().st_size < 0.7 * usual
    with av.open(str(files.video)) as container:
        assert sum(1 for _ in container.decode(video=0)) == len(files.truth.read_text().splitlines()) - 1
    assert sorted(p.suffix for p in (tmp_path / "b").iterdir()) == [".csv", ".csv", ".json", ".mp4"]
