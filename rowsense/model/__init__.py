"""What flows between the stages: frozen data that checks itself, and no algorithms."""

from rowsense.model.advice import Advice
from rowsense.model.assessment import Assessment, FaultFinding, RuleFinding
from rowsense.model.calibration import AngleRange, Calibration
from rowsense.model.camera import CameraEstimate
from rowsense.model.change import StrokeDoubt
from rowsense.model.comparison import Comparison, Contrast, Posture, Side
from rowsense.model.felt import Felt
from rowsense.model.hips import Association, GiveWay, HipsAnalysis, Mover
from rowsense.model.observation import BackLine, FrameObservation, ObservationSeries, PoseObservation, SpineReading
from rowsense.model.own_history import OwnHistory, PastSession, RangeCount, UsualLevel, WeekCount
from rowsense.model.piece import BestStrokes, Difference, Drift, PieceAnalysis, RateStep, Spread
from rowsense.model.rhythm import Overlap, Pause, RhythmAnalysis, SegmentDrive, Tempo, Travel, Typical
from rowsense.model.session import Session, SpineReference
from rowsense.model.signals import AngleSeries, SpineAngles
from rowsense.model.strokes import Stroke, StrokeList
from rowsense.model.tracks import PoseTrack, SideView
from rowsense.model.video import Frame, VideoInfo

__all__ = [
    "Advice",
    "AngleRange",
    "AngleSeries",
    "Assessment",
    "Association",
    "BackLine",
    "BestStrokes",
    "Calibration",
    "CameraEstimate",
    "Comparison",
    "Contrast",
    "Difference",
    "Drift",
    "FaultFinding",
    "Felt",
    "Frame",
    "FrameObservation",
    "GiveWay",
    "HipsAnalysis",
    "Mover",
    "ObservationSeries",
    "Overlap",
    "OwnHistory",
    "PastSession",
    "Pause",
    "PieceAnalysis",
    "PoseObservation",
    "PoseTrack",
    "Posture",
    "RangeCount",
    "RateStep",
    "RhythmAnalysis",
    "RuleFinding",
    "SegmentDrive",
    "Session",
    "Side",
    "SideView",
    "SpineAngles",
    "SpineReading",
    "SpineReference",
    "Spread",
    "Stroke",
    "StrokeDoubt",
    "StrokeList",
    "Tempo",
    "Travel",
    "Typical",
    "UsualLevel",
    "VideoInfo",
    "WeekCount",
]
