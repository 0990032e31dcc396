"""What flows between the stages: frozen data that checks itself, and no algorithms."""

from rowsense.model.assessment import Assessment, FaultFinding, RuleFinding
from rowsense.model.calibration import AngleRange, Calibration
from rowsense.model.camera import CameraEstimate
from rowsense.model.change import StrokeDoubt
from rowsense.model.observation import BackLine, FrameObservation, ObservationSeries, PoseObservation
from rowsense.model.session import Session, SpineReference
from rowsense.model.signals import AngleSeries, SpineAngles
from rowsense.model.strokes import Stroke, StrokeList
from rowsense.model.tracks import PoseTrack, SideView
from rowsense.model.video import Frame, VideoInfo

__all__ = [
    "AngleRange",
    "AngleSeries",
    "Assessment",
    "BackLine",
    "Calibration",
    "CameraEstimate",
    "FaultFinding",
    "Frame",
    "FrameObservation",
    "ObservationSeries",
    "PoseObservation",
    "PoseTrack",
    "RuleFinding",
    "Session",
    "SideView",
    "SpineAngles",
    "SpineReference",
    "Stroke",
    "StrokeDoubt",
    "StrokeList",
    "VideoInfo",
]
