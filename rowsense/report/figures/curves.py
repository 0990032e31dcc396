"""All strokes of one quantity over each other, with the mean and the spread between strokes."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rowsense.palette import QUANTITY, QUANTITY_OTHER, UNSEEN, hex_of, rgba_of
from rowsense.report.curves import StrokeCurves
from rowsense.report.figures.theme import style
from rowsense.report.words import QUANTITY_WORDS

#: More single lines than this are only fog: the rest is left to mean and spread.
MAX_LINES = 40
_HEIGHT_PX = 300


def curve_figure(curves: StrokeCurves, scheme: str = "light") -> go.Figure:
    """The figure of one quantity; strokes that do not count are dotted and grey."""
    colour = QUANTITY.get(curves.quantity, QUANTITY_OTHER)
    figure = go.Figure()
    _add_strokes(figure, curves, rgba_of(colour, 0.30))
    _add_spread(figure, curves, rgba_of(colour, 0.20))
    name, meaning = QUANTITY_WORDS.get(curves.quantity, (curves.quantity, ""))
    figure.add_scatter(
        x=_plain(curves.percent), y=_plain(curves.mean), mode="lines", name="mean",
        line={"color": hex_of(colour), "width": 3.5}, customdata=_plain(curves.sd),
        hovertemplate="%{y:.0f} ± %{customdata:.0f}<extra>" + name + "</extra>",
    )  # fmt: skip
    figure.add_vline(x=curves.finish_percent, line={"color": hex_of(UNSEEN), "width": 1, "dash": "dot"})
    style(figure, _HEIGHT_PX, scheme)
    figure.update_xaxes(
        range=[0, 100], tickvals=[0, curves.finish_percent, 100], ticktext=["catch", "finish", "catch"],
        hoverformat=".0f", unifiedhovertitle={"text": "%{x:.0f} % of the stroke"}, showgrid=False,
        ticklabeloverflow="allow",
    )  # fmt: skip
    ending = "°" if curves.quantity.endswith("_deg") else ""
    figure.update_yaxes(ticksuffix=ending, nticks=6, range=_room(curves.values))
    figure.update_layout(meta={"name": name, "meaning": meaning})
    return figure


def _add_strokes(figure: go.Figure, curves: StrokeCurves, colour: str) -> None:
    """Those that count and those that do not: one trace each, its lines parted by a gap."""
    count = len(curves.values)
    if not count:
        return
    shown = np.unique(np.linspace(0, count - 1, min(count, MAX_LINES)).round().astype(int))
    counts = np.asarray(curves.usable)[shown]
    for name, rows, line in (
        ("strokes", shown[counts], {"color": colour, "width": 1}),
        ("strokes that do not count", shown[~counts], {"color": hex_of(UNSEEN), "width": 1, "dash": "dot"}),
    ):
        if rows.size:
            figure.add_scatter(
                x=_parted([curves.percent] * len(rows)), y=_parted([curves.values[i] for i in rows]), mode="lines",
                line=line, hoverinfo="skip", name=name, connectgaps=False,
            )  # fmt: skip


def _parted(lines: list[NDArray[np.float64]]) -> list[float | None]:
    """The lines one after the other with a gap before each."""
    return [value for line in lines for value in (None, *_plain(line))]


def _add_spread(figure: go.Figure, curves: StrokeCurves, colour: str) -> None:
    known = np.isfinite(curves.sd)
    if not known.any():
        return
    x = curves.percent[known]
    low, high = (curves.mean - curves.sd)[known], (curves.mean + curves.sd)[known]
    figure.add_scatter(
        x=_plain(np.concatenate([x, x[::-1]])), y=_plain(np.concatenate([high, low[::-1]])), fill="toself",
        fillcolor=colour, line={"width": 0}, mode="lines", hoverinfo="skip", name="spread",
    )  # fmt: skip


def _room(values: NDArray[np.float64]) -> list[float] | None:
    """A range that leaves air above and below the lines; None where nothing is known."""
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    air = max(0.08 * float(np.ptp(known)), 0.5)
    return [float(known.min()) - air, float(known.max()) + air]


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    """Short decimal numbers for the page; None where missing."""
    return [round(float(v), 2) if np.isfinite(v) else None for v in values]
