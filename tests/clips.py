"""Small videos for the tests, made with PyAV: any codec, container, timing, rotation or kind of damage.

``rotation_deg`` is always the clockwise turn that makes the stored picture upright: the pixels are turned the
other way before encoding, and the display matrix says how to turn them back, as phones do.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.stream import Disposition
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

Image = NDArray[np.uint8]

TIME_BASE = Fraction(1, 90000)
PATCH_COLOURS = ((200, 40, 40), (40, 180, 40), (50, 50, 210))
"""Left, middle and right patch in the top third of a numbered picture."""
DARK, BRIGHT = 40, 215
NUMBER_BITS = 8

CODECS: dict[str, tuple[str, str, dict[str, str]]] = {
    "h264": ("libx264", "yuv420p", {"preset": "veryfast", "crf": "16", "sc_threshold": "0"}),
    "h264_444": ("libx264", "yuv444p", {"preset": "veryfast", "crf": "16", "sc_threshold": "0"}),
    "hevc": ("libx265", "yuv420p", {"preset": "ultrafast", "crf": "16", "x265-params": "log-level=none"}),
    "hevc10": ("libx265", "yuv420p10le", {"preset": "ultrafast", "crf": "16", "x265-params": "log-level=none"}),
    "av1": ("libsvtav1", "yuv420p", {"preset": "10", "crf": "20", "svtav1-params": "lp=1"}),
    "vp9": ("libvpx-vp9", "yuv420p", {"deadline": "realtime", "cpu-used": "8", "crf": "20", "b": "0"}),
    "mjpeg": ("mjpeg", "yuvj420p", {"qmin": "2", "qmax": "3"}),
    "mpeg4": ("mpeg4", "yuv420p", {"qmin": "2", "qmax": "3"}),
}
"""Short names: encoder, pixel format, options."""

UNSPECIFIED = 2
"""The AVColorSpace of a file that does not name its colour matrix."""

_EXACT_COLOURS = Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
"""The fast conversion rounds down, half a level on average; slow and exact, so that copies do not drift."""


def numbered_image(number: int, width: int = 96, height: int = 72) -> Image:
    """RGB picture that carries ``number`` (0..255): three colour patches above, eight dark/bright cells below."""
    image = np.full((height, width, 3), DARK, dtype=np.uint8)
    third = height // 3
    for k, colour in enumerate(PATCH_COLOURS):
        image[:third, k * width // 3 : (k + 1) * width // 3] = colour
    for bit in range(NUMBER_BITS):
        if number >> bit & 1:
            rows, columns = _cell(bit, width, height)
            image[rows, columns] = BRIGHT
    return image


def numbered_images(count: int, width: int = 96, height: int = 72) -> Iterator[Image]:
    """Pictures numbered 0, 1, ... (modulo 256)."""
    return (numbered_image(k % 256, width, height) for k in range(count))


def noisy_numbered_images(count: int, width: int = 160, height: int = 120, seed: int = 5) -> Iterator[Image]:
    """Numbered pictures under noise that does not compress, so that every frame has many bytes."""
    rng = np.random.default_rng(seed)
    for k in range(count):
        noise = rng.integers(-30, 31, (height, width, 3))
        yield np.clip(numbered_image(k % 256, width, height) + noise, 0, 255).astype(np.uint8)


def read_number(image: Image) -> int:
    """The number painted by :func:`numbered_image`, from an upright, unmirrored picture of any size."""
    height, width = image.shape[:2]
    number = 0
    for bit in range(NUMBER_BITS):
        rows, columns = _cell(bit, width, height)
        cell = image[rows, columns]
        inset_y, inset_x = cell.shape[0] // 4, cell.shape[1] // 4
        centre = cell[inset_y : cell.shape[0] - inset_y, inset_x : cell.shape[1] - inset_x]
        if centre.mean() > (DARK + BRIGHT) / 2:
            number |= 1 << bit
    return number


def read_patches(image: Image) -> NDArray[np.float64]:
    """Mean RGB of the middle of each of the three colour patches, shape (3 patches, 3 channels)."""
    height, width = image.shape[:2]
    rows = slice(height // 12, height // 4)
    patches = []
    for k in range(3):
        left = k * width // 3 + width // 12
        patches.append(image[rows, left : left + width // 6].reshape(-1, 3).mean(axis=0))
    return np.array(patches)


def _cell(bit: int, width: int, height: int) -> tuple[slice, slice]:
    third = height // 3
    row, column = divmod(bit, NUMBER_BITS // 2)
    cell_height = (height - third) // 2
    top = third + row * cell_height
    return slice(top, top + cell_height), slice(column * width // 4, (column + 1) * width // 4)


def frame_times(count: int, fps: Fraction | int = 30) -> list[float]:
    """Presentation times of a constant rate, in seconds."""
    return [float(k / Fraction(fps)) for k in range(count)]


def uneven_times(count: int, fps: float = 30.0, seed: int = 3) -> list[float]:
    """Presentation times of a phone in poor light: steps between half and twice the mean, now and then a gap."""
    rng = np.random.default_rng(seed)
    steps = rng.uniform(0.5, 1.6, count) / fps
    steps[rng.random(count) < 0.08] *= 2.5
    return [float(t) for t in np.round((np.cumsum(steps) - steps[0]) * 1000) / 1000]


def write_clip(
    path: Path,
    images: Iterable[Image],
    *,
    times_s: Sequence[float] | None = None,
    fps: Fraction | int = 30,
    codec: str = "h264",
    gop: int = 12,
    b_frames: int = 0,
    rotation_deg: int = 0,
    audio: bool = False,
    metadata: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    colour: Mapping[str, int] | None = None,
    time_base: Fraction = TIME_BASE,
    pixel_ratio: Fraction | None = None,
    mirror_matrix: bool = False,
    matrix: str | None = None,
) -> Path:
    """Encode RGB pictures; the container follows from the suffix. Without ``times_s`` the rate is constant.

    ``matrix`` ("ITU601", "ITU709") converts the colours by it without saying so in the file.
    ``colour`` sets AVFrame tags by name (colorspace, color_range, color_primaries, color_trc).
    """
    encoder, pix_fmt, defaults = CODECS[codec]
    is_mov = path.suffix in (".mp4", ".mov")
    clock = 1 / Fraction(fps) if path.suffix == ".avi" or codec == "mpeg4" else time_base
    options_of_file = {"movflags": "+use_metadata_tags"} if is_mov else {}
    with _usual_priority(), av.open(str(path), "w", options=options_of_file) as container:
        container.metadata.update(metadata or {})
        sound = _add_sound(container, path.suffix) if audio else None
        stream: av.VideoStream | None = None
        for k, image in enumerate(images):
            stored = np.ascontiguousarray(np.rot90(image, rotation_deg // 90))
            if stream is None:
                stream = container.add_stream(encoder, rate=Fraction(fps), options={**defaults, **(options or {})})
                stream.height, stream.width = stored.shape[:2]
                stream.pix_fmt, stream.gop_size, stream.max_b_frames = pix_fmt, gop, b_frames
                stream.codec_context.time_base = clock
                if rotation_deg or mirror_matrix:
                    stream.set_display_rotation(-rotation_deg, hflip=mirror_matrix)
                if pixel_ratio is not None:
                    stream.codec_context.sample_aspect_ratio = pixel_ratio
                _tag_colours(stream.codec_context, colour)
            frame = _encodable(stored, pix_fmt, matrix)
            _tag_colours(frame, colour)
            exact = Fraction(k) / Fraction(fps) if times_s is None else Fraction(times_s[k]).limit_denominator(10**7)
            frame.time_base, frame.pts = clock, round(exact / clock)
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode(None))
        if sound is not None:
            _write_silence(container, sound, seconds=0.5)
    return path


@contextmanager
def _usual_priority() -> Iterator[None]:
    """The caller's scheduling afterwards: as root, SVT-AV1 makes the thread that encodes a real-time one for good."""
    if not hasattr(os, "sched_getscheduler"):
        yield
        return
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameters)


