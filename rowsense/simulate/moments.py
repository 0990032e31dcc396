"""The same motion a moment earlier or later than its frames: what a shutter sees, and what swings hair."""

from __future__ import annotations

from dataclasses import replace

from rowsense.simulate.kinematics import solve_joints
from rowsense.simulate.motion import Motion
from rowsense.simulate.posing import PosingModel, PosingSpec
from rowsense.simulate.posture import PostureModel


def motion_after(motion: Motion, offset_s: float) -> Motion:
    """``motion`` with every frame ``offset_s`` later; its angles, events and phases stay those of the frames."""
    spec = motion.spec
    model = PosingModel(spec) if isinstance(spec, PosingSpec) else PostureModel(spec, motion.skeleton)
    time_s = motion.time_s + offset_s
    posture = model.at(time_s)
    return replace(motion, time_s=time_s, posture=posture, joints=solve_joints(motion.skeleton, posture))
