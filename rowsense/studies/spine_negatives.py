"""Simulated pictures in which nobody's spine can be read: what the spine estimate must refuse.

``python -m rowsense.studies.spine_negatives FOLDER`` draws and observes all of ``KINDS`` (ten minutes on one core;
it goes on after a stop). Needs the extra ``simulate``. Every clip follows from its kind and number alone.

- *camera yaw*: a rower of the test clips' kind, filmed from 38 to 60 degrees off the side, from ahead and from behind.
- *back covered*: a board, towel, bag or a bystander's trousers, opaque, over the back from below the seat to above
  the shoulder blades, in the picture before the pose model sees it; where she is is known from frames without it.
- *not rowing*: somebody stands, kneels or sits on a bench beside an empty ergometer, seen about from the side.
- *no person*: an empty room or noise in which landmarks and silhouette are those of a rower elsewhere; and empty
  rooms as the pose model itself sees them where a rower would be.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.model import Frame, PoseObservation
from rowsense.pose.mediapipe_estimator import MediaPipePose
from rowsense.pose.models import ensure_model
from rowsense.pose.people import Detections
from rowsense.pose.suitability import nearest_rower, nearest_seated
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.people import PersonSpec
from rowsense.spine.patch import SpinePatch, spine_patch
from rowsense.studies.array_file import read_arrays, write_arrays
from rowsense.studies.looking import find_people, grey, look_at
from rowsense.studies.spine_clips import drawn_clip

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

#: Seed of the stream: none of its bodies, rooms and cameras is in the training or the test clips.
NEGATIVE: Final = 151
#: Clips of each kind, and frames of each clip. On the first half of the clips the limits of the gate were settled, and
#: its measures chosen; the others were drawn after that, and are what is reported.
CLIPS_PER_KIND: Final = 16
SETTLED_ON: Final = 8
FRAMES_PER_CLIP: Final = 8
KINDS: Final = ("camera yaw", "back covered", "not rowing", "no person")

#: Where a rower sits and how large she is in a picture of an empty room, as parts of its height [D: as in the clips].
_PLACE, _TRUNK = (0.75, 0.62), 0.22


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
    return _clip(pictures, seen, facing, someone.person.near_side, trunk_px)


def _clip(
    pictures: Sequence[ByteArray], seen: Sequence[PoseObservation], facing: str, near_side: str, trunk_px: float
) -> SeenClip:
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


# -- the four kinds --------------------------------------------------------------------------------------------------


def yaw_spec(number: int) -> ClipSpec:
    """A rower filmed from 38 to 60 degrees off the side; even numbers from ahead."""
    spec = _drawn(number)
    yaw_deg = (38.0 + 22.0 * (number % SETTLED_ON) / (SETTLED_ON - 1)) * (1.0 if number % 2 == 0 else -1.0)
    return replace(spec, name=f"yaw_{number}", camera=replace(spec.camera, yaw_deg=yaw_deg), room=_alone(spec).room)


def not_rowing_spec(number: int) -> ClipSpec:
    """Somebody who stands, sits or kneels, turned about sideways, before the ergometer or behind it."""
    spec, rng = _drawn(100 + number), np.random.default_rng([NEGATIVE, 1, number])
    someone = PersonSpec(
        x_m=float(rng.uniform(-0.8, 0.6)), behind_m=-0.6 if number % 4 < 2 else 0.8, sits=number % 3 == 1,
        kneels=number % 3 == 2, turn_deg=float((0.0 if number % 2 == 0 else 180.0) + rng.uniform(-20, 20)),
        arms_deg=float(rng.uniform(8, 30)), look=spec.look,
    )  # fmt: skip
    camera = replace(spec.camera, yaw_deg=float(rng.uniform(-6, 6)))
    return replace(spec, name=f"not_rowing_{number}", camera=camera, room=replace(spec.room, people=(someone,)))


def _drawn(number: int) -> ClipSpec:
    return drawn_clip(NEGATIVE, number, FRAMES_PER_CLIP)


def _alone(spec: ClipSpec) -> ClipSpec:
    """The clip without bystanders."""
    return replace(spec, room=replace(spec.room, people=()))


def cover(picture: ByteArray, outline_px: FloatArray, number: int) -> ByteArray:
    """The picture with something opaque over the back.

    ``outline_px`` (K, 2) is the true outline from the seat to the neck of a rower who faces right. Shape, texture and
    colours follow from ``number``: what is before her stays there through the clip.
    """
    rng = np.random.default_rng([NEGATIVE, 2, number])
    length = float(np.hypot(*(outline_px[-1] - outline_px[0])))
    shape = _cover_shape(outline_px, length, number % 4, rng)
    canvas = np.zeros(picture.shape[:2], dtype=np.uint8)
    cv2.fillPoly(canvas, [np.round(16 * shape).astype(np.int32)], 255, cv2.LINE_AA, 4)
    share = canvas[..., None].astype(np.float32) / 255.0
    paint = _texture(picture.shape[:2], length, number % 5, rng) * rng.uniform(0.5, 1.0)
    return np.asarray(share * paint + (1.0 - share) * picture).astype(np.uint8)


def _cover_shape(line: FloatArray, length: float, kind: int, rng: np.random.Generator) -> FloatArray:
    """(N, 2) corners: an upright board, a hanging towel, a bag on the back, a bystander's two legs and hip."""
    inwards, outwards = rng.uniform(0.22, 0.45) * length, rng.uniform(0.15, 0.35) * length
    low, high = line[:, 1].max() + 0.1 * length, line[:, 1].min() - rng.uniform(-0.05, 0.1) * length
    back, front = line[:, 0].min() - outwards, line[:, 0].max() + inwards
    if kind == 0:
        return np.array([(back, low), (back, high), (front, high), (front, low)])
    along = np.linspace(0.0, 1.0, 40)
    if kind == 1:  # edges that hang in waves
        y = low + (high - low) * along
        wave = 0.05 * length * np.sin(2 * np.pi * (rng.uniform(1, 3) * along + rng.uniform()))
        return np.vstack([np.column_stack([back + wave, y]), np.column_stack([front - wave, y])[::-1]])
    if kind == 2:  # goes with the back: its outer edge bulges, its inner one follows the trunk
        bulge = outwards * (0.5 + 1.2 * np.sin(np.pi * along) ** rng.uniform(0.3, 1.0))
        own = np.column_stack([np.interp(along, np.linspace(0, 1, len(line)), line[:, k]) for k in (0, 1)])
        return np.vstack([own - np.column_stack([bulge, 0 * bulge]), (own + (inwards, 0.0))[::-1]])
    hip, foot = 0.5 * (front - back), low + 0.8 * length
    middle = 0.5 * (front + back)
    return np.array(
        [(middle - hip, high), (middle + hip, high), (middle + 0.9 * hip, foot), (middle + 0.1 * hip, foot),
         (middle, low - 0.3 * length), (middle - 0.1 * hip, foot), (middle - 0.9 * hip, foot)]
    )  # fmt: skip


