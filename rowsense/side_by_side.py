"""Two sessions that were read, held against each other: which strokes stand where, and what differs. Writes nothing.

Loads neither the analysis nor any positions of joints, so pages may do it as well as the command line.
"""

from __future__ import annotations

from dataclasses import dataclass

from rowsense.assess.comparison import compare_sides
from rowsense.assess.sides import Choice, chosen, left_out, numbered, shared
from rowsense.errors import UsageError
from rowsense.model import Comparison, Session
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts


@dataclass(frozen=True, slots=True)
class Part:
    """One side as it was asked for."""

    session: Session
    choice: Choice
    where: str
    """What the session is called in an error."""
    name: str = ""
    """What it is called in a sentence; only where there are two sessions."""


def same_athlete(first: Session, second: Session) -> bool:
    """Whether both show one rower, as far as their names tell."""
    names = first.athlete.strip(), second.athlete.strip()
    return not all(names) or names[0].casefold() == names[1].casefold()


def why_not_two_rowers(first: Session, second: Session, t: Texts = ENGLISH) -> str:
    """Why two rowers are not compared unless somebody asks for it."""
    return t("comparison.two_rowers", first=first.athlete.strip(), second=second.athlete.strip())


def held_against(
    first: Part, second: Part, *, one_session: bool, same_rower: bool = True, t: Texts = ENGLISH
) -> Comparison:
    """What differs between two sides.

    Raises
    ------
    UsageError
        No such strokes, or the same ones on both sides.
    NotMeasurableError
        None of the strokes of a side counts.
    """
    one = chosen(first.session, first.choice, first.where, "" if one_session else first.name, t=t)
    taken = one.strokes if one_session else ()
    two = chosen(second.session, second.choice, second.where, "" if one_session else second.name, taken, t)
    both = shared(one, two) if one_session else ()
    if both:
        strokes = f"stroke {numbered(both)} is" if len(both) == 1 else f"strokes {numbered(both)} are"
        raise UsageError(f"{strokes} on both sides; choose strokes that do not overlap")
    notes = (left_out(first.session, first.choice, one, t), left_out(second.session, second.choice, two, t))
    return compare_sides(
        first.session,
        second.session,
        (one, two),
        same_rower=same_rower,
        one_session=one_session,
        notes=tuple(note for note in notes if note),
        t=t,
    )
