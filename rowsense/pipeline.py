"""The whole way from a video to a :class:`~rowsense.model.Session`, on one screen.

Two halves with a named border. *Per frame* (:mod:`rowsense.recording`): decode, pose, silhouette, back
line. *Per
track* (:func:`analyze_track`): arrays over time, no pictures. A newcomer starts reading here.
"""

from __future__ import annotations

import math
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rowsense
from rowsense.angles.filmed import filmed_angles
from rowsense.angles.joint_angles import rezero_head
from rowsense.assess.judge import assess, catalogue_for
from rowsense.camera.geometry import camera_estimate, check_seat_moves, stabilise
from rowsense.errors import NotMeasurableError
from rowsense.model import (
    AngleSeries,
    Calibration,
    CameraEstimate,
    Session,
)
from rowsense.observe import Progress, observe_video
from rowsense.pose.models import ensure_model, model_identity
from rowsense.pose.side_view import to_side_view
from rowsense.quality import describe_quality
from rowsense.recording import Observer, Recording, record_video
from rowsense.settings import Settings
from rowsense.spine.geometric import OFFSET_SD_DEG, spine_angles
from rowsense.spine.identity import estimator_identity
from rowsense.spine.reference import check_estimator, from_own_zero, spine_reference
from rowsense.strokes.detect import find_strokes
from rowsense.video.probe import filmed_at

FloatArray = NDArray[np.float64]


def analyze_video(
    path: Path,
    settings: Settings | None = None,
    *,
    athlete: str = "",
    calibration: Calibration | None = None,
    progress: Progress | None = None,
    observer: Observer = observe_video,
) -> Session:
    """Analyse one side-view video of a rower on an ergometer.

    1. Probe the file and index its presentation times.
    2. Scout: find the rower, her facing and the part of the picture she stays in.
    3. Observe: landmarks, silhouette and back line of the frames.
    4. Per track: camera, angles (from the rower's own zero where ``calibration`` gives it), strokes, judgement.

    Raises
    ------
    VideoError, ModelError, NotMeasurableError, CalibrationError, UsageError
        One line that says what, where and what to do next.
    """
    settings = settings or Settings()
    catalogue_for(settings.assess)  # a mistake in it is said before the long work, not after
    if calibration is not None:
        check_estimator(calibration, estimator_of(settings))
    try:
        recording, model = record_video(path, settings, progress, observer=observer)
        about = _provenance(path, settings, model)
        return analyze_track(recording, settings, athlete=athlete, calibration=calibration, provenance=about)
    except NotMeasurableError as error:
        # The stages do not know the file; the reader of the message must.
        raise NotMeasurableError(f"{path.name}: {error}") from error


def analyze_track(
    recording: Recording,
    settings: Settings,
    *,
    athlete: str = "",
    calibration: Calibration | None = None,
    provenance: dict[str, Any] | None = None,
) -> Session:
    """Run the per-track half: camera, angles, strokes, judgement. No pictures, no pose model."""
    camera, angles = measure_angles(recording, settings)
    strokes = find_strokes(angles, recording.track.frame, settings.strokes)
    head_tall_deg = calibration.head_trunk_tall_deg if calibration is not None else math.nan
    angles = from_own_zero(rezero_head(angles, strokes, head_tall_deg), calibration)
    reference = spine_reference(angles, strokes, calibration, OFFSET_SD_DEG)
    assessment = assess(angles, strokes, recording.track.frame, settings.assess, reference)
    return Session(
        video=recording.video,
        facing=recording.facing,
        near_side=recording.near_side,
        camera=camera,
        track=recording.track,  # where the rower is in the picture; the steadied one is for the angles only
        angles=angles,
        strokes=strokes,
        assessment=assessment,
        spine_reference=reference,
        quality=describe_quality(angles, strokes, camera.warnings + recording.warnings),
        athlete=athlete,
        provenance=provenance or {},
    )


def measure_angles(
    recording: Recording, settings: Settings, *, posing: bool = False
) -> tuple[CameraEstimate, AngleSeries]:
    """How the camera stands, and all angles over time with the estimator's fixed zero.

    Who is ``posing`` sits still, so that a seat that does not move is no sign of a dynamic ergometer.
    """
    facing, near_side, shift_px = recording.facing, recording.near_side, recording.background_shift_px
    track = stabilise(recording.track, shift_px, near_side)
    width_px, rail_roll_deg = recording.video.width_px, recording.rail_roll_deg
    if not posing:
        check_seat_moves(track, facing, near_side)
    camera = camera_estimate(track, facing, near_side, shift_px, width_px, rail_roll_deg)
    view = to_side_view(track, facing, near_side, _known_roll(camera.roll_deg))
    return camera, filmed_angles(view, spine_angles(view, settings.spine.cutoff_hz))


def estimator_of(settings: Settings) -> str:
    """The estimator that these settings measure with."""
    return estimator_identity(model_identity(ensure_model(settings.pose.model))["sha256"])


def _known_roll(roll_deg: float) -> float:
    return roll_deg if np.isfinite(roll_deg) else 0.0


def _provenance(path: Path, settings: Settings, model: Path) -> dict[str, Any]:
    packages = ("mediapipe", "opencv-contrib-python", "numba", "numpy", "av")
    return {
        "model": model_identity(model),
        "estimator": estimator_of(settings),
        "filmed_at": filmed_at(path).isoformat(),
        "settings": settings.model_dump(mode="json"),
        "versions": {"rowsense": rowsense.__version__, "python": platform.python_version()}
        | {name: version(name) for name in packages},
    }
