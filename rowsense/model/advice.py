"""What a coach would say after watching: one thing done well, one thing to try next, and how to test it."""

from __future__ import annotations

from dataclasses import dataclass

from rowsense.model._checks import Problems


@dataclass(frozen=True, slots=True)
class Advice:
    """Sentences in the order in which to say them; empty where there is nothing to say."""

    well: str = ""
    """One thing done well."""
    fault_id: str = ""
    """What ``seen`` to ``self_test`` are about; empty where no fault is there."""
    seen: str = ""
    """What was measured, in how many strokes."""
    try_next: str = ""
    """The one thing to try."""
    look_at: str = ""
    """Where in the film it shows."""
    frames: tuple[int, int] | None = None
    """Half-open frames that show it best."""
    self_test: str = ""
    rest: tuple[str, ...] = ()
    """The other faults, for those who want them."""

    def __post_init__(self) -> None:
        problems = Problems("Advice")
        problems.require(bool(self.fault_id) == bool(self.seen), "what was seen belongs to a fault")
        problems.require(bool(self.fault_id) or not self.rest, "the first fault is not among the rest")
        problems.require(self.frames is None or self.frames[0] < self.frames[1], "frames must be half-open")
        problems.raise_if_any()
