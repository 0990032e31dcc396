"""Silhouette and landmarks of one frame -> the outline of the back, with what could be seen of it.

1. Rays leave the body backwards: a fan from the hip round the buttock, then across the trunk (``_rays``).
2. Each ray's first lasting crossing of probability 0.5 is a point of the outline, to a part of a pixel.
3. Points that cannot be the back are marked unseen: too far out, behind a jump (wall, chair, ponytail), under an
   arm, or bulging out of a stiff curve through the rest (loose shirt, elbow).
4. A curve that bends least runs through the seen points and bridges the others.
5. 64 points at equal arc length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, FACING_RIGHT
from rowsense.kernels.contour import outline_along_rays, resample_equal, smooth_through, unbroken
from rowsense.model import BackLine, PoseObservation
from rowsense.spine._rays import TrunkFrame, rays, trunk_frame

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Probability at which the silhouette ends: the mask's own decision level.
EDGE_LEVEL = 0.5

# All lengths below are in trunk lengths (hip to shoulder, about half a metre). [D] Looked at on the seven real
# stills and the real stroke, where the outline of the back lies 0.15 to 0.45 behind the trunk line.
MAX_OFFSET = 0.65
SCAN_STEP = 0.005
#: A ray has left the body after this much outside.
HOLD = 0.04
#: Ray spacing is about 0.019: the back would have to run at 70 degrees to the trunk to jump this far.
MAX_JUMP = 0.05
JUMP_GROWTH = 0.01
#: Half the thickness of an arm: upper arm with sleeve is about 10 to 12 cm across.
ARM_RADIUS = 0.11
#: The upper part of the upper arm lies beside the shoulder blade and hides nothing, unless the elbow is this far
#: behind the trunk line (handle drawn): then all of it does, with the muscle of the shoulder.
ARM_FROM = 0.4
ELBOW_BEHIND = 0.08
DRAWN_ARM_RADIUS = 0.15
#: The neck itself is never hidden by an arm; its rays hold the end of the line.
NECK_RAYS = 4
#: The line bends sharply at the seat and into the neck: rays this near to its ends are not tested for bulges.
FREE_RAYS = (20, 16)
#: Deviation from the stiff curve that is no back any more, at least; else four robust deviations.
MIN_BULGE = 0.04
#: Stiffness of the curves in (ray spacing)^4: 2 leaves bends longer than about 9 rays, 200 about 25.
STIFFNESS = 2.0
STIFFNESS_ROBUST = 200.0
#: Tension of bridges: their slope at either end fades over sqrt(stiffness / tension), about 6 rays.
TENSION = 0.05
#: The silhouette is believed where it is this near to where the outline is expected. [D] Three times the error of
#: that expectation on simulated rowers never seen.
MAX_AWAY = 0.06
#: Rays this near to one that met something else are not believed either: the silhouette runs over from there.
DOUBTFUL_RAYS = 1
#: Least part of the rays that must have met the back.
MIN_SEEN_PART = 0.35


def back_line(
    observation: PoseObservation,
    facing: str,
    near_side: str,
    expected_px: FloatArray | None = None,
    max_away: float = MAX_AWAY,
) -> BackLine:
    """Outline of the back from the seat to the base of the neck, on the side away from the flywheel.

    ``facing`` is where the flywheel is in the picture (``left`` or ``right``), ``near_side`` the body's side that
    the camera sees. Points are picture pixels at equal arc length between two ends that are tied to the hip, the
    shoulder and the ear; ``seen`` is 0 where the line was bridged. ``expected_px`` (K, 2) is where the outline should
    be by :class:`~rowsense.model.SpineReading`, where that is known: then the silhouette is believed within
    ``max_away`` trunk lengths of it, and bridges follow it. ``BackLine.missing()`` where the person, the
    mask or too much of the back is missing.
    """
    frame = trunk_frame(observation, facing, near_side)
    if frame is None or observation.mask is None:
        return BackLine.missing()
    sign = 1.0 if facing == FACING_RIGHT else -1.0
    start, direction = rays(frame)
    offset = _outline_offset(observation, start, direction, frame.length_px, sign)
    guide = None
    if expected_px is not None and len(expected_px):
        guide = _crossings(start, direction, expected_px * np.array([sign, 1.0])) / frame.length_px
    seen = _believable(offset, start, direction, frame) if guide is None else _as_expected(offset, guide, max_away)
    if seen.mean() < MIN_SEEN_PART:
        return BackLine.missing()
    curve = _bridge(offset, seen) if guide is None else guide + _smooth(offset - guide, seen)
    xy = start + (curve * frame.length_px)[:, None] * direction
    xy[:, 0] *= sign
    points, carried = resample_equal(xy, seen.astype(float), BACK_POINT_COUNT)
    return BackLine(points, carried)


def _outline_offset(
    observation: PoseObservation, start: FloatArray, direction: FloatArray, length_px: float, sign: float
) -> FloatArray:
    """Distance (N,) from each ray's start to the outline in trunk lengths; NaN where none was met."""
    assert observation.mask is not None
    to_mask = np.linalg.inv(observation.mask_to_picture[:, :2]).T
    start_mask = (start * np.array([sign, 1.0]) - observation.mask_to_picture[:, 2]) @ to_mask - 0.5
    step_mask = (direction * np.array([sign, 1.0]) * (SCAN_STEP * length_px)) @ to_mask
    mask = np.ascontiguousarray(observation.mask, dtype=np.float32)
    step_count = round(MAX_OFFSET / SCAN_STEP)
    hold_count = round(HOLD / SCAN_STEP)
    crossing = outline_along_rays(mask, start_mask, step_mask, step_count, hold_count, EDGE_LEVEL)
    return np.asarray(crossing * SCAN_STEP)


