"""The per-frame half: video in, one small :class:`FrameObservation` per looked-at frame out.

Pictures and silhouettes never leave this module, so memory does not grow with the length of the video.

Several threads share the work, each with its own landmarker: inference, decoding and the kernels all release the
interpreter lock. The clip is cut into chunks of fixed length and every chunk starts its landmarker afresh on a few
lead-in frames, so the numbers do not depend on how many threads there are.
"""

from __future__ import annotations

import math
import queue
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rowsense.camera.motion import BackgroundMotion
from rowsense.model import Frame, FrameObservation, PoseObservation, VideoInfo
from rowsense.pose.mediapipe_estimator import MediaPipePose
from rowsense.spine.back_line import back_line
from rowsense.video.read import read_frames
from rowsense.video.times import frame_table, split_ranges

#: Inferred frames per landmarker: long enough that the lead-in costs little, short enough to share out.
CHUNK_FRAMES: Final = 240
#: Inferred frames shown to a fresh landmarker before its first answer counts: it follows the person from the first.
LEAD_IN_FRAMES: Final = 3

#: How often the background is looked at: hands shake a phone at a few hertz, and the path between is interpolated [D].
MOTION_HZ: Final = 15.0
_NOT_LOOKED: Final = (math.nan, math.nan)

Progress = Callable[[str, float, float], None]
"""``progress(stage, done, total)``."""


@dataclass(frozen=True, slots=True)
class ObservationPlan:
    """Everything a worker needs to look at its part of the video."""

    info: VideoInfo
    model_path: Path
    facing: str
    near_side: str
    crop_px: tuple[int, int, int, int] | None
    """Upright source pixels x0, y0, x1, y1 of the rower; None: the whole picture."""
    max_side_px: int
    first_frame: int
    end_frame: int
    stride: int


_Result = FrameObservation | str | BaseException | None
"""From a worker: an observation, a sentence about the file, a problem, or None when its stretch is done."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    lead_in: int
    first: int
    end: int


def observe_video(
    plan: ObservationPlan, workers: int, progress: Progress | None = None
) -> tuple[tuple[FrameObservation, ...], tuple[str, ...]]:
    """Observe every ``plan.stride``-th frame of [first_frame, end_frame), in order; also sentences about damage.

    Raises
    ------
    VideoError
        The file cannot be decoded.
    KeyboardInterrupt
        Passed on after all threads have stopped.
    """
    parts = _share(plan, workers)
    results: queue.Queue[_Result] = queue.Queue()
    stop = threading.Event()
    threads = [threading.Thread(target=_work, args=(plan, part, results, stop), daemon=True) for part in parts]
    for thread in threads:
        thread.start()
    try:
        found, warnings = _collect(results, len(threads), _inferred_count(plan), progress)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return tuple(sorted(found, key=lambda o: o.frame)), tuple(dict.fromkeys(warnings))


def _inferred_count(plan: ObservationPlan) -> int:
    return len(range(plan.first_frame, plan.end_frame, plan.stride))


def _chunks(plan: ObservationPlan) -> list[_Chunk]:
    length, lead_in = CHUNK_FRAMES * plan.stride, LEAD_IN_FRAMES * plan.stride
    return [
        _Chunk(max(plan.first_frame, first - lead_in), first, min(first + length, plan.end_frame))
        for first in range(plan.first_frame, plan.end_frame, length)
    ]


def _share(plan: ObservationPlan, workers: int) -> list[list[_Chunk]]:
    """Cut the clip into at most ``workers`` stretches of whole chunks that take about equally long."""
    chunks = _chunks(plan)
    ranges = split_ranges(frame_table(plan.info.path), workers, first=plan.first_frame, end=plan.end_frame)
    starts = [start for start, _ in ranges]
    owner = [bisect_right(starts, (chunk.first + chunk.end) // 2) - 1 for chunk in chunks]
    shares = [[c for c, o in zip(chunks, owner, strict=True) if o == number] for number in range(len(starts))]
    return [share for share in shares if share]


def _collect(
    results: queue.Queue[_Result],
    running: int,
    total: int,
    progress: Progress | None,
) -> tuple[list[FrameObservation], list[str]]:
    found: list[FrameObservation] = []
    warnings: list[str] = []
    while running:
        item = results.get()
        if item is None:
            running -= 1
        elif isinstance(item, BaseException):
            raise item
        elif isinstance(item, str):
            warnings.append(item)
        else:
            found.append(item)
            if progress and (len(found) % 10 == 0 or len(found) == total):
                progress("observe", len(found), total)
    return found, warnings


def _work(
    plan: ObservationPlan,
    chunks: Sequence[_Chunk],
    results: queue.Queue[_Result],
    stop: threading.Event,
) -> None:
    try:
        for item in _observe_stretch(plan, chunks, stop):
            results.put(item)
        results.put(None)
    except BaseException as error:  # handed to the caller's thread, which raises it
        results.put(error)


def _observe_stretch(
    plan: ObservationPlan, chunks: Sequence[_Chunk], stop: threading.Event
) -> Iterator[FrameObservation | str]:
    sentences: list[str] = []
    frames = read_frames(
        plan.info.path,
        info=plan.info,
        first_frame=chunks[0].lead_in,
        end_frame=chunks[-1].end,
        max_side_px=plan.max_side_px,
        step=plan.stride,
        offset=plan.first_frame,
        threads=1,
        on_warning=sentences.append,
    )
    motion = BackgroundMotion()
    motion_every = max(1, round(plan.info.fps / plan.stride / MOTION_HZ))
    recent: deque[Frame] = deque(maxlen=LEAD_IN_FRAMES)
    for chunk in chunks:
        with _landmarker(plan) as landmarker:
            for lead in list(recent):
                landmarker.observe(lead)
            for frame in frames:
                if stop.is_set():
                    return
                recent.append(frame)
                pose = landmarker.observe(frame)
                looked = (frame.index - plan.first_frame) // plan.stride
                shift = motion.update(frame, pose.landmarks_px) if looked % motion_every == 0 else _NOT_LOOKED
                if frame.index >= chunk.first:
                    yield _observation(plan, frame, pose, shift)
                if frame.index + plan.stride >= chunk.end:
                    break
    next(frames, None)  # lets the reader come to its end, where it says what was damaged
    yield from sentences


def _landmarker(plan: ObservationPlan) -> MediaPipePose:
    return MediaPipePose(plan.model_path, mirror=plan.facing == "left", crop_px=plan.crop_px, want_mask=True)


def _observation(
    plan: ObservationPlan, frame: Frame, pose: PoseObservation, shift: tuple[float, float]
) -> FrameObservation:
    return FrameObservation(
        frame=frame.index,
        time_s=frame.time_s,
        landmarks_px=pose.landmarks_px,
        visibility=pose.visibility,
        back=back_line(pose, plan.facing, plan.near_side),
        background_shift_px=shift,
    )
