"""How the trunk leans: where it leans on the whole by hip and shoulder, how that changes by pelvis and spine.

The line from hip to shoulder turns with the pelvis, the low back and the upper back. What these do is read from the
outline of the back, and adds up to the trunk's turning surer than two landmarks show it: the hip's slides over the
pelvis in a deep catch, the shoulder's goes with the arms and loose shirts. On 42 rendered rowers (clips 0 to 9, 40 to
70 and 129 to 145 of the fault study) the lean's growth in the last fifth of the recovery was off by 1.8 deg so, with
0.7 of the true difference from rower to rower, by the landmarks by 2.8 with 0.2 of it; its fall while the knees make
the first fifth of their way by 0.8 and 2.5 deg.

The outline knows no zero, since clothes and seats of flesh are unlike: that is the landmarks' median.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.angles.filled import bridged_over
from rowsense.model import SpineAngles

FloatArray = NDArray[np.float64]

#: How far the line from hip to shoulder turns with a degree of pelvic tilt, lumbar and thoracic flexion. [D] The rig's
#: own angles of 48 simulated rowers, within each: 1.06, 0.92 and 0.36, which leaves 1.1 deg. With the outline's, which
#: show a little less than is there, those at the finish and after the catch wanted 1.0, 0.9 and 0.3 to 0.4.
TURNS: Final = (1.0, 0.9, 0.35)


def trunk_lean_deg(seen_deg: FloatArray, spine: SpineAngles) -> FloatArray:
    """(T,) lean of the trunk, degrees; NaN where ``seen_deg`` is.

    Args:
        seen_deg: (T,) from hip centre to shoulder centre, against the vertical; NaN = not seen.
        spine: (T,) with any zero. Where it is NaN the landmarks say how the lean changes, and where it is so always.
    """
    bends = np.stack([spine.pelvic_tilt_deg, spine.lumbar_flexion_deg, spine.thoracic_flexion_deg])
    return seen_deg + bridged_over(np.array(TURNS) @ bends - seen_deg)
