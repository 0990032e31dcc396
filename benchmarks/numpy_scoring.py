"""The rival: the same means, metrics and scores in fully vectorised NumPy, over all strokes at once.

Written to win: one contiguous column at a time, ``reduceat`` over the phases without copying, windows gathered
into small compact arrays, columns without gaps take a path without masks, no Python loop over strokes.
"""

from __future__ import annotations

import numpy as np

from rowsense.kernels import scoring_timing as names


def means(time_s, columns, windows_s):
    """Counts and means (2, Q, P, S) of windows in the order catch, finish, six phases, next catch, rock-over."""
    strokes, phases = windows_s.shape[:2]
    first = np.searchsorted(time_s, windows_s[:, :, 0])
    last = np.maximum(np.searchsorted(time_s, windows_s[:, :, 1]), first)
    out = np.empty((2, len(columns), phases, strokes))
    events = [0, 1, 8, 9]
    gathered = [_gather(first[:, p], last[:, p]) for p in events]
    inside = slice(2, 8)
    flat_first, flat_last = first[:, inside].ravel(), last[:, inside].ravel()
    for q, column in enumerate(columns):
        full = not np.isnan(column).any()
        out[:, q, inside] = _segments(column, flat_first, flat_last, full).reshape(2, strokes, 6).transpose(0, 2, 1)
        for p, (rows, edges) in zip(events, gathered, strict=True):
            out[:, q, p] = _segments(column[rows], edges[:-1], edges[1:], full)
    return out


def _gather(first, last):
    length = last - first
    edges = np.concatenate([[0], np.cumsum(length)])
    rows = np.arange(edges[-1]) + np.repeat(first - edges[:-1], length)
    return rows, edges


def _segments(x, first, last, full):
    """Count and mean of each [first, last); segments follow each other without overlap."""
    length = last - first
    base, end = first[0], last[-1]
    if np.all(last[:-1] == first[1:]):
        x = x[base:end]
        # reduceat refuses an index at the end: a closing empty segment borrows the last frame, masked below.
        at = np.minimum(first - base, max(len(x) - 1, 0))
        step = 1
    else:
        at = np.minimum(np.stack([first, last], 1).ravel(), len(x) - 1)
        step = 2
    if full:
        count = length.astype(float)
        known = x
    else:
        ok = x == x
        count = np.where(length > 0, np.add.reduceat(ok, at, dtype=np.float64)[::step], 0.0)
        known = np.where(ok, x, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 0.0, np.add.reduceat(known, at)[::step] / count, np.nan)
    return np.stack([count, mean])


def window_metrics(time_s, columns, windows_s, plan, fixed_sd, correlation, frames_per_sample):
    """As the kernel of the same name, column by column."""
    count, mean = means(time_s, columns, windows_s)
    values = np.empty((len(plan), len(windows_s)))
    sds = np.empty_like(values)
    for m, (q, to, origin, sign, sd_column) in enumerate(plan):
        values[m] = mean[q, to]
        variance = np.full(len(windows_s), fixed_sd[m] ** 2)
        if sd_column >= 0:
            variance = _variance(mean[sd_column, to], count[q, to], correlation, frames_per_sample)
        if origin >= 0:
            values[m] -= mean[q, origin]
            if sd_column >= 0:
                variance += _variance(mean[sd_column, origin], count[q, origin], correlation, frames_per_sample)
        values[m] *= sign
        sds[m] = np.sqrt(variance)
    return values, sds


def _variance(sd, count, correlation, frames_per_sample):
    return sd**2 * (correlation + (1.0 - correlation) / np.maximum(count / frames_per_sample, 1.0))


def scores(metrics, item_column, item_phase, limits, phase_count):
    """As the kernel of the same name."""
    strokes = metrics.shape[1]
    by_phase = np.full((phase_count, strokes), np.nan)
    points = 100.0 * np.clip((metrics[item_column] - limits[:, 1:2]) / (limits[:, :1] - limits[:, 1:2]), 0.0, 1.0)
    for p in np.unique(item_phase):
        mine = item_phase == p
        part, weight = points[mine], limits[mine, 2]
        known = ~np.isnan(part)
        total = weight @ known
        enough = (total > 0.0) & (total >= 0.5 * weight.sum())
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = weight @ np.where(known, part, 0.0) / total
        worst = np.where(known, part, 100.0).min(axis=0)
        by_phase[p] = np.where(enough, 0.5 * mean + 0.5 * worst, np.nan)
    known = ~np.isnan(by_phase)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, by_phase, 0.0).sum(axis=0) / count
    worst = np.where(known, by_phase, 100.0).min(axis=0)
    enough = (count > 0) & (count >= 0.5 * len(np.unique(item_phase)))
    return by_phase, np.where(enough, 0.5 * mean + 0.5 * worst, np.nan)