def _as_expected(offset: FloatArray, guide: FloatArray, max_away: float) -> BoolArray:
    """Which rays (N,) met the silhouette's edge where it is expected, and whose neighbours did."""
    elsewhere = ~(np.abs(offset - guide) < max_away)  # also where no edge was met
    return np.asarray(np.convolve(elsewhere, np.ones(2 * DOUBTFUL_RAYS + 1), mode="same") < 0.5)


def _crossings(start: FloatArray, direction: FloatArray, line: FloatArray) -> FloatArray:
    """Distance (N,) from each ray's start to where it leaves the polyline (K, 2) behind.

    The line goes on straight beyond both ends. A ray that does not meet it has the distance of its neighbours.
    """
    ends = np.vstack([4.0 * line[0] - 3.0 * line[1], line, 4.0 * line[-1] - 3.0 * line[-2]])
    along = np.diff(ends, axis=0)
    away = ends[None, :-1] - start[:, None]
    cross = direction[:, None, 0] * along[None, :, 1] - direction[:, None, 1] * along[None, :, 0]
    cross = np.where(np.abs(cross) < 1e-9, np.nan, cross)
    distance = (away[..., 0] * along[None, :, 1] - away[..., 1] * along[None, :, 0]) / cross
    share = (away[..., 0] * direction[:, None, 1] - away[..., 1] * direction[:, None, 0]) / cross
    met = (share >= 0.0) & (share <= 1.0) & (distance > 0.0)
    furthest = np.where(met, distance, -np.inf).max(axis=1)
    known = np.flatnonzero(np.isfinite(furthest))
    if known.size == 0:
        return np.full(len(start), np.nan)
    return np.asarray(np.interp(np.arange(len(start)), known, furthest[known]))


def _believable(offset: FloatArray, start: FloatArray, direction: FloatArray, frame: TrunkFrame) -> BoolArray:
    """Which rays (N,) met the back itself."""
    seen = unbroken(offset, MAX_JUMP, JUMP_GROWTH)
    xy = start + (offset * frame.length_px)[:, None] * direction
    seen &= ~_under_arm(xy, frame)
    tested = np.zeros(len(offset), dtype=bool)
    tested[FREE_RAYS[0] : len(offset) - FREE_RAYS[1]] = True
    for _ in range(3):
        if seen.sum() < 0.2 * len(seen):
            break
        stiff = smooth_through(offset, seen.astype(float), STIFFNESS_ROBUST, 0.0)
        residual = offset - stiff
        spread = 1.4826 * np.median(np.abs(residual[seen]))
        seen &= ~(tested & (residual > max(MIN_BULGE, 4.0 * float(spread))))
    return np.asarray(seen)


def _under_arm(xy: FloatArray, frame: TrunkFrame) -> BoolArray:
    """Which outline points (N,) lie on an arm rather than on the back."""
    hidden = np.zeros(len(xy), dtype=bool)
    for shoulder, elbow, wrist in frame.arms:
        drawn = _behind_trunk(elbow, frame) > ELBOW_BEHIND
        upper = shoulder if drawn else shoulder + ARM_FROM * (elbow - shoulder)
        upper_radius = DRAWN_ARM_RADIUS if drawn else ARM_RADIUS
        hidden |= _distance_to_segment(xy, upper, elbow) < upper_radius * frame.length_px
        hidden |= _distance_to_segment(xy, elbow, wrist) < ARM_RADIUS * frame.length_px
    hidden[-NECK_RAYS:] = False
    return hidden


def _behind_trunk(point: FloatArray, frame: TrunkFrame) -> float:
    """How far a point lies behind the line from hip to shoulder, in trunk lengths."""
    up = (frame.shoulder - frame.hip) / frame.length_px
    away = (point - frame.hip) / frame.length_px
    return float(away[0] * up[1] - away[1] * up[0])


def _distance_to_segment(xy: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    along = b - a
    part = np.clip((xy - a) @ along / max(float(along @ along), 1e-9), 0.0, 1.0)
    gap = xy - (a + part[:, None] * along)
    return np.hypot(gap[:, 0], gap[:, 1])


def _bridge(offset: FloatArray, seen: BoolArray) -> FloatArray:
    """Curve (N,) through the seen offsets; never outside the silhouette, whose outline is the outermost thing."""
    curve = _smooth(offset, seen)
    outside = ~seen & np.isfinite(offset) & (curve > offset)
    return _smooth(offset, seen | outside) if outside.any() else curve


def _smooth(offset: FloatArray, seen: BoolArray) -> FloatArray:
    return np.asarray(smooth_through(offset, seen.astype(float), STIFFNESS, TENSION))
