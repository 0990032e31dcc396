"""The patch shows the back where it says, whatever the camera: marks that are found again, and things that cancel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT, LANDMARK_INDEX
from rowsense.model import Frame, PoseObservation
from rowsense.spine.patch import (
    HIP_AT,
    JOINT_NUMBERS,
    JOINTS,
    LEAN_UNIT_DEG,
    PATCH_COLUMNS,
    PATCH_ROWS,
    PX_PER_TRUNK,
    SpinePatch,
    level,
    spine_patch,
)
from tests.spine.seen_clips import mirrored_frame, mirrored_observation

FloatArray = NDArray[np.float64]
WIDTH, HEIGHT = 480, 400
HIP = np.array([230.0, 260.0])
TRUNK_PX = 120.0
SIDES = ("left", "right")


@dataclass(frozen=True)
class Rower:
    """Landmarks of somebody who leans; by default she faces right, with a textured picture and silhouette."""

    lean_deg: float = 0.0
    trunk_px: float = TRUNK_PX
    near_side: str = "right"
    seed: int = 0

    @property
    def up(self) -> FloatArray:
        return np.array([np.sin(np.radians(self.lean_deg)), -np.cos(np.radians(self.lean_deg))])

    @property
    def shoulder(self) -> FloatArray:
        return HIP + self.trunk_px * self.up

    def frame(self, image: NDArray[np.uint8] | None = None) -> Frame:
        return Frame(0, 0.0, texture(self.seed) if image is None else image)

    def seen(self, mask: NDArray[np.float32] | None = None) -> PoseObservation:
        rng = np.random.default_rng(self.seed)
        xy = HIP + rng.uniform(-150, 150, (LANDMARK_COUNT, 2))
        for side, away in zip(SIDES, ((5.0, -3.0), (-5.0, 3.0)), strict=True):
            xy[LANDMARK_INDEX[f"{side}_hip"]] = HIP + away
            xy[LANDMARK_INDEX[f"{side}_shoulder"]] = self.shoulder + away
        silhouette = texture(self.seed + 1)[..., 0].astype(np.float32) / 255.0 if mask is None else mask
        mapping = np.diag([WIDTH / silhouette.shape[1], HEIGHT / silhouette.shape[0], 1.0])[:2]
        return PoseObservation(xy, rng.uniform(0, 1, LANDMARK_COUNT), silhouette, mapping)

    def patch(self, image: NDArray[np.uint8] | None = None, mask: NDArray[np.float32] | None = None) -> SpinePatch:
        return cut(self.frame(image), self.seen(mask), near_side=self.near_side)


def cut(
    frame: Frame, seen: PoseObservation, facing: str = "right", near_side: str = "right", trunk_px: float = TRUNK_PX
) -> SpinePatch:
    patch = spine_patch(frame, seen, facing, near_side, trunk_px)
    assert patch is not None
    return patch


def texture(seed: int) -> NDArray[np.uint8]:
    """Smooth blotches, so that the way of sampling them does not matter."""
    grain = np.random.default_rng(100 + seed).normal(0, 1, (HEIGHT, WIDTH)).astype(np.float32)
    smooth = cv2.GaussianBlur(grain, (0, 0), 12.0)
    grey = np.clip(128 + 50 * smooth / smooth.std(), 0, 255).astype(np.uint8)
    return cv2.merge([grey] * 3)


def mark(at: FloatArray, scale: float = 1.0) -> NDArray[np.float32]:
    """0..1: a soft dot at a picture position, in an image with ``scale`` pixels to a picture pixel."""
    row, column = np.mgrid[0 : round(HEIGHT * scale), 0 : round(WIDTH * scale)]
    away = np.hypot((column + 0.5) / scale - at[0], (row + 0.5) / scale - at[1])
    return np.exp(-0.5 * (away / 5.0) ** 2).astype(np.float32)


def picture_of(dot: NDArray[np.float32]) -> NDArray[np.uint8]:
    return cv2.merge([(60 + 120 * dot).astype(np.uint8)] * 3)


def found_at(layer: NDArray[np.float32]) -> FloatArray:
    """Column and row of the dot, from the outer edges."""
    weight = np.clip(layer - np.median(layer) - 0.3 * np.ptp(layer), 0, None)
    row, column = np.mgrid[0:PATCH_ROWS, 0:PATCH_COLUMNS]
    return np.array([(weight * (column + 0.5)).sum(), (weight * (row + 0.5)).sum()]) / weight.sum()


def numbers(patch: SpinePatch) -> dict[str, FloatArray]:
    """The joints' places (trunk lengths) by name; near side ``near``, far side ``far``."""
    names = [f"{side}_{joint}" for side, joint in product(("near", "far"), JOINTS)]
    return dict(zip(names, patch.joints[: 2 * len(names)].reshape(-1, 2).astype(float), strict=True))


