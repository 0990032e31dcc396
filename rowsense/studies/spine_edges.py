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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import SPINE_ANGLE_NAMES
from rowsense.pose.side_view import to_side_view
from rowsense.spine.geometric import tangent_angles
from rowsense.spine.network import SpineNetwork
from rowsense.studies.figures import centred, rms, slashed
from rowsense.studies.spine_collecting import read_collected
from rowsense.studies.spine_edge_ways import TRUE, WAYS, Found, Seen, true_outline
from rowsense.studies.spine_frames import PX_PER_TRUNK, ObservedClip
from rowsense.studies.spine_sharpening import normals
from rowsense.studies.spine_verdicts import verdicts

FloatArray = NDArray[np.float64]


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
    usable = [int(row) for row in np.flatnonzero(clip.usable())]
    for row, one in zip(usable, verdicts(clip, usable, network), strict=True):
        if not one.in_range:
            continue
        seen = Seen.of(clip, row)
        ways = dict(WAYS) | {TRUE: true_outline(clip.outline_px[row])}
        ways_found = {name: way(seen, network) for name, way in ways.items()}
        if all(np.isfinite(f.line_px).all() for f in ways_found.values()):
            rows.append(row)
            found.append(ways_found)
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
