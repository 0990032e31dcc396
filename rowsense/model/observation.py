"""What is kept of one frame once its picture and its silhouette are gone."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_COUNT, SPINE_ANGLE_NAMES, SPINE_FEATURE_COUNT
from rowsense.model._checks import Problems

FloatArray = NDArray[np.float64]
HalfArray = NDArray[np.float16]
SingleArray = NDArray[np.floating]
"""Positions over time are kept in single precision: 0.0002 px, and half the memory of a long video."""


@dataclass(frozen=True, slots=True)
class BackLine:
    """The visible outline of the back from the seat (index 0) to the base of the neck (last index)."""

    xy_px: FloatArray
    """(BACK_POINT_COUNT, 2) picture pixels at equal arc length; NaN where there is no outline at all."""
    seen: FloatArray
    """(BACK_POINT_COUNT,) 0..1: 1 = outline of the back itself, 0 = hidden or bridged."""

    def __post_init__(self) -> None:
        problems = Problems("BackLine")
        problems.shape("xy_px", self.xy_px, (BACK_POINT_COUNT, 2))
        problems.shape("seen", self.seen, (BACK_POINT_COUNT,))
        problems.raise_if_any()

    @classmethod
    def missing(cls) -> BackLine:
        """A frame without a back line."""
        return cls(np.full((BACK_POINT_COUNT, 2), np.nan), np.zeros(BACK_POINT_COUNT))


@dataclass(frozen=True, slots=True)
class SpineReading:
    """Pelvis and spine as read from one frame by itself, in the picture: camera roll is still in the tilt."""

    angles_deg: FloatArray
    """(3,) pelvic tilt against the picture's vertical, lumbar and thoracic flexion; NaN = not read."""
    sd_deg: FloatArray
    """(3,) standard deviations after the rower's constant offset is removed; NaN = not read."""
    outline_px: FloatArray
    """(K, 2) where the outline of the back is expected, from the seat to the base of the neck, picture pixels."""
    unfamiliarity: float
    """How far the frame lies from those that the reader was fitted on: 1 = further than 99 in 100 of them."""
    features: HalfArray
    """(SPINE_FEATURE_COUNT,) what the frame tells of spine and rower, for reading it together with others of its
    recording; NaN = not read."""

    def __post_init__(self) -> None:
        problems = Problems("SpineReading")
        problems.shape("angles_deg", self.angles_deg, (len(SPINE_ANGLE_NAMES),))
        problems.shape("sd_deg", self.sd_deg, (len(SPINE_ANGLE_NAMES),))
        problems.shape("outline_px", self.outline_px, (None, 2))
        problems.shape("features", self.features, (SPINE_FEATURE_COUNT,))
        problems.raise_if_any()

    @classmethod
    def missing(cls) -> SpineReading:
        """A frame in which the spine cannot be read."""
        unknown = np.full(len(SPINE_ANGLE_NAMES), np.nan)
        return cls(unknown, unknown, np.empty((0, 2)), np.nan, np.full(SPINE_FEATURE_COUNT, np.nan, dtype=np.float16))


@dataclass(frozen=True, slots=True)
class PoseObservation:
    """Landmarks and silhouette of the rower in one frame, as the estimator gives them."""

    landmarks_px: FloatArray
    """(33, 2) picture pixels; NaN where the person was not found."""
    visibility: FloatArray
    """(33,) 0..1."""
    mask: NDArray[np.float32] | None
    """(h, w) 0..1 probability of "person"; its pixels map to the picture by ``mask_to_picture``."""
    mask_to_picture: FloatArray = field(default_factory=lambda: np.eye(2, 3))
    """(2, 3) affine: picture position (source pixels) = ``[:, :2] @ (column + 0.5, row + 0.5) + [:, 2]``."""

    def __post_init__(self) -> None:
        problems = Problems("PoseObservation")
        problems.shape("landmarks_px", self.landmarks_px, (LANDMARK_COUNT, 2))
        problems.shape("visibility", self.visibility, (LANDMARK_COUNT,))
        problems.shape("mask_to_picture", self.mask_to_picture, (2, 3))
        problems.raise_if_any()

    @property
    def found(self) -> bool:
        """Whether a person was found."""
        return bool(np.isfinite(self.landmarks_px).any())


