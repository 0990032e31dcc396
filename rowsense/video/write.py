"""Browser-playable H.264 from RGB pictures with their own times, complete or not there at all."""

from __future__ import annotations

import os
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from rowsense.errors import OutputError

TIME_BASE = Fraction(1, 90000)
"""[C] The clock of MPEG video: 24, 25, 29.97 and 30 per second are whole numbers of it."""

GOP_FRAMES = 15
"""[R] A keyframe every half second keeps seeking in the browser instant."""

_BT709 = 1
_CHROMA_AVERAGED = Interpolation.AREA | Interpolation.ACCURATE_RND
"""The colour of exactly the 2x2 pixels that share a sample; the default of swscale blurs over two rows more."""


class VideoSink:
    """Context manager that writes one .mp4: H.264, 4:2:0, BT.709, no B-frames, index first.

    The picture is written under a temporary name beside ``path`` and renamed when complete; on any error or
    interrupt it is deleted, and what stood at ``path`` before stays. Odd sizes lose nothing: the last row or
    column is repeated to make them even.
    """

    def __init__(
        self,
        path: Path,
        width_px: int,
        height_px: int,
        fps: float,
        *,
        crf: int = 20,
        preset: str = "veryfast",
        threads: int = 1,
        time_base: Fraction = TIME_BASE,
    ) -> None:
        """``fps`` is a hint for the encoder and the length of the last frame; times come with each frame."""
        if width_px < 1 or height_px < 1:
            raise ValueError(f"picture size {width_px}x{height_px} must be positive")
        self.path = path
        self.frames_written = 0
        self._size = (width_px, height_px)
        self._even = (width_px + width_px % 2, height_px + height_px % 2)
        self._fps = Fraction(fps).limit_denominator(1001)
        self._options = {"crf": str(crf), "preset": preset, "bf": "0"}
        self._threads = threads
        self._time_base = time_base
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part.mp4")
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._reformatter = VideoReformatter()
        self.pts: list[int] = []
        """Times of the pictures written so far, in ticks of the time base."""

    def __enter__(self) -> Self:
        try:
            self._part.touch()  # FFmpeg opens the file only with the first packet; say at once if it cannot be
            self._container = av.open(str(self._part.absolute()), "w", container_options={"movflags": "+faststart"})
            self._stream = self._add_stream(self._container)
        except OSError as error:
            self._discard()
            raise OutputError(cannot_write(self.path, error)) from None
        except BaseException:
            self._discard()
            raise
        return self

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        """Append an RGB picture (height_px, width_px, 3) shown from ``time_s``; times must increase.

        Raises:
            OutputError: the disk is full or may not be written.
            ValueError: wrong picture size, or a time not after the previous one.
        """
        width, height = self._size
        if image.shape != (height, width, 3) or image.dtype != np.uint8:
            raise ValueError(f"picture is {image.dtype} {image.shape}, expected uint8 ({height}, {width}, 3)")
        pts = round(time_s / float(self._time_base))
        if self.pts and pts <= self.pts[-1]:
            raise ValueError(f"time {time_s:.6f} s is not after the previous frame")
        frame = self._to_yuv(image)
        frame.pts, frame.time_base = pts, self._time_base
        frame.duration = round(1 / self._fps / self._time_base)
        self._mux(frame)
        self.pts.append(pts)
        self.frames_written += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._discard()
            return
        try:
            if self.frames_written:
                self._mux(None)
            self._close()
            self._check_complete()
            self._part.replace(self.path)
        except OSError as problem:
            raise OutputError(cannot_write(self.path, problem)) from None
        finally:
            self._discard()

    def _add_stream(self, container: OutputContainer) -> VideoStream:
        stream = container.add_stream("libx264", rate=self._fps, options=self._options)
        stream.width, stream.height = self._even
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = self._time_base
        context.gop_size = GOP_FRAMES
        context.thread_count = self._threads
        context.color_range = int(ColorRange.MPEG)
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        return stream

    def _to_yuv(self, image: NDArray[np.uint8]) -> VideoFrame:
        width, height = self._size
        if self._even != self._size:
            extra = (self._even[1] - height, self._even[0] - width)
            image = np.pad(image, ((0, extra[0]), (0, extra[1]), (0, 0)), mode="edge")
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
        frame = self._reformatter.reformat(
            frame, format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG,
            interpolation=_CHROMA_AVERAGED, threads=1,
        )  # fmt: skip
        frame.color_primaries = frame.color_trc = _BT709
        return frame

    def _mux(self, frame: VideoFrame | None) -> None:
        if self._container is None or self._stream is None:
            raise RuntimeError("VideoSink must be entered with 'with' before writing")
        try:
            self._container.mux(self._stream.encode(frame))
        except OSError as error:
            raise OutputError(cannot_write(self.path, error)) from None

    def _close(self) -> None:
        container, self._container, self._stream = self._container, None, None
        if container is not None:
            container.close()

    def _check_complete(self) -> None:
        """FFmpeg does not report every failed write; the index at the front tells whether all arrived."""
        if not self.frames_written:
            raise OSError("no frames were written")
        try:
            with av.open(str(self._part.absolute())) as written:
                count = written.streams.video[0].frames
        except (FFmpegError, IndexError) as error:
            raise OSError("the file did not arrive whole; is the disk full?") from error
        if count != self.frames_written:
            raise OSError(f"only {count} of {self.frames_written} frames arrived; is the disk full?")

    def _discard(self) -> None:
        with suppress(FFmpegError, OSError):
            self._close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> str:
    """Why a film could not be written, and what to do."""
    reason = error.strerror or str(error)
    return f"{path} could not be written ({reason}); free some space or choose another folder with --out"
