"""Hips that tip back, explained: the strokes in which they do, and what moved before or with them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from rowsense.assess.catalogue import Catalogue
from rowsense.assess.catch_grid import catch_grid
from rowsense.assess.first_mover import MIN_TIPPING, in_strength, in_time, lags_s, moved_in, movers
from rowsense.assess.five import TheFive, find_the_five
from rowsense.assess.give_way import Tipping, find_tipping
from rowsense.model import AngleSeries, GiveWay, HipsAnalysis, SpineReference, Stroke, StrokeList
from rowsense.wording.hips import hips_sentences


def analyse_hips(
    series: AngleSeries, strokes: StrokeList, catalogue: Catalogue, reference: SpineReference | None = None
) -> HipsAnalysis:
    """When the hips tip back in the usable strokes, and which of the five moved before or with them.

    Args:
        series: quantities over time; NaN = not measured.
        strokes: whole strokes in order; those that are not usable are passed over.
        catalogue: limits.
        reference: own zero and range of the spine angles, where they are known.
    """
    found = _analyse(series, strokes.usable, catalogue, reference)
    return replace(found, sentences=hips_sentences(found))


def _analyse(
    series: AngleSeries, usable: tuple[Stroke, ...], catalogue: Catalogue, reference: SpineReference | None
) -> HipsAnalysis:
    grid = catch_grid(usable)
    if grid is None:
        return _nothing(0, 0, "no usable stroke")
    tipping = find_tipping(series, grid, catalogue)
    judged = int(tipping.movement.judged.sum())
    if not judged:
        return _nothing(len(usable), 0, "the pelvis was not seen on the way to the catch in any usable stroke")
    if math.isnan(tipping.sd_deg):
        return _nothing(len(usable), 0, "the measurement error of the pelvic tilt is not known")
    five = find_the_five(series, usable, grid, tipping, catalogue, reference)
    give_ways = _give_ways(usable, tipping, five)
    few = _too_few(len(give_ways), judged, catalogue.timing["give_way_fall_deg"].value)
    found = () if few else movers(tipping, five)
    return HipsAnalysis(
        usable_stroke_count=len(usable),
        judged_stroke_count=judged,
        give_ways=give_ways,
        movers=found,
        movers_reason=few,
        in_time=in_time(found),
        in_strength=in_strength(found),
    )


def _nothing(usable: int, judged: int, reason: str) -> HipsAnalysis:
    return HipsAnalysis(usable, judged, movers_reason=reason, reason=reason)


def _too_few(tipping: int, judged: int, limit_deg: float) -> str:
    if tipping >= MIN_TIPPING:
        return ""
    if not tipping:
        where = "the one stroke" if judged == 1 else f"any of the {judged} strokes"
        far = f"by more than {limit_deg:.0f}° on the way to the catch"
        return f"the hips did not surely tip back {far} in {where} looked at"
    strokes = "1 stroke" if tipping == 1 else f"{tipping} strokes"
    return f"the hips tipped back in {strokes}; it takes {MIN_TIPPING} to say what moved first"


def _give_ways(usable: tuple[Stroke, ...], tipping: Tipping, five: TheFive) -> tuple[GiveWay, ...]:
    fall, lags, moved = tipping.movement, lags_s(tipping, five), moved_in(five)
    return tuple(
        GiveWay(
            stroke=usable[s].index,
            time_s=float(usable[s].end_time_s + fall.begin_s[s]),
            time_sd_s=float(fall.begin_sd_s[s]),
            before_catch_s=float(-fall.begin_s[s]),
            thigh_deg=float(tipping.thigh_deg[s]),
            knee_deg=float(tipping.knee_deg[s]),
            trunk_thigh_deg=float(tipping.trunk_thigh_deg[s]),
            extent_deg=float(fall.size[s]),
            extent_sd_deg=tipping.extent_sd_deg,
            speed_deg_per_s=float(fall.speed[s]),
            recovered_ratio=float(tipping.recovered_ratio[s]),
            lags_s={name: float(lag[s]) for name, lag in lags.items() if moved[name][s]},
        )
        for s in np.flatnonzero(fall.moved)
    )