def timing_metrics(time_s, columns, marks_s, rock_over_s, knee_break_s, p, block=20_000):
    """As the kernel of the same name; in blocks of strokes, so that the padded tables stay small."""
    parts = [
        _timing_block(time_s, columns, *(x[k : k + block] for x in (marks_s, rock_over_s, knee_break_s)), p)
        for k in range(0, len(marks_s), block)
    ]
    return np.concatenate(parts).T if parts else np.empty((names.TIMING_COUNT, 0))


def _timing_block(time_s, columns, marks_s, rock_over_s, knee_break_s, p):
    half = p[names.P_HALF_WINDOW_S]
    lo = max(np.searchsorted(time_s, marks_s.min() - 1.0) - 1, 0)
    hi = np.searchsorted(time_s, marks_s.max() + 1.0) + 1
    t, c = time_s[lo:hi], columns[:, lo:hi]
    catch, finish, end = marks_s.T
    i0, i1, i2 = (np.searchsorted(t, m) for m in (catch, finish, end))
    out = np.full((len(marks_s), names.TIMING_COUNT), np.nan)

    def around(name, centre):
        return _mean_around(t, c[name], centre, half)

    def crossing(name, level, sign):
        return _crossing(t, c[name], i0, i1, level, sign)

    with np.errstate(invalid="ignore", divide="ignore"):
        travel = around(names.HANDLE, catch) - around(names.HANDLE, finish)
        start = around(names.SHOULDER, catch)
        when = crossing(names.SHOULDER, start - p[names.P_HANDLE_SHARE] * travel, -1.0)
        moved = start - around(names.SHOULDER, when)
        ratio = (around(names.SEAT, catch) - around(names.SEAT, when)) / moved
        out[:, names.SEAT_HANDLE] = np.where((travel > 0.0) & (moved > 0.0), ratio, np.nan)

        knee = around(names.KNEE, catch)
        travel = around(names.KNEE, finish) - knee
        when = crossing(names.KNEE, knee + p[names.P_KNEE_SHARE] * travel, 1.0)
        fall = around(names.LEAN, catch) - around(names.LEAN, when)
        out[:, names.LEAN_FALL] = np.where(travel >= p[names.P_MIN_KNEE_TRAVEL_DEG], fall, np.nan)

        when = crossing(names.KNEE, np.full(len(catch), p[names.P_KNEE_LEVEL_DEG]), 1.0)
        out[:, names.ELBOW_AT_KNEE] = around(names.ELBOW, when)
        for metric, name, share in (
            (names.LATE_LEAN, names.LEAN, names.P_LATE_SHARE),
            (names.LATE_SHOULDER, names.PROTRACTION, names.P_SHOULDER_SHARE),
        ):
            out[:, metric] = around(name, end) - around(name, end - p[share] * (end - finish))
        late = end - p[names.P_SHOULDER_SHARE] * (end - finish) - p[names.P_TOGETHER_S]
        *_, smooth = _smooth_tilt(t, c, late, end, half)
        fall = np.fmax.reduce(smooth, axis=1) - around(names.TILT, end)
        out[:, names.LATE_TILT_FALL] = fall
        when = _crossing(t, c[names.PAST_KNEE], i1, i2, np.zeros(len(end)), 1.0)
        out[:, names.KNEES_LEAD] = np.where(around(names.PAST_KNEE, finish) < 0.0, when - knee_break_s, np.nan)
        out[:, names.SEAT_RUSH] = _rush(t, c[names.SEAT], knee_break_s, end, p[names.P_RUSH_SHARE], half)
        _give_way(t, c, rock_over_s, end, p, out)
        lean = _excursion(c[names.LEAN], i0, i2)
        share = _excursion(c[names.TILT], i0, i2) / lean
        out[:, names.PELVIC_SHARE] = np.where(lean > 0.0, share, np.nan)
    return out


