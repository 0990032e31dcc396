"""A simulated rower who does not row: she sits tall, slumps, and hinges forward, for calibration clips with truth.

``PosingSpec`` goes wherever a ``MotionSpec`` goes (``ClipSpec.motion``), so the same renderer draws it. Between the
holds she moves smoothly; within a hold she sways a little, as people do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.curves import ease, soft_clip
from rowsense.simulate.motion_spec import MotionSpec
from rowsense.simulate.posture import NECK_LIMITS_DEG, Posture

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pose:
    """One held posture; signs as in ``docs/conventions.md``. The trunk lean follows from the three angles."""

    tilt_deg: float
    lumbar_deg: float
    thoracic_deg: float


#: Half of the voluntary seated range forward of neutral, its rear end, and a bend from the hips [R: -1, -10 and
#: -21 deg, Vicon, n = 22; the simulated low back rounds as much as the pelvis tips so that the trunk stays upright].
TALL: Final = Pose(-4.0, 3.0, 6.0)
SLUMP: Final = Pose(-26.0, 34.0, 26.0)
HINGE: Final = Pose(18.0, 6.0, 6.0)


@dataclass(frozen=True, slots=True)
class PosingSpec(MotionSpec):
    """A posing clip; equal specs give equal motions. The dials of rowing that it inherits are not used."""

    order: tuple[str, ...] = ("tall", "slump", "tall", "hinge")
    """Postures in the order in which they are held, by their names in ``poses``."""
    poses: dict[str, Pose] = field(default_factory=lambda: {"tall": TALL, "slump": SLUMP, "hinge": HINGE})
    hold_s: float = 2.6
    move_s: float = 1.1
    """From one hold to the next."""
    repeat_sd_deg: float = 0.0
    """Spread between the holds of one posture, tilt and lumbar flexion apart."""
    sway_sd_deg: float = 0.4
    """Slow swaying within a hold."""
    knee_deg: float = 115.0
    elbow_deg: float = 150.0


class PosingModel:
    """The posing rower of one spec; ``at`` gives the posture at any times."""

    def __init__(self, spec: PosingSpec) -> None:
        rng = np.random.default_rng([20261101, spec.seed])
        self.spec = spec
        held = np.array([(p.tilt_deg, p.lumbar_deg, p.thoracic_deg) for p in (spec.poses[n] for n in spec.order)])
        held[:, :2] += rng.normal(0.0, spec.repeat_sd_deg, (len(held), 2)) if spec.repeat_sd_deg else 0.0
        self.held_deg: FloatArray = held
        """(H, 3) tilt, lumbar and thoracic flexion of every hold."""
        self._sway_hz = rng.uniform(0.15, 0.45, (3, 3))
        self._sway_phase = rng.uniform(0.0, 2.0 * np.pi, (3, 3))

    def at(self, time_s: FloatArray) -> Posture:
        """Posture at the given times; the last hold goes on for ever."""
        spec = self.spec
        tilt, lumbar, thoracic = (self._spine(time_s) + self._sway(time_s)).T
        neck = soft_clip(8.0 - tilt - lumbar - thoracic, *NECK_LIMITS_DEG, 12.0)
        same = np.ones(len(time_s))
        return Posture(
            knee_deg=spec.knee_deg * same,
            elbow_deg=spec.elbow_deg * same,
            heel_lift_deg=0.0 * same,
            hand_height_m=0.22 * same,
            protraction_m=0.0 * same,
            tilt_deg=tilt,
            lumbar_deg=lumbar,
            thoracic_deg=thoracic,
            neck_deg=neck,
        )

    def hold_of(self, time_s: FloatArray) -> NDArray[np.int64]:
        """(T,) number of the hold a time lies in, -1 while she moves."""
        period_s = self.spec.hold_s + self.spec.move_s
        number = np.minimum(np.floor(time_s / period_s), len(self.held_deg) - 1).astype(np.int64)
        within_s = time_s - number * period_s
        resting = (within_s < self.spec.hold_s) | (number == len(self.held_deg) - 1)
        return np.where(resting, number, -1)

    def _spine(self, time_s: FloatArray) -> FloatArray:
        spec = self.spec
        out = np.repeat(self.held_deg[:1], len(time_s), axis=0)
        for i, step in enumerate(np.diff(self.held_deg, axis=0)):
            start_s = spec.hold_s + i * (spec.hold_s + spec.move_s)
            out += ease((time_s - start_s) / spec.move_s)[:, None] * step
        return out

    def _sway(self, time_s: FloatArray) -> FloatArray:
        """(T, 3) slow, small, of its own in each angle."""
        turns = 2.0 * np.pi * time_s[:, None, None] * self._sway_hz + self._sway_phase
        return np.asarray(self.spec.sway_sd_deg * np.sqrt(2.0 / 3.0) * np.sin(turns).sum(axis=2))


def posing_duration_s(spec: PosingSpec) -> float:
    """Seconds that all holds and the ways between them take."""
    return len(spec.order) * (spec.hold_s + spec.move_s) - spec.move_s
