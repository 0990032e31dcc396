"""What the per-frame half made of a rendered fault clip, as a small file: all that judging it again needs.

The videos stay beside it, so that another estimate of the spine need not have them rendered again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue
from rowsense.assess.judge import catalogue_for
from rowsense.calibrating import calibrate_video
from rowsense.errors import NotMeasurableError
from rowsense.model import Assessment, Calibration, PoseTrack, VideoInfo
from rowsense.pipeline import analyze_track, estimator_of
from rowsense.recording import Recording, record_video
from rowsense.settings import AssessSettings, PoseSettings, Settings
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.motion import simulate_motion
from rowsense.simulate.skeleton import Skeleton
from rowsense.store.codec import from_json, to_json
from rowsense.studies.array_file import read_arrays, write_arrays
from rowsense.studies.cores import on_all_cores
from rowsense.studies.fault_clips import FaultClip, NoSuchMotionError, fault_clip, scene, wanted_faults
from rowsense.studies.fault_truth import TrueRowing

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.floating]

#: One process looks at one clip with one thread; the others look at others.
_ONE_THREAD: Final = Settings(pose=PoseSettings(workers=1))
_ATHLETE: Final = "simulated"


@dataclass(frozen=True, slots=True)
class SeenRowing:
    """T frames of a fault clip as the pose model saw them."""

    about: str
    """JSON: video, facing, near side, warnings, rail, calibration or null, estimator."""
    frame: NDArray[np.int64]
    time_s: FloatArray
    xy_px: SingleArray
    visibility: SingleArray
    back_xy_px: SingleArray
    back_seen: SingleArray
    inferred: NDArray[np.bool_]
    spine_deg: SingleArray
    spine_sd_deg: SingleArray
    background_shift_px: FloatArray

    @classmethod
    def of(cls, recording: Recording, calibration: Calibration | None, estimator: str) -> Self:
        """A recording, and what the rower's posing said."""
        track = recording.track
        if track.spine_deg is None or track.spine_sd_deg is None:
            raise ValueError("the spine was not read")
        about = {
            "video": to_json(replace(recording.video, path=Path(recording.video.path.name))),
            "facing": recording.facing,
            "near_side": recording.near_side,
            "warnings": list(recording.warnings),
            "rail_roll_deg": to_json(recording.rail_roll_deg),
            "calibration": to_json(calibration),
            "estimator": estimator,
        }
        names = ("frame", "time_s", "xy_px", "visibility", "back_xy_px", "back_seen", "inferred")
        return cls(
            about=json.dumps(about),
            **{name: getattr(track, name) for name in names},
            spine_deg=track.spine_deg,
            spine_sd_deg=track.spine_sd_deg,
            background_shift_px=recording.background_shift_px,
        )

    def _about(self) -> dict[str, Any]:
        return dict(json.loads(self.about))

    @property
    def estimator(self) -> str:
        """Who read the spine."""
        return str(self._about()["estimator"])

    @property
    def calibration(self) -> Calibration | None:
        """What her posing said; None where she did not pose, or it could not be measured."""
        stored = self._about()["calibration"]
        return None if stored is None else from_json(Calibration, stored)

    def recording(self) -> Recording:
        """What the per-track half takes."""
        about = self._about()
        names = (
            "frame", "time_s", "xy_px", "visibility", "back_xy_px", "back_seen", "inferred", "spine_deg",
            "spine_sd_deg",
        )  # fmt: skip
        return Recording(
            video=from_json(VideoInfo, about["video"]),
            track=PoseTrack(**{name: getattr(self, name) for name in names}),
            facing=about["facing"],
            near_side=about["near_side"],
            background_shift_px=self.background_shift_px,
            rail_roll_deg=from_json(tuple[float, float], about["rail_roll_deg"]),
            warnings=tuple(about["warnings"]),
        )

    def judged(self) -> Assessment:
        """What the analysis says, made anew."""
        return analyze_track(self.recording(), Settings(), calibration=self.calibration).assessment


def _faults_of(number: int) -> str:
    return ", ".join(wanted_faults(number)) or "clean"


