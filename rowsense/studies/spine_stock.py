"""Observed clips that the network is fitted on, and batches of patches cut from them. Needs torch.

The patches are those of ``rowsense/spine/patch.py``; while the network is fitted, pose model and camera say things a
little otherwise each time (``spine_otherwise``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_INDEX
from rowsense.spine.patch import (
    HIP_AT,
    JOINTS,
    LEAN_UNIT_DEG,
    LEAST_CONTRAST,
    MOST_CONTRAST,
    PATCH_COLUMNS,
    PATCH_ROWS,
)
from rowsense.spine.patch import PX_PER_TRUNK as PATCH_PX_PER_TRUNK
from rowsense.studies.spine_frames import PX_PER_TRUNK, ObservedClip
from rowsense.studies.spine_mixed import FRAMES
from rowsense.studies.spine_otherwise import Dice, moved_joints, other_camera, other_scale

ByteArray = NDArray[np.uint8]

#: Landmarks of the near side and of the far one, and those whose visibility the network is told.
_JOINT_INDEX = [[LANDMARK_INDEX[f"{side}_{joint}"] for joint in JOINTS] for side in ("right", "left")]
_HIDDEN = [LANDMARK_INDEX[name] for name in ("right_elbow", "left_elbow", "left_shoulder")]


@dataclass(frozen=True, slots=True)
class Batch:
    """N frames as the network is shown them, and what it should say."""

    layers: Any
    """(N, 2, PATCH_ROWS, PATCH_COLUMNS)"""
    joints: Any
    """(N, JOINT_NUMBERS)"""
    target_deg: Any
    """(N, 3) tilt against the trunk, lumbar, thoracic."""
    outline: Any
    """(N, 2K) trunk lengths, as ``SpinePatch.to_picture`` takes them."""


class Stock:
    """All usable frames of some clips, all facing right; ``posing`` tells in which she does not row.

    The clips are taken one after the other, and nothing is kept of one but its usable frames.
    """

    def __init__(self, clips: Iterable[ObservedClip]) -> None:
        self._pictures: list[ByteArray] = []
        self._masks: list[ByteArray] = []
        first, posing, kept = [0], [], []
        for clip in clips:
            rows = np.flatnonzero(clip.usable())
            first.append(first[-1] + len(rows))
            posing.append(rows >= FRAMES)
            self._pictures.extend(clip.picture[rows])
            self._masks.extend(clip.mask[rows])
            landmarks, visibility = clip.landmarks_px[rows], clip.visibility[rows]
            kept.append(
                (landmarks[:, _JOINT_INDEX], visibility[:, _HIDDEN], clip.truth_deg[rows], clip.outline_px[rows])
            )
        self.first = np.array(first)
        self.posing = torch.from_numpy(np.concatenate(posing))
        self._joints, self._visible, self._truth, self._outline = (
            torch.from_numpy(np.concatenate(part)).to(torch.float32) for part in zip(*kept, strict=True)
        )

    def __len__(self) -> int:
        return len(self.first) - 1

    def some(self, most: int) -> Batch:
        """Frames as they are, evenly from all clips, at most so many."""
        total = int(self.first[-1])
        return self.cut(torch.arange(0, total, 1 + (total - 1) // most), None)

    def cut(self, rows: Any, dice: Dice | None) -> Batch:
        """These rows (N of all frames), said otherwise by the dice if there are any."""
        joints_px, trunk_px = self._joints[rows], torch.full((len(rows),), PX_PER_TRUNK)
        if dice is not None:
            joints_px, trunk_px = moved_joints(joints_px, PX_PER_TRUNK, dice), other_scale(PX_PER_TRUNK, dice)
        hip = joints_px[:, :, JOINTS.index("hip")].mean(1)
        up = joints_px[:, :, JOINTS.index("shoulder")].mean(1) - hip
        lean = torch.atan2(up[:, 0], -up[:, 1])
        cos, sin = torch.cos(lean), torch.sin(lean)
        linear = torch.stack([torch.stack([cos, sin], 1), torch.stack([-sin, cos], 1)], 1) / trunk_px[:, None, None]
        outline = torch.einsum("nij,nkj->nki", linear, self._outline[rows] - hip[:, None])
        places = torch.einsum("nij,nsmj->nsmi", linear, joints_px - hip[:, None, None])
        lean_deg = torch.rad2deg(lean)
        told = [places.flatten(1), lean_deg[:, None] / LEAN_UNIT_DEG, self._visible[rows]]
        target = torch.cat([self._truth[rows, :1] - lean_deg[:, None], self._truth[rows, 1:]], 1)
        return Batch(self._layers(rows, linear, hip, dice), torch.cat(told, 1), target, outline.flatten(1))

    def _layers(self, rows: Any, linear: Any, hip: Any, dice: Dice | None) -> Any:
        seen = np.empty((2, len(rows), PATCH_ROWS, PATCH_COLUMNS), dtype=np.uint8)
        to_patch = PATCH_PX_PER_TRUNK * linear.numpy()
        shift = HIP_AT - np.einsum("nij,nj->ni", to_patch, hip.numpy())
        # OpenCV counts from pixel centres.
        affine = np.concatenate([to_patch, (to_patch @ (0.5, 0.5) + shift - 0.5)[..., None]], 2)
        for k, row in enumerate(rows.tolist()):
            for part, stored in zip(seen, (self._masks, self._pictures), strict=True):
                cv2.warpAffine(stored[row], affine[k], (PATCH_COLUMNS, PATCH_ROWS), dst=part[k], flags=cv2.INTER_LINEAR)
        grey = seen[1].astype(np.float32) if dice is None else other_camera(seen[1], dice)
        mean, sd = grey.mean((1, 2), keepdims=True), grey.std((1, 2), keepdims=True)
        grey = np.clip((grey - mean) / (sd + LEAST_CONTRAST), -MOST_CONTRAST, MOST_CONTRAST)
        if dice is not None:  # dark on bright or bright on dark is all the same
            grey *= np.where(dice.uniform(0.0, 1.0, len(rows), 1, 1).numpy() < 0.5, -1.0, 1.0)
        return torch.from_numpy(np.stack([seen[0].astype(np.float32) / 127.5 - 1.0, grey], 1))
