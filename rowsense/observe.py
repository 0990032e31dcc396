"""The per-frame half: video in, one small :class:`FrameObservation` per looked-at frame out.

Pictures and silhouettes never leave this module, so memory does not grow with the length of the video.

Several threads share the work, each with its own landmarker: inference, decoding and the kernels all release the
interpreter lock. Where to look in a frame follows from what was seen in the frames two and four before it: even and
odd frames make two *chains*, each the same with the other and without. The clip is cut into chunks by its length
alone, each with a few frames before it to lead in. So the numbers depend neither on the stride (1 or 2) nor on how
many threads there are, and no frame is better placed than its neighbours.
"""

from __future__ import annotations

import queue
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

from rowsense.camera.motion import WatchedMotion
from rowsense.conventions import FACING_LEFT
from rowsense.model import Frame, FrameObservation, ObservationSeries, PoseObservation, SpineReading, VideoInfo
from rowsense.pose.mediapipe_estimator import MediaPipePose, one_thread_each
from rowsense.pose.region import Region, RegionPlan, ahead
from rowsense.spine.back_line import back_line
from rowsense.spine.gate import in_range
from rowsense.spine.network import SpineNetwork
from rowsense.spine.patch import spine_patch
from rowsense.video.read import read_frames
from rowsense.video.times import frame_table, split_ranges

#: A clip is cut into this many chunks, so that up to as many threads share it evenly ...
CHUNKS: Final = 4
#: ... of at least and at most so many frames: the lead-in costs little, and a thread that is late holds up few.
MIN_CHUNK_FRAMES: Final = 120
MAX_CHUNK_FRAMES: Final = 960
#: Frames from one link of a chain to the next, unless the stride is longer [D: hips go 0.15 trunk lengths].
CHAIN_STEP: Final = 2
#: The square goes ahead by this part of its way from link to link. [D] Left where it was it lags and draws catches
#: along; with its whole pace it jitters, and the landmarks with it. The half was the best of four on six simulated
#: pieces, by little.
PACE_SHARE: Final = 0.5
#: Links of every chain looked at before a chunk: where the first looked no longer matters after them [D].
LEAD_IN_LINKS: Final = 3
#: Frames that go together from decoding to pose and on to the back line. [D] The pose network pushes all else out of
#: the processor's caches: what comes before and after it takes two thirds of the time with many frames in a row.
GROUP_FRAMES: Final = 16
#: Chunks begin at multiples of this: every stride (1-4) and chain step divides it.
_ROUND_FRAMES: Final = 12

Progress = Callable[[str, float, float], None]
"""``progress(stage, done, total)``."""


