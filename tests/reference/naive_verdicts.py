"""The slow, obvious twin of the verdict kernels: one session, lists and loops."""

from __future__ import annotations

import math
from statistics import median

NAN = float("nan")


def rule(values, sds, usable, conditions):
    """conditions: (metric, sign, limit, sure, clear), clear = (same sd, fresh sd, least) or None; shown, judged."""
    strokes = range(len(usable))
    shown, judged = list(usable), list(usable)
    for metric, sign, limit, sure, clear in conditions:
        value, sd = values[metric], sds[metric]
        enough = clear is None or _mean_is_clear([value[s] for s in strokes if shown[s]], sign, *clear)
        for s in strokes:
            known = math.isfinite(value[s]) and math.isfinite(sd[s])
            judged[s] = judged[s] and known
            shown[s] = shown[s] and known and enough and sign * (value[s] - limit) > sure * sd[s]
    return shown, judged


def _mean_is_clear(values, sign, same, fresh, least):
    kept = [v for v in values if math.isfinite(v)]
    if not kept or math.isnan(same) or math.isnan(fresh):
        return False
    return sign * sum(kept) / len(kept) > max(least, 1.96 * math.hypot(same, fresh / math.sqrt(len(kept))))


def fault(values, sds, usable, rules, needed_share):
    """rules: (conditions, steps). Returns present, severity (0 where absent), strokes that show it."""
    found = [rule(values, sds, usable, conditions) for conditions, _ in rules]
    strokes = range(len(usable))
    total = sum(usable)
    shown = [any(f[0][s] for f in found) for s in strokes]
    judged = [any(f[1][s] for f in found) for s in strokes]
    if total < 3 and total < 0.5 * len(usable):
        return False, 0, sum(shown)
    if not any(judged) or sum(judged) < 0.5 * total or not any(shown) or sum(shown) < needed_share * total:
        return False, 0, sum(shown)
    counts = [sum(f[0]) for f in found]
    enough = [k for k, count in enumerate(counts) if count >= needed_share * total]
    carrying = enough or [k for k, count in enumerate(counts) if count == max(counts)]
    strength = []
    for k in carrying:
        (metric, sign, *_), *_ = rules[k][0]
        middle = median(values[metric][s] for s in strokes if found[k][0][s])
        strength.append(1 + sum(sign * (middle - step) > 0.0 for step in rules[k][1]))
    return True, max(strength), sum(shown)
