"""What the rower said she felt, before she saw what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rowsense.model._checks import Problems

ANSWERS: Final = ("yes", "no", "unsure", "strokes")


@dataclass(frozen=True, slots=True)
class Felt:
    """Her answer to whether she could feel her hips tip back."""

    answer: str
    """``yes``, ``no`` or ``unsure`` for the piece as a whole; ``strokes``: in these."""
    strokes: tuple[int, ...] = ()
    """Stroke numbers from 0 in which she felt it, in order."""

    def __post_init__(self) -> None:
        problems = Problems("Felt")
        problems.require(self.answer in ANSWERS, f"unknown answer {self.answer!r}")
        problems.require((self.answer == "strokes") == bool(self.strokes), "strokes, or an answer for the whole piece")
        problems.require(list(self.strokes) == sorted(set(self.strokes)), "strokes must be in order, each once")
        problems.raise_if_any()

    def against(self, judged: Iterable[int], tipped: Iterable[int]) -> FeltAgainst:
        """The strokes that she named against those, of all ``judged``, in which the hips ``tipped`` back."""
        strokes, measured, named = set(judged), set(tipped), set(self.strokes)
        return FeltAgainst(
            both=len(strokes & measured & named),
            measured_only=len(strokes & measured - named),
            felt_only=len(strokes & named - measured),
            neither=len(strokes - measured - named),
        )


@dataclass(frozen=True, slots=True)
class FeltAgainst:
    """Strokes by whether the hips tipped back and whether she felt it."""

    both: int
    measured_only: int
    felt_only: int
    neither: int

    @property
    def measured(self) -> int:
        """Strokes in which the hips tipped back."""
        return self.both + self.measured_only
