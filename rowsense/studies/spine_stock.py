"""Observed clips on the device that the network is fitted on, and batches of patches cut from them. Needs torch.

The patches are those of ``rowsense/spine/patch.py``, cut for many frames at once, and disguised (``spine_disguise``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from rowsense.conventions import LANDMARK_INDEX
from rowsense.spine.patch import (
    JOINTS,
    LEAN_UNIT_DEG,
    LEAST_CONTRAST,
    MOST_CONTRAST,
    PATCH_COLUMNS,
    PATCH_ROWS,
)
from rowsense.studies.spine_disguise import (
    Dice,
    Flesh,
    disguised_picture,
    disguised_silhouette,
    moved_joints,
    other_camera,
    other_scale,
    patch_points,
)
from rowsense.studies.spine_frames import PX_PER_TRUNK, SIZE, ObservedClip
from rowsense.studies.spine_mixed import FRAMES

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
    """All usable frames of some clips, all facing right, on one device; ``posing`` tells in which she does not row."""

    def __init__(self, clips: Sequence[ObservedClip], device: str) -> None:
        self.device = torch.device(device)
        rows = [np.flatnonzero(clip.usable()) for clip in clips]
        self.first = np.concatenate([[0], np.cumsum([len(one) for one in rows])])
        self._pictures = self._all([clip.picture[r] for clip, r in zip(clips, rows, strict=True)])
        self._masks = self._all([clip.mask[r] for clip, r in zip(clips, rows, strict=True)])
        self._joints = self._all([clip.landmarks_px[r][:, _JOINT_INDEX] for clip, r in zip(clips, rows, strict=True)])
        self._visible = self._all([clip.visibility[r][:, _HIDDEN] for clip, r in zip(clips, rows, strict=True)])
        self._truth = self._all([clip.truth_deg[r] for clip, r in zip(clips, rows, strict=True)])
        self._outline = self._all([clip.outline_px[r] for clip, r in zip(clips, rows, strict=True)])
        self.posing = torch.from_numpy(np.concatenate(rows) >= FRAMES).to(self.device)
        self._points = patch_points(self.device)

    def _all(self, parts: list[NDArray[Any]]) -> Any:
        whole = torch.from_numpy(np.concatenate(parts))
        return (whole if whole.dtype == torch.uint8 else whole.to(torch.float32)).to(self.device)

    def __len__(self) -> int:
        return len(self.first) - 1

    def draw(self, clips: NDArray[np.int64], count: int, seed: int, strength: float) -> Batch:
        """``count`` frames of each of these clips, disguised; some of them twice where there are not as many."""
        rng = np.random.default_rng(seed)
        chosen = []
        for clip in clips:
            known = np.arange(self.first[clip], self.first[clip + 1])
            chosen.append(rng.choice(known, count, replace=len(known) < count))
        generator = torch.Generator(device=self.device).manual_seed(int(rng.integers(1 << 60)))
        dice = Dice(generator, self.device, len(clips), count)
        return self.cut(torch.from_numpy(np.concatenate(chosen)).to(self.device), dice, strength)

    def some(self, most: int) -> Batch:
        """Frames as they are, evenly from all clips, at most so many."""
        total = int(self.first[-1])
        return self.cut(torch.arange(0, total, 1 + (total - 1) // most, device=self.device), None, 0.0)

    def cut(self, rows: Any, dice: Dice | None, strength: float) -> Batch:
        """These rows (N of all frames, on the stock's device), disguised by the dice if there are any."""
        joints_px = self._joints[rows]
        trunk_px = torch.full((len(rows),), PX_PER_TRUNK, device=self.device)
        if dice is not None:
            joints_px = moved_joints(joints_px, PX_PER_TRUNK, dice, strength)
            trunk_px = other_scale(PX_PER_TRUNK, dice, strength)
        hip = joints_px[:, :, JOINTS.index("hip")].mean(1)
        up = joints_px[:, :, JOINTS.index("shoulder")].mean(1) - hip
        lean = torch.atan2(up[:, 0], -up[:, 1])
        cos, sin = torch.cos(lean), torch.sin(lean)
        turn = torch.stack([torch.stack([cos, sin], 1), torch.stack([-sin, cos], 1)], 1)
        flesh = Flesh.drawn(dice, strength) if dice is not None and strength > 0.0 else None
        outline = torch.einsum("nij,nkj->nki", turn, self._outline[rows] - hip[:, None]) / trunk_px[:, None, None]
        if flesh is not None:
            forwards = outline[..., 0] + flesh.shift(outline[..., 0], outline[..., 1])
            outline = torch.stack([forwards, outline[..., 1]], -1)
        places = torch.einsum("nij,nsmj->nsmi", turn, joints_px - hip[:, None, None]) / trunk_px[:, None, None, None]
        lean_deg = torch.rad2deg(lean)
        told = [places.flatten(1), lean_deg[:, None] / LEAN_UNIT_DEG, self._visible[rows]]
        target = torch.cat([self._truth[rows, :1] - lean_deg[:, None], self._truth[rows, 1:]], 1)
        layers = self._layers(rows, self._grid(hip, turn, trunk_px, flesh), dice, strength)
        return Batch(layers, torch.cat(told, 1), target, outline.flatten(1))

    def _grid(self, hip: Any, turn: Any, trunk_px: Any, flesh: Flesh | None) -> Any:
        """(N, R, C, 2) where the patch's pixels lie in the small pictures, -1..1."""
        across, down = (part[None].expand(len(hip), -1) for part in self._points)
        if flesh is not None:
            across = across - flesh.shift(across, down)
        points = torch.einsum("nij,npi->npj", turn, torch.stack([across, down], -1)) * trunk_px[:, None, None]
        placed = points + hip[:, None]
        scaled = [2.0 * placed[..., k] / SIZE[k] - 1.0 for k in (0, 1)]
        return torch.stack(scaled, -1).view(len(hip), PATCH_ROWS, PATCH_COLUMNS, 2)

    def _layers(self, rows: Any, grid: Any, dice: Dice | None, strength: float) -> Any:
        small = torch.stack([self._masks[rows], self._pictures[rows]], 1).to(torch.float32)
        seen = torch.floor(functional.grid_sample(small, grid, align_corners=False) + 0.5)
        silhouette, grey = seen[:, :1] / 127.5 - 1.0, seen[:, 1:]
        if dice is not None:
            if strength > 0.0:
                grey = disguised_picture(grey, silhouette, dice, strength)
                silhouette = disguised_silhouette(silhouette, dice, strength)
            grey = torch.clamp(other_camera(grey, dice), 0.0, 255.0)
        mean, sd = grey.mean((2, 3), keepdim=True), grey.std((2, 3), keepdim=True, unbiased=False)
        grey = torch.clamp((grey - mean) / (sd + LEAST_CONTRAST), -MOST_CONTRAST, MOST_CONTRAST)
        if dice is not None:  # dark on bright or bright on dark is all the same
            grey = grey * torch.where(dice.uniform(0.0, 1.0, len(rows), 1, 1, 1) < 0.5, -1.0, 1.0)
        return torch.cat([silhouette, grey], 1)
