"""Two groups of strokes held against each other: of one recording, or of two.

Values have the unit that stands beside them; a difference is second minus first. NaN = not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, SIDE_JOINTS
from rowsense.model._checks import Problems

FloatArray = NDArray[np.float64]

#: ``shared``: one recording, so one zero. ``calibrated``: each side has its own calibrated zero. ``level_out``: two
#: zeros that nothing ties together, so of pelvis and spine each side's own mean over the stroke is taken out.
ZEROS: Final = ("shared", "calibrated", "level_out")


@dataclass(frozen=True, slots=True)
class Side:
    """Which strokes stand on one side."""

    name: str
    """As in a sentence: ``strokes 1–10``, ``the best strokes (3, 5, 8)``."""
    strokes: tuple[int, ...]
    """Stroke numbers, from 0, all usable; in order."""
    picked_by_score: bool = False

    def __post_init__(self) -> None:
        problems = Problems(f"Side {self.name}")
        problems.require(bool(self.name), "a side needs a name")
        problems.require(bool(self.strokes), "a side needs a stroke")
        problems.require(all(a < b for a, b in zip(self.strokes, self.strokes[1:], strict=False)), "strokes in order")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class Contrast:
    """One quantity on both sides."""

    quantity: str
    """An angle, a metric of the catalogue, or ``rate_spm``, ``drive_s``, ``recovery_drive_ratio``."""
    phase: str
    """Empty where the quantity belongs to the whole stroke."""
    unit: str
    first: float
    """Mean over the strokes in which it was measured."""
    second: float
    first_sd: float
    """Standard deviation from stroke to stroke; NaN for fewer than two."""
    second_sd: float
    first_count: int
    second_count: int
    detectable_change: float
    """Smallest difference that the measurement can tell; NaN where its error is not known."""
    probability: float
    """Of so large a difference by chance; NaN where it is not judged."""
    clear: bool = False
    """Over ``detectable_change``, and not of the kind that chance brings where so much is compared."""

    def __post_init__(self) -> None:
        problems = Problems(f"Contrast {self.quantity} {self.phase}".strip())
        problems.require(self.first_count >= 0 and self.second_count >= 0, "counts must not be negative")
        judged = abs(self.difference) > self.detectable_change and self.probability <= 1.0
        problems.require(judged or not self.clear, "a clear change is one that was judged and can be told")
        problems.raise_if_any()

    @property
    def difference(self) -> float:
        """Second minus first."""
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that was compared."""

    first: Side
    second: Side
    zero: str
    """One of :data:`ZEROS`."""
    phases: tuple[Contrast, ...]
    """Angle by angle, each in the order of the stroke."""
    times: tuple[Contrast, ...]
    metrics: tuple[Contrast, ...]
    levels: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Angle -> mean over the stroke of each side that was taken out, degrees; empty where none was."""
    same_rower: bool = True
    notes: tuple[str, ...] = ()
    """Sentences about what the comparison can and cannot say."""

    def __post_init__(self) -> None:
        problems = Problems("Comparison")
        problems.require(self.zero in ZEROS, f"unknown zero {self.zero!r}")
        problems.require(bool(self.levels) <= (self.zero == "level_out"), "levels are taken out only of loose zeros")
        problems.raise_if_any()

    @property
    def one_session(self) -> bool:
        """Whether both sides are of one recording."""
        return self.zero == "shared"

    @property
    def all(self) -> tuple[Contrast, ...]:
        """Every contrast."""
        return (*self.phases, *self.times, *self.metrics)


@dataclass(frozen=True, slots=True)
class Posture:
    """Mean body of one side at one moment, in the canonical side view: flywheel at +x, y up.

    Lengths are the rower's own trunk lengths (shoulder to hip, median of the recording), counted from the hip.
    """

    moment: str
    """``catch``, ``finish``, or the phase in whose middle it is."""
    joints: dict[str, FloatArray]
    """Near-side joint -> (2,); NaN = not seen in enough strokes."""
    back_xy: FloatArray
    """(64, 2) back line from seat to neck; NaN = not seen in enough strokes."""

    def __post_init__(self) -> None:
        problems = Problems(f"Posture {self.moment}")
        problems.require(set(self.joints) == set(SIDE_JOINTS), f"joints must be {', '.join(SIDE_JOINTS)}")
        problems.shape("back_xy", self.back_xy, (BACK_POINT_COUNT, 2))
        problems.raise_if_any()
