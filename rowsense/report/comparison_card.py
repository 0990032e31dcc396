"""The picture of a comparison to send: what differs, the bodies over each other, hips and low back. Under 300 kB."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rowsense.palette import BRAND, FIRST_SIDE, INK, PAPER, SECOND_SIDE, SOFT, UNSEEN, Rgb, hex_of
from rowsense.report.comparison_view import ComparedCurves, ComparisonView
from rowsense.report.curves import StrokeCurves
from rowsense.report.ghosts import bounds, ghost_of, moment_words, paint
from rowsense.report.plots import chart_places, figure_picture, plain_look, stroke_axis
from rowsense.report.sheet import FINE, FOOT_PX, MARGIN, MAX_BYTES, WIDTH_PX, Sheet, packed

#: Colours of the file's palette, tried in turn until it is small enough.
_COLOURS: Final = (160, 96, 48)
#: Highest that the bodies get, and what the charts need and get at most, card pixels.
_MOST_GHOSTS_PX, _LEAST_CHART_PX, _MOST_CHART_PX = 580.0, 280.0, 400.0
_COLUMNS: Final = 2
_TITLE_PX: Final = 28


def comparison_card(view: ComparisonView) -> bytes:
    """A PNG of 1080 by 1350 pixels."""
    image = _Card(view).drawn().shrunk()
    data = b""
    for colours in _COLOURS:
        data = packed(image, colours)
        if len(data) < MAX_BYTES:
            break
    return data


def shown_panels(view: ComparisonView) -> tuple[ComparedCurves, ...]:
    """The two that are drawn: the first that differs clearly, and the first of the others (hips, low back ...)."""
    clear = [panel for panel in view.panels if any(cell.clear for cell in panel.cells)]
    names = dict.fromkeys(panel.quantity for panel in (*clear[:1], *view.panels))
    panels = {panel.quantity: panel for panel in view.panels}
    return tuple(panels[name] for name in list(names)[:2])


class _Card(Sheet):
    def __init__(self, view: ComparisonView) -> None:
        super().__init__()
        self.view = view

    def drawn(self) -> _Card:
        """Everything in order."""
        view = self.view
        self.text("RowSense comparison", 22, BRAND, bold=True, after=8)
        self.text(view.name, 38, INK, bold=True, lines=1, after=10)
        self.key(f"First: {view.first}", FIRST_SIDE)
        self.key(f"Second: {view.second}", SECOND_SIDE)
        self.y += 8
        self.rectangle((0, self.y, WIDTH_PX, self.y + 6), BRAND)
        self.y += 26
        self.text(view.title, 38, INK, bold=True, lines=2, after=8)
        self.text(view.sentence, 24, INK, lines=4, after=4)
        if view.own_mean:
            self.text("Two films, two zeros: only changes within the stroke are compared.", 20, SOFT, lines=2, after=2)
        self.y += 6
        shown = shown_panels(view)
        room = FOOT_PX - self.y - (_LEAST_CHART_PX if shown else 0.0)
        self.bodies(min(room, _MOST_GHOSTS_PX))
        if shown:
            self.charts(shown, min(FOOT_PX - self.y, _MOST_CHART_PX))
        self.footer()
        return self

    def key(self, words: str, colour: Rgb) -> None:
        """A side's colour and name on one line."""
        self.rectangle((MARGIN, self.y + 8, MARGIN + 34, self.y + 20), colour, 4)
        self.text(words, 22, INK, x=MARGIN + 48, width=WIDTH_PX - 2 * MARGIN - 48, lines=1, after=4)

    def bodies(self, height: float) -> None:
        """The moments in two columns, all at one size."""
        ghosts = [(ghost_of(a), ghost_of(b)) for a, b in self.view.postures]
        if not ghosts or height < 80:
            return
        box = bounds([g for pair in ghosts for g in pair])
        wide, high = (WIDTH_PX - 2 * MARGIN) / _COLUMNS, height / math.ceil(len(ghosts) / _COLUMNS)
        scale = min(wide / (box[2] - box[0]), (high - _TITLE_PX) / (box[3] - box[1]))
        begin = self.y
        for i, ((first, second), (posture, _)) in enumerate(zip(ghosts, self.view.postures, strict=True)):
            left, self.y = MARGIN + (i % _COLUMNS) * wide, begin + (i // _COLUMNS) * high
            middle = left + 0.5 * (wide - scale * (box[2] - box[0]))
            at = round(middle * FINE), round((self.y + _TITLE_PX) * FINE)
            for body in (True, False):
                paint(self.sheet, first, FIRST_SIDE, box, at, scale * FINE, body=body)
                paint(self.sheet, second, SECOND_SIDE, box, at, scale * FINE, body=body)
            self.text(moment_words(posture.moment), 20, SOFT, x=left, width=wide, lines=1)
        self.y = begin + height + 6

    def charts(self, panels: tuple[ComparedCurves, ...], height: float) -> None:
        """Hips and low back side by side."""
        width = WIDTH_PX - 2 * MARGIN
        figure = Figure(figsize=(width / 100, height / 100), facecolor=hex_of(PAPER))
        for axes, panel in zip(chart_places(figure, 13, columns=len(panels)), panels, strict=True):
            draw_compared(axes, panel, 13)
        self.sheet.paste(figure_picture(figure, 100 * FINE), (MARGIN * FINE, round(self.y * FINE)))


def draw_compared(axes: Axes, panel: ComparedCurves, size_pt: float) -> None:
    """Both means with the band of what cannot be told; text in ``size_pt``."""
    first = panel.first
    if math.isfinite(panel.detectable_deg):
        low, high = first.mean - panel.detectable_deg, first.mean + panel.detectable_deg
        axes.fill_between(first.percent, low, high, color=hex_of(UNSEEN), alpha=0.3, linewidth=0)
    _draw_side(axes, first, FIRST_SIDE, "--")
    _draw_side(axes, panel.second, SECOND_SIDE, "-")
    stroke_axis(axes, first.finish_percent)
    plain_look(axes, size_pt, panel.name, panel.meaning.split(";")[0], "deg")


def _draw_side(axes: Axes, curves: StrokeCurves, colour: Rgb, style: str) -> None:
    if np.isfinite(curves.mean).any():
        axes.plot(curves.percent, curves.mean, color=hex_of(colour), linewidth=2.6, linestyle=style)
