"""Charts on paper for hips that tip back and for the piece: the same data as the page's figures."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes

from rowsense.palette import FAULT, INK, QUANTITY, QUANTITY_OTHER, UNSEEN, hex_of
from rowsense.report.curves import some_of
from rowsense.report.hips_view import MoverRow, TipPaths, timeline_marks, timeline_range
from rowsense.report.piece_view import BestCurves, DriftPanel
from rowsense.report.plots import SOFT, plain_look, stroke_axis
from rowsense.report.words import split_quantity
from rowsense.texts.measures import ENGLISH, measure
from rowsense.texts.texts import Texts

_TILT = hex_of(QUANTITY["pelvic_tilt_deg"])
_FAULT, _GREY, _OTHER = hex_of(FAULT), hex_of(UNSEEN), hex_of(QUANTITY_OTHER)
_SIZE_PT = 8.0


def draw_tips(axes: Axes, paths: TipPaths, t: Texts = ENGLISH) -> None:
    """The strokes by time before the catch, and where the hips begin to tip."""
    for i in some_of(len(paths.values)):
        tips = bool(paths.tips[i])
        axes.plot(
            paths.offset_s, paths.values[i], color=_TILT if tips else _GREY, alpha=0.35 if tips else 0.7, linewidth=0.6
        )
    axes.plot(paths.offset_s, paths.mean, color=_TILT, linewidth=2.2)
    axes.scatter(paths.begin_s, paths.begin_deg, s=10, color=_FAULT, alpha=0.6, linewidths=0, zorder=3)
    axes.axvline(0.0, color=_GREY, linewidth=0.8, linestyle=":")
    if math.isfinite(paths.typical_s):
        _mark(axes, paths.typical_s, t("report_hips.mark_begin"))
    axes.set_xlim(float(paths.offset_s[0]), float(paths.offset_s[-1]))
    marks = paths.marks(t)
    axes.set_xticks(list(marks), list(marks.values()))
    plain_look(axes, _SIZE_PT, t("report_hips.caption.paths"), t("report_hips.caption.paths_meaning"), "deg", t)


def draw_movers(axes: Axes, rows: tuple[MoverRow, ...], t: Texts = ENGLISH) -> None:
    """A dot and its interval for each around the moment at which the hips begin to tip, the first on top."""
    low, high = timeline_range(rows)
    for y, row in zip(range(0, -len(rows), -1), rows, strict=True):
        axes.plot([0.0, 0.0], [y - 0.3, y + 0.15], color=_FAULT, linewidth=1.2)
        axes.plot([row.low_s, row.high_s], [y, y], color=_OTHER, linewidth=2)
        face = _OTHER if row.surely_before else "white"
        axes.scatter([row.lag_s], [y], s=50, facecolor=face, edgecolor=_OTHER, linewidths=1.8, zorder=3)
        axes.text(low, y + 0.42, row.words, fontsize=_SIZE_PT, fontweight="bold", color=hex_of(INK), va="center")
        axes.text(low, y + 0.22, row.strokes, fontsize=_SIZE_PT, color=hex_of(INK), va="center")
    marks = timeline_marks(low, high, t)
    axes.set_xlim(low, high)
    axes.set_ylim(0.45 - len(rows), 0.6)
    plain_look(axes, _SIZE_PT, t("report_hips.caption.movers"), t("report_hips.caption.movers_meaning"), "", t)
    axes.set_xticks(list(marks), list(marks.values()))
    axes.set_yticks([])


def draw_drift(axes: Axes, panel: DriftPanel, t: Texts = ENGLISH) -> None:
    """Strokes as dots, the line with its band, and in grey what cannot be told from the beginning."""
    colour = hex_of(QUANTITY.get(split_quantity(panel.quantity)[0], QUANTITY_OTHER))
    if math.isfinite(panel.alike_low):
        axes.fill_between(
            panel.line_min[[0, -1]], panel.alike_low, panel.alike_high, color=_GREY, alpha=0.22, linewidth=0
        )
    axes.scatter(panel.minute, panel.value, s=5, color=colour, alpha=0.45, linewidths=0)
    axes.fill_between(panel.line_min, panel.low, panel.high, color=colour, alpha=0.3, linewidth=0)
    axes.plot(panel.line_min, panel.line, color=colour, linewidth=2.2 if panel.clear else 1.3)
    if math.isfinite(panel.from_min):
        _mark(axes, panel.from_min, t("report_piece.mark", minute=measure(t, panel.from_min, "min", 0)))
    axes.xaxis.set_major_formatter(lambda value, _: measure(t, value, "min", 0))
    axes.locator_params(axis="x", nbins=6, integer=True)
    axes.set_ylim(panel.shown)
    plain_look(axes, _SIZE_PT, panel.name, panel.meaning, panel.unit, t)


def draw_best(axes: Axes, curves: BestCurves, t: Texts = ENGLISH) -> None:
    """The best strokes and their mean in colour, all others in grey."""
    colour = hex_of(QUANTITY.get(curves.quantity, QUANTITY_OTHER))
    low, high = curves.others_mean - curves.others_sd, curves.others_mean + curves.others_sd
    if np.isfinite(low).any():
        axes.fill_between(curves.percent, low, high, color=_GREY, alpha=0.25, linewidth=0)
    axes.plot(curves.percent, curves.others_mean, color=_GREY, linewidth=1.6, linestyle="--")
    for values in curves.best:
        axes.plot(curves.percent, values, color=colour, alpha=0.4, linewidth=0.6)
    axes.plot(curves.percent, curves.best_mean, color=colour, linewidth=2.2)
    stroke_axis(axes, curves.finish_percent, t)
    plain_look(axes, _SIZE_PT, curves.name, curves.meaning, "deg", t)


def _mark(axes: Axes, x: float, words: str) -> None:
    """A dashed line with its words at the foot."""
    axes.axvline(x, color=_FAULT, linewidth=1.0, linestyle="--")
    axes.annotate(
        words, (x, 0.0), xycoords=("data", "axes fraction"), xytext=(3, 3), textcoords="offset points",
        fontsize=_SIZE_PT * 0.9, color=SOFT,
    )  # fmt: skip
