"""The slow, obvious twin of the scoring kernels: lists and loops, nothing shared with them but the definitions."""

from __future__ import annotations

import math
from statistics import fmean

NAN = float("nan")


def finite(values):
    return [v for v in values if not math.isnan(v)]


def mean(values):
    kept = finite(values)
    return fmean(kept) if kept else NAN


def between(times, values, start, end):
    return [v for t, v in zip(times, values, strict=True) if start <= t < end]


COUNT, MEAN = range(2)


def statistics(times, columns, windows):
    """columns: list of Q lists. Returns [stroke][window][COUNT or MEAN][quantity]."""
    return [[_one_window(times, columns, *window) for window in stroke] for stroke in windows]


def _one_window(times, columns, start, end):
    kept = [finite(between(times, column, start, end)) for column in columns]
    return [[float(len(values)) for values in kept], [mean(values) for values in kept]]


def window_metric(stats, row, fixed_sd, correlation, frames_per_sample):
    """stats: [window][COUNT or MEAN][quantity]; row of the plan. Returns value, sd."""
    quantity, to, origin, sign, sd_column = row
    windows = [to] if origin < 0 else [to, origin]
    value = stats[to][MEAN][quantity] - (stats[origin][MEAN][quantity] if origin >= 0 else 0.0)
    if sd_column < 0:
        return sign * value, abs(fixed_sd)
    variance = 0.0
    for window in windows:
        samples = max(stats[window][COUNT][quantity] / frames_per_sample, 1.0)
        variance += stats[window][MEAN][sd_column] ** 2 * (correlation + (1.0 - correlation) / samples)
    return sign * value, math.sqrt(variance)


def points(value, good, bad):
    share = (value - bad) / (good - bad)
    return 100.0 * min(max(share, 0.0), 1.0)


def blend(parts, weights):
    average = sum(p * w for p, w in zip(parts, weights, strict=True)) / sum(weights)
    return (average + min(parts)) / 2.0


def score_stroke(metrics, items, phase_count):
    """items: (column, phase, good, bad, weight). Returns scores by phase, score of the stroke."""
    by_phase = []
    for phase in range(phase_count):
        mine = [i for i in items if i[1] == phase]
        known = [i for i in mine if not math.isnan(metrics[i[0]])]
        if not known or sum(i[4] for i in known) < 0.5 * sum(i[4] for i in mine):
            by_phase.append(NAN)
            continue
        by_phase.append(blend([points(metrics[i[0]], i[2], i[3]) for i in known], [i[4] for i in known]))
    with_items = len({i[1] for i in items})
    scored = finite(by_phase)
    if not scored or len(scored) < 0.5 * with_items:
        return by_phase, NAN
    return by_phase, blend(scored, [1.0] * len(scored))


