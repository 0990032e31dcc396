"""What the page of the catalogue says, from what the store and the catalogue know. Plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboards.catalogue.cards import FaultCard, fault_card, kinds, unjudged_card
from dashboards.catalogue.rejudging import Rejudging
from rowsense.assess.catalogue import Catalogue
from rowsense.store.catalogues import ClubCatalogue
from rowsense.texts.texts import Texts


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of the catalogue."""

    number: int
    title: str
    note: str
    when: datetime | None
    """None: always."""
    who: str
    current: bool


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """The page."""

    lead: str
    faults: tuple[FaultCard, ...]
    style: str
    level: str
    styles: tuple[tuple[str, str, str], ...]
    """Id, name, meaning."""
    levels: tuple[tuple[str, str, str], ...]
    number: int
    rejudging: Rejudging
    versions: tuple[VersionRow, ...]


def catalogue_page(
    t: Texts,
    catalogue: Catalogue,
    shipped: Catalogue,
    versions: Sequence[ClubCatalogue],
    rejudging: Rejudging,
) -> CataloguePage:
    """Lay it out: what is judged first, in the order in which it is mentioned."""
    number = versions[0].number if versions else 0
    changed = {fault.id for fault in catalogue.faults} & changed_faults(catalogue, shipped)
    faults = sorted(catalogue.faults, key=lambda fault: fault.order)
    by_id = {fault.id: fault for fault in shipped.faults}
    cards = [fault_card(t, fault, by_id.get(fault.id), catalogue, fault.id in changed) for fault in faults]
    own = sum(card.own for card in cards)
    return CataloguePage(
        lead=f"{t('catalogue.faults', n=len(cards))} {_whose(t, len(changed) - own, own)}",
        faults=(*cards, *(unjudged_card(t, one) for one in catalogue.not_judged.values())),
        style=catalogue.style,
        level=catalogue.level,
        styles=kinds(t, "style", tuple((kind.id, kind.meaning) for kind in catalogue.styles)),
        levels=kinds(t, "level", tuple((kind.id, kind.meaning) for kind in catalogue.levels)),
        number=number,
        rejudging=rejudging,
        versions=(*(_version(t, one, number) for one in versions), _as_it_comes(t, number)),
    )


def _whose(t: Texts, changed: int, own: int) -> str:
    if changed and own:
        return t("catalogue.whose.both", changed=changed, n=own)
    if changed:
        return t("catalogue.whose.changed", changed=changed)
    return t("catalogue.whose.own", n=own) if own else t("catalogue.whose.nobody")


def changed_faults(catalogue: Catalogue, shipped: Catalogue) -> set[str]:
    """Faults that are not as RowSense comes, own ones included."""
    before = {fault.id: fault for fault in shipped.faults}
    return {fault.id for fault in catalogue.faults if before.get(fault.id) != fault}


def _version(t: Texts, one: ClubCatalogue, number: int) -> VersionRow:
    return VersionRow(
        number=one.number,
        title=t("catalogue.version", number=one.number),
        note=one.note,
        when=one.made_at,
        who=one.made_by or t("catalogue.who_is_gone"),
        current=one.number == number,
    )


def _as_it_comes(t: Texts, number: int) -> VersionRow:
    as_it_is, nothing = t("catalogue.as_it_comes"), t("catalogue.nothing_changed")
    return VersionRow(0, as_it_is, nothing, None, "", current=number == 0)
