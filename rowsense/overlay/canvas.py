"""Drawing on a video frame: sub-pixel lines, readable text and labels that keep out of each other's way.

Everything is sized in *units*: one unit is one pixel of a picture 1080 pixels high, so a drawing looks the
same on 480p and on 4K. Pixels that nothing is drawn on stay exactly as they were.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense.palette import Rgb

FloatArray = NDArray[np.float64]
Image = NDArray[np.uint8]
Rect = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels, half-open."""

_SHIFT = 4
_ONE = 1 << _SHIFT
REGULAR, BOLD = 450, 650
#: On pictures lower than 500 pixels the drawing no longer shrinks, or nobody could read it.
_MIN_UNIT_PX = 0.46
#: Labels keep this far from the edge, and so off the border of a faulty frame.
_EDGE_UNITS = 22
_of_thread = threading.local()


def _font() -> cv2.FontFace:
    """OpenCV's font carries size and weight of what is being written: each thread needs its own."""
    if not hasattr(_of_thread, "font"):
        _of_thread.font = cv2.FontFace("sans")
    font: cv2.FontFace = _of_thread.font
    return font


@dataclass(slots=True)
class Canvas:
    """A picture being drawn on, the size of a unit, and the places already taken by labels."""

    image: Image
    unit_px: float
    bounds: Rect
    """Labels stay inside."""
    taken: list[Rect] = field(default_factory=list)
    avoid: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
    """(N, 2) points on the rower that labels should leave free."""
    labels: list[Label] = field(default_factory=list)
    """Placed, not yet drawn."""
    kept: dict[str, int] = field(default_factory=dict)
    """Label key -> which of its places it took last: carried from frame to frame, labels do not flicker."""

    def px(self, units: float) -> int:
        """Whole pixels (at least one) for a length in units."""
        return max(1, round(units * self.unit_px))


def canvas_for(image: Image) -> Canvas:
    """A canvas over ``image`` (drawn on in place) whose unit follows its height."""
    height, width = image.shape[:2]
    unit_px = max(height / 1080, _MIN_UNIT_PX)
    edge = round(_EDGE_UNITS * unit_px)
    return Canvas(image, unit_px, (edge, edge, width - edge, height - edge))


def _fixed(point: FloatArray) -> tuple[int, int]:
    return int(round(point[0] * _ONE)), int(round(point[1] * _ONE))


def line(canvas: Canvas, a: FloatArray, b: FloatArray, colour: Rgb, width_units: float) -> None:
    """A straight antialiased line; nothing where an end is missing (NaN)."""
    if np.isfinite(a).all() and np.isfinite(b).all():
        cv2.line(canvas.image, _fixed(a), _fixed(b), colour, canvas.px(width_units), cv2.LINE_AA, _SHIFT)


def disc(canvas: Canvas, centre: FloatArray, radius_units: float, fill: Rgb, edge: Rgb) -> None:
    """A filled circle with a thin edge; nothing where the centre is missing (NaN)."""
    if np.isfinite(centre).all():
        radius = int(max(1.5, radius_units * canvas.unit_px) * _ONE)
        cv2.circle(canvas.image, _fixed(centre), radius + _ONE, edge, -1, cv2.LINE_AA, _SHIFT)
        cv2.circle(canvas.image, _fixed(centre), radius, fill, -1, cv2.LINE_AA, _SHIFT)


def box(canvas: Canvas, rect: Rect, colour: Rgb, opacity: float = 1.0, radius_units: float = 8.0) -> None:
    """A filled rectangle with rounded corners, blended with what is below it."""
    height, width = canvas.image.shape[:2]
    x0, y0 = max(rect[0], 0), max(rect[1], 0)
    x1, y1 = min(rect[2], width), min(rect[3], height)
    if x1 <= x0 or y1 <= y0:
        return
    below = canvas.image[y0:y1, x0:x1]
    share = _rounded(y1 - y0, x1 - x0, canvas.px(radius_units)).astype(np.float32)[..., None] * (opacity / 255)
    mixed = below + (np.array(colour, np.float32) - below) * share
    below[...] = np.rint(mixed).astype(np.uint8)


