"""Sentences about a quantity's season: a trend only where it is clear, and what it would take."""

from __future__ import annotations

import math

from rowsense.season.athlete import QuantitySeason
from rowsense.season.changes import LEAST_TREND
from rowsense.season.vocabulary import Quantity, shown


def trend_words(quantity: Quantity, season: QuantitySeason) -> str:
    """What became of it from the first session to the last."""
    trend = season.trend
    if trend.session_count < LEAST_TREND:
        return f"Too few sessions for a trend: there are {trend.session_count}, it takes {LEAST_TREND}."
    weeks = max(1, round(trend.weeks))
    over = f"over {weeks} week{'' if weeks == 1 else 's'} and {trend.session_count} sessions"
    if trend.clear:
        told = quantity.said(trend.change)
        return f"A clear trend {over}: {told[:1].lower()}{told[1:]}."
    return f"No clear trend {over} as a whole."


def usual_words(quantity: Quantity, season: QuantitySeason) -> str:
    """The band."""
    if season.usual is None:
        return "With three sessions this shows what is usual."
    ends = f"{shown(quantity, season.usual.low)} to {shown(quantity, season.usual.high)}"
    return f"Usual is {ends}, the band: of 20 sessions 19 would lie in it if nothing changed."


def clear_words(quantity: Quantity, clear_from: float) -> str:
    """The bar at the right edge."""
    if math.isnan(clear_from):
        return "How large a clear change is shows once there are three sessions in each of two stretches of four weeks."
    wide = shown(quantity, clear_from)
    return f"The bar at the right is {wide}: two stretches of four weeks that are so far apart differ clearly."
