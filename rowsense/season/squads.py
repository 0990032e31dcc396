"""Squads side by side, as distributions: of their strokes, and where each rower lies in them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from rowsense.store.season import Choice, grouped, percentiles

#: Ends of the whiskers, of the box, and its middle.
SHARES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class RowerPlace:
    """One rower in her squad."""

    athlete_id: uuid.UUID
    mean: float
    """Mean of her sessions' means."""
    session_count: int
    stroke_count: int


@dataclass(frozen=True, slots=True)
class SquadSpread:
    """One squad."""

    squad_id: uuid.UUID | None
    """None: those who are in no squad."""
    strokes: tuple[float, ...]
    """Values at :data:`SHARES` of all its strokes; empty where the quantity has none of these."""
    rowers: tuple[RowerPlace, ...]
    """By value; that is where they lie, not who is better."""

    @property
    def stroke_count(self) -> int:
        """Of all of them."""
        return sum(rower.stroke_count for rower in self.rowers)


def squad_spreads(
    unit: Session, choice: Choice, squads: Mapping[uuid.UUID | None, Collection[uuid.UUID]]
) -> tuple[SquadSpread, ...]:
    """Of each squad that has a session among those chosen, in the order given.

    ``squads``: by key (None: no squad), those of their athletes who are to be counted. Nobody else is asked about.
    """
    everybody = tuple(dict.fromkeys(key for members in squads.values() for key in members))
    if not everybody:
        return ()
    chosen = replace(choice, athlete_ids=everybody)
    rowers = {
        group.key[0]: RowerPlace(group.key[0], group.session_mean, group.session_count, group.stroke_count)
        for group in grouped(unit, chosen, ["athlete"])
    }
    spreads = (
        SquadSpread(
            squad_id=squad_id,
            # A squad at a time: with a key in every row, reading the keys would take longer than the bins.
            strokes=percentiles(unit, replace(choice, athlete_ids=tuple(members)), [], SHARES).get((), ()),
            rowers=tuple(sorted((rowers[key] for key in members if key in rowers), key=lambda one: one.mean)),
        )
        for squad_id, members in squads.items()
        if not rowers.keys().isdisjoint(members)
    )
    return tuple(spreads)
