"""Sentences about a quantity's season: a trend only where it is clear, and what it would take."""

from __future__ import annotations

import math

from dashboards.pages.season_words import count
from rowsense.season.athlete import QuantitySeason
from rowsense.season.changes import LEAST_TREND
from rowsense.season.vocabulary import Quantity, shown
from rowsense.texts.texts import Texts


def trend_words(t: Texts, quantity: Quantity, season: QuantitySeason) -> str:
    """What became of it from the first session to the last."""
    trend = season.trend
    if trend.session_count < LEAST_TREND:
        return t("athlete.trend.too_few", count=trend.session_count, least=LEAST_TREND)
    weeks = max(1, round(trend.weeks))
    spans = {"weeks": count(t, weeks, "weeks_long"), "sessions": count(t, trend.session_count, "sessions")}
    over = t("athlete.trend.over", **spans)
    if trend.clear:
        return t("athlete.trend.clear", over=over, told=t.after_colon(quantity.said(t, trend.change)))
    return t("athlete.trend.none", over=over)


def usual_words(t: Texts, quantity: Quantity, season: QuantitySeason) -> str:
    """The band."""
    if season.usual is None:
        return t("athlete.usual.wait")
    ends = t("season_pages.to", low=shown(t, quantity, season.usual.low), high=shown(t, quantity, season.usual.high))
    return t("athlete.usual.band", ends=ends)


def clear_words(t: Texts, quantity: Quantity, clear_from: float) -> str:
    """The bar at the right edge."""
    if math.isnan(clear_from):
        return t("athlete.clear.wait")
    return t("athlete.clear.bar", wide=shown(t, quantity, clear_from))
