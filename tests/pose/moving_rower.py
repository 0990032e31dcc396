"""A drawn rower as 33 landmarks in picture pixels: two-link arms and legs, everything known exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT, LANDMARK_INDEX

FloatArray = NDArray[np.float64]

TRUNK_PX = 200.0
FEET_PX = (900.0, 600.0)
_FACE = ("nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
         "left_ear", "right_ear", "mouth_left", "mouth_right")  # fmt: skip


def landmarks(
    time_s: FloatArray,
    *,
    rate_spm: float = 30.0,
    feet_px: tuple[float, float] = FEET_PX,
    trunk_px: float = TRUNK_PX,
    far_side_px: tuple[float, float] = (24.0, -10.0),
    hip_travel: float = 1.0,
) -> tuple[FloatArray, FloatArray]:
    """(T, 33, 2) landmarks facing right and (T, 33) visibility: the right side near, the left one behind it.

    The hips travel ``hip_travel`` trunk lengths along a level rail, the trunk swings 25 deg to either side, and the
    wrists are pulled in as it opens.
    """
    phase = 2.0 * np.pi * rate_spm / 60.0 * time_s
    slide, swing = (1 - np.cos(phase)) / 2.0, np.radians(25.0) * np.cos(phase - 0.4)  # slide: 0 catch, 1 finish
    feet = np.array(feet_px)
    hip = feet + trunk_px * np.stack([-0.7 - hip_travel * slide, np.full_like(slide, -0.35)], axis=1)
    shoulder = hip + trunk_px * np.stack([np.sin(swing), -np.cos(swing)], axis=1)
    wrist = shoulder + trunk_px * np.stack([1.15 - 0.95 * slide**2, 0.45 + 0.0 * slide], axis=1)
    ankle = np.broadcast_to(feet, hip.shape)
    joints = {
        "shoulder": shoulder,
        "hip": hip,
        "wrist": wrist,
        "elbow": _between(shoulder, wrist, 0.65 * trunk_px, down=True),
        "knee": _between(hip, ankle, 0.95 * trunk_px, down=False),
        "ankle": ankle,
        "heel": ankle + trunk_px * np.array([-0.1, 0.15]),
        "foot_index": ankle + trunk_px * np.array([0.3, 0.0]),
        "pinky": wrist + trunk_px * np.array([0.12, 0.02]),
        "index": wrist + trunk_px * np.array([0.14, 0.0]),
        "thumb": wrist + trunk_px * np.array([0.1, -0.02]),
    }
    xy = np.empty((len(time_s), LANDMARK_COUNT, 2))
    head = shoulder + trunk_px * np.array([0.12, -0.42])
    for name in _FACE:
        xy[:, LANDMARK_INDEX[name]] = head
    visibility = np.ones((len(time_s), LANDMARK_COUNT))
    for name, path in joints.items():
        xy[:, LANDMARK_INDEX[f"right_{name}"]] = path
        xy[:, LANDMARK_INDEX[f"left_{name}"]] = path + np.array(far_side_px)
        visibility[:, LANDMARK_INDEX[f"left_{name}"]] = 0.5
    return xy, visibility


def mirrored(xy: FloatArray, width_px: float) -> FloatArray:
    """What the same rower gives when the picture is mirrored: the other way round, sides exchanged."""
    out = xy.copy()
    out[..., 0] = width_px - out[..., 0]
    for name, index in LANDMARK_INDEX.items():
        if "left" in name:
            other = LANDMARK_INDEX[name.replace("left", "right")]
            out[:, [index, other]] = out[:, [other, index]]
    return out


def _between(a: FloatArray, b: FloatArray, link_px: float, *, down: bool) -> FloatArray:
    """The joint between two ends, with two links of one length (straight when the ends are too far apart)."""
    middle, span = (a + b) / 2.0, b - a
    length = np.linalg.norm(span, axis=1)
    rise = np.sqrt(np.maximum(link_px**2 - (length / 2.0) ** 2, 0.0))
    normal = np.stack([-span[:, 1], span[:, 0]], axis=1) / length[:, None]
    normal *= np.where((normal[:, 1] > 0) == down, 1.0, -1.0)[:, None]
    return middle + rise[:, None] * normal
