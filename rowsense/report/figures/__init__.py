"""Plotly figures as pure functions of plain data; the report and the dashboards show the same ones."""

from rowsense.report.figures.curves import curve_figure
from rowsense.report.figures.timeline import Timeline, timeline_figure, timeline_of

__all__ = ["Timeline", "curve_figure", "timeline_figure", "timeline_of"]
