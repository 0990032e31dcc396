"""One analysed video: everything that the outlets read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from rowsense.model._checks import Problems
from rowsense.model.assessment import Assessment
from rowsense.model.calibration import AngleRange
from rowsense.model.camera import CameraEstimate
from rowsense.model.felt import Felt
from rowsense.model.own_history import OwnHistory
from rowsense.model.signals import AngleSeries
from rowsense.model.strokes import StrokeList
from rowsense.model.tracks import PoseTrack
from rowsense.model.video import VideoInfo


@dataclass(frozen=True, slots=True)
class SpineReference:
    """Where zero and range of tilt and flexion come from."""

    kind: str
    """``calibration``: the rower's own tall sitting is zero, and the range is her own. ``recording``: the zero is the
    estimator's fixed one, and the range is what this recording shows. ``none``: a fixed zero and no range."""
    pelvic_tilt_offset_sd_deg: float
    lumbar_flexion_offset_sd_deg: float
    pelvic_tilt_range: AngleRange | None = None
    """In the degrees of the session's angles; None: not known."""
    lumbar_flexion_range: AngleRange | None = None
    source: str = ""
    """Which calibration: its date and video, for the reader; empty without one."""
    head_zero_sd_deg: float = math.nan
    """Standard deviation of the zero of the head where it is the rower's own tall posture; NaN: it is the recording's
    median at rock-over."""

    def __post_init__(self) -> None:
        problems = Problems("SpineReference")
        problems.require(self.kind in ("calibration", "recording", "none"), f"unknown kind {self.kind!r}")
        known = self.pelvic_tilt_range is not None and self.lumbar_flexion_range is not None
        problems.require(known or self.kind != "calibration", "a calibration has ranges")
        problems.require(bool(self.source) == (self.kind == "calibration"), "a calibration, and only it, has a source")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class Session:
    """Pose, angles, strokes and judgement of one video, with where they came from."""

    video: VideoInfo
    facing: str
    """Where the flywheel is in the picture: ``left`` or ``right``."""
    near_side: str
    """The side of the body that the camera sees: ``left`` or ``right``."""
    camera: CameraEstimate
    track: PoseTrack
    angles: AngleSeries
    strokes: StrokeList
    assessment: Assessment
    spine_reference: SpineReference
    quality: dict[str, str] = field(default_factory=dict)
    """Quantity or topic -> a sentence about what was or was not measurable."""
    athlete: str = ""
    provenance: dict[str, Any] = field(default_factory=dict)
    """Model file and hash, settings, versions, the spine's estimator, and when it was filmed."""
    history: OwnHistory | None = None
    """Against the rower's earlier sessions; None where none were given."""
    felt: Felt | None = None
    """What she said she felt before she saw the measurement; None where she was not asked."""

    def __post_init__(self) -> None:
        problems = Problems("Session")
        problems.require(len(self.track) == len(self.angles), "track and angles must have the same length")
        problems.require(self.facing in ("left", "right"), "facing must be left or right")
        problems.require(self.near_side in ("left", "right"), "near_side must be left or right")
        problems.raise_if_any()
