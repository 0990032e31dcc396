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
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from rowsense.model import Frame
from rowsense.pose.mediapipe_estimator import MediaPipePose
from rowsense.pose.models import ensure_model
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.people import PersonSpec
from rowsense.studies.looking import grey
from rowsense.studies.spine_clips import NEGATIVE, drawn_clip
from rowsense.studies.spine_covers import cover
from rowsense.studies.spine_seen import SeenClip, find_someone, see, see_person, seen_clip

#: Clips of each kind, and frames of each clip. On the first half of the clips the limits of the gate were settled, and
#: its measures chosen; the others were drawn after that, and are what is reported.
CLIPS_PER_KIND: Final = 16
SETTLED_ON: Final = 8
FRAMES_PER_CLIP: Final = 8
KINDS: Final = ("camera yaw", "back covered", "not rowing", "no person")

#: Where a rower sits and how large she is in a picture of an empty room, as parts of its height [D: as in the clips].
_PLACE, _TRUNK = (0.75, 0.62), 0.22


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
    return seen_clip(pictures, seen, "right", "right", trunk_px)


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
