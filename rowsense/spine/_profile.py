"""The back line as numbers that do not depend on the picture: directions and depths along it, seen from the trunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import BACK_POINT_COUNT
from rowsense.model import SideView

FloatArray = NDArray[np.float64]

#: Windows along the line in which a direction is fitted: centres and half width in points. [D] Nine points are about
#: a seventh of the line (10 cm): longer smooths the low back away, shorter is noisy (the pose network's own mask has
#: about one pixel per point).
WINDOW_CENTRES = (6, 11, 16, 21, 26, 31, 36, 41, 46, 51, 56)
WINDOW_HALF = 4

#: The same directions at heights above the hip instead of at places along the line, in trunk lengths; between points
#: this far below and above. [D] The line's own places drift by up to a tenth of it as the trunk leans, heights do not.
HEIGHTS = tuple(round(-0.1 + 0.1 * k, 1) for k in range(12))
HEIGHT_HALF = 0.07


@dataclass(frozen=True, slots=True)
class BackProfile:
    """Shape of the back over time; T frames, K windows from the seat to the neck."""

    lean_deg: FloatArray
    """(T,) hip to shoulder against the vertical, + towards the flywheel."""
    direction_deg: FloatArray
    """(T, K) direction of the line, upwards, minus the lean; + turned towards the flywheel."""
    depth: FloatArray
    """(T, K) distance behind the line from hip to shoulder, in the clip's median trunk lengths."""
    level: FloatArray
    """(T, K) place along the line from hip (0) to shoulder (about 1), in the clip's median trunk lengths."""
    height_direction_deg: FloatArray
    """(T, H) direction of the line at ``HEIGHTS`` above the hip, minus the lean."""
    trunk_ratio: FloatArray
    """(T,) hip to shoulder in the clip's median trunk lengths, minus 1: it shortens when the back rounds."""
    thigh_deg: FloatArray
    """(T,) hip to knee against the vertical, minus the lean."""
    seen: FloatArray
    """(T, K) 0..1."""

    def features(self) -> FloatArray:
        """(T, ``FEATURE_COUNT``) all shape numbers side by side, lengths in hundredths of the trunk."""
        return np.column_stack(
            [
                self.direction_deg,
                100.0 * self.depth,
                100.0 * self.level,
                100.0 * self.trunk_ratio,
                self.lean_deg,
                self.thigh_deg,
                self.height_direction_deg,
            ]
        )


FEATURE_COUNT = 3 * len(WINDOW_CENTRES) + 3 + len(HEIGHTS)


def back_profile(view: SideView) -> BackProfile:
    """Describe the back in every frame; NaN where the line, the hip or the shoulder is missing."""
    hip, shoulder, knee = view.joints["hip"], view.joints["shoulder"], view.joints["knee"]
    trunk = shoulder - hip
    length = np.hypot(trunk[:, 0], trunk[:, 1])
    scale = _median(length)
    lean = np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1]))
    up = trunk / np.where(length > 0, length, np.nan)[:, None]
    from_hip = view.back_xy - hip[:, None]
    level = (from_hip * up[:, None]).sum(axis=-1) / scale
    depth = (from_hip[..., 0] * -up[:, None, 1] + from_hip[..., 1] * up[:, None, 0]) / scale
    thigh = knee - hip
    thigh_deg = np.degrees(np.arctan2(thigh[:, 0], thigh[:, 1]))
    return BackProfile(
        lean_deg=lean,
        direction_deg=_wrap(_direction_deg(view.back_xy) - lean[:, None]),
        depth=_window_mean(depth),
        level=_window_mean(level),
        height_direction_deg=_height_direction_deg(level, depth),
        trunk_ratio=length / scale - 1.0,
        thigh_deg=_wrap(thigh_deg - lean),
        seen=_window_mean(view.back_seen),
    )


def _median(length: FloatArray) -> float:
    """Median of what is known; NaN where nothing is."""
    known = length[np.isfinite(length)]
    return float(np.median(known)) if known.size else float("nan")


def _windows() -> FloatArray:
    """(K, 2 * half + 1) point numbers of every window."""
    return np.array(WINDOW_CENTRES)[:, None] + np.arange(-WINDOW_HALF, WINDOW_HALF + 1)


def _window_mean(value: NDArray[np.floating]) -> FloatArray:
    """Mean over every window of (T, BACK_POINT_COUNT): (T, K)."""
    assert value.shape[1] == BACK_POINT_COUNT
    return np.asarray(value[:, _windows()].mean(axis=2))


def _direction_deg(xy: FloatArray) -> FloatArray:
    """Least-squares direction of every window, upwards, against the vertical (T, K); + towards the flywheel."""
    slope = np.arange(-WINDOW_HALF, WINDOW_HALF + 1, dtype=float)
    along = np.einsum("tkwc,w->tkc", xy[:, _windows()], slope)
    return np.degrees(np.arctan2(along[..., 0], along[..., 1]))


def _height_direction_deg(level: FloatArray, depth: FloatArray) -> FloatArray:
    """Direction against the trunk line between two heights around each of ``HEIGHTS``: (T, H)."""
    found = np.full((len(level), len(HEIGHTS)), np.nan)
    heights = np.array(HEIGHTS)
    for t in np.flatnonzero(np.isfinite(level).all(axis=1) & np.isfinite(depth).all(axis=1)):
        # A line that runs down for a few points (seat, neck) counts from where it first was that high.
        rising = np.maximum.accumulate(level[t]) + 1e-6 * np.arange(level.shape[1])
        upper = np.interp(heights + HEIGHT_HALF, rising, depth[t])
        lower = np.interp(heights - HEIGHT_HALF, rising, depth[t])
        found[t] = np.degrees(np.arctan2(lower - upper, 2.0 * HEIGHT_HALF))
    return found


def _wrap(angle_deg: FloatArray) -> FloatArray:
    """Into -180..180."""
    return (angle_deg + 180.0) % 360.0 - 180.0
