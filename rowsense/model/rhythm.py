"""Rhythm and sequence: how fast legs, trunk and arms move in the drive, how they follow each other, handle and seat
along the rail, drive against recovery, and rests of the handle.

A speed is + in the direction of the drive: the knee opens, the trunk leans back, the elbow bends. A moment in the drive
is its share of the drive's time, 0 = catch, 1 = finish. NaN = not measured. Nothing here is a fault.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from rowsense.conventions import PHASES
from rowsense.model._checks import Problems

#: Segment -> the angle that shows it, and the sign that makes the drive's direction +.
SEGMENT_ANGLES: Final = {"legs": ("knee_deg", 1.0), "trunk": ("trunk_lean_deg", -1.0), "arms": ("elbow_deg", -1.0)}
SEGMENTS: Final = tuple(SEGMENT_ANGLES)
DRIVE_PHASES: Final = PHASES[:3]
#: Peaks closer than this share of the drive are not put in order. [D] Two sds of the difference of two peaks: on the
#: two sample videos the landmarks moved one peak against the next by 0.05 (rms).
TOGETHER_RATIO: Final = 0.10
#: Two segments that follow each other.
PAIRS: Final = (("legs", "trunk"), ("trunk", "arms"))
#: Where the handle may rest.
PAUSE_PLACES: Final = ("finish", "catch")
#: A pause is spoken of where this share of the strokes have one. [D] Single ones are noise of the hands' landmarks: on
#: a sample video without any 1 stroke of 8 was slow for 0.21 s before the catch.
SPOKEN_RATIO: Final = 0.25
#: Drive time of a single scull on the water: so long at 36 strokes a minute, and so much longer for each stroke a
#: minute less [R: BioRow, Rowing Biomechanics Newsletter 71]. Read for these rates.
WATER_RATE_SPM: Final = (18.0, 36.0)
WATER_DRIVE_S: Final = 0.91
WATER_DRIVE_PER_SPM_S: Final = -0.015


def water_ratio(rate_spm: float) -> float:
    """Recovery time over drive time of a single scull on the water at this rate; NaN where the line does not reach.

    [D] The recovery is what the drive leaves of the stroke.
    """
    low, high = WATER_RATE_SPM
    if not low <= rate_spm <= high:
        return math.nan
    drive_s = WATER_DRIVE_S + WATER_DRIVE_PER_SPM_S * (rate_spm - high)
    return 60.0 / rate_spm / drive_s - 1.0


@dataclass(frozen=True, slots=True)
class Typical:
    """One number over the usable strokes in which it was measured."""

    median: float = math.nan
    spread: float = math.nan
    """Robust standard deviation from stroke to stroke; NaN under three strokes."""
    sd: float = math.nan
    """How far the median may be off: what is fresh in each stroke averages out, what repeats does not."""
    stroke_count: int = 0

    def __post_init__(self) -> None:
        problems = Problems("Typical")
        problems.require(self.stroke_count >= 0, "stroke_count must not be negative")
        problems.require(
            (self.stroke_count == 0) == math.isnan(self.median), "a median exactly where strokes were seen"
        )
        problems.require(not self.spread < 0.0 and not self.sd < 0.0, "spread and sd must not be negative")
        problems.raise_if_any()

    @property
    def known(self) -> bool:
        """Whether it was measured in any stroke."""
        return self.stroke_count > 0


@dataclass(frozen=True, slots=True)
class SegmentDrive:
    """Legs, trunk or arms in the drive."""

    segment: str
    speed_deg_per_s: dict[str, Typical]
    """Mean angular speed in each of :data:`DRIVE_PHASES`."""
    peak_deg_per_s: Typical = field(default_factory=Typical)
    peak_at_ratio: Typical = field(default_factory=Typical)
    begin_at_ratio: Typical = field(default_factory=Typical)
    """Where the stroke's onset of that name lies."""
    end_at_ratio: Typical = field(default_factory=Typical)

    def __post_init__(self) -> None:
        problems = Problems(f"SegmentDrive {self.segment}")
        problems.require(self.segment in SEGMENTS, "it must be legs, trunk or arms")
        problems.require(tuple(self.speed_deg_per_s) == DRIVE_PHASES, "speeds must be of the three drive phases")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class Overlap:
    """How long two segments move together, as a share of the drive."""

    first: str
    second: str
    ratio: Typical
    """- = a gap: the second begins so long after the first has ended."""

    def __post_init__(self) -> None:
        problems = Problems("Overlap")
        problems.require((self.first, self.second) in PAIRS, "it must be of two neighbours")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class Travel:
    """Handle and seat along the rail from catch to finish."""

    trunk_px: float
    """Trunk length that the ratios are of, source pixels; NaN where it is not known."""
    leg_px: float
    """Thigh and shank together."""
    handle_trunk_ratio: Typical
    """Stroke length in trunk lengths."""
    handle_leg_ratio: Typical
    seat_trunk_ratio: Typical
    seat_handle_ratio: Typical
    """Seat travel over handle travel."""
    scale: str = ""
    """``height``: metres come from the rower's height. Empty: no scale is known."""
    height_m: float = math.nan
    scale_sd_ratio: float = math.nan
    """Of the scale alone: every length in metres is off by the same share of itself."""
    handle_m: Typical = field(default_factory=Typical)
    seat_m: Typical = field(default_factory=Typical)

    def __post_init__(self) -> None:
        problems = Problems("Travel")
        problems.require(self.scale in ("", "height"), f"unknown scale {self.scale!r}")
        scaled = math.isfinite(self.height_m) and math.isfinite(self.scale_sd_ratio)
        problems.require(scaled == bool(self.scale), "a scale has a height and its doubt, and nothing else has")
        problems.require(bool(self.scale) or not self.handle_m.known, "metres need a scale")
        problems.raise_if_any()

    @property
    def metres_per_trunk(self) -> float:
        """NaN without a scale."""
        return self.handle_m.median / self.handle_trunk_ratio.median