def to_picture(patch: SpinePatch, trunks: FloatArray) -> FloatArray:
    return np.asarray(trunks @ patch.to_picture[:, :2].T + patch.to_picture[:, 2])


@pytest.mark.parametrize("scale", [1.0, 0.5])
@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("lean_deg", [-35.0, 0.0, 30.0])
def test_hip_and_shoulder_lie_where_the_patch_says(lean_deg: float, layer: int, scale: float) -> None:
    rower = Rower(lean_deg, trunk_px=0.9 * TRUNK_PX)  # a rounded trunk is shorter, and that can be seen
    forward = HIP + 20.0 * np.array([-rower.up[1], rower.up[0]])
    per_px = PX_PER_TRUNK / TRUNK_PX
    places = ((HIP, HIP_AT), (rower.shoulder, (HIP_AT[0], HIP_AT[1] - 0.9 * PX_PER_TRUNK)),
              (forward, (HIP_AT[0] + 20.0 * per_px, HIP_AT[1])))  # fmt: skip
    for at, expected in places:
        if layer == 0:
            patch = rower.patch(mask=mark(at, scale))
        else:
            frame = replace(rower.frame(picture_of(mark(at, scale))), source_px_per_px=1.0 / scale)
            patch = cut(frame, rower.seen())
        found = found_at(patch.layers[layer])
        np.testing.assert_allclose(found, expected, atol=0.12)
        np.testing.assert_allclose(to_picture(patch, (found - HIP_AT) / PX_PER_TRUNK), at, atol=0.3)
    assert patch.lean_deg == pytest.approx(lean_deg)


@pytest.mark.parametrize("near_side", SIDES)
def test_joints_are_told_from_the_hip_near_side_first(near_side: str) -> None:
    rower = Rower(20.0, near_side=near_side)
    patch, seen = rower.patch(), rower.seen()
    assert patch.joints.shape == (JOINT_NUMBERS,)
    assert (patch.joints.dtype, patch.layers.dtype) == (np.float32, np.float32)
    side_of = {"near": near_side, "far": "left" if near_side == "right" else "right"}
    places = numbers(patch)
    for name, place in places.items():
        where, joint = name.split("_")
        landmark = seen.landmarks_px[LANDMARK_INDEX[f"{side_of[where]}_{joint}"]]
        np.testing.assert_allclose(to_picture(patch, place), landmark, atol=1e-3, err_msg=name)
    np.testing.assert_allclose(places["near_hip"] + places["far_hip"], 0.0, atol=1e-6)
    np.testing.assert_allclose((places["near_shoulder"] + places["far_shoulder"]) / 2, [0.0, -1.0], atol=1e-6)
    hidden = [f"{side_of['near']}_elbow", f"{side_of['far']}_elbow", f"{side_of['far']}_shoulder"]
    said = [20.0 / LEAN_UNIT_DEG, *(seen.visibility[LANDMARK_INDEX[name]] for name in hidden)]
    np.testing.assert_allclose(patch.joints[-4:], said, atol=1e-6)


@pytest.mark.parametrize("flip_mask", [True, False])
@pytest.mark.parametrize("lean_deg", [-25.0, 15.0])
def test_a_rower_who_faces_left_gives_the_same_patch(lean_deg: float, flip_mask: bool) -> None:
    rower = Rower(lean_deg)
    frame, seen, plain = rower.frame(), rower.seen(), rower.patch()
    other = mirrored_observation(seen, WIDTH, flip_mask)
    twin = cut(mirrored_frame(frame), other, "left", "left")
    np.testing.assert_allclose(twin.joints, plain.joints, atol=1e-6)
    assert twin.lean_deg == pytest.approx(plain.lean_deg)
    np.testing.assert_allclose(twin.layers[0], plain.layers[0], atol=2.1 / 127.5)  # grey levels are whole
    np.testing.assert_allclose(twin.layers[1], plain.layers[1], atol=0.06)
    points = np.random.default_rng(1).normal(0, 1, (5, 2))
    back = to_picture(twin, points) * [-1.0, 1.0] + [WIDTH, 0.0]
    np.testing.assert_allclose(back, to_picture(plain, points), atol=1e-9)


def test_the_wrong_facing_or_side_gives_another_patch() -> None:
    """What keeps the test above able to fail."""
    rower = Rower(15.0)
    frame, other = mirrored_frame(rower.frame()), mirrored_observation(rower.seen(), WIDTH, flip_mask=True)
    wrong = cut(frame, other, "right", "left")
    assert np.abs(wrong.layers[1] - rower.patch().layers[1]).max() > 1.0
    assert np.abs(cut(frame, other, "left", "right").joints - rower.patch().joints).max() > 0.3


