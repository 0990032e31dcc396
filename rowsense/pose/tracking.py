"""From looked-at frames to one row per decoded frame: repair, gate, smooth, fill short gaps.

1. Frames that show somebody else's body are taken out.
2. Swapped arms and legs are swapped back.
3. Landmarks the network did not see (low visibility) and jumps become NaN.
4. A zero-phase smoothing spline (:mod:`rowsense.pose.smoothing`) is fitted over each run without a long gap and
   read at every decoded frame, looked-at or not. What is not bridged stays NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_COUNT
from rowsense.model import FrameObservation, PoseTrack
from rowsense.pose.repair import jumps, strangers, typical_trunk_px, unswap_sides
from rowsense.pose.smoothing import smooth_at
from rowsense.settings import PoseSettings

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Points smoothed at a time: keeps the working copies of a long video small.
POINTS_AT_ONCE: Final = 8


def assemble(
    observations: Sequence[FrameObservation],
    all_times_s: FloatArray,
    all_frames: IntArray,
    settings: PoseSettings,
) -> PoseTrack:
    """Landmarks and back line for every decoded frame.

    Parameters
    ----------
    observations : of the looked-at frames, in order of time
    all_times_s, all_frames : (T,) presentation times and numbers of all decoded frames

    Returns
    -------
    PoseTrack with T rows. NaN where the rower was not seen for longer than ``settings.max_gap_s``, and before the
    first and after the last looked-at frame. ``inferred`` is False at frames that were not looked at. Visibility
    is the raw one, 0 where nobody was found, linear in between.
    """
    times = np.asarray(all_times_s, dtype=np.float64)
    frames = np.asarray(all_frames, dtype=np.int64)
    seen_s = np.array([o.time_s for o in observations], dtype=np.float64)
    xy, visibility, back, back_seen = _stack(observations)

    stranger = strangers(xy)
    xy[stranger], visibility[stranger], back[stranger], back_seen[stranger] = np.nan, 0.0, np.nan, 0.0
    xy, visibility, _ = unswap_sides(xy, visibility)
    xy = np.where((visibility >= settings.min_visibility)[..., None], xy, np.nan)
    trunk = typical_trunk_px(xy)
    xy[jumps(xy, seen_s, trunk)] = np.nan
    back[jumps(back, seen_s, trunk)] = np.nan

    return PoseTrack(
        frame=frames,
        time_s=times,
        xy_px=_smooth(seen_s, xy, times, settings),
        visibility=_linear(seen_s, visibility, times),
        back_xy_px=_smooth(seen_s, back, times, settings, back_seen),
        back_seen=_linear(seen_s, back_seen, times),
        inferred=np.isin(frames, [o.frame for o in observations]),
    )


def _stack(observations: Sequence[FrameObservation]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    if not observations:
        return (
            np.zeros((0, LANDMARK_COUNT, 2)),
            np.zeros((0, LANDMARK_COUNT)),
            np.zeros((0, BACK_POINT_COUNT, 2)),
            np.zeros((0, BACK_POINT_COUNT)),
        )
    return (
        np.stack([o.landmarks_px for o in observations]).astype(np.float64),
        np.stack([o.visibility for o in observations]).astype(np.float64),
        np.stack([o.back.xy_px for o in observations]).astype(np.float64),
        np.stack([o.back.seen for o in observations]).astype(np.float64),
    )


def _smooth(
    seen_s: FloatArray, xy: FloatArray, times: FloatArray, settings: PoseSettings, trust: FloatArray | None = None
) -> FloatArray:
    """(N, K, 2) at the looked-at frames -> (T, K, 2) at all frames."""
    smoothed = np.full((len(times), *xy.shape[1:]), np.nan)
    for first in range(0, xy.shape[1], POINTS_AT_ONCE):
        part = slice(first, first + POINTS_AT_ONCE)
        group = xy[:, part]
        smoothed[:, part] = smooth_at(
            seen_s,
            group.reshape(len(xy), 2 * group.shape[1]),
            times,
            cutoff_hz=settings.cutoff_hz,
            max_gap_s=settings.max_gap_s,
            trust=None if trust is None else np.repeat(trust[:, part], 2, axis=1),
        ).reshape(len(times), *group.shape[1:])
    return smoothed


def _linear(seen_s: FloatArray, values: FloatArray, times: FloatArray) -> FloatArray:
    """(N, K) -> (T, K) straight between looked-at frames; 0 outside them."""
    if not len(seen_s):
        return np.zeros((len(times), values.shape[1]))
    columns = [np.interp(times, seen_s, column, left=0.0, right=0.0) for column in np.nan_to_num(values).T]
    return np.stack(columns, axis=1)
