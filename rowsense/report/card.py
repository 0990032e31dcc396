"""One picture to send by messenger: the one thing to look at, what to try, what went well. Under 300 kB."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFont

from rowsense import palette
from rowsense.model import Session
from rowsense.palette import BRAND, FAULT, INK, Rgb
from rowsense.report.curves import StrokeCurves, session_curves
from rowsense.report.images import opened
from rowsense.report.plots import draw_curves, figure_png
from rowsense.report.view import ReportView, report_view

MAX_BYTES = 300_000
WIDTH_PX, HEIGHT_PX = 1080, 1350
_FINE = 2
"""Drawn this many times larger and shrunk, which smooths every edge."""
_MARGIN = 56
_FOOT_PX = HEIGHT_PX - 66
"""Everything but the footer ends above."""
_PAPER: Rgb = (255, 255, 255)
_SOFT: Rgb = (85, 100, 111)
_LINE: Rgb = (221, 228, 231)
_TINT: Rgb = (231, 241, 242)
_FAULT_TINT: Rgb = (252, 234, 242)
#: Tried in turn until the file is small enough and the words have room: height of the still, colours of the palette.
_SIZES = ((600, 224), (600, 128), (480, 128), (380, 96), (260, 64), (0, 64))
#: Colours that carry meaning keep a place of their own in the palette of the file.
_KEPT = tuple(palette.posture_colour(i / 6) for i in range(-6, 7)) + (
    _PAPER,
    FAULT,
    BRAND,
    INK,
    *palette.QUANTITY.values(),
)
_MIN_CHART_PX, _MAX_CHART_PX = 170.0, 460.0


def report_card(session: Session, stills: dict[str, bytes]) -> bytes:
    """The card as a PNG of 1080 by 1350 pixels, under 300 kB."""
    view = report_view(session)
    still = stills.get(view.headline.fault_id or "")
    picture = opened(still) if still else None
    curves = _hip_curves(session)
    data = b""
    for still_height, colours in _SIZES:
        card = _Card(view)
        data = _packed(card.drawn(picture if still_height else None, curves, still_height), colours)
        if len(data) < MAX_BYTES and card.bottom <= _FOOT_PX:
            break
    return data


def _packed(image: Image.Image, colours: int) -> bytes:
    """A palette PNG: ``colours`` of the picture's own, and the ones that carry meaning."""
    own = image.quantize(colours, method=Image.Quantize.MEDIANCUT).getpalette() or []
    table = Image.new("P", (1, 1))
    table.putpalette([*own[: 3 * colours], *(channel for rgb in _KEPT for channel in rgb)])
    buffer = io.BytesIO()
    image.quantize(palette=table, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _hip_curves(session: Session) -> StrokeCurves | None:
    name = "pelvic_tilt_deg"
    if not session.strokes.usable or not np.isfinite(session.angles[name]).any():
        return None
    return session_curves(session, name)


def _chart_picture(curves: StrokeCurves, width_px: float, height_px: float) -> Image.Image:
    figure = Figure(figsize=(width_px / 100, height_px / 100), layout="constrained")
    FigureCanvasAgg(figure)
    draw_curves(figure.subplots(), curves, 14)
    return opened(figure_png(figure, 100 * _FINE))


@cache
def _font(size_px: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name, size_px * _FINE)


class _Card:
    """A sheet that is filled from the top; ``y`` is where the next thing goes, in card pixels."""

    def __init__(self, view: ReportView) -> None:
        self.view = view
        self.sheet = Image.new("RGB", (WIDTH_PX * _FINE, HEIGHT_PX * _FINE), _PAPER)
        self.draw = ImageDraw.Draw(self.sheet)
        self.y = 44.0
        self.bottom = 0.0
        """Where the text ends, known once the card is drawn."""

    def drawn(self, picture: Image.Image | None, curves: StrokeCurves | None, still_height: int) -> Image.Image:
        """Everything in order, shrunk to the card's size."""
        head = self.view.headline
        tone = FAULT if head.fault_id else BRAND
        self.text("RowSense stroke report", 22, BRAND, bold=True, after=8)
        self.text(self.view.name, 40, INK, bold=True, lines=1, after=8)
        self.text(self._strokes_and_rate(), 22, _SOFT, lines=1, after=18)
        self.rectangle((0, self.y, WIDTH_PX, self.y + 6), tone)
        self.y += 30
        if picture is not None:
            self.picture(picture, still_height)
        self.text(head.title, 42, INK, bold=True, lines=2, after=10)
        self.text(head.sentence, 26, INK, lines=4, after=18)
        self.box("Try this:", head.cue, _FAULT_TINT if head.fault_id else _TINT, tone)
        self.box("Done well:", self.view.well, _TINT, BRAND)
        self.bottom = self.y
        room = _FOOT_PX - self.y
        if curves is not None and room > _MIN_CHART_PX:
            self.chart(curves, min(room, _MAX_CHART_PX))
        self.footer()
        return self.sheet.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS)

    def _strokes_and_rate(self) -> str:
        return self.view.lead_in.split(". ")[0]

    def text(
        self, words: str, size: int, colour: Rgb, *, bold: bool = False, lines: int = 4, after: float = 0,
        x: float = _MARGIN, width: float = WIDTH_PX - 2 * _MARGIN,
    ) -> None:  # fmt: skip
        """Wrapped text at ``x``; what does not fit into ``lines`` ends in an ellipsis."""
        font = _font(size, bold)
        for line in self.wrapped(words, font, width, lines):
            self.draw.text((x * _FINE, self.y * _FINE), line, font=font, fill=colour)
            self.y += size * 1.32
        self.y += after

    def wrapped(self, words: str, font: ImageFont.FreeTypeFont, width: float, lines: int) -> list[str]:
        """Lines no wider than ``width`` card pixels."""
        rows = [""]
        for word in words.split():
            longer = f"{rows[-1]} {word}".strip()
            if rows[-1] and font.getlength(longer) > width * _FINE:
                rows.append(word)
            else:
                rows[-1] = longer
        if len(rows) > lines:
            rows = rows[:lines]
            rows[-1] += " …"
        while font.getlength(rows[-1]) > width * _FINE and len(rows[-1]) > 2:
            rows[-1] = rows[-1].rstrip("… ")[:-1] + "…"
        return rows

    def rectangle(self, area: tuple[float, float, float, float], colour: Rgb, radius: float = 0) -> None:
        """A filled rectangle in card pixels."""
        x0, y0, x1, y1 = (v * _FINE for v in area)
        self.draw.rounded_rectangle((x0, y0, x1 - 1, y1 - 1), radius * _FINE, fill=colour)

    def box(self, lead: str, words: str, ground: Rgb, ink: Rgb) -> None:
        """A tinted box with a bold lead above a sentence."""
        width = WIDTH_PX - 2 * _MARGIN - 48
        count = len(self.wrapped(words, _font(25, False), width, 3))
        height = 22 + 24 * 1.32 + count * 25 * 1.32 + 20
        self.rectangle((_MARGIN, self.y, WIDTH_PX - _MARGIN, self.y + height), ground, 16)
        bottom = self.y + height
        self.y += 18
        self.text(lead, 22, ink, bold=True, x=_MARGIN + 24, after=2)
        self.text(words, 25, INK, lines=3, x=_MARGIN + 24, width=width)
        self.y = bottom + 16

    def picture(self, picture: Image.Image, height: int) -> None:
        """The still, centred, cut to fit; its title strip is left out as the card says the same below."""
        room = WIDTH_PX - 2 * _MARGIN
        scale = min(height / picture.height, room / picture.width)
        size = (round(picture.width * scale * _FINE), round(picture.height * scale * _FINE))
        left = (WIDTH_PX * _FINE - size[0]) // 2
        self.sheet.paste(picture.resize(size, Image.Resampling.LANCZOS), (left, round(self.y * _FINE)))
        self.y += size[1] / _FINE + 22

    def chart(self, curves: StrokeCurves, height: float) -> None:
        """The curves of the hips over the full width."""
        drawn = _chart_picture(curves, WIDTH_PX - 2 * _MARGIN, height)
        self.sheet.paste(drawn, (_MARGIN * _FINE, round(self.y * _FINE)))

    def footer(self) -> None:
        """What the card is, at the foot."""
        self.y = HEIGHT_PX - 48
        self.rectangle((_MARGIN, self.y - 10, WIDTH_PX - _MARGIN, self.y - 8), _LINE)
        self.text(
            "Estimated from the outline in a video; the full report shows how sure each number is.", 18, _SOFT, lines=1
        )
