"""From pictures: whether the first mover is named, a drift over a piece found, and hips that go back with effort.

1. ``python -m rowsense.studies.piece_test collect FOLDER FIRST END`` renders the clips of
   :mod:`rowsense.studies.piece_clips` and looks at them, as :mod:`rowsense.studies.fault_test` does with its own.
2. ``python -m rowsense.studies.piece_test table FOLDER`` judges what is there anew and prints the tables as Markdown.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.judge import catalogue_for
from rowsense.assess.metrics import measure
from rowsense.errors import NotMeasurableError
from rowsense.model import Assessment, Drift, HipsAnalysis, Mover
from rowsense.settings import AssessSettings
from rowsense.studies.fault_seen import Drawn, collect, collected, read_clip
from rowsense.studies.fault_truth import TrueRowing
from rowsense.studies.figures import share
from rowsense.studies.piece_clips import (
    EFFORT,
    HEAD,
    KNEES,
    NOBODY,
    PIECE,
    drift_of,
    is_fresh,
    kind_of,
    leads_clearly,
    piece_clip,
    piece_scene,
    said,
    tips_with_effort,
    true_hips,
)

FloatArray = NDArray[np.float64]

PIECE_CLIPS: Final = Drawn(piece_scene, piece_clip, said)
#: What drifts.
AT_CATCH: Final = "pelvic_tilt_deg_catch"
#: How much further back the hips are in hard strokes, and how much quicker these are.
BACK, QUICKER = "tilt_back_from_easy_deg", "drive_under_easy_percent"


@dataclass(frozen=True, slots=True)
class Led:
    """One clip in which the hips tip back."""

    kind: str
    tipped: bool
    """In enough strokes to say who moved first."""
    first: str
    """Who was named first; empty: nobody."""
    lag_off_s: float
    """Lag read minus true lag of who leads; NaN where it was not read."""


@dataclass(frozen=True, slots=True)
class Drifted:
    """One piece."""

    dialled: bool
    true_deg: float
    """Change of the pelvis at the catch over the piece: a straight line through the rig's own."""
    read_deg: float
    """NaN where it was not judged."""
    clear: bool
    """That change is said to be clear, on its own side."""
    other: int
    """Other quantities of posture said to drift."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """One piece with easy and hard strokes."""

    goes_back: bool
    """The hips do, in the hard ones."""
    judged: bool
    found: bool
    true_deg: float
    """How much further back the pelvis is at the catch of the hard strokes."""
    read_deg: float
    """NaN where it was not measured."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """All collected clips."""

    movers: list[Led]
    drifts: list[Drifted]
    efforts: list[Pulled]
    unmeasured: int
    """Clips in which nothing could be measured."""


def led(kind: str, hips: HipsAnalysis, truth: TrueRowing) -> Led:
    """What the analysis says of who moved first, beside what was."""
    true = true_hips(truth, catalogue_for(AssessSettings()))
    seen, real = (_of(kind, found.movers) for found in (hips, true))
    off_s = seen.lag_s - real.lag_s if seen is not None and real is not None else np.nan
    return Led(kind, bool(hips.movers), hips.first_mover, float(off_s))


def _of(kind: str, movers: Sequence[Mover]) -> Mover | None:
    return next((mover for mover in movers if mover.id == kind), None)


def drifted(dialled: bool, drifts: Sequence[Drift], truth: TrueRowing) -> Drifted:
    """What the analysis says of the piece, beside what was."""
    true_deg = true_drift_deg(truth)
    own = next((drift for drift in drifts if drift.quantity == AT_CATCH), None)
    return Drifted(
        dialled=dialled,
        true_deg=true_deg,
        read_deg=np.nan if own is None else own.change,
        clear=own is not None and own.clear and own.change < 0.0,
        other=sum(drift.clear for drift in drifts if _is_posture(drift) and drift is not own),
    )


def _is_posture(drift: Drift) -> bool:
    return drift.unit == "deg" and not drift.quantity.startswith("spread")


def true_drift_deg(truth: TrueRowing) -> float:
    """How far the rig's pelvis at the catch went over the piece, a least-squares line, degrees."""
    catch_s = truth.marks_s[:, 0]
    tilt_deg = np.interp(catch_s, truth.time_s, truth.series()["pelvic_tilt_deg"])
    return float(np.polyfit(catch_s, tilt_deg, 1)[0] * np.ptp(truth.marks_s[:, [0, 2]]))


def pulled(goes_back: bool, assessment: Assessment, truth: TrueRowing) -> Pulled:
    """What the analysis says of hard strokes, beside what was."""
    true = measure(truth.series(), truth.strokes(), catalogue_for(AssessSettings()), truth.reference())
    return Pulled(
        goes_back=goes_back,
        judged=EFFORT not in assessment.not_judged,
        found=any(fault.id == EFFORT for fault in assessment.faults),
        true_deg=_hard_mean(true.values),
        read_deg=_hard_mean(assessment.metrics),
    )


