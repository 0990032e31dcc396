"""Pictures of one person as the pose model saw them: what the spine estimate would be given of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.model import Frame, PoseObservation
from rowsense.pose.people import Detections
from rowsense.pose.suitability import nearest_rower, nearest_seated
from rowsense.spine.patch import SpinePatch, spine_patch
from rowsense.studies.array_file import read_arrays, write_arrays
from rowsense.studies.looking import find_people, grey, look_at

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SeenClip:
    """T pictures as the pose model saw them, one person in all; lengths are picture pixels."""

    picture: ByteArray
    """(T, H, W) grey."""
    mask: ByteArray
    """(T, M, M) the silhouette's probability, 255 = 1."""
    mask_to_picture: FloatArray
    """(T, 2, 3)"""
    landmarks_px: FloatArray
    """(T, 33, 2); NaN where nobody was found."""
    visibility: FloatArray
    """(T, 33)"""
    facing: str
    near_side: str
    trunk_px: float

    def __len__(self) -> int:
        return len(self.picture)

    def frame(self, row: int) -> Frame:
        """One picture as the estimate takes it."""
        return Frame(row, float(row), cv2.merge([self.picture[row]] * 3))

    def observation(self, row: int) -> PoseObservation:
        """What the pose model saw in it."""
        found = bool(np.isfinite(self.landmarks_px[row]).all())
        mask = self.mask[row].astype(np.float32) / 255.0 if found else None
        return PoseObservation(self.landmarks_px[row], self.visibility[row], mask, self.mask_to_picture[row])

    def patch(self, row: int) -> SpinePatch | None:
        """The patch that the analysis would cut."""
        return spine_patch(self.frame(row), self.observation(row), self.facing, self.near_side, self.trunk_px)

    def write(self, path: Path) -> None:
        """Write the clip whole or not at all."""
        write_arrays(path, self)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what :meth:`write` wrote."""
        return read_arrays(path, cls)


def see(pictures: Sequence[ByteArray], pose_model: Path) -> SeenClip | None:
    """Look at RGB pictures of one person as the analysis looks at a video's frames; None where nobody is found.

    The person is the rower or, where nobody rows, whoever sits with the feet ahead, or the largest one: what the
    sparse pass would refuse is for the spine estimate to refuse here.
    """
    someone = find_someone(pictures, pose_model)
    return None if someone is None else see_person(pictures, someone, pose_model)


def find_someone(pictures: Sequence[ByteArray], pose_model: Path) -> Detections | None:
    """Who is looked at."""
    people = find_people(_frames(pictures), pose_model)
    return nearest_rower(people) or nearest_seated(people) or (people[0] if people else None)


def _frames(pictures: Sequence[ByteArray]) -> list[Frame]:
    return [Frame(row, float(row), picture) for row, picture in enumerate(pictures)]


def see_person(pictures: Sequence[ByteArray], someone: Detections, pose_model: Path) -> SeenClip:
    """The same for a person whose place in every picture is known."""
    facing = someone.person.facing or "right"
    seen, trunk_px = look_at(_frames(pictures), someone, facing, pose_model)
    return seen_clip(pictures, seen, facing, someone.person.near_side, trunk_px)


def seen_clip(
    pictures: Sequence[ByteArray], seen: Sequence[PoseObservation], facing: str, near_side: str, trunk_px: float
) -> SeenClip:
    """Put RGB pictures and what was seen in each together."""
    nothing = np.zeros((256, 256), dtype=np.float32)
    masks = [nothing if one.mask is None else one.mask for one in seen]
    return SeenClip(
        picture=np.stack([grey(one) for one in pictures]),
        mask=(np.stack(masks) * 255.0).astype(np.uint8),
        mask_to_picture=np.stack([one.mask_to_picture for one in seen]),
        landmarks_px=np.stack([one.landmarks_px for one in seen]),
        visibility=np.stack([one.visibility for one in seen]),
        facing=facing,
        near_side=near_side,
        trunk_px=trunk_px,
    )
