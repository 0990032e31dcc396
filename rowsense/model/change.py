"""The smallest difference that is a clear change: between two phases, strokes or sessions of one rower.

The value that one stroke gives for an angle is off by an error. Part of it is the same in every stroke, since body,
shirt and posture come round again, and no number of strokes averages it out; the rest is fresh in each stroke. What is
detectable with 95 % probability (MDC95) is 1.96 standard errors of the difference, which is 1.96 sqrt(2) SE where both
sides are equally sure [R: Weir 2005, MDC = 1.96 sqrt(2) SEM].
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from rowsense.model._checks import Problems

#: Two-sided 95 % of a normal error.
Z95: Final = 1.96
#: Share of an angle's standard deviation that repeats in every stroke. [D] Measured on simulated rowers whose spine
#: goes the same way in every stroke, as the r with (ten / one)^2 = r^2 + (1 - r^2) / 10, where means of ten strokes and
#: single ones are off by so much: 0.92 (tilt), 0.91 (lumbar) and 0.91 (thoracic) of 57 rowers (``docs/accuracy.md``).
#: Of trunk, legs, arms and changes between phases as much: 0.90 is the median over all of them of 36 others (fault
#: clips 400 to 437, ``rowsense.studies.repeating``), 0.37 where a joint moves fastest to 0.98.
REPEATING_RATIO: Final = 0.9
#: No difference between two sessions under this is a clear change, since camera and clothes differ too. [R] Sessions
#: of worn inclinometers differ by 4.5 to 5.9 deg (minimal detectable change).
BETWEEN_SESSIONS_DEG: Final = 6.0


@dataclass(frozen=True, slots=True)
class StrokeDoubt:
    """How far one stroke's value of an angle may be off, and what follows for differences.

    All results are degrees; NaN where ``sd_deg`` is NaN or a side has no stroke.
    """

    sd_deg: float
    """Standard deviation of one stroke's value, the rower's constant offset taken out; NaN = not known."""
    repeating_ratio: float = REPEATING_RATIO
    """0..1, share of ``sd_deg`` that is the same error in every stroke."""

    def __post_init__(self) -> None:
        problems = Problems("StrokeDoubt")
        problems.require(math.isnan(self.sd_deg) or 0.0 <= self.sd_deg < math.inf, "sd_deg must be finite and >= 0")
        problems.require(0.0 <= self.repeating_ratio <= 1.0, "repeating_ratio must lie in 0..1")
        problems.raise_if_any()

    @property
    def repeating_sd_deg(self) -> float:
        """Of the part that is the same in every stroke."""
        return self.sd_deg * self.repeating_ratio

    @property
    def fresh_sd_deg(self) -> float:
        """Of the part that is another in every stroke."""
        return self.sd_deg * math.sqrt(1.0 - self.repeating_ratio**2)

    def standard_error_deg(self, stroke_count: int) -> float:
        """Of the mean of so many strokes: it falls towards the repeating part, never below."""
        return math.hypot(self.repeating_sd_deg, self.averaged_deg(stroke_count))

    def between_phases_deg(self, stroke_count: int) -> float:
        """Two phases of the same strokes, means of so many each.

        Their postures differ, so the repeating errors are taken as independent and do not cancel, which errs on the
        side of caution: more strokes help only by what they average.
        """
        return Z95 * math.sqrt(2.0) * self.standard_error_deg(stroke_count)

    def between_strokes_deg(self, first_count: int, second_count: int) -> float:
        """The same phase in some strokes and in others of one recording: the repeating error is in both and cancels."""
        return Z95 * math.hypot(self.averaged_deg(first_count), self.averaged_deg(second_count))

    def between_sessions_deg(self, first_count: int, second_count: int) -> float:
        """The same phase in two recordings: nothing cancels, and never under :data:`BETWEEN_SESSIONS_DEG`."""
        both_deg = math.hypot(self.standard_error_deg(first_count), self.standard_error_deg(second_count))
        return detectable_between_sessions(both_deg, BETWEEN_SESSIONS_DEG)

    def averaged_deg(self, stroke_count: int) -> float:
        """Standard error that the fresh part leaves in a mean."""
        if stroke_count < 0:
            raise ValueError(f"StrokeDoubt: a mean of {stroke_count} strokes; give 0 or more")
        return self.fresh_sd_deg / math.sqrt(stroke_count) if stroke_count else math.nan


def detectable_between_sessions(error: float, floor: float) -> float:
    """Smallest difference of means in two recordings, whose standard error is ``error``, that is clear.

    Any unit; never under ``floor``; NaN for NaN.
    """
    return error if math.isnan(error) else max(Z95 * error, floor)
