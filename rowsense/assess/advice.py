"""What to say first: the order of the faults, one sentence for each, and one thing that goes well.

One cue at a time: set-up and timing come first, then hips, then what depends on them. Sentences state what was
measured, in how many strokes and how surely. They never name a cause, a danger or a norm.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rowsense.assess.rules import FaultVerdict, RuleVerdict
from rowsense.model import RuleFinding

FIRST = "Look at this first: "
GOOD = "What goes well: "
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


def going_well(verdicts: Sequence[FaultVerdict], clear_sd: float = 0.8416) -> str:
    """The absent fault that is furthest from its limit, in standard deviations; empty where nothing is clear.

    ``clear_sd`` is the distance at which the probability of being within the limit is 0.8, the same demand as
    for a fault.
    """
    best, best_margin = None, -clear_sd
    for verdict in verdicts:
        if verdict.present or verdict.reason or verdict.shown.any():
            continue
        margin = max(float(np.nanmedian(np.maximum(v.margin, -99.0))) for v in verdict.rules)
        if margin < best_margin:
            best, best_margin = verdict, margin
    if best is None:
        return ""
    judged = int(best.judged.sum())
    where = "in the one stroke judged" if judged == 1 else f"in all {judged} strokes judged"
    return f"{GOOD}{best.fault.kept} ({where})."


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