@dataclass(frozen=True, slots=True)
class Tempo:
    """Recovery against drive at this rate."""

    rate_spm: Typical
    recovery_drive_ratio: Typical
    water_ratio: float
    """:func:`water_ratio` at the median rate, as context."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The handle around the finish, or on the last way to the catch."""

    place: str
    slow_s: Typical
    """How long it is slow."""
    limit_s: float
    """Slow for longer than this in a stroke is a pause: median over the strokes."""
    strokes: tuple[int, ...]
    """Numbers of the strokes with a pause."""
    pause_s: float
    """Median time that it is slow in these; NaN in none."""

    def __post_init__(self) -> None:
        problems = Problems(f"Pause at the {self.place}")
        problems.require(self.place in PAUSE_PLACES, "it must be at the finish or the catch")
        problems.require(len(self.strokes) <= self.slow_s.stroke_count, "strokes with a pause are measured ones")
        problems.require(bool(self.strokes) != math.isnan(self.pause_s), "a pause has a length")
        problems.raise_if_any()

    @property
    def shows(self) -> bool:
        """Whether enough of the strokes have one to speak of it."""
        return bool(self.strokes) and len(self.strokes) >= SPOKEN_RATIO * self.slow_s.stroke_count


@dataclass(frozen=True, slots=True)
class RhythmAnalysis:
    """Rhythm and sequence over the usable strokes, one at least."""

    usable_stroke_count: int
    segments: tuple[SegmentDrive, ...]
    """In the order of :data:`SEGMENTS`."""
    overlaps: tuple[Overlap, ...]
    """In the order of :data:`PAIRS`."""
    peak_order: tuple[str, ...]
    """Segments by their typical peak, the earliest first; those that were not measured are missing."""
    peak_order_count: int
    """Strokes whose own peaks are in this order, of those in which all of them were measured."""
    peak_order_of: int
    travel: Travel
    tempo: Tempo
    pauses: tuple[Pause, ...]
    """In the order of :data:`PAUSE_PLACES`."""
    sentences: tuple[str, ...] = ()
    """All of it in plain words."""

    def __post_init__(self) -> None:
        problems = Problems("RhythmAnalysis")
        problems.require(self.usable_stroke_count > 0, "without a usable stroke there is no rhythm")
        problems.require(tuple(s.segment for s in self.segments) == SEGMENTS, "segments must be legs, trunk, arms")
        problems.require(tuple((o.first, o.second) for o in self.overlaps) == PAIRS, "overlaps must be of both pairs")
        problems.require(tuple(p.place for p in self.pauses) == PAUSE_PLACES, "pauses must be of both places")
        measured = sorted(s.segment for s in self.segments if s.peak_at_ratio.known)
        problems.require(sorted(self.peak_order) == measured, "peak_order holds what was measured")
        counts = 0 <= self.peak_order_count <= self.peak_order_of <= self.usable_stroke_count
        problems.require(counts, "counts of the order must not fall")
        problems.raise_if_any()

    def segment(self, name: str) -> SegmentDrive:
        """Legs, trunk or arms."""
        return self.segments[SEGMENTS.index(name)]

    @property
    def peak_groups(self) -> tuple[tuple[str, ...], ...]:
        """``peak_order`` with those together that lie within :data:`TOGETHER_RATIO` of the one before."""
        groups: list[list[str]] = [[name] for name in self.peak_order[:1]]
        for before, name in pairwise(self.peak_order):
            apart = self.segment(name).peak_at_ratio.median - self.segment(before).peak_at_ratio.median
            if apart < TOGETHER_RATIO:
                groups[-1].append(name)
            else:
                groups.append([name])
        return tuple(tuple(group) for group in groups)
