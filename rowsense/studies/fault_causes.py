"""Why a fault that is clearly there was not found, and how far off the metrics are that it is judged by.

``python -m rowsense.studies.fault_causes FOLDER [FIRST END [even|odd]]`` judges the clips that
:mod:`rowsense.studies.fault_test` collected and prints three tables as Markdown: what became of the faults that are
there, each that was missed or said where it is not, and how far off the metrics are. Nothing may be tried on the clips
from ``FRESH`` on; of those before, what is settled on even numbers is checked on odd ones.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, Fault
from rowsense.assess.judge import catalogue_for
from rowsense.assess.metrics import StrokeMetrics, measure
from rowsense.assess.rules import margin_in_sd
from rowsense.errors import NotMeasurableError
from rowsense.model import StrokeList
from rowsense.pipeline import analyze_track
from rowsense.settings import AssessSettings, Settings
from rowsense.studies.fault_clips import CLEAN
from rowsense.studies.fault_dials import DIALS
from rowsense.studies.fault_seen import collected, read_clip
from rowsense.studies.fault_test import CLEAR, FRESH

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

FOUND, NOT_JUDGED, WITHIN, UNSURE = "found", "not judged", "read within the limit", "beyond it, not surely"
CAUSES: Final = (FOUND, NOT_JUDGED, WITHIN, UNSURE)
SAID: Final = "said, and not there"
#: A stroke belongs to the true one that begins nearest, and no further away than this, seconds.
SAME_STROKE_S: Final = 0.4


@dataclass(frozen=True, slots=True)
class Read:
    """One clip, judged."""

    number: int
    cause: Mapping[str, str]
    """By fault that is clearly there: one of ``CAUSES``."""
    error: Mapping[str, float]
    """By metric: mean of what was read less what was true over the usable strokes; NaN where nothing was."""
    true: Mapping[str, float]
    """By metric: mean of what was true in the same strokes."""
    sd: Mapping[str, float]
    """By metric: stated for one stroke."""
    false_alarms: frozenset[str] = frozenset()
    """Faults that are clearly not there and were said."""
    usable: str = ""
    """Strokes that count, of how many."""
    event_off_s: float = np.nan
    """Largest mean error of catch, finish and next catch."""


def read_one(folder: Path, number: int, catalogue: Catalogue) -> Read:
    """Judge one collected clip, and hold its metrics against the truth.

    Raises
    ------
    NotMeasurableError
        Nothing can be measured in it.
    """
    seen, truth = read_clip(folder, number)
    session = analyze_track(seen.recording(), Settings(), calibration=seen.calibration)
    strokes, said = session.strokes, session.assessment
    usable = np.array([stroke.usable for stroke in strokes.strokes], dtype=np.bool_)
    read = measure(session.angles, strokes, catalogue, session.spine_reference)
    real = measure(truth.series(), truth.strokes(), catalogue, truth.reference())
    pairs = _pairs(np.array([stroke.catch_time_s for stroke in strokes.strokes]), usable, truth.marks_s[:, 0])
    severity, found = truth.severities(catalogue), {fault.id for fault in said.faults}
    names = sorted({c.metric for fault in catalogue.faults for rule in fault.rules for c in rule.conditions})
    return Read(
        number=number,
        cause={
            fault.id: _cause(fault, fault.id in found, fault.id in said.not_judged, read, usable)
            for fault in catalogue.faults
            if fault.id in DIALS and severity[fault.id] >= CLEAR
        },
        error={n: _mean([read.values[n][s] - real.values[n][t] for s, t in pairs]) for n in names},
        true={n: _mean([real.values[n][t] for s, t in pairs if np.isfinite(read.values[n][s])]) for n in names},
        sd={n: _mean([read.sds[n][s] for s, _ in pairs]) for n in names},
        false_alarms=frozenset(f for f in found if severity[f] <= CLEAN),
        usable=f"{usable.sum()} of {len(usable)}",
        event_off_s=_event_off_s(strokes, truth.marks_s, pairs),
    )


def _event_off_s(strokes: StrokeList, marks_s: FloatArray, pairs: Sequence[tuple[int, int]]) -> float:
    if not pairs:
        return np.nan
    read = [strokes.strokes[s] for s, _ in pairs]
    events_s = np.array([(s.catch_time_s, s.finish_time_s, s.end_time_s) for s in read])
    return float(np.abs((events_s - marks_s[[t for _, t in pairs]]).mean(axis=0)).max())


def _pairs(catch_s: FloatArray, usable: BoolArray, true_s: FloatArray) -> list[tuple[int, int]]:
    """Usable strokes with the true ones that they are."""
    if not len(true_s):
        return []
    nearest = [int(np.argmin(np.abs(true_s - at_s))) for at_s in catch_s]
    same = [abs(true_s[t] - at_s) <= SAME_STROKE_S for t, at_s in zip(nearest, catch_s, strict=True)]
    return [(s, t) for s, t in enumerate(nearest) if usable[s] and same[s]]


def _cause(fault: Fault, found: bool, not_judged: bool, read: StrokeMetrics, usable: BoolArray) -> str:
    """Of what was not found and was judged: whether half of the strokes are beyond the limits at all."""
    if found:
        return FOUND
    if not_judged:
        return NOT_JUDGED
    beyond = np.zeros(usable.shape, dtype=np.bool_)
    for rule in fault.rules:
        margins = [margin_in_sd(read.values[c.metric], read.sds[c.metric], c) for c in rule.conditions]
        beyond |= np.all([margin > 0.0 for margin in margins], axis=0)
    return UNSURE if beyond[usable].sum() >= fault.needed_share * usable.sum() else WITHIN


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else np.nan


def cause_table(reads: Sequence[Read]) -> str:
    """Markdown: what became of the faults that are clearly there."""
    lines = [f"| fault | there | {' | '.join(CAUSES)} |", "|---" * (2 + len(CAUSES)) + "|"]
    for fault in DIALS:
        causes = [one.cause[fault] for one in reads if fault in one.cause]
        cells = [str(causes.count(cause)) for cause in CAUSES]
        lines.append(f"| `{fault}` | {len(causes)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def miss_table(reads: Sequence[Read], catalogue: Catalogue) -> str:
    """Markdown: every fault that was missed, or said and is not there, with what it is judged by."""
    lines = [
        "| clip | fault | what became of it | strokes | events off, s | true, read (sd) |",
        "|---|---|---|---|---|---|",
    ]
    for one in reads:
        missed = {fault: cause for fault, cause in one.cause.items() if cause != FOUND}
        for fault, cause in (missed | dict.fromkeys(sorted(one.false_alarms), SAID)).items():
            metrics = [c.metric for f in catalogue.faults if f.id == fault for r in f.rules for c in r.conditions]
            values = "; ".join(
                f"`{m}` {one.true[m]:.2f}, {one.true[m] + one.error[m]:.2f} ({one.sd[m]:.2f})" for m in metrics
            )
            cells = (f"{one.number}", f"`{fault}`", cause, one.usable, f"{one.event_off_s:.3f}", values)
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def error_table(reads: Sequence[Read]) -> str:
    """Markdown: the error of every judged metric, mean of a clip's strokes, and what goes with the truth."""
    lines = ["| metric | clips | bias | rms | sd stated | gain | spread of truth |", "|---|---|---|---|---|---|---|"]
    for name in sorted({name for one in reads for name in one.error}):
        rows = np.array([(one.error[name], one.true[name], one.sd[name]) for one in reads], dtype=np.float64)
        known = rows[np.isfinite(rows[:, 0])]
        if len(known) < 2:
            continue
        error, true, sd = known.T
        gain = 1.0 + float(np.cov(error, true)[0, 1] / max(np.var(true, ddof=1), 1e-12))
        cells = (error.mean(), np.sqrt((error**2).mean()), np.nanmedian(sd), gain, true.std())
        lines.append(f"| `{name}` | {len(known)} of {len(rows)} | {' | '.join(f'{cell:.2f}' for cell in cells)} |")
    return "\n".join(lines)


def read_all(folder: Path, first: int = 0, end: int = FRESH, part: str = "all") -> list[Read]:
    """The collected clips ``first`` to ``end`` - 1: all, those of even or those of odd number."""
    catalogue, reads = catalogue_for(AssessSettings()), []
    for number in collected(folder):
        if not first <= number < end or (part != "all" and number % 2 != (part == "odd")):
            continue
        try:
            reads.append(read_one(folder, number, catalogue))
        except NotMeasurableError as error:
            print(f"clip {number}: {error}", file=sys.stderr)
    return reads


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    match arguments:
        case [folder]:
            reads = read_all(Path(folder))
        case [folder, first, end]:
            reads = read_all(Path(folder), int(first), int(end))
        case [folder, first, end, ("even" | "odd") as part]:
            reads = read_all(Path(folder), int(first), int(end), part)
        case _:
            raise SystemExit(__doc__)
    misses = miss_table(reads, catalogue_for(AssessSettings()))
    print(cause_table(reads), misses, error_table(reads), sep="\n\n")


if __name__ == "__main__":
    main(sys.argv[1:])
