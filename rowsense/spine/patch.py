"""What the spine network looks at: the back in a small picture of its own, and where the joints are.

The patch goes with the trunk: the hip has a fixed place in it, the shoulder is straight above, the flywheel is on the
right, and a trunk length is always as many pixels. So the network sees one and the same back whatever the camera,
the facing and the lean, and what it says is said against the trunk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import FACING_RIGHT, LANDMARK_INDEX
from rowsense.model import Frame, PoseObservation
from rowsense.spine._rays import TrunkFrame, trunk_frame

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]

#: Rows and columns of the patch, and pixels to a trunk length. [D] About what the pose network's own mask has
#: (61 to a trunk length); from below the seat to the ear, and from behind a drawn elbow to before the chest.
PATCH_ROWS: Final = 96
PATCH_COLUMNS: Final = 72
PX_PER_TRUNK: Final = 54.0
#: Column and row of the hip, from the outer edges.
HIP_AT: Final = (41.0, 66.0)

#: Joints whose places the network is told, of the near side and then of the far one.
JOINTS: Final = ("hip", "shoulder", "ear", "elbow", "wrist", "knee", "ankle")
#: Numbers about the joints: two for each joint of both sides, the lean, and three visibilities.
JOINT_NUMBERS: Final = 2 * 2 * len(JOINTS) + 4
#: The lean is told in units of this, degrees.
LEAN_UNIT_DEG: Final = 45.0

#: Grey levels added to the contrast, so that noise in an empty picture is not blown up.
LEAST_CONTRAST: Final = 4.0
#: Grey levels beyond so many standard deviations are cut.
MOST_CONTRAST: Final = 3.0


@dataclass(frozen=True, slots=True)
class SpinePatch:
    """One frame as the network sees it."""

    layers: SingleArray
    """(2, PATCH_ROWS, PATCH_COLUMNS): silhouette from -1 (not the person) to 1, and picture with its mean at 0."""
    joints: SingleArray
    """(JOINT_NUMBERS,)"""
    lean_deg: float
    """Hip to shoulder against the picture's vertical, + towards the flywheel."""
    to_picture: FloatArray
    """(2, 3) affine from trunk lengths (right, down from the hip, seen with the trunk upright) to the picture."""


def spine_patch(
    frame: Frame, observation: PoseObservation, facing: str, near_side: str, trunk_px: float
) -> SpinePatch | None:
    """Cut the back out of a frame; None where the trunk or the silhouette is missing.

    ``trunk_px`` is the rower's usual trunk length in source pixels: the same for all frames of a clip, so that the
    shortening of a rounded trunk can be seen.
    """
    trunk = trunk_frame(observation, facing, near_side)
    if trunk is None or observation.mask is None or not np.isfinite(observation.landmarks_px).all():
        return None
    sign = 1.0 if facing == FACING_RIGHT else -1.0
    up = trunk.shoulder - trunk.hip
    lean = float(np.arctan2(up[0], -up[1]))
    # Picture -> trunk lengths: mirrored so that the flywheel is on the right, then turned so that the trunk is upright.
    turn = np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    linear = turn @ np.diag([sign, 1.0]) / trunk_px
    hip = trunk.hip * (sign, 1.0)
    return SpinePatch(
        layers=np.stack([_silhouette(observation, linear, hip), _picture(frame, linear, hip)]),
        joints=_joints(observation, trunk, turn, sign, trunk_px, near_side, np.degrees(lean)),
        lean_deg=float(np.degrees(lean)),
        to_picture=np.column_stack([np.linalg.inv(linear), hip]),
    )


def _silhouette(observation: PoseObservation, linear: FloatArray, hip: FloatArray) -> SingleArray:
    assert observation.mask is not None
    # In whole steps of 1/255, as the training has it.
    mask = (observation.mask * 255.0).astype(np.uint8)
    seen = _warped(mask, observation.mask_to_picture, linear, hip)
    return seen.astype(np.float32) / 127.5 - 1.0


def _picture(frame: Frame, linear: FloatArray, hip: FloatArray) -> SingleArray:
    scale = frame.source_px_per_px
    seen = _warped(frame.image, np.array([[scale, 0.0, 0.0], [0.0, scale, 0.0]]), linear, hip)
    return level(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY).astype(np.float32))


def level(grey: SingleArray) -> SingleArray:
    """Grey levels with mean 0 and standard deviation just under 1: the same in the dark and in the sun."""
    return np.clip((grey - grey.mean()) / (grey.std() + LEAST_CONTRAST), -MOST_CONTRAST, MOST_CONTRAST)


def _warped(
    image: NDArray[np.uint8], image_to_picture: FloatArray, linear: FloatArray, hip: FloatArray
) -> NDArray[np.uint8]:
    """``image`` as the patch shows it; positions count from the outer edge of the first pixel."""
    to_patch = PX_PER_TRUNK * linear @ image_to_picture[:, :2]
    shift = PX_PER_TRUNK * linear @ (image_to_picture[:, 2] - hip) + HIP_AT
    # OpenCV counts from pixel centres.
    centred = np.column_stack([to_patch, to_patch @ (0.5, 0.5) + shift - 0.5])
    size = (PATCH_COLUMNS, PATCH_ROWS)
    return np.asarray(cv2.warpAffine(image, centred, size, flags=cv2.INTER_LINEAR), dtype=np.uint8)


def _joints(
    observation: PoseObservation,
    trunk: TrunkFrame,
    turn: FloatArray,
    sign: float,
    trunk_px: float,
    near_side: str,
    lean_deg: float,
) -> SingleArray:
    far_side = "left" if near_side == "right" else "right"
    index = [LANDMARK_INDEX[f"{side}_{joint}"] for side in (near_side, far_side) for joint in JOINTS]
    places = (observation.landmarks_px[index] * (sign, 1.0) - trunk.hip) @ turn.T / trunk_px
    hidden = [f"{near_side}_elbow", f"{far_side}_elbow", f"{far_side}_shoulder"]
    visibility = observation.visibility[[LANDMARK_INDEX[name] for name in hidden]]
    return np.concatenate([places.ravel(), [lean_deg / LEAN_UNIT_DEG], visibility]).astype(np.float32)
