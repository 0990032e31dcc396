"""The slow, obvious twin of the kernel that holds each stroke against the rower's own easy ones."""

from __future__ import annotations

import math
from statistics import fmean, median

import numpy as np

NAN = float("nan")


def against_easy(drive_s, rate_spm, tilt_deg, usable, equal_spm, share, hard, fewest):
    """Of one session, lists in; a list of (percent under, degrees further back, its error) out."""
    rows = []
    for s in range(len(drive_s)):
        alike = [k for k in range(len(drive_s)) if usable[k] and abs(rate_spm[k] - rate_spm[s]) <= equal_spm]
        rows.append(_one(s, alike, drive_s, tilt_deg, share, hard, fewest) if usable[s] else (NAN, NAN, NAN))
    return rows


def _one(s, alike, drive_s, tilt_deg, share, hard, fewest):
    border = np.quantile([drive_s[k] for k in alike], 1.0 - share)
    easy = [k for k in alike if drive_s[k] >= border]
    easy_s = median(drive_s[k] for k in easy)
    hard_ones = [k for k in alike if drive_s[k] <= (1.0 - hard) * easy_s]
    if len(easy) < fewest or len(hard_ones) < fewest:
        return NAN, NAN, NAN
    under = 100.0 * (1.0 - drive_s[s] / easy_s)
    easy_deg = [tilt_deg[k] for k in easy if not math.isnan(tilt_deg[k])]
    hard_deg = [tilt_deg[k] for k in hard_ones if not math.isnan(tilt_deg[k])]
    if len(easy_deg) < fewest or len(hard_deg) < fewest:
        return under, NAN, NAN
    return under, fmean(easy_deg) - fmean(hard_deg), math.sqrt(1 / len(easy_deg) + 1 / len(hard_deg))
