"""When each frame of a file is shown, found from its packets without decoding; and how two processes share it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from numpy.typing import NDArray

from rowsense.video._source import open_video

MAX_REORDER_S = 2.0
"""[D] Frames stored out of order (B-frames) lie well under a second apart; a larger step back is a broken clock."""


@dataclass(frozen=True, slots=True)
class FrameTable:
    """Presentation times of every frame in a file, in showing order."""

    pts: NDArray[np.int64]
    """(N,) strictly increasing, in units of ``time_base`` seconds."""
    keyframe_dts: NDArray[np.int64]
    """(K,) decoding time stamps of the keyframes, matching ``keyframes``."""
    keyframes: NDArray[np.int64]
    """(K,) rank in ``pts`` of the frames at which decoding can begin, increasing."""
    time_base: Fraction
    last_duration: int
    """How long the last frame is shown, in ``time_base``; 0 where the file does not say."""
    duplicates: int
    """Packets that repeat the time of another one; their frames are left out."""
    timed: bool
    """True when decoded frames carry their own time. Else the n-th decoded frame has the n-th time."""
    exact: bool
    """True when ranks can be trusted after a seek. Else frames are only counted while decoding from the start."""

    @property
    def times_s(self) -> NDArray[np.float64]:
        """(N,) file time of each frame from the first frame, in seconds (not divided by the speed)."""
        if not self.pts.size:
            return np.empty(0)
        ticks = self.pts - self.pts[0]
        return ticks * self.time_base.numerator / self.time_base.denominator


def presentation_times(path: Path) -> NDArray[np.float64]:
    """(N,) file time in seconds of every frame from the first one, read from packets only.

    Raises:
        VideoError: the file is not a readable video.
    """
    return frame_table(path).times_s


def frame_table(path: Path) -> FrameTable:
    """The table of a file, kept for the last few files while they do not change.

    Raises:
        VideoError: the file is not a readable video.
    """
    try:
        stat = path.stat()
    except OSError:
        with open_video(path):  # raises with the reason
            pass
        raise
    return _cached_table(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4)
def _cached_table(path: Path, size_bytes: int, modified_ns: int) -> FrameTable:
    with open_video(path) as (container, stream):
        return _read_table(container, stream)


def _read_table(container: InputContainer, stream: VideoStream) -> FrameTable:
    rows: list[tuple[int, int, bool]] = []
    last = (-(2**62), 0)
    timed = True
    try:
        for packet in container.demux(stream):
            if packet.size == 0 or packet.is_discard or packet.is_corrupt:
                continue
            pts = packet.pts
            if pts is None:
                timed = False
                pts = packet.dts if packet.dts is not None else len(rows)
            dts = packet.dts if packet.dts is not None else pts
            rows.append((pts, dts, bool(packet.is_keyframe)))
            last = max(last, (pts, packet.duration or 0))
    except FFmpegError:
        pass  # a file cut short: what came before the cut counts
    if container.format.name == "avi" and any(pts != dts for pts, dts, _ in rows):
        timed = False  # AVI stores no presentation times; FFmpeg's guess changes after a seek among B-frames
    time_base = stream.time_base or Fraction(1, 1000)
    if not timed:
        rows = _evenly_timed(rows, 1 / (time_base * (stream.average_rate or stream.guessed_rate or Fraction(25))))
    return _table(rows, time_base, last[1], timed)


def _evenly_timed(rows: list[tuple[int, int, bool]], step: Fraction) -> list[tuple[int, int, bool]]:
    """The container's constant rate, for files in which frames have no times of their own."""
    return [(round(k * step), dts, is_key) for k, (_, dts, is_key) in enumerate(rows)]


def _table(rows: list[tuple[int, int, bool]], time_base: Fraction, last_duration: int, timed: bool) -> FrameTable:
    stored = np.array([row[0] for row in rows], dtype=np.int64)
    is_key = np.array([row[2] for row in rows], dtype=bool)
    dts = np.array([row[1] for row in rows], dtype=np.int64)
    pts = np.unique(stored)
    keyframes = np.searchsorted(pts, stored[is_key]).astype(np.int64)
    by_rank = np.argsort(keyframes, kind="stable")
    ahead = np.maximum.accumulate(stored) - stored if stored.size else stored
    in_order = not stored.size or bool(ahead.max() * time_base <= MAX_REORDER_S)
    return FrameTable(
        pts=pts,
        keyframe_dts=dts[is_key][by_rank],
        keyframes=keyframes[by_rank],
        time_base=time_base,
        last_duration=last_duration,
        duplicates=int(stored.size - pts.size),
        timed=timed,
        exact=timed and in_order,
    )


def split_ranges(
    table: FrameTable, parts: int, *, first: int = 0, end: int | None = None, decode_cost_ratio: float = 0.2
) -> list[tuple[int, int]]:
    """Divide frames [first, end) into at most ``parts`` half-open ranges that take equally long.

    Each worker decodes from the keyframe before its range; ``decode_cost_ratio`` is the cost of a frame that is
    only decoded over that of one that is also inferred ([D] 5 ms over 25 ms at 1080p). With a single keyframe the
    later ranges are shorter, because their workers decode everything before them. A file whose ranks cannot be
    trusted is not divided.
    """
    end = table.pts.size if end is None else min(end, table.pts.size)
    if end <= first:
        return []
    if parts <= 1 or not table.exact:
        return [(first, end)]
    low, high = 0.0, float(end)
    for _ in range(40):
        middle = (low + high) / 2
        done = _fill(table, parts, first, end, middle, decode_cost_ratio)[-1][1] >= end
        low, high = (low, middle) if done else (middle, high)
    return [r for r in _fill(table, parts, first, end, high, decode_cost_ratio) if r[1] > r[0]]


def _fill(table: FrameTable, parts: int, first: int, end: int, budget: float, ratio: float) -> list[tuple[int, int]]:
    """Ranges in which no worker spends more than ``budget`` (in inferred frames)."""
    ranges = []
    start = first
    for _ in range(parts):
        lead_in = start - decoding_start(table, start)[0]
        length = int(max(0.0, budget - ratio * lead_in) + 1e-6)
        stop = min(end, start + length)
        ranges.append((start, stop))
        start = stop
    return ranges


def decoding_start(table: FrameTable, first: int) -> tuple[int, int | None]:
    """(rank, dts) of the last keyframe at or before frame ``first``; (0, None) where there is none to seek to."""
    if not table.exact or not table.keyframes.size:
        return 0, None
    place = int(np.searchsorted(table.keyframes, first, side="right")) - 1
    if place < 0 or table.keyframes[place] == 0:
        return 0, None
    return int(table.keyframes[place]), int(table.keyframe_dts[place])
