"""Simulated rowers whose hips tip back at a known time, and one of the five with them, with the noise of a recording.

The simulator's own dials move head, shoulders and pelvis on fixed curves of the recovery, so none of them can lead by a
chosen time. What moves is therefore laid over a simulated motion that does not tip: from rest to rest, at times that
are known. Only the knees are the simulator's own (``knees_too_high_deg``).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.hips import analyse_hips
from rowsense.conventions import ANGLE_SD_NAMES
from rowsense.kernels.smoothing import lowpass
from rowsense.model import AngleSeries, Stroke, StrokeList
from rowsense.simulate.curves import ease
from rowsense.simulate.motion import FaultDials, MotionSpec, SpineSpec, simulate_motion


def with_the_shoulders(catalogue):
    return replace(catalogue, faults=tuple(replace(fault, unseen="", untimed="") for fault in catalogue.faults))


#: The shoulders too, which the built-in catalogue does not judge: what is tested is the order of movements.
CATALOGUE = with_the_shoulders(load_catalogue())
TILT, HEAD, SHOULDERS = "pelvic_tilt_deg", "head_trunk_deg", "shoulder_protraction_ratio"
#: What is drawn for every stroke apart from the pose moves the shoulders' line with the pelvis.
STILL = SpineSpec(
    tilt_wander_sd_deg=0.0, lumbar_wander_sd_deg=0.0, ripple_sd_deg=0.0, neck_wander_sd_deg=0.0,
    protraction_wander_sd_m=0.0,
)  # fmt: skip
#: A tenth of a movement from rest to rest is done after this share of its time: there it begins.
TENTH = 0.2466
#: Standard deviation of a single frame; 55 % of its variance is slow (docs/faults.md).
NOISE = {TILT: 5.0, HEAD: 4.0, SHOULDERS: 0.02, "shin_deg": 2.0, "knee_deg": 3.0, "knee_above_hip_ratio": 0.02}
SLOW = 0.55
#: Share of the slow variance that repeats in every stroke. Of the pelvis so much that nine tenths of the sd of a
#: stroke's value over 0.1 s do, as measured (:data:`rowsense.model.change.REPEATING_RATIO`); test_tipping_cases.py
#: holds it to that. Of the landmarks half, which is two thirds of such an sd: not measured, and more than the half of
#: the sd that the analysis takes.
PELVIS_REPEATS, LANDMARK_REPEATS = 0.9, 0.5


@lru_cache(maxsize=16)
def base(seed=1, knees_deg=0.0, timing_sd=0.012, still=False):
    """45 s at 25 a minute; ``still``: 90 s of strokes that are all the same but for their timing."""
    spec = MotionSpec(
        seed=seed, duration_s=90.0 if still else 45.0, rate_spm=25.0, timing_sd_ratio=timing_sd,
        spine=STILL if still else SpineSpec(), faults=FaultDials(knees_too_high_deg=knees_deg),
    )  # fmt: skip
    return simulate_motion(spec)


def strokes_of(motion, unusable=()):
    events = motion.events
    return StrokeList(
        tuple(
            Stroke(
                index=i,
                catch_time_s=float(events.stroke_catch_s[i]),
                finish_time_s=float(events.stroke_finish_s[i]),
                end_time_s=float(events.stroke_end_s[i]),
                phase_borders_s=tuple(events.borders_s[i]),
                catch_frame=round(float(events.stroke_catch_s[i]) * motion.spec.fps),
                usable=i not in unusable,
                reason="hidden" if i in unusable else "",
            )
            for i in range(len(events))
        )
    )


def moving(time_s, catch_s, begin_s, size, duration_s=0.35):
    """(T,) a movement that a tenth is done of ``begin_s`` (S,) after each catch (- = before), gone again in the drive.

    ``size``: a number or (S,).
    """
    out = np.zeros(len(time_s))
    for catch, begin, far in zip(catch_s, np.broadcast_to(begin_s, len(catch_s)),
                                 np.broadcast_to(size, len(catch_s)), strict=True):  # fmt: skip
        here = slice(*np.searchsorted(time_s, (catch - 1.5, catch + 0.8)))
        since_s = time_s[here] - catch
        there = ease((since_s - begin + TENTH * duration_s) / duration_s)
        out[here] += far * there * (1.0 - ease((since_s - 0.12) / 0.3))
    return out


def periodic(rng, phase):
    """Smooth, the same in every stroke, sd 1: five harmonics."""
    k = np.arange(1, 6)
    weight = (1.0 / k) / np.sqrt(np.sum(1.0 / k**2))
    both = (rng.normal(size=5) - 1j * rng.normal(size=5)) * weight
    turn = np.exp(2j * np.pi * phase)
    return np.polyval([*both[::-1], 0.0], turn).real


def noise(rng, motion, sd, repeats):
    """(T,) quick, slow and fresh, and repeating with the stroke: this share of what is slow."""
    time_s, catches = motion.time_s, motion.events.catch_s
    phase = np.interp(time_s, catches, np.arange(len(catches)))
    quick = lowpass(time_s, rng.normal(0.0, sd * np.sqrt(1.0 - SLOW), len(time_s)), 3.0)
    width = np.exp(-0.5 * (np.arange(-60, 61) / (0.35 * motion.spec.fps)) ** 2)
    slow = np.convolve(rng.normal(size=len(time_s) + 120), width / np.sqrt(np.sum(width**2)), "valid")
    mixed = np.sqrt(repeats) * periodic(rng, phase) + np.sqrt(1.0 - repeats) * slow
    return quick + sd * np.sqrt(SLOW) * mixed


def repeats_of(name):
    return PELVIS_REPEATS if name == TILT else LANDMARK_REPEATS


def series_of(motion, added=None, rng=None, sd_deg=5.0, noises=NOISE):
    """``added``: quantity -> (T,)."""
    values = {name: value + (added or {}).get(name, 0.0) for name, value in motion.angles.items()}
    if rng is not None:
        values |= {name: values[name] + noise(rng, motion, sd, repeats_of(name)) for name, sd in noises.items()}
        values[TILT] = lowpass(motion.time_s, values[TILT], 3.0)
    values |= {name: np.full(len(motion.time_s), sd_deg) for name in ANGLE_SD_NAMES}
    handle, seat = motion.joints.wrist[:, 0] * 330.0, motion.joints.hip[:, 0] * 330.0
    return AngleSeries(motion.time_s, values, handle, seat, np.ones(len(motion.time_s)))


def judged(motion, added, rng, reference=None, unusable=(), **kwargs):
    return analyse_hips(series_of(motion, added, rng, **kwargs), strokes_of(motion, unusable), CATALOGUE, reference)


def tipping(motion, rng, before_s=0.45, fall_deg=14.0, jitter_s=0.03, duration_s=0.35):
    """When the hips begin, (S,) from each catch, and what is added to the tilt."""
    catch_s = motion.events.stroke_end_s
    begin_s = -before_s + rng.normal(0.0, jitter_s, len(catch_s))
    return begin_s, -moving(motion.time_s, catch_s, begin_s, fall_deg, duration_s)


def at(motion, quantity, begin_s):
    """(S,) a quantity (T,) at these times from the catches."""
    return np.interp(motion.events.stroke_end_s + begin_s, motion.time_s, quantity)


def true_thigh_deg(motion):
    return np.degrees(np.arcsin(motion.angles["knee_above_hip_ratio"]))