def _rounded(height: int, width: int, radius: int) -> Image:
    """(height, width) 0..255 coverage of a rounded rectangle."""
    mask = np.zeros((height, width), np.uint8)
    radius = max(0, min(radius, (min(height, width) - 1) // 2))
    cv2.rectangle(mask, (radius, 0), (width - 1 - radius, height - 1), 255, -1)
    cv2.rectangle(mask, (0, radius), (width - 1, height - 1 - radius), 255, -1)
    if radius:
        for x in (radius, width - 1 - radius):
            for y in (radius, height - 1 - radius):
                cv2.circle(mask, (x, y), radius, 255, -1, cv2.LINE_AA)
    return mask


def text_size(canvas: Canvas, words: str, size_units: float, weight: int = REGULAR) -> tuple[int, int]:
    """Advance width and line height of one line of text, pixels."""
    size = canvas.px(size_units)
    _, _, width, _ = cv2.getTextSize((16, 16), words, (0, 0), _font(), size, weight)
    return width, round(size * 1.25)


def text(
    canvas: Canvas, xy: tuple[int, int], words: str, size_units: float, colour: Rgb, weight: int = REGULAR
) -> None:
    """One line of text whose upper left corner is ``xy``."""
    size = canvas.px(size_units)
    cv2.putText(canvas.image, words, (int(xy[0]), int(xy[1]) + size), colour, _font(), size, weight)


def inside(rect: Rect, bounds: Rect) -> Rect:
    """``rect`` moved, not resized, into ``bounds`` where it fits."""
    dx = max(bounds[0] - rect[0], 0) + min(bounds[2] - rect[2], 0)
    dy = max(bounds[1] - rect[1], 0) + min(bounds[3] - rect[3], 0)
    return rect[0] + dx, rect[1] + dy, rect[2] + dx, rect[3] + dy


def overlaps(a: Rect, b: Rect) -> bool:
    """Whether two rectangles share a pixel."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _cost(canvas: Canvas, rect: Rect) -> int:
    """How much a label at ``rect`` would hide: points of the rower, and other labels many times over."""
    x, y = canvas.avoid[:, 0], canvas.avoid[:, 1]
    hidden = int(((x >= rect[0]) & (x < rect[2]) & (y >= rect[1]) & (y < rect[3])).sum())
    return hidden + 1000 * sum(overlaps(rect, t) for t in canvas.taken)


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """How a label looks."""

    size_units: float
    ink: Rgb
    ground: Rgb
    opacity: float
    weight: int = REGULAR


@dataclass(frozen=True, slots=True)
class Label:
    """A label whose place is settled."""

    anchor: FloatArray
    words: str
    rect: Rect
    style: LabelStyle


#: Points of the rower that a label may hide before it leaves the place it had in the frame before.
_STAY = 6


def place_label(
    canvas: Canvas,
    key: str,
    anchor: FloatArray,
    words: str,
    offsets: Sequence[tuple[float, float]],
    style: LabelStyle,
) -> None:
    """Find room for a text near ``anchor``; :func:`draw_labels` draws it.

    ``offsets`` are centres of the label in units away from the anchor, best first; the first place that hides
    neither the rower nor another label is taken, else the one that hides least. The place that ``key`` had in the
    frame before is given up only for one that is clearly better. Nothing is placed where the anchor is missing.
    """
    if not np.isfinite(anchor).all():
        return
    width, height = text_size(canvas, words, style.size_units, style.weight)
    pad = _pad(canvas, style)
    places = [_place(canvas, anchor, o, width + 2 * pad, height + pad) for o in offsets]
    costs = [_cost(canvas, place) - (_STAY if canvas.kept.get(key) == i else 0) for i, place in enumerate(places)]
    best = costs.index(min(costs))
    canvas.kept[key] = best
    canvas.taken.append(places[best])
    canvas.labels.append(Label(anchor, words, places[best], style))


def draw_labels(canvas: Canvas) -> None:
    """Draw every placed label: first the thin lines to the anchors, then the texts on their grounds."""
    for item in canvas.labels:
        line(canvas, item.anchor, _nearest(item.rect, item.anchor), item.style.ground, 3.0)
    for item in canvas.labels:
        style, pad = item.style, _pad(canvas, item.style)
        box(canvas, item.rect, style.ground, style.opacity, style.size_units * 0.3)
        corner = (item.rect[0] + pad, item.rect[1] + pad // 2)
        text(canvas, corner, item.words, style.size_units, style.ink, style.weight)
    canvas.labels.clear()


def _pad(canvas: Canvas, style: LabelStyle) -> int:
    return canvas.px(style.size_units * 0.4)


def _place(canvas: Canvas, anchor: FloatArray, offset: tuple[float, float], width: int, height: int) -> Rect:
    x = round(float(anchor[0]) + offset[0] * canvas.unit_px - width / 2)
    y = round(float(anchor[1]) + offset[1] * canvas.unit_px - height / 2)
    return inside((x, y, x + width, y + height), canvas.bounds)


def _nearest(rect: Rect, point: FloatArray) -> FloatArray:
    return np.array([np.clip(point[0], rect[0], rect[2] - 1), np.clip(point[1], rect[1], rect[3] - 1)])
