"""Stored landmarks in place of a network: what the tests and re-runs without inference use."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_COUNT, SPINE_ANGLE_NAMES, SPINE_FEATURE_COUNT
from rowsense.model import Frame, ObservationSeries, PoseObservation, PoseTrack

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.floating]


class ReplayPose:
    """Answers like :class:`~rowsense.pose.mediapipe_estimator.MediaPipePose`, from stored landmarks.

    ``frames``: (N,) frame numbers; ``landmarks_px``: (N, 33, 2); ``visibility``: (N, 33), 1 where left out. A frame
    that is not stored has nobody in it. There are no silhouettes.
    """

    def __init__(self, frames: Sequence[int], landmarks_px: SingleArray, visibility: SingleArray | None = None) -> None:
        shown = np.ones(landmarks_px.shape[:2]) if visibility is None else visibility
        self._stored = {int(f): (xy, v) for f, xy, v in zip(frames, landmarks_px, shown, strict=True)}

    @classmethod
    def from_track(cls, track: PoseTrack) -> Self:
        """Replay a stored track."""
        return cls(track.frame.tolist(), track.xy_px, track.visibility)

    def observe(self, frame: Frame) -> PoseObservation:
        """The stored landmarks of this frame."""
        nobody = np.full((LANDMARK_COUNT, 2), np.nan), np.zeros(LANDMARK_COUNT)
        xy, visibility = self._stored.get(frame.index, nobody)
        return PoseObservation(xy, visibility, None)

    def close(self) -> None:
        """Nothing to free."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def observations_from(
    frames: Sequence[int],
    time_s: FloatArray,
    landmarks_px: FloatArray,
    visibility: FloatArray | None = None,
    back_xy_px: FloatArray | None = None,
    back_seen: FloatArray | None = None,
) -> ObservationSeries:
    """Stored arrays, time on the first axis, as the per-frame half would have given them."""
    count = len(frames)
    back = np.full((count, BACK_POINT_COUNT, 2), np.nan) if back_xy_px is None else back_xy_px
    outlined = np.isfinite(back).all(axis=2)
    return ObservationSeries(
        frame=np.asarray(frames, dtype=np.int64),
        time_s=time_s,
        landmarks_px=landmarks_px,
        visibility=np.ones((count, LANDMARK_COUNT)) if visibility is None else visibility,
        back_xy_px=back,
        back_seen=np.where(outlined, 1.0, 0.0) if back_seen is None else back_seen,
        spine_deg=np.full((count, len(SPINE_ANGLE_NAMES)), np.nan),
        spine_sd_deg=np.full((count, len(SPINE_ANGLE_NAMES)), np.nan),
        spine_features=np.full((count, SPINE_FEATURE_COUNT), np.nan, dtype=np.float16),
        background_shift_px=np.full((count, 2), np.nan),
    )
