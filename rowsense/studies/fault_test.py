"""How often each fault is found where it is, and said where it is not, on bodies that nothing was fitted on.

1. ``python -m rowsense.studies.fault_test collect FOLDER [FIRST END]`` renders the clips and looks at them with the
   pose model, as many at a time as there are cores; clips that are there stay, so it goes on after a stop. With another
   estimate of the spine it looks at them again without rendering them. Needs the extra ``simulate``. Any first part of
   the clips is as balanced as all of them.
2. ``python -m rowsense.studies.fault_test table FOLDER [FIRST END]`` judges what is there anew and prints the tables as
   Markdown; ``page FOLDER PIECES PAGE`` writes them as ``docs/fault-accuracy.md``, with those of the clips in PIECES
   (:mod:`rowsense.studies.piece_test`).

``make fault-accuracy`` does both; ``FAULT_CLIPS=FOLDER`` names a folder that holds clips already. Clips before
``FRESH`` were looked at while the measurement was made: the page leaves them out.

A fault is *there* at twice its limit or more and *not there* at half of it or less; what lies between is in the table
over severities only. Truth and severity: :mod:`rowsense.studies.fault_truth`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from rowsense import __version__
from rowsense.assess.judge import catalogue_for
from rowsense.errors import NotMeasurableError
from rowsense.pipeline import estimator_of
from rowsense.settings import AssessSettings, Settings
from rowsense.studies.fault_clips import CLEAN, scene, wanted_faults
from rowsense.studies.fault_dials import DIALS
from rowsense.studies.fault_seen import collect, collected, read_clip, refused
from rowsense.studies.figures import share
from rowsense.studies.piece_clips import EFFORT_STROKES, LEAD_S, LEADS_RATIO, OTHERS_RATIO, PIECE_FPS, PIECE_MIN
from rowsense.studies.piece_test import drift_table, effort_table, judge_pieces, mover_table
from rowsense.studies.real_verdicts import real_section
from rowsense.studies.spine_clips import is_hard

#: The first clip that nothing was fitted or tried on, and clips for 30 clear ones of every fault.
FRESH: Final = 714
CLIPS: Final = 440
#: A fault is clear from here on, in limits.
CLEAR: Final = 2.0
#: Borders of the table over severities.
STEPS: Final = (0.5, 0.75, 1.25, 1.75, 2.0, 2.75)
#: A camera further off the side than this is told to move: what is said of such clips is a reservation.
_YAW_DEG: Final = 12.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One clip: what was there, and what was said."""

    number: int
    wanted: frozenset[str]
    """The faults that were dialled."""
    severity: dict[str, float]
    """By fault, in limits; NaN = cannot be told."""
    found: frozenset[str]
    not_judged: frozenset[str]

    def is_there(self, fault: str) -> bool:
        """Clearly."""
        return self.severity[fault] >= CLEAR

    def is_not_there(self, fault: str) -> bool:
        """Clearly not."""
        return self.severity[fault] <= CLEAN

    @property
    def clean(self) -> bool:
        """No fault at all, on purpose or by the way."""
        return not self.wanted and all(not level > CLEAN for level in self.severity.values())


