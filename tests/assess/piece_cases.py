"""Pieces whose drift, spread and steps are known, with the noise of one stroke as the detectable change has it.

Half of it repeats: the fresh part then is as large as what strokes of a rower differ by, 4.3 deg, and the limits show.
"""

from __future__ import annotations

import numpy as np

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.drift import POSTURE
from rowsense.assess.piece_strokes import DRIVE, EVENT_SD_S, RATE, SEAT_LAG, PieceStrokes, Quantity
from rowsense.model import StrokeDoubt

DOUBT = StrokeDoubt(5.0, repeating_ratio=0.5)
EVENTS_SD_S = np.sqrt(2.0) * EVENT_SD_S
TILT, LUMBAR = "pelvic_tilt_deg_catch", "lumbar_flexion_deg_catch"
OTHER_POSTURE = ("trunk_lean_deg_catch", "shin_deg_catch")


def stroke_times(minutes=10.0, rate_spm=24.0, rate_sd_spm=0.3, seed=0):
    """(S,) catches in minutes and rates. ``rate_spm``: a number, or the rate as a function of the minute."""
    rng = np.random.default_rng(seed)
    at_min, catches, rates = 0.0, [], []
    while at_min < minutes:
        rate = (rate_spm(at_min) if callable(rate_spm) else rate_spm) + rng.normal(0.0, rate_sd_spm)
        catches.append(at_min)
        rates.append(rate)
        at_min += 1.0 / rate
    return np.array(catches), np.array(rates)


def noise(count, rng, doubt=DOUBT):
    """(S,) error of every stroke: one part that repeats, one that is fresh."""
    return rng.normal(0.0, doubt.repeating_sd_deg) + rng.normal(0.0, doubt.fresh_sd_deg, count)


def make_piece(time_min, rate_spm, rng, values=None, score=None, doubt=DOUBT):
    """Nothing changes except in ``values`` (name -> (S,), with measurement error in them)."""
    count, catalogue = len(time_min), load_catalogue()
    quantities = {
        name: Quantity(name, metric.unit, np.full(count, np.nan), np.nan) for name, metric in catalogue.metrics.items()
    }
    for name in (*POSTURE, *OTHER_POSTURE):
        quantities[name] = Quantity(name, "deg", noise(count, rng, doubt), doubt.fresh_sd_deg)
    for name, level in ((DRIVE, 0.9), (SEAT_LAG, 0.03)):
        quantities[name] = Quantity(name, "s", level + rng.normal(0.0, EVENTS_SD_S, count), EVENTS_SD_S)
    quantities[RATE] = Quantity(RATE, "spm", rate_spm, 0.14)
    for name, value in (values or {}).items():
        old = quantities[name]
        quantities[name] = Quantity(name, old.unit, np.asarray(value, dtype=float), old.fresh_sd)
    return PieceStrokes(
        index=np.arange(count),
        time_min=time_min,
        rate_spm=rate_spm,
        duration_min=float(time_min[-1] + 1.0 / rate_spm[-1]) if count else 0.0,
        quantities=quantities,
        score=np.full(count, np.nan) if score is None else score,
    )
