"""What to say: one thing done well, one thing to try next with the frames that show it and a self-test, then the rest.

One cue at a time: set-up and timing come first, then hips, then what depends on them. Sentences state what was
measured, in how many strokes and how surely. They never name a cause, a danger or a norm.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.rules import FaultVerdict, RuleVerdict
from rowsense.conventions import EVENT_WINDOW_S
from rowsense.model import Advice, FaultFinding, RuleFinding, StrokeList

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FIRST = "Look at this first: "
GOOD = "What goes well: "
KEEP = "Nothing passed its limit. Keep it, and film again at a higher rate or when you are tired: then habits show."
#: Distance within a limit at which the probability of being within it is 0.8, which the catalogue mostly demands of a
#: fault.
CLEAR_SD = 0.8416
FEW_STROKES = 3
"""From this many usable strokes on, statements on consistency and trend make sense."""


def ordered(verdicts: Sequence[FaultVerdict]) -> list[FaultVerdict]:
    """The faults that are there, most worth talking about first; the stronger one where the order is the same."""
    return sorted((v for v in verdicts if v.present), key=lambda v: (v.order, -v.severity, v.fault.id))


def sentence(verdict: FaultVerdict) -> str:
    """What happened, in how many strokes, and how surely."""
    shown, judged = int(verdict.shown.sum()), int(verdict.judged.sum())
    parts = [_said(v) for v in verdict.rules]
    where = "in the one stroke judged" if judged == 1 else f"in {shown} of {judged} strokes"
    return _capital(f"{where} {', and '.join(parts)}.")


def _said(verdict: RuleVerdict) -> str:
    further = {"also": amount(verdict.also[0])} if verdict.also else {}
    return verdict.rule.says.format(value=amount(verdict.finding), **further)


def amount(finding: RuleFinding) -> str:
    """``11 deg (± 3)``, with as many digits as the error allows."""
    value, sd = finding.measured, finding.measured_sd
    unit = {"ratio": "", "percent": " %"}.get(finding.unit, f" {finding.unit}")
    digits = {"deg": 0, "percent": 0, "ratio": 1 if abs(value) >= 1.0 else 2}.get(finding.unit, 2)
    spread = f" (± {sd:.{digits}f})" if math.isfinite(sd) and round(sd, digits) > 0.0 else ""
    text = f"{value:.{digits}f}"
    return f"{'0' if text == '-0' else text}{unit}{spread}"


def going_well(verdicts: Sequence[FaultVerdict]) -> str:
    """The absent fault that is furthest from its limit, in standard deviations; empty where nothing is clear."""
    best = _best(verdicts)
    return f"{GOOD}{best.fault.kept} ({_in_all(best)})." if best is not None else ""


def advise(
    findings: Sequence[FaultFinding],
    verdicts: Sequence[FaultVerdict],
    strokes: StrokeList,
    time_s: FloatArray,
    frames: IntArray,
) -> Advice:
    """The advice of one recording.

    Args:
        findings: the faults that are there, in the order in which to talk about them.
        verdicts: all faults.
        strokes: whole strokes.
        time_s: (T,) of the frames, and ``frames`` (T,) their numbers in the file.
    """
    best = _best(verdicts)
    well = _capital(f"{best.fault.kept}, {_in_all(best)}. Keep that.") if best is not None else ""
    if not findings:
        judged = any(not v.reason for v in verdicts)
        return Advice(well=well, try_next=KEEP if judged and strokes.usable else "")
    first = findings[0]
    shown = next((span for span in first.frames if span[0] <= first.worst_frame < span[1]), None)
    return Advice(
        well=well,
        fault_id=first.id,
        seen=first.sentence,
        try_next=first.cue,
        look_at=_look_at(first.worst_frame, shown, strokes, time_s, frames),
        frames=shown or (first.worst_frame, first.worst_frame + 1),
        self_test=first.self_test,
        rest=tuple(f"{_capital(finding.name)}. {finding.sentence}" for finding in findings[1:]),
    )


def _look_at(
    worst_frame: int, shown: tuple[int, int] | None, strokes: StrokeList, time_s: FloatArray, frames: IntArray
) -> str:
    """Strokes are counted from 1, as people do."""
    at_s = float(time_s[min(int(np.searchsorted(frames, worst_frame)), len(frames) - 1)])
    inside = [s.index + 1 for s in strokes.strokes if s.catch_time_s - EVENT_WINDOW_S <= at_s < s.end_time_s]
    where = f"in stroke {inside[0]}, " if inside else ""
    span = f" (frames {shown[0]} to {shown[1] - 1})" if shown else ""
    return f"It shows best {where}{at_s:.1f} s into the film{span}."


def _best(verdicts: Sequence[FaultVerdict]) -> FaultVerdict | None:
    """The absent fault that is furthest within its limit and clearly so.

    Only where single strokes tell it: a rule with further conditions, or with a mean that must be clear, says that
    something is there, and its absence says less.
    """
    best, best_margin = None, -CLEAR_SD
    for verdict in verdicts:
        if verdict.present or verdict.reason or verdict.shown.any() or not all(v.alone for v in verdict.rules):
            continue
        margin = max(float(np.nanmedian(np.maximum(v.margin, -99.0))) for v in verdict.rules)
        if margin < best_margin:
            best, best_margin = verdict, margin
    return best


def _in_all(verdict: FaultVerdict) -> str:
    judged = int(verdict.judged.sum())
    return "in the one stroke judged" if judged == 1 else f"in all {judged} strokes judged"


def notes(faults: Sequence[FaultVerdict], verdicts: Sequence[FaultVerdict], usable_count: int) -> list[str]:
    """Sentences for the top of the report: what to look at first, what goes well, how far to trust it."""
    out: list[str] = []
    if faults:
        out.append(f"{FIRST}{faults[0].fault.name}. {sentence(faults[0])} {faults[0].fault.words.cue}")
    elif usable_count and any(not v.reason for v in verdicts):
        out.append("None of the faults that could be judged stands out beyond what the measurement can tell.")
    well = going_well(verdicts)
    if well:
        out.append(well)
    if usable_count == 0:
        out.append("No usable stroke: nothing was judged.")
    elif usable_count < FEW_STROKES:
        count = "One usable stroke" if usable_count == 1 else f"{usable_count} usable strokes"
        out.append(f"{count} only: nothing is said about consistency or trend; film ten strokes or more for that.")
    return out


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
