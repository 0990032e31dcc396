"""Rhythm and sequence over the usable strokes: medians, their doubt, and all of it in words."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.consistency import robust_sd
from rowsense.assess.piece_strokes import EVENT_SD_S
from rowsense.assess.rhythm_strokes import RhythmStrokes
from rowsense.model import (
    AngleSeries,
    Overlap,
    Pause,
    RhythmAnalysis,
    SegmentDrive,
    Tempo,
    Travel,
    Typical,
)
from rowsense.model.rhythm import DRIVE_PHASES, PAIRS, PAUSE_PLACES, SEGMENTS, water_ratio
from rowsense.wording.rhythm import rhythm_sentences

FloatArray = NDArray[np.float64]

#: Fewest strokes whose spread is given. [D]
MIN_SPREAD_STROKES: Final = 3
#: The sd of a median of n values over that of one, times the root of n: sqrt(pi / 2) of a normal error.
MEDIAN_SD: Final = math.sqrt(math.pi / 2.0)
#: What repeats in every stroke and does not average out, as sds. [D] Root mean square errors of the medians on the two
#: sample videos, through the pose model (tests/integration/test_sample_accuracy.py holds them): of peak speeds and of
#: mean speeds in a phase as a share of the peak, of moments and overlaps as a share of the drive, of lengths in trunks
#: and in legs as a share of themselves, of the seat's share of the handle's travel as it is.
PEAK_REPEATING_RATIO: Final = 0.15
MEAN_REPEATING_RATIO: Final = 0.07
AT_REPEATING_RATIO: Final = 0.04
TRUNK_REPEATING_RATIO: Final = 0.11
LEG_REPEATING_RATIO: Final = 0.025
SEAT_SHARE_REPEATING_RATIO: Final = 0.02
#: Thigh and shank together over the height of the body [R: Drillis and Contini 1966, as in Winter 2009: thigh 0.245,
#: shank 0.246; de Leva 1996 has 0.2425 and 0.2493 for men].
LEG_HEIGHT_RATIO: Final = 0.491
#: sd of that from person to person, and of what is seen of the legs in the picture, together. [D] Leg shares of people
#: of one height differ by 3 to 4 %; a wrong height of 2 cm is 1 %.
SCALE_SD_RATIO: Final = 0.045


def analyse_rhythm(
    series: AngleSeries, strokes: RhythmStrokes, height_cm: float | None = None
) -> RhythmAnalysis | None:
    """Rhythm and sequence; None without a usable stroke.

    Args:
        series: where the body's lengths in the picture come from.
        strokes: the usable ones.
        height_cm: the rower's; None: no length in metres.
    """
    if not len(strokes):
        return None
    segments = tuple(_segment(strokes.values, name) for name in SEGMENTS)
    order, in_order, of = _peak_order(strokes.values, segments)
    found = RhythmAnalysis(
        usable_stroke_count=len(strokes),
        segments=segments,
        overlaps=tuple(
            Overlap(a, b, typical(strokes.values[f"{a}_{b}_overlap_ratio"], AT_REPEATING_RATIO)) for a, b in PAIRS
        ),
        peak_order=order,
        peak_order_count=in_order,
        peak_order_of=of,
        travel=_travel(series, strokes.values, height_cm),
        tempo=_tempo(strokes),
        pauses=tuple(_pause(strokes, place) for place in PAUSE_PLACES),
    )
    return replace(found, sentences=rhythm_sentences(found))


def typical(values: FloatArray, repeating: float = 0.0, of_itself: float = 0.0) -> Typical:
    """Median of what was measured, with its doubt.

    Args:
        values: (U,) NaN = not measured.
        repeating: sd of what is the same in every stroke.
        of_itself: the same as a share of the median.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return Typical()
    median = float(np.median(known))
    if known.size < MIN_SPREAD_STROKES:
        return Typical(median, stroke_count=int(known.size))
    spread = robust_sd(known)
    fresh = MEDIAN_SD * spread / math.sqrt(known.size)
    return Typical(median, spread, math.hypot(fresh, repeating, of_itself * median), int(known.size))


