"""Charts on paper for rhythm: the same data as the page's figures."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from rowsense.palette import HANDLE, QUANTITY_OTHER, UNSEEN, hex_of
from rowsense.report.plots import SOFT, plain_look, stroke_axis
from rowsense.report.rhythm_view import RailPath, SpeedCurve, TempoDots, drive_marks, tempo_range
from rowsense.texts.measures import ENGLISH, measure
from rowsense.texts.texts import Texts

_GREY, _HANDLE, _OTHER = hex_of(UNSEEN), hex_of(HANDLE), hex_of(QUANTITY_OTHER)
_SIZE_PT = 8.0


def draw_speeds(axes: Axes, speeds: tuple[SpeedCurve, ...], t: Texts = ENGLISH) -> None:
    """Mean and spread of legs, trunk and arms over the drive."""
    for curve in speeds:
        colour = hex_of(curve.colour)
        axes.fill_between(
            curve.percent, curve.mean - curve.sd, curve.mean + curve.sd, color=colour, alpha=0.2, linewidth=0
        )
        axes.plot(curve.percent, curve.mean, color=colour, linewidth=2.2)
        axes.scatter([curve.peak_percent], [curve.peak], s=24, color=colour, zorder=3)
        _name(axes, curve.name, curve.peak_percent, curve.peak)
    for third in (100.0 / 3.0, 200.0 / 3.0):
        axes.axvline(third, color=_GREY, linewidth=0.8, linestyle=":")
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 100 / 6, 50, 500 / 6, 100], list(drive_marks(t)))
    axes.margins(y=0.12)
    plain_look(axes, _SIZE_PT, t("report_rhythm.caption.speeds"), t("report_rhythm.caption.speeds_meaning"), "", t)
    axes.yaxis.set_major_formatter(lambda value, _: measure(t, value, digits=0))


def draw_rail(axes: Axes, rail: RailPath, t: Texts = ENGLISH) -> None:
    """Handle and seat since the catch."""
    for name, mean, sd, colour in (
        ("handle", rail.handle, rail.handle_sd, _HANDLE), ("seat", rail.seat, rail.seat_sd, _OTHER),
    ):  # fmt: skip
        axes.fill_between(rail.percent, mean - sd, mean + sd, color=colour, alpha=0.25, linewidth=0)
        axes.plot(rail.percent, mean, color=colour, linewidth=2.2)
        top = int(np.nanargmax(mean))
        _name(axes, t(f"report_rhythm.name.{name}"), float(rail.percent[top]), float(mean[top]))
    stroke_axis(axes, rail.finish_percent, t)
    axes.margins(y=0.12)
    plain_look(axes, _SIZE_PT, t("report_rhythm.caption.rail"), rail.meaning, "m" if rail.unit == "m" else "", t)


def draw_tempo(axes: Axes, dots: TempoDots, t: Texts = ENGLISH) -> None:
    """The strokes by their rate, beside BioRow's line."""
    axes.plot(dots.line_rate_spm, dots.line_ratio, color=_GREY, linewidth=1.4, linestyle="--")
    axes.annotate(
        t("report_rhythm.chart.line"), (24.0, float(np.interp(24.0, dots.line_rate_spm, dots.line_ratio))),
        xytext=(4, 4), textcoords="offset points", fontsize=_SIZE_PT * 0.9, color=SOFT,
    )  # fmt: skip
    axes.scatter(dots.rate_spm, dots.ratio, s=6, color=_HANDLE, alpha=0.4, linewidths=0)
    axes.scatter([dots.typical_rate_spm], [dots.typical_ratio], s=60, color=_HANDLE, edgecolors="white", zorder=3)
    axes.set_xlim(tempo_range(dots))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}/min")
    axes.locator_params(axis="x", nbins=6, integer=True)
    plain_look(axes, _SIZE_PT, t("report_rhythm.caption.tempo"), t("report_rhythm.caption.tempo_meaning"), "", t)


def _name(axes: Axes, words: str, x: float, y: float) -> None:
    axes.annotate(words, (x, y), xytext=(0, 5), textcoords="offset points", ha="center", fontsize=_SIZE_PT, color=SOFT)
