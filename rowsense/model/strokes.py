"""Strokes: when each one starts, turns and ends, its phases, and whether it counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import PHASES
from rowsense.model._checks import Problems

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One whole stroke, from catch to next catch. Times are sub-frame."""

    index: int
    catch_time_s: float
    finish_time_s: float
    end_time_s: float
    """The next catch."""
    phase_borders_s: tuple[float, ...]
    """len(PHASES) + 1 times, never decreasing: phase i is [borders[i], borders[i + 1])."""
    catch_frame: int
    """Frame number in the file nearest to the catch."""
    seat_catch_time_s: float = np.nan
    """Reversal of the seat at the flywheel end; its lag to the handle's is a fault measure. NaN unknown."""
    onsets_s: dict[str, float] | None = None
    """Named onsets (legs, trunk, arms, hands_away, rock_over, knee_break) -> time; NaN where not found."""
    usable: bool = True
    reason: str = ""
    """Why the stroke is not used; empty when it is."""

    def __post_init__(self) -> None:
        borders = np.asarray(self.phase_borders_s, dtype=float)
        problems = Problems(f"Stroke {self.index}")
        problems.require(
            self.catch_time_s < self.finish_time_s < self.end_time_s,
            "catch, finish and end must follow each other in time",
        )
        problems.shape("phase_borders_s", borders, (len(PHASES) + 1,))
        problems.require(bool(np.all(np.diff(borders) >= 0)), "phase borders must not decrease")
        problems.require(self.usable == (not self.reason), "a stroke has a reason exactly when it is not usable")
        problems.raise_if_any()

    @property
    def drive_s(self) -> float:
        """Catch to finish."""
        return self.finish_time_s - self.catch_time_s

    @property
    def recovery_s(self) -> float:
        """Finish to next catch."""
        return self.end_time_s - self.finish_time_s

    @property
    def rate_spm(self) -> float:
        """Strokes a minute that this stroke's length stands for."""
        return 60.0 / (self.end_time_s - self.catch_time_s)


@dataclass(frozen=True, slots=True)
class StrokeList:
    """All whole strokes of a clip in order of time, and sentences about what was left out at the ends."""

    strokes: tuple[Stroke, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problems = Problems("StrokeList")
        problems.require(
            [s.index for s in self.strokes] == list(range(len(self.strokes))), "strokes must be numbered from 0"
        )
        problems.increasing("catch times", np.array([s.catch_time_s for s in self.strokes]))
        problems.raise_if_any()

    def __len__(self) -> int:
        return len(self.strokes)

    @property
    def usable(self) -> tuple[Stroke, ...]:
        """The strokes that count."""
        return tuple(s for s in self.strokes if s.usable)