def _padded(first, last, limit):
    """(n, k) row numbers and which of them belong; k is the longest segment."""
    width = max(int((last - first).max(initial=0)), 1)
    rows = first[:, None] + np.arange(width)
    return np.minimum(rows, limit - 1), rows < last[:, None]


def _mean_around(t, x, centre, half):
    a, b = np.searchsorted(t, centre - half), np.searchsorted(t, centre + half)
    rows, inside = _padded(a, np.maximum(a, b), len(t))
    values = x[rows]
    known = inside & (values == values)
    return np.where(known, values, 0.0).sum(axis=1) / known.sum(axis=1)


def _crossing(t, x, first, last, level, sign):
    rows, inside = _padded(first, last, len(t))
    values = x[rows]
    known = inside & (values == values)
    hit = known & (sign * (values - level[:, None]) >= 0.0)
    k = hit.argmax(axis=1)
    each = np.arange(len(rows))
    found = hit[each, k]
    # The last finite frame before the hit.
    place = np.where(known, np.arange(rows.shape[1]), -1)
    earlier = np.where(np.arange(rows.shape[1]) < k[:, None], place, -1).max(axis=1)
    row, row0 = rows[each, k], rows[each, np.maximum(earlier, 0)]
    share = (level - x[row0]) / (x[row] - x[row0])
    between = t[row0] + share * (t[row] - t[row0])
    return np.where(found, np.where(earlier < 0, t[row], between), np.nan)


def _rush(t, x, start, end, share, half):
    travel = _mean_around(t, x, end, half) - _mean_around(t, x, start, half)
    rows, edges = _gather(np.searchsorted(t, end - share * (end - start)), np.searchsorted(t, end))
    count = np.arange(len(x))
    ok = x == x
    following = np.minimum.accumulate(np.where(ok, count, len(x))[::-1])[::-1]
    previous = np.maximum.accumulate(np.where(ok, count, -1))
    a = following[np.searchsorted(t, t[rows] - half)]
    b = previous[np.searchsorted(t, t[rows] + half, side="right") - 1]
    good = b > a
    a, b = np.minimum(a, len(x) - 1), np.maximum(b, 0)
    speed = np.where(good, (x[b] - x[a]) / (t[b] - t[a]), np.nan)
    peak = np.full(len(end), np.nan)
    filled = np.diff(edges) > 0
    if filled.any():
        peak[filled] = np.fmax.reduceat(speed, edges[:-1][filled])
    return np.where(travel > 0.0, peak * (end - start) / travel, np.nan)


def _smooth_tilt(t, c, start, end, half):
    """Row numbers of every stroke's frames in [start, end), padded, and the tilt around each; NaN beside them."""
    rows, edges = _gather(np.searchsorted(t, start), np.searchsorted(t, end))
    smooth_flat = _mean_around(t, c[names.TILT], t[rows], half)
    table_rows, inside = _padded(edges[:-1], edges[1:], max(len(rows), 1))
    return rows, table_rows, np.where(inside, smooth_flat[table_rows], np.nan)


def _give_way(t, c, rock_over, end, p, out):
    half = p[names.P_HALF_WINDOW_S]
    rows, table_rows, smooth = _smooth_tilt(t, c, rock_over, end, half)
    filled = np.where(np.isnan(smooth), -np.inf, smooth)
    at = filled.argmax(axis=1)
    each = np.arange(len(end))
    top = filled[each, at]
    fall = top - _mean_around(t, c[names.TILT], end, half)
    known = np.isfinite(top) & (fall == fall)
    after = np.arange(smooth.shape[1]) >= at[:, None]
    low = after & (smooth <= (top - p[names.P_GIVE_WAY_ONSET_DEG])[:, None])
    k = low.argmax(axis=1)
    gives = known & (fall >= p[names.P_GIVE_WAY_FALL_DEG]) & low[each, k]
    when = np.where(gives, t[rows[table_rows[each, k]]], np.nan)
    out[:, names.GIVE_WAY_FALL] = np.where(known, fall, np.nan)
    out[:, names.GIVE_WAY_LEAD] = np.where(gives, end - when, np.where(known, 0.0, np.nan))
    out[:, names.GIVE_WAY_ANGLE] = _mean_around(t, c[names.TRUNK_THIGH], when, half)


def _excursion(x, first, last):
    at = np.stack([first, last], 1).ravel()
    at = np.minimum(at, len(x) - 1)
    return np.fmax.reduceat(x, at)[::2] - np.fmin.reduceat(x, at)[::2]
