"""Rhythm and sequence, made up: everything measured once."""

from __future__ import annotations

from rowsense.model import Overlap, Pause, RhythmAnalysis, SegmentDrive, Tempo, Travel, Typical
from rowsense.model.rhythm import DRIVE_PHASES


def typical(median: float, spread: float = 0.02, sd: float = 0.04, strokes: int = 19) -> Typical:
    return Typical(median, spread, sd, strokes)


def segment(name: str, peak_deg_per_s: float, at: float) -> SegmentDrive:
    speeds = {phase: typical(0.5 * peak_deg_per_s, 5.0, 14.0) for phase in DRIVE_PHASES}
    return SegmentDrive(
        name, speeds, typical(peak_deg_per_s, 8.0, 30.0), typical(at), typical(at - 0.2), typical(at + 0.2)
    )


LEGS, TRUNK, ARMS = segment("legs", 220.0, 0.45), segment("trunk", 95.0, 0.62), segment("arms", 300.0, 0.80)
TRAVEL = Travel(160.0, 330.0, typical(2.5), typical(1.21), typical(1.2), typical(0.47))
METRES = Travel(
    160.0, 330.0, typical(2.5), typical(1.21), typical(1.2), typical(0.47),
    "height", 1.8, 0.045, typical(1.25, 0.02, 0.06), typical(0.6, 0.01, 0.03),
)  # fmt: skip
RHYTHM = RhythmAnalysis(
    usable_stroke_count=19,
    segments=(LEGS, TRUNK, ARMS),
    overlaps=(Overlap("legs", "trunk", typical(0.23)), Overlap("trunk", "arms", typical(-0.05))),
    peak_order=("legs", "trunk", "arms"),
    peak_order_count=17,
    peak_order_of=19,
    travel=TRAVEL,
    tempo=Tempo(typical(25.0, 0.3, 0.1), typical(1.67), 1.24),
    pauses=(
        Pause("finish", typical(0.19), 0.17, tuple(range(12)), 0.21),
        Pause("catch", typical(0.1), 0.2, (4,), 0.22),
    ),
    sentences=("Where each is fastest in the drive: legs at 45 %.", "The handle pauses."),
)