def _encodable(stored: Image, pix_fmt: str, matrix: str | None) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(stored, format="rgb24").reformat(
        format=pix_fmt, interpolation=_EXACT_COLOURS, dst_colorspace=matrix
    )
    frame.colorspace = UNSPECIFIED
    return frame


def _tag_colours(target: Any, colour: Mapping[str, int] | None) -> None:
    for name, value in (colour or {}).items():
        setattr(target, name, value)


def _add_sound(container: av.container.OutputContainer, suffix: str) -> av.AudioStream:
    codec = {".avi": "pcm_s16le", ".mov": "pcm_s16le", ".mp4": "aac"}.get(suffix, "libopus")
    return container.add_stream(codec, rate=48000)


def _write_silence(container: av.container.OutputContainer, sound: av.AudioStream, seconds: float) -> None:
    chunk = 960
    for start in range(0, int(48000 * seconds), chunk):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 2 * chunk), dtype=np.int16), format="s16", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
        container.mux(sound.encode(frame))
    container.mux(sound.encode(None))


def write_with_times(path: Path, times_ms: Sequence[int]) -> Path:
    """Numbered frames with exactly these times in milliseconds, even repeated ones (Matroska, MJPEG)."""
    plain = write_clip(path.with_name(f"_{path.name}"), numbered_images(len(times_ms)), codec="mjpeg")
    with av.open(str(plain)) as reader, av.open(str(path), "w") as writer:
        incoming = reader.streams.video[0]
        outgoing = writer.add_stream_from_template(incoming)
        packets = [p for p in reader.demux(incoming) if p.size]
        for packet, time_ms in zip(packets, times_ms, strict=True):
            packet.stream, packet.time_base = outgoing, Fraction(1, 1000)
            packet.pts = packet.dts = time_ms
            writer.mux(packet)
    return path


