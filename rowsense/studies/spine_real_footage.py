"""The real footage: its pictures, its one stroke as curves, and how far changed pictures are read otherwise.

It is no part of the project: ``ROWSENSE_REAL_DIR`` names its folder, with one stroke as a clip and seven stills of
another rower. There is no truth for it; only numbers about it are kept.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.kernels.smoothing import lowpass
from rowsense.model import Session
from rowsense.pipeline import analyze_video
from rowsense.spine.geometric import CUTOFF_HZ, tangent_angles
from rowsense.spine.network import SpineNetwork
from rowsense.studies.spine_accuracy import session_view
from rowsense.studies.spine_verdicts import seen_group
from rowsense.video.read import read_frames

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]

REAL_VARIABLE: Final = "ROWSENSE_REAL_DIR"
#: What a rower's pelvis and low back can do: degrees, and degrees a second.
POSSIBLE_TILT_DEG: Final = (-45.0, 30.0)
POSSIBLE_LUMBAR_DEG: Final = (-30.0, 70.0)
POSSIBLE_SPEED_DEG_S: Final = 250.0
#: The real clip shows one stroke; so many of them follow one another in the loop.
LOOPS: Final = 10
CLIP: Final = "erg_side_right.mp4"


def real_folder() -> Path | None:
    """Where the real footage is; None where there is none."""
    named = os.environ.get(REAL_VARIABLE)
    return Path(named) if named and Path(named).is_dir() else None


def clip_pictures(folder: Path) -> list[ByteArray]:
    """The real stroke."""
    return [frame.image for frame in read_frames(folder / CLIP)]


def still_pictures(folder: Path) -> list[ByteArray]:
    """Seven moments of a stroke, catch to catch."""
    return [_decoded(path.read_bytes()) for path in sorted((folder / "stills").glob("*.jpg"))]


def _decoded(data: bytes) -> ByteArray:
    """RGB of a compressed picture."""
    picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)


CHANGES: Final[dict[str, Callable[[ByteArray], ByteArray]]] = {
    "three quarters the size": lambda p: _bytes(cv2.resize(p, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)),
    "mirrored": lambda p: np.ascontiguousarray(p[:, ::-1]),
    "a third brighter": lambda p: _bytes(np.clip(p * 1.33, 0, 255)),
    "recompressed (JPEG 40)": lambda p: _recompressed(p, 40),
}


def _bytes(picture: NDArray[np.generic]) -> ByteArray:
    return np.asarray(picture, dtype=np.uint8)


def _recompressed(picture: ByteArray, quality: int) -> ByteArray:
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return _decoded(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def stability(pictures: Sequence[ByteArray], network: SpineNetwork) -> dict[str, FloatArray]:
    """Median absolute change (3,) of the angles, degrees, when the same pictures are changed by ``CHANGES``: of frames
    that are in range before and after."""
    before = seen_group("", pictures, network)
    found = {}
    for name, change in CHANGES.items():
        after = seen_group("", [change(picture) for picture in pictures], network)
        pairs = zip(before.verdicts, after.verdicts, strict=True)
        away = [np.abs(a.angles_deg - b.angles_deg) for a, b in pairs if a.in_range and b.in_range]
        found[name] = np.median(away, axis=0) if away else np.full(3, np.nan)
    return found


@dataclass(frozen=True, slots=True)
class Curves:
    """Pelvic tilt and lumbar flexion over the loop of the real stroke, after the analysis' smoothing."""

    time_s: FloatArray
    learnt_deg: FloatArray
    """(T, 2)"""
    tangents_deg: FloatArray
    """(T, 2) from plain directions of the outline, each up to a constant."""

    @property
    def known_ratio(self) -> float:
        """Part of the frames with both angles."""
        return float(np.isfinite(self.learnt_deg).all(axis=1).mean())

    def extent(self, column: int) -> tuple[float, float]:
        """Lowest and highest value."""
        return float(np.nanmin(self.learnt_deg[:, column])), float(np.nanmax(self.learnt_deg[:, column]))

    def possible(self) -> bool:
        """Whether both stay within what a rower can do, in position and speed."""
        within = [
            low <= self.extent(k)[0] and self.extent(k)[1] <= high
            for k, (low, high) in enumerate((POSSIBLE_TILT_DEG, POSSIBLE_LUMBAR_DEG))
        ]
        return all(within) and max(top_speed(self.time_s, self.learnt_deg)) < POSSIBLE_SPEED_DEG_S


def top_speed(time_s: FloatArray, angles_deg: FloatArray) -> tuple[float, ...]:
    """Largest change of every column (T, K) from frame to frame, degrees a second."""
    speed = np.abs(np.diff(angles_deg, axis=0)) / np.diff(time_s)[:, None]
    return tuple(float(column) for column in np.nanmax(speed, axis=0))


def loop_session(folder: Path) -> Session:
    """Analyse the real stroke, played ten times."""
    with tempfile.TemporaryDirectory() as temporary:
        return analyze_video(_loop(folder / CLIP, Path(temporary) / "loop.mp4"))


def loop_curves(folder: Path) -> Curves:
    """Both estimates of the real stroke, played ten times."""
    return curves_of(loop_session(folder))


def curves_of(session: Session) -> Curves:
    """Both estimates of a session."""
    view = session_view(session)
    names = ("pelvic_tilt_deg", "lumbar_flexion_deg")
    return Curves(
        time_s=np.asarray(session.angles.time_s, dtype=np.float64),
        learnt_deg=np.stack([session.angles[name] for name in names], axis=1),
        tangents_deg=lowpass(view.time_s, tangent_angles(view), CUTOFF_HZ)[:, :2],
    )


def _loop(source: Path, target: Path) -> Path:
    """Play a clip ``LOOPS`` times by copying its packets: the same pixels, the seam one frame long."""
    import av

    with av.open(str(source)) as reader, av.open(str(target), "w") as writer:
        incoming = reader.streams.video[0]
        outgoing = writer.add_stream_from_template(incoming)
        packets = [(bytes(p), p.pts or 0, p.is_keyframe) for p in reader.demux(incoming) if p.size]
        assert incoming.average_rate is not None
        assert incoming.time_base is not None
        step = round(1 / (incoming.average_rate * incoming.time_base))
        length = packets[-1][1] - packets[0][1] + step
        for turn in range(LOOPS):
            for data, pts, is_keyframe in packets:
                packet = av.Packet(data)
                packet.stream, packet.time_base = outgoing, incoming.time_base
                packet.pts = packet.dts = pts - packets[0][1] + turn * length
                packet.duration, packet.is_keyframe = step, is_keyframe
                writer.mux(packet)
    return target
