"""What the rower says she felt, as she types it."""

from __future__ import annotations

from rowsense.assess.sides import parse_choice
from rowsense.errors import UsageError
from rowsense.model import Felt


def parse_felt(words: str) -> Felt:
    """Read ``yes``, ``no``, ``unsure``, or strokes as people count them: ``3,7-9``.

    Raises
    ------
    UsageError
        It is none of these.
    """
    said = words.strip().lower()
    if said in ("yes", "no", "unsure"):
        return Felt(said)
    if not said[:1].isdigit():
        raise UsageError(f"--felt {words!r}: answer yes, no or unsure, or name the strokes in which you felt it: 3,7-9")
    return Felt("strokes", tuple(number - 1 for number in parse_choice(said).numbers))


def check_felt(felt: Felt, stroke_count: int) -> None:
    """Refuse strokes that the recording does not have.

    Raises
    ------
    UsageError
        There is no such stroke.
    """
    if felt.strokes and felt.strokes[-1] >= stroke_count:
        raise UsageError(f"--felt: no stroke {felt.strokes[-1] + 1}; the film has {stroke_count} whole ones")
