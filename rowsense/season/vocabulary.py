"""How a season's quantities are called, and what more or less of each means, in a coach's words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy.orm import Session

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.changes import OWN, own_id
from rowsense.report.words import FAULT_WORDS, number, quantity_name, sentence
from rowsense.store.catalogues import current_catalogue
from rowsense.store.quantities import FAULT, unit_of


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a season."""

    id: str
    name: str
    more: str
    """What has happened where it rose, with ``{by}`` for the difference."""
    less: str
    worse: int = 0
    """+1: more of it leads towards a fault or a lower score, -1: less of it does, 0: neither is better by itself."""

    def __post_init__(self) -> None:
        if self.worse not in (-1, 0, 1):
            raise ValueError(f"{self.id}: worse is {self.worse}, not -1, 0 or 1")

    @property
    def unit(self) -> str:
        """As its name says; a fault's is a share of strokes."""
        return "share" if self.id.startswith(FAULT) else unit_of(self.id)

    def said(self, difference: float) -> str:
        """A sentence's first half about a difference."""
        return (self.more if difference > 0 else self.less).format(by=shown(self, abs(difference)))


#: What the pages offer first, in this order. Which direction is worse follows from the faults' limits; how somebody
#: leans or how far the shins come over is her own and neither way is called worse [D].
MAIN: Final = (
    Quantity("score", "Score", "The score rose by {by}", "The score fell by {by}", -1),
    Quantity(
        "pelvic_tilt_fall_into_catch_deg", "Hips tipping back into the catch",
        "The hips tip back {by} further into the catch", "The hips tip back {by} less into the catch", 1,
    ),
    Quantity(
        "lumbar_rise_into_catch_deg", "Low back rounding into the catch",
        "The low back rounds {by} more into the catch", "The low back rounds {by} less into the catch", 1,
    ),
    Quantity(
        "pelvic_tilt_deg_catch", "Hips at the catch",
        "The hips are {by} further forward at the catch", "The hips are tipped {by} further back at the catch",
    ),
    Quantity(
        "lumbar_flexion_deg_catch", "Low back at the catch",
        "The low back is {by} rounder at the catch", "The low back is {by} flatter at the catch",
    ),
    Quantity(
        "trunk_lean_deg_catch", "Trunk lean at the catch",
        "The trunk leans {by} further forward at the catch", "The trunk leans {by} less far forward at the catch",
    ),
    Quantity(
        "trunk_lean_deg_finish", "Trunk lean at the finish",
        "There is {by} less layback at the finish", "There is {by} more layback at the finish",
    ),
    Quantity(
        "shin_deg_catch", "Shins at the catch",
        "The shins come {by} less far over at the catch", "The shins come {by} further over at the catch",
    ),
    Quantity(
        "pelvis_gives_way_s", "Hips give way before the catch",
        "The hips give way {by} earlier before the catch", "The hips give way {by} later, nearer to the catch", 1,
    ),
    Quantity("drive_s", "Drive time", "The drive takes {by} longer", "The drive is {by} shorter"),
    Quantity("rate_spm", "Stroke rate", "The rate is {by} higher", "The rate is {by} lower"),
)  # fmt: skip
_KNOWN: Final = {quantity.id: quantity for quantity in MAIN}
#: What is looked at for who needs a coach first. Times of the stroke go with the rate of the day and are left out [D].
TRIAGE: Final = tuple(quantity.id for quantity in MAIN if quantity.unit in ("deg", "score"))
#: Whose scatter from stroke to stroke says how alike the strokes are [D: the fault `inconsistent` in the catalogue].
STEADY: Final = {
    "trunk_lean_deg_catch": "lean at the catch",
    "pelvic_tilt_deg_catch": "hips at the catch",
    "drive_s": "drive time",
}
#: How kinds of piece are called.
PIECES: Final = {
    "steady": "Steady state",
    "intervals": "Intervals",
    "test": "Test",
    "race": "Race",
    "technique": "Technique",
    "warm_up": "Warm-up",
    "other": "Other",
}


def quantity_of(identifier: str) -> Quantity:
    """Any quantity of the summaries, also one that has no words of its own."""
    if identifier in _KNOWN:
        return _KNOWN[identifier]
    if identifier.startswith(FAULT):
        name = fault_name(identifier.removeprefix(FAULT))
        return Quantity(identifier, name, f"{name}: in {{by}} more strokes", f"{name}: in {{by}} fewer strokes", 1)
    if identifier.startswith("score_"):
        phase = identifier.removeprefix("score_").replace("_", " ")
        return Quantity(
            identifier,
            f"Score, {phase}",
            f"The score of {phase} rose by {{by}}",
            f"The score of {phase} fell by {{by}}",
            -1,
        )
    name = quantity_name(identifier)
    return Quantity(identifier, name, f"{name}: {{by}} more", f"{name}: {{by}} less")


@lru_cache(maxsize=1)
def _fault_names() -> dict[str, str]:
    return {fault.id: sentence(fault.name) for fault in load_catalogue().faults}


def fault_ids() -> tuple[str, ...]:
    """Faults that a season may know, in the order in which they are mentioned."""
    faults = sorted(load_catalogue().faults, key=lambda fault: fault.order)
    return tuple(fault.id for fault in faults)


def known_faults(unit: Session) -> tuple[str, ...]:
    """As :func:`fault_ids`, then the rules of the club's own."""
    own = current_catalogue(unit).changes.get("own", ())
    return (*fault_ids(), *(own_id(one["name"]) for one in own))


def fault_name(fault_id: str) -> str:
    """What a fault is called; of one that only a club's own catalogue knows, its id in words."""
    plain = fault_id.removeprefix(OWN).replace("_", " ").capitalize()
    return _fault_names().get(fault_id) or FAULT_WORDS.get(fault_id) or plain


def shown(quantity: Quantity, value: float) -> str:
    """A value with its unit."""
    if quantity.unit == "score":
        return number(value, "", 0)
    if quantity.unit == "share":
        return number(100.0 * value, "percent")
    if quantity.unit == "spm":
        return number(value, "spm", 1)
    return number(value, quantity.unit)
