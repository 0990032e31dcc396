"""What the per-frame half made of a rendered fault clip, as a small file: all that judging it again needs."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
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
from rowsense.pipeline import Recording, analyze_track, record_video
from rowsense.settings import AssessSettings, PoseSettings, Settings
from rowsense.simulate.motion import simulate_motion
from rowsense.store.codec import from_json, to_json
from rowsense.studies.array_file import read_arrays, write_arrays
from rowsense.studies.cores import on_all_cores
from rowsense.studies.fault_clips import FaultClip, fault_clip, scene
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
    """JSON: video, facing, near side, warnings, rail, calibration or null, wanted faults."""
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
    def of(cls, recording: Recording, calibration: Calibration | None, wanted: Mapping[str, float]) -> Self:
        """A recording whose video is gone."""
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
            "wanted": dict(wanted),
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
    def wanted(self) -> dict[str, float]:
        """Severity by fault that its rower was given, in limits."""
        return dict(self._about()["wanted"])

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


def collect(folder: Path, first: int, end: int) -> None:
    """Render and look at clips ``first`` to ``end`` - 1; those that are there stay. Needs the extra ``simulate``.

    A clip in which no rower is found is left out, and said.
    """
    from rowsense.pose.models import ensure_model

    folder.mkdir(parents=True, exist_ok=True)
    ensure_model()  # once, and not in every process
    on_all_cores(partial(_collect_one, folder), [n for n in range(first, end) if not seen_file(folder, n).exists()])


def _collect_one(folder: Path, number: int) -> str:
    from rowsense.simulate.body import load_body, skeleton_of

    skeleton = skeleton_of(load_body(scene(number).body))
    clip = fault_clip(number, skeleton, _catalogue())
    try:
        seen = look(clip)
    except NotMeasurableError as error:
        return str(error)
    truth = TrueRowing.of(simulate_motion(clip.rowing.motion, skeleton), clip.posing)
    write_arrays(true_file(folder, number), truth)
    write_arrays(seen_file(folder, number), seen)
    return f"clip {number}: {len(seen.frame)} frames, {', '.join(clip.wanted) or 'clean'}"


def look(clip: FaultClip) -> SeenRowing:
    """Render a clip, and her posing where she poses, and look at them. The videos are gone afterwards.

    Raises
    ------
    NotMeasurableError
        No rower is found.
    """
    from rowsense.simulate.making import render_clip

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recording, _ = record_video(render_clip(clip.rowing, folder).video, _ONE_THREAD)
        calibration = None
        if clip.poses:
            try:
                calibration = calibrate_video(render_clip(clip.posed, folder).video, _ATHLETE, _ONE_THREAD)
            except NotMeasurableError as error:
                print(error, flush=True)
        return SeenRowing.of(recording, calibration, clip.wanted)


def seen_file(folder: Path, number: int) -> Path:
    """Where the clip ``number`` is kept."""
    return folder / f"{number:04d}.seen.npz"


def true_file(folder: Path, number: int) -> Path:
    """Where its truth is kept."""
    return folder / f"{number:04d}.truth.npz"


def read_clip(folder: Path, number: int) -> tuple[SeenRowing, TrueRowing]:
    """What :func:`collect` wrote of one clip."""
    return read_arrays(seen_file(folder, number), SeenRowing), read_arrays(true_file(folder, number), TrueRowing)


def collected(folder: Path) -> list[int]:
    """Numbers of the clips that are there."""
    return sorted(int(path.name.split(".")[0]) for path in folder.glob("*.seen.npz"))


def _catalogue() -> Catalogue:
    return catalogue_for(AssessSettings())