@dataclass(frozen=True, slots=True)
class Drawn:
    """How the clips of a study are drawn, by their number: functions of a module, since other processes call them."""

    scene: Callable[[int], ClipSpec]
    """Body, clothes, room and camera."""
    clip: Callable[[int, Skeleton, Catalogue], FaultClip]
    """The clip of the scene's body."""
    says: Callable[[int], str]
    """What is in it."""


FAULT_CLIPS: Final = Drawn(scene, fault_clip, _faults_of)


def collect(folder: Path, first: int, end: int, drawn: Drawn = FAULT_CLIPS) -> None:
    """Render and look at clips ``first`` to ``end`` - 1. Needs the extra ``simulate``.

    Videos that are there stay, and so does what this estimator saw in them. A clip in which no rower is found, or whose
    body can make no such motion, is left out, and said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    estimator = estimator_of(_ONE_THREAD)
    missing = [number for number in range(first, end) if not _seen_by(folder, number, estimator)]
    on_all_cores(partial(collect_one, folder, estimator, drawn), missing)


def _seen_by(folder: Path, number: int, estimator: str) -> bool:
    file = seen_file(folder, number)
    return file.exists() and read_arrays(file, SeenRowing).estimator == estimator


def collect_one(folder: Path, estimator: str, drawn: Drawn, number: int) -> str:
    """Render one clip where it is missing, and look at it; returns what there is to say about it."""
    try:
        if not true_file(folder, number).exists():
            _render(folder, drawn, number)
        seen = look(folder, number, estimator)
    except (NotMeasurableError, NoSuchMotionError) as error:
        return str(error)
    write_arrays(seen_file(folder, number), seen)
    return f"clip {number}: {len(seen.frame)} frames, {drawn.says(number)}"


def _render(folder: Path, drawn: Drawn, number: int) -> None:
    """Videos first, then the truth: where this is, they are."""
    from rowsense.simulate.body import load_body, skeleton_of
    from rowsense.simulate.making import render_clip

    skeleton = skeleton_of(load_body(drawn.scene(number).body))
    clip = drawn.clip(number, skeleton, catalogue_for(AssessSettings()))
    with tempfile.TemporaryDirectory(dir=folder) as name:
        if clip.poses:
            render_clip(clip.posed, name).video.replace(posing_file(folder, number))
        render_clip(clip.rowing, name).video.replace(video_file(folder, number))
    write_arrays(true_file(folder, number), TrueRowing.of(simulate_motion(clip.rowing.motion, skeleton), clip.posing))


def look(folder: Path, number: int, estimator: str) -> SeenRowing:
    """Look at a rendered clip, and at her posing where she poses.

    Raises
    ------
    NotMeasurableError
        No rower is found.
    """
    recording, _ = record_video(video_file(folder, number), _ONE_THREAD)
    calibration, posing = None, posing_file(folder, number)
    if posing.exists():
        try:
            calibration = calibrate_video(posing, _ATHLETE, _ONE_THREAD)
        except NotMeasurableError as error:
            print(error, flush=True)
    return SeenRowing.of(recording, calibration, estimator)


def video_file(folder: Path, number: int) -> Path:
    """The clip ``number``."""
    return folder / f"{number:04d}.mp4"


def posing_file(folder: Path, number: int) -> Path:
    """Its rower, posing."""
    return folder / f"{number:04d}.posing.mp4"


def seen_file(folder: Path, number: int) -> Path:
    """What was seen in it."""
    return folder / f"{number:04d}.seen.npz"


def true_file(folder: Path, number: int) -> Path:
    """What the rig did in it."""
    return folder / f"{number:04d}.truth.npz"


def read_clip(folder: Path, number: int) -> tuple[SeenRowing, TrueRowing]:
    """What :func:`collect` wrote of one clip."""
    return read_arrays(seen_file(folder, number), SeenRowing), read_arrays(true_file(folder, number), TrueRowing)


def collected(folder: Path) -> list[int]:
    """Numbers of the clips that are there."""
    return sorted(int(path.name.split(".")[0]) for path in folder.glob("*.seen.npz"))


def refused(folder: Path) -> list[int]:
    """Numbers of the clips that were rendered and could not be measured."""
    return sorted({int(path.name.split(".")[0]) for path in folder.glob("*.truth.npz")} - set(collected(folder)))
