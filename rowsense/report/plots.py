"""Charts for paper and pictures, drawn by matplotlib's own canvas (no window, no global state)."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from rowsense.palette import INK, QUANTITY, QUANTITY_OTHER, UNSEEN, hex_of
from rowsense.report.curves import StrokeCurves
from rowsense.report.words import QUANTITY_WORDS

_SOFT = "#55646f"
_GRID = "#e3e8eb"
_MAX_LINES = 40


def draw_curves(axes: Axes, curves: StrokeCurves, size_pt: float) -> None:
    """Strokes, mean and spread of one quantity; text in ``size_pt``."""
    colour = hex_of(QUANTITY.get(curves.quantity, QUANTITY_OTHER))
    for values in curves.values[curves.usable][:_MAX_LINES]:
        axes.plot(curves.percent, values, color=colour, alpha=0.25, linewidth=0.6)
    low, high = curves.mean - curves.sd, curves.mean + curves.sd
    if np.isfinite(low).any():
        axes.fill_between(curves.percent, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(curves.percent, curves.mean, color=colour, linewidth=2.2)
    axes.axvline(curves.finish_percent, color=hex_of(UNSEEN), linewidth=0.8, linestyle=":")
    axes.set_xlim(0, 100)
    axes.set_xticks([0, curves.finish_percent, 100], ["catch", "finish", "catch"])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}°".replace("-", "−"))
    axes.locator_params(axis="y", nbins=5)
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.tick_params(length=0, labelsize=size_pt, labelcolor=_SOFT)
    axes.spines[:].set_visible(False)
    axes.spines["bottom"].set(visible=True, color=_GRID)
    name, meaning = QUANTITY_WORDS.get(curves.quantity, (curves.quantity, ""))
    axes.set_title(name, loc="left", fontsize=size_pt * 1.25, fontweight="bold", color=hex_of(INK), pad=size_pt * 2.0)
    axes.text(0, 1.03, meaning, transform=axes.transAxes, fontsize=size_pt * 0.95, color=_SOFT)


def curves_png(curves: list[StrokeCurves], width_in: float, dpi: int = 200) -> bytes:
    """Up to four quantities in two columns as a PNG."""
    rows = (len(curves) + 1) // 2
    figure = Figure(figsize=(width_in, 2.3 * rows), layout=ConstrainedLayoutEngine(wspace=0.08, hspace=0.12))
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, 2, squeeze=False)
    for axes, one in zip(grid.flat, curves, strict=False):
        draw_curves(axes, one, 8)
    for axes in grid.flat[len(curves) :]:
        axes.set_visible(False)
    return figure_png(figure, dpi)


def figure_png(figure: Figure, dpi: int) -> bytes:
    """A matplotlib figure as a PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, facecolor="white")
    return buffer.getvalue()
