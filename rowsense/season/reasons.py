"""What there is to say about an athlete's last weeks: a clear change, a new fault, strokes that are less alike.

The last four weeks are held against the eight before them. Nothing is named that chance explains: a change is clear and
stands among all that were looked at, a fault is new only where it hardly ever showed before.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from rowsense.assess.differences import by_chance, mostly_real
from rowsense.season.changes import LEAST_SESSIONS, SeasonChange, change_of, pooled_error
from rowsense.season.vocabulary import STEADY, TRIAGE, quantity_of
from rowsense.store.quantities import FAULT
from rowsense.store.windows import Pair, Window

LAST_WEEKS: Final = 4
WEEKS_BEFORE: Final = 8
#: A fault is new when at least this share of the last sessions show it and at most that share of those before. [D]
_NOW_RATIO: Final = 0.5
_BEFORE_RATIO: Final = 0.1
#: Most probable that a fault spreads over the sessions like this by chance alone. [D] A coach of a hundred rowers and
#: twenty faults is then told of a handful of false ones, before the two shares above take most of these away.
_FAULT_CHANCE: Final = 0.01
#: How much wider the strokes scatter. [D: the fault `inconsistent`]
_WIDER_RATIO: Final = 1.5
#: By quantity and athlete.
Found = Mapping[tuple[str, uuid.UUID], Pair]


class Why(IntEnum):
    """Why somebody is named, what matters most first."""

    CHANGE = 0
    FAULT = 1
    CONSISTENCY = 2
    BETTER = 3


#: What there is to say: a text of ``season.reason``, and a change, or two windows.
Told = tuple[str, SeasonChange] | tuple[str, Window, Window]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to say about an athlete."""

    why: Why
    quantity: str
    """What her page shows of it."""
    told: Told
    """The numbers of it: what changed, when, by how much."""
    strength: float
    """For the order among reasons of a kind."""
    worse: bool = True
    """False: for the better, or neither way is better by itself."""


def enough_on_both(pair: Pair) -> tuple[Window, Window] | None:
    """Both sides, where there are sessions enough for anything to be said."""
    before, now = pair
    if before is None or now is None or min(before.session_count, now.session_count) < LEAST_SESSIONS:
        return None
    return before, now


def clear_changes(found: Found) -> list[tuple[uuid.UUID, Reason]]:
    """Of whom which quantity's level changed."""
    changes = [
        (quantity, change_of(athlete_id, *enough, quantity), _chance(*enough))
        for (quantity, athlete_id), pair in found.items()
        if quantity in TRIAGE and (enough := enough_on_both(pair)) is not None
    ]
    # Where a hundred rowers are looked at in many ways, some change by chance beyond any limit.
    real = mostly_real([chance for *_, chance in changes])
    return [
        (change.athlete_id, _change_reason(quantity, change))
        for (quantity, change, _), beyond in zip(changes, real, strict=True)
        if beyond and change.clear
    ]


def _chance(before: Window, now: Window) -> float:
    """Probability of so large a difference where only the sessions scatter."""
    counts = before.session_count, now.session_count
    error = pooled_error(counts[0], before.session_sd, counts[1], now.session_sd)
    return by_chance(now.session_mean - before.session_mean, error, sum(counts) - 2)


def _change_reason(identifier: str, change: SeasonChange) -> Reason:
    quantity = quantity_of(identifier)
    better = quantity.worse * change.difference < 0
    why, worse = Why.BETTER if better else Why.CHANGE, quantity.worse * change.difference > 0
    return Reason(why, identifier, ("change", change), min(change.strength, 1e9), worse)


def new_faults(found: Found) -> list[tuple[uuid.UUID, Reason]]:
    """Of whom which fault came, or went."""
    told = []
    for (quantity, athlete_id), pair in found.items():
        enough = enough_on_both(pair) if quantity.startswith(FAULT) else None
        if enough is not None and (reason := _fault_reason(quantity, *enough)) is not None:
            told.append((athlete_id, reason))
    return told


def _fault_reason(identifier: str, before: Window, now: Window) -> Reason | None:
    came = _came(before, now) and fault_by_chance(now, before) <= _FAULT_CHANCE
    went = _came(now, before) and fault_by_chance(before, now) <= _FAULT_CHANCE
    if not came and not went:
        return None
    seen, seen_before = now.shown_count / now.session_count, before.shown_count / before.session_count
    if came:
        return Reason(Why.FAULT, identifier, ("new_fault", now, before), seen - seen_before)
    return Reason(Why.BETTER, identifier, ("gone_fault", now, before), seen_before - seen, worse=False)


def _came(before: Window, now: Window) -> bool:
    return (
        now.shown_count >= _NOW_RATIO * now.session_count and before.shown_count <= _BEFORE_RATIO * before.session_count
    )


def fault_by_chance(more: Window, fewer: Window) -> float:
    """Probability that so many sessions with a fault fall into the first window by chance (Fisher, one-sided)."""
    drawn, every = more.session_count, more.session_count + fewer.session_count
    marked = more.shown_count + fewer.shown_count
    ways = sum(
        math.comb(marked, hit) * math.comb(every - marked, drawn - hit)
        for hit in range(more.shown_count, min(marked, drawn) + 1)
    )
    return ways / math.comb(every, drawn)


def lost_consistency(found: Found) -> list[tuple[uuid.UUID, Reason]]:
    """Whose strokes differ more from one another, each by what shows it most."""
    enough = [
        (quantity, athlete_id, before, now)
        for (quantity, athlete_id), (before, now) in found.items()
        if quantity in STEADY and before is not None and now is not None and _scatter_known(before, now)
    ]
    # As with levels, some of many scatter further by chance.
    real = mostly_real([_scatter_chance(before, now) for *_, before, now in enough])
    worst: dict[uuid.UUID, Reason] = {}
    for (quantity, athlete_id, before, now), beyond in zip(enough, real, strict=True):
        wider = now.spread_mean / before.spread_mean
        if beyond and wider >= _WIDER_RATIO and (athlete_id not in worst or wider > worst[athlete_id].strength):
            worst[athlete_id] = _scatter_reason(quantity, before, now)
    return list(worst.items())


def _scatter_known(before: Window, now: Window) -> bool:
    """Whether sessions enough say how far their strokes scatter."""
    counts = before.spread_count, now.spread_count
    return min(counts) >= LEAST_SESSIONS and before.spread_mean > 0.0 and now.spread_mean > 0.0


def _scatter_chance(before: Window, now: Window) -> float:
    """Probability that the strokes scatter so many times as far by chance.

    On logarithms: what scatters further from stroke to stroke also does so by more from session to session.
    """
    counts = before.spread_count, now.spread_count
    relative = before.spread_sd / before.spread_mean, now.spread_sd / now.spread_mean
    error = pooled_error(counts[0], relative[0], counts[1], relative[1])
    return by_chance(math.log(now.spread_mean / before.spread_mean), error, sum(counts) - 2)


def _scatter_reason(identifier: str, before: Window, now: Window) -> Reason:
    return Reason(Why.CONSISTENCY, identifier, ("scatter", now, before), now.spread_mean / before.spread_mean)
