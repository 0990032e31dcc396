"""What the analysis makes of frames: in range or refused, and with what sd; one by one and in groups.

What *in range* takes is told in ``spine_reality``, which reports the groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import SpineReading
from rowsense.pose.models import ensure_model
from rowsense.spine.back_line import back_line
from rowsense.spine.gate import in_range
from rowsense.spine.geometric import LOW_BACK, MIN_SEEN_PART
from rowsense.spine.network import SpineNetwork
from rowsense.spine.together import read_together
from rowsense.studies.spine_collecting import read_collected
from rowsense.studies.spine_frames import ObservedClip
from rowsense.studies.spine_negatives import FRAMES_PER_CLIP, KINDS, SETTLED_ON, read_negatives
from rowsense.studies.spine_seen import SeenClip, see

FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the analysis makes of one frame."""

    in_range: bool
    angles_deg: FloatArray
    """(3,) out of range as the network has them of the frame alone; NaN where it was shown nothing."""
    sd_deg: FloatArray
    """(3,) as stated; NaN out of range."""


REFUSED: Final = Verdict(False, np.full(3, np.nan), np.full(3, np.nan))


def verdicts(clip: SeenClip | ObservedClip, rows: Sequence[int], network: SpineNetwork) -> tuple[Verdict, ...]:
    """What the analysis makes of frames of one recording: what passes the gate is read together, and then the rule on
    the low back holds that it has per track."""
    if not len(rows):
        return ()
    facing, near_side = (clip.facing, clip.near_side) if isinstance(clip, SeenClip) else ("right", "right")
    patches = [clip.patch(row) for row in rows]
    alone = [SpineReading.missing() if patch is None else network.read(patch) for patch in patches]
    gated = [one if patch is None else in_range(one, patch) for one, patch in zip(alone, patches, strict=True)]
    angles_deg, sd_deg = read_together(
        np.stack([one.angles_deg for one in gated]),
        np.stack([one.sd_deg for one in gated]),
        np.stack([one.features for one in gated]),
        network.answer,
    )
    found = []
    for k, row in enumerate(rows):
        line = back_line(clip.observation(row), facing, near_side, gated[k].outline_px)
        if np.isfinite(angles_deg[k]).all() and line.seen[LOW_BACK].mean() >= MIN_SEEN_PART:
            found.append(Verdict(True, angles_deg[k], sd_deg[k]))
        else:
            found.append(Verdict(False, alone[k].angles_deg, REFUSED.sd_deg))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Group:
    """All frames of a kind."""

    name: str
    verdicts: tuple[Verdict, ...]

    def only(self, chosen: Callable[[Verdict], bool]) -> Group:
        """Some of its frames."""
        return Group(self.name, tuple(one for one in self.verdicts if chosen(one)))

    @property
    def in_range_ratio(self) -> float:
        """Part of the frames that are in range."""
        return float(np.mean([one.in_range for one in self.verdicts]))

    @property
    def sd_deg(self) -> FloatArray:
        """(3,) median of what is stated of the frames in range."""
        stated = [one.sd_deg for one in self.verdicts if one.in_range]
        return np.median(stated, axis=0) if stated else np.full(3, np.nan)


def simulated_groups(folder: Path, network: SpineNetwork) -> list[Group]:
    """Simulated rowers: the clips that the gate was settled on, and the others."""
    clips = read_collected(folder)
    return [
        Group(
            name,
            tuple(
                one
                for number, clip in clips.items()
                if number % 2 == parity
                for one in verdicts(clip, [int(row) for row in np.flatnonzero(clip.usable())], network)
            ),
        )
        for name, parity in (("simulated rowers, settled on", 0), ("simulated rowers", 1))
    ]


def negative_groups(folder: Path, network: SpineNetwork) -> list[Group]:
    """What must be refused: all that the gate was settled on, the others by kind, and all of the others."""
    settled: list[Verdict] = []
    others: dict[str, list[Verdict]] = {kind: [] for kind in KINDS}
    for (kind, number), clip in read_negatives(folder).items():
        found = (REFUSED,) * FRAMES_PER_CLIP if clip is None else verdicts(clip, range(len(clip)), network)
        (settled if number < SETTLED_ON else others[kind]).extend(found)
    return [
        Group("to be refused, settled on", tuple(settled)),
        *(Group(f"to be refused: {kind}", tuple(found)) for kind, found in others.items() if found),
        Group("to be refused: all", tuple(one for found in others.values() for one in found)),
    ]


def seen_group(name: str, pictures: Sequence[ByteArray], network: SpineNetwork) -> Group:
    """Pictures of one person as a group."""
    clip = see(pictures, ensure_model())
    if clip is None:
        return Group(name, (REFUSED,) * len(pictures))
    return Group(name, verdicts(clip, range(len(clip)), network))
