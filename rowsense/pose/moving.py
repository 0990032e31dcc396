"""The rower by what moves: for films in which the search for people finds somebody else in her place.

The search finds faces first, and somebody who stands behind the handle has the better one: the network then gives that
trunk over the rower's legs. But a coach stands, and she moves. So squares are laid over what moves in the looked-at
frames, and the landmark network, which answers for whoever is in the middle of its square, looks at these.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import FACING_LEFT
from rowsense.model import Frame, PoseObservation
from rowsense.pose.mediapipe_estimator import MediaPipePose
from rowsense.pose.people import Detections, gather, middle
from rowsense.pose.region import SIDE_RATIO, Box, Region, RegionPlan
from rowsense.pose.suitability import nearest_rower

FloatArray = NDArray[np.float64]

#: Width of the pictures in which movement is looked for.
_WIDTH_PX: Final = 240
#: Grey levels are compared between these percentiles of the frames: somebody who walks past once is not seen.
_BETWEEN: Final = (15.0, 85.0)
#: Moved has what changes by more than this share of what changes most, and than so many times what changes anyway [D].
_MOST_SHARE: Final = 0.25
_NOISE_TIMES: Final = 3.0
_BLUR_PX: Final = 1.5
#: Where so much of the picture's width moves, the camera does [D].
_MOVING_CAMERA_SHARE: Final = 0.9
#: Height of what moves, crown to seat, and how far above its lower end the hips are, trunk lengths [D].
_HEIGHT_RATIO: Final = 1.9
_HIPS_UP_RATIO: Final = 0.2
#: Where along what moves the squares are centred [D: either end of the slide, and its middle].
_ALONG: Final = (0.25, 0.5, 0.75)
#: In fewer of the looked-at frames it is nobody [D].
_MIN_SEEN_RATIO: Final = 0.5


def rower_where_it_moves(frames: Sequence[Frame], model_path: Path) -> list[Detections]:
    """The rower in what moves, as the only person; nobody where that does not row, or only the feet travel."""
    box_px = moving_box(frames)
    if box_px is None:
        return []
    looks = _looks(frames, box_px, model_path, mirror=False)
    several = nearest_rower(gather(looks))
    if several is not None and several.person.facing == FACING_LEFT:
        looks = _looks(frames, box_px, model_path, mirror=True)
        several = nearest_rower(gather(looks))
    if several is None:
        return []
    # Squares see her a little otherwise each: first as several people, then, by where most of them have her, as one.
    plan = RegionPlan.of(several.xy_px, _whole(frames), several.person.facing)
    found = nearest_rower(gather([_hers(row, plan) for row in looks]))
    if found is None or found.person.on_dynamic_ergometer or found.person.seen_ratio < _MIN_SEEN_RATIO:
        return []
    return [found]


def moving_box(frames: Sequence[Frame]) -> Box | None:
    """x0, y0, x1, y1 of the largest part of the picture that moves, source pixels; None where nothing or all does."""
    if not frames:
        return None
    height, width = frames[0].image.shape[:2]
    size = (_WIDTH_PX, round(height * _WIDTH_PX / width))
    grey = [
        cv2.resize(cv2.cvtColor(one.image, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA) for one in frames
    ]
    low, high = np.percentile(np.stack(grey), _BETWEEN, axis=0)
    change = cv2.GaussianBlur(high - low, (0, 0), _BLUR_PX)
    least = max(_NOISE_TIMES * float(np.median(change)), _MOST_SHARE * float(np.percentile(change, 99.5)), 1.0)
    count, _, stats, _ = cv2.connectedComponentsWithStats((change > least).astype(np.uint8))
    if count < 2:
        return None
    x, y, across, down = stats[1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])), :4].tolist()
    if across > _MOVING_CAMERA_SHARE * size[0]:
        return None
    scale = width / size[0] * frames[0].source_px_per_px
    return (x * scale, y * scale, (x + across) * scale, (y + down) * scale)


def _looks(frames: Sequence[Frame], box_px: Box, model_path: Path, *, mirror: bool) -> list[list[PoseObservation]]:
    """Who is found in each frame in squares over the box."""
    x0, y0, x1, y1 = box_px
    trunk_px = (y1 - y0) / _HEIGHT_RATIO
    places = [(x0 + share * (x1 - x0), y1 - _HIPS_UP_RATIO * trunk_px) for share in _ALONG]
    with MediaPipePose(model_path, mirror=mirror, want_mask=False) as network:
        return [
            [pose for at in places if (pose := network.observe(one, Region(at, SIDE_RATIO * trunk_px))).found]
            for one in frames
        ]


def _hers(poses: Sequence[PoseObservation], plan: RegionPlan) -> list[PoseObservation]:
    """The one whose feet are nearest to where hers are, of those that can be her."""
    x0, y0, x1, y1 = plan.feet_px
    feet = np.array([x0 + x1, y0 + y1]) / 2.0
    hers = [pose for pose in poses if plan.shows_her(pose.landmarks_px)]
    return sorted(hers, key=lambda pose: float(np.linalg.norm(middle(pose.landmarks_px, "ankle") - feet)))[:1]


def _whole(frames: Sequence[Frame]) -> tuple[int, int, int, int]:
    height, width = frames[0].image.shape[:2]
    scale = frames[0].source_px_per_px
    return 0, 0, round(width * scale), round(height * scale)
