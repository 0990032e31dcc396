"""Drawn silhouettes with a back whose outline is known exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import LANDMARK_COUNT, LANDMARK_INDEX
from rowsense.model import PoseObservation

FloatArray = NDArray[np.float64]
WIDTH_PX, HEIGHT_PX = 480, 400


@dataclass(frozen=True)
class Body:
    """A trunk that faces right: thick curve from the seat to the neck, head, thigh, and arm."""

    hip: tuple[float, float] = (240.0, 300.0)
    trunk_px: float = 150.0
    lean_deg: float = 0.0
    bend_deg: float = 0.0
    """Turn of the centre line from hip to shoulder: a circle's arc, + = rounded (bulging backwards)."""
    half_px: float = 36.0
    elbow: tuple[float, float] | None = None
    """Elbow relative to the shoulder, in trunk lengths (x to the flywheel, y down); None: arm straight ahead."""
    wall_px: tuple[int, int] | None = None
    """Rows of a blob that joins the back to the picture's left border."""
    noise: float = 0.0
    facing: str = "right"

    def centre(self, level: FloatArray) -> FloatArray:
        """Points (N, 2) of the trunk's centre line at levels of it, 0 hip, 1 shoulder."""
        bend, lean = np.radians(self.bend_deg), np.radians(self.lean_deg)
        steps = np.linspace(0.0, 1.0, 2001)
        heading = lean - bend / 2 + bend * steps  # forward from up
        x = np.concatenate([[0.0], np.cumsum(np.sin(heading[:-1]) * np.diff(steps))])
        y = np.concatenate([[0.0], np.cumsum(np.cos(heading[:-1]) * np.diff(steps))])
        at = np.clip(level, 0.0, 1.0)
        over = level - at
        end = heading[-1]
        px = self.hip[0] + self.trunk_px * (np.interp(at, steps, x) + over * np.sin(end))
        py = self.hip[1] - self.trunk_px * (np.interp(at, steps, y) + over * np.cos(end))
        return np.column_stack([px, py])

    def back_distance(self, points: FloatArray) -> FloatArray:
        """Distance (N,) in pixels from points to the true outline of the back between hip and shoulder."""
        level = np.linspace(0.0, 1.0, 4001)
        line = self.centre(level)
        tangent = np.gradient(line, axis=0)
        tangent /= np.hypot(tangent[:, 0], tangent[:, 1])[:, None]
        outline = line + self.half_px * np.column_stack([tangent[:, 1], -tangent[:, 0]])
        if self.facing == "left":
            points = np.column_stack([WIDTH_PX - points[:, 0], points[:, 1]])
        gap = points[:, None] - outline[None]
        return np.asarray(np.hypot(gap[..., 0], gap[..., 1]).min(axis=1))

    def directions_deg(self, level: FloatArray) -> FloatArray:
        """True direction of the back at levels 0..1, forward from up."""
        return self.lean_deg - self.bend_deg / 2 + self.bend_deg * np.asarray(level)

    def joints(self) -> dict[str, FloatArray]:
        """Picture positions of the joints, before mirroring."""
        hip, shoulder = self.centre(np.array([0.0, 1.0]))
        elbow = np.array(self.elbow if self.elbow is not None else (0.6, 0.05))
        neck = self.centre(np.array([1.45]))[0]
        return {
            "hip": hip,
            "shoulder": shoulder,
            "ear": neck,
            "elbow": shoulder + self.trunk_px * elbow,
            "wrist": shoulder + self.trunk_px * np.array([0.9, 0.35 if self.elbow is not None else 0.1]),
            "knee": hip + self.trunk_px * np.array([0.8, -0.4]),
        }

    def mirrored(self) -> Body:
        """The same body facing left."""
        return replace(self, facing="left")

    def observation(self, scale: float = 1.0) -> PoseObservation:
        """What a perfect pose model would say, in a mask of ``scale`` times the drawing's size."""
        factor = 4
        mask = np.zeros((HEIGHT_PX * factor, WIDTH_PX * factor), np.uint8)
        joints = self.joints()

        def stroke(points: FloatArray, half_px: float) -> None:
            pixels = np.round(points * factor * 16).astype(np.int32)
            cv2.polylines(mask, [pixels.reshape(-1, 1, 2)], False, 255, round(2 * half_px * factor), cv2.LINE_8, 4)

        stroke(self.centre(np.linspace(-0.1, 1.0, 200)), self.half_px)
        stroke(np.array([joints["shoulder"], joints["ear"]]), 0.5 * self.half_px)
        stroke(np.array([joints["ear"], joints["ear"] + 1.0]), 0.8 * self.half_px)
        stroke(np.array([joints["hip"], joints["knee"]]), 0.6 * self.half_px)
        stroke(np.array([joints["shoulder"], joints["elbow"], joints["wrist"]]), 0.3 * self.half_px)
        if self.wall_px is not None:
            mask[self.wall_px[0] * factor : self.wall_px[1] * factor, : int(self.hip[0] * factor)] = 255
        soft = cv2.resize(mask, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
        soft = cv2.GaussianBlur(soft, (0, 0), 1.5).astype(np.float32)
        if self.noise:
            grain = np.random.default_rng(0).normal(0, self.noise, soft.shape).astype(np.float32)
            soft = np.clip(soft + cv2.GaussianBlur(grain, (0, 0), 1.0), 0, 1).astype(np.float32)
        if scale != 1.0:
            size = (round(WIDTH_PX * scale), round(HEIGHT_PX * scale))
            soft = cv2.resize(soft, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        return self._observation(joints, soft)

    def _observation(self, joints: dict[str, FloatArray], mask: NDArray[np.float32]) -> PoseObservation:
        xy = np.full((LANDMARK_COUNT, 2), np.nan)
        visibility = np.zeros(LANDMARK_COUNT)
        for name, place in joints.items():
            for side in ("left", "right"):
                xy[LANDMARK_INDEX[f"{side}_{name}"]] = place
                visibility[LANDMARK_INDEX[f"{side}_{name}"]] = 0.9
        sx, sy = WIDTH_PX / mask.shape[1], HEIGHT_PX / mask.shape[0]
        mapping = np.array([[sx, 0.0, 0.0], [0.0, sy, 0.0]])
        if self.facing == "left":
            # As the estimator does: the network saw the rower facing right, the mapping mirrors back.
            xy[:, 0] = WIDTH_PX - xy[:, 0]
            mapping = np.array([[-sx, 0.0, WIDTH_PX], [0.0, sy, 0.0]])
        return PoseObservation(xy, visibility, np.ascontiguousarray(mask), mapping)
