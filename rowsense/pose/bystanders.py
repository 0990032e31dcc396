"""Who else is in the picture of a film whose rower is known: for what must not be recognised.

Each picture is looked at by itself, whole and, now and then, in parts, for those who are small in the whole. Who is
nowhere found by that stays unknown: far away, in the dark, or with the head outside the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX
from rowsense.model import Frame, PoseObservation, PoseTrack
from rowsense.pose.mediapipe_estimator import MediaPipePeople
from rowsense.pose.people import middle, trunk_length_px, without_doubles
from rowsense.pose.scout import FINDERS, everybody, in_parts

#: Hips and shoulders that are both so near to the rower's are her own, her trunk lengths [D: what was found of one and
#: the same person in two ways differs by 0.35 at most].
HERSELF_RATIO: Final = 0.5
#: Somebody with a trunk of so little of hers, and with all joints so near to her bones, her trunk lengths, is a hand or
#: a knee of hers that looks like a person [D: a hand was one on real footage, 0.2; who is before her is no smaller].
PART_RATIO: Final = 0.5
ON_HER_RATIO: Final = 0.3
_BONES: Final = tuple(
    (f"{side}_{begins}", f"{side}_{ends}")
    for side in ("left", "right")
    for begins, ends in (
        ("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "index"), ("shoulder", "hip"), ("hip", "knee"),
        ("knee", "ankle"), ("ankle", "foot_index"), ("shoulder", "ear"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bystander:
    """Somebody else in one picture."""

    frame: int
    xy_px: NDArray[np.float64]
    """(33, 2) source pixels."""


def bystanders(
    frames: Iterable[Frame],
    rows: Sequence[int],
    track: PoseTrack,
    model_path: Path,
    *,
    mirror: bool = False,
    parts_every: int = 1,
) -> list[Bystander]:
    """Everybody but the rower in each of the frames, in their order.

    ``rows``: of the track, for each frame that was taken so far; -1: she is not known there, and then everybody
    counts. ``mirror``: the rower faces left. ``parts_every``: every so many frames are looked at in parts, too.
    """
    numbers: dict[int, int] = {}

    def look(finder: MediaPipePeople, place: int, frame: Frame) -> list[PoseObservation]:
        numbers[place] = frame.index
        found = list(finder.find(frame, mirror=mirror))
        if place % parts_every == 0:
            found += in_parts(finder, frame, mirror)
        her = None if rows[place] < 0 else np.asarray(track.xy_px[rows[place]], np.float64)
        return [one for one in without_doubles(found) if her is None or not is_herself(one.landmarks_px, her)]

    with ExitStack() as open_finders:
        finders = [open_finders.enter_context(MediaPipePeople(model_path)) for _ in range(FINDERS)]
        found = everybody(finders, frames, look)
    return [Bystander(numbers[place], one.landmarks_px) for place, people in enumerate(found) for one in people]


def is_herself(xy: NDArray[np.float64], her: NDArray[np.float64]) -> bool:
    """Whether a detection is of the rower whose landmarks are known, NaN where they are not."""
    trunk = float(trunk_length_px(her))
    if float(trunk_length_px(xy)) <= PART_RATIO * trunk and float(_from_bones(xy, her).max()) <= ON_HER_RATIO * trunk:
        return True
    apart = [float(np.linalg.norm(middle(xy, joint) - middle(her, joint))) for joint in ("hip", "shoulder")]
    return bool(np.isfinite(trunk) and max(apart) <= HERSELF_RATIO * trunk)


def _from_bones(xy: NDArray[np.float64], her: NDArray[np.float64]) -> NDArray[np.float64]:
    """(33,) distance of each point to the nearest of her bones; infinite without any."""
    nearest = np.full(len(xy), np.inf)
    for begins, ends in _BONES:
        first, last = her[LANDMARK_INDEX[begins]], her[LANDMARK_INDEX[ends]]
        along = last - first
        if not np.isfinite(along).all():
            continue
        share = np.clip((xy - first) @ along / max(float(along @ along), 1e-9), 0.0, 1.0)
        nearest = np.minimum(nearest, np.linalg.norm(first + share[:, None] * along - xy, axis=1))
    return nearest