@dataclass(frozen=True, slots=True)
class FrameObservation:
    """The small record that leaves the per-frame half: no picture, no mask."""

    frame: int
    time_s: float
    landmarks_px: FloatArray
    """(33, 2) picture pixels, NaN where not found."""
    visibility: FloatArray
    """(33,) 0..1."""
    back: BackLine
    spine: SpineReading
    background_shift_px: tuple[float, float]
    """Movement of the background since it was last looked at (x, y), source pixels; NaN where it was not."""


@dataclass(frozen=True, slots=True)
class ObservationSeries:
    """The records of all looked-at frames of a clip, time on the first axis: N rows in order of time."""

    frame: NDArray[np.int64]
    """(N,)"""
    time_s: FloatArray
    """(N,)"""
    landmarks_px: SingleArray
    """(N, 33, 2)"""
    visibility: SingleArray
    """(N, 33)"""
    back_xy_px: SingleArray
    """(N, 64, 2)"""
    back_seen: SingleArray
    """(N, 64)"""
    spine_deg: SingleArray
    """(N, 3) as in :class:`SpineReading`."""
    spine_sd_deg: SingleArray
    """(N, 3)"""
    spine_features: HalfArray
    """(N, SPINE_FEATURE_COUNT)"""
    background_shift_px: FloatArray
    """(N, 2)"""

    def __post_init__(self) -> None:
        count = len(self.frame)
        problems = Problems("ObservationSeries")
        problems.shape("time_s", self.time_s, (count,))
        problems.shape("landmarks_px", self.landmarks_px, (count, LANDMARK_COUNT, 2))
        problems.shape("visibility", self.visibility, (count, LANDMARK_COUNT))
        problems.shape("back_xy_px", self.back_xy_px, (count, BACK_POINT_COUNT, 2))
        problems.shape("back_seen", self.back_seen, (count, BACK_POINT_COUNT))
        problems.shape("spine_deg", self.spine_deg, (count, len(SPINE_ANGLE_NAMES)))
        problems.shape("spine_sd_deg", self.spine_sd_deg, (count, len(SPINE_ANGLE_NAMES)))
        problems.shape("spine_features", self.spine_features, (count, SPINE_FEATURE_COUNT))
        problems.shape("background_shift_px", self.background_shift_px, (count, 2))
        problems.raise_if_any()

    def __len__(self) -> int:
        return len(self.frame)

    @classmethod
    def blank(cls, count: int) -> ObservationSeries:
        """Room for ``count`` frames, to be filled with :meth:`put`; frame -1 until then."""
        return cls(
            frame=np.full(count, -1, dtype=np.int64),
            time_s=np.full(count, np.nan),
            landmarks_px=np.full((count, LANDMARK_COUNT, 2), np.nan, dtype=np.float32),
            visibility=np.zeros((count, LANDMARK_COUNT), dtype=np.float32),
            back_xy_px=np.full((count, BACK_POINT_COUNT, 2), np.nan, dtype=np.float32),
            back_seen=np.zeros((count, BACK_POINT_COUNT), dtype=np.float32),
            spine_deg=np.full((count, len(SPINE_ANGLE_NAMES)), np.nan, dtype=np.float32),
            spine_sd_deg=np.full((count, len(SPINE_ANGLE_NAMES)), np.nan, dtype=np.float32),
            spine_features=np.full((count, SPINE_FEATURE_COUNT), np.nan, dtype=np.float16),
            background_shift_px=np.full((count, 2), np.nan),
        )

    def put(self, row: int, one: FrameObservation) -> None:
        """Write one frame's record into its row."""
        self.frame[row], self.time_s[row] = one.frame, one.time_s
        self.landmarks_px[row], self.visibility[row] = one.landmarks_px, one.visibility
        self.back_xy_px[row], self.back_seen[row] = one.back.xy_px, one.back.seen
        self.spine_deg[row], self.spine_sd_deg[row] = one.spine.angles_deg, one.spine.sd_deg
        self.spine_features[row] = one.spine.features
        self.background_shift_px[row] = one.background_shift_px

    def filled(self) -> ObservationSeries:
        """Only the rows that were put in; frames that could not be decoded have none."""
        there = self.frame >= 0
        if there.all():
            return self
        return ObservationSeries(*(getattr(self, column.name)[there] for column in fields(self)))
