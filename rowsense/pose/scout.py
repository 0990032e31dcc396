"""The sparse pass before the real one: who rows, which way, in which part of the picture, and can it be measured.

1. :func:`scout_plan` says which frames to look at.
2. Everybody in these frames is found and gathered into people (:mod:`rowsense.pose.people`).
3. The rower is the one whose hips and wrists travel along the rail; of several, the nearest (largest); what
   cannot be measured is refused (:mod:`rowsense.pose.suitability`). Where nobody rows she is looked for in what moves
   (:mod:`rowsense.pose.moving`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import FACING_LEFT
from rowsense.model import Frame, PoseObservation
from rowsense.pose.mediapipe_estimator import CropPx, MediaPipePeople
from rowsense.pose.moving import rower_where_it_moves
from rowsense.pose.people import Detections, gather, middle, trunk_length_px, without_doubles
from rowsense.pose.suitability import Picture, Scout, judge, nearest_rower, nearest_seated

__all__ = ["FINDERS", "Scout", "everybody", "in_parts", "picture_of", "scout", "scout_plan", "search"]

#: Looked-at frames in all, and the length of one burst. Three bursts of 3 s see most of a stroke at 14 a minute
#: (4.3 s) and a whole one from 20 a minute; few places, because seeking costs decoding [D].
PLAN_FRAMES: Final = 30
BURST_S: Final = 3.0
#: Clips up to this long are looked at evenly, seconds [D: three bursts would not be much shorter].
EVEN_UP_TO_S: Final = 12.0
#: Every so many looked-at frames the parts of a wide picture are searched too, for people the whole one hides [D].
PARTS_EVERY: Final = 5
#: Frames, the first ones, from which the side she faces is guessed before all are looked at.
GUESS_FRAMES: Final = 4
#: Landmarkers that share the looked-at frames.
FINDERS: Final = 2

_Found = list[PoseObservation]
"""The people in one frame."""
_Look = Callable[[MediaPipePeople, int, Frame], _Found]


def scout_plan(
    frame_times_s: NDArray[np.float64], keyframes: Sequence[int] | NDArray[np.int64] = (), *, posing: bool = False
) -> list[int]:
    """Indices, rising, of the frames to look at: all over a short clip, three bursts of a long one.

    All over a clip of any length with ``posing``: a posture that is held once must be among them.
    A burst begins at one of ``keyframes`` (indices, rising) where there is one not long before it: what lies between
    a keyframe and the first frame wanted is decoded for nothing.
    """
    times = np.asarray(frame_times_s, dtype=np.float64)
    if times.size == 0:
        return []
    start, length = float(times[0]), float(times[-1] - times[0])
    if length <= EVEN_UP_TO_S or posing:
        wanted = np.linspace(start, start + length, PLAN_FRAMES)
    else:
        steps = np.linspace(0.0, BURST_S, PLAN_FRAMES // 3)
        starts = [start + part * (length - BURST_S) for part in (0.2, 0.5, 0.8)]
        wanted = np.concatenate([_at_keyframe(first_s, times[list(keyframes)]) + steps for first_s in starts])
    nearest = np.clip(np.searchsorted(times, wanted), 0, times.size - 1)
    return sorted({int(i) for i in nearest})


def _at_keyframe(first_s: float, keyframe_times_s: NDArray[np.float64]) -> float:
    """Time of the last keyframe before ``first_s``, or ``first_s`` itself where that is longer ago than a burst."""
    before = keyframe_times_s[(keyframe_times_s <= first_s) & (keyframe_times_s > first_s - BURST_S)]
    return float(before[-1]) if before.size else first_s


def scout(frames: Iterable[Frame], model_path: Path, *, rower: int | None = None, posing: bool = False) -> Scout:
    """Find the rower in the frames of :func:`scout_plan`.

    ``rower`` chooses one of the people found, 1 = nearest; None: the nearest one who rows, or with ``posing`` who
    sits as on an ergometer. The frames are looked at as if she faced right, so that a mirrored clip gives the
    mirrored answer.

    Raises
    ------
    NotMeasurableError
        Nobody there, nobody rowing, a dynamic ergometer, not from the side, cut off, too small or too dark.
    UsageError
        ``rower`` is not one of the people found.
    """
    kept, people = search(frames, model_path, posing=posing)
    return judge(people, picture_of(kept), rower=rower, posing=posing)


def _somebody_rows(people: Sequence[Detections]) -> bool:
    found = nearest_rower(people)
    return found is not None and not found.person.on_dynamic_ergometer


def search(
    frames: Iterable[Frame], model_path: Path, *, posing: bool = False
) -> tuple[list[Frame], Sequence[Detections]]:
    """Everybody in the frames of :func:`scout_plan`, nearest first, and the frames: what :func:`scout` judges.

    Where nobody rows but what moves does, that rower alone.
    """
    arriving = iter(frames)
    with ExitStack() as open_finders, ThreadPoolExecutor(FINDERS) as pool:
        # Each loads the network, beside the other.
        finders = list(pool.map(lambda _: open_finders.enter_context(MediaPipePeople(model_path)), range(FINDERS)))
        kept = list(islice(arriving, GUESS_FRAMES))
        at_first = everybody(finders, kept, partial(_whole, mirror=False))
        mirror = _seem_to_face_left(at_first)
        people = _find_people(finders, _keeping(kept, arriving), mirror, [] if mirror else at_first)
        found = nearest_seated(people) if posing else nearest_rower(people)
        if found is not None and (found.person.facing == FACING_LEFT) != mirror:
            people = _find_people(finders, kept, not mirror)
    if not posing and not _somebody_rows(people):
        people = rower_where_it_moves(kept, model_path) or people
    return kept, people


def _keeping(kept: list[Frame], arriving: Iterator[Frame]) -> Iterator[Frame]:
    """``kept`` and then what arrives, which is put into ``kept`` too."""
    yield from tuple(kept)
    for frame in arriving:
        kept.append(frame)
        yield frame


def _seem_to_face_left(found: Sequence[Sequence[PoseObservation]]) -> bool:
    """First guess from a handful of frames: which way the largest person's feet point from her hips."""
    largest = [
        max((one.landmarks_px for one in row), key=lambda xy: float(trunk_length_px(xy))) for row in found if row
    ]
    leads = [float((middle(xy, "ankle") - middle(xy, "hip"))[0]) for xy in largest]
    return bool(leads) and float(np.median(leads)) < 0


