"""A still of a fault: the rower at the worst frame, with the name, what was measured and the limit."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense import palette
from rowsense.model import FaultFinding, Session
from rowsense.overlay.body import body_points, draw_angles, draw_back, draw_limbs
from rowsense.overlay.canvas import BOLD, Canvas, Image, Rect, canvas_for, draw_labels, text, text_size
from rowsense.overlay.hud import draw_fault_tags, fault_name
from rowsense.overlay.scene import Scene
from rowsense.texts.measures import phase_label, unit_of
from rowsense.texts.texts import Texts

#: Space around the rower in the still, of her own size.
_MARGIN_RATIO = 0.22
_ASPECT = 4 / 3
#: Stills are shown in a page and sent around: larger brings nothing, smaller makes the letters coarse.
_WIDTH_PX = 1120
_STRIP_UNITS = 128
_DIGITS = {"deg": 0, "ratio": 1}


def fault_still(
    session: Session, fault: FaultFinding, image_rgb: NDArray[np.uint8], row: int | None = None,
    source_px_per_px: float = 1.0, *, draw: bool = True,
) -> NDArray[np.uint8]:  # fmt: skip
    """The still of one fault.

    Args:
        session: the session the fault belongs to.
        fault: the fault; its ``worst_frame`` is shown unless ``row`` is given.
        image_rgb: (H, W, 3) the upright picture of that frame; not changed.
        row: row of the track that ``image_rgb`` shows.
        source_px_per_px: source pixels per pixel of ``image_rgb``.
        draw: False where the picture is drawn on already.

    Returns:
        (h, w, 3) RGB, 1120 pixels wide: a title strip above the cropped picture.

    Raises:
        ValueError: the session has no row for the frame.
    """
    at = _row_of(session, fault.worst_frame) if row is None else row
    crop = _crop_around_rower(session, at, image_rgb.shape, 1.0 / source_px_per_px)
    picture = _cut_and_sized(image_rgb, crop)
    zoom = picture.shape[1] / (crop[2] - crop[0])
    corner_px = np.array(crop[:2], float) * source_px_per_px
    scene = Scene.of(_seen_through(session, at, corner_px, zoom / source_px_per_px))
    if draw:
        _draw(canvas_for(picture), scene, at, fault)
    return np.concatenate([_strip(scene.t, fault, _row_words(scene, at), picture.shape[1]), picture])


def _draw(canvas: Canvas, scene: Scene, at: int, fault: FaultFinding) -> None:
    draw_limbs(canvas, scene, at, 1.0)
    draw_back(canvas, scene, at, 1.0)
    canvas.avoid = body_points(scene, at, 1.0)
    draw_angles(canvas, scene, at, 1.0)
    draw_fault_tags(canvas, scene, at, 1.0, (fault,))
    draw_labels(canvas)


def _cut_and_sized(image_rgb: Image, crop: Rect) -> Image:
    """The part of the picture at the still's own size, so that lines and letters drawn on it are sharp."""
    cut = image_rgb[crop[1] : crop[3], crop[0] : crop[2]]
    height = round(cut.shape[0] * _WIDTH_PX / cut.shape[1])
    way = cv2.INTER_AREA if cut.shape[1] > _WIDTH_PX else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(cut, (_WIDTH_PX, height), interpolation=way), dtype=np.uint8)


def _seen_through(session: Session, row: int, corner_px: NDArray[np.float64], zoom: float) -> Session:
    """The session as the still shows it: every row of its track is this one, in the still's pixels."""
    track = session.track

    def shown(xy_px: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.broadcast_to((xy_px[row] - corner_px) * zoom, xy_px.shape)

    return replace(session, track=replace(track, xy_px=shown(track.xy_px), back_xy_px=shown(track.back_xy_px)))


def png_bytes(image_rgb: NDArray[np.uint8]) -> bytes:
    """The picture as a PNG file."""
    done, data = cv2.imencode(".png", cv2.cvtColor(image_rgb, cv2.COLOR_RGB2BGR))
    if not done:
        raise ValueError(f"a picture of shape {image_rgb.shape} could not be turned into a PNG")
    return bytes(data.tobytes())


def _row_of(session: Session, frame: int) -> int:
    rows = np.flatnonzero(session.track.frame == frame)
    if not rows.size:
        raise ValueError(f"the session has no row for frame {frame}")
    return int(rows[0])


def _crop_around_rower(session: Session, row: int, shape: tuple[int, ...], scale: float) -> Rect:
    """The rower with some room, about 4:3, inside the picture; the whole picture where she was not found."""
    height, width = shape[:2]
    points = np.concatenate([session.track.xy_px[row], session.track.back_xy_px[row]]) * scale
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return 0, 0, width, height
    low, high = points.min(axis=0), points.max(axis=0)
    size = (high - low).max() * (1 + 2 * _MARGIN_RATIO)
    want_w = min(width, max(size, (high - low)[1] * (1 + 2 * _MARGIN_RATIO) * _ASPECT))
    want_h = min(height, want_w / _ASPECT)
    middle = (low + high) / 2
    x0 = int(np.clip(middle[0] - want_w / 2, 0, width - want_w))
    y0 = int(np.clip(middle[1] - want_h / 2, 0, height - want_h))
    return x0, y0, x0 + int(want_w), y0 + int(want_h)


def _row_words(scene: Scene, row: int) -> str:
    stroke = scene.stroke_at(row)
    time_s = float(scene.session.track.time_s[row])
    t, at = scene.t, scene.t.number(time_s, 2)
    if stroke is None:
        return t("overlay.at_time", time=at)
    return t("overlay.at", number=stroke.index + 1, phase=phase_label(t, scene.phase_at(row)), time=at)


def _strip(t: Texts, fault: FaultFinding, when: str, width: int) -> Image:
    """The title strip: name, measured against the limit, and where in the video."""
    unit_px = width / 1000
    height = round(_STRIP_UNITS * unit_px)
    strip = np.full((height, width, 3), palette.INK, np.uint8)
    canvas = Canvas(strip, unit_px, (0, 0, width, height))
    strip[:, : canvas.px(12)] = palette.FAULT
    left = canvas.px(34)
    room, name = width - left - canvas.px(28), fault_name(t, fault)
    size = _fitting(44, text_size(canvas, name, 44, BOLD)[0], room)
    text(canvas, (left, canvas.px(14)), name, size, palette.PAPER, BOLD)
    rule = fault.rules[0]
    told = {"measured": _number(t, rule.measured, rule.unit), "limit": _number(t, rule.limit, rule.unit)}
    numbers = t("overlay.measured", **told)
    both = text_size(canvas, numbers, 30)[0] + text_size(canvas, when, 26)[0] + canvas.px(20)
    text(canvas, (left, canvas.px(74)), numbers, _fitting(30, both, room), palette.FAINT)
    size = _fitting(26, both, room)
    wide = text_size(canvas, when, size)[0]
    text(canvas, (width - wide - canvas.px(28), canvas.px(77)), when, size, palette.FAINT)
    return strip


def _fitting(size_units: float, wide_px: int, room_px: int) -> float:
    """The size of words that are so wide, smaller where there is less room for them."""
    return size_units * min(1.0, room_px / wide_px)


def _number(t: Texts, value: float, unit: str) -> str:
    if not np.isfinite(value):
        return f"{t('overlay.not_known')}{unit_of(t, unit)}"
    return f"{t.number(value, _DIGITS.get(unit, 2))}{unit_of(t, unit)}"
