"""How a season's quantities are called, and what more or less of each means, in a coach's words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy.orm import Session

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.changes import OWN, own_id
from rowsense.report.words import sentence
from rowsense.store.catalogues import current_catalogue
from rowsense.store.quantities import FAULT, unit_of
from rowsense.store.tables import PIECE_KINDS
from rowsense.texts.measures import fault_label, measure, phase_label, quantity_label
from rowsense.texts.texts import Texts

_SCORE: Final = "score_"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a season. Its words are texts: ``season.name``, ``season.more`` and ``season.less``."""

    id: str
    worse: int = 0
    """+1: more of it leads towards a fault or a lower score, -1: less of it does, 0: neither is better by itself."""

    def __post_init__(self) -> None:
        if self.worse not in (-1, 0, 1):
            raise ValueError(f"{self.id}: worse is {self.worse}, not -1, 0 or 1")

    @property
    def unit(self) -> str:
        """As its name says; a fault's is a share of strokes."""
        return "share" if self.id.startswith(FAULT) else unit_of(self.id)

    def name(self, t: Texts) -> str:
        """What it is called."""
        if self.id in _KNOWN:
            return t(f"season.name.{self.id}")
        if self.id.startswith(FAULT):
            return fault_name(t, self.id.removeprefix(FAULT))
        if self.id.startswith(_SCORE):
            return t("season.name.of_phase", phase=phase_label(t, self.id.removeprefix(_SCORE)))
        return quantity_label(t, self.id)

    def said(self, t: Texts, difference: float) -> str:
        """A sentence's first half about a difference."""
        way, by = "more" if difference > 0 else "less", shown(t, self, abs(difference))
        if self.id in _KNOWN:
            return t(f"season.{way}.{self.id}", by=by)
        if self.id.startswith(_SCORE):
            return t(f"season.{way}.of_phase", phase=phase_label(t, self.id.removeprefix(_SCORE)), by=by)
        kind = "fault" if self.id.startswith(FAULT) else "any"
        return t(f"season.{way}.{kind}", name=self.name(t), by=by)


#: What the pages offer first, in this order. Which direction is worse follows from the faults' limits; how somebody
#: leans or how far the shins come over is her own and neither way is called worse [D].
MAIN: Final = (
    Quantity("score", -1),
    Quantity("pelvic_tilt_fall_into_catch_deg", 1),
    Quantity("lumbar_rise_into_catch_deg", 1),
    Quantity("pelvic_tilt_deg_catch"),
    Quantity("lumbar_flexion_deg_catch"),
    Quantity("trunk_lean_deg_catch"),
    Quantity("trunk_lean_deg_finish"),
    Quantity("shin_deg_catch"),
    Quantity("pelvis_gives_way_s", 1),
    Quantity("drive_s"),
    Quantity("rate_spm"),
)
_KNOWN: Final = {quantity.id: quantity for quantity in MAIN}
#: What is looked at for who needs a coach first. Times of the stroke go with the rate of the day and are left out [D].
TRIAGE: Final = tuple(quantity.id for quantity in MAIN if quantity.unit in ("deg", "score"))
#: Whose scatter from stroke to stroke says how alike the strokes are [D: the fault `inconsistent` in the catalogue].
STEADY: Final = ("trunk_lean_deg_catch", "pelvic_tilt_deg_catch", "drive_s")


def quantity_of(identifier: str) -> Quantity:
    """Any quantity of the summaries, also one that has no words of its own."""
    if identifier in _KNOWN:
        return _KNOWN[identifier]
    if identifier.startswith(FAULT):
        return Quantity(identifier, 1)
    return Quantity(identifier, -1 if identifier.startswith(_SCORE) else 0)


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


def fault_name(t: Texts, fault_id: str) -> str:
    """What a fault is called; of one that only a club's own catalogue knows, its id in words."""
    return fault_label(t, fault_id.removeprefix(OWN), _fault_names().get(fault_id) or "")


def piece_name(t: Texts, kind: str | None) -> str:
    """A kind of piece in words; empty where nobody said."""
    return t(f"season.piece.{kind}") if kind in PIECE_KINDS else ""


def shown(t: Texts, quantity: Quantity, value: float) -> str:
    """A value with its unit."""
    if quantity.unit == "score":
        return measure(t, value, "", 0)
    if quantity.unit == "share":
        return measure(t, 100.0 * value, "percent")
    return measure(t, value, quantity.unit, 1 if quantity.unit == "spm" else None)
