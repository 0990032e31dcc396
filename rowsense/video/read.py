"""Frames of a video, upright, in RGB, with the times at which they are shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from rowsense.errors import VideoError
from rowsense.model.video import Frame, VideoInfo
from rowsense.video._picture import Box, PictureMaker
from rowsense.video._source import open_video, orientation_of, square_pixel_ratio
from rowsense.video.capture import capture_speed
from rowsense.video.times import FrameTable, decoding_start, frame_table


@dataclass(slots=True)
class ReadingNotes:
    """What did not go smoothly while reading; filled in as frames are read."""

    out_of_order: int = 0
    """Frames dropped because their time repeats or steps back."""
    damaged: int = 0
    """Frames or packets dropped because they could not be decoded whole."""
    cut_short_at_s: float | None = None
    """File time at which reading stopped because the rest of the file is missing or unreadable."""
    sentences: list[str] = field(default_factory=list)
    """The same in words, complete when the iterator has ended."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which frames are converted: ranks [first, end), every ``step``-th counted from ``offset``, or ``only`` some."""

    first: int
    end: int | None
    from_s: float | None
    to_s: float | None
    step: int
    offset: int
    only: frozenset[int] | None

    def has(self, index: int, file_time_s: float) -> bool:
        early = index < self.first or (self.from_s is not None and file_time_s < self.from_s - 1e-9)
        chosen = self.only is None or index in self.only
        return not early and chosen and index % self.step == self.offset % self.step

    def is_past(self, index: int, file_time_s: float) -> bool:
        return (self.end is not None and index >= self.end) or (
            self.to_s is not None and file_time_s >= self.to_s - 1e-9
        )


def read_frames(
    path: Path,
    *,
    info: VideoInfo | None = None,
    from_s: float | None = None,
    to_s: float | None = None,
    first_frame: int = 0,
    end_frame: int | None = None,
    max_side_px: int | None = None,
    crop_px: Box | None = None,
    step: int = 1,
    offset: int = 0,
    only: Collection[int] | None = None,
    threads: int = 2,
    notes: ReadingNotes | None = None,
    on_warning: Callable[[str], None] | None = None,
) -> Iterator[Frame]:
    """Frames in the order they are shown; times and indices strictly increase.

    Args:
        path: the video file.
        info: what :func:`probe` found; gives the speed. Without it the speed comes from the file's tags.
        from_s: file time (seconds of playback from the first frame) of the first frame wanted.
        to_s: file time at which to stop, exclusive.
        first_frame: first frame wanted, counted from the file's first frame.
        end_frame: frame at which to stop, exclusive.
        max_side_px: shrink so that the longer side is at most this; never enlarges.
        crop_px: (x0, y0, x1, y1) in upright source pixels, half-open; clipped to the picture.
        step: convert only frames whose index is ``offset`` modulo ``step``; the others are decoded, no more.
        offset: see ``step``.
        only: convert only these indices.
        threads: decoder threads.
        notes: filled with what was dropped or missing.
        on_warning: called with each sentence of the notes at the end.

    Yields:
        :class:`Frame`. ``index`` is the frame's rank among the file's presentation times, so a frame that
        cannot be decoded leaves a hole and ranges read by different processes agree. ``time_s`` is file time
        over the speed. Crop before shrink; the turn and mirroring of the display matrix are applied once.

    Raises:
        VideoError: the file cannot be read, or nothing in it decodes.
    """
    if step < 1:
        raise ValueError("step must be at least 1")
    table = frame_table(path)
    wanted = _Wanted(first_frame, end_frame, from_s, to_s, step, offset, None if only is None else frozenset(only))
    notes = notes if notes is not None else ReadingNotes()
    with open_video(path, threads) as (container, stream):
        speed = info.speed if info is not None else capture_speed(container, stream, table)
        maker: PictureMaker | None = None
        for index, file_time_s, picture in _shown_frames(container, stream, table, wanted, notes):
            if maker is None:
                maker = PictureMaker(orientation_of(picture), square_pixel_ratio(stream), max_side_px, crop_px)
            if wanted.has(index, file_time_s):
                image, source_px_per_px = maker(picture)
                yield Frame(index, file_time_s / speed, image, source_px_per_px)
        if maker is None and _expected(table, wanted):
            raise VideoError(f"{path.name}: no frame could be decoded; the file is damaged, so copy or film it again")
    _put_in_words(path, table, notes)
    if on_warning is not None:
        for sentence in notes.sentences:
            on_warning(sentence)