def _hard_mean(metrics: Mapping[str, FloatArray]) -> float:
    """Mean over the strokes quicker than the limit of the fault; NaN where there is none."""
    limit = next(r.limit for f in catalogue_for(AssessSettings()).faults if f.id == EFFORT for r in f.rules)
    back_deg = metrics[BACK][(metrics[QUICKER] > limit) & np.isfinite(metrics[BACK])]
    return float(back_deg.mean()) if back_deg.size else np.nan


def judge_pieces(folder: Path, *, fresh: bool = False) -> Pieces:
    """All collected clips; ``fresh``: but those that were looked at while the measurement was made."""
    found = Pieces([], [], [], 0)
    for number in collected(folder):
        if fresh and not is_fresh(number):
            continue
        seen, truth = read_clip(folder, number)
        try:
            assessment = seen.judged()
        except NotMeasurableError as error:
            print(f"clip {number}: {error}", file=sys.stderr)
            found = replace(found, unmeasured=found.unmeasured + 1)
            continue
        kind = kind_of(number)
        if kind == EFFORT:
            found.efforts.append(pulled(tips_with_effort(number), assessment, truth))
        elif kind == PIECE and assessment.piece is not None:
            found.drifts.append(drifted(drift_of(number) > 0.0, assessment.piece.drifts, truth))
        elif kind != PIECE and assessment.hips is not None:
            if leads_clearly(kind, truth, catalogue_for(AssessSettings())):
                found.movers.append(led(kind, assessment.hips, truth))
            else:  # drawn when that was another question
                print(f"clip {number}: it is not clear in the truth who leads; left out", file=sys.stderr)
    return found


def mover_table(movers: Sequence[Led]) -> str:
    """Markdown: who was named first, of all clips and of those in which the hips surely tipped."""
    lines = [
        "| who leads | hips surely tip in six strokes | named right, of those | of all | another named | lag off, s |",
        "|---|---|---|---|---|---|",
    ]
    for kind, name in ((HEAD, "`head_drops`"), (KNEES, "`knees_too_high`"), (NOBODY, "nobody")):
        some = [one for one in movers if one.kind == kind]
        tipped = [one for one in some if one.tipped]
        right = "" if kind == NOBODY else kind
        hits = sum(one.first == right for one in tipped)
        others = sum(one.first not in ("", right) for one in tipped)
        off_s = [one.lag_off_s for one in tipped if np.isfinite(one.lag_off_s)]
        off = f"{np.median(np.abs(off_s)):.2f} (median of {len(off_s)})" if off_s else "-"
        cells = (share(len(tipped), len(some)), share(hits, len(tipped)), share(hits, len(some)), f"{others}", off)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def drift_table(pieces: Sequence[Drifted]) -> str:
    """Markdown: in how many pieces a drift was said."""
    lines = [
        "| drift dialled | pieces | judged | true change, deg | read, deg | said to be clear | other posture also |",
        "|---|---|---|---|---|---|---|",
    ]
    for dialled, name in ((True, "5°"), (False, "none")):
        some = [one for one in pieces if one.dialled == dialled]
        cells = (
            f"{len(some)}", f"{int(np.isfinite([one.read_deg for one in some]).sum())}",
            _spread([one.true_deg for one in some]), _spread([one.read_deg for one in some]),
            share(sum(one.clear for one in some), len(some)), f"{sum(one.other for one in some)}",
        )  # fmt: skip
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def effort_table(efforts: Sequence[Pulled]) -> str:
    """Markdown: in how many pieces with easy and hard strokes the fault ``pulls_harder`` was said."""
    lines = [
        "| hips in the hard strokes | pieces | judged | further back, true, deg | read, deg | said |",
        "|---|---|---|---|---|---|",
    ]
    for goes_back, name in ((True, "further back"), (False, "as in the easy ones")):
        some = [one for one in efforts if one.goes_back == goes_back]
        cells = (
            f"{len(some)}", f"{sum(one.judged for one in some)}", _spread([one.true_deg for one in some]),
            _spread([one.read_deg for one in some]), share(sum(one.found for one in some), len(some)),
        )  # fmt: skip
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _spread(values: Sequence[float]) -> str:
    known = [value for value in values if np.isfinite(value)]
    return f"{np.mean(known):.1f} ({min(known):.1f} to {max(known):.1f})" if known else "-"


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    match arguments:
        case ["collect", folder, first, end]:
            collect(Path(folder), int(first), int(end), PIECE_CLIPS)
        case ["table", folder]:
            found = judge_pieces(Path(folder))
            print(mover_table(found.movers), drift_table(found.drifts), effort_table(found.efforts), sep="\n\n")
            print(f"\n{found.unmeasured} clips could not be measured")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
