"""What a video file is, before anything is measured in it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from rowsense.errors import VideoError
from rowsense.model.video import VideoInfo
from rowsense.video._source import open_video, orientation_of, square_pixel_ratio, upright_size
from rowsense.video.capture import file_rate_hz, speed_from_rates, tagged_capture_rate_hz
from rowsense.video.times import FrameTable, frame_table

_HASH_BLOCK = 1 << 20
_MAX_TRIED_PACKETS = 300
"""[D] Ten seconds of 30 fps: a file in which none of these decodes is damaged beyond use."""
_OLDEST_YEAR = 2000
_PQ = 16  # AVCOL_TRC_SMPTE2084


def probe(path: Path, *, speed: float | None = None) -> VideoInfo:
    """Inspect a video: every packet's time is read, one frame is decoded to prove that it can be.

    Args:
        path: the video file.
        speed: playback seconds per real second of slow motion; None takes it from the file's tags.

    Raises:
        VideoError: there is nothing here that can be read as a video; the message says what to do.
    """
    with open_video(path) as (container, stream):
        frame = _first_frame(container, stream, path)
        table = frame_table(path)
        tagged_hz = tagged_capture_rate_hz(container, stream)
        file_hz = file_rate_hz(table, stream)
        own_speed = speed_from_rates(tagged_hz, file_hz)
        used_speed = own_speed if speed is None else speed
        orientation = orientation_of(frame)
        width_px, height_px = upright_size(
            frame.width, frame.height, square_pixel_ratio(stream), orientation.rotation_deg
        )
        return VideoInfo(
            path=path,
            sha256=sha256_of(path),
            codec=stream.codec_context.codec.name,
            width_px=width_px,
            height_px=height_px,
            rotation_deg=orientation.rotation_deg,
            fps=file_hz * used_speed,
            frame_count=int(table.pts.size) or None,
            duration_s=_file_duration_s(table, file_hz) / used_speed,
            speed=used_speed,
            warnings=tuple(
                _timing_warnings(container, stream, table, own_speed, speed)
                + _picture_warnings(frame, orientation.mirrored)
            ),
        )


def filmed_at(path: Path) -> datetime:
    """When the film was made: as the camera wrote into the file, else when the file was last changed.

    Raises:
        VideoError: it cannot be opened.
    """
    with open_video(path) as (container, _):
        written = container.metadata.get("creation_time", "")
    with suppress(ValueError):
        made = datetime.fromisoformat(written)
        # A camera whose clock was never set writes the beginning of its count.
        if made.year >= _OLDEST_YEAR:
            return made
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone().replace(microsecond=0)


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file, read in blocks.

    Raises:
        VideoError: the file cannot be read to its end.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_HASH_BLOCK):
                digest.update(block)
    except OSError as error:
        raise VideoError(f"{path.name} could not be read ({error.strerror}); copy it to this computer") from None
    return digest.hexdigest()


def _first_frame(container: InputContainer, stream: VideoStream, path: Path) -> VideoFrame:
    tried = 0
    try:
        for packet in container.demux(stream):
            tried += 1
            try:
                frames = [frame for frame in packet.decode() if not frame.is_corrupt]
            except FFmpegError:
                frames = []
            if frames:
                return frames[0]
            if tried >= _MAX_TRIED_PACKETS:
                break
    except FFmpegError:
        pass
    if tried <= 1:  # the one packet is the flush at the end
        raise VideoError(f"{path.name} has no frames (zero length); the recording did not start, so film again")
    raise VideoError(f"{path.name}: no frame could be decoded; the file is damaged, so copy or film it again")


def _file_duration_s(table: FrameTable, file_hz: float) -> float:
    if not table.pts.size:
        return 1.0 / file_hz
    shown_last_s = float(table.last_duration * table.time_base) or 1.0 / file_hz
    return float(table.times_s[-1]) + shown_last_s


def _timing_warnings(
    container: InputContainer, stream: VideoStream, table: FrameTable, own_speed: float, given: float | None
) -> list[str]:
    warnings = []
    if given is not None and abs(given / own_speed - 1.0) > 0.01 and own_speed != 1.0:
        warnings.append(f"the file says {own_speed:g} times slower than life; {given:g} times was asked for and used")
    elif given is None and own_speed != 1.0:
        warnings.append(f"slow motion: the file plays {own_speed:g} times slower than life; times are real times")
    if table.duplicates:
        warnings.append(f"{table.duplicates} frames repeat the time of another frame and are left out")
    if not table.exact:
        warnings.append("the file has no reliable frame times of its own; it is read from the start, one process")
    missing = stream.frames - table.pts.size - table.duplicates
    if stream.frames and missing > max(2, 0.01 * stream.frames):
        warnings.append(f"the file is cut short: {table.pts.size} of {stream.frames} frames are there")
    return warnings


def _picture_warnings(frame: VideoFrame, mirrored: bool) -> list[str]:
    warnings = []
    if mirrored:
        warnings.append("the file asks players to mirror the picture; it is read as players show it")
    if frame.interlaced_frame:
        warnings.append("the video is interlaced; edges that move fast are combed")
    if int(frame.color_trc) == _PQ:
        warnings.append("the video is HDR (PQ); its colours are shown without tone mapping")
    return warnings