def write_audio_only(path: Path) -> Path:
    """A file with a sound track and no picture."""
    with av.open(str(path), "w") as container:
        _write_silence(container, _add_sound(container, path.suffix), 0.5)
    return path


def add_cover(song: Path, picture: Path, target: Path) -> Path:
    """A sound file with a cover picture, as music players write it."""
    with av.open(str(song)) as sound, av.open(str(picture)) as image, av.open(str(target), "w") as writer:
        tracks = [(sound, sound.streams.audio[0]), (image, image.streams.video[0])]
        outgoing = [writer.add_stream_from_template(stream) for _, stream in tracks]
        outgoing[1].disposition = Disposition.attached_pic
        for (container, stream), target_stream in zip(tracks, outgoing, strict=True):
            for packet in container.demux(stream):
                if packet.size:
                    packet.stream = target_stream
                    writer.mux(packet)
    return target


def decode_all(path: Path) -> Iterator[tuple[float, Image]]:
    """(presentation time in s, stored RGB picture) of every frame, no rotation applied."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            rgb = frame.to_ndarray(format="rgb24", interpolation=_EXACT_COLOURS)
            yield float(frame.pts * frame.time_base), rgb


def loop_packets(source: Path, target: Path, *, loops: int, max_frames: int | None = None) -> Path:
    """Play ``source`` ``loops`` times by copying packets: the same pixels, the seam one frame long.

    The source must start on a keyframe and have no reordered frames.
    """
    with av.open(str(source)) as reader:
        incoming = reader.streams.video[0]
        packets = [(bytes(p), p.pts, p.is_keyframe) for p in reader.demux(incoming) if p.size]
        start = packets[0][1]
        step = round(1 / (incoming.average_rate * incoming.time_base))
        length = packets[-1][1] - start + step
        with av.open(str(target), "w") as writer:
            outgoing = writer.add_stream_from_template(incoming)
            written = 0
            for k in range(loops):
                for data, pts, is_keyframe in packets:
                    if max_frames is not None and written >= max_frames:
                        break
                    packet = av.Packet(data)
                    packet.stream, packet.time_base = outgoing, incoming.time_base
                    packet.pts = packet.dts = pts - start + k * length
                    packet.duration, packet.is_keyframe = step, is_keyframe
                    writer.mux(packet)
                    written += 1
    return target


def reclip(
    source: Path,
    target: Path,
    *,
    mirror: bool = False,
    rotation_deg: int = 0,
    crop_px: tuple[int, int, int, int] | None = None,
    gain: float = 1.0,
    times_s: Sequence[float] | None = None,
    max_frames: int | None = None,
    codec: str = "h264",
    options: Mapping[str, str] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """Re-encode ``source`` mirrored, turned (display matrix turns it back), cropped, darkened or re-timed."""
    frames = decode_all(source)
    own_times: list[float] = []

    def pictures() -> Iterator[Image]:
        for k, (time_s, stored) in enumerate(frames):
            if max_frames is not None and k >= max_frames:
                return
            image = stored
            own_times.append(time_s)
            if crop_px is not None:
                x0, y0, x1, y1 = crop_px
                image = image[y0:y1, x0:x1]
            if mirror:
                image = image[:, ::-1]
            if gain != 1.0:
                image = np.clip(image * gain, 0, 255).astype(np.uint8)
            yield image

    return write_clip(
        target, pictures(), times_s=own_times if times_s is None else times_s,
        codec=codec, rotation_deg=rotation_deg, gop=30, options=options, metadata=metadata,
    )  # fmt: skip


def truncate(source: Path, target: Path, keep_ratio: float) -> Path:
    """The first part of a file's bytes, as after an interrupted copy."""
    data = source.read_bytes()
    target.write_bytes(data[: int(len(data) * keep_ratio)])
    return target


