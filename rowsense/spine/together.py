"""Reads all frames of a recording together: each in the light of what all of them tell of the rower.

How thick flesh and cloth lie over the bones is the same in every frame, and no frame alone tells it.

What all frames together cannot tell is the rower's zero: it stays where the frames by themselves have it. On 17 rowers
who row and pose, the zero of their poses was off in their rowing by 3.7 and 4.9 deg (tilt, lumbar) so, and by 4.4 and
5.6 where each film had the zero of its own context (``rowsense.studies.spine_zero``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.spine.network import AT_ONCE, HalfArray, SpineAnswer, shipped_answer


def read_together(
    angles_deg: NDArray[np.floating],
    sd_deg: NDArray[np.floating],
    features: HalfArray,
    answer: SpineAnswer | None = None,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Angles and sds of N frames of one recording, as each by itself was read -> as all of them are.

    A frame that could not be read by itself stays unread, and tells the others nothing. What widened the doubt of a
    frame widens it as much. The mean of every angle stays as it is.

    Args:
        angles_deg: (N, 3) as in :class:`~rowsense.model.SpineReading`; NaN = not read.
        sd_deg: (N, 3)
        features: (N, SPINE_FEATURE_COUNT)
        answer: what makes angles of features; the shipped one without.
    """
    answer = answer or shipped_answer()
    angles_deg, sd_deg = angles_deg.copy(), sd_deg.copy()
    known = np.flatnonzero(np.isfinite(angles_deg).all(axis=1))
    if not len(known):
        return angles_deg, sd_deg
    context = answer.context(features, known)
    mean_deg = angles_deg[known].mean(axis=0, dtype=np.float64)
    for first in range(0, len(known), AT_ONCE):
        rows = known[first : first + AT_ONCE]
        alone_deg, alone_sd_deg = answer.read_alone(features[rows])
        together_deg, together_sd_deg = answer.read(features[rows], context)
        angles_deg[rows] += together_deg - alone_deg
        sd_deg[rows] *= together_sd_deg / alone_sd_deg
    angles_deg[known] += mean_deg - angles_deg[known].mean(axis=0, dtype=np.float64)
    return angles_deg, sd_deg
