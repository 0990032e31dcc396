"""What there is to say about an athlete's last weeks, as sentences."""

from __future__ import annotations

from rowsense.season.changes import SeasonChange
from rowsense.season.reasons import LAST_WEEKS, WEEKS_BEFORE, Reason
from rowsense.season.vocabulary import quantity_of, shown
from rowsense.store.windows import Window
from rowsense.texts.measures import measure
from rowsense.texts.texts import Texts


def told(t: Texts, reason: Reason) -> str:
    """A reason in the reader's words."""
    if len(reason.told) == 2:
        return _change(t, reason.quantity, reason.told[1])
    kind, now, before = reason.told
    return _scatter(t, reason.quantity, now, before) if kind == "scatter" else _fault(t, kind, reason, now, before)


def _change(t: Texts, identifier: str, change: SeasonChange) -> str:
    quantity = quantity_of(identifier)
    return t(
        "season.reason.change",
        told=quantity.said(t, change.difference),
        last=shown(t, quantity, change.last),
        first=shown(t, quantity, change.first),
        detectable=shown(t, quantity, change.detectable_change),
        weeks=LAST_WEEKS,
        before=WEEKS_BEFORE,
    )


def _fault(t: Texts, kind: str, reason: Reason, now: Window, before: Window) -> str:
    return t(
        f"season.reason.{kind}",
        name=quantity_of(reason.quantity).name(t),
        shown=now.shown_count,
        sessions=now.session_count,
        shown_before=before.shown_count,
        sessions_before=before.session_count,
    )


def _scatter(t: Texts, identifier: str, now: Window, before: Window) -> str:
    unit = quantity_of(identifier).unit
    return t(
        "season.reason.scatter",
        what=t(f"season.steady.{identifier}"),
        now=_fine(t, unit, now.spread_mean),
        before=_fine(t, unit, before.spread_mean),
        weeks=WEEKS_BEFORE,
    )


def _fine(t: Texts, unit: str, value: float) -> str:
    return measure(t, value, unit, 1 if unit == "deg" else 2)
