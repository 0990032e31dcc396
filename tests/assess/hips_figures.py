"""Prints the figures about hips that tip back in docs/conventions.md: ``python -m tests.assess.hips_figures``.

Two minutes on one core. How many recordings of each kind: ``python -m tests.assess.hips_figures 50``.
"""

from __future__ import annotations

import sys

import numpy as np

from tests.assess.mover_cases import WHO, clip, driven, mover, with_knees
from tests.assess.tipping_cases import HEAD, NOISE, SHOULDERS, TILT, at, base, judged, tipping, true_thigh_deg

RECORDINGS = 200
NAMES = (HEAD, SHOULDERS)


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def rounded(found):
    return f"{100.0 * np.mean(found):.1f}"


def named(clips, name):
    """In 100: named first, of all recordings and of those whose hips surely tipped."""
    judged_ones = [h for h in clips if h.movers]
    return (
        f"{rounded([h.first_mover == name for h in clips])} ({rounded([h.first_mover == name for h in judged_ones])})"
    )


def relations(clips, name, relation):
    return rounded([mover(h, name).relation == relation for h in clips if h.movers])


def led(seeds):
    say("named first, in 100 of all (of those with hips that surely tipped in six strokes)")
    for quantity in NAMES:
        name = WHO[quantity][0]
        together = [clip(seed, quantity, 0.0) for seed in seeds]
        say(f"{name} together: before {relations(together, name, 'before')}, with {relations(together, name, 'with')}")
        for lead_s in (0.1, 0.2, 0.3):
            clips = [clip(seed, quantity, lead_s) for seed in seeds]
            say(f"{name} leads by {lead_s}: {named(clips, name)}, before {relations(clips, name, 'before')}")
            lags = [mover(h, name) for h in clips if h.first_mover == name]
            held = rounded([m.lag_low_s <= -lead_s <= m.lag_high_s for m in lags])
            say(f"  lag {np.median([m.lag_s for m in lags]):+.3f} s in the middle, the lead in its interval {held}")
    for lead_s in (0.1, 0.2):
        clips = [with_knees(seed, lead_s) for seed in seeds]
        known = relations(clips, "knees_too_high", "before")
        say(f"knees_too_high leads by {lead_s}: {named(clips, 'knees_too_high')}, before {known}")


def unled(seeds):
    for quantity in NAMES:
        name = WHO[quantity][0]
        for what, lead_s, before_s in (("after by 0.25", -0.25, 0.55), ("at any time", np.nan, 0.45)):
            clips = [clip(seed, quantity, lead_s, before_s=before_s) for seed in seeds]
            say(f"{name} {what}: {named(clips, name)}")
    say(f"knees_too_high after by 0.2: {named([with_knees(seed, -0.2) for seed in seeds], 'knees_too_high')}")
    alone = [clip(seed) for seed in seeds]
    say(f"nobody but the hips: a first mover in {rounded([h.first_mover != '' for h in alone])}")
    for gain in (9.0, 6.0, 4.0, 0.0):
        clips = [driven(seed, gain) for seed in seeds]
        say(f"quicker drives, {gain} deg: {rounded(['pulls_harder' in h.in_time for h in clips])}")


def give_way(seeds):
    errors_s, thigh_deg, knee_deg, single, same_s = [], [], [], [], []
    for motion, begin_s, hips in (tipped(seed) for seed in seeds):
        if hips.give_ways:
            errors_s.append(off(hips, begin_s))
            thigh_deg.append(hips.typical("thigh_deg") - np.median(at(motion, true_thigh_deg(motion), begin_s)))
            knee_deg.append(hips.typical("knee_deg") - np.median(at(motion, motion.angles["knee_deg"], begin_s)))
            one = np.array([(-g.before_catch_s - begin_s[g.stroke], g.time_sd_s) for g in hips.give_ways])
            single.append(one)
            same_s.append(np.nanmean(one[:, 0]))
    thigh, knee = rounded(np.abs(thigh_deg) <= 5.0), rounded(np.abs(knee_deg) <= 5.0)
    say(f"give-way point to 0.1 s {rounded(np.abs(errors_s) <= 0.1)}, thigh to 5 deg {thigh}, knee {knee}")
    error_s, sd_s = np.concatenate(single).T
    say(f"one stroke: stated sd {np.nanmedian(sd_s):.3f} s, errors over it {np.nanstd(error_s / sd_s):.2f} (sd), "
        f"of {np.nanstd(error_s):.3f} s the same in all strokes {np.std(same_s):.3f} s")  # fmt: skip
    errors_s = np.array([off(h, b) for _, b, h in (tipped(s, duration_s=0.8, before_s=0.7) for s in seeds)])
    say(f"over 0.8 s: off by {np.nanmean(errors_s):+.3f} s on average, up to {np.nanmax(np.abs(errors_s)):.2f} s")
    late = [tipped(seed, before_s=0.1)[2] for seed in seeds]
    say(f"0.1 s before the catch: enough strokes in {rounded([bool(h.movers) for h in late])}")


def off(hips, begin_s):
    """Error of the typical give-way time, s, + = late."""
    return -hips.typical("before_catch_s") - np.median(begin_s)


def found(seeds):
    for sd_deg in (5.0, 3.5):
        for fall_deg in (0.0, 14.0, 18.0, 22.0):
            clips = [tipped(seed, sd_deg, fall_deg=fall_deg)[2] for seed in seeds]
            strokes, shown = sum(h.judged_stroke_count for h in clips), sum(len(h.give_ways) for h in clips)
            two, six = rounded([len(h.give_ways) > 1 for h in clips]), rounded([bool(h.movers) for h in clips])
            say(f"sd {sd_deg}, fall {fall_deg}: {shown} of {strokes} strokes, two or more in {two}, six in {six}")
            extents_deg = [h.typical("extent_deg") for h in clips if h.give_ways]
            say(f"  extent {np.mean(extents_deg) if extents_deg else np.nan:.1f}")


def tipped(seed, sd_deg=5.0, **kwargs):
    """Motion, when the hips begin (S,) from each catch, and what was found."""
    rng = np.random.default_rng(seed)
    motion = base(seed % 6 + 1)
    begin_s, tilt_deg = tipping(motion, rng, **{"fall_deg": 18.0} | kwargs)
    return motion, begin_s, judged(motion, {TILT: tilt_deg}, rng, sd_deg=sd_deg, noises=NOISE | {TILT: sd_deg})


def main(arguments):
    seeds = range(int(arguments[0]) if arguments else RECORDINGS)
    for figures in (found, give_way, led, unled):
        figures(seeds)


if __name__ == "__main__":
    main(sys.argv[1:])
