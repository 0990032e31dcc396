"""What several figures draw: many thin lines as one trace, a band, plain numbers for the page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rowsense.report.figures.plain import Figure

FloatArray = NDArray[np.float64]


def add_lines(
    figure: Figure, x: FloatArray, lines: Sequence[FloatArray] | FloatArray, line: dict[str, object], name: str
) -> None:
    """Lines over the same ``x`` as one trace, a gap before each; nothing where there are none."""
    if len(lines):
        figure.add_scatter(
            x=[value for _ in lines for value in (None, *plain_list(x))],
            y=[value for one in lines for value in (None, *plain_list(one))],
            mode="lines", line=line, hoverinfo="skip", name=name, connectgaps=False,
        )  # fmt: skip


def add_band(figure: Figure, x: FloatArray, low: FloatArray, high: FloatArray, colour: str, name: str) -> None:
    """The space between two lines where both are known; nothing where they are nowhere."""
    known = np.isfinite(low) & np.isfinite(high)
    if not known.any():
        return
    x, low, high = x[known], low[known], high[known]
    figure.add_scatter(
        x=plain_list(np.concatenate([x, x[::-1]])), y=plain_list(np.concatenate([high, low[::-1]])), fill="toself",
        fillcolor=colour, line={"width": 0}, mode="lines", hoverinfo="skip", name=name,
    )  # fmt: skip


def plain_list(values: FloatArray, digits: int = 2) -> list[float | None]:
    """Short decimal numbers for the page; None where missing."""
    return [round(float(v), digits) if np.isfinite(v) else None for v in values]
