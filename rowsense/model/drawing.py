"""What somebody drew on one frame: lines, arrows, angles and free hand, in upright source pixels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from rowsense.model._checks import Problems

LINE: Final = "line"
ARROW: Final = "arrow"
ANGLE: Final = "angle"
FREE: Final = "free"
#: How many points make a shape; a free line has up to :data:`MOST_POINTS`.
POINTS: Final[Mapping[str, int | None]] = {LINE: 2, ARROW: 2, ANGLE: 3, FREE: None}
#: The page thins a free line to a point every few pixels: room for a long one, and a small document [D].
MOST_POINTS: Final = 400
#: More than this hides the rower [D].
MOST_SHAPES: Final = 40

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """One mark. Raises ``ValueError`` with every problem where it is none."""

    kind: str
    points: tuple[Point, ...]
    """x to the right, y down; the angle's corner is the second of three."""

    def __post_init__(self) -> None:
        problems = Problems("Shape")
        problems.require(self.kind in POINTS, f"unknown kind {self.kind!r}")
        wanted, count = POINTS.get(self.kind), len(self.points)
        if wanted is None:
            problems.require(2 <= count <= MOST_POINTS, f"{count} points; 2 to {MOST_POINTS} make a free line")
        else:
            problems.require(count == wanted, f"{count} points; {wanted} make this kind")
        problems.require(all(math.isfinite(v) for p in self.points for v in p), "points must be finite")
        problems.require(any(a != b for a, b in pairwise(self.points)), "all points are the same")
        if self.kind == ANGLE and count == len(("from", "corner", "to")):
            problems.require(self.points[1] not in (self.points[0], self.points[2]), "an arm has no length")
        problems.raise_if_any()

    @property
    def angle_deg(self) -> float:
        """Between the arms of an angle, 0..180; NaN for any other kind."""
        if self.kind != ANGLE:
            return math.nan
        (ax, ay), (cx, cy), (bx, by) = self.points
        apart = math.degrees(math.atan2(ay - cy, ax - cx) - math.atan2(by - cy, bx - cx)) % 360
        return min(apart, 360 - apart)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The marks on one frame, in the order they were made. Raises ``ValueError`` where there are too many or none."""

    shapes: tuple[Shape, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.shapes) <= MOST_SHAPES:
            raise ValueError(f"Drawing: {len(self.shapes)} shapes; 1 to {MOST_SHAPES} make a drawing")

    def within(self, width_px: float, height_px: float) -> bool:
        """Whether all of it lies in a picture of this size."""
        return all(0 <= x <= width_px and 0 <= y <= height_px for s in self.shapes for x, y in s.points)

    def document(self) -> dict[str, Any]:
        """As the store keeps it and the page draws it."""
        return {"shapes": [{"kind": s.kind, "points": [list(p) for p in s.points]} for s in self.shapes]}


def read_drawing(document: object) -> Drawing:
    """A drawing from plain JSON data.

    Raises
    ------
    ValueError
        It is none, in words.
    """
    shapes = document.get("shapes") if isinstance(document, dict) else None
    if not isinstance(shapes, list) or len(shapes) > MOST_SHAPES:
        raise ValueError(f"Drawing: give {{shapes: [...]}} with 1 to {MOST_SHAPES} shapes")
    return Drawing(tuple(map(_shape, shapes)))


def _shape(document: object) -> Shape:
    kind, points = (document.get("kind"), document.get("points")) if isinstance(document, dict) else (None, None)
    if not isinstance(kind, str) or not isinstance(points, list) or len(points) > MOST_POINTS:
        raise ValueError(f"Shape: give {{kind, points: [[x, y], ...]}} with at most {MOST_POINTS} points")
    return Shape(kind, tuple(map(_point, points)))


def _point(document: object) -> Point:
    if isinstance(document, list) and len(document) == len("xy") and all(map(_is_number, document)):
        return float(document[0]), float(document[1])
    raise ValueError("Shape: a point is [x, y], two numbers")


def _is_number(value: object) -> bool:
    # Whole numbers of hundreds of digits are JSON too, and no float.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6
