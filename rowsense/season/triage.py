"""Who needs a coach first, by what there is to say about each, and who was not filmed for long."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from rowsense.season.reasons import (
    LAST_WEEKS,
    WEEKS_BEFORE,
    Found,
    Reason,
    Why,
    clear_changes,
    enough_on_both,
    lost_consistency,
    new_faults,
)
from rowsense.season.vocabulary import STEADY, TRIAGE, known_faults
from rowsense.store.quantities import FAULT
from rowsense.store.windows import Stretches, everybody, last_rowed, windows

#: Not filmed for this long is worth a word. [C]
SILENT_DAYS: Final = 28


@dataclass(frozen=True, slots=True)
class Need:
    """An athlete with all her reasons, the first first."""

    athlete_id: uuid.UUID
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody who was not filmed for long."""

    athlete_id: uuid.UUID
    last: date | None
    """None: never."""
    days: int
    """Since then; 0 where there is no then."""


@dataclass(frozen=True, slots=True)
class Triage:
    """A coach's list."""

    first: tuple[Need, ...]
    """Whom to look at first."""
    better: tuple[Need, ...]
    """Who changed for the better."""
    silent: tuple[Silence, ...]
    """Longest first."""
    looked_at: int
    """Athletes with enough sessions on both sides for anything to be said."""


def stretches_until(end: date) -> Stretches:
    """The last weeks before ``end`` (left out) and those before them."""
    split = end - timedelta(weeks=LAST_WEEKS)
    return Stretches(split - timedelta(weeks=WEEKS_BEFORE), split, end)


def read_triage(
    unit: Session,
    athlete_ids: Sequence[uuid.UUID],
    end: date,
    kinds: Sequence[str] = (),
    without: Collection[uuid.UUID] = (),
    rates_spm: tuple[float, float] | None = None,
) -> Triage:
    """Of these athletes, in the weeks before ``end``.

    What chance makes of so many is counted over the whole club, so that one is told the same of a rower on her page, in
    her squad and in the club. ``without``: sessions that are left out; ``rates_spm``: only those rowed at such a rate.
    """
    days = stretches_until(end)
    # Whether a fault is new does not depend on who else is looked at.
    faults = tuple(f"{FAULT}{one}" for one in known_faults(unit))
    found = {
        **windows(unit, tuple(dict.fromkeys((*TRIAGE, *STEADY))), everybody(unit), days, kinds, without, rates_spm),
        **windows(unit, faults, athlete_ids, days, kinds, without, rates_spm),
    }
    return triage(found, silences(athlete_ids, last_rowed(unit, athlete_ids, end), end), athlete_ids)


def triage(found: Found, silent: tuple[Silence, ...], only: Collection[uuid.UUID] | None = None) -> Triage:
    """The list from what the summaries say; ``only``: who stands on it, of all who are looked at."""
    reasons: dict[uuid.UUID, list[Reason]] = defaultdict(list)
    for athlete_id, reason in (*clear_changes(found), *new_faults(found), *lost_consistency(found)):
        if only is None or athlete_id in only:
            reasons[athlete_id].append(reason)
    needs = [_need(key, told) for key, told in reasons.items()]
    needs.sort(key=lambda need: (min(map(_order, need.reasons)), need.athlete_id))
    enough = {
        key for (_, key), pair in found.items() if (only is None or key in only) and enough_on_both(pair) is not None
    }
    return Triage(
        first=tuple(need for need in needs if need.reasons[0].why is not Why.BETTER),
        better=tuple(need for need in needs if need.reasons[0].why is Why.BETTER),
        silent=silent,
        looked_at=len(enough),
    )


def silences(athlete_ids: Sequence[uuid.UUID], last: Mapping[uuid.UUID, date], end: date) -> tuple[Silence, ...]:
    """Who was not filmed in the weeks before ``end``."""
    today = end - timedelta(days=1)
    gaps = [
        Silence(key, last.get(key), (today - last[key]).days if key in last else 0)
        for key in athlete_ids
        if key not in last or (today - last[key]).days >= SILENT_DAYS
    ]
    return tuple(sorted(gaps, key=lambda gap: (gap.last is None, -gap.days)))


def _need(athlete_id: uuid.UUID, told: Sequence[Reason]) -> Need:
    """What tells most first. Where nothing got worse and something better, that is the news."""
    good = any(reason.why is Why.BETTER for reason in told) and not any(reason.worse for reason in told)
    in_order = sorted(told, key=lambda reason: (good and reason.why is not Why.BETTER, *_telling(reason)))
    # One of each kind says more than three of a kind.
    firsts = [
        next(reason for reason in in_order if reason.why is why) for why in dict.fromkeys(r.why for r in in_order)
    ]
    return Need(athlete_id, (*firsts, *(reason for reason in in_order if reason not in firsts)))


def _order(reason: Reason) -> tuple[int, float]:
    return reason.why, -reason.strength


def _telling(reason: Reason) -> tuple[int, bool, float]:
    """What she does comes before what it scores."""
    return reason.why, reason.quantity == "score", -reason.strength