def outcome(folder: Path, number: int) -> Outcome:
    """Judge one collected clip, and its truth."""
    seen, truth = read_clip(folder, number)
    assessment = seen.judged()
    return Outcome(
        number=number,
        wanted=frozenset(wanted_faults(number)),
        severity=truth.severities(catalogue_for(AssessSettings())),
        found=frozenset(fault.id for fault in assessment.faults),
        not_judged=frozenset(assessment.not_judged),
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """One fault over some clips."""

    there: int
    hits: int
    not_there: int
    false_alarms: int

    @classmethod
    def of(cls, fault: str, outcomes: Sequence[Outcome]) -> Counted:
        """Those where it is clearly there or clearly not. What was not judged was not found."""
        judgeable = [one for one in outcomes if fault not in one.not_judged or one.is_there(fault)]
        there = [fault in one.found for one in judgeable if one.is_there(fault)]
        not_there = [fault in one.found for one in judgeable if one.is_not_there(fault)]
        return cls(len(there), sum(there), len(not_there), sum(not_there))

    @property
    def recall(self) -> str:
        """Found among those that are there."""
        return share(self.hits, self.there)

    @property
    def precision(self) -> str:
        """There among those that were found."""
        return share(self.hits, self.hits + self.false_alarms)


def main_table(outcomes: Sequence[Outcome]) -> str:
    """Markdown: recall and precision at clear severity, alone and among others, and false alarms on clean clips."""
    clean = [one for one in outcomes if one.clean]
    lines = [
        f"| fault | recall | of it alone | with others | precision | not judged where it is | false alarms on "
        f"{len(clean)} clean clips |",
        "|---|---|---|---|---|---|---|",
    ]
    for fault in DIALS:
        alone = Counted.of(fault, [one for one in outcomes if one.wanted == {fault}])
        others = Counted.of(fault, [one for one in outcomes if one.wanted - {fault}])
        all_ = Counted.of(fault, outcomes)
        alarms = [fault in one.found for one in clean if fault not in one.not_judged]
        unjudged = sum(fault in one.not_judged for one in outcomes if one.is_there(fault))
        cells = (
            all_.recall, alone.recall, others.recall, all_.precision, f"{unjudged}", share(sum(alarms), len(alarms)),
        )  # fmt: skip
        lines.append(f"| `{fault}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def severity_table(outcomes: Sequence[Outcome]) -> str:
    """Markdown: in how many clips of each true severity a fault was said; those not judged are left out."""
    borders = (-math.inf, *STEPS, math.inf)
    names = [f"under {STEPS[0]:g}", *(f"{a:g}-{b:g}" for a, b in pairwise(STEPS))]
    lines = [f"| fault | {' | '.join([*names, f'over {STEPS[-1]:g}'])} |", "|---" * (len(borders)) + "|"]
    for fault in DIALS:
        judged = [one for one in outcomes if fault not in one.not_judged]
        cells = []
        for low, high in pairwise(borders):
            said = [fault in one.found for one in judged if low < one.severity[fault] <= high]
            cells.append(f"{sum(said)}/{len(said)}" if said else "-")
        lines.append(f"| `{fault}` | {' | '.join(cells)} |")
    return "\n".join(lines)


GROUPS: Final[tuple[tuple[str, Callable[[int], bool]], ...]] = (
    ("all", lambda number: True),
    ("filmed well", lambda number: not is_hard(scene(number))),
    ("filmed badly", lambda number: is_hard(scene(number))),
    (f"yaw under {_YAW_DEG:g}°", lambda number: abs(scene(number).camera.yaw_deg) < _YAW_DEG),
    (f"yaw over {_YAW_DEG:g}°", lambda number: abs(scene(number).camera.yaw_deg) >= _YAW_DEG),
    ("tight kit", lambda number: scene(number).look.bag_m == 0),
    ("loose kit", lambda number: scene(number).look.bag_m > 0),
)


def never_judged() -> frozenset[str]:
    """Faults that the built-in catalogue shows only, since film does not show them."""
    return frozenset(fault.id for fault in catalogue_for(AssessSettings()).faults if fault.unseen)


def group_table(outcomes: Sequence[Outcome]) -> str:
    """Markdown: all faults together that are judged at all, for parts of the clips."""
    judged = [fault for fault in DIALS if fault not in never_judged()]
    lines = ["| clips | count | recall | precision | false alarms, of clips and faults |", "|---|---|---|---|---|"]
    for name, chosen in GROUPS:
        part = [one for one in outcomes if chosen(one.number)]
        counts = [Counted.of(fault, part) for fault in judged]
        there, hits = sum(c.there for c in counts), sum(c.hits for c in counts)
        alarms, chances = sum(c.false_alarms for c in counts), sum(c.not_there for c in counts)
        cells = (share(hits, there), share(hits, hits + alarms), share(alarms, chances))
        lines.append(f"| {name} | {len(part)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def judge_all(folder: Path, first: int = 0, end: int = FRESH + CLIPS) -> tuple[list[Outcome], list[int]]:
    """Outcomes of the collected clips ``first`` to ``end`` - 1, and the clips in which nothing can be measured."""
    outcomes: list[Outcome] = []
    without = [number for number in refused(folder) if first <= number < end]
    for number in collected(folder):
        if not first <= number < end:
            continue
        try:
            outcomes.append(outcome(folder, number))
        except NotMeasurableError as error:
            print(f"clip {number}: {error}", file=sys.stderr)
            without.append(number)
    return outcomes, sorted(without)


def tables(outcomes: Sequence[Outcome]) -> tuple[str, str, str]:
    """By fault, by severity and by kind of clip."""
    return main_table(outcomes), severity_table(outcomes), group_table(outcomes)


def _but(never: Iterable[str]) -> str:
    names = " and ".join(f"`{name}`" for name in sorted(never))
    return f" but {names}, never judged" if names else ""


def estimators_of(folder: Path, numbers: Iterable[int]) -> list[str]:
    """Which estimators of the spine read these clips."""
    return sorted({read_clip(folder, number)[0].estimator for number in numbers})


def _reading_words(read_by: Sequence[str], in_use: str) -> str:
    if list(read_by) == [in_use]:
        return f"The spine was read by the estimator in use ({in_use})."
    return (
        f"**The spine was read by an earlier estimator ({'; '.join(read_by)}) than the one in use ({in_use})**: "
        "`make fault-accuracy` makes the clips anew."
    )


def page(folder: Path, pieces: Path) -> str:
    """``docs/fault-accuracy.md``, from the clips of faults and those of :mod:`rowsense.studies.piece_test`."""
    outcomes, without = judge_all(folder, FRESH)
    by_fault, by_severity, by_kind = tables(outcomes)
    of = judge_pieces(pieces, fresh=True)
    read_by = estimators_of(folder, [outcome.number for outcome in outcomes])
    return f"""# How sure the faults are

Made by `make fault-accuracy` with RowSense {__version__} from {len(outcomes)} rendered clips of six strokes,
each another body in other clothes, light and room before another camera, none of which anything was fitted or tried
on. Refused, since no rower, no rowing or no possible rate was found in them, were {len(without)} more. Two in ten
rowers are clean, four were given one fault and four three. Everything is read from the pictures; what is true is
what the rig did, judged by the same rules without error. {_reading_words(read_by, estimator_of(Settings()))}

*Severity* counts in limits: 0 is a rower without the fault (where the score is full), 1 the limit, 2 twice the limit. A
fault is there at {CLEAR:g} or more, by a dial or by the way, and not there at {CLEAN:g} or less. Where a fault could
not be judged it was not found. In brackets are 95 % intervals (Wilson): of few
clips they are wide, and say no more than that. How many of those found are right (precision) also depends on how many
have a fault: of any one about one clip in ten has it clearly.

{by_fault}

## By severity

Found among those judged, by true severity.

{by_severity}

## By kind of clip

All faults together{_but(never_judged())}.

{by_kind}

## Who moved first

{len(of.movers)} clips of ten strokes whose hips tip back by 16 to 24°, with one movement that leads in the truth or
none. It leads by {LEAD_S[0]:g} to {LEAD_S[1]:g} s, in {LEADS_RATIO:.0%} of the strokes or more, and nobody else moves
before or with the hips in more than {OTHERS_RATIO:.0%}; the pelvis of the truth is as smooth as the one that is read.
Shins pass their limit so late that they lead so in long strokes only, at 17 to 20 a minute, of rowers whose legs fold
up. Named is whom the report calls the first mover; it takes six strokes in which the hips surely tip. By one of these
clips (47) it was settled how long hidden hands are bridged.

{mover_table(of.movers)}

## Drift over a piece

{len(of.drifts)} pieces of {PIECE_MIN:g} minutes at 28 to 32 strokes a minute, with {PIECE_FPS:g} pictures a second:
rowers whose pelvis at the catch differs by 1 to 2.5° from stroke to stroke. A drift is judged from 50 usable strokes
on. Clips of this part, the one before and the one after that could not be measured: {of.unmeasured}.

{drift_table(of.drifts)}

## Pulling harder

{len(of.efforts)} pieces of {EFFORT_STROKES} strokes at one rate, in which five easy strokes and five hard ones
take turns: the drive of the hard ones takes about a fifth less time. It takes five of each that count.

{effort_table(of.efforts)}

## Real rowing

{real_section()}

## What this cannot show

The dials of `knees_before_hands` and
`excess_layback` end at what a body can do, often short of twice the limit, so that few clips have these clearly.
Shoulders that go forward take the trunk's line with them, which is `late_lunge`. Simulated rowers are not rowers
([accuracy.md](accuracy.md)).
"""


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    match arguments:
        case ["collect", folder]:
            collect(Path(folder), FRESH, FRESH + CLIPS)
        case ["collect", folder, first, end]:
            collect(Path(folder), int(first), int(end))
        case ["table", folder]:
            print("\n\n".join(tables(judge_all(Path(folder))[0])))
        case ["table", folder, first, end]:
            print("\n\n".join(tables(judge_all(Path(folder), int(first), int(end))[0])))
        case ["page", folder, pieces, target]:
            Path(target).write_text(page(Path(folder), Path(pieces)), encoding="utf-8")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
