"""What the pose model sees of simulated rowers with a known spine: the inputs of the spine estimate, and the truth.

A clip is kept as small pictures of the back, one a frame, in which a trunk length is always as many pixels, with the
pose model's landmarks and silhouette in their own pixels: everything that the estimate can look at, and small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT, SPINE_ANGLE_NAMES
from rowsense.errors import NotMeasurableError
from rowsense.model import Frame, PoseObservation, PoseTrack
from rowsense.model._checks import Problems
from rowsense.pose.people import middle
from rowsense.pose.suitability import nearest_rower, nearest_seated
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.posing import PosingSpec
from rowsense.spine.patch import SpinePatch, spine_patch
from rowsense.studies.array_file import read_arrays, write_arrays
from rowsense.studies.looking import find_people, grey, look_at
from rowsense.studies.spine_clips import FRAME_STEP_S

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

#: The small pictures: trunk lengths as pixels, width and height, and place of the hip. [D] A little finer and wider
#: than the patch that is cut from them.
PX_PER_TRUNK: Final = 64.0
SIZE: Final = (192, 152)
HIP_AT: Final = (100.0, 108.0)
#: A landmark hip further than this from the true one, trunk lengths, is another person's.
MAX_HIP_AWAY: Final = 0.35


@dataclass(frozen=True, slots=True)
class ObservedClip:
    """T frames of one simulated rower who faces right; lengths are pixels of the small pictures."""

    picture: ByteArray
    """(T, H, W) grey."""
    mask: ByteArray
    """(T, H, W) the silhouette's probability, 255 = 1."""
    landmarks_px: FloatArray
    """(T, 33, 2); NaN where nobody was found."""
    visibility: FloatArray
    """(T, 33)"""
    roll_deg: float
    truth_deg: FloatArray
    """(T, 3) ``SPINE_ANGLE_NAMES``: the rig's rotations."""
    outline_px: FloatArray
    """(T, K, 2) the true outline of the back, clothes included, arms left out, from the seat to the neck."""
    hip_px: FloatArray
    """(T, 2) the rig's hip."""

    def __post_init__(self) -> None:
        count = len(self.truth_deg)
        problems = Problems("ObservedClip")
        problems.shape("picture", self.picture, (count, SIZE[1], SIZE[0]))
        problems.shape("mask", self.mask, (count, SIZE[1], SIZE[0]))
        problems.shape("landmarks_px", self.landmarks_px, (count, LANDMARK_COUNT, 2))
        problems.shape("visibility", self.visibility, (count, LANDMARK_COUNT))
        problems.shape("truth_deg", self.truth_deg, (count, len(SPINE_ANGLE_NAMES)))
        problems.shape("outline_px", self.outline_px, (count, None, 2))
        problems.shape("hip_px", self.hip_px, (count, 2))
        problems.raise_if_any()

    def __len__(self) -> int:
        return len(self.truth_deg)

    def then(self, other: ObservedClip) -> ObservedClip:
        """The same rower before the same camera, observed twice."""
        parts = {
            f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)])
            for f in fields(self)
            if f.name != "roll_deg"
        }
        return ObservedClip(**parts, roll_deg=self.roll_deg)

    def first(self, count: int) -> ObservedClip:
        """Its first frames."""
        parts = {f.name: getattr(self, f.name)[:count] for f in fields(self) if f.name != "roll_deg"}
        return ObservedClip(**parts, roll_deg=self.roll_deg)

    def usable(self) -> NDArray[np.bool_]:
        """(T,) whether the rower was found, and not another person."""
        away = np.hypot(*(middle(self.landmarks_px, "hip") - self.hip_px).T)
        return np.asarray(away < MAX_HIP_AWAY * PX_PER_TRUNK)

    def frame(self, row: int) -> Frame:
        """One small picture as the estimate takes it."""
        return Frame(row, float(row), cv2.merge([self.picture[row]] * 3))

    def observation(self, row: int) -> PoseObservation:
        """What the pose model saw in it."""
        mask = self.mask[row].astype(np.float32) / 255.0
        return PoseObservation(self.landmarks_px[row], self.visibility[row], mask)

    def patch(self, row: int) -> SpinePatch | None:
        """The patch that the analysis would cut."""
        return spine_patch(self.frame(row), self.observation(row), "right", "right", PX_PER_TRUNK)

    def track(self, rows: Sequence[int], lines_px: FloatArray, seen: FloatArray) -> PoseTrack:
        """N of the frames with an outline of the back (N, 64, 2) for each, and what of it was seen (N, 64).

        They lie ``FRAME_STEP_S`` apart, so that none smooths another.
        """
        return PoseTrack(
            frame=np.asarray(rows, dtype=np.int64),
            time_s=np.asarray(rows) * FRAME_STEP_S,
            xy_px=self.landmarks_px[rows],
            visibility=self.visibility[rows],
            back_xy_px=lines_px,
            back_seen=seen,
            inferred=np.ones(len(rows), dtype=bool),
        )

    def write(self, path: Path) -> None:
        """Write the clip whole or not at all."""
        write_arrays(path, self)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what :meth:`write` wrote."""
        return read_arrays(path, cls)


@dataclass(frozen=True, slots=True)
class _Window:
    """Where a small picture lies in the whole one: around the landmark hip."""

    hip_px: FloatArray
    small_per_px: float

    def points(self, xy_px: FloatArray) -> FloatArray:
        """(..., 2) picture positions in the small picture."""
        return np.asarray((xy_px - self.hip_px) * self.small_per_px + HIP_AT)

    def cut(self, image: ByteArray, image_to_picture: FloatArray) -> ByteArray:
        """The small picture of an image whose pixels lie in the picture by a (2, 3) affine map."""
        if np.isnan(self.hip_px).any():
            return np.zeros((SIZE[1], SIZE[0], *image.shape[2:]), dtype=np.uint8)
        linear = self.small_per_px * image_to_picture[:, :2]
        shift = self.points(image_to_picture[:, 2])
        # OpenCV counts from pixel centres, the maps from pixel edges.
        centred = np.column_stack([linear, linear @ (0.5, 0.5) + shift - 0.5])
        return np.asarray(cv2.warpAffine(image, centred, SIZE, flags=cv2.INTER_LINEAR), dtype=np.uint8)


def observe_clip(spec: ClipSpec, pose_model: Path) -> ObservedClip:
    """Render the clip and look at it with the pose model. Needs the extra ``simulate``.

    Raises
    ------
    NotMeasurableError
        The pose model finds no rower in it.
    """
    from rowsense.simulate.render import ClipRenderer
    from rowsense.simulate.truth import TruthWriter

    renderer = ClipRenderer(spec, fine_room=False)
    frames = [Frame(i, float(renderer.motion.time_s[i]), renderer.frame(i)) for i in range(len(renderer))]
    observations, trunk_px = _observe(spec, frames, pose_model)
    windows = [_Window(middle(one.landmarks_px, "hip"), PX_PER_TRUNK / trunk_px) for one in observations]
    truth = TruthWriter(renderer)
    hips_px, _ = renderer.camera.project(renderer.motion.joints.hip)

    def each(of: Callable[[int], Any]) -> Any:
        return np.stack([of(row) for row in range(len(frames))])

    return ObservedClip(
        picture=each(lambda i: windows[i].cut(grey(frames[i].image), np.eye(2, 3))),
        mask=each(lambda i: windows[i].cut(_mask(observations[i]), observations[i].mask_to_picture)),
        landmarks_px=each(lambda i: windows[i].points(observations[i].landmarks_px)),
        visibility=each(lambda i: observations[i].visibility),
        roll_deg=spec.camera.roll_deg,
        truth_deg=np.stack([renderer.motion.angles[name] for name in SPINE_ANGLE_NAMES], axis=1),
        outline_px=each(lambda i: windows[i].points(truth.back_outline(i))),
        hip_px=each(lambda i: windows[i].points(hips_px[i])),
    )


def _observe(spec: ClipSpec, frames: list[Frame], pose_model: Path) -> tuple[list[PoseObservation], float]:
    """Landmarks and silhouettes as the analysis gets them, and the rower's trunk length in pixels."""
    people = find_people(frames, pose_model)
    rower = nearest_seated(people) if isinstance(spec.motion, PosingSpec) else nearest_rower(people)
    if rower is None:
        raise NotMeasurableError(f"{spec.name}: the pose model finds no rower")
    return look_at(frames, rower, "right", pose_model)


def _mask(observation: PoseObservation) -> ByteArray:
    if observation.mask is None:
        return np.zeros((1, 1), dtype=np.uint8)
    return (observation.mask * 255.0).astype(np.uint8)