def _texture(size: tuple[int, int], length: float, kind: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """(H, W, 3) grey levels: plain with a shade, stripes, checks, fine noise, cloudy."""
    first, second = rng.uniform(20, 245, 3), rng.uniform(20, 245, 3)
    y, x = np.mgrid[0 : size[0], 0 : size[1]] / length
    if kind == 0:
        part = 0.15 * np.sin(3.0 * x + y)
    elif kind == 1:
        part = (np.sin(rng.uniform(20, 60) * (x + rng.uniform(-1, 1) * y)) > 0).astype(float)
    elif kind == 2:
        part = ((np.sin(25.0 * x) > 0) ^ (np.sin(25.0 * y) > 0)).astype(float)
    elif kind == 3:
        part = rng.uniform(0, 1, size)
    else:
        part = np.asarray(cv2.GaussianBlur(rng.uniform(-8, 8, size), (0, 0), 0.08 * length)) + 0.5
    return np.asarray(first + (second - first) * np.clip(part, 0, 1)[..., None], dtype=np.float32)


def observe_negative(kind: str, number: int, pose_model: Path) -> SeenClip | None:
    """Draw a clip of one of ``KINDS`` and look at it; None where the pose model finds nobody in it."""
    return _OF_KIND[kind](number, pose_model)


def _yaw(number: int, pose_model: Path) -> SeenClip | None:
    from rowsense.simulate.render import ClipRenderer

    return see(list(ClipRenderer(yaw_spec(number)).frames()), pose_model)


def _covered(number: int, pose_model: Path) -> SeenClip | None:
    from rowsense.simulate.render import ClipRenderer
    from rowsense.simulate.truth import TruthWriter

    renderer = ClipRenderer(_alone(_drawn(200 + number)))
    truth = TruthWriter(renderer)
    pictures = list(renderer.frames())
    # Where she is is known from frames before, in which nothing covers her.
    rower = find_someone(pictures, pose_model)
    if rower is None:
        return None
    covered = [cover(one, truth.back_outline(row), number) for row, one in enumerate(pictures)]
    return see_person(covered, rower, pose_model)


def _not_rowing(number: int, pose_model: Path) -> SeenClip | None:
    from rowsense.simulate.render import ClipRenderer

    renderer = ClipRenderer(not_rowing_spec(number))
    return see([renderer.without_rower(row) for row in range(FRAMES_PER_CLIP)], pose_model)


def _no_person(number: int, pose_model: Path) -> SeenClip | None:
    from rowsense.simulate.render import ClipRenderer

    spec = _alone(_drawn(300 + number))
    if number % 4 == 3:  # one in four: what the pose model itself makes of a room
        return _looked_for(ClipRenderer(spec), pose_model)
    rower = see(list(ClipRenderer(_alone(_drawn(400 + number))).frames()), pose_model)
    if rower is None:
        return None
    height, width = rower.picture.shape[1:]
    if number % 4 == 2:
        rng = np.random.default_rng([NEGATIVE, 3, number])
        grain = rng.uniform(0, 255, (len(rower), height // 4, width // 4)).astype(np.uint8)
        return replace(rower, picture=np.stack([cv2.resize(one, (width, height)) for one in grain]))
    room = ClipRenderer(spec)
    return replace(rower, picture=np.stack([grey(room.without_rower(row)) for row in range(len(rower))]))


def _looked_for(room: Any, pose_model: Path) -> SeenClip:
    """An empty room, looked at where a rower would be."""
    from rowsense.pose.region import SIDE_RATIO, Region

    pictures = [room.without_rower(row) for row in range(FRAMES_PER_CLIP)]
    height = pictures[0].shape[0]
    trunk_px = _TRUNK * height
    travel = np.linspace(-0.15, 0.15, FRAMES_PER_CLIP) * height
    with MediaPipePose(pose_model, mirror=False) as pose:
        seen = [
            pose.observe(
                Frame(row, float(row), picture),
                Region((_PLACE[0] * height + float(travel[row]), _PLACE[1] * height), SIDE_RATIO * trunk_px),
            )
            for row, picture in enumerate(pictures)
        ]
    return _clip(pictures, seen, "right", "right", trunk_px)


_OF_KIND: Final[dict[str, Callable[[int, Path], SeenClip | None]]] = {
    "camera yaw": _yaw,
    "back covered": _covered,
    "not rowing": _not_rowing,
    "no person": _no_person,
}


# -- a folder of them ------------------------------------------------------------------------------------------------


def collect_negatives(folder: Path) -> None:
    """Draw and observe all clips that the folder lacks; an empty file stands for a clip without anybody."""
    folder.mkdir(parents=True, exist_ok=True)
    pose_model = ensure_model()
    for kind in KINDS:
        for number in range(CLIPS_PER_KIND):
            path = folder / f"{kind.replace(' ', '_')}_{number}.npz"
            if path.is_file():
                continue
            clip = observe_negative(kind, number, pose_model)
            if clip is None:
                path.touch()
            else:
                clip.write(path)
            print(f"{path.stem} {'nobody' if clip is None else ''}".strip(), flush=True)


def read_negatives(folder: Path) -> dict[tuple[str, int], SeenClip | None]:
    """What :func:`collect_negatives` has put there: kind and number of every clip; None = nobody found."""
    found = {}
    for kind in KINDS:
        for number in range(CLIPS_PER_KIND):
            path = folder / f"{kind.replace(' ', '_')}_{number}.npz"
            if path.is_file():
                found[kind, number] = SeenClip.read(path) if path.stat().st_size else None
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    collect_negatives(Path(sys.argv[1]))
