"""What a list of sessions is narrowed to, in words; for a club's server only."""

from __future__ import annotations

from rowsense.season.vocabulary import piece_name, quantity_of, shown
from rowsense.store.behind import RATES, Behind
from rowsense.texts.texts import Texts


def behind_words(t: Texts, behind: Behind) -> str:
    """Empty: nothing is left out."""
    first, last = behind.first, behind.last
    said = [
        t("sessions.behind.athlete") if behind.athlete else "",
        t("sessions.behind.squad") if behind.squad else "",
        t("sessions.behind.days", first=t.day(first), last=t.day(last)) if first and last else "",
        t("sessions.behind.since", first=t.day(first)) if first and not last else "",
        t("sessions.behind.until", last=t.day(last)) if last and not first else "",
        piece_name(t, behind.kind),
        t(f"season_pages.rate.{behind.rate}") if behind.rate in RATES else "",
        _quantity(t, behind),
    ]
    return " · ".join(one for one in said if one)


def _quantity(t: Texts, behind: Behind) -> str:
    if not behind.quantity or behind.low is None or behind.high is None:
        return ""
    quantity = quantity_of(behind.quantity)
    ends = t("season_pages.to", low=shown(t, quantity, behind.low), high=shown(t, quantity, behind.high))
    return t("sessions.behind.quantity", name=quantity.name(t), ends=ends)
