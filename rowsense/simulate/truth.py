"""The truth beside a simulated clip: one row a frame, one row a stroke."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import ANGLE_NAMES
from rowsense.simulate.body import BodyMesh
from rowsense.simulate.render import ClipRenderer

FloatArray = NDArray[np.float64]

#: Points of the true back line written beside each frame, from the seat to the base of the neck.
TRUTH_BACK_POINTS = 20
_JOINTS = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist", "ear")


@dataclass(frozen=True)
class BackLine:
    """Vertices of the skin's middle line at the back, from the seat to the base of the neck."""

    vertices: NDArray[np.int64]
    sacral_m: float
    """Rest height of S1 above the root joint."""
    thoracolumbar_m: float
    """Rest height of T12/L1."""
    rest: FloatArray
    """(N, 3) rest positions of the line."""


def find_back_line(body: BodyMesh) -> BackLine:
    """Pick the vertices of the middle line at the back of the rest mesh, bottom to top."""
    v = body.vertices
    trunk = body.weight_of("root", "pelvis", "spine", "clavicle", "neck01") > 0.6
    neck = body.heads[body.bone("neck01")]
    behind = v[:, 0] < np.interp(v[:, 1], [-0.2, 0.1, neck[1]], [-0.02, -0.025, neck[0] - 0.02])
    middle = trunk & behind & (np.abs(v[:, 2]) < 0.004 * (v[:, 1].max() / 0.8))
    found = np.flatnonzero(middle & (v[:, 1] > -0.09) & (v[:, 1] < neck[1] + 0.01))
    order = found[np.argsort(v[found, 1])]
    keep = [order[0]]
    for i in order[1:]:
        if v[i, 1] - v[keep[-1], 1] > 0.006:
            keep.append(i)
    chosen = np.array(keep)
    return BackLine(
        vertices=chosen,
        sacral_m=float(0.55 * body.heads[body.bone("spine04")][1]),
        thoracolumbar_m=float(body.heads[body.bone("spine02")][1]),
        rest=v[chosen],
    )


def surface_angles_deg(line: BackLine, posed: FloatArray) -> tuple[float, float]:
    """What inclinometers on the skin would read: tilt at S1, and lumbar flexion between S1 and T12/L1.

    ``posed`` is the line's bare skin, (N, 3) metres: cloth stands off unevenly and would turn both angles. Both are
    degrees relative to the rest pose; + anterior, + rounded.
    """
    sacral = _tangent_deg(line, posed, line.sacral_m) - _tangent_deg(line, line.rest, line.sacral_m)
    upper = _tangent_deg(line, posed, line.thoracolumbar_m) - _tangent_deg(line, line.rest, line.thoracolumbar_m)
    return sacral, upper - sacral


def _tangent_deg(line: BackLine, xyz: FloatArray, level_m: float, half_m: float = 0.045) -> float:
    """Forward lean of the skin at a rest height."""
    near = np.abs(line.rest[:, 1] - level_m) < half_m
    xy = xyz[near, :2] - xyz[near, :2].mean(axis=0)
    _, _, axes = np.linalg.svd(xy, full_matrices=False)
    direction = axes[0] * np.sign(axes[0] @ (xy[-1] - xy[0]))
    return float(np.degrees(np.arctan2(direction[0], direction[1])))


def _outline(line_px: FloatArray, trunk_px: FloatArray, behind_px: float, reach_px: float) -> FloatArray:
    """Move each point of the middle line out to where the trunk's outline is, across the line.

    ``behind_px`` is the sign that points out of the back: +1 when left of the way up the line, else -1.
    """
    tangent = np.gradient(line_px, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    outward = behind_px * np.stack([tangent[:, 1], -tangent[:, 0]], axis=1)
    out = line_px.copy()
    for i, (point, along, across) in enumerate(zip(line_px, tangent, outward, strict=True)):
        offset = trunk_px - point
        near = (np.abs(offset @ along) < 0.25 * reach_px) & (np.abs(offset @ across) < reach_px)
        if near.any():
            out[i] = point + across * max(float((offset[near] @ across).max()), 0.0)
    return out


def _along(xy: FloatArray, count: int) -> FloatArray:
    """Equally spaced points along a line."""
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(xy, axis=0), axis=1))])
    at = np.linspace(0.0, length[-1], count)
    return np.stack([np.interp(at, length, xy[:, 0]), np.interp(at, length, xy[:, 1])], axis=1)


class TruthWriter:
    """Collects truth frame by frame and writes ``<name>.truth.csv`` and ``<name>.events.csv``."""

    def __init__(self, renderer: ClipRenderer) -> None:
        self._renderer = renderer
        self._line = find_back_line(renderer.body)
        self._near = np.array([1.0, 1.0, 1.0 if renderer.spec.camera.facing == "right" else -1.0])
        self._trunk = renderer.body.weight_of("root", "pelvis", "spine", "clavicle", "shoulder01") > 0.5
        self._rows: list[list[str]] = []

    def add(self, index: int) -> None:
        """Take down one frame."""
        r, motion = self._renderer, self._renderer.motion
        tilt, lumbar = surface_angles_deg(self._line, r.rower.bare_skin(index, self._line.vertices))
        back = self.back_outline(index)
        joints = np.stack([getattr(motion.joints, name)[index] for name in (*_JOINTS, "handle")]) * self._near
        pixels, _ = r.camera.project(joints)
        row = [str(index), f"{motion.time_s[index]:.6f}", str(int(motion.stroke[index])), motion.phase[index]]
        row += [f"{motion.angles[name][index]:.3f}" for name in ANGLE_NAMES]
        row += [f"{tilt:.3f}", f"{lumbar:.3f}"]
        row += [f"{value:.2f}" for value in pixels[:-1].ravel()]
        row += [f"{pixels[-1, 0]:.2f}", f"{pixels[0, 0]:.2f}"]
        row += [f"{value:.1f}" for value in back.ravel()]
        self._rows.append(row)

    def back_outline(self, index: int) -> FloatArray:
        """(20, 2) the back's outline in the picture, clothes included, arms left out."""
        r = self._renderer
        posed = r.posed(index)
        line, _ = r.camera.project(posed[self._line.vertices])
        trunk, _ = r.camera.project(posed[self._trunk])
        side = 1.0 if r.spec.camera.facing == "left" else -1.0
        reach_px = 0.06 * r.camera.focal_px / r.spec.camera.distance_m
        return _outline(_along(line, TRUTH_BACK_POINTS), trunk, side * -1.0, reach_px)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write both tables."""
        name = self._renderer.spec.name
        frames, events = folder / f"{name}.truth.csv", folder / f"{name}.events.csv"
        with frames.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(truth_columns())
            writer.writerows(self._rows)
        found = self._renderer.motion.events
        with events.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(["stroke", "catch_time_s", "finish_time_s", "end_time_s"])
            for i in range(len(found)):
                times = (found.stroke_catch_s[i], found.stroke_finish_s[i], found.stroke_end_s[i])
                writer.writerow([i, *(f"{t:.5f}" for t in times)])
        return frames, events


def truth_columns() -> list[str]:
    """Column names of ``<name>.truth.csv``."""
    columns = ["frame", "time_s", "stroke", "phase", *ANGLE_NAMES, "pelvic_tilt_surface_deg"]
    columns += ["lumbar_flexion_surface_deg"]
    columns += [f"{joint}_{axis}_px" for joint in _JOINTS for axis in "xy"]
    columns += ["handle_x_px", "seat_x_px"]
    return columns + [f"bl{i:02d}_{axis}_px" for i in range(TRUTH_BACK_POINTS) for axis in "xy"]
