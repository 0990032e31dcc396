"""Calls about numbers of a season."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from rowsense.client.answers import Quantity
from rowsense.client.asking import Asking
from rowsense.client.reading import read
from rowsense.client.season_answers import AthleteSeason, AthleteTrend, Group, Point, SquadSpread


class SeasonCalls(Asking):
    """Seasons."""

    def quantities(self) -> Iterator[Quantity]:
        """What a season can be asked about."""
        return self._all(Quantity, "/season/quantities")

    def season_groups(
        self, quantity: str = "score", by: Sequence[str] = ("week",), percentiles: Sequence[float] = (), **which: Any
    ) -> Iterator[Group]:
        """Numbers by ``athlete``, ``squad``, ``week`` or ``piece_kind``.

        ``which``: ``athlete`` (one or several), ``squad``, ``since``, ``until``, ``piece_kind`` (one or several).
        """
        return self._all(Group, "/season/groups", quantity=quantity, by=by, percentile=percentiles, **which)

    def season_sessions(self, quantity: str = "score", **which: Any) -> Iterator[Point]:
        """A quantity session by session, by day; ``which`` as above."""
        return self._all(Point, "/season/sessions", quantity=quantity, **which)

    def season_trends(self, quantity: str = "score", **which: Any) -> Iterator[AthleteTrend]:
        """A quantity rower by rower: what is usual, and whether it has clearly changed; ``which`` as above."""
        return self._all(AthleteTrend, "/season/trends", quantity=quantity, **which)

    def season_squads(self, quantity: str = "score", **which: Any) -> Iterator[SquadSpread]:
        """A quantity squad by squad: how its strokes lie, and where each rower lies; ``which`` as above."""
        return self._all(SquadSpread, "/season/squads", quantity=quantity, **which)

    def athlete_season(self, athlete: uuid.UUID, **which: Any) -> AthleteSeason:
        """One rower's season. ``which``: ``since``, ``until``, ``piece_kind`` (one or several)."""
        return read(AthleteSeason, self._get(f"/athletes/{athlete}/season", **which))
