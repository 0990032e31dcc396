"""Hips that tip back: every stroke on the way to the catch, and who moved before or with them."""

from __future__ import annotations

import math

import numpy as np

from rowsense.palette import FAULT, QUANTITY, QUANTITY_OTHER, UNSEEN, hex_of, rgba_of
from rowsense.report.curves import MAX_LINES, room, some_of
from rowsense.report.figures.plain import Figure
from rowsense.report.figures.theme import style
from rowsense.report.figures.traces import add_lines, plain_list
from rowsense.report.hips_view import MoverRow, TipPaths, timeline_marks, timeline_range
from rowsense.texts.measures import ENGLISH, measure
from rowsense.texts.texts import Texts

_TILT = QUANTITY["pelvic_tilt_deg"]
_HEIGHT_PX, _ROW_PX = 340, 74


def tip_figure(paths: TipPaths, scheme: str = "light", t: Texts = ENGLISH) -> Figure:
    """The strokes by time before the catch; a dot where the hips begin to tip back."""
    figure = Figure()
    shown = some_of(len(paths.values))
    tips = paths.tips[shown]
    still = {"color": hex_of(UNSEEN), "width": 1}
    add_lines(figure, paths.offset_s, paths.values[shown[~tips]], still, t("report_hips.chart.still"))
    tipping = {"color": rgba_of(_TILT, 0.35), "width": 1}
    add_lines(figure, paths.offset_s, paths.values[shown[tips]], tipping, t("report_hips.chart.tipping"))
    figure.add_scatter(
        x=plain_list(paths.offset_s, 3), y=plain_list(paths.mean), mode="lines", hoverinfo="skip",
        name=t("report_page.chart.mean"),
        line={"color": hex_of(_TILT), "width": 3.5},
    )  # fmt: skip
    few = len(paths.numbers) <= MAX_LINES
    known = np.flatnonzero(np.isfinite(paths.begin_s) & np.isfinite(paths.begin_deg))
    figure.add_scatter(
        x=plain_list(paths.begin_s[known], 3), y=plain_list(paths.begin_deg[known]), mode="markers",
        name=t("report_hips.chart.begin"),
        marker={"color": hex_of(FAULT), "size": 8 if few else 6, "opacity": 0.85 if few else 0.4},
        text=[
            t("report_hips.chart.dot", number=paths.numbers[i], before=measure(t, -paths.begin_s[i], "s"))
            for i in known
        ],
        hovertemplate="%{text}, %{y:.0f}°<extra></extra>",
    )  # fmt: skip
    figure.add_vline(x=0.0, line={"color": hex_of(UNSEEN), "width": 1, "dash": "dot"})
    style(figure, _HEIGHT_PX, scheme)
    figure.update_layout(hovermode="closest")
    if math.isfinite(paths.typical_s):
        figure.add_vline(x=paths.typical_s, line={"color": hex_of(FAULT), "width": 2, "dash": "dash"})
        figure.add_annotation(
            x=paths.typical_s, y=1.0, yref="paper", yanchor="bottom", showarrow=False,
            text=t("report_hips.mark_begin"),
            font={"size": 12},
        )  # fmt: skip
        figure.update_layout(margin={"t": 34})
    figure.update_xaxes(
        range=[float(paths.offset_s[0]), float(paths.offset_s[-1])], showgrid=False, tickangle=0,
        tickvals=list(paths.marks(t)), ticktext=list(paths.marks(t).values()),
    )  # fmt: skip
    figure.update_yaxes(ticksuffix="°", nticks=6, range=room(paths.values))
    return figure


def mover_figure(rows: tuple[MoverRow, ...], scheme: str = "light", t: Texts = ENGLISH) -> Figure:
    """A dot and its interval for each, around the moment at which the hips begin to tip; the first on top."""
    figure = Figure()
    for place, row in enumerate(rows):
        _mover(figure, row, -place, t)
    style(figure, 50 + _ROW_PX * len(rows), scheme)
    low, high = timeline_range(rows)
    marks = timeline_marks(low, high, t)
    figure.update_xaxes(
        range=[low, high], tickvals=list(marks), ticktext=list(marks.values()), showgrid=False, tickangle=0,
        ticklabeloverflow="allow",
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[0.45 - len(rows), 0.75])
    figure.update_layout(hovermode="closest", margin={"l": 14, "r": 34, "t": 8, "b": 36})
    return figure


def _mover(figure: Figure, row: MoverRow, y: float, t: Texts) -> None:
    colour = hex_of(QUANTITY_OTHER)
    figure.add_scatter(
        x=[0.0, 0.0], y=[y - 0.3, y + 0.15], mode="lines", hoverinfo="skip", name=t("report_hips.mark_begin"),
        line={"color": hex_of(FAULT), "width": 2},
    )  # fmt: skip
    if math.isfinite(row.low_s):
        figure.add_scatter(
            x=[round(row.low_s, 3), round(row.high_s, 3)], y=[y, y], mode="lines", hoverinfo="skip",
            name=t("report_hips.chart.interval"),
            line={"color": colour, "width": 3},
        )  # fmt: skip
    mark = "circle" if row.surely_before else "circle-open"
    figure.add_scatter(
        x=[round(row.lag_s, 3)], y=[y], mode="markers", name=row.words, hovertext=[" · ".join(row.cells)],
        hoverinfo="text", marker={"color": colour, "size": 14, "symbol": mark, "line": {"width": 3, "color": colour}},
    )  # fmt: skip
    figure.add_annotation(
        x=0.0, xref="paper", xanchor="left", y=y + 0.18, yanchor="bottom", showarrow=False, align="left",
        text=f"<b>{row.words}</b><br>{row.strokes}",
    )  # fmt: skip
