"""The sheet of the PDF: typeface, headings, paragraphs, boxes and tables in the report's look."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import matplotlib
from fpdf import FPDF, FontFace, XPos, YPos
from fpdf.enums import TableBordersLayout

from rowsense.palette import BRAND, FAULT, FAULT_TINT, INK, LINE, PAPER, SOFT, TINT, Rgb

FAMILY = "report"
_MARGIN_MM = 18.0


class Paper(FPDF):
    """An A4 sheet with the report's typeface, which covers Latin, Greek and Cyrillic names."""

    def __init__(self, footer_words: str) -> None:
        super().__init__(format="A4")
        fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        self.add_font(FAMILY, "", fonts / "DejaVuSans.ttf")
        self.add_font(FAMILY, "B", fonts / "DejaVuSans-Bold.ttf")
        self.set_margins(_MARGIN_MM, 16, _MARGIN_MM)
        self.c_margin = 0.0
        self.set_auto_page_break(True, margin=18)
        self._footer_words = footer_words

    def footer(self) -> None:
        """Page number and what the sheet belongs to."""
        self.set_y(-12)
        self.put_on(7.5, SOFT)
        self.cell(self.epw / 2, 5, self._footer_words)
        self.cell(self.epw / 2, 5, f"{self.page_no()} / {{nb}}", align="R")

    def put_on(self, size_pt: float, colour: Rgb = INK, *, bold: bool = False) -> None:
        """Choose type size, weight and colour."""
        self.set_font(FAMILY, "B" if bold else "", size_pt)
        self.set_text_color(*colour)

    def paragraph(
        self, words: str, size_pt: float = 9.5, colour: Rgb = INK, *, bold: bool = False, width_mm: float = 0,
        after_mm: float = 1.8,
    ) -> None:  # fmt: skip
        """Wrapped text at the left margin."""
        self.put_on(size_pt, colour, bold=bold)
        self.multi_cell(width_mm, size_pt * 0.52, words, align="L", markdown=False, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after_mm)

    def heading(self, words: str, room_mm: float = 30) -> None:
        """A section heading that does not stand alone at the foot of a page."""
        if self.will_page_break(room_mm):
            self.add_page()
        else:
            self.ln(4)
        self.paragraph(words, 13, bold=True, after_mm=1.5)

    def boxed(self, lead: str, words: str, ground: Rgb, ink: Rgb, width_mm: float = 0) -> None:
        """A tinted box: a bold lead and a sentence."""
        width = width_mm or self.epw
        self.put_on(9.5)
        height = 5 + self._height_of(f"{lead} {words}", width - 8)
        if self.will_page_break(height):
            self.add_page()
        x, y = self.get_x(), self.get_y()
        self.set_fill_color(*ground)
        self.rect(x, y, width, height, style="F", round_corners=True, corner_radius=2)
        self.set_xy(x + 4, y + 2.5)
        left = self.l_margin
        right = self.r_margin
        self.set_left_margin(x + 4)
        self.set_right_margin(self.w - x - width + 4)
        self.put_on(9.5, ink, bold=True)
        self.write(5, lead + " ")
        self.put_on(9.5)
        self.write(5, words)
        self.set_left_margin(left)
        self.set_right_margin(right)
        self.set_xy(left, y + height + 2.5)

    def _height_of(self, words: str, width_mm: float) -> float:
        """Height of wrapped text in the current type, millimetres."""
        height = self.multi_cell(width_mm, 5, words, align="L", dry_run=True, output="HEIGHT")
        return float(cast(float, height))

    def bullets(self, lines: tuple[str, ...]) -> None:
        """Sentences with a dot in front."""
        for words in lines:
            self.put_on(9.2)
            self.cell(5, 4.8, "•")
            self.multi_cell(0, 4.8, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(1)
        self.ln(1)

    def plain_table(self, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[float, ...]) -> None:
        """A light table; its head is repeated on every page."""
        self.put_on(8.2)
        self.set_draw_color(*LINE)
        self.set_fill_color(*PAPER)
        with self.table(
            col_widths=widths, text_align="LEFT", line_height=5, padding=(0.7, 2, 0.7, 0),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES, headings_style=FontFace(emphasis="B", color=SOFT),
        ) as table:  # fmt: skip
            for cells in (head, *rows):
                table.row(cells)
        self.ln(2)


__all__ = ["BRAND", "FAULT", "FAULT_TINT", "INK", "LINE", "SOFT", "TINT", "Paper"]
