"""Charts for paper and pictures, drawn by matplotlib's own canvas (no window, no global state)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

from rowsense import palette
from rowsense.palette import INK, QUANTITY, QUANTITY_OTHER, UNSEEN, hex_of
from rowsense.report.curves import StrokeCurves, some_of
from rowsense.report.words import quantity_words, stroke_ends
from rowsense.texts.measures import ENGLISH, measure
from rowsense.texts.texts import Texts

SOFT = hex_of(palette.SOFT)
_GRID = hex_of(palette.LINE)
#: Room left, right, below and above the axes, in heights of the text [D: "−120°", half "Auslage", title and meaning].
_ROOM = (4.4, 2.5, 2.4, 4.8)


def draw_curves(axes: Axes, curves: StrokeCurves, size_pt: float, t: Texts = ENGLISH) -> None:
    """Strokes, mean and spread of one quantity; text in ``size_pt``."""
    colour = hex_of(QUANTITY.get(curves.quantity, QUANTITY_OTHER))
    counted = curves.values[curves.usable]
    for values in counted[some_of(len(counted))]:
        axes.plot(curves.percent, values, color=colour, alpha=0.25, linewidth=0.6)
    low, high = curves.mean - curves.sd, curves.mean + curves.sd
    if np.isfinite(low).any():
        axes.fill_between(curves.percent, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(curves.percent, curves.mean, color=colour, linewidth=2.2)
    stroke_axis(axes, curves.finish_percent, t)
    name, meaning = quantity_words(t, curves.quantity)
    plain_look(axes, size_pt, name, meaning, "deg", t)


def stroke_axis(axes: Axes, finish_percent: float, t: Texts = ENGLISH) -> None:
    """From catch to next catch."""
    axes.axvline(finish_percent, color=hex_of(UNSEEN), linewidth=0.8, linestyle=":")
    axes.set_xlim(0, 100)
    axes.set_xticks([0, finish_percent, 100], stroke_ends(t))


def plain_look(axes: Axes, size_pt: float, name: str, meaning: str, unit: str, t: Texts = ENGLISH) -> None:
    """Title, its meaning, light lines, and values with their unit."""
    digits = 0 if unit == "deg" else 2
    axes.yaxis.set_major_formatter(lambda value, _: measure(t, value, unit, digits))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=unit == "deg"))
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.tick_params(length=0, labelsize=size_pt, labelcolor=SOFT)
    axes.spines[:].set_visible(False)
    axes.spines["bottom"].set(visible=True, color=_GRID)
    axes.set_title(name, loc="left", fontsize=size_pt * 1.25, fontweight="bold", color=hex_of(INK), pad=size_pt * 2.0)
    axes.text(0, 1.03, meaning, transform=axes.transAxes, fontsize=size_pt * 0.95, color=SOFT)


def grid_picture(
    draw: Sequence[Callable[[Axes], None]], width_in: float, row_in: float = 2.3, columns: int = 2, dpi: int = 200
) -> Image.Image:
    """Charts side by side, row after row, with text of 8 points."""
    rows = math.ceil(len(draw) / columns)
    figure = Figure(figsize=(width_in, row_in * rows))
    places = chart_places(figure, 8, rows, columns)
    for axes, draw_one in zip(places, draw, strict=False):
        draw_one(axes)
    for axes in places[len(draw) :]:
        axes.set_visible(False)
    return figure_picture(figure, dpi)


def chart_places(figure: Figure, size_pt: float, rows: int = 1, columns: int = 1) -> list[Axes]:
    """Axes with room around them for what :func:`plain_look` writes in this size.

    (Matplotlib finds such room by drawing all text first, which takes as long as the picture.)
    """
    width, height = (72 / size_pt * side for side in figure.get_size_inches())
    left, right, below, above = _ROOM
    across, along = (width / columns - left - right), (height / rows - below - above)
    return list(
        figure.subplots(
            rows, columns, squeeze=False,
            gridspec_kw={
                "left": left / width, "right": 1 - right / width, "bottom": below / height, "top": 1 - above / height,
                "wspace": (left + right) / across, "hspace": (below + above) / along,
            },
        ).flat
    )  # fmt: skip


def figure_picture(figure: Figure, dpi: int) -> Image.Image:
    """A matplotlib figure as RGB; not as a file, which PDF and cards would only unpack again."""
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
