"""How much slower than life a file plays: slow motion stored at a normal rate."""

from __future__ import annotations

from av.container import InputContainer
from av.video.stream import VideoStream

from rowsense.video.times import FrameTable

CAPTURE_RATE_TAGS = ("com.android.capture.fps",)
"""[R] Android writes the sensor's rate here when it differs from the playback rate (MediaFormat capture rate).
Apple's originals are stored at their true times; exports from its photo app carry no rate and need ``--speed``."""

SNAP_RATIO = 0.03
"""[D] Phones miss their nominal rate by up to 2-3 %; a ratio this close to a whole number is that number."""


def tagged_capture_rate_hz(container: InputContainer, stream: VideoStream) -> float | None:
    """Frames per real second as the phone tagged them, None where there is no usable tag."""
    for tags in (stream.metadata, container.metadata):
        for name in CAPTURE_RATE_TAGS:
            try:
                rate_hz = float(tags[name])
            except (KeyError, ValueError):
                continue
            if 1.0 <= rate_hz <= 10000.0:
                return rate_hz
    return None


def file_rate_hz(table: FrameTable, stream: VideoStream) -> float:
    """Mean presentation rate in file time; for a single frame what the container says, else 25."""
    times_s = table.times_s
    if times_s.size > 1:
        return float((times_s.size - 1) / times_s[-1])
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate:
            return float(rate)
    return 25.0


def speed_from_rates(capture_hz: float | None, file_hz: float) -> float:
    """Playback seconds per real second; 1.0 without a tag or where the two rates agree within the snap."""
    if capture_hz is None:
        return 1.0
    ratio = capture_hz / file_hz
    nearest = round(ratio)
    return float(nearest) if nearest >= 1 and abs(ratio / nearest - 1.0) <= SNAP_RATIO else ratio


def capture_speed(container: InputContainer, stream: VideoStream, table: FrameTable) -> float:
    """Playback seconds per real second from the file's own tags."""
    return speed_from_rates(tagged_capture_rate_hz(container, stream), file_rate_hz(table, stream))