def move_index_first(source: Path, target: Path) -> Path:
    """Copy an mp4 with its index before the pictures, so that a truncated copy still opens."""
    with av.open(str(source)) as reader, av.open(str(target), "w", options={"movflags": "faststart"}) as writer:
        incoming = reader.streams.video[0]
        outgoing = writer.add_stream_from_template(incoming)
        for packet in reader.demux(incoming):
            if packet.dts is not None:
                packet.stream = outgoing
                writer.mux(packet)
    return target


def trim_start(source: Path, target: Path, frames: int) -> Path:
    """Cut off the first frames without encoding, as a phone's editor does: an edit list tells players to skip them."""
    with (
        av.open(str(source)) as reader,
        av.open(str(target), "w", options={"avoid_negative_ts": "disabled", "use_editlist": "1"}) as writer,
    ):
        incoming = reader.streams.video[0]
        outgoing = writer.add_stream_from_template(incoming)
        shift = round(frames / (incoming.average_rate * incoming.time_base))
        for packet in reader.demux(incoming):
            if packet.dts is not None:
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                packet.stream = outgoing
                writer.mux(packet)
    return target


def overwrite_middle(source: Path, target: Path, *, first_ratio: float, last_ratio: float, seed: int = 1) -> Path:
    """Replace a range of bytes by noise, as a damaged card does."""
    data = bytearray(source.read_bytes())
    first, last = int(len(data) * first_ratio), int(len(data) * last_ratio)
    data[first:last] = np.random.default_rng(seed).integers(0, 256, last - first, dtype=np.uint8).tobytes()
    target.write_bytes(data)
    return target


def flip_bytes(source: Path, target: Path, *, count: int, seed: int = 0) -> Path:
    """Invert a few bytes scattered over the pictures."""
    data = bytearray(source.read_bytes())
    places = np.random.default_rng(seed).integers(int(0.1 * len(data)), int(0.8 * len(data)), count)
    for place in places:
        data[place] ^= 0xFF
    target.write_bytes(data)
    return target


def empty_moov(path: Path) -> Path:
    """A well-formed mp4 header with no tracks and no pictures (zero-length recording)."""
    ftyp = struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"isom")
    mvhd = struct.pack(">I4sIIIII", 108, b"mvhd", 0, 0, 0, 1000, 0) + bytes(80)
    path.write_bytes(ftyp + struct.pack(">I4s", 8 + len(mvhd), b"moov") + mvhd)
    return path