def _find_people(
    finders: Sequence[MediaPipePeople], frames: Iterable[Frame], mirror: bool, known: Sequence[_Found] = ()
) -> list[Detections]:
    """People in the frames. ``known``: who was found already in the whole of the first of them, mirrored likewise."""

    def look(finder: MediaPipePeople, row: int, frame: Frame) -> _Found:
        found = list(known[row] if row < len(known) else _whole(finder, row, frame, mirror))
        return without_doubles(found + (in_parts(finder, frame, mirror) if row % PARTS_EVERY == 0 else []))

    return gather(everybody(finders, frames, look))


def everybody(finders: Sequence[MediaPipePeople], frames: Iterable[Frame], look: _Look) -> list[_Found]:
    """What ``look`` sees in each frame; each finder, in a thread of its own, takes the next frame when it is free."""
    found: dict[int, _Found] = {}
    numbered, one_at_a_time = enumerate(frames), Lock()

    def work(finder: MediaPipePeople) -> None:
        while True:
            with one_at_a_time:
                row, frame = next(numbered, (-1, None))
            if frame is None:
                return
            found[row] = look(finder, row, frame)

    with ThreadPoolExecutor(len(finders)) as pool:
        for done in [pool.submit(work, finder) for finder in finders]:
            done.result()
    return [found[row] for row in range(len(found))]


def _whole(finder: MediaPipePeople, row: int, frame: Frame, mirror: bool) -> _Found:
    return list(finder.find(frame, mirror=mirror))


def in_parts(finder: MediaPipePeople, frame: Frame, mirror: bool) -> _Found:
    """Who is found in parts of a wide picture, each whole inside one."""
    parts = ((part, finder.find(frame, mirror=mirror, crop_px=part)) for part in _parts(frame))
    return [one for part, inside in parts for one in inside if _is_whole(one, part, frame)]


def _parts(frame: Frame) -> list[CropPx]:
    """Three overlapping squares of a wide picture, in source pixels; none of another one."""
    scale = frame.source_px_per_px
    height, width = (side * scale for side in frame.image.shape[:2])
    if width < 1.4 * height:
        return []
    lefts = (0.0, (width - height) / 2, width - height)
    return [(round(x), 0, round(x + height), round(height)) for x in lefts]


def _is_whole(one: PoseObservation, part: CropPx, frame: Frame) -> bool:
    """Whether all of her joints lie in the part of the picture that was looked at, away from its inner borders."""
    x = one.landmarks_px[:, 0]
    margin = 0.1 * float(trunk_length_px(one.landmarks_px))
    inner_left, inner_right = part[0] > 0, part[2] < frame.image.shape[1] * frame.source_px_per_px - 1
    return not (
        (inner_left and float(x.min()) < part[0] + margin) or (inner_right and float(x.max()) > part[2] - margin)
    )


def picture_of(frames: Sequence[Frame]) -> Picture:
    """Size and brightness of looked-at frames."""
    if not frames:
        return Picture(0.0, 0.0, 0.0)
    height, width = frames[0].image.shape[:2]
    scale = frames[0].source_px_per_px
    luma = float(np.mean([frame.image[::8, ::8].mean() for frame in frames]))
    return Picture(width * scale, height * scale, luma)
