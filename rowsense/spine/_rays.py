"""The rays along which the back is looked for: a fan below the hip, then across the trunk up to the neck.

Everything here is in the *working frame*: picture pixels with x mirrored when the rower faces left, so that the
flywheel is always at +x; y is down. A ray's number stands for a level of the body, because its start is tied to the
hip, shoulder and ear and not to where the silhouette happens to end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import FACING_RIGHT, LANDMARK_INDEX
from rowsense.model import PoseObservation

FloatArray = NDArray[np.float64]

#: Rays of the fan from the seat round to the hip, and across the trunk from the hip to the neck. [D] About one
#: pixel of the pose network's own mask (256 across a crop of about four trunk lengths) from ray to ray.
FAN_RAY_COUNT = 20
TRUNK_RAY_COUNT = 60

#: First ray of the fan, degrees behind straight down: there the buttock leaves the seat, and the flat contact, which
#: belongs to the seat, is not part of the back. [D] Looked at on the real stills and the real stroke.
FAN_START_DEG = 40.0

#: End of the line: this far from the shoulder joint towards the ear, in trunk lengths, where the neck begins
#: (shoulder to ear is about 0.45). [D] Looked at on the real stills and the real stroke.
NECK_LEVEL = 0.15

#: From this level of the trunk upwards (0 hip, 1 shoulder) the rays turn towards the neck's own perpendicular, so
#: that they end at the base of the neck whether the trunk leans forwards or back.
TURN_FROM_LEVEL = 0.6

#: Trunk line further than this from vertical is no rower on a seat (excess layback is -30 [C], a deep catch +45).
MAX_LEAN_DEG = 80.0


@dataclass(frozen=True, slots=True)
class TrunkFrame:
    """Joints that place the rays, in the working frame, pixels."""

    hip: FloatArray
    """(2,) middle of the hips."""
    shoulder: FloatArray
    """(2,) middle of the shoulders."""
    ear: FloatArray
    """(2,) middle of the ears; NaN unknown."""
    arms: FloatArray
    """(A, 3, 2) shoulder, elbow, wrist of each arm that could hide the back."""

    @property
    def length_px(self) -> float:
        """Hip to shoulder."""
        return float(np.hypot(*(self.shoulder - self.hip)))


def trunk_frame(observation: PoseObservation, facing: str, near_side: str) -> TrunkFrame | None:
    """The joints in the working frame, or None where the trunk was not found or cannot be a rower's."""
    sign = 1.0 if facing == FACING_RIGHT else -1.0
    xy = observation.landmarks_px * np.array([sign, 1.0])
    frame = TrunkFrame(
        hip=_middle(xy, "hip", near_side),
        shoulder=_middle(xy, "shoulder", near_side),
        ear=_middle(xy, "ear", near_side),
        arms=_arms(xy, observation.visibility, near_side),
    )
    up = frame.shoulder - frame.hip
    if not np.isfinite(up).all() or frame.length_px < 4.0:
        return None
    lean_deg = np.degrees(np.arctan2(up[0], -up[1]))
    return frame if abs(lean_deg) <= MAX_LEAN_DEG else None


def _middle(xy: FloatArray, joint: str, near_side: str) -> FloatArray:
    """Middle of left and right; the near one where only that is known, else NaN."""
    pair = xy[[LANDMARK_INDEX[f"left_{joint}"], LANDMARK_INDEX[f"right_{joint}"]]]
    if np.isfinite(pair).all():
        return np.asarray(pair.mean(axis=0))
    return np.asarray(xy[LANDMARK_INDEX[f"{near_side}_{joint}"]])


def _arms(xy: FloatArray, visibility: FloatArray, near_side: str) -> FloatArray:
    """Near arm, and the far arm where the model is sure of its elbow: (A, 3, 2)."""
    far_side = "right" if near_side == "left" else "left"
    found = []
    for side, least in ((near_side, 0.0), (far_side, 0.5)):
        index = [LANDMARK_INDEX[f"{side}_{joint}"] for joint in ("shoulder", "elbow", "wrist")]
        if np.isfinite(xy[index]).all() and visibility[index[1]] >= least:
            found.append(xy[index])
    return np.array(found).reshape(len(found), 3, 2)


def rays(frame: TrunkFrame) -> tuple[FloatArray, FloatArray]:
    """Starts (N, 2) and unit directions (N, 2) of all rays, from the seat to the base of the neck."""
    length = frame.length_px
    up = (frame.shoulder - frame.hip) / length
    neck = _neck_direction(frame, up)
    back_angle = _back_angle(up)
    fan = np.linspace(np.radians(FAN_START_DEG), back_angle, FAN_RAY_COUNT, endpoint=False)
    level = np.linspace(0.0, 1.0 + NECK_LEVEL, TRUNK_RAY_COUNT)
    turn = np.clip((level - TURN_FROM_LEVEL) / (1.0 + NECK_LEVEL - TURN_FROM_LEVEL), 0.0, 1.0)
    trunk = back_angle + turn**2 * 0.5 * (_back_angle(neck) - back_angle)
    on_trunk = np.minimum(level, 1.0)[:, None] * length * up
    on_neck = np.maximum(level - 1.0, 0.0)[:, None] * length * neck
    starts = np.vstack([np.repeat(frame.hip[None], FAN_RAY_COUNT, axis=0), frame.hip + on_trunk + on_neck])
    angle = np.concatenate([fan, trunk])
    return starts, np.column_stack([-np.sin(angle), np.cos(angle)])


def _neck_direction(frame: TrunkFrame, up: FloatArray) -> FloatArray:
    """Unit vector from the shoulder to the ear; the trunk's own direction where the ear is not known."""
    to_ear = frame.ear - frame.shoulder
    distance = float(np.hypot(to_ear[0], to_ear[1]))
    return to_ear / distance if np.isfinite(distance) and distance > 0.1 * frame.length_px else up


def _back_angle(up: FloatArray) -> float:
    """Backward perpendicular of an upward direction as an angle behind straight down, radians."""
    return float(np.arctan2(-up[1], -up[0]))
