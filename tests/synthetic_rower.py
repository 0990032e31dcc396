"""A rower with exact known events for the tests, at any frame times, with any noise: numpy only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from rowsense.angles.joint_angles import angle_series
from rowsense.conventions import BACK_POINT_COUNT
from rowsense.model import AngleSeries, SideView, SpineAngles
from rowsense.simulate.events import Events, measure_events
from rowsense.simulate.kinematics import Joints, joint_angles, solve_joints
from rowsense.simulate.motion import MotionSpec
from rowsense.simulate.posture import PostureModel
from rowsense.simulate.skeleton import Skeleton

FloatArray = NDArray[np.float64]

PX_PER_M = 330.0


@dataclass(frozen=True)
class Rower:
    """What a perfect camera sees, and the truth."""

    view: SideView
    spine: SpineAngles
    series: AngleSeries
    truth: dict[str, FloatArray]
    model: PostureModel

    @cached_property
    def events(self) -> Events:
        """Exact events of the whole clip."""
        return measure_events(self.model, float(self.view.time_s[0]), float(self.view.time_s[-1]))


def constant_times(fps: float, duration_s: float) -> FloatArray:
    """Presentation times at a constant rate."""
    return np.arange(int(duration_s * fps)) / fps


def variable_times(fps: float, duration_s: float, seed: int = 5) -> FloatArray:
    """Presentation times of a phone: steps from 0.6 to 1.6 of the mean, now and then a lost frame."""
    rng = np.random.default_rng(seed)
    steps = rng.uniform(0.6, 1.4, int(duration_s * fps * 1.2)) / fps
    steps[rng.random(steps.size) < 0.05] *= 2.0
    times = np.cumsum(steps)
    return times[times < duration_s]


def make_rower(spec: MotionSpec, time_s: FloatArray | None = None, *, noise_px: float = 0.0, seed: int = 3) -> Rower:
    """The motion of ``spec`` at ``time_s`` as a canonical side view; ``noise_px`` on every joint."""
    times = constant_times(spec.fps, spec.duration_s) if time_s is None else time_s
    return _make_rower(spec, tuple(times.tolist()), noise_px, seed)


@lru_cache(maxsize=64)
def _make_rower(spec: MotionSpec, time_s: tuple[float, ...], noise_px: float, seed: int) -> Rower:
    times = np.array(time_s)
    body = Skeleton()
    model = PostureModel(spec, body)
    posture = model.at(times)
    joints = solve_joints(body, posture)
    view = side_view(times, joints, noise_px=noise_px, seed=seed)
    spine = make_spine(posture.tilt_deg, posture.lumbar_deg, posture.thoracic_deg)
    return Rower(
        view=view,
        spine=spine,
        series=angle_series(view, spine),
        truth=joint_angles(body, posture, joints),
        model=model,
    )


def side_view(times: FloatArray, joints: Joints, *, noise_px: float = 0.0, seed: int = 3) -> SideView:
    """Joints in metres as near-side joints in canonical pixels; the back line ends at the base of the neck."""
    rng = np.random.default_rng(seed)
    names = {name: name for name in ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel")}
    names["foot_index"] = "toe"
    xy = {
        name: PX_PER_M * getattr(joints, of)[:, :2] + noise_px * rng.normal(size=(len(times), 2))
        for name, of in names.items()
    }
    share = np.linspace(0.0, 1.0, BACK_POINT_COUNT)[None, :, None]
    seat, neck = joints.root[:, None, :2], joints.neck[:, None, :2]
    back = PX_PER_M * (seat + np.clip(share * 1.05, 0.0, 1.0) * (neck - seat))
    count = len(times)
    return SideView(
        time_s=times, joints=xy, back_xy=back, back_seen=np.ones((count, BACK_POINT_COUNT)),
        confidence=np.ones(count), facing="right", near_side="right", roll_deg=0.0,
    )  # fmt: skip


def make_spine(tilt_deg: FloatArray, lumbar_deg: FloatArray, thoracic_deg: FloatArray) -> SpineAngles:
    """Spine angles with five degrees of doubt each."""
    sd = np.full(len(tilt_deg), 5.0)
    return SpineAngles(tilt_deg, lumbar_deg, thoracic_deg, sd, sd, sd)
