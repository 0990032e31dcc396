"""The piece: one quantity over its minutes, and the best strokes against all others."""

from __future__ import annotations

import math

import numpy as np

from rowsense.palette import FAULT, QUANTITY, QUANTITY_OTHER, UNSEEN, hex_of, rgba_of
from rowsense.report.figures.curves import stroke_axes
from rowsense.report.figures.plain import Figure
from rowsense.report.figures.theme import style
from rowsense.report.figures.traces import add_band, add_lines, plain_list
from rowsense.report.piece_view import BestCurves, DriftPanel
from rowsense.report.words import split_quantity
from rowsense.texts.measures import ENGLISH, measure
from rowsense.texts.texts import Texts

_HEIGHT_PX = 250
#: Digits, and how the axis writes them, by unit.
_DIGITS = {"deg": 1, "s": 3}
_TICKS = {"deg": ".0f", "s": ".2f"}


def drift_figure(panel: DriftPanel, scheme: str = "light", t: Texts = ENGLISH) -> Figure:
    """Strokes as dots, the robust line with its band, what cannot be told from the beginning in grey."""
    colour = QUANTITY.get(split_quantity(panel.quantity)[0], QUANTITY_OTHER)
    digits = _DIGITS.get(panel.unit, 2)
    figure = Figure()
    if math.isfinite(panel.alike_low):
        ends = np.full(2, panel.alike_low), np.full(2, panel.alike_high)
        add_band(figure, panel.line_min[[0, -1]], *ends, rgba_of(UNSEEN, 0.22), t("report_piece.chart.no_change"))
    figure.add_scatter(
        x=plain_list(panel.minute), y=plain_list(panel.value, digits), mode="markers",
        name=t("report_piece.chart.stroke"),
        marker={"color": rgba_of(colour, 0.45), "size": 5}, hoverinfo="skip",
    )  # fmt: skip
    add_band(figure, panel.line_min, panel.low, panel.high, rgba_of(colour, 0.30), t("report_piece.chart.slopes"))
    figure.add_scatter(
        x=plain_list(panel.line_min), y=plain_list(panel.line, digits), mode="lines",
        name=t("report_piece.chart.change"),
        line={"color": hex_of(colour), "width": 3.5 if panel.clear else 2},
        text=[measure(t, float(v), panel.unit) for v in panel.line],
        hovertemplate="%{text}<extra>" + t("report_piece.chart.line") + "</extra>",
    )  # fmt: skip
    style(figure, _HEIGHT_PX, scheme)
    figure.update_layout(hovermode="closest")
    if math.isfinite(panel.from_min):
        figure.add_vline(x=panel.from_min, line={"color": hex_of(FAULT), "width": 2, "dash": "dash"})
        figure.add_annotation(
            x=panel.from_min, y=1.0, yref="paper", yanchor="bottom", showarrow=False, font={"size": 12},
            text=t("report_piece.mark", minute=measure(t, panel.from_min, "min", 0)),
        )  # fmt: skip
        figure.update_layout(margin={"t": 34})
    end = float(panel.line_min[-1])
    figure.update_xaxes(ticksuffix=" min", nticks=6, range=[-0.02 * end, 1.02 * end], showgrid=False)
    figure.update_yaxes(
        ticksuffix="°" if panel.unit == "deg" else f" {panel.unit}", nticks=5, tickformat=_TICKS.get(panel.unit, ""),
        range=panel.shown,
    )  # fmt: skip
    return figure


def best_figure(curves: BestCurves, scheme: str = "light", t: Texts = ENGLISH) -> Figure:
    """The best strokes and their mean in colour, all others in grey."""
    colour = QUANTITY.get(curves.quantity, QUANTITY_OTHER)
    figure = Figure()
    names = {name: t(f"report_piece.chart.{name}") for name in ("others_spread", "others", "each", "best")}
    low, high = curves.others_mean - curves.others_sd, curves.others_mean + curves.others_sd
    add_band(figure, curves.percent, low, high, rgba_of(UNSEEN, 0.25), names["others_spread"])
    figure.add_scatter(
        x=plain_list(curves.percent), y=plain_list(curves.others_mean), mode="lines", name=names["others"],
        line={"color": hex_of(UNSEEN), "width": 2.5, "dash": "dash"},
        hovertemplate="%{y:.0f}<extra>" + names["others"] + "</extra>",
    )  # fmt: skip
    add_lines(figure, curves.percent, curves.best, {"color": rgba_of(colour, 0.4), "width": 1}, names["each"])
    figure.add_scatter(
        x=plain_list(curves.percent), y=plain_list(curves.best_mean), mode="lines", name=names["best"],
        line={"color": hex_of(colour), "width": 3.5}, hovertemplate="%{y:.0f}<extra>" + names["best"] + "</extra>",
    )  # fmt: skip
    shown = np.concatenate([low, high, curves.best.ravel(), curves.others_mean])
    stroke_axes(figure, curves.quantity, curves.finish_percent, shown, scheme, t)
    return figure
