"""What is kept of one frame once its picture and its silhouette are gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_COUNT
from rowsense.model._checks import Problems

FloatArray = NDArray[np.float64]


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
class PoseObservation:
    """Landmarks and silhouette of the rower in one frame, as the estimator gives them."""

    landmarks_px: FloatArray
    """(33, 2) picture pixels; NaN where the person was not found."""
    visibility: FloatArray
    """(33,) 0..1."""
    mask: NDArray[np.float32] | None
    """(h, w) 0..1 probability of "person"; its pixels map to the picture by ``mask_to_picture``."""
    mask_to_picture: tuple[float, float, float, float] = (1.0, 0.0, 1.0, 0.0)
    """(sx, ox, sy, oy): x_picture = sx * (column + 0.5) + ox, y_picture = sy * (row + 0.5) + oy (source pixels).
    sx is negative when the picture was mirrored before inference."""

    def __post_init__(self) -> None:
        problems = Problems("PoseObservation")
        problems.shape("landmarks_px", self.landmarks_px, (LANDMARK_COUNT, 2))
        problems.shape("visibility", self.visibility, (LANDMARK_COUNT,))
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
    background_shift_px: tuple[float, float]
    """Movement of the background since it was last looked at (x, y), source pixels; NaN where it was not."""
