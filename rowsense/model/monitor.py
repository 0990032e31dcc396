"""What the ergometer's monitor recorded, and how its clock lies against the video's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rowsense.model._checks import Problems

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MonitorSeries:
    """(M,) samples in order of time; NaN = not in the file. A rate or power of 0 is a rest."""

    time_s: FloatArray
    """Since the piece began, by the monitor's clock."""
    distance_m: FloatArray
    rate_spm: FloatArray
    power_w: FloatArray
    heart_rate_bpm: FloatArray

    def __post_init__(self) -> None:
        problems = Problems("MonitorSeries")
        for name in self.__slots__:
            problems.shape(name, getattr(self, name), (len(self.time_s),))
        problems.increasing("time_s", self.time_s)
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class MonitorAlignment:
    """Monitor time + ``offset_s`` = video time."""

    offset_s: float
    """NaN: the stroke rate does not tell."""
    low_s: float
    high_s: float
    """Ends of the 95 % interval; NaN: somebody said where the monitor begins."""
    rms_spm: float
    """How far both rates differ then."""
    reason: str = ""
    """Why it is not known; empty where it is."""

    def __post_init__(self) -> None:
        problems = Problems("MonitorAlignment")
        problems.require(math.isnan(self.offset_s) == bool(self.reason), "a reason exactly where it is not known")
        problems.require(not self.low_s > self.offset_s and not self.offset_s > self.high_s, "the interval holds it")
        problems.raise_if_any()


@dataclass(frozen=True, slots=True)
class FilmStrokes:
    """(S,) Strokes of a video that count, in their order; times in the video."""

    number: NDArray[np.int64]
    """From 0, with those that do not count."""
    catch_s: FloatArray
    finish_s: FloatArray
    end_s: FloatArray
    """The catch after each."""

    def __post_init__(self) -> None:
        problems = Problems("FilmStrokes")
        for name in self.__slots__:
            problems.shape(name, getattr(self, name), (len(self.number),))
        problems.require(bool(np.all(np.diff(self.number) > 0)), "strokes come in their order")
        in_order = (self.catch_s < self.finish_s) & (self.finish_s < self.end_s)
        problems.require(bool(in_order.all()), "catch, finish and end follow each other")
        problems.raise_if_any()

    def __len__(self) -> int:
        return len(self.number)

    @property
    def before_s(self) -> FloatArray:
        """(S,) The finish before each: where the stroke before does not count, as long ago as the stroke lasts."""
        before = self.finish_s - (self.end_s - self.catch_s)
        follows = np.flatnonzero(np.diff(self.number) == 1) + 1
        before[follows] = self.finish_s[follows - 1]
        return before

    @property
    def rate_spm(self) -> FloatArray:
        """(S,) From finish to finish, as a monitor has it."""
        return np.asarray(60.0 / (self.finish_s - self.before_s))


def film_strokes(table: Mapping[str, NDArray[Any]]) -> FilmStrokes:
    """From rows of ``strokes.parquet`` that count."""
    return FilmStrokes(
        table["stroke"].astype(np.int64), table["catch_time_s"], table["finish_time_s"], table["end_time_s"]
    )


@dataclass(frozen=True, slots=True)
class MonitorStrokes:
    """(S,) What the monitor said of each stroke of a video; NaN: nothing."""

    rate_spm: FloatArray
    power_w: FloatArray
    distance_m: FloatArray
    """From this catch to the next."""
    pace_s_500m: FloatArray
    """Seconds for 500 m at the mean speed from this catch to the next."""
    heart_rate_bpm: FloatArray

    def __post_init__(self) -> None:
        problems = Problems("MonitorStrokes")
        for name in self.__slots__:
            problems.shape(name, getattr(self, name), (len(self.rate_spm),))
        problems.raise_if_any()

    @property
    def known(self) -> NDArray[np.bool_]:
        """(S,) Whether the monitor saw the stroke."""
        return np.isfinite(self.rate_spm)


def not_aligned(reason: str) -> MonitorAlignment:
    """Nothing is known but why."""
    return MonitorAlignment(math.nan, math.nan, math.nan, math.nan, reason)
