"""A season: what changed, who needs a look first, how squads spread, and one athlete's way through it."""

from __future__ import annotations

from rowsense.season.changes import Period, SeasonChange, SeasonTrend, change_of, trend_of, who_changed_most

__all__ = ["Period", "SeasonChange", "SeasonTrend", "change_of", "trend_of", "who_changed_most"]
