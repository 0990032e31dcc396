"""The rowing motion with its exact truth, in numpy alone: no torch, no pictures.

``simulate_motion(spec)`` gives, for every frame of a clip, all joints, all angles as ``docs/conventions.md``
defines them, and the stroke events to well under a millisecond. ``landmark_track`` turns the joints into the
33 landmarks of a pose model, as a perfect pose model would see them from the side.

Axes: metres, x towards the flywheel, y up, z to the rower's right; origin on the floor below the balls of the
feet. Pelvic tilt and lumbar flexion are set apart from the pose: legs, arms, seat and handle follow by inverse
kinematics, and the thoracic spine takes what the trunk lean leaves over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import ANGLE_NAMES
from rowsense.simulate.events import Events, frame_phases, measure_events, no_events
from rowsense.simulate.kinematics import Joints, joint_angles, solve_joints
from rowsense.simulate.motion_spec import FaultDials, MotionSpec, SpineSpec
from rowsense.simulate.posing import PosingModel, PosingSpec
from rowsense.simulate.posture import Posture, PostureModel
from rowsense.simulate.skeleton import Skeleton

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

__all__ = [
    "Events",
    "FaultDials",
    "Joints",
    "Motion",
    "MotionSpec",
    "SpineSpec",
    "landmark_track",
    "simulate_motion",
]


@dataclass(frozen=True)
class Motion:
    """One clip's motion and truth; T frames at ``spec.fps`` from time 0."""

    spec: MotionSpec
    skeleton: Skeleton
    time_s: FloatArray
    """(T,)"""
    posture: Posture
    joints: Joints
    angles: dict[str, FloatArray]
    """Every name of ``conventions.ANGLE_NAMES`` -> (T,)."""
    events: Events
    stroke: IntArray
    """(T,) number of the whole stroke a frame lies in, -1 outside."""
    phase: tuple[str, ...]
    """(T,) phase id, empty outside whole strokes."""


def simulate_motion(spec: MotionSpec, skeleton: Skeleton | None = None) -> Motion:
    """Compute the motion of ``spec`` for a body (default: a slim adult). A ``PosingSpec`` has no strokes."""
    body = skeleton or Skeleton()
    model = PosingModel(spec) if isinstance(spec, PosingSpec) else PostureModel(spec, body)
    time_s = np.arange(int(round(spec.duration_s * spec.fps))) / spec.fps
    posture = model.at(time_s)
    joints = solve_joints(body, posture)
    angles = joint_angles(body, posture, joints)
    if set(angles) != set(ANGLE_NAMES):
        raise AssertionError("the simulated angles and conventions.ANGLE_NAMES differ")
    if isinstance(model, PosingModel):
        events = no_events()
    else:
        events = measure_events(model, float(time_s[0]), float(time_s[-1]))
    stroke, phase = frame_phases(events, time_s)
    return Motion(spec, body, time_s, posture, joints, angles, events, stroke, phase)


def landmark_track(
    motion: Motion, px_per_m: float = 330.0, origin_px: tuple[float, float] = (760.0, 640.0), mirror_at_px: float = 0.0
) -> FloatArray:
    """The 33 pose landmarks in picture pixels (x right, y down), seen exactly from the side: (T, 33, 2).

    Both body sides coincide, as they do for a far camera. ``origin_px`` is where the floor below the balls of
    the feet lies. With ``mirror_at_px`` (the picture's width) the rower faces left.
    """
    joints = motion.joints
    columns = [
        joints.nose, joints.eye, joints.eye, joints.eye, joints.eye, joints.eye, joints.eye,
        joints.ear, joints.ear, joints.mouth, joints.mouth, joints.shoulder, joints.shoulder,
        joints.elbow, joints.elbow, joints.wrist, joints.wrist, joints.handle, joints.handle,
        joints.handle, joints.handle, joints.handle, joints.handle, joints.hip, joints.hip,
        joints.knee, joints.knee, joints.ankle, joints.ankle, joints.heel, joints.heel, joints.toe, joints.toe,
    ]  # fmt: skip
    xy = np.stack([c[:, :2] for c in columns], axis=1)
    px = np.stack([origin_px[0] + px_per_m * xy[..., 0], origin_px[1] - px_per_m * xy[..., 1]], axis=-1)
    if mirror_at_px > 0.0:
        px[..., 0] = mirror_at_px - px[..., 0]
    return px
