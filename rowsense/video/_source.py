"""Opening a file as a video: one door for the probe and the reader, with errors a user can act on."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from rowsense.errors import VideoError

KNOWN_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,"
    "h264,hevc,obu,av1,ivf,m4v,mjpeg,gif,mxf,nut,wtv,mp3,aac,wav,flac,dv,rm"
)
"""Containers we let FFmpeg open: real recordings, no playlists or text formats that would read other files."""

MAX_SIDE_PX = 8192
"""[D] 8192x8192 in 4:2:0 is 100 MB a frame; a decoder holds several, and all of it must stay under 1 GB."""

_ASK = "record or export it as a normal video (MP4 or MOV) and try again"

_PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"II*\x00", b"MM\x00*")
_PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif")


@dataclass(frozen=True, slots=True)
class Orientation:
    """How the stored picture becomes the upright one: first the clockwise turn, then the mirroring."""

    rotation_deg: int = 0
    mirrored: bool = False


def check_path(path: Path) -> None:
    """Raise VideoError unless ``path`` is a file that can be read and starts like something other than a picture."""
    name = path.name or str(path)
    try:
        if path.is_dir():
            raise VideoError(f"{name} is a folder, not a video file; give the video file itself")
        with path.open("rb") as file:
            start = file.read(64)
    except FileNotFoundError:
        raise VideoError(f"{path} was not found; check the name and the folder") from None
    except PermissionError:
        raise VideoError(f"{name} may not be read by you; change its permissions or copy it elsewhere") from None
    except OSError as error:
        raise VideoError(f"{name} could not be read ({error.strerror}); copy it to this computer first") from None
    if not start:
        raise VideoError(f"{name} is empty (0 bytes); copy the video again from the camera")
    if _is_picture(start, path.suffix.lower()):
        raise VideoError(f"{name} is a picture, a video is needed; film at least two whole strokes from the side")


def _is_picture(start: bytes, suffix: str) -> bool:
    if suffix in (".mjpeg", ".mjpg"):
        return False
    riff_picture = start[:4] == b"RIFF" and start[8:12] == b"WEBP"
    return (
        start.startswith(_PICTURE_STARTS) or riff_picture or (start[4:8] == b"ftyp" and start[8:12] in _PICTURE_BRANDS)
    )


@contextmanager
def open_video(path: Path, threads: int = 1) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open ``path`` and choose its picture track; the file is closed on every way out.

    ``threads`` decode one video; frame threads cost memory, so very large pictures get one.

    Raises:
        VideoError: the file is missing, unreadable, no video, or larger than can be held.
    """
    check_path(path)
    try:
        container = av.open(
            str(path.absolute()), "r", container_options={"format_whitelist": KNOWN_FORMATS},
            metadata_errors="replace",
        )  # fmt: skip
    except (FFmpegError, ValueError) as error:
        raise VideoError(_why_not_opened(path, error)) from None
    try:
        stream = _picture_track(container, path)
        context = stream.codec_context
        large = context.width * context.height > 4096 * 2304
        context.thread_type = "AUTO"
        context.thread_count = 1 if large else max(1, threads)
        yield container, stream
    finally:
        container.close()


def _why_not_opened(path: Path, error: Exception) -> str:
    name = path.name
    if getattr(error, "errno", None) in (errno.EACCES, errno.EPERM):
        return f"{name} may not be read by you; change its permissions or copy it elsewhere"
    with path.open("rb") as file:
        start = file.read(4096)
    if start[4:8] == b"ftyp":
        return (
            f"{name} is an incomplete or damaged video: its index is missing; the recording or the copy was "
            "cut short, so copy it again or film again"
        )
    if start[:4] in (b"\x1aE\xdf\xa3", b"RIFF"):
        return f"{name} is an incomplete or damaged video; copy it again or film again"
    printable = sum(32 <= byte < 127 or byte in (9, 10, 13) for byte in start)
    content = "its content is text" if printable > 0.95 * len(start) else "its content is not a known video format"
    return f"{name} is not a video ({content}, whatever its name says); {_ASK}"


def _picture_track(container: InputContainer, path: Path) -> VideoStream:
    name = path.name
    tracks = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not tracks:
        if container.streams.audio:
            raise VideoError(f"{name} has sound but no picture; give the video itself")
        raise VideoError(f"{name} has no picture track (nothing was recorded); film again")
    readable = [s for s in tracks if s.codec_context is not None]
    if not readable:
        raise VideoError(f"{name} uses a video codec that cannot be read here; {_ASK}")
    stream = max(readable, key=lambda s: (bool(s.disposition & Disposition.default), s.width * s.height))
    if max(stream.width, stream.height) > MAX_SIDE_PX:
        raise VideoError(
            f"{name} is {stream.width}x{stream.height}, more than the {MAX_SIDE_PX} pixels a side that fit in "
            "memory; export it smaller (1080p is plenty)"
        )
    return stream


def orientation_of(frame: VideoFrame) -> Orientation:
    """What the display matrix of a decoded frame asks players to do, rounded to quarter turns."""
    for side_data in cast(Iterable[SideData], frame.side_data):
        if side_data.type is SideDataType.DISPLAYMATRIX:
            matrix = np.frombuffer(bytes(side_data)[:36], dtype=np.int32).reshape(3, 3).astype(np.float64)
            return _orientation(matrix)
    return Orientation()


def _orientation(matrix: NDArray[np.float64]) -> Orientation:
    """The matrix maps a stored (x, y) to a shown (x, y) @ matrix[:2, :2], y downwards."""
    a, b, c, d = matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]
    mirrored = a * d - b * c < 0
    if mirrored:
        a = -a  # undo the final left-right flip, leaving the pure turn
    turn_deg = float(np.degrees(np.arctan2(b, a)))
    return Orientation(rotation_deg=round(turn_deg / 90.0) % 4 * 90, mirrored=mirrored)


def square_pixel_ratio(stream: VideoStream) -> float:
    """Width of a stored pixel over its height; 1.0 where the file does not say."""
    ratio = stream.sample_aspect_ratio
    return float(ratio) if ratio is not None and Fraction(1, 4) <= ratio <= 4 else 1.0


def upright_size(stored_width: int, stored_height: int, pixel_ratio: float, turn_deg: int) -> tuple[int, int]:
    """(width, height) of the upright picture in square pixels."""
    width, height = max(1, round(stored_width * pixel_ratio)), stored_height
    return (height, width) if turn_deg in (90, 270) else (width, height)
