"""Rhythm: speeds of legs, trunk and arms, handle and seat along the rail, recovery against drive."""

from __future__ import annotations

import numpy as np

from rowsense.palette import HANDLE, QUANTITY_OTHER, UNSEEN, hex_of, rgba_of
from rowsense.report.curves import MAX_LINES, room
from rowsense.report.figures.curves import stroke_axes
from rowsense.report.figures.plain import Figure
from rowsense.report.figures.theme import style
from rowsense.report.figures.traces import add_band, plain_list
from rowsense.report.rhythm_view import RailPath, SpeedCurve, TempoDots, drive_marks, tempo_range
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts

_HEIGHT_PX = 320


def speed_figure(speeds: tuple[SpeedCurve, ...], scheme: str = "light", t: Texts = ENGLISH) -> Figure:
    """Mean and spread of each over the drive, a dot and its name where it is fastest."""
    figure = Figure()
    for curve in speeds:
        low, high = curve.mean - curve.sd, curve.mean + curve.sd
        add_band(figure, curve.percent, low, high, rgba_of(curve.colour, 0.20), t("report_page.chart.spread"))
    for curve in speeds:
        figure.add_scatter(
            x=plain_list(curve.percent), y=plain_list(curve.mean, 1), mode="lines", name=curve.name,
            line={"color": hex_of(curve.colour), "width": 3.5}, customdata=plain_list(curve.sd, 1),
            hovertemplate="%{y:.0f} ± %{customdata:.0f}°/s<extra>" + curve.name + "</extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[curve.peak_percent], y=[curve.peak], mode="markers+text", text=[curve.name], textposition="top center",
            marker={"color": hex_of(curve.colour), "size": 11}, hoverinfo="skip", cliponaxis=False,
            name=t("report_rhythm.chart.fastest"),
        )  # fmt: skip
    for third in (100.0 / 3.0, 200.0 / 3.0):
        figure.add_vline(x=third, line={"color": hex_of(UNSEEN), "width": 1, "dash": "dot"})
    style(figure, _HEIGHT_PX, scheme)
    figure.update_xaxes(
        range=[0, 100], tickvals=[0, 100 / 6, 50, 500 / 6, 100],
        ticktext=list(drive_marks(t)), ticks="", showgrid=False, tickangle=0,
        hoverformat=".0f", unifiedhovertitle={"text": "%{x:.0f} " + t("report_rhythm.chart.of_drive")},
        ticklabeloverflow="allow",
    )  # fmt: skip
    shown = room(np.concatenate([c.mean + c.sd for c in speeds] + [c.mean - c.sd for c in speeds]))
    figure.update_yaxes(nticks=6, range=shown)
    figure.update_layout(margin={"t": 24})
    return figure


def rail_figure(rail: RailPath, scheme: str = "light", t: Texts = ENGLISH) -> Figure:
    """How far handle and seat have gone since the catch."""
    figure = Figure()
    unit = t(f"report_rhythm.unit.{rail.unit}")
    for part, mean, sd, colour in (
        ("handle", rail.handle, rail.handle_sd, HANDLE), ("seat", rail.seat, rail.seat_sd, QUANTITY_OTHER),
    ):  # fmt: skip
        name = t(f"report_rhythm.name.{part}")
        add_band(figure, rail.percent, mean - sd, mean + sd, rgba_of(colour, 0.25), t("report_page.chart.spread"))
        figure.add_scatter(
            x=plain_list(rail.percent), y=plain_list(mean, 3), mode="lines", name=name, customdata=plain_list(sd, 3),
            line={"color": hex_of(colour), "width": 3.5},
            hovertemplate="%{y:.2f} ± %{customdata:.2f} " + unit + "<extra>" + name + "</extra>",
        )  # fmt: skip
        top = int(np.nanargmax(mean))
        figure.add_annotation(
            x=float(rail.percent[top]), y=float(mean[top]), text=name, showarrow=False, yanchor="bottom", yshift=5
        )
    stroke_axes(figure, "", rail.finish_percent, np.concatenate([rail.handle, rail.seat]), scheme, t)
    highest = float(np.nanmax(rail.handle))
    ending = " m" if rail.unit == "m" else ""
    figure.update_yaxes(range=[-0.05 * highest, 1.2 * highest], ticksuffix=ending, tickformat=".1f")
    return figure


def tempo_figure(dots: TempoDots, scheme: str = "light", t: Texts = ENGLISH) -> Figure:
    """The strokes by their rate, beside BioRow's line."""
    figure = Figure()
    figure.add_scatter(
        x=plain_list(dots.line_rate_spm), y=plain_list(dots.line_ratio, 3), mode="lines",
        name=t("report_rhythm.head.line"),
        line={"color": hex_of(UNSEEN), "width": 2, "dash": "dash"}, hoverinfo="skip",
    )  # fmt: skip
    at_rate = t("report_rhythm.chart.at_rate", ratio="%{y:.2f}", rate="%{x:.1f}")
    few = len(dots.rate_spm) <= MAX_LINES
    figure.add_scatter(
        x=plain_list(dots.rate_spm), y=plain_list(dots.ratio, 3), mode="markers",
        name=t("report_page.chart.strokes"),
        marker={"color": hex_of(HANDLE), "size": 6 if few else 4, "opacity": 0.5 if few else 0.25}, hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=[round(dots.typical_rate_spm, 2)], y=[round(dots.typical_ratio, 3)], mode="markers",
        name=t("report_rhythm.chart.typical"),
        marker={"color": hex_of(HANDLE), "size": 15, "line": {"width": 2, "color": "white"}},
        hovertemplate=f"{at_rate}<extra>{t('report_rhythm.chart.typical')}</extra>",
    )  # fmt: skip
    figure.add_annotation(
        x=24.0, y=float(np.interp(24.0, dots.line_rate_spm, dots.line_ratio)), text=t("report_rhythm.chart.line"),
        showarrow=False, xanchor="left", yanchor="bottom", xshift=6, yshift=4, font={"size": 12},
    )  # fmt: skip
    style(figure, _HEIGHT_PX, scheme)
    figure.update_layout(hovermode="closest")
    low, high = tempo_range(dots)
    figure.update_xaxes(range=[low, high], showgrid=False, nticks=7, ticksuffix="/min", tickangle=0)
    figure.update_yaxes(range=room(np.concatenate([dots.ratio, dots.line_ratio]), 0.1), nticks=6, tickformat=".1f")
    return figure
