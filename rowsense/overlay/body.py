"""The rower: back line coloured by posture, thin limbs, and a few angles as labels."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rowsense import palette
from rowsense.conventions import BACK_POINT_COUNT
from rowsense.marks import BACK_LABELS, BONES, FADED, JOINTS, LUMBAR_END, LUMBAR_START, SEEN_FROM, TILT_END
from rowsense.overlay.canvas import Canvas, LabelStyle, disc, line, place_label
from rowsense.overlay.scene import Scene

FloatArray = NDArray[np.float64]

_QUIET = LabelStyle(size_units=25, ink=palette.PAPER, ground=palette.INK, opacity=0.78)
_SMALL = LabelStyle(size_units=21, ink=palette.PAPER, ground=palette.INK, opacity=0.66)


def draw_back(canvas: Canvas, scene: Scene, row: int, scale: float) -> None:
    """The back line: tilt colours its lower third, lumbar flexion the part above; grey dashes where unseen."""
    points = scene.session.track.back_xy_px[row] * scale
    seen = scene.session.track.back_seen[row] >= SEEN_FROM
    colours = _back_colours(scene, row)
    joined = [i for i in range(len(points) - 1) if np.isfinite(points[i : i + 2]).all()]
    shown = [i for i in joined if seen[i] and seen[i + 1]]
    for i in joined:
        if i not in shown and i % 4 < 2:
            line(canvas, points[i], points[i + 1], palette.UNSEEN, 5)
    for i in shown:
        line(canvas, points[i], points[i + 1], palette.INK, 13)
    for i in shown:
        line(canvas, points[i], points[i + 1], colours[i], 9)


def _back_colours(scene: Scene, row: int) -> list[palette.Rgb]:
    angles = scene.session.angles
    tilt = palette.posture_position(float(angles["pelvic_tilt_deg"][row]), scene.tilt_middle_deg, False)
    flexion = palette.posture_position(float(angles["lumbar_flexion_deg"][row]), scene.flexion_middle_deg, True)
    along = np.linspace(0, 1, BACK_POINT_COUNT)
    lumbar_share = np.clip((along - TILT_END) / (LUMBAR_START - TILT_END), 0, 1)
    kept = 1 - np.clip((along - LUMBAR_END) / (FADED - LUMBAR_END), 0, 1)
    return [palette.posture_colour(_blend(tilt, flexion, s) * k) for s, k in zip(lumbar_share, kept, strict=True)]


def _blend(low: float, high: float, share: float) -> float:
    """Between two positions; a missing one does not spread over its border."""
    if share <= 0 or share >= 1:
        return high if share >= 1 else low
    return low + (high - low) * share


def draw_limbs(canvas: Canvas, scene: Scene, row: int, scale: float) -> None:
    """Thin lines between the near-side joints, and small discs on them."""
    joints = {name: xy * scale for name, xy in scene.joints(row).items()}
    for a, b in BONES:
        line(canvas, joints[a], joints[b], palette.INK, 5)
    for a, b in BONES:
        line(canvas, joints[a], joints[b], palette.PAPER, 2)
    for name in JOINTS:
        disc(canvas, joints[name], 6, palette.PAPER, palette.INK)


def body_points(scene: Scene, row: int, scale: float) -> FloatArray:
    """(N, 2) points spread over the rower, for labels to keep clear of."""
    joints = {name: xy * scale for name, xy in scene.joints(row).items()}
    back = scene.session.track.back_xy_px[row] * scale
    steps = np.linspace(0, 1, 9)[:, None]
    spread = [joints[a] + (joints[b] - joints[a]) * steps for a, b in BONES]
    trunk = joints["hip"] + (joints["shoulder"] - joints["hip"]) * np.linspace(0, 1, 16)[:, None]
    spread += [back[::4] + (trunk - back[::4]) * share for share in (0.0, 0.35, 0.7)]
    head = np.linalg.norm(joints["ear"] - joints["shoulder"])
    ring = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    spread += [joints["ear"] + share * head * np.stack([np.cos(ring), np.sin(ring)], 1) for share in (0.45, 0.9)]
    points = np.concatenate(spread)
    return points[np.isfinite(points).all(axis=1)]


def draw_angles(canvas: Canvas, scene: Scene, row: int, scale: float) -> None:
    """Hips, low back and trunk behind the back; knee and elbow as plain numbers at the joint."""
    angles = scene.session.angles
    back = scene.session.track.back_xy_px[row] * scale
    joints = {name: xy * scale for name, xy in scene.joints(row).items()}
    behind = scene.behind
    for name, share in BACK_LABELS:
        value = float(angles[name][row])
        if math.isfinite(value):
            anchor = back[round(share * (BACK_POINT_COUNT - 1))]
            offsets = [(behind * 135, d) for d in (0, -44, 44, -88, 88)]
            place_label(canvas, name, anchor, f"{scene.t(f'overlay.label.{name}')} {signed(value)}", offsets, _QUIET)
    beside = {
        "knee": [(0, -48), (-behind * 60, -40), (-behind * 90, 0), (0, -90)],
        "elbow": [(0, 48), (0, -48), (-behind * 60, -60), (-behind * 90, 40), (0, 90)],
    }
    for joint, offsets in beside.items():
        value = float(angles[f"{joint}_deg"][row])
        if math.isfinite(value):
            places = [(float(x), float(y)) for x, y in offsets]
            place_label(canvas, joint, joints[joint], f"{value:.0f}°", places, _SMALL)


def signed(value_deg: float) -> str:
    """``+12°`` / ``−12°`` / ``0°`` with a real minus sign."""
    whole = round(value_deg)
    return "0°" if whole == 0 else f"{'+' if whole > 0 else '−'}{abs(whole)}°"
