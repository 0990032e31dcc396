"""Write ``docs/accuracy.md``: what RowSense measures on the sample videos against their known truth.

``python -m rowsense.studies.accuracy [FOLDER] [--test FOLDER [--negative FOLDER]] [--repeat FOLDER] [--out FILE]``
analyses every ``*.mp4`` of the folder that has ``<name>.truth.csv`` and ``<name>.events.csv`` beside it; ``--test`` and
``--repeat`` name the observed test clips (:mod:`rowsense.studies.spine_test`), ``--negative`` the pictures that must be
refused: with them the page says what the estimate makes of real frames and of those
(:mod:`rowsense.studies.spine_reality`).
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rowsense import __version__
from rowsense.model import Session
from rowsense.pipeline import analyze_video
from rowsense.studies.spine_accuracy import SpineAccuracy, compare, read_truth, session_view

FloatArray = NDArray[np.float64]

JOINT_ANGLES = ("trunk_lean_deg", "knee_deg", "shin_deg", "elbow_deg", "trunk_thigh_deg")
#: An event further than this from every detected one is missed, seconds [D: a tenth of a stroke at 30 a minute].
MATCH_S = 0.2


@dataclass(frozen=True, slots=True)
class EventAccuracy:
    """Detected catches or finishes of one clip against the truth."""

    clip: str
    event: str
    count: int
    missed: int
    mean_absolute_ms: float
    bias_ms: float
    """+ = found late."""


@dataclass(frozen=True, slots=True)
class AngleAccuracy:
    """One joint angle of one clip, degrees, over the frames inside strokes."""

    clip: str
    quantity: str
    rmse_deg: float
    bias_deg: float
    rmse_without_bias_deg: float


@dataclass(frozen=True, slots=True)
class ClipAccuracy:
    """Everything measured on one clip."""

    clip: str
    events: tuple[EventAccuracy, ...]
    angles: tuple[AngleAccuracy, ...]
    spine: tuple[SpineAccuracy, ...]


def clip_accuracy(video: Path, session: Session | None = None) -> ClipAccuracy:
    """Analyse one clip (or take its session) and compare it with the truth beside the file."""
    session = session or analyze_video(video)
    return ClipAccuracy(
        clip=video.stem,
        events=tuple(_events(video, session)),
        angles=tuple(_angles(video, session)),
        spine=tuple(compare(video.stem, session_view(session), read_truth(video, session.track.frame))),
    )


def _events(video: Path, session: Session) -> list[EventAccuracy]:
    rows = _read(video.with_suffix(".events.csv"))
    found = {
        "catch": [s.catch_time_s for s in session.strokes.strokes],
        "finish": [s.finish_time_s for s in session.strokes.strokes],
    }
    return [
        _event_accuracy(video.stem, event, np.array([float(r[f"{event}_time_s"]) for r in rows]), np.array(times))
        for event, times in found.items()
    ]


def _event_accuracy(clip: str, event: str, truth_s: FloatArray, found_s: FloatArray) -> EventAccuracy:
    nearest = (
        np.array([found_s[np.argmin(np.abs(found_s - t))] - t for t in truth_s]) if found_s.size else truth_s * 0 + 9
    )
    matched = nearest[np.abs(nearest) < MATCH_S] * 1000
    return EventAccuracy(
        clip=clip,
        event=event,
        count=len(truth_s),
        missed=len(truth_s) - len(matched),
        mean_absolute_ms=float(np.mean(np.abs(matched))),
        bias_ms=float(np.mean(matched)),
    )


def _angles(video: Path, session: Session) -> list[AngleAccuracy]:
    truth = {int(row["frame"]): row for row in _read(video.with_suffix(".truth.csv"))}
    rows = [truth[int(frame)] for frame in session.track.frame]
    inside = np.array([int(row["stroke"]) >= 0 for row in rows])
    found = []
    for name in JOINT_ANGLES:
        error = session.angles[name] - np.array([float(row[name]) for row in rows])
        error = error[inside & np.isfinite(error)]
        found.append(
            AngleAccuracy(
                clip=video.stem,
                quantity=name,
                rmse_deg=float(np.sqrt(np.mean(error**2))),
                bias_deg=float(error.mean()),
                rmse_without_bias_deg=float(error.std()),
            )
        )
    return found


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def accuracy_page(clips: list[ClipAccuracy], test_table: str = "", repeats: str = "", reality: str = "") -> str:
    """The page as Markdown: tables of the test clips, of clips that repeat themselves, and about real frames."""
    lines = [
        "# How accurate RowSense is",
        "",
        f"Made by `make accuracy` with RowSense {__version__} from the sample videos, whose spine, joints and events",
        "are known exactly, and from test clips. Bodies, clothes, cameras, lights and rooms of both are others than",
        "those that the spine estimate and the joint centres were fitted on.",
        "",
        "The rig: a parametric body (Anny, derived from MakeHuman) whose pelvic tilt, lumbar and thoracic flexion are",
        "the rotations of its root, of spine05+spine04+spine03 and of spine02+spine01. Tilt and lumbar flexion are",
        "dialled apart from the pose, so a program that only knows the pose cannot guess them.",
        "",
        *_test_lines(test_table),
        *_repeat_lines(repeats),
        *_reality_lines(reality),
        "## Pelvis and spine on the sample videos",
        "",
        "Root mean square error after each clip's mean error is taken out, in degrees. *Landmarks*: the best linear",
        "function of six segment directions, fitted to the very clip it is judged on, which no real estimate could be.",
        "*Tangents*: plain directions of the outline, nothing fitted. *sd said*: what RowSense itself states.",
        "",
        "| clip | quantity | spread of truth | RowSense | of the spread | correlation | landmarks | better by "
        "| tangents | sd said | offset |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.clip} | {r.quantity} | {r.truth_sd_deg:.1f} | **{r.rmse_deg:.1f}** | {r.rmse_over_spread:.2f} "
        f"| {r.correlation:.2f} | {r.landmarks_rmse_deg:.1f} | {r.better_than_landmarks:.0%} "
        f"| {r.tangents_rmse_deg:.1f} | {r.stated_sd_deg:.1f} | {r.offset_deg:+.1f} |"
        for clip in clips
        for r in clip.spine
    ]
    lines += [
        "",
        "## Catch and finish",
        "",
        "| clip | event | in the truth | missed | mean absolute error, ms | bias, ms (+ late) |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {e.clip} | {e.event} | {e.count} | {e.missed} | {e.mean_absolute_ms:.0f} | {e.bias_ms:+.0f} |"
        for clip in clips
        for e in clip.events
    ]
    lines += [
        "",
        "## Joint angles of the near side",
        "",
        "Degrees, inside the strokes. A landmark of the pose model is not the rig's joint centre, which shows as bias.",
        "",
        "| clip | quantity | RMSE | bias | RMSE without bias |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {a.clip} | {a.quantity} | {a.rmse_deg:.1f} | {a.bias_deg:+.1f} | {a.rmse_without_bias_deg:.1f} |"
        for clip in clips
        for a in clip.angles
    ]
    lines += [
        "",
        "## What this cannot show",
        "",
        "Simulated rowers are not rowers: real skin, clothing, light and compression differ, and the estimate's",
        "error on real people is not known. The offset between the estimate's zero and a person's own tall sitting",
        "is tens of degrees for tilt (its zero was set for real rowers, the simulated ones lie above it), so read",
        "changes within one video, not absolute angles. Small differences are read too small: that is what an",
        "estimate does that errs least.",
        "",
    ]
    return "\n".join(lines)


def _test_lines(test_table: str) -> list[str]:
    if not test_table:
        return []
    return [
        "## Pelvis and spine on bodies, cameras and rooms never seen",
        "",
        "Root mean square error of **single frames**, nothing averaged over time, after each clip's mean error is",
        "taken out, degrees; each is read in the light of the others of its clip, at most 30, from as many strokes.",
        "Landmarks and silhouettes are the pose model's own. *Tangents*: plain directions of the outline. *Within 90 %",
        "interval*: how often the truth lies in it; 90 would be exact. Where there are three figures they are tilt,",
        "lumbar and thoracic.",
        "",
        test_table,
        "",
    ]


def _repeat_lines(repeats: str) -> list[str]:
    if not repeats:
        return []
    return [
        "## Means over strokes",
        "",
        "Clips in which pelvis and spine go the same way in every stroke, while legs and trunk vary a little: error at",
        "nine moments of the stroke, averaged over as many strokes, after each clip's mean error is taken out,",
        "degrees. What does not shrink from row to row is the body's and its clothes', and the same in every stroke.",
        "In every row all ten strokes were read together, as strokes of one recording are.",
        "",
        repeats,
        "",
    ]


def _reality_lines(reality: str) -> list[str]:
    if not reality:
        return []
    return [
        "## Real frames, and what is refused",
        "",
        "There is no truth for real frames, only whether what is said can be true. *In range*: angles are given. To be",
        "refused are simulated pictures that show nothing to be read: the camera 38 to 60 deg off the side; the back",
        "covered; people who stand, kneel or sit on a bench; rooms without a person. *Settled on*: frames from which",
        "the limits of the gate were chosen. *sd stated*: tilt, lumbar and thoracic, degrees.",
        "",
        reality,
        "",
    ]


_KINDS_LINES = (
    "",
    "In these clips pelvis, low back and upper back are moved apart from each other, and in two of three frames the",
    "upper back is at an end of its range. Other rowers, other bodies, as above: *with variety* flesh, seat and kit",
    "differ more and the lean gives way before the upper back comes to its end; *as rowers row* the low back answers",
    "a pelvis that tips, so that the trunk leans as before, and there are faults.",
    "",
)


def _test_table(folder: Path | None) -> str:
    if folder is None:
        return ""
    from rowsense.studies.spine_test import kind_of, kinds_table, read_errors, table  # needs the simulator's extra

    errors = read_errors(folder)
    return "\n".join([table(errors[kind_of(0)]), *_KINDS_LINES, kinds_table(errors)])


def _repeats(folder: Path | None) -> str:
    if folder is None:
        return ""
    from rowsense.studies.spine_test import repeat_table  # needs the simulator's extra

    return repeat_table(folder)


def _reality(test: Path | None, negative: Path | None) -> str:
    if test is None or negative is None:
        return ""
    from rowsense.studies.spine_reality import reality_section  # needs the simulator's extra

    return reality_section(test, negative)


def main() -> None:
    """Analyse the folder's clips and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("sample_videos"))
    parser.add_argument("--out", type=Path, default=Path("docs/accuracy.md"))
    parser.add_argument("--test", type=Path, help="folder of observed test clips")
    parser.add_argument("--repeat", type=Path, help="folder of observed clips whose strokes repeat")
    parser.add_argument("--negative", type=Path, help="folder of observed pictures that must be refused")
    arguments = parser.parse_args()
    videos = [v for v in sorted(arguments.folder.glob("*.mp4")) if v.with_suffix(".truth.csv").is_file()]
    clips = []
    for video in videos:
        sys.stderr.write(f"{video.name} ...\n")
        clips.append(clip_accuracy(video))
    tables = _test_table(arguments.test), _repeats(arguments.repeat), _reality(arguments.test, arguments.negative)
    page = accuracy_page(clips, *tables)
    arguments.out.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
