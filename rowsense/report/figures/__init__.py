"""Plotly figures as pure functions of plain data; the report and the dashboards show the same ones."""

from rowsense.report.figures.curves import curve_figure
from rowsense.report.figures.hips import mover_figure, tip_figure
from rowsense.report.figures.piece import best_figure, drift_figure
from rowsense.report.figures.rhythm import rail_figure, speed_figure, tempo_figure
from rowsense.report.figures.timeline import Timeline, timeline_figure, timeline_of

__all__ = [
    "Timeline",
    "best_figure",
    "curve_figure",
    "drift_figure",
    "mover_figure",
    "rail_figure",
    "speed_figure",
    "tempo_figure",
    "timeline_figure",
    "timeline_of",
    "tip_figure",
]
