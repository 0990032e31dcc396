"""The ways to the outline of the back that ``spine_edges`` compares: with which silhouette, and near to what.

Every way is given one frame and the network, and says where the outline is, what the network reads when it is shown
a silhouette that ends there, and how long the outline took.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import Frame, PoseObservation, SpineReading
from rowsense.pose.people import middle
from rowsense.spine.back_line import MAX_AWAY, back_line
from rowsense.spine.network import SpineNetwork
from rowsense.spine.patch import spine_patch
from rowsense.studies.spine_frames import PX_PER_TRUNK, ObservedClip
from rowsense.studies.spine_sharpening import (
    Sharpen,
    as_it_is,
    between,
    grab_cut,
    guided,
    redrawn,
    to_strongest_edge,
)

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
ByteArray = NDArray[np.uint8]

#: In the way called *nearer*, the silhouette is believed this near to the network's outline, trunk lengths, instead of
#: ``back_line.MAX_AWAY``. [D] The nearest outline of 0.015 to 0.06; below it ever more frames are left without one.
NEARER_AWAY: Final = 0.03


@dataclass(frozen=True, slots=True)
class Seen:
    """One frame as the analysis has it."""

    frame: Frame
    grey: ByteArray
    observation: PoseObservation
    mask: SingleArray
    """The observation's own."""

    @classmethod
    def of(cls, clip: ObservedClip, row: int) -> Seen:
        """Frame ``row`` of a clip."""
        observation = clip.observation(row)
        assert observation.mask is not None
        return cls(clip.frame(row), clip.picture[row], observation, observation.mask)

    def with_mask(self, mask: SingleArray) -> Seen:
        """The same frame with another silhouette."""
        return replace(self, observation=replace(self.observation, mask=mask), mask=mask)

    def line(self, expected_px: FloatArray | None = None, max_away: float = MAX_AWAY) -> FloatArray:
        """(64, 2) outline of the back; NaN where there is none."""
        return back_line(self.observation, "right", "right", expected_px, max_away).xy_px

    def reading(self, network: SpineNetwork) -> SpineReading:
        """What the network says, in range or not."""
        patch = spine_patch(self.frame, self.observation, "right", "right", PX_PER_TRUNK)
        return SpineReading.missing() if patch is None else network.read(patch)


@dataclass(frozen=True, slots=True)
class Found:
    """What one way makes of one frame."""

    line_px: FloatArray
    """(64, 2) NaN where there is no outline."""
    angles_deg: FloatArray
    """(3,) the network's, shown the sharpened silhouette."""
    took_ms: float
    """Processor time from picture, silhouette and landmarks to the outline."""


Way = Callable[[Seen, SpineNetwork], Found]


def alone(sharpen: Sharpen) -> Way:
    """A sharpened silhouette by itself."""

    def found(seen: Seen, network: SpineNetwork) -> Found:
        begin = time.process_time()
        sharper = seen.with_mask(sharpen(seen.grey, seen.mask))
        line = sharper.line()
        took = time.process_time() - begin
        return Found(line, sharper.reading(network).angles_deg, 1e3 * took)

    return found


def near_expected(sharpen: Sharpen, max_away: float = MAX_AWAY) -> Way:
    """A sharpened silhouette within ``max_away`` of where the network, shown it, expects the outline."""

    def found(seen: Seen, network: SpineNetwork) -> Found:
        begin = time.process_time()
        sharper = seen.with_mask(sharpen(seen.grey, seen.mask))
        reading = sharper.reading(network)
        line = sharper.line(reading.outline_px, max_away)
        return Found(line, reading.angles_deg, 1e3 * (time.process_time() - begin))

    return found


def moved(way: Way) -> Way:
    """Another way's outline, moved to the strongest edges; the network is shown a silhouette that ends there."""

    def found(seen: Seen, network: SpineNetwork) -> Found:
        before = way(seen, network)
        begin = time.process_time()
        line = to_strongest_edge(seen.grey, before.line_px)
        took = 1e3 * (time.process_time() - begin)
        return Found(line, _shown(seen, network, before.line_px, line), before.took_ms + took)

    return found


def expected_alone(seen: Seen, network: SpineNetwork) -> Found:
    """The network's outline, between the ends of the analysis' one."""
    begin = time.process_time()
    reading = seen.reading(network)
    took = time.process_time() - begin
    return Found(between(reading.outline_px, seen.line(reading.outline_px)[[0, -1]]), reading.angles_deg, 1e3 * took)


def true_outline(outline_px: FloatArray) -> Way:
    """The true outline (K, 2) of the frame, and a silhouette that ends there."""

    def found(seen: Seen, network: SpineNetwork) -> Found:
        before = seen.line(seen.reading(network).outline_px)
        line = between(outline_px, before[[0, -1]])
        return Found(line, _shown(seen, network, before, line), np.nan)

    return found


def _shown(seen: Seen, network: SpineNetwork, old_px: FloatArray, new_px: FloatArray) -> FloatArray:
    """The network's angles (3,) when the silhouette's edge is moved from one outline to another."""
    inner = np.stack([middle(seen.observation.landmarks_px, joint) for joint in ("shoulder", "hip")])
    return seen.with_mask(redrawn(seen.mask, old_px, new_px, inner)).reading(network).angles_deg


WAYS: Final[Mapping[str, Way]] = {
    "silhouette as it is": alone(as_it_is),
    "guided filter": alone(guided),
    "GrabCut in a band": alone(grab_cut),
    "moved to the strongest edge": moved(alone(as_it_is)),
    "**near the network's outline (shipped)**": near_expected(as_it_is),
    "the same, nearer": near_expected(as_it_is, NEARER_AWAY),
    "the same, guided filter": near_expected(guided),
    "the same, GrabCut in a band": near_expected(grab_cut),
    "the same, moved to the strongest edge": moved(near_expected(as_it_is)),
    "the network's outline alone": expected_alone,
}
TRUE: Final = "*true outline*"
