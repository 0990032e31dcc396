"""Single frames of simulated rowers as the kinds of functions are told them (``spine_kinds``), and the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from rowsense.pose.side_view import to_side_view
from rowsense.spine.back_line import back_line
from rowsense.spine.geometric import tangent_angles
from rowsense.spine.network import SpineNetwork
from rowsense.studies.spine_frames import ObservedClip

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Windows of the profile: centres and half width in points of the back line. [D] Nine points are a seventh of the
#: line (10 cm): longer smooths the low back away, shorter is noisy.
WINDOWS: Final = tuple(range(6, 57, 5))
WINDOW_HALF: Final = 4


@dataclass(frozen=True, slots=True)
class Frames:
    """N frames of many clips as the kinds see them, and the truth."""

    clip: IntArray
    """(N,) which clip of the folder."""
    joints: FloatArray
    """(N, J) as the shipped network is told them."""
    line: FloatArray
    """(N, 3, BACK_POINT_COUNT) depth behind the trunk line and level above the hip, trunk lengths; what was seen."""
    tangents_deg: FloatArray
    """(N, 3) plain tangents, against the trunk like all angles here."""
    network_deg: FloatArray
    """(N, 3) what the shipped network reads; NaN where it was not asked."""
    target_deg: FloatArray
    """(N, 3) true tilt against the trunk's lean, lumbar, thoracic."""

    def __len__(self) -> int:
        return len(self.clip)

    def rows(self, chosen: Any) -> Self:
        """Some of the frames, by number or mask."""
        return type(self)(*(getattr(self, one.name)[chosen] for one in fields(self)))

    def profile(self) -> FloatArray:
        """(N, F) per window direction against the trunk (radians), depth, level and what was seen; and the joints."""
        around = np.array(WINDOWS)[:, None] + np.arange(-WINDOW_HALF, WINDOW_HALF + 1)
        part = self.line[:, :, around]
        rise = part @ np.arange(-WINDOW_HALF, WINDOW_HALF + 1.0)
        direction = np.arctan2(-rise[:, 0], rise[:, 1])
        return np.column_stack([direction, part.mean(axis=3).reshape(len(self), -1), self.joints])

    def points(self) -> FloatArray:
        """(N, 3 BACK_POINT_COUNT + J) the whole line and the joints."""
        return np.column_stack([self.line.reshape(len(self), -1), self.joints])


def clip_frames(clip: ObservedClip, number: int, network: SpineNetwork | None = None) -> tuple[list[Frames], int]:
    """The single frames of a clip in which there is a back line, and how many have a patch for the network."""
    patches = [clip.patch(row) if usable else None for row, usable in enumerate(clip.usable())]
    lines = [back_line(clip.observation(row), "right", "right") for row in range(len(clip))]
    lines_px, seen = np.stack([line.xy_px for line in lines]), np.stack([line.seen for line in lines])
    track = clip.track(range(len(clip)), lines_px, seen)
    tangents = tangent_angles(to_side_view(track, "right", "right", roll_deg=0.0))
    parts = []
    for row, (patch, line) in enumerate(zip(patches, lines, strict=True)):
        if patch is None or not np.isfinite(line.xy_px).all():
            continue
        right, down = np.linalg.solve(patch.to_picture[:, :2], (line.xy_px - patch.to_picture[:, 2]).T)
        trunk = np.array([patch.lean_deg, 0.0, 0.0])
        one = Frames(
            clip=np.array(number),
            joints=patch.joints.astype(np.float64),
            line=np.stack([-right, -down, line.seen]),
            tangents_deg=tangents[row] - trunk,
            network_deg=np.full(3, np.nan) if network is None else network.read(patch).angles_deg - trunk,
            target_deg=clip.truth_deg[row] - trunk,
        )
        parts.append(one.rows(np.newaxis))
    return parts, sum(patch is not None for patch in patches)


def read_frames(folder: Path, network: SpineNetwork | None = None) -> tuple[Frames, IntArray]:
    """All frames of a folder, clips numbered in order; and how many clips, frames, and frames with a patch there are.

    One clip after the other: the pictures of all would fill the memory.
    """
    parts: list[Frames] = []
    counts = np.zeros(3, dtype=np.int64)
    for number, path in enumerate(sorted(folder.glob("[0-9]*.npz"))):
        clip = ObservedClip.read(path)
        found, patches = clip_frames(clip, number, network)
        parts += found
        counts += (1, len(clip), patches)
    if not parts:
        raise SystemExit(f"{folder} holds no frames; collect them first, as the module's own text says")
    return joined(parts), counts


def joined(parts: Sequence[Frames]) -> Frames:
    """All of them."""
    return Frames(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Frames)))


def clip_means(values: FloatArray, clip: IntArray) -> FloatArray:
    """(N, K) each row's mean over its clip."""
    _, place, count = np.unique(clip, return_inverse=True, return_counts=True)
    total = np.zeros((len(count), values.shape[1]))
    np.add.at(total, place, values)
    return np.asarray((total / count[:, None])[place])


def rmse_deg(said_deg: FloatArray, frames: Frames) -> FloatArray:
    """(3,) root mean square error within the clips, degrees."""
    error = said_deg - frames.target_deg
    return np.asarray(np.sqrt(((error - clip_means(error, frames.clip)) ** 2).mean(axis=0)))
