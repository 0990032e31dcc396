"""A picture of a card's size to write and draw on, and its small file."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

from rowsense import palette
from rowsense.palette import BRAND, FAULT, INK, LINE, PAPER, SOFT, Rgb
from rowsense.texts.measures import ENGLISH

MAX_BYTES = 300_000
WIDTH_PX, HEIGHT_PX = 1080, 1350
FINE = 2
"""Drawn this many times larger and shrunk, which smooths every edge."""
MARGIN = 56
FOOT_PX = HEIGHT_PX - 66
"""Everything but the footer ends above."""
#: Colours that carry meaning keep a place of their own in the palette of the file.
_KEPT = tuple(palette.posture_colour(i / 6) for i in range(-6, 7)) + (
    PAPER,
    FAULT,
    BRAND,
    INK,
    palette.FIRST_SIDE,
    palette.SECOND_SIDE,
    *palette.QUANTITY.values(),
)


def packed(image: Image.Image, colours: int) -> bytes:
    """A palette PNG: ``colours`` of the picture's own, and the ones that carry meaning."""
    # Every fourth pixel, averaged, has the same colours, and they are found four times as quickly.
    own = image.reduce(2).quantize(colours, method=Image.Quantize.MEDIANCUT).getpalette() or []
    table = Image.new("P", (1, 1))
    table.putpalette([*own[: 3 * colours], *(channel for rgb in _KEPT for channel in rgb)])
    buffer = io.BytesIO()
    image.quantize(palette=table, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@cache
def _font(size_px: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name, size_px * FINE)


class Sheet:
    """A sheet that is filled from the top; ``y`` is where the next thing goes, in card pixels."""

    def __init__(self) -> None:
        self.sheet = Image.new("RGB", (WIDTH_PX * FINE, HEIGHT_PX * FINE), PAPER)
        self.draw = ImageDraw.Draw(self.sheet)
        self.y = 44.0

    def shrunk(self) -> Image.Image:
        """At the card's own size."""
        return self.sheet.reduce(FINE)

    def text(
        self, words: str, size: int, colour: Rgb, *, bold: bool = False, lines: int = 4, after: float = 0,
        x: float = MARGIN, width: float = WIDTH_PX - 2 * MARGIN,
    ) -> None:  # fmt: skip
        """Wrapped text at ``x``; what does not fit into ``lines`` ends in an ellipsis."""
        font = _font(size, bold)
        for line in self.wrapped(words, font, width, lines):
            self.draw.text((x * FINE, self.y * FINE), line, font=font, fill=colour)
            self.y += size * 1.32
        self.y += after

    def wrapped(self, words: str, font: ImageFont.FreeTypeFont, width: float, lines: int) -> list[str]:
        """Lines no wider than ``width`` card pixels."""
        rows = [""]
        for word in words.split():
            longer = f"{rows[-1]} {word}".strip()
            if rows[-1] and font.getlength(longer) > width * FINE:
                rows.append(word)
            else:
                rows[-1] = longer
        if len(rows) > lines:
            rows = rows[:lines]
            rows[-1] += " …"
        while font.getlength(rows[-1]) > width * FINE and len(rows[-1]) > 2:
            rows[-1] = rows[-1].rstrip("… ")[:-1] + "…"
        return rows

    def rectangle(self, area: tuple[float, float, float, float], colour: Rgb, radius: float = 0) -> None:
        """A filled rectangle in card pixels."""
        x0, y0, x1, y1 = (v * FINE for v in area)
        self.draw.rounded_rectangle((x0, y0, x1 - 1, y1 - 1), radius * FINE, fill=colour)

    def box(self, lead: str, words: str, ground: Rgb, ink: Rgb) -> None:
        """A tinted box with a bold lead above a sentence."""
        width = WIDTH_PX - 2 * MARGIN - 48
        count = len(self.wrapped(words, _font(25, False), width, 3))
        height = 22 + 24 * 1.32 + count * 25 * 1.32 + 20
        self.rectangle((MARGIN, self.y, WIDTH_PX - MARGIN, self.y + height), ground, 16)
        bottom = self.y + height
        self.y += 18
        self.text(lead, 22, ink, bold=True, x=MARGIN + 24, after=2)
        self.text(words, 25, INK, lines=3, x=MARGIN + 24, width=width)
        self.y = bottom + 16

    def picture(self, picture: Image.Image, height: int) -> None:
        """The still, centred, cut to fit; its title strip is left out as the card says the same below."""
        room = WIDTH_PX - 2 * MARGIN
        scale = min(height / picture.height, room / picture.width)
        size = (round(picture.width * scale * FINE), round(picture.height * scale * FINE))
        left = (WIDTH_PX * FINE - size[0]) // 2
        self.sheet.paste(picture.resize(size, Image.Resampling.LANCZOS), (left, round(self.y * FINE)))
        self.y += size[1] / FINE + 22

    def footer(self, words: str = ENGLISH("report_page.card_foot")) -> None:
        """What the card is, at the foot."""
        self.y = HEIGHT_PX - 48
        self.rectangle((MARGIN, self.y - 10, WIDTH_PX - MARGIN, self.y - 8), LINE)
        self.text(words, 18, SOFT, lines=1)
