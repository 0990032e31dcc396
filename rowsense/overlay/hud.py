"""The small panel (phase, stroke, rate), the colour key, and the mark of a faulty frame."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rowsense import palette
from rowsense.conventions import PHASES
from rowsense.marks import FAULT_PLACE_OTHER, FAULT_PLACES
from rowsense.model import FaultFinding, Stroke
from rowsense.overlay.canvas import BOLD, Canvas, LabelStyle, box, disc, place_label, text, text_size
from rowsense.overlay.scene import Scene
from rowsense.texts.measures import fault_label, phase_label
from rowsense.texts.texts import Texts

_MARGIN, _PAD = 28, 20
_TAG = LabelStyle(size_units=34, ink=palette.PAPER, ground=palette.FAULT, opacity=1.0, weight=BOLD)


def draw_panel(canvas: Canvas, scene: Scene, row: int) -> None:
    """Upper corner on the flywheel's side: phase in words, stroke number and rate, and the place in the stroke."""
    stroke = scene.stroke_at(row)
    title, detail = _panel_words(scene, row, stroke)
    pad = canvas.px(_PAD)
    width = max(canvas.px(400), text_size(canvas, title, 40, BOLD)[0], text_size(canvas, detail, 25)[0])
    x0, y0 = _corner(canvas, scene, width + 2 * pad), canvas.px(_MARGIN)
    rect = (x0, y0, x0 + width + 2 * pad, y0 + canvas.px(138))
    canvas.taken.append(rect)
    box(canvas, rect, palette.INK, 0.78, 14)
    text(canvas, (x0 + pad, y0 + canvas.px(12)), title, 40, palette.PAPER, BOLD)
    text(canvas, (x0 + pad, y0 + canvas.px(64)), detail, 25, palette.FAINT)
    if stroke is not None:
        time_s = float(scene.session.track.time_s[row])
        _progress(canvas, stroke, time_s, (x0 + pad, y0 + canvas.px(106), x0 + pad + width, y0 + canvas.px(118)))


def _corner(canvas: Canvas, scene: Scene, width: int) -> int:
    """Left edge of a panel on the flywheel's side, where the rower's head never comes."""
    margin = canvas.px(_MARGIN)
    return margin if scene.behind > 0 else canvas.image.shape[1] - margin - width


def _panel_words(scene: Scene, row: int, stroke: Stroke | None) -> tuple[str, str]:
    t = scene.t
    if stroke is None:
        return t("overlay.between"), t("overlay.between_what")
    told = {"number": stroke.index + 1, "count": len(scene.session.strokes), "rate": t.number(stroke.rate_spm, 1)}
    title = titled(phase_label(t, scene.phase_at(row)))
    return title, t("overlay.stroke" if stroke.usable else "overlay.unused", **told)


def _progress(canvas: Canvas, stroke: Stroke, time_s: float, rect: tuple[int, int, int, int]) -> None:
    """The stroke as a bar of six phases, with a marker at this frame."""
    x0, y0, x1, y1 = rect
    length_s = stroke.end_time_s - stroke.catch_time_s
    edges = [x0 + round((b - stroke.catch_time_s) / length_s * (x1 - x0)) for b in stroke.phase_borders_s]
    for phase, left, right in zip(PHASES, edges[:-1], edges[1:], strict=True):
        if right > left:
            cv2.rectangle(canvas.image, (left, y0), (right - 1, y1), palette.PHASE[phase], -1)
    at = x0 + round((time_s - stroke.catch_time_s) / length_s * (x1 - x0))
    half, over = canvas.px(3), canvas.px(5)
    at = min(max(at, x0 + half + 2), x1 - half - 2)
    cv2.rectangle(canvas.image, (at - half - 2, y0 - over), (at + half + 2, y1 + over), palette.INK, -1)
    cv2.rectangle(canvas.image, (at - half, y0 - over), (at + half, y1 + over), palette.PAPER, -1)


def draw_key(canvas: Canvas, scene: Scene) -> None:
    """Lower corner on the flywheel's side: what the colours of the back line mean."""
    pad, width, height = canvas.px(16), canvas.px(570), canvas.px(76)
    x0, y1 = _corner(canvas, scene, width + 2 * pad), canvas.image.shape[0] - canvas.px(_MARGIN)
    rect = (x0, y1 - height, x0 + width + 2 * pad, y1)
    canvas.taken.append(rect)
    box(canvas, rect, palette.INK, 0.78, 12)
    left, top = x0 + pad, y1 - height + canvas.px(14)
    steps = np.linspace(-1, 1, width)
    bar = np.array([palette.posture_colour(float(s)) for s in steps], np.uint8)
    canvas.image[top : top + canvas.px(14), left : left + width] = bar
    for name, share in (("forward", 0.0), ("middle", 0.5), ("back", 1.0)):
        words = scene.t(f"overlay.key.{name}")
        spare = width - text_size(canvas, words, 21)[0]
        text(canvas, (left + round(share * spare), top + canvas.px(20)), words, 21, palette.PAPER)


#: Where a tag may stand, units from its anchor (x towards the flywheel), best first.
_TAG_PLACES = (
    (0.0, 150.0), (-60.0, 200.0), (80.0, 250.0), (0.0, 310.0), (-230.0, 60.0), (-230.0, 120.0), (300.0, 230.0),
    (0.0, -150.0), (-230.0, -60.0), (260.0, -150.0),
)  # fmt: skip
_TAG_PLACES_HIGH = (
    (60.0, -120.0), (220.0, -150.0), (300.0, -40.0), (0.0, -200.0), (300.0, 60.0), (440.0, 90.0), (400.0, -200.0),
    (0.0, -290.0), *_TAG_PLACES,
)  # fmt: skip


def draw_fault_tags(canvas: Canvas, scene: Scene, row: int, scale: float, faults: tuple[FaultFinding, ...]) -> None:
    """The coach's name of every fault, at the part of the body that shows it."""
    for fault in faults:
        anchor = _anchor(scene, row, fault.id) * scale
        high = isinstance(FAULT_PLACES.get(fault.id), str) and FAULT_PLACES[fault.id] != "hip"
        places = [(-scene.behind * x, y) for x, y in (_TAG_PLACES_HIGH if high else _TAG_PLACES)]
        place_label(canvas, fault.id, anchor, fault_name(scene.t, fault), places, _TAG)
        disc(canvas, anchor, 8, palette.FAULT, palette.PAPER)


def fault_name(t: Texts, fault: FaultFinding) -> str:
    """The coach's name of a fault with a capital first; a club's own stays as it is."""
    return fault_label(t, fault.id, titled(fault.name))


def titled(name: str) -> str:
    """With a capital first."""
    return name[:1].upper() + name[1:]


def _anchor(scene: Scene, row: int, fault_id: str) -> NDArray[np.float64]:
    where = FAULT_PLACES.get(fault_id, FAULT_PLACE_OTHER)
    if isinstance(where, str):
        return scene.joints(row)[where]
    back = scene.session.track.back_xy_px[row]
    point = back[round(where * (len(back) - 1))]
    return point if np.isfinite(point).all() else scene.joints(row)["hip"]


def draw_border(canvas: Canvas) -> None:
    """A frame around the picture that nobody overlooks."""
    height, width = canvas.image.shape[:2]
    t = canvas.px(14)
    for part in (
        canvas.image[:t], canvas.image[height - t :], canvas.image[:, :t], canvas.image[:, width - t :],
    ):  # fmt: skip
        part[...] = palette.FAULT
