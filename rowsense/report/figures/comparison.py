"""Two groups of strokes over each other, with what cannot be told apart as a band around the first."""

from __future__ import annotations

import math

import numpy as np

from rowsense.palette import FIRST_SIDE, SECOND_SIDE, UNSEEN, Rgb, hex_of, rgba_of
from rowsense.report.comparison_view import ComparedCurves
from rowsense.report.curves import StrokeCurves, some_of
from rowsense.report.figures.curves import stroke_axes
from rowsense.report.figures.plain import Figure
from rowsense.report.figures.traces import add_band, add_lines, plain_list


def comparison_figure(panel: ComparedCurves, scheme: str = "light") -> Figure:
    """Thin lines are strokes, thick ones the means, the first dashed; in the grey band no difference can be told."""
    first, second = panel.first, panel.second
    figure = Figure()
    if math.isfinite(panel.detectable_deg):
        low, high = first.mean - panel.detectable_deg, first.mean + panel.detectable_deg
        add_band(figure, first.percent, low, high, rgba_of(UNSEEN, 0.30), "no clear change")
    _side(figure, first, FIRST_SIDE, "first", "dash")
    _side(figure, second, SECOND_SIDE, "second", "solid")
    shown = np.concatenate([first.values.ravel(), second.values.ravel()])
    stroke_axes(figure, panel.quantity, first.finish_percent, shown, scheme)
    return figure


def _side(figure: Figure, curves: StrokeCurves, colour: Rgb, name: str, dash: str) -> None:
    thin = {"color": rgba_of(colour, 0.30), "width": 1}
    add_lines(figure, curves.percent, curves.values[some_of(len(curves.values))], thin, f"{name}, each stroke")
    figure.add_scatter(
        x=plain_list(curves.percent), y=plain_list(curves.mean), mode="lines", name=name,
        line={"color": hex_of(colour), "width": 3.5, "dash": dash},
        hovertemplate="%{y:.1f}<extra>" + name + "</extra>",
    )  # fmt: skip