def test_a_picture_of_twice_the_size_and_a_shrunk_frame_give_nearly_the_same() -> None:
    rower = Rower(10.0)
    frame, seen, plain = rower.frame(), rower.seen(), rower.patch()
    large = cv2.resize(frame.image, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    twice = PoseObservation(2 * seen.landmarks_px, seen.visibility, seen.mask, 2 * seen.mask_to_picture)
    small = cv2.resize(frame.image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.uint8)
    for patch, factor in (
        (cut(replace(frame, image=large), twice, trunk_px=2 * TRUNK_PX), 2.0),
        (cut(replace(frame, image=small, source_px_per_px=2.0), seen), 1.0),
    ):
        np.testing.assert_allclose(patch.joints, plain.joints, atol=1e-6)
        np.testing.assert_allclose(patch.layers[0], plain.layers[0], atol=0.03)
        np.testing.assert_allclose(patch.layers[1], plain.layers[1], atol=0.1)
        np.testing.assert_allclose(patch.to_picture, factor * plain.to_picture, atol=1e-9)


def test_silhouette_runs_from_minus_one_to_one_and_ends_with_the_mask() -> None:
    rower = Rower()
    assert (rower.patch(mask=np.ones((HEIGHT, WIDTH), np.float32)).layers[0] == 1.0).all()
    assert (rower.patch(mask=np.zeros((HEIGHT, WIDTH), np.float32)).layers[0] == -1.0).all()
    half = np.zeros((HEIGHT, WIDTH), np.float32)
    half[:, int(HIP[0]) :] = 1.0
    silhouette = rower.patch(mask=half).layers[0]
    edge = int(HIP_AT[0])
    assert (silhouette[:, : edge - 1] == -1.0).all()
    assert (silhouette[:, edge + 1 :] == 1.0).all()
    # Beyond the mask there is no person.
    seen = rower.seen(np.ones((HEIGHT, WIDTH), np.float32))
    part = replace(seen, mask=np.ones((HEIGHT, WIDTH - int(HIP[0])), np.float32),
                   mask_to_picture=np.array([[1.0, 0.0, HIP[0]], [0.0, 1.0, 0.0]]))  # fmt: skip
    assert (cut(rower.frame(), part).layers[0, :, : edge - 1] == -1.0).all()


def test_brightness_does_not_matter_and_contrast_hardly() -> None:
    rower = Rower(-10.0)
    grey = 60.0 + 0.4 * texture(3)
    plain = rower.patch(grey.astype(np.uint8)).layers[1]
    bright = rower.patch((grey + 70.0).astype(np.uint8)).layers[1]
    np.testing.assert_allclose(bright, plain, atol=1e-5)
    faint = rower.patch((60.0 + 0.2 * texture(3)).astype(np.uint8)).layers[1]
    assert np.corrcoef(faint.ravel(), plain.ravel())[0, 1] > 0.995
    assert faint.std() == pytest.approx(plain.std(), rel=0.25)
    assert plain.std() > 0.7


def test_level_has_mean_zero_and_does_not_blow_up_noise() -> None:
    rng = np.random.default_rng(0)
    grey = rng.normal(90, 30, (96, 72)).astype(np.float32)
    levelled = level(grey)
    assert abs(levelled.mean()) < 0.02
    assert 0.8 < levelled.std() < 1.0
    assert np.abs(levelled).max() <= 3.0
    noise = rng.normal(90, 1.0, (96, 72)).astype(np.float32)
    assert level(noise).std() < 0.25
    assert (level(np.full((96, 72), 17.0, np.float32)) == 0).all()


def test_no_patch_without_silhouette_trunk_or_landmarks() -> None:
    rower = Rower()
    frame, seen = rower.frame(), rower.seen()
    holed, lying = seen.landmarks_px.copy(), seen.landmarks_px.copy()
    holed[LANDMARK_INDEX["left_ankle"], 1] = np.nan
    for side in SIDES:
        lying[LANDMARK_INDEX[f"{side}_shoulder"]] = HIP + [TRUNK_PX, 5.0]
    nobody = PoseObservation(np.full((LANDMARK_COUNT, 2), np.nan), np.zeros(LANDMARK_COUNT), seen.mask)
    without = (replace(seen, mask=None), replace(seen, landmarks_px=holed), replace(seen, landmarks_px=lying), nobody)
    for observation in without:
        assert spine_patch(frame, observation, "right", "right", TRUNK_PX) is None
    assert spine_patch(frame, seen, "right", "right", TRUNK_PX) is not None
