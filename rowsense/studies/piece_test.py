"""From pictures: whether the first mover is named, and whether a drift over a piece is found.

1. ``python -m rowsense.studies.piece_test collect FOLDER FIRST END`` renders the clips of
   :mod:`rowsense.studies.piece_clips` and looks at them, as :mod:`rowsense.studies.fault_test` does with its own.
2. ``python -m rowsense.studies.piece_test table FOLDER`` judges what is there anew and prints the tables as Markdown.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from rowsense.assess.judge import catalogue_for
from rowsense.errors import NotMeasurableError
from rowsense.model import Drift, HipsAnalysis, Mover
from rowsense.settings import AssessSettings
from rowsense.studies.fault_seen import Drawn, collect, collected, read_clip
from rowsense.studies.fault_truth import TrueRowing
from rowsense.studies.figures import share
from rowsense.studies.piece_clips import (
    HEAD,
    KNEES,
    NOBODY,
    PIECE,
    drift_of,
    kind_of,
    piece_clip,
    piece_scene,
    said,
    true_hips,
)

PIECE_CLIPS: Final = Drawn(piece_scene, piece_clip, said)
#: What drifts.
AT_CATCH: Final = "pelvic_tilt_deg_catch"


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


def judge_pieces(folder: Path) -> tuple[list[Led], list[Drifted], int]:
    """All collected clips, and how many of them could not be measured."""
    movers: list[Led] = []
    pieces: list[Drifted] = []
    without = 0
    for number in collected(folder):
        seen, truth = read_clip(folder, number)
        try:
            assessment = seen.judged()
        except NotMeasurableError as error:
            print(f"clip {number}: {error}", file=sys.stderr)
            without += 1
            continue
        if kind_of(number) == PIECE and assessment.piece is not None:
            pieces.append(drifted(drift_of(number) > 0.0, assessment.piece.drifts, truth))
        elif kind_of(number) != PIECE and assessment.hips is not None:
            movers.append(led(kind_of(number), assessment.hips, truth))
    return movers, pieces, without


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


def _spread(values: Sequence[float]) -> str:
    known = [value for value in values if np.isfinite(value)]
    return f"{np.mean(known):.1f} ({min(known):.1f} to {max(known):.1f})" if known else "-"


def main(arguments: list[str]) -> None:
    """Command line, see the module's own text."""
    match arguments:
        case ["collect", folder, first, end]:
            collect(Path(folder), int(first), int(end), PIECE_CLIPS)
        case ["table", folder]:
            movers, pieces, without = judge_pieces(Path(folder))
            print(f"{mover_table(movers)}\n\n{drift_table(pieces)}\n\n{without} clips could not be measured")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
