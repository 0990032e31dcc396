"""What a reader of a comparison has to know about it, in sentences."""

from __future__ import annotations

import math

from rowsense.assess.contrast import LEAST_FREEDOM
from rowsense.assess.piece_strokes import RATE
from rowsense.model import Comparison, Session

#: From this difference of the mean rates on it is said that like is not held against like. [D] The step that the piece
#: takes as another rate.
OTHER_RATE_SPM = 2.0


def notes_of(compared: Comparison, first: Session, second: Session) -> tuple[str, ...]:
    """Sentences, the most important first."""
    notes = [_zero(compared), _rower(compared, first, second), *_strokes(compared), _rate(compared)]
    if not compared.one_session and first.video.sha256 == second.video.sha256:
        notes.append("Both sessions are of the same video; within one session smaller changes can be told.")
    return tuple(note for note in notes if note)


def _zero(compared: Comparison) -> str:
    if compared.zero == "shared":
        return ""
    floor = "Between two films no difference under 6 deg is a clear change, as camera and clothes differ too."
    if compared.zero == "calibrated":
        return f"Both sessions count from a calibrated zero; the doubt about both zeros is in every limit. {floor}"
    return (
        "Each film has a zero of its own for hips and back, and without a calibration in both nothing ties the two "
        "together. So for hips and back only the changes within the stroke are compared: each side is measured from "
        f"its own mean over the stroke. {floor}"
    )


def _rower(compared: Comparison, first: Session, second: Session) -> str:
    if not compared.same_rower:
        return (
            f"These are two rowers, {first.athlete} and {second.athlete}. Bodies and clothes differ, and part of what "
            "is measured differs with them: this is no change of anybody."
        )
    if not compared.one_session and not (first.athlete and second.athlete):
        return "Whether both films show the same rower is not known: give both a name with `analyze --athlete`."
    return ""


def _strokes(compared: Comparison) -> list[str]:
    notes = []
    counts = len(compared.first.strokes), len(compared.second.strokes)
    if sum(counts) - 2 < LEAST_FREEDOM:
        notes.append(
            "With so few strokes it is not known how far your strokes differ anyway: a clear change here is one "
            "between these strokes."
        )
    if compared.first.picked_by_score or compared.second.picked_by_score:
        notes.append(
            "The best strokes were picked by their score, so part of what sets them apart is luck of the measurement. "
            "In one film that part is taken off before a difference is called clear."
        )
    return notes


def _rate(compared: Comparison) -> str:
    for one in compared.times:
        if one.quantity == RATE and math.isfinite(one.difference) and abs(one.difference) >= OTHER_RATE_SPM:
            return (
                f"The rates differ: {one.first:.1f} and {one.second:.1f} strokes a minute. Postures differ with the "
                "rate too, so compare strokes at one rate where you can."
            )
    return ""
