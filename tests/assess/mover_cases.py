"""Recordings of rowers whose hips tip back, with one of the five that goes before them, after them, or at any time."""

from __future__ import annotations

import numpy as np

from tests.assess.tipping_cases import HEAD, SHOULDERS, TILT, base, judged, moving, tipping

#: Quantity -> (who it is, how far it moves).
WHO = {HEAD: ("head_drops", 16.0), SHOULDERS: ("shoulders_pulled_forward", 0.09)}
KNEES_DEG = 26.0


def clip(seed, quantity=None, lead_s=0.0, fall_deg=18.0, before_s=0.45):
    """The hips tip; the quantity begins ``lead_s`` before them (NaN: anywhere)."""
    rng = np.random.default_rng(seed)
    motion = base(seed % 6 + 1)
    catch_s = motion.events.stroke_end_s
    begin_s, tilt_deg = tipping(motion, rng, before_s=before_s, fall_deg=fall_deg)
    added = {TILT: tilt_deg}
    if quantity is not None:
        other_s = begin_s - lead_s + rng.normal(0.0, 0.03, len(begin_s))
        if np.isnan(lead_s):
            other_s = rng.uniform(-0.95, 0.0, len(begin_s))
        added[quantity] = moving(motion.time_s, catch_s, other_s, WHO[quantity][1], 0.3)
    return judged(motion, added, rng)


def with_knees(seed, lead_s):
    """The simulator's own high knees: the shins pass 78 deg 0.3 s before the catch. The hips begin after that and are
    quick enough to have tipped by the catch."""
    rng = np.random.default_rng(seed)
    motion = base(seed % 6 + 1, knees_deg=KNEES_DEG)
    time_s, shin_deg, catch_s = motion.time_s, motion.angles["shin_deg"], motion.events.stroke_end_s
    passed_s = []
    for c in catch_s:
        k = np.flatnonzero((time_s < c) & (shin_deg >= 78.0))[-1]
        share = (shin_deg[k] - 78.0) / (shin_deg[k] - shin_deg[k + 1])
        passed_s.append(time_s[k] + share * (time_s[k + 1] - time_s[k]) - c)
    begin_s = np.array(passed_s) + lead_s + rng.normal(0.0, 0.02, len(catch_s))
    return judged(motion, {TILT: -moving(time_s, catch_s, begin_s, 18.0, 0.2)}, rng)


def mover(hips, name):
    return next((m for m in hips.movers if m.id == name), None)


def driven(seed, gain):
    rng = np.random.default_rng(seed)
    motion = base(seed % 6 + 1, timing_sd=0.05)
    events = motion.events
    drive_s = events.stroke_finish_s - events.stroke_catch_s
    quick = (drive_s.mean() - drive_s) / drive_s.std()
    begin_s, _ = tipping(motion, rng)
    return judged(motion, {TILT: -moving(motion.time_s, events.stroke_end_s, begin_s, 20.0 + gain * quick)}, rng)
