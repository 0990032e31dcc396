"""What is known of a video file, and one decoded frame of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rowsense.model._checks import Problems

#: What every browser of today plays, in these files. HEVC, 10-bit films and AVI it may or may not.
_BROWSER_CODECS = frozenset({"h264"})
_BROWSER_SUFFIXES = frozenset({".mp4", ".m4v", ".mov"})


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A readable video: sizes are *upright* (rotation applied), times start at the first presentation time."""

    path: Path
    sha256: str
    codec: str
    width_px: int
    height_px: int
    rotation_deg: int
    """Clockwise turn that makes the stored picture upright: 0, 90, 180 or 270. Applied by the reader."""
    fps: float
    """Mean presentation rate in real (capture) time; for display and planning, never for timing a frame."""
    frame_count: int | None
    """Frames in the file where the container says so; an estimate otherwise, None where unknown."""
    duration_s: float
    """Length in real (capture) time."""
    speed: float = 1.0
    """Playback seconds per real second: 8.0 for 240 fps slow motion stored as 30 fps. 1.0 = normal."""
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problems = Problems("VideoInfo")
        problems.require(self.width_px > 0 and self.height_px > 0, "picture size must be positive")
        problems.require(self.rotation_deg in (0, 90, 180, 270), "rotation_deg must be 0, 90, 180 or 270")
        problems.require(self.fps > 0, "fps must be positive")
        problems.require(self.speed > 0, "speed must be positive")
        problems.raise_if_any()

    @property
    def plays_in_browsers(self) -> bool:
        """Whether a browser plays the file as it is."""
        return plays_in_browsers(self.codec, self.path.name)


def plays_in_browsers(codec: str, name: str) -> bool:
    """Whether a browser plays a file of this codec and name as it is."""
    return codec in _BROWSER_CODECS and PurePath(name).suffix.lower() in _BROWSER_SUFFIXES


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame, upright and possibly shrunk."""

    index: int
    """Counts decoded frames from the file's first frame."""
    time_s: float
    """Presentation time from the file's first frame, in real (capture) time."""
    image: NDArray[np.uint8]
    """(H, W, 3) RGB."""
    source_px_per_px: float = 1.0
    """Upright source pixels per pixel of ``image`` (>= 1 when shrunk)."""

    def __post_init__(self) -> None:
        problems = Problems("Frame")
        problems.shape("image", _as_any(self.image), (None, None, 3))
        problems.require(self.image.dtype == np.uint8, f"image is {self.image.dtype}, expected uint8")
        problems.raise_if_any()


def _as_any(array: NDArray[np.uint8]) -> NDArray[Any]:
    return array
