"""Figures as Plotly reads them: it refuses what it does not know."""

from __future__ import annotations

import plotly.graph_objects as go

from rowsense.report.figures.plain import Figure


def in_plotly(figure: Figure) -> go.Figure:
    """The same in Plotly's classes, every value checked."""
    return go.Figure(figure.as_json())
