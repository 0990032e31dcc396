"""All strokes of one quantity over each other, with the mean and the spread between strokes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.palette import QUANTITY, QUANTITY_OTHER, UNSEEN, hex_of, rgba_of
from rowsense.report.curves import StrokeCurves, room, some_of
from rowsense.report.figures.plain import Figure
from rowsense.report.figures.theme import style
from rowsense.report.figures.traces import add_band, add_lines, plain_list
from rowsense.report.words import quantity_words, stroke_ends
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

FloatArray = NDArray[np.float64]
_HEIGHT_PX = 300


def curve_figure(curves: StrokeCurves, scheme: str = "light", t: Texts = ENGLISH) -> Figure:
    """The figure of one quantity; strokes that do not count are dotted and grey."""
    colour = QUANTITY.get(curves.quantity, QUANTITY_OTHER)
    figure = Figure()
    _add_strokes(figure, curves, rgba_of(colour, 0.30), t)
    low, high = curves.mean - curves.sd, curves.mean + curves.sd
    add_band(figure, curves.percent, low, high, rgba_of(colour, 0.20), t("report_page.chart.spread"))
    name, meaning = quantity_words(t, curves.quantity)
    figure.add_scatter(
        x=plain_list(curves.percent), y=plain_list(curves.mean), mode="lines", name=t("report_page.chart.mean"),
        line={"color": hex_of(colour), "width": 3.5}, customdata=plain_list(curves.sd),
        hovertemplate="%{y:.0f} ± %{customdata:.0f}<extra>" + name + "</extra>",
    )  # fmt: skip
    stroke_axes(figure, curves.quantity, curves.finish_percent, curves.values, scheme, t)
    figure.update_layout(meta={"name": name, "meaning": meaning})
    return figure


def stroke_axes(
    figure: Figure, quantity: str, finish_percent: float, shown: FloatArray, scheme: str, t: Texts = ENGLISH
) -> None:
    """Look and axes of a figure that goes from catch to next catch and has room for all values ``shown``."""
    figure.add_vline(x=finish_percent, line={"color": hex_of(UNSEEN), "width": 1, "dash": "dot"})
    style(figure, _HEIGHT_PX, scheme)
    figure.update_xaxes(
        range=[0, 100], tickvals=[0, finish_percent, 100], ticktext=stroke_ends(t),
        hoverformat=".0f", unifiedhovertitle={"text": "%{x:.0f} " + t("report_page.chart.of_stroke")}, showgrid=False,
        ticklabeloverflow="allow",
    )  # fmt: skip
    ending = "°" if quantity.endswith("_deg") else ""
    figure.update_yaxes(ticksuffix=ending, nticks=6, range=room(shown))


def _add_strokes(figure: Figure, curves: StrokeCurves, colour: str, t: Texts) -> None:
    """Those that count and those that do not, one trace each."""
    shown = some_of(len(curves.values))
    counts = np.asarray(curves.usable)[shown]
    counted = curves.values[shown[counts]]
    add_lines(figure, curves.percent, counted, {"color": colour, "width": 1}, t("report_page.chart.strokes"))
    unused = {"color": hex_of(UNSEEN), "width": 1, "dash": "dot"}
    left_out = t("report_page.chart.not_counted")
    add_lines(figure, curves.percent, curves.values[shown[~counts]], unused, left_out)
