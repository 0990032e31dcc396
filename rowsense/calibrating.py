"""Calibrate a rower from a posing clip, and find the calibration that an analysis should use."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from math import hypot, isfinite
from pathlib import Path
from typing import Final

from rowsense import __version__
from rowsense.errors import CalibrationError, NotMeasurableError, UsageError
from rowsense.model import AngleRange, Calibration, CameraEstimate
from rowsense.observe import Progress
from rowsense.pipeline import estimator_of, measure_angles
from rowsense.recording import record_video
from rowsense.settings import Settings
from rowsense.spine.holds import find_holds
from rowsense.spine.own_range import own_range
from rowsense.spine.reference import check_estimator
from rowsense.store.calibrations import list_calibrations, read_calibration, same_athlete

#: Where neither seat nor rail tell how level the camera stands, people's own sense of level does. [C] As in the
#: camera's estimate of roll.
UNKNOWN_ROLL_SD_DEG: Final = 2.5
#: A posing clip is shorter than this. [D] Three rounds of three postures of three seconds take 40 s.
LONG_CLIP_S: Final = 120.0


def calibrate_video(
    path: Path, athlete: str, settings: Settings | None = None, progress: Progress | None = None
) -> Calibration:
    """Measure a rower's own zero and range from a clip in which she sits tall, slumps and hinges.

    Raises
    ------
    UsageError
        No name.
    VideoError, ModelError, NotMeasurableError
        One line that says what, where and what to do next: a posture is missing, the range is too small, or the clip
        cannot be measured at all.
    """
    settings = settings or Settings()
    if not athlete.strip():
        raise UsageError("a calibration belongs to one rower: say whose it is with --athlete NAME")
    try:
        recording, _ = record_video(path, settings, progress, posing=True)
        camera, angles = measure_angles(recording, settings, posing=True)
        found = own_range(find_holds(angles))
    except NotMeasurableError as error:
        raise NotMeasurableError(f"{path.name}: {error}") from error
    notes = [*found.notes, *camera.warnings, *recording.warnings, *_notes(camera, angles.time_s[-1] - angles.time_s[0])]
    return Calibration(
        athlete=athlete.strip(),
        made_at=datetime.now().astimezone().replace(microsecond=0),
        video_name=path.name,
        video_sha256=recording.video.sha256,
        rowsense_version=__version__,
        estimator=estimator_of(settings),
        pelvic_tilt=_with_roll(found.pelvic_tilt, camera.roll_sd_deg),
        lumbar_flexion=found.lumbar_flexion,
        thoracic_tall_deg=found.thoracic_tall_deg,
        thoracic_tall_sd_deg=found.thoracic_tall_sd_deg,
        head_trunk_tall_deg=found.head_trunk_tall_deg,
        head_trunk_tall_sd_deg=found.head_trunk_tall_sd_deg,
        tall_count=len(found.tall),
        slump_count=len(found.slump),
        hinge_count=len(found.hinge),
        notes=tuple(dict.fromkeys(notes)),
    )


def calibration_for(athlete: str, named: Path | None, settings: Settings) -> tuple[Calibration | None, str]:
    """The calibration for an analysis, and a sentence about it for the user (empty where there is nothing to say).

    ``named`` is used whoever it is of. Otherwise it is the athlete's newest that this estimator measured; those of
    another estimator are refused, and the sentence says so.

    Raises
    ------
    CalibrationError
        ``named``, or a file of the folder, cannot be read; ``named`` was measured by another estimator.
    """
    if named is not None:
        chosen = read_calibration(named)
        check_estimator(chosen, estimator_of(settings))
        foreign = athlete and not same_athlete(athlete, chosen.athlete)
        note = f"{named.name} is the calibration of {chosen.athlete}, used here for {athlete}." if foreign else ""
        return chosen, note
    if not athlete.strip():
        return None, ""
    stored = list_calibrations(athlete)
    problem = next((one.problem for one in stored if one.calibration is None), "")
    own = [one.calibration for one in stored if one.calibration is not None]
    if problem:
        raise CalibrationError(f"{problem}, remove it with `rowsense calibrate --delete`, or add --no-calibration")
    if not own:
        return None, (
            f"No calibration of {athlete} yet, so percentages are of the range seen in this video; "
            "`rowsense calibrate` measures the rower's own."
        )
    estimator = estimator_of(settings)
    fitting = next((one for one in own if one.estimator == estimator), None)
    if fitting is not None:
        return fitting, ""
    try:
        check_estimator(own[0], estimator)
    except CalibrationError as error:
        return None, f"Not used: {error}."
    return None, ""


def _with_roll(tilt: AngleRange, roll_sd_deg: float) -> AngleRange:
    """A camera that is not level turns the pelvis by as much, tall and slump alike: the zero is less sure by that."""
    sd_deg = roll_sd_deg if isfinite(roll_sd_deg) else UNKNOWN_ROLL_SD_DEG
    return replace(tilt, neutral_sd_deg=hypot(tilt.neutral_sd_deg, sd_deg))


def _notes(camera: CameraEstimate, length_s: float) -> list[str]:
    said = []
    if not isfinite(camera.roll_deg):
        said.append("How level the camera stood could not be seen: keep the rail in the picture next time.")
    if length_s > LONG_CLIP_S:
        said.append("The clip is long: half a minute of posing is enough, and --from and --to choose a part.")
    return said
