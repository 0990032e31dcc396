"""From looked-at frames to one row per decoded frame: repair, gate, smooth, fill short gaps.

1. Frames that show somebody else's body are taken out.
2. Swapped arms and legs are swapped back.
3. Landmarks the network did not see (low visibility) and jumps become NaN.
4. A zero-phase smoothing spline (:mod:`rowsense.pose.smoothing`) is fitted over each run without a long gap and
   read at every decoded frame, looked-at or not. What is not bridged stays NaN.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import ObservationSeries, PoseTrack
from rowsense.pose.pace import stroke_cutoff_hz
from rowsense.pose.repair import jumps, strangers, typical_trunk_px, unswap_sides
from rowsense.pose.smoothing import smooth_at
from rowsense.settings import PoseSettings

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.floating]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Points smoothed at a time: keeps the working copies of a long video small.
POINTS_AT_ONCE: Final = 2


def assemble(
    observations: ObservationSeries, all_times_s: FloatArray, all_frames: IntArray, settings: PoseSettings
) -> PoseTrack:
    """Landmarks and back line for every decoded frame.

    Parameters
    ----------
    observations : of the N looked-at frames; left as they are
    all_times_s, all_frames : (T,) presentation times and numbers of all decoded frames

    Returns
    -------
    PoseTrack with T rows. NaN where the rower was not seen for longer than ``settings.max_gap_s``, and before the
    first and after the last looked-at frame. ``inferred`` is False at frames that were not looked at. Visibility
    is the raw one, 0 where nobody was found, linear in between.
    """
    times = np.asarray(all_times_s, dtype=np.float64)
    frames = np.asarray(all_frames, dtype=np.int64)
    seen_s = observations.time_s

    stranger = strangers(observations.landmarks_px)
    xy = np.where(stranger[:, None, None], np.nan, observations.landmarks_px)
    visibility = np.where(stranger[:, None], 0.0, observations.visibility)
    xy, visibility, _ = unswap_sides(xy, visibility)
    xy[visibility < settings.min_visibility] = np.nan
    trunk_px = typical_trunk_px(xy)
    cutoff_hz = settings.cutoff_hz or stroke_cutoff_hz(seen_s, xy)

    def smoothed(values: SingleArray, trust: SingleArray | None = None) -> SingleArray:
        """(N, K, 2) -> (T, K, 2) without jumps, a few points at a time."""
        out = np.empty((len(times), *values.shape[1:]), dtype=np.float32)
        for first in range(0, values.shape[1], POINTS_AT_ONCE):
            part = slice(first, first + POINTS_AT_ONCE)
            points = np.where(stranger[:, None, None], np.nan, values[:, part]).astype(np.float64)
            points[jumps(points, seen_s, trunk_px)] = np.nan
            weight = None if trust is None else np.repeat(trust[:, part].astype(np.float64), 2, axis=1)
            out[:, part] = smooth_at(
                seen_s,
                points.reshape(len(points), 2 * points.shape[1]),
                times,
                cutoff_hz=cutoff_hz,
                max_gap_s=settings.max_gap_s,
                trust=weight,
            ).reshape(len(times), *points.shape[1:])
        return out

    spine_deg, spine_sd_deg = _spine(observations, stranger, times, cutoff_hz, settings.max_gap_s)
    landmarks_px = smoothed(xy)
    del xy  # one working copy of a long video at a time
    return PoseTrack(
        frame=frames,
        time_s=times,
        xy_px=landmarks_px,
        visibility=_linear(seen_s, visibility, times),
        back_xy_px=smoothed(observations.back_xy_px, observations.back_seen),
        back_seen=_linear(seen_s, np.where(stranger[:, None], 0.0, observations.back_seen), times),
        inferred=np.isin(frames, observations.frame),
        spine_deg=spine_deg,
        spine_sd_deg=spine_sd_deg,
    )


def _spine(
    observations: ObservationSeries, stranger: BoolArray, times: FloatArray, cutoff_hz: float, max_gap_s: float
) -> tuple[SingleArray, SingleArray]:
    """(T, 3) spine angles and their sds at every decoded frame; a doubtful reading counts less than a sure one."""
    angles = np.where(stranger[:, None], np.nan, observations.spine_deg).astype(np.float64)
    sd = np.where(np.isnan(angles), np.nan, observations.spine_sd_deg).astype(np.float64)
    known = np.isfinite(sd)
    usual = np.array([np.median(c[k]) if k.any() else np.nan for c, k in zip(sd.T, known.T, strict=True)])
    trust = np.where(known, (usual / np.where(known, sd, 1.0)) ** 2, 0.0)
    smooth = smooth_at(observations.time_s, angles, times, cutoff_hz=cutoff_hz, max_gap_s=max_gap_s, trust=trust)
    wide = np.full(smooth.shape, np.nan)
    for k in np.flatnonzero(known.any(axis=0)):
        there = known[:, k]
        wide[:, k] = np.interp(times, observations.time_s[there], sd[there, k])
    wide[np.isnan(smooth)] = np.nan
    return smooth.astype(np.float32), wide.astype(np.float32)


def _linear(seen_s: FloatArray, values: SingleArray, times: FloatArray) -> SingleArray:
    """(N, K) -> (T, K) straight between looked-at frames; 0 outside them."""
    out = np.zeros((len(times), values.shape[1]), dtype=np.float32)
    if len(seen_s):
        for column, known in enumerate(values.T):
            out[:, column] = np.interp(times, seen_s, np.nan_to_num(known), left=0.0, right=0.0)
    return out
