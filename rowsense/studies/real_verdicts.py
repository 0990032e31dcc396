"""What the analysis names in the real footage, beside what an eye sees in the same pictures.

A section of ``docs/fault-accuracy.md``. The footage is no part of the project: ``ROWSENSE_REAL_DIR`` names its folder.
There is no truth for it, so frames are named by which anybody who has the footage can look for herself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from rowsense.assess.catalogue import Catalogue, Fault
from rowsense.assess.judge import catalogue_for
from rowsense.model import Assessment, Session
from rowsense.settings import AssessSettings
from rowsense.spine.geometric import TILT_ZERO_DEG
from rowsense.spine.network import SpineNetwork
from rowsense.studies.spine_real_footage import (
    REAL_VARIABLE,
    clip_pictures,
    loop_session,
    real_folder,
    still_pictures,
)
from rowsense.studies.spine_verdicts import Verdict, seen_group

#: By fault, what an eye sees of it, and in which frames of the film (0 to 60). [C] Looked at by the project, once.
EYE: Final[Mapping[str, str]] = {
    "knees_too_high": "60, 0: the film leaves the catch out; where it is cut the shins are well short of upright",
    "late_lunge": "50 to 60: the body keeps its angle, only the seat travels",
    "knees_before_hands": "43: the hands are over the knees as these begin to bend",
    "rushes_the_slide": "56, 60, 0: played in a loop the seat turns at its highest speed, for the film leaves out the "
    "end of the slide: true of the loop, of the rower nothing is known",
    "shoots_the_slide": "0, 3, 6: the shoulders go back faster than the seat",
    "opens_early": "0, 3, 6: the trunk is upright while the knees are still bent at a right angle",
    "early_arm_bend": "11, 14: the elbows are well bent, and the legs still push",
    "hips_tip_back": "43 to 60: the pelvis comes forward with the trunk and stays; at the cut it begins to go back",
    "slump_under_load": "0 to 11: the back opens as the legs push",
    "excess_layback": "16 to 29: the shoulders are far behind the hips",
    "head_drops": "43 to 60: the head stays over the trunk, the eyes level",
    "shoulders_pulled_forward": "52 to 60: the arms are long, the shoulders stay where the trunk takes them",
}
#: Frames at which the pelvis is told: laid back, as the knees break, furthest over, at the cut.
PELVIS_AT: Final = (24, 43, 57, 60)


def real_section() -> str:
    """The section as Markdown."""
    folder = real_folder()
    if folder is None:
        return f"Real footage was not looked at: {REAL_VARIABLE} names no folder of it."
    count, session = len(clip_pictures(folder)), loop_session(folder)
    stills = seen_group("real stills", still_pictures(folder), SpineNetwork()).verdicts
    parts = (
        f"One stroke of a rower in a gym ({count} frames), played ten times and analysed as a film. It is cut "
        "late in the slide and goes on when the drive has begun, so that there is no catch in it. There is no truth "
        "either: beside what is named stands what an eye sees, and in which frames.",
        verdict_table(session.assessment, catalogue_for(AssessSettings()), count),
        pelvis_sentence(session, count),
        stills_sentence(stills),
    )
    return "\n\n".join(parts)


def verdict_table(assessment: Assessment, catalogue: Catalogue, frame_count: int) -> str:
    """What is named, by fault in the catalogue's order; ``frame_count``: of the film that is played again and again."""
    lines = [
        "| fault | named | measured (limit) | worst frame | what an eye sees, and where |",
        "|---|---|---|---|---|",
    ]
    found = {finding.id: finding for finding in assessment.faults}
    for fault in catalogue.faults:
        if fault.id in assessment.not_judged or fault.id not in EYE:
            continue
        finding = found.get(fault.id)
        named = "no" if finding is None else f"**in {len(finding.strokes)} of {finding.usable_stroke_count} strokes**"
        worst = "" if finding is None else str(finding.worst_frame % frame_count)
        lines.append(f"| `{fault.id}` | {named} | {_measured(fault, assessment)} | {worst} | {EYE[fault.id]} |")
    return "\n".join(lines)


def _measured(fault: Fault, assessment: Assessment) -> str:
    """Medians over the strokes, with the limits."""
    parts = []
    for rule in fault.rules:
        values = assessment.metrics[rule.metric]
        if np.isfinite(values).any():
            digits = 0 if rule.unit == "deg" else 2
            unit = {"deg": "°", "ratio": ""}.get(rule.unit, f" {rule.unit}")
            parts.append(
                f"`{rule.metric}` {np.nanmedian(values):.{digits}f}{unit} ({rule.direction} {rule.limit:g}{unit})"
            )
    return "; ".join(parts)


def pelvis_sentence(session: Session, frame_count: int) -> str:
    """Where the pelvis is in the film, in the middle one of its turns."""
    tilt_deg, turn = session.angles["pelvic_tilt_deg"], session.strokes.strokes[len(session.strokes) // 2]
    first = turn.catch_frame // frame_count * frame_count
    at = [float(tilt_deg[first + frame]) for frame in PELVIS_AT]
    told = ", ".join(f"{tilt:.0f}° in frame {frame}" for tilt, frame in zip(at, PELVIS_AT, strict=True))
    return (
        f"Pelvic tilt reads {told}: it comes forward by {at[2] - at[0]:.0f}° from the finish, {at[1] - at[0]:.0f}° of "
        f"that before the knees break, and goes back by {at[2] - at[3]:.0f}° at the cut. What there is to talk about "
        "lies in the drive and at the finish; of the way into the catch the film shows too little."
    )


def stills_sentence(stills: tuple[Verdict, ...]) -> str:
    """The pelvis in seven moments, catch to slide, of a rower who shows how it is done."""
    tilts = [one.angles_deg[0] + TILT_ZERO_DEG if one.in_range else math.nan for one in stills]
    catch, over = stills[0], stills[-1]
    fall_deg, sd_deg = tilts[-1] - tilts[0], math.hypot(catch.sd_deg[0], over.sd_deg[0])
    told = ", ".join("-" if math.isnan(tilt) else f"{tilt:.0f}°" for tilt in tilts)
    return (
        f"The seven stills are of an elite rower who shows a stroke: {told} from the catch on (three of the drive "
        "up to the finish, three of the recovery). The pelvis keeps its place while the legs push, is laid back at the "
        "finish and over again before the knees have risen far, as an eye sees it, too. From the last one to the catch "
        f"it would fall by {fall_deg:.0f}° with an sd of {sd_deg:.0f}°: of one stroke that names nothing."
    )
