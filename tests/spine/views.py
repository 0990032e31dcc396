"""Side views of drawn bodies, through the real back line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rowsense.model import PoseTrack, SideView
from rowsense.pose.side_view import to_side_view
from rowsense.spine.back_line import back_line
from tests.spine.bodies import Body

FloatArray = NDArray[np.float64]


def view_of(bodies: Sequence[Body], step_s: float = 10.0, spine_deg: FloatArray | None = None) -> SideView:
    """One frame per body; ``step_s`` apart, by default so far that smoothing does not join them.

    ``spine_deg`` (T, 3) is what was read of pelvis and spine, with five degrees of doubt.
    """
    observations = [body.observation() for body in bodies]
    facing = bodies[0].facing
    near_side = facing
    lines = [back_line(o, facing, near_side) for o in observations]
    count = len(bodies)
    track = PoseTrack(
        frame=np.arange(count),
        time_s=np.arange(count) * step_s,
        xy_px=_with_feet(np.stack([o.landmarks_px for o in observations])),
        visibility=np.stack([o.visibility for o in observations]),
        back_xy_px=np.stack([line.xy_px for line in lines]),
        back_seen=np.stack([line.seen for line in lines]),
        inferred=np.ones(count, dtype=bool),
        spine_deg=spine_deg,
        spine_sd_deg=None if spine_deg is None else np.full_like(spine_deg, 5.0),
    )
    return to_side_view(track, facing, near_side, 0.0)


def _with_feet(xy_px: FloatArray) -> FloatArray:
    """Drawn bodies have no feet; nothing here needs them, but no joint is then missing."""
    return np.where(np.isnan(xy_px), 0.0, xy_px)
