"""A rower's own zero and own range, and where they come from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from rowsense.model._checks import Problems


@dataclass(frozen=True, slots=True)
class AngleRange:
    """Two postures of one angle: the neutral one (0 %) and the one at the far end (100 %). Degrees."""

    neutral_deg: float
    neutral_sd_deg: float
    end_deg: float
    end_sd_deg: float

    def __post_init__(self) -> None:
        problems = Problems("AngleRange")
        for name in self.__slots__:
            problems.require(math.isfinite(getattr(self, name)), f"{name} must be a number")
        problems.require(self.neutral_sd_deg >= 0 and self.end_sd_deg >= 0, "standard deviations must not be negative")
        problems.require(self.neutral_deg != self.end_deg, "neutral and end must differ")
        problems.raise_if_any()

    @property
    def width_deg(self) -> float:
        """From neutral to the far end; + where the angle grows on the way."""
        return self.end_deg - self.neutral_deg

    @property
    def width_sd_deg(self) -> float:
        """Standard deviation of the width: the two postures err apart from each other."""
        return math.hypot(self.neutral_sd_deg, self.end_sd_deg)

    def from_neutral(self) -> AngleRange:
        """The same range with its neutral posture as the zero."""
        return AngleRange(0.0, self.neutral_sd_deg, self.width_deg, self.end_sd_deg)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What one posing clip says about one rower, in the estimator's own degrees (no zero taken off)."""

    athlete: str
    made_at: datetime
    """With its time zone."""
    video_name: str
    video_sha256: str
    rowsense_version: str
    estimator: str
    """Which estimator measured it; angles of another one have another zero."""
    pelvic_tilt: AngleRange
    """Tall sitting to full slump: falls."""
    lumbar_flexion: AngleRange
    """Tall sitting to full slump: grows."""
    thoracic_tall_deg: float
    """Thoracic flexion when sitting tall."""
    thoracic_tall_sd_deg: float
    tall_count: int
    """How often each posture was held."""
    slump_count: int
    hinge_count: int
    notes: tuple[str, ...] = ()
    """Sentences about what could have been better."""
    head_trunk_tall_deg: float = math.nan
    """Head against trunk when sitting tall; NaN where it was not seen, and in calibrations made before it was kept."""
    head_trunk_tall_sd_deg: float = math.nan

    def __post_init__(self) -> None:
        problems = Problems("Calibration")
        problems.require(bool(self.athlete.strip()), "athlete must have a name")
        problems.require(self.made_at.tzinfo is not None, "made_at must have a time zone")
        for name in ("video_name", "video_sha256", "rowsense_version", "estimator"):
            problems.require(bool(getattr(self, name)), f"{name} must not be empty")
        problems.require(self.pelvic_tilt.width_deg < 0, "the pelvis must tip back from tall to slump")
        problems.require(self.lumbar_flexion.width_deg > 0, "the low back must round from tall to slump")
        known = math.isfinite(self.thoracic_tall_deg) and self.thoracic_tall_sd_deg >= 0
        problems.require(known, "thoracic_tall_deg must be a number with a standard deviation")
        head_known = math.isfinite(self.head_trunk_tall_deg), self.head_trunk_tall_sd_deg >= 0
        problems.require(head_known[0] == head_known[1], "head_trunk_tall_deg goes with a standard deviation")
        problems.require(min(self.tall_count, self.slump_count) >= 1, "tall and slump must be held at least once")
        problems.raise_if_any()