def _shown_frames(
    container: InputContainer, stream: VideoStream, table: FrameTable, wanted: _Wanted, notes: ReadingNotes
) -> Iterator[tuple[int, float, VideoFrame]]:
    """(rank, file time in s, frame) from the decoding start to the end of the wanted range, increasing."""
    _seek(container, stream, table, _first_rank(table, wanted))
    previous_pts: int | None = None
    counted = 0
    origin: int | None = int(table.pts[0]) if table.pts.size else None
    time_base = stream.time_base or table.time_base
    for frame in _decoded(container, stream, table, notes):
        pts = _time_stamp(frame, table, counted)
        if pts is None or (previous_pts is not None and pts <= previous_pts):
            notes.out_of_order += 1
            continue
        if origin is None or (previous_pts is None and not table.exact):
            origin = pts
        previous_pts = pts
        index = int(np.searchsorted(table.pts, pts)) if table.exact else counted
        counted += 1
        file_time_s = float((pts - origin) * time_base)
        if wanted.is_past(index, file_time_s):
            return
        yield index, file_time_s, frame


def _time_stamp(frame: VideoFrame, table: FrameTable, counted: int) -> int | None:
    if table.timed:
        return frame.pts if frame.pts is not None else frame.dts
    return int(table.pts[counted]) if counted < table.pts.size else None


def _decoded(
    container: InputContainer, stream: VideoStream, table: FrameTable, notes: ReadingNotes
) -> Iterator[VideoFrame]:
    """Whole frames; damaged ones are counted. Ends where the file ends, however it ends."""
    last_s = 0.0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except FFmpegError:
            notes.cut_short_at_s = last_s
            return
        if packet is None:
            return
        try:
            frames = packet.decode()
        except FFmpegError:
            notes.damaged += 1
            continue
        for frame in frames:
            if frame.is_corrupt:
                notes.damaged += 1
                continue
            if frame.pts is not None and table.pts.size:
                last_s = float((frame.pts - int(table.pts[0])) * table.time_base)
            yield frame


def _first_rank(table: FrameTable, wanted: _Wanted) -> int:
    if wanted.from_s is None:
        return wanted.first
    return max(wanted.first, int(np.searchsorted(table.times_s, wanted.from_s - 1e-9)))


def _seek(container: InputContainer, stream: VideoStream, table: FrameTable, first: int) -> None:
    """Go to a keyframe at or before rank ``first``; to the beginning where the landing cannot be trusted."""
    rank, dts = decoding_start(table, first)
    if dts is None:
        return
    for target in (int(table.pts[rank]), dts):
        try:
            container.seek(target, stream=stream, backward=True)
            packet = next(iter(container.demux(stream)), None)
            if packet is not None and packet.pts is not None and packet.pts <= table.pts[rank]:
                container.seek(target, stream=stream, backward=True)
                return
        except FFmpegError:
            continue
    container.seek(int(table.pts[0]), stream=stream, backward=True)


def _expected(table: FrameTable, wanted: _Wanted) -> bool:
    """Whether the table promises a frame in the wanted range (an empty range is no fault of the file)."""
    ranks = np.arange(table.pts.size)
    inside = ranks >= wanted.first
    inside &= ranks < (table.pts.size if wanted.end is None else wanted.end)
    if wanted.from_s is not None:
        inside &= table.times_s >= wanted.from_s
    if wanted.to_s is not None:
        inside &= table.times_s < wanted.to_s
    return bool(inside.any()) or not table.pts.size


def _put_in_words(path: Path, table: FrameTable, notes: ReadingNotes) -> None:
    if notes.cut_short_at_s is not None:
        notes.sentences.append(f"{path.name} ends unexpectedly at {notes.cut_short_at_s:.1f} s; the rest is missing")
    if notes.damaged:
        notes.sentences.append(f"{path.name}: {notes.damaged} damaged frames were left out")
    if notes.out_of_order:
        notes.sentences.append(
            f"{path.name}: {notes.out_of_order} frames whose time repeats or steps back were left out"
        )