def _segment(values: dict[str, FloatArray], name: str) -> SegmentDrive:
    peak = typical(values[f"{name}_peak_deg_per_s"], of_itself=PEAK_REPEATING_RATIO)
    repeating = MEAN_REPEATING_RATIO * peak.median if peak.known else math.nan
    at = (typical(values[f"{name}_{what}_at_ratio"], AT_REPEATING_RATIO) for what in ("peak", "begin", "end"))
    speeds = {phase: typical(values[f"{name}_speed_deg_per_s_{phase}"], repeating) for phase in DRIVE_PHASES}
    return SegmentDrive(name, speeds, peak, *at)


def _peak_order(values: dict[str, FloatArray], segments: tuple[SegmentDrive, ...]) -> tuple[tuple[str, ...], int, int]:
    """Who peaks first, in how many strokes it is so, and of how many."""
    measured = [s for s in segments if s.peak_at_ratio.known]
    order = tuple(s.segment for s in sorted(measured, key=lambda s: s.peak_at_ratio.median))
    if len(order) < 2:
        return order, 0, 0
    at = np.stack([values[f"{name}_peak_at_ratio"] for name in order])
    seen = np.isfinite(at).all(axis=0)
    return order, int((np.diff(at[:, seen], axis=0) >= 0.0).all(axis=0).sum()), int(seen.sum())


def _travel(series: AngleSeries, values: dict[str, FloatArray], height_cm: float | None) -> Travel:
    found = Travel(
        trunk_px=series.trunk_px,
        leg_px=series.leg_px,
        handle_trunk_ratio=typical(values["handle_travel_trunk_ratio"], of_itself=TRUNK_REPEATING_RATIO),
        handle_leg_ratio=typical(values["handle_travel_leg_ratio"], of_itself=LEG_REPEATING_RATIO),
        seat_trunk_ratio=typical(values["seat_travel_trunk_ratio"], of_itself=TRUNK_REPEATING_RATIO),
        seat_handle_ratio=typical(values["seat_handle_travel_ratio"], SEAT_SHARE_REPEATING_RATIO),
    )
    if height_cm is None or not found.handle_leg_ratio.known:
        return found
    leg_m = LEG_HEIGHT_RATIO * height_cm / 100.0
    handle_m, seat_m = (
        typical(leg_m * values[f"{name}_travel_leg_ratio"], of_itself=math.hypot(SCALE_SD_RATIO, LEG_REPEATING_RATIO))
        for name in ("handle", "seat")
    )
    return replace(
        found,
        scale="height",
        height_m=height_cm / 100.0,
        scale_sd_ratio=SCALE_SD_RATIO,
        handle_m=handle_m,
        seat_m=seat_m,
    )


def _tempo(strokes: RhythmStrokes) -> Tempo:
    ratio = strokes.values["recovery_drive_ratio"]
    rate, drive_s = typical(strokes.rate_spm), float(np.median(strokes.drive_s))
    # A drive that is too long by dt leaves the recovery shorter by dt: d ratio = -(1 + ratio) dt / drive.
    repeating = (1.0 + float(np.median(ratio))) * EVENT_SD_S / drive_s
    return Tempo(rate, typical(ratio, repeating), water_ratio(rate.median))


def _pause(strokes: RhythmStrokes, place: str) -> Pause:
    rests = strokes.rests[place]
    paused = rests.slow_s[rests.pauses]
    return Pause(
        place=place,
        slow_s=typical(rests.slow_s, EVENT_SD_S),
        limit_s=float(np.median(rests.limit_s)),
        strokes=tuple(int(i) for i in strokes.index[rests.pauses]),
        pause_s=float(np.median(paused)) if paused.size else math.nan,
    )
