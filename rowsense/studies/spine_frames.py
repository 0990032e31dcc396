"""Simulated frames of many different rowers with a known spine, for fitting the spine estimate.

Every clip is another body in other clothes, another room and camera, and pelvis, low back and upper back move on
their own: three levels for tilt and for lumbar flexion are drawn apart from each other and from the stroke, so that
nothing can be learnt from the pose alone that is not in the back. The sample videos are never drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rowsense.errors import NotMeasurableError
from rowsense.model import Frame, PoseObservation, PoseTrack
from rowsense.pose.mediapipe_estimator import MediaPipePeople, MediaPipePose
from rowsense.pose.people import gather
from rowsense.pose.region import RegionPlan
from rowsense.pose.suitability import nearest_rower
from rowsense.simulate.body import BodySpec
from rowsense.simulate.camera import CameraSpec
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.dress import LookSpec
from rowsense.simulate.motion_spec import MotionSpec, SpineSpec
from rowsense.simulate.render import ClipRenderer
from rowsense.simulate.room import RoomSpec
from rowsense.spine.back_line import back_line

FloatArray = NDArray[np.float64]

SPINE_NAMES = ("pelvic_tilt_deg", "lumbar_flexion_deg", "thoracic_flexion_deg")

#: Keeps these draws apart from every other use of the same seeds.
_STREAM = 71

#: Clips from this number on may lean back as far as a real rower was seen to (42 deg as the pose model has it).
_DEEP_LAYBACK_FROM = 75

#: Seconds between the frames of a clip: long, so that 30 frames show 15 to 30 different strokes.
_FRAME_STEP_S = 1.63


@dataclass(frozen=True, slots=True)
class ObservedClip:
    """What the pose model saw of one simulated clip, and the truth."""

    observations: tuple[PoseObservation, ...]
    roll_deg: float
    truth: FloatArray
    """(T, 3) ``SPINE_NAMES``."""


def training_clip(seed: int, frame_count: int) -> ClipSpec:
    """The simulated clip number ``seed``: body, clothes, room, camera and spine all drawn."""
    rng = np.random.default_rng([_STREAM, seed])

    def uniform(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    def colour(low: float = 0.05, high: float = 0.92) -> tuple[float, float, float]:
        return (uniform(low, high), uniform(low, high), uniform(low, high))

    tone = uniform(0.35, 1.0)
    return ClipSpec(
        name=f"training_{seed}",
        motion=MotionSpec(
            seed=900_000 + seed,
            duration_s=frame_count * _FRAME_STEP_S,
            fps=1.0 / _FRAME_STEP_S,
            rate_spm=uniform(18, 32),
            knee_catch_deg=uniform(42, 62),
            lean_catch_deg=uniform(15, 32),
            lean_finish_deg=uniform(-34 if seed < _DEEP_LAYBACK_FROM else -50, -12),
            elbow_finish_deg=uniform(68, 105),
            spine=SpineSpec(
                tilt_finish_deg=uniform(-30, -6),
                tilt_rock_over_deg=uniform(-20, 8),
                tilt_catch_deg=uniform(-24, 12),
                lumbar_finish_deg=uniform(-4, 26),
                lumbar_rock_over_deg=uniform(-2, 30),
                lumbar_catch_deg=uniform(2, 42),
                tilt_wander_sd_deg=uniform(5, 11),
                lumbar_answer=uniform(-1.3, 0.3),
                lumbar_wander_sd_deg=uniform(3, 9),
                ripple_sd_deg=uniform(1, 5),
            ),
        ),
        body=BodySpec(
            gender=uniform(0, 1), age=uniform(0.45, 0.8), muscle=uniform(0.4, 0.9), weight=uniform(0.3, 0.7),
            height=uniform(0.3, 0.75), proportions=uniform(0.3, 0.85), scale=uniform(1.0, 1.12),
        ),
        look=LookSpec(
            skin=(0.92 * tone, 0.72 * tone, 0.60 * tone), top=colour(), bottom=colour(), shoes=colour(),
            hair=colour(0.03, 0.5), sleeve=uniform(0, 0.9), leg=uniform(0.4, 1.3), loose_m=uniform(0.0, 0.018),
            hair_style=str(rng.choice(["short", "bun", "cap"])),
        ),
        camera=CameraSpec(
            distance_m=uniform(3.8, 6.5), height_m=uniform(0.4, 1.0), yaw_deg=float(rng.normal(0, 4)),
            roll_deg=float(rng.normal(0, 1)), span_m=uniform(3.2, 3.8),
        ),
        room=RoomSpec(
            wall=colour(0.25, 0.95), floor=colour(0.2, 0.8), window_x_m=uniform(-1.6, 1.0),
            door_x_m=uniform(-1.6, 1.6) if rng.random() < 0.4 else None, poster_x_m=uniform(-1.5, 1.5),
            poster=colour(), stripe=colour() if rng.random() < 0.4 else None, planks=bool(rng.random() < 0.5),
            seed=int(rng.integers(1000)),
        ),
        frame_colour=colour(0.1, 0.8),
        width_px=960,
        height_px=540,
    )  # fmt: skip


def observe_clip(spec: ClipSpec, pose_model: Path) -> ObservedClip:
    """Render the clip and look at it with the pose model."""
    renderer = ClipRenderer(spec)
    angles = renderer.motion.angles
    return ObservedClip(
        observations=tuple(_observe(renderer, pose_model)),
        roll_deg=spec.camera.roll_deg,
        truth=np.stack([angles[name] for name in SPINE_NAMES], axis=1),
    )


def _observe(renderer: ClipRenderer, pose_model: Path) -> list[PoseObservation]:
    frames = [Frame(i, float(renderer.motion.time_s[i]), renderer.frame(i)) for i in range(len(renderer))]
    with MediaPipePeople(pose_model, max_people=3) as finder:
        people = gather([finder.find(frame) for frame in frames])
    rower = nearest_rower(people)
    if rower is None:
        raise NotMeasurableError(f"{renderer.spec.name}: the pose model finds no rower")
    plan = RegionPlan.of(rower.xy_px, (0, 0, renderer.spec.width_px, renderer.spec.height_px), "right")
    places = {row: plan.around(xy_px) for row, xy_px in zip(rower.rows, rower.xy_px, strict=True)}
    with MediaPipePose(pose_model, mirror=False) as pose:
        return [pose.observe(frame, places.get(frame.index, plan.start)) for frame in frames]


def pose_track(clip: ObservedClip) -> PoseTrack:
    """The clip's landmarks and back lines over time, unsmoothed."""
    observations = clip.observations
    lines = [back_line(o, "right", "right") for o in observations]
    count = len(observations)
    return PoseTrack(
        frame=np.arange(count),
        time_s=np.arange(count, dtype=np.float64) * _FRAME_STEP_S,
        xy_px=np.stack([o.landmarks_px for o in observations]),
        visibility=np.stack([o.visibility for o in observations]),
        back_xy_px=np.stack([line.xy_px for line in lines]),
        back_seen=np.stack([line.seen for line in lines]),
        inferred=np.ones(count, dtype=bool),
    )
