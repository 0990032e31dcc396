"""What the picture adds to the silhouette: outlines of the back sharpened in several ways, each against the truth.

1. ``python -m rowsense.studies.spine_test collect FOLDER 0 60`` renders and observes the test clips.
2. ``python -m rowsense.studies.spine_edges FOLDER`` prints the table as Markdown (three minutes on one core).

The pose model's silhouette has 61 pixels to a trunk length. Every way of sharpening it is judged by the outline that
comes of it, by plain tangents of that outline, by what the network says when it is shown the sharpened silhouette, and
by its time. *True outline* is what perfect sharpening would give, and *nearer* is no sharpening at all but the
analysis' way with less trust in the silhouette. Constants were settled on the clips of even number; the table is of
the others, over frames in which every way finds an outline.

What came of it: the silhouette's edge is off by a third of a percent of the trunk in the median and by 3 percent and
more in the worst tenth. Sharpening takes a twentieth of a percent off the first and leaves the second, and the network
reads no sharpened silhouette better. The true edge itself would be worth 0.2 deg of tilt to it; plain tangents of the
true outline are still off by 7 / 15 / 11 deg. *Nearer* takes a third off the outline's rms error in no time, and leaves
one frame in a hundred without an outline.

What the clips cannot tell: their pictures are grey, so GrabCut sees no colours, and have 64 pixels to a trunk length,
about as fine as the silhouette and half as fine as the camera's. The network was fitted on silhouettes as they are;
none was fitted on sharpened ones. And the pictures go with the hip and are 1.6 s apart, so that no background can be
told from them by a median over time: ``docs/architecture.md`` has what the difference from a median background was
worth as a third layer of the network.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, SPINE_ANGLE_NAMES
from rowsense.kernels.contour import resample_equal
from rowsense.model import Frame, PoseObservation, SpineReading
from rowsense.pose.people import middle
from rowsense.pose.side_view import to_side_view
from rowsense.spine.back_line import EDGE_LEVEL, MAX_AWAY, back_line
from rowsense.spine.geometric import tangent_angles
from rowsense.spine.network import SpineNetwork
from rowsense.spine.patch import spine_patch
from rowsense.studies.figures import centred, rms, slashed
from rowsense.studies.spine_fit import read_collected
from rowsense.studies.spine_frames import PX_PER_TRUNK, ObservedClip
from rowsense.studies.spine_reality import verdict

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
#: Grey picture (H, W) and silhouette (H, W) 0..1 -> silhouette (H, W) 0..1.
Sharpen = Callable[[ByteArray, SingleArray], SingleArray]

#: Half side of the guided filter's box, trunk lengths, and the variance of grey (0..1) under which a box counts as
#: flat. [D] The nearest outline of 0.03 to 0.15 and 0.0001 to 0.01.
GUIDED_REACH: Final = 0.03
GUIDED_FLAT: Final = 1e-4

#: Half width of the band in which GrabCut decides, trunk lengths, its rounds, and the blur of its hard edge, pixels, so
#: that it is as soft as the pose model's. [D] The nearest outline of 0.02 to 0.1; a band of 0.04 is worse than no cut,
#: and three rounds are no better than one.
CUT_REACH: Final = 0.02
CUT_ROUNDS: Final = 1
CUT_BLUR_PX: Final = 1.0

#: How far from the outline an edge is looked for, trunk lengths, and from what difference of grey levels on it counts.
#: [D] The nearest outline of 0.02 to 0.06, and of 3 to 24 (it hardly matters).
EDGE_REACH: Final = 0.03
MIN_CONTRAST: Final = 6.0
#: Samples along a normal to either side, and from how far in and out the brighter side is told, trunk lengths.
EDGE_SAMPLES: Final = 12
SIDE_AT: Final = 0.06
#: Shifts are averaged over so many neighbouring points. [D] The nearest outline of 1 to 15.
SHIFT_POINTS: Final = 5

#: In the way called *nearer*, the silhouette is believed this near to the network's outline, trunk lengths, instead of
#: ``back_line.MAX_AWAY``. [D] The nearest outline of 0.015 to 0.06; below it ever more frames are left without one.
NEARER_AWAY: Final = 0.03

#: Fineness at which a moved outline is drawn into the silhouette, parts of a pixel.
DRAWN_PARTS: Final = 4


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


# -- sharper silhouettes ---------------------------------------------------------------------------------------------


def as_it_is(_grey: ByteArray, mask: SingleArray) -> SingleArray:
    """The pose model's own silhouette."""
    return mask


