"""Held postures in angle series: stretches in which pelvis, low back and trunk keep still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels.smoothing import local_quadratic
from rowsense.model import AngleSeries

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Speeds are read from a parabola whose weights have this standard deviation. [D] Long against the flicker of single
#: outlines (3 Hz), short against a hold of two seconds.
SPEED_SD_S: Final = 0.4
#: Slower than this is still, degrees a second. [D] 20 degrees of slumping take one to two seconds (10 to 20 a
#: second); outline noise of 1.5 degrees looks like 2 (standard deviation).
STILL_SPINE_DEG_PER_S: Final = 7.0
STILL_TRUNK_DEG_PER_S: Final = 5.0
#: A hold lasts at least this long. [D] The clip asks for two to three seconds; coming to rest takes some of them.
MIN_HOLD_S: Final = 1.0
#: Stillness may be lost for so long within a hold: a flicker of the outline. [D] Even the quickest way from one
#: posture to the next looks twice as long through the parabola.
MAX_FLICKER_S: Final = 0.4
#: A stretch whose smoothed tilt or lumbar flexion wanders further (5th to 95th percentile) is a slow movement, not a
#: hold. [D] Half of the least range that a calibration may have.
MAX_WANDER_DEG: Final = 5.0


@dataclass(frozen=True, slots=True)
class Hold:
    """One held posture: medians over its frames, degrees."""

    start_s: float
    end_s: float
    trunk_lean_deg: float
    pelvic_tilt_deg: float
    lumbar_flexion_deg: float
    thoracic_flexion_deg: float
    pelvic_tilt_sd_deg: float
    """The estimator's standard deviation of one frame in it."""
    lumbar_flexion_sd_deg: float
    thoracic_flexion_sd_deg: float
    head_trunk_deg: float = float("nan")
    """Head over the neck against the trunk, as seen; NaN where neck or ear was not, and where the face stands in."""

    @property
    def tallness_deg(self) -> float:
        """Pelvis forward and low back long count for it, alike."""
        return self.pelvic_tilt_deg - self.lumbar_flexion_deg


def find_holds(angles: AngleSeries) -> list[Hold]:
    """Every stretch of at least ``MIN_HOLD_S`` in which tilt, lumbar flexion and trunk lean keep still, in order.

    Frames where one of the three is NaN belong to no hold.
    """
    names = ("pelvic_tilt_deg", "lumbar_flexion_deg", "trunk_lean_deg")
    limits = np.array([STILL_SPINE_DEG_PER_S, STILL_SPINE_DEG_PER_S, STILL_TRUNK_DEG_PER_S])
    series = np.stack([angles[name] for name in names], axis=1)
    smooth_deg, speed = local_quadratic(angles.time_s, series, SPEED_SD_S)
    still: BoolArray = np.all(np.abs(speed) < limits, axis=1)  # NaN is not still
    holds = []
    for first, end in _runs(angles.time_s, still):
        rows = np.flatnonzero(still[first:end]) + first
        if angles.time_s[end - 1] - angles.time_s[first] >= MIN_HOLD_S and not _wanders(smooth_deg[rows, :2]):
            holds.append(_hold(angles, rows))
    return holds


def _runs(time_s: FloatArray, still: BoolArray) -> list[tuple[int, int]]:
    """Half-open stretches of still frames; those a flicker apart are one."""
    rows = np.flatnonzero(still)
    if rows.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(time_s[rows]) > MAX_FLICKER_S)
    firsts, lasts = np.concatenate([[0], breaks + 1]), np.concatenate([breaks, [rows.size - 1]])
    return [(int(rows[a]), int(rows[b]) + 1) for a, b in zip(firsts, lasts, strict=True)]


def _wanders(spine_deg: FloatArray) -> bool:
    low, high = np.percentile(spine_deg, [5.0, 95.0], axis=0)
    return bool((high - low).max() > MAX_WANDER_DEG)


def _hold(angles: AngleSeries, rows: NDArray[np.int64]) -> Hold:
    def middle(name: str) -> float:
        known = angles[name][rows]
        known = known[np.isfinite(known)]
        return float(np.median(known)) if known.size else float("nan")

    found = {name: middle(name) for name in Hold.__slots__ if name.endswith("_deg")}
    if angles.neck_hidden:  # the face turns otherwise, and is no zero for a head over its neck
        found["head_trunk_deg"] = float("nan")
    return Hold(float(angles.time_s[rows[0]]), float(angles.time_s[rows[-1]]), **found)
