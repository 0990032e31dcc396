"""Where the seat is: the hip's place, its way mended by the outline of the low back.

The hip's landmark slides over the pelvis as the rower goes into the catch, most when she dives into it, and a seat that
seems to hurry at the end looks like a rushed slide. The outline just above the seat does not, but turns with the
pelvis a little. The mean of both ways is off least: on 42 rendered rowers (clips 0 to 9, 40 to 70 and 129 to 145 of the
fault study) the peak of the seat's speed over its mean was off by 0.07 so, by the hip alone by 0.15.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.angles.filled import bridged_over
from rowsense.model import SideView

FloatArray = NDArray[np.float64]

#: Points of the back line just above the seat. [D] On the same rowers these were as good as any; lower ones are hidden
#: more often, higher ones turn further with the pelvis.
LOW: Final = slice(8, 13)
#: A point counts when the outline there is at least half sure, as for the neck [D].
MIN_SEEN: Final = 0.5
#: How much of the outline's way is taken [D].
SHARE: Final = 0.5


def seat_x_px(view: SideView) -> FloatArray:
    """(T,) pixels, + towards the flywheel, about where the hip is; NaN where that is not seen."""
    hip_x = np.asarray(view.joints["hip"][:, 0], dtype=np.float64)
    x, seen = view.back_xy[:, LOW, 0], view.back_seen[:, LOW] >= MIN_SEEN
    count = (seen & np.isfinite(x)).sum(axis=1)
    total = np.where(seen & np.isfinite(x), x, 0.0).sum(axis=1)
    back_x = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return hip_x + SHARE * bridged_over(back_x - hip_x)