@dataclass(frozen=True, slots=True)
class ObservationPlan:
    """Everything a worker needs to look at its part of the video."""

    info: VideoInfo
    model_path: Path
    near_side: str
    regions: RegionPlan
    max_side_px: int
    first_frame: int
    end_frame: int
    stride: int

    @property
    def facing(self) -> str:
        """Where the flywheel is in the picture, ``left`` or ``right``."""
        return self.regions.facing

    @property
    def chain_step(self) -> int:
        """Frames from one link of a chain to the next; a multiple of the stride."""
        return max(CHAIN_STEP, self.stride)

    @property
    def chunk_starts(self) -> list[int]:
        """First frames of the chunks: about equally long ones, all but the last a whole number of ``_ROUND_FRAMES``."""
        frames = self.end_frame - self.first_frame
        count = max(1, min(CHUNKS, frames // MIN_CHUNK_FRAMES))
        count *= -(-frames // (count * MAX_CHUNK_FRAMES))
        rounds = frames / (count * _ROUND_FRAMES)
        return [self.first_frame + round(rounds * number) * _ROUND_FRAMES for number in range(count)]

    @property
    def chunk_bounds(self) -> list[tuple[int, int]]:
        """First frame of each chunk and the one after its last."""
        return list(pairwise([*self.chunk_starts, self.end_frame]))


_Result = FrameObservation | str | BaseException | None
"""From a worker: an observation, a sentence about the file, a problem, or None when its stretch is done."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    lead_in: int
    first: int
    end: int


def observe_video(
    plan: ObservationPlan, workers: int, progress: Progress | None = None, chunks: Sequence[int] | None = None
) -> tuple[ObservationSeries, tuple[str, ...]]:
    """Observe every ``plan.stride``-th frame of [first_frame, end_frame), in order; also sentences about damage.

    ``chunks``: only these of the clip's :attr:`~ObservationPlan.chunk_bounds`, each in a thread of its own; None: all,
    by ``workers`` threads. What is said of a frame is the same whichever chunks are looked at together.

    Raises
    ------
    VideoError
        The file cannot be decoded.
    KeyboardInterrupt
        Passed on after all threads have stopped.
    """
    every = _chunks(plan)
    parts = _share(plan, every if chunks is None else [every[number] for number in chunks], workers)
    results: queue.Queue[_Result] = queue.Queue()
    stop = threading.Event()
    threads = [threading.Thread(target=_work, args=(plan, part, results, stop), daemon=True) for part in parts]
    with one_thread_each():
        for thread in threads:
            thread.start()
        try:
            series, warnings = _collect(plan, results, parts, progress)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    return series.filled(), tuple(dict.fromkeys(warnings))


def _chunks(plan: ObservationPlan) -> list[_Chunk]:
    lead_in = LEAD_IN_LINKS * plan.chain_step
    return [_Chunk(max(plan.first_frame, first - lead_in), first, end) for first, end in plan.chunk_bounds]


def _share(plan: ObservationPlan, chunks: Sequence[_Chunk], workers: int) -> list[list[_Chunk]]:
    """Cut the clip into at most ``workers`` stretches of whole chunks that take about equally long."""
    if len(chunks) < len(plan.chunk_starts):
        return [[chunk] for chunk in chunks]  # a few that need not lie side by side: a thread each
    ranges = split_ranges(frame_table(plan.info.path), workers, first=chunks[0].first, end=chunks[-1].end)
    starts = [start for start, _ in ranges]
    owner = [bisect_right(starts, (chunk.first + chunk.end) // 2) - 1 for chunk in chunks]
    shares = [[c for c, o in zip(chunks, owner, strict=True) if o == number] for number in range(len(starts))]
    return [share for share in shares if share]


def _collect(
    plan: ObservationPlan, results: queue.Queue[_Result], parts: Sequence[Sequence[_Chunk]], progress: Progress | None
) -> tuple[ObservationSeries, list[str]]:
    frames = sorted(f for part in parts for chunk in part for f in range(chunk.first, chunk.end, plan.stride))
    rows = {frame: row for row, frame in enumerate(frames)}
    series = ObservationSeries.blank(len(frames))
    warnings: list[str] = []
    running, done = len(parts), 0
    while running:
        item = results.get()
        if item is None:
            running -= 1
        elif isinstance(item, BaseException):
            raise item
        elif isinstance(item, str):
            warnings.append(item)
        else:
            series.put(rows[item.frame], item)
            done += 1
            if progress and (done % 10 == 0 or done == len(series)):
                progress("observe", done, len(series))
    return series, warnings


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
    motion, network = _motion_from(plan, chunks[0].first), SpineNetwork()
    with MediaPipePose(plan.model_path, mirror=plan.facing == FACING_LEFT) as estimator:
        follower = _Follower(plan, estimator)
        while group := list(islice(frames, GROUP_FRAMES)):
            seen = []
            for frame in group:
                if stop.is_set():
                    return
                seen.append((frame, follower.observe(frame), follower.led_in))
            for frame, pose, led_in in seen:
                if led_in:
                    motion = _motion_from(plan, frame.index)
                    for lead in led_in:
                        motion.update(*lead)
                shift = motion.update(frame, pose)
                if frame.index >= chunks[0].first:
                    yield _observation(plan, frame, pose, shift, network)
    yield from sentences


def _motion_from(plan: ObservationPlan, frame: int) -> WatchedMotion:
    """Watches the background in the chunk that holds this frame."""
    end = next(end for first, end in plan.chunk_bounds if first <= frame < end)
    return WatchedMotion(plan.first_frame, end, plan.stride, plan.info.fps)


class _Follower:
    """Looks at one frame after the other, each where the last two links of its chain say."""

    def __init__(self, plan: ObservationPlan, estimator: MediaPipePose) -> None:
        self._plan = plan
        self._estimator = estimator
        self._chunk_starts = plan.chunk_starts
        self._chunk = 0
        self._chains: dict[int, deque[tuple[int, Region]]] = {}
        self._recent: deque[Frame] = deque(maxlen=LEAD_IN_LINKS * plan.chain_step // plan.stride)
        self.led_in: list[tuple[Frame, PoseObservation]] = []
        """What was looked at once more before the last frame, because a chunk begins with it."""

    def observe(self, frame: Frame) -> PoseObservation:
        """Landmarks and silhouette in this frame; frames come in order."""
        chunk = bisect_right(self._chunk_starts, frame.index)
        self.led_in = []
        if chunk > self._chunk:  # begin it as a thread would that begins with it
            self._chunk = chunk
            self._chains.clear()
            self.led_in = [(lead, self._look(lead)) for lead in tuple(self._recent)]
        self._recent.append(frame)
        return self._look(frame)

    def _look(self, frame: Frame) -> PoseObservation:
        chain = self._chains.setdefault(frame.index % self._plan.chain_step, deque(maxlen=2))
        pose = self._estimator.observe(frame, self._place(chain, frame.index))
        if not self._plan.regions.shows_her(pose.landmarks_px):
            pose = self._elsewhere(frame) or pose
        chain.append((frame.index, self._plan.regions.around(pose.landmarks_px)))
        return pose

    def _elsewhere(self, frame: Frame) -> PoseObservation | None:
        """The first of the other places that shows her."""
        looks = (self._estimator.observe(frame, region) for region in self._plan.regions.elsewhere)
        return next((pose for pose in looks if self._plan.regions.shows_her(pose.landmarks_px)), None)

    def _place(self, chain: deque[tuple[int, Region]], index: int) -> Region:
        start = self._plan.regions.start
        if len(chain) < 2:
            return chain[0][1] if chain else start
        (before_index, before), (last_index, last) = chain
        if start in (before, last):  # she was lost, and there is no pace to keep
            return last
        return ahead(before, last, PACE_SHARE * (index - last_index) / (last_index - before_index))


def _observation(
    plan: ObservationPlan,
    frame: Frame,
    pose: PoseObservation,
    shift: tuple[float, float],
    network: SpineNetwork,
) -> FrameObservation:
    patch = spine_patch(frame, pose, plan.facing, plan.near_side, plan.regions.trunk_px)
    spine = SpineReading.missing() if patch is None else in_range(network.read(patch), patch)
    return FrameObservation(
        frame=frame.index,
        time_s=frame.time_s,
        landmarks_px=pose.landmarks_px,
        visibility=pose.visibility,
        back=back_line(pose, plan.facing, plan.near_side, spine.outline_px),
        spine=spine,
        background_shift_px=shift,
    )
