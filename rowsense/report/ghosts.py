"""Bodies to lay over each other: what is drawn of a posture, as a drawing for a page and on a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from rowsense.model import Posture
from rowsense.palette import PHASE_WORDS, Rgb

FloatArray = NDArray[np.float64]

#: Limbs and how thick they are drawn, trunk lengths. Thick enough to look like a body, no measurement.
_LIMBS: Final = (
    ("hip", "knee", 0.22), ("knee", "ankle", 0.15), ("ankle", "foot_index", 0.11), ("shoulder", "elbow", 0.13),
    ("elbow", "wrist", 0.10), ("shoulder", "hip", 0.20),
)  # fmt: skip
_HEAD: Final = 0.19
"""Radius."""
_BACK: Final = 0.045
#: Room around the bodies, trunk lengths.
_AIR: Final = 0.32


@dataclass(frozen=True, slots=True)
class Ghost:
    """What is drawn of one posture, trunk lengths from the hip, y up."""

    limbs: tuple[tuple[FloatArray, float], ...]
    """(2, 2) ends, and thickness."""
    trunk: FloatArray
    """(N, 2) outline between back line and the line hip to shoulder; empty where the back was not seen."""
    head: FloatArray
    """(2,) middle; NaN = not seen."""
    backs: tuple[FloatArray, ...]
    """Seen stretches of the back line, (N, 2) each."""

    @property
    def points(self) -> FloatArray:
        """(N, 2) all that is known."""
        parts = [ends for ends, _ in self.limbs] + [self.trunk, *self.backs]
        return np.concatenate([p.reshape(-1, 2) for p in [*parts, self.head[None]]])


def ghost_of(posture: Posture) -> Ghost:
    """The drawing of a posture; what was not seen is left out."""
    joints, back = posture.joints, posture.back_xy
    limbs = tuple(
        (ends, width) for a, b, width in _LIMBS if np.isfinite(ends := np.stack([joints[a], joints[b]])).all()
    )
    known = np.asarray(np.isfinite(back).all(axis=1))
    trunk = np.empty((0, 2))
    if known.any() and np.isfinite(joints["shoulder"]).all():
        trunk = np.concatenate([[joints["hip"]], back[known], [joints["shoulder"]]])
    return Ghost(limbs, trunk, joints["ear"], _stretches(back, known))


def _stretches(back: FloatArray, known: NDArray[np.bool_]) -> tuple[FloatArray, ...]:
    borders = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(int)))
    return tuple(back[a:b] for a, b in borders.reshape(-1, 2) if b - a > 1)


def bounds(ghosts: Sequence[Ghost]) -> tuple[float, float, float, float]:
    """left, bottom, right, top that hold all of them with some air, so that every moment is drawn at one size."""
    points = np.concatenate([g.points for g in ghosts])
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return -1.0, -1.0, 1.0, 1.0
    (left, bottom), (right, top) = points.min(axis=0) - _AIR, points.max(axis=0) + _AIR
    return float(left), float(bottom), float(right), float(top)


def svg(first: Ghost, second: Ghost, box: tuple[float, float, float, float], words: str) -> Markup:
    """Both over each other; colours and strength come from the page's style (``ghost first``, ``ghost second``)."""
    left, bottom, right, top = box
    view = f"{100 * left:.0f} {-100 * top:.0f} {100 * (right - left):.0f} {100 * (top - bottom):.0f}"
    bodies = [_svg_body(g, side) for g, side in ((first, "first"), (second, "second"))]
    backs = [_svg_backs(g, side) for g, side in ((first, "first"), (second, "second"))]
    inside = "".join([*bodies, *backs])
    return Markup('<svg viewBox="{}" role="img" aria-label="{}">{}</svg>').format(view, words, Markup(inside))


def _svg_points(points: FloatArray) -> str:
    return " ".join(f"{100 * x:.1f},{-100 * y:.1f}" for x, y in points)


def _svg_body(ghost: Ghost, side: str) -> str:
    parts = [
        f'<polyline points="{_svg_points(ends)}" style="stroke-width:{100 * width:.0f}"/>'
        for ends, width in ghost.limbs
    ]
    if len(ghost.trunk):
        parts.append(f'<polygon points="{_svg_points(ghost.trunk)}"/>')
    if np.isfinite(ghost.head).all():
        x, y = 100 * ghost.head
        parts.append(f'<circle cx="{x:.1f}" cy="{-y:.1f}" r="{100 * _HEAD:.0f}"/>')
    return f'<g class="ghost {side}">{"".join(parts)}</g>'


def _svg_backs(ghost: Ghost, side: str) -> str:
    lines = "".join(
        f'<polyline points="{_svg_points(b)}" style="stroke-width:{100 * _BACK:.1f}"/>' for b in ghost.backs
    )
    return f'<g class="ghost-back {side}">{lines}</g>'


def paint(
    sheet: Image.Image, ghost: Ghost, colour: Rgb, box: tuple[float, float, float, float], at: tuple[int, int],
    px_per_trunk: float, *, body: bool,
) -> None:  # fmt: skip
    """Draw one on a picture: the body as one veil, or its back line; ``at``: where the box's upper left corner goes."""

    def placed(points: FloatArray) -> list[tuple[float, float]]:
        shown = (points - [box[0], box[3]]) * [px_per_trunk, -px_per_trunk] + at
        return [(float(x), float(y)) for x, y in shown]

    mask = Image.new("L", sheet.size, 0)
    draw = ImageDraw.Draw(mask)
    lines = ghost.limbs if body else tuple((b, _BACK) for b in ghost.backs)
    for points, width in lines:
        thick = width * px_per_trunk
        draw.line(placed(points), fill=255, width=max(1, round(thick)), joint="curve")
        for x, y in (placed(points)[0], placed(points)[-1]):
            draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=255)
    if body and len(ghost.trunk):
        draw.polygon(placed(ghost.trunk), fill=255)
    if body and np.isfinite(ghost.head).all():
        (x, y), r = placed(ghost.head[None])[0], _HEAD * px_per_trunk
        draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
    strength = VEIL if body else 1.0
    sheet.paste(Image.new("RGB", sheet.size, colour), (0, 0), mask.point(lambda v: round(v * strength)))


#: How much of a body's colour there is where only it is.
VEIL: Final = 0.38


def moment_words(moment: str) -> str:
    """As a title."""
    return PHASE_WORDS[moment].capitalize()
