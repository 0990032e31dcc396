"""Where the seat is: the hip's place, its way mended by the outline of the low back.

The hip's landmark slides over the pelvis as the rower goes into the catch, most when she dives into it, and a seat that
seems to hurry at the end looks like a rushed slide. The outline just above the seat does not, but turns with the
pelvis a little. Three quarters of its way and a quarter of the hip's are off least: on 78 rendered rowers (clips 0 to
70 and 152 to 204 of the fault study) the peak of the seat's speed over its mean was off by 0.09 so, by the hip alone by
0.19. Where the outline is lost for a moment the hip mostly is as well, so there the seat goes straight on.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.angles.filled import bridged_over
from rowsense.model import SideView

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Points of the back line just above the seat. [D] On the same rowers these were as good as any; lower ones are hidden
#: more often, higher ones turn further with the pelvis.
LOW: Final = slice(8, 13)
#: A point counts when the outline there is at least half sure, as for the neck [D].
MIN_SEEN: Final = 0.5
#: How much of the outline's way is taken. [D] Peak speed over mean of the same rowers with a half, three quarters and
#: all: off by 0.11, 0.09 and 0.09; seat's way over the handle's 0.20, 0.19 and 0.19.
SHARE: Final = 0.75
#: So long a time without outline or hip is gone over straight, seconds. [D] In a drive the seat's speed changes little
#: in so short a time: off by 0.09, with 0.2 s by 0.12. In a turn of the seat it is about as long as the turn.
BRIDGE_S: Final = 0.36


def seat_x_px(view: SideView) -> FloatArray:
    """(T,) pixels, + towards the flywheel, about where the hip is; NaN where that is not seen."""
    hip_x = np.asarray(view.joints["hip"][:, 0], dtype=np.float64)
    x, seen = view.back_xy[:, LOW, 0], view.back_seen[:, LOW] >= MIN_SEEN
    count = (seen & np.isfinite(x)).sum(axis=1)
    total = np.where(seen & np.isfinite(x), x, 0.0).sum(axis=1)
    back_x = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    both = np.isfinite(back_x) & np.isfinite(hip_x)
    return _straight_over(view.time_s, hip_x + SHARE * bridged_over(back_x - hip_x), both)


def _straight_over(time_s: FloatArray, x: FloatArray, known: BoolArray) -> FloatArray:
    """(T,) ``x`` with short times between ``known`` frames gone over straight."""
    frames = np.flatnonzero(known)
    out = x.copy()
    for before, after in pairwise(frames.tolist()):
        if after - before > 1 and time_s[after] - time_s[before] <= BRIDGE_S:
            inside = slice(before + 1, after)
            out[inside] = np.interp(time_s[inside], time_s[[before, after]], x[[before, after]])
    return out
