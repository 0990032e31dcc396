"""Angle series of somebody who poses: holds with eased ways between them, and noise like an estimator's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import ANGLE_NAMES, ANGLE_SD_NAMES
from rowsense.kernels.smoothing import lowpass
from rowsense.model import AngleSeries
from rowsense.simulate.curves import ease

FloatArray = NDArray[np.float64]
FPS = 30.0
#: Lean, tilt, lumbar and thoracic flexion.
TALL = (0.0, -5.0, 4.0, 5.0)
SLUMP = (9.0, -25.0, 30.0, 20.0)
HINGE = (26.0, 14.0, 7.0, 4.0)
_NAMES = ("trunk_lean_deg", "pelvic_tilt_deg", "lumbar_flexion_deg", "thoracic_flexion_deg")


@dataclass(frozen=True)
class Held:
    """A posture, for how long, and how long the way to the next one takes."""

    posture: tuple[float, float, float, float]
    hold_s: float = 2.5
    move_s: float = 1.2


def posed(*held: Held, noise_deg: float = 1.5, seed: int = 0, zero_deg: float = 0.0) -> AngleSeries:
    """The series; ``zero_deg`` is added to the tilt, as an estimator's constant error is."""
    length_s = sum(one.hold_s + one.move_s for one in held) - held[-1].move_s
    time_s = np.arange(int(length_s * FPS)) / FPS
    angles = np.repeat([held[0].posture], len(time_s), axis=0).astype(float)
    end_s = 0.0
    for one, other in pairwise(held):
        end_s += one.hold_s
        angles += ease((time_s - end_s) / one.move_s)[:, None] * (np.array(other.posture) - one.posture)
        end_s += one.move_s
    noise = np.random.default_rng(seed).normal(0.0, 1.0, angles.shape)
    noise = lowpass(time_s, noise, 3.0)
    angles[:, 1] += zero_deg
    angles += noise / noise.std(axis=0) * noise_deg * [0.3, 1.0, 1.0, 1.0]
    values = {name: np.zeros(len(time_s)) for name in ANGLE_NAMES}
    values |= {name: angles[:, i] for i, name in enumerate(_NAMES)}
    values |= {name: np.full(len(time_s), 3.0) for name in ANGLE_SD_NAMES}
    nothing = np.zeros(len(time_s))
    return AngleSeries(time_s, values, nothing, nothing, np.ones(len(time_s)))