def guided(grey: ByteArray, mask: SingleArray) -> SingleArray:
    """Guided filter (He, Sun and Tang 2013): in every box the silhouette is a linear function of the picture."""
    side = 2 * round(GUIDED_REACH * PX_PER_TRUNK) + 1
    guide = grey.astype(np.float32) / np.float32(255.0)

    def mean(values: SingleArray) -> SingleArray:
        return np.asarray(cv2.blur(values, (side, side)), dtype=np.float32)

    guide_mean, mask_mean = mean(guide), mean(mask)
    slope = (mean(guide * mask) - guide_mean * mask_mean) / (mean(guide * guide) - guide_mean**2 + GUIDED_FLAT)
    return np.asarray(np.clip(mean(slope) * guide + mean(mask_mean - slope * guide_mean), 0.0, 1.0), dtype=np.float32)


def grab_cut(grey: ByteArray, mask: SingleArray) -> SingleArray:
    """GrabCut in a band around the silhouette's edge; the silhouette itself elsewhere, and where no band has sides."""
    inside = (mask >= EDGE_LEVEL).astype(np.uint8)
    side = 2 * round(CUT_REACH * PX_PER_TRUNK) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    core, reach = cv2.erode(inside, disc), cv2.dilate(inside, disc)
    if not core.any() or reach.all():
        return mask
    labels = np.where(inside == 1, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[core == 1], labels[reach == 0] = cv2.GC_FGD, cv2.GC_BGD
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(cv2.merge([grey] * 3), labels, (0, 0, 0, 0), *models, CUT_ROUNDS, cv2.GC_INIT_WITH_MASK)
    cut = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
    return np.where(core == reach, mask, cv2.GaussianBlur(cut, (0, 0), CUT_BLUR_PX)).astype(np.float32)


# -- moved outlines --------------------------------------------------------------------------------------------------


def normals(line_px: FloatArray) -> FloatArray:
    """Unit normals (N, 2) of an outline from seat to neck whose body is on the right: away from the body."""
    along = np.gradient(line_px, axis=0)
    return np.asarray(np.column_stack([along[:, 1], -along[:, 0]]) / np.hypot(*along.T)[:, None])


def to_strongest_edge(grey: ByteArray, line_px: FloatArray) -> FloatArray:
    """The outline (N, 2), each point moved along its normal to the strongest step of grey within ``EDGE_REACH``.

    Only steps in the direction that the picture has there from well inside to well outside count, so that the dark edge
    of a bright body is not taken for a bright one. Near steps are preferred to far ones, and shifts are smoothed along
    the outline.
    """
    across = np.linspace(-EDGE_REACH, EDGE_REACH, 2 * EDGE_SAMPLES + 1) * PX_PER_TRUNK
    normal = normals(line_px)
    profile = _sampled(grey, line_px[:, None] + across[None, :, None] * normal[:, None])
    inner, outer = (_sampled(grey, line_px + side * SIDE_AT * PX_PER_TRUNK * normal) for side in (-1.0, 1.0))
    step = outer - inner
    # Half a pixel to either side of each sample.
    reach = max(1, round(0.5 / float(across[1] - across[0])))
    rise = (profile[:, 2 * reach :] - profile[:, : -2 * reach]) * np.sign(step)[:, None]
    at = across[reach:-reach]
    strength = rise * np.exp(-0.5 * (2.0 * at / (EDGE_REACH * PX_PER_TRUNK)) ** 2)
    best = strength.argmax(axis=1)
    shift = np.where(rise[np.arange(len(best)), best] >= MIN_CONTRAST, at[best], 0.0)
    smooth = cv2.blur(shift[:, None], (1, SHIFT_POINTS), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(line_px + smooth * normal)


def _sampled(grey: ByteArray, xy_px: FloatArray) -> FloatArray:
    """Grey levels (...) at positions (..., 2) that count from the outer edge of the first pixel."""
    column, row = (xy_px.reshape(-1, 2).T - 0.5).astype(np.float32)
    values = cv2.remap(grey.astype(np.float32), column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(values, dtype=np.float64).reshape(xy_px.shape[:-1])


def redrawn(mask: SingleArray, old_px: FloatArray, new_px: FloatArray, inner_px: FloatArray) -> SingleArray:
    """The silhouette (H, W) with its edge at ``new_px`` (N, 2) instead of ``old_px`` (M, 2), both from seat to neck.

    ``inner_px`` (2, 2): shoulder and hip, which both outlines go around.
    """
    old, new = (_filled(mask.shape, np.vstack([line, inner_px])) for line in (old_px, new_px))
    added, taken = np.clip(new - old, 0.0, 1.0), np.clip(old - new, 0.0, 1.0)
    return np.asarray(np.maximum(mask, added) * (1.0 - taken), dtype=np.float32)


def _filled(shape: tuple[int, ...], corners_px: FloatArray) -> SingleArray:
    """Part (H, W) of each pixel that lies in a polygon (K, 2)."""
    drawn = np.zeros((DRAWN_PARTS * shape[0], DRAWN_PARTS * shape[1]), dtype=np.uint8)
    cv2.fillPoly(drawn, [np.round(corners_px * DRAWN_PARTS - 0.5).astype(np.int32)], 255)
    small = cv2.resize(drawn, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(small / np.float32(255.0), dtype=np.float32)


def between(outline_px: FloatArray, ends_px: FloatArray) -> FloatArray:
    """The part of an outline (K, 2) between the points of it nearest to two ends (2, 2): (64, 2), equal arc length."""
    fine, _ = resample_equal(outline_px, np.ones(len(outline_px)), 16 * BACK_POINT_COUNT)
    first, last = (int(np.hypot(*(fine - end).T).argmin()) for end in ends_px)
    part = fine[first : max(last, first + 1) + 1]
    return resample_equal(part, np.ones(len(part)), BACK_POINT_COUNT)[0]


# -- the ways that are compared --------------------------------------------------------------------------------------


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


# -- against the truth -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WayErrors:
    """One way over N frames of one clip."""

    away: FloatArray
    """(N, K) distance of each point of the true outline from the found one, trunk lengths, + where the found one is
    outside; NaN where any way's outline ends before it."""
    tangents_deg: FloatArray
    """(N, 3) error of plain tangents within the clip."""
    network_deg: FloatArray
    """(N, 3) error of the network's angles within the clip."""
    took_ms: FloatArray
    """(N,)"""


def distances(truth_px: FloatArray, line_px: FloatArray) -> FloatArray:
    """Signed distance (K,) of true points (K, 2) from a found outline (N, 2), pixels, + where that is further out.

    NaN where the outline ends before the point.
    """
    start, along = line_px[:-1], np.diff(line_px, axis=0)
    share = ((truth_px[:, None] - start) * along).sum(axis=2) / (along**2).sum(axis=1)
    gap = truth_px[:, None] - (start + np.clip(share, 0.0, 1.0)[..., None] * along)
    rows, nearest = np.arange(len(truth_px)), np.hypot(gap[..., 0], gap[..., 1]).argmin(axis=1)
    gap, part = gap[rows, nearest], share[rows, nearest]
    beyond = ((nearest == 0) & (part < 0.0)) | ((nearest == len(start) - 1) & (part > 1.0))
    outside = (gap * normals(line_px)[nearest]).sum(axis=1) > 0.0
    return np.where(beyond, np.nan, np.where(outside, -1.0, 1.0) * np.hypot(*gap.T))


def tangents(clip: ObservedClip, rows: Sequence[int], lines_px: FloatArray) -> FloatArray:
    """Plain tangent angles (N, 3) of outlines (N, 64, 2) of frames ``rows``."""
    track = clip.track(rows, lines_px, np.ones(lines_px.shape[:2]))
    return tangent_angles(to_side_view(track, "right", "right", clip.roll_deg))


def clip_errors(clip: ObservedClip, network: SpineNetwork) -> dict[str, WayErrors]:
    """All ways over the frames that the analysis gives angles for and in which each way finds an outline."""
    rows, found = [], []
    for row in np.flatnonzero(clip.usable()):
        if not verdict(clip, int(row), network).in_range:
            continue
        seen = Seen.of(clip, int(row))
        ways = dict(WAYS) | {TRUE: true_outline(clip.outline_px[row])}
        one = {name: way(seen, network) for name, way in ways.items()}
        if all(np.isfinite(f.line_px).all() for f in one.values()):
            rows.append(int(row))
            found.append(one)
    return judged(clip, rows, found) if rows else {}


def judged(clip: ObservedClip, rows: Sequence[int], found: Sequence[Mapping[str, Found]]) -> dict[str, WayErrors]:
    """What was found in frames ``rows`` of a clip against the truth, by way."""
    truth_deg = clip.truth_deg[rows]
    away = {
        name: np.stack([distances(clip.outline_px[row], f[name].line_px) for row, f in zip(rows, found, strict=True)])
        for name in found[0]
    }
    unknown = np.isnan(np.stack(list(away.values()))).any(axis=0)
    return {
        name: WayErrors(
            away=np.where(unknown, np.nan, away[name]) / PX_PER_TRUNK,
            tangents_deg=centred(tangents(clip, rows, np.stack([f[name].line_px for f in found])) - truth_deg),
            network_deg=centred(np.stack([f[name].angles_deg for f in found]) - truth_deg),
            took_ms=np.array([f[name].took_ms for f in found]),
        )
        for name in found[0]
    }


def table(clips: Sequence[Mapping[str, WayErrors]]) -> str:
    """Markdown: one line for each way, over all frames of all clips."""
    lines = [
        "| outline of the back | off: rms | median | 90 % | outwards | plain tangents | network, shown it | ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in clips[0]:
        parts = [clip[name] for clip in clips]
        away = 100.0 * np.concatenate([part.away[np.isfinite(part.away)] for part in parts])
        tangent, network = (
            slashed(rms(np.concatenate([getattr(part, kind) for part in parts])), 2)
            for kind in ("tangents_deg", "network_deg")
        )
        took = float(np.median(np.concatenate([part.took_ms for part in parts])))
        lines.append(
            f"| {name} | {np.sqrt(np.mean(away**2)):.2f} | {np.median(np.abs(away)):.2f} "
            f"| {np.percentile(np.abs(away), 90):.2f} | {np.median(away):+.2f} | {tangent} | {network} "
            f"| {'-' if np.isnan(took) else f'{took:.1f}'} |"
        )
    frames = sum(len(clip[TRUE].took_ms) for clip in clips)
    names = " / ".join(name.removesuffix("_deg") for name in SPINE_ANGLE_NAMES)
    return "\n".join(lines) + (
        f"\n\n{frames} frames of {len(clips)} clips. Distances in percent of the trunk length; *outwards* is the "
        f"median with its sign.\nAngles: error of {names} within the clip, rms, degrees. Time a frame: median, one "
        "thread."
    )


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    cv2.setNumThreads(1)
    network = SpineNetwork()
    errors = [
        clip_errors(clip, network) for number, clip in read_collected(Path(arguments[0])).items() if number % 2 == 1
    ]
    print(table([one for one in errors if one]))


if __name__ == "__main__":
    main(sys.argv[1:])