class StrokeTiming:
    """The timing metrics of one stroke. ``columns`` by name; ``numbers`` by the catalogue's names."""

    def __init__(self, times, columns, catch, finish, end, rock_over, knee_break, numbers):
        self.knee_break = knee_break
        self.t, self.c, self.n = times, columns, numbers
        self.catch, self.finish, self.end, self.rock_over = catch, finish, end, rock_over
        self.half = numbers["half_window_s"]

    def around(self, name, centre):
        return mean(between(self.t, self.c[name], centre - self.half, centre + self.half))

    def crossing(self, name, level, sign, within=None):
        """First time in the drive (or within) at which sign * column reaches sign * level; None never."""
        start, end = within or (self.catch, self.finish)
        part = [(t, v) for t, v in zip(self.t, self.c[name], strict=True) if start <= t < end and not math.isnan(v)]
        for k, (t, v) in enumerate(part):
            if sign * (v - level) >= 0.0:
                if k == 0:
                    return t
                t0, v0 = part[k - 1]
                return t0 + (level - v0) / (v - v0) * (t - t0)
        return None

    def seat_handle(self):
        start = self.around("handle", self.catch)
        travel = start - self.around("handle", self.finish)
        if math.isnan(travel) or travel <= 0.0:
            return NAN
        start = self.around("shoulder", self.catch)
        when = self.crossing("shoulder", start - self.n["handle_share_ratio"] * travel, -1.0)
        if when is None:
            return NAN
        moved = start - self.around("shoulder", when)
        if math.isnan(moved) or moved <= 0.0:
            return NAN
        return (self.around("seat", self.catch) - self.around("seat", when)) / moved

    def lean_fall(self):
        knee = self.around("knee", self.catch)
        travel = self.around("knee", self.finish) - knee
        if math.isnan(travel) or travel < self.n["min_knee_travel_deg"]:
            return NAN
        when = self.crossing("knee", knee + self.n["knee_share_ratio"] * travel, 1.0)
        return NAN if when is None else self.around("lean", self.catch) - self.around("lean", when)

    def elbow_at_knee(self):
        when = self.crossing("knee", self.n["knee_level_deg"], 1.0)
        return NAN if when is None else self.around("elbow", when)

    def late_growth(self, name, share):
        start = self.end - self.n[share] * (self.end - self.finish)
        return self.around(name, self.end) - self.around(name, start)

    def late_tilt_fall(self):
        start = self.end - self.n["shoulder_share_ratio"] * (self.end - self.finish) - self.n["together_s"]
        known = finite([self.around("tilt", t) for t in self.t if start <= t < self.end])
        return max(known) - self.around("tilt", self.end) if known else NAN

    def knees_lead(self):
        at_finish = self.around("past_knee", self.finish)
        when = self.crossing("past_knee", 0.0, 1.0, (self.finish, self.end))
        return when - self.knee_break if at_finish < 0.0 and when is not None else NAN

    def seat_rush(self):
        length = self.end - self.knee_break
        travel = self.around("seat", self.end) - self.around("seat", self.knee_break)
        if math.isnan(length) or length <= 0.0 or math.isnan(travel) or travel <= 0.0:
            return NAN
        speeds = []
        for t in self.t:
            if self.end - self.n["rush_share_ratio"] * length <= t < self.end:
                near = [
                    (u, v)
                    for u, v in zip(self.t, self.c["seat"], strict=True)
                    if t - self.half <= u <= t + self.half and not math.isnan(v)
                ]
                if len(near) >= 2:
                    speeds.append((near[-1][1] - near[0][1]) / (near[-1][0] - near[0][0]))
        return max(speeds) * length / travel if speeds else NAN

    def give_way(self):
        """Lead, trunk-thigh angle, fall."""
        smooth = [(t, self.around("tilt", t)) for t in self.t if self.rock_over <= t < self.end]
        known = [v for _, v in smooth if not math.isnan(v)]
        at_catch = self.around("tilt", self.end)
        if not known or math.isnan(at_catch):
            return NAN, NAN, NAN
        top = max(known)
        fall = top - at_catch
        if fall < self.n["give_way_fall_deg"]:
            return 0.0, NAN, fall
        start = next(k for k, (_, v) in enumerate(smooth) if v == top)
        for t, v in smooth[start:]:
            if v <= top - self.n["give_way_onset_deg"]:
                return self.end - t, self.around("trunk_thigh", t), fall
        return 0.0, NAN, fall

    def pelvic_share(self):
        lean = finite(between(self.t, self.c["lean"], self.catch, self.end))
        tilt = finite(between(self.t, self.c["tilt"], self.catch, self.end))
        if not lean or not tilt or max(lean) <= min(lean):
            return NAN
        return (max(tilt) - min(tilt)) / (max(lean) - min(lean))

    def row(self):
        return [
            self.seat_handle(), self.lean_fall(), self.elbow_at_knee(),
            self.late_growth("lean", "late_share_ratio"), self.seat_rush(), *self.give_way(), self.pelvic_share(),
            self.late_growth("protraction", "shoulder_share_ratio"), self.late_tilt_fall(), self.knees_lead(),
        ]  # fmt: skip
