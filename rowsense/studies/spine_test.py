"""How well the spine estimate reads bodies, cameras and rooms that it was not fitted on.

1. ``python -m rowsense.studies.spine_test collect FOLDER 0 60`` renders and observes the test clips (three minutes on
   one core; it goes on after a stop), 2000 to 2060 are others with variety, 3000 to 3060 others who row as rowers do;
   and ``repeat FOLDER 0 60`` renders clips in which every stroke has the same spine. Needs the extra ``simulate``.
2. ``python -m rowsense.studies.spine_test table FOLDER REPEAT_FOLDER`` prints the tables as Markdown.

Single frames, nothing smoothed over time; of every clip the mean error is taken out. Truth: the rig's rotations.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import ANGLE_SD_NAMES, PHASES, SPINE_ANGLE_NAMES
from rowsense.model import SideView, SpineReading
from rowsense.pose.side_view import to_side_view
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.motion import simulate_motion
from rowsense.simulate.posture import THORACIC_LIMITS_DEG
from rowsense.spine.back_line import back_line
from rowsense.spine.gate import in_range
from rowsense.spine.geometric import spine_angles, tangent_angles
from rowsense.spine.network import SpineNetwork
from rowsense.spine.together import read_together
from rowsense.studies.figures import centred, rms, slashed
from rowsense.studies.spine_clips import FRAMES_PER_CLIP, MOMENTS, REPEATS, TEST, drawn_clip, is_hard, repeating_clip
from rowsense.studies.spine_collecting import collect, read_collected
from rowsense.studies.spine_frames import ObservedClip
from rowsense.studies.spine_natural import natural_clip
from rowsense.studies.spine_variety import varied_clip

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Nearer than this to a limit of thoracic flexion the upper back counts as being at the end of its range.
AT_END_DEG: Final = 5.0
#: Half width of a 90 % interval in standard deviations of a normal distribution.
NINETY: Final = 1.645


@dataclass(frozen=True, slots=True)
class ClipErrors:
    """One test clip: its spec, and for each usable frame the error within the clip and the stated sd, degrees."""

    spec: ClipSpec
    error_deg: FloatArray
    """(N, 3)"""
    sd_deg: FloatArray
    """(N, 3)"""
    tangents_deg: FloatArray
    """(N, 3) the error of plain tangents."""
    truth_deg: FloatArray
    """(N, 3) minus its mean."""
    row: IntArray
    """(N,) numbers of the usable frames."""
    phase: NDArray[np.str_]
    """(N,) the phase of the stroke, empty outside whole strokes (of an average body with this motion)."""
    at_end: NDArray[np.bool_]
    """(N,) whether the simulated upper back is at an end of its range."""
    frame_count: int
    """Frames of the clip, usable or not."""

    def only(self, chosen: NDArray[np.bool_]) -> Self:
        """Some of its frames (N,), with the errors as they are."""
        names = ("error_deg", "sd_deg", "tangents_deg", "truth_deg", "row", "phase", "at_end")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})


GROUPS: Final[tuple[tuple[str, Callable[[ClipSpec], bool]], ...]] = (
    ("all", lambda s: True),
    ("filmed well", lambda s: not is_hard(s)),
    ("filmed badly", is_hard),
    ("yaw under 5°", lambda s: abs(s.camera.yaw_deg) < 5),
    ("yaw 5-12°", lambda s: 5 <= abs(s.camera.yaw_deg) < 12),
    ("yaw 12-20°", lambda s: abs(s.camera.yaw_deg) >= 12),
    ("men", lambda s: s.body.gender < 0.5),
    ("women", lambda s: s.body.gender >= 0.5),
    ("small bodies", lambda s: s.body.height < 0.4 and s.body.scale < 1.02),
    ("tight kit", lambda s: s.look.bag_m == 0),
    ("loose T-shirt", lambda s: s.look.bag_m > 0 and s.look.hood_m == 0),
    ("hoodie", lambda s: s.look.hood_m > 0),
    ("hair down", lambda s: s.look.hair_style in ("long", "ponytail")),
    ("under 4.5 m away", lambda s: s.camera.distance_m < 4.5),
    ("over 6 m away", lambda s: s.camera.distance_m > 6),
    ("low resolution", lambda s: s.sensor.detail_ratio < 1),
    ("weak light", lambda s: s.light.level_ratio < 0.7),
)


def clip_errors(spec: ClipSpec, clip: ObservedClip, network: SpineNetwork) -> ClipErrors:
    """What the analysis makes of one clip. Its frames lie so far apart that none smooths another."""
    view, known = side_view(clip, network), clip.usable()
    found = spine_angles(view)
    angles = np.stack([getattr(found, name) for name in SPINE_ANGLE_NAMES], axis=1)
    sd = np.stack([getattr(found, name) for name in ANGLE_SD_NAMES], axis=1)
    tangents = tangent_angles(view)
    truth_deg = clip.truth_deg
    usable = known & np.isfinite(angles).all(axis=1) & np.isfinite(tangents).all(axis=1)
    return ClipErrors(
        spec=spec,
        error_deg=centred(angles[usable] - truth_deg[usable]),
        sd_deg=sd[usable],
        tangents_deg=centred(tangents[usable] - truth_deg[usable]),
        truth_deg=centred(truth_deg[usable]),
        row=np.flatnonzero(usable),
        phase=np.array(simulate_motion(spec.motion).phase)[usable],
        at_end=upper_back_at_end(truth_deg[usable]),
        frame_count=len(clip),
    )


def upper_back_at_end(truth_deg: FloatArray) -> NDArray[np.bool_]:
    """(N,) of true angles (N, 3): whether thoracic flexion is within ``AT_END_DEG`` of what the simulated back can do.

    There it is known, and geometry tells much of the rest; a real upper back is hardly ever there.
    """
    low, high = THORACIC_LIMITS_DEG
    return np.asarray((truth_deg[:, 2] < low + AT_END_DEG) | (truth_deg[:, 2] > high - AT_END_DEG))


def side_view(clip: ObservedClip, network: SpineNetwork) -> SideView:
    """The clip as the analysis sees it before it smooths over time."""
    readings = [_reading(clip, row, network) for row in range(len(clip))]
    spine_deg, spine_sd_deg = read_together(
        np.stack([reading.angles_deg for reading in readings]),
        np.stack([reading.sd_deg for reading in readings]),
        np.stack([reading.features for reading in readings]),
        network.answer,
    )
    lines = [
        back_line(clip.observation(row), "right", "right", reading.outline_px) for row, reading in enumerate(readings)
    ]
    seen = np.stack([line.seen for line in lines])
    track = replace(
        clip.track(range(len(clip)), np.stack([line.xy_px for line in lines]), seen),
        spine_deg=spine_deg,
        spine_sd_deg=spine_sd_deg,
    )
    return to_side_view(track, "right", "right", clip.roll_deg)


def _reading(clip: ObservedClip, row: int, network: SpineNetwork) -> SpineReading:
    patch = clip.patch(row)
    return SpineReading.missing() if patch is None else in_range(network.read(patch), patch)


def read_errors(folder: Path) -> dict[str, list[ClipErrors]]:
    """All collected test clips, by kind."""
    network, found = SpineNetwork(), dict[str, list[ClipErrors]]()
    for number, clip in read_collected(folder).items():
        found.setdefault(kind_of(number), []).append(clip_errors(clip_of(number), clip, network))
    return found


HEAD: Final = (
    "| test clips | bodies | tilt | lumbar | thoracic | sd stated | within 90 % interval | tangents |",
    "|---|---|---|---|---|---|---|---|",
)


def kinds_table(clips: dict[str, list[ClipErrors]]) -> str:
    """Markdown: the first row of :func:`table` for each kind of clips."""
    return "\n".join([*HEAD, *(f"| {kind} | {len(part)} | {_figures(part)} |" for kind, part in clips.items())])


def table(clips: list[ClipErrors]) -> str:
    """Markdown: error, what is stated, and how often it holds, for all clips and parts of them."""
    lines = [*HEAD]
    for name, chosen in GROUPS:
        part = [clip for clip in clips if chosen(clip.spec)]
        if part:
            lines.append(f"| {name} | {len(part)} | {_figures(part)} |")
    for phase in PHASES:
        part = [clip.only(clip.phase == phase) for clip in clips]
        lines += _row(phase.replace("_", " "), part)
    lines += _row("upper back at an end of its range", [clip.only(clip.at_end) for clip in clips])
    lines += _row("upper back between them", [clip.only(~clip.at_end) for clip in clips])
    truth = np.vstack([c.truth_deg for c in clips])
    seen = sum(len(c.error_deg) for c in clips) / sum(c.frame_count for c in clips)
    error = np.vstack([c.error_deg for c in clips])
    read = 10.0 * (1.0 + (error * truth).sum(axis=0) / (truth**2).sum(axis=0))
    lines += [
        "",
        f"Spread of the truth {slashed(rms(truth))} deg; {100 * seen:.0f} % of the frames could be read "
        "(where the pose",
        "model took somebody in the background for the rower, none of the clip counts as read). A true difference of",
        f"10 deg is read as {slashed(read)} deg on average: what cannot be seen pulls every estimate to the middle.",
    ]
    return "\n".join(lines)


def _row(name: str, part: list[ClipErrors]) -> list[str]:
    """Some frames of the clips as a row, none where there are none."""
    seen_in = sum(len(clip.row) > 0 for clip in part)
    return [f"| {name} | {seen_in} | {_figures(part)} |"] if seen_in else []


def _figures(clips: list[ClipErrors]) -> str:
    """Cells of a row of :func:`table`."""
    error, sd = np.vstack([c.error_deg for c in clips]), np.vstack([c.sd_deg for c in clips])
    rmse, inside = rms(error), 100 * np.mean(np.abs(error) < NINETY * sd, axis=0)
    tangents = rms(np.vstack([c.tangents_deg for c in clips]))
    cells = [*(f"{v:.1f}" for v in rmse), slashed(rms(sd)), f"{slashed(inside, 0)} %", slashed(tangents)]
    return " | ".join(cells)


def repeat_table(folder: Path) -> str:
    """Markdown: error of single frames and of means over ever more strokes, where every stroke has the same spine."""
    network = SpineNetwork()
    found = (clip_errors(repeating_clip(number), clip, network) for number, clip in read_collected(folder).items())
    clips = [one for one in found if len(one.row)]
    lines = ["| mean of | tilt | lumbar | thoracic |", "|---|---|---|---|"]
    for strokes in (1, 3, REPEATS):
        error = np.vstack([centred(moment_means(one, strokes)) for one in clips])
        rmse = rms(error)
        lines.append(f"| {strokes} strokes | {rmse[0]:.1f} | {rmse[1]:.1f} | {rmse[2]:.1f} |")
    truth = np.vstack([one.truth_deg for one in clips])
    lines += ["", f"{len(clips)} bodies; spread of the truth {slashed(rms(truth))} deg."]
    return "\n".join(lines)


def moment_means(clip: ClipErrors, strokes: int) -> FloatArray:
    """(M, 3) mean error at each of ``MOMENTS`` moments over each run of so many strokes; unseen ones are left out."""
    moment, stroke = clip.row % MOMENTS, clip.row // MOMENTS
    runs = [
        clip.error_deg[(moment == m) & (stroke // strokes == run)]
        for m in range(MOMENTS)
        for run in range(REPEATS // strokes)
    ]
    return np.array([run.mean(axis=0) for run in runs if len(run)])


#: Where the numbers of a kind of test clips begin, what the page calls it, and how it is drawn.
TEST_KINDS: Final[tuple[tuple[int, str, Callable[[int, int, int], ClipSpec]], ...]] = (
    (0, "each part of the back by itself", drawn_clip),
    (2000, "the same with variety", varied_clip),
    (3000, "as rowers row, with faults and variety", natural_clip),
)


def kind_of(number: int) -> str:
    """What the page calls the kind of a test clip."""
    return next(name for first, name, _ in reversed(TEST_KINDS) if number >= first)


def clip_of(number: int) -> ClipSpec:
    """The test clip ``number``."""
    draw = next(draw for first, _, draw in reversed(TEST_KINDS) if number >= first)
    return draw(TEST, number, FRAMES_PER_CLIP)


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    if len(arguments) == 4 and arguments[0] == "collect":
        collect(Path(arguments[1]), lambda number: (clip_of(number),), int(arguments[2]), int(arguments[3]))
    elif len(arguments) == 4 and arguments[0] == "repeat":
        collect(Path(arguments[1]), lambda number: (repeating_clip(number),), int(arguments[2]), int(arguments[3]))
    elif len(arguments) == 3 and arguments[0] == "table":
        errors = read_errors(Path(arguments[1]))
        print(table(errors[kind_of(0)]), kinds_table(errors), sep="\n\n")
        print(repeat_table(Path(arguments[2])))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
