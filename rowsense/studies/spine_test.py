"""How well the spine estimate reads bodies, cameras and rooms that it was not fitted on.

1. ``python -m rowsense.studies.spine_test collect FOLDER 0 60`` renders and observes the test clips (five minutes on
   one core; it goes on after a stop). Needs the extra ``simulate``.
2. ``python -m rowsense.studies.spine_test table FOLDER`` prints the table as Markdown.

Single frames, nothing smoothed over time; of every clip the mean error is taken out. Truth: the rig's rotations.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import SideView, SpineAngles
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.spine.geometric import spine_angles, tangent_angles
from rowsense.studies.spine_clips import TEST, drawn_clip, is_hard
from rowsense.studies.spine_fit import FRAMES_PER_CLIP, collect, read_collected

FloatArray = NDArray[np.float64]

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
    frame_count: int
    """Frames of the clip, usable or not."""


GROUPS: Final[tuple[tuple[str, Callable[[ClipSpec], bool]], ...]] = (
    ("all", lambda s: True),
    ("filmed well", lambda s: not is_hard(s)),
    ("filmed badly", is_hard),
    ("yaw under 5°", lambda s: abs(s.camera.yaw_deg) < 5),
    ("yaw 5-12°", lambda s: 5 <= abs(s.camera.yaw_deg) < 12),
    ("yaw 12-20°", lambda s: abs(s.camera.yaw_deg) >= 12),
    ("tight kit", lambda s: s.look.bag_m == 0),
    ("loose T-shirt", lambda s: s.look.bag_m > 0 and s.look.hood_m == 0),
    ("hoodie", lambda s: s.look.hood_m > 0),
    ("hair down", lambda s: s.look.hair_style in ("long", "ponytail")),
    ("under 4.5 m away", lambda s: s.camera.distance_m < 4.5),
    ("over 6 m away", lambda s: s.camera.distance_m > 6),
    ("low resolution", lambda s: s.sensor.detail_ratio < 1),
    ("weak light", lambda s: s.light.level_ratio < 0.7),
)


def clip_errors(spec: ClipSpec, view: SideView, truth_deg: FloatArray) -> ClipErrors:
    """What the estimate makes of one clip. Its frames lie so far apart that none smooths another."""
    found = spine_angles(view)
    names = [name for name in SpineAngles.__slots__ if "_sd_" not in name]
    angles = np.stack([getattr(found, name) for name in names], axis=1)
    sd = np.stack([getattr(found, name.replace("_deg", "_sd_deg")) for name in names], axis=1)
    tangents = tangent_angles(view)
    usable = np.isfinite(angles).all(axis=1) & np.isfinite(truth_deg).all(axis=1) & np.isfinite(tangents).all(axis=1)
    return ClipErrors(
        spec=spec,
        error_deg=_centred(angles[usable] - truth_deg[usable]),
        sd_deg=sd[usable],
        tangents_deg=_centred(tangents[usable] - truth_deg[usable]),
        truth_deg=_centred(truth_deg[usable]),
        frame_count=len(view),
    )


def read_errors(folder: Path) -> list[ClipErrors]:
    """All collected test clips."""
    numbers = [int(path.stem) for path in sorted(folder.glob("[0-9]*.npz"))]
    clips = read_collected(folder)
    return [clip_errors(drawn_clip(TEST, n, FRAMES_PER_CLIP), *clip) for n, clip in zip(numbers, clips, strict=True)]


def table(clips: list[ClipErrors]) -> str:
    """Markdown: error, what is stated, and how often it holds, for all clips and parts of them."""
    lines = [
        "| test clips | bodies | tilt | lumbar | thoracic | sd stated | within 90 % interval | tangents |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, chosen in GROUPS:
        part = [clip for clip in clips if chosen(clip.spec)]
        if not part:
            continue
        error, sd = np.vstack([c.error_deg for c in part]), np.vstack([c.sd_deg for c in part])
        tangents = np.vstack([c.tangents_deg for c in part])
        rmse, inside = _rms(error), 100 * np.mean(np.abs(error) < NINETY * sd, axis=0)
        lines.append(
            f"| {name} | {len(part)} | {rmse[0]:.1f} | {rmse[1]:.1f} | {rmse[2]:.1f} | {_text(_rms(sd))} "
            f"| {_text(inside, 0)} % | {_text(_rms(tangents))} |"
        )
    truth = np.vstack([c.truth_deg for c in clips])
    seen = sum(len(c.error_deg) for c in clips) / sum(c.frame_count for c in clips)
    lines += ["", f"Spread of the truth {_text(_rms(truth))} deg; {100 * seen:.0f} % of the frames could be read."]
    return "\n".join(lines)


def _centred(values: FloatArray) -> FloatArray:
    return np.asarray(values - values.mean(axis=0)) if len(values) else values


def _rms(values: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt((values**2).mean(axis=0)))


def _text(values: FloatArray, digits: int = 1) -> str:
    return " / ".join(f"{v:.{digits}f}" for v in values)


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    if len(arguments) == 4 and arguments[0] == "collect":
        draw = partial(drawn_clip, TEST, frame_count=FRAMES_PER_CLIP)
        collect(Path(arguments[1]), draw, int(arguments[2]), int(arguments[3]))
    elif len(arguments) == 2 and arguments[0] == "table":
        print(table(read_errors(Path(arguments[1]))))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
