"""What the page of the catalogue says, from what the store and the catalogue know. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rowsense.assess.catalogue import Catalogue, Metric
from rowsense.assess.changes import OWN
from rowsense.assess.definitions import Condition, Fault, LevelLimit, Rule, Words
from rowsense.assess.explain import STATUS_WORDS, share_words
from rowsense.palette import PHASE_WORDS
from rowsense.report.words import quantity_name, sentence
from rowsense.store.catalogues import ClubCatalogue, Judged
from rowsense.store.tables import Job
from rowsense.store.tables.jobs import CANCELLED, DONE, FAILED, PARKED, QUEUED, RUNNING

_UNITS: Final = {"deg": "°", "s": " s", "percent": " %", "spm": " strokes/min"}


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One rule of a fault."""

    measured: str
    meaning: str
    limit: str
    """``above 8°``"""
    steps: str
    source: str
    status: str
    """In words; empty where the source says it."""
    also: tuple[str, ...]
    levels: tuple[str, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class FaultCard:
    """One fault."""

    id: str
    name: str
    own: bool
    """A rule of the club's own."""
    changed: bool
    off: str
    """Why it is not judged; empty: it is."""
    when: str
    """In which part of the stroke, and from how many strokes on."""
    rules: tuple[RuleCard, ...]
    words: Words
    editable: bool = True


@dataclass(frozen=True, slots=True)
class Rejudging:
    """How sessions stand to the catalogue that holds, and the job that mends it."""

    words: str
    """Empty: all is well."""
    share: float | None = None
    """0..1 while the job runs or waits; None: none does."""
    job_id: str = ""
    can_start: bool = False
    skipped: tuple[str, ...] = ()
    """Why some sessions could not be judged again."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of the catalogue."""

    number: int
    title: str
    note: str
    when: str
    """A moment as ISO text; empty: always."""
    who: str
    current: bool


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """The page."""

    lead: str
    faults: tuple[FaultCard, ...]
    style: str
    level: str
    styles: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    number: int
    rejudging: Rejudging
    versions: tuple[VersionRow, ...]


def catalogue_page(
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
    cards = [fault_card(fault, by_id.get(fault.id), catalogue, fault.id in changed) for fault in faults]
    own = sum(card.own for card in cards)
    return CataloguePage(
        lead=f"{_count(len(cards), 'fault')} in the order in which they are mentioned. {_whose(len(changed), own)}",
        faults=(*cards, *(_unjudged(one) for one in catalogue.not_judged.values())),
        style=catalogue.style,
        level=catalogue.level,
        styles=tuple((kind.id, kind.meaning) for kind in catalogue.styles),
        levels=tuple((kind.id, kind.meaning) for kind in catalogue.levels),
        number=number,
        rejudging=rejudging,
        versions=(*(_version(one, number) for one in versions), _as_it_comes(number)),
    )


def _whose(changed: int, own: int) -> str:
    if not changed:
        return "Limits and words are those that RowSense comes with."
    parts = [f"has changed {changed - own} of them"] if changed > own else []
    parts += [f"has {_count(own, 'rule')} of its own"] if own else []
    return f"Your club {' and '.join(parts)}."


def changed_faults(catalogue: Catalogue, shipped: Catalogue) -> set[str]:
    """Faults that are not as RowSense comes, own ones included."""
    before = {fault.id: fault for fault in shipped.faults}
    return {fault.id for fault in catalogue.faults if before.get(fault.id) != fault}


def fault_card(fault: Fault, before: Fault | None, catalogue: Catalogue, changed: bool) -> FaultCard:
    """A fault in words."""
    phases = ", ".join(PHASE_WORDS[phase] for phase in fault.phases)
    left_out = [f"in the {style} style" for style in fault.styles_not_judged]
    left_out += [f"at the level {level}" for level in fault.levels_not_judged]
    when = f"Looked at in: {phases}. Named when {share_words(fault.needed_share)} of the strokes show it." + (
        f" Not judged {' and '.join(left_out)}." if left_out else ""
    )
    rules_before = {(rule.metric, rule.direction): rule for rule in before.rules} if before else {}
    return FaultCard(
        id=fault.id,
        name=sentence(fault.name),
        own=fault.id.startswith(OWN),
        changed=changed,
        off=fault.unseen,
        when=when,
        rules=tuple(
            _rule(rule, catalogue, rules_before.get((rule.metric, rule.direction)) not in (None, rule))
            for rule in fault.rules
        ),
        words=fault.words,
    )


def _unjudged(known: Any) -> FaultCard:
    return FaultCard(
        id=known.id,
        name=sentence(known.name),
        own=False,
        changed=False,
        off=known.reason,
        when=f"What would show it: {known.measured}.",
        rules=(),
        words=known.words,
        editable=False,
    )


def _rule(rule: Rule, catalogue: Catalogue, changed: bool) -> RuleCard:
    clear, strong = (amount(step, rule.unit) for step in rule.severity_steps)
    return RuleCard(
        measured=quantity_name(rule.metric),
        meaning=meaning(catalogue.metrics[rule.metric]),
        limit=limit_words(rule),
        steps=f"clear from {clear}, strong from {strong}",
        source=rule.source,
        status="" if rule.source == STATUS_WORDS[rule.status] else STATUS_WORDS[rule.status],
        also=tuple(f"{_inside(quantity_name(one.metric))} {limit_words(one)}" for one in rule.also),
        levels=tuple(f"{level}: {_level_words(rule, own)}" for level, own in rule.levels.items()),
        changed=changed,
    )


def _inside(words: str) -> str:
    """Within a sentence."""
    return f"{words[:1].lower()}{words[1:]}"


def meaning(metric: Metric) -> str:
    """How a metric is made; empty for a mean, whose name says it."""
    return "" if metric.kind == "mean" else metric.meaning


def limit_words(rule: Rule | Condition) -> str:
    """``above 8°``."""
    return f"{rule.direction} {amount(rule.limit, rule.unit)}"


def _level_words(rule: Rule, own: LevelLimit) -> str:
    return f"{rule.direction} {amount(own.limit, rule.unit)}"


def amount(value: float, unit: str) -> str:
    """A number of the catalogue with its unit; a minus as people write it."""
    return f"{value:g}{_UNITS.get(unit, '')}".replace("-", "−")


def _version(one: ClubCatalogue, number: int) -> VersionRow:
    return VersionRow(
        number=one.number,
        title=f"Version {one.number}",
        note=one.note,
        when=one.made_at.isoformat() if one.made_at else "",
        who=one.made_by or "somebody who is gone",
        current=one.number == number,
    )


def _as_it_comes(number: int) -> VersionRow:
    return VersionRow(0, "As RowSense comes", "Nothing changed.", "", "", current=number == 0)


def rejudging_of(found: Judged, job: Job | None) -> Rejudging:
    """In words."""
    state = job.state if job is not None else ""
    skipped = tuple(job.checkpoint.get("skipped", {}).values()) if job is not None and state == DONE else ()
    if job is not None and state in (QUEUED, RUNNING):
        share = min(job.done / job.total, 1.0) if job.total > 0 else 0.0
        words = (
            f"Sessions are being judged again: {job.done:.0f} of {job.total:.0f}."
            if state == RUNNING and job.total > 0
            else "Sessions are going to be judged again as soon as no analysis waits."
        )
        rest = f" Until then {_count(found.older, 'session')} {_stand(found.older)} as an older version judged."
        return Rejudging(words + (rest if found.older else ""), share, str(job.id))
    if not found.older:
        return Rejudging("")
    all_of_them = found.older + found.current
    words = (
        f"{_count(found.older, 'session')} of {all_of_them} {_stand(found.older)} as an older version of the "
        "catalogue judged."
    )
    if state in (FAILED, PARKED) and job is not None:
        words += f" Judging them again went wrong: {job.error}."
    if state == CANCELLED:
        words += " Judging them again was stopped."
    if skipped:
        words += " They could not be judged again, because of their files:"
    return Rejudging(words, can_start=True, skipped=tuple(dict.fromkeys(skipped))[:3])


def preview_words(result: Mapping[str, Any]) -> dict[str, Any]:
    """What a preview says: a lead and one entry for each fault that changes."""
    strokes = int(result["strokes"])
    changed = [one for one in result["faults"] if one["more"] or one["fewer"] or _people_change(one)]
    looked = f"{_count(int(result['sessions']), 'session')} with {_count(strokes, 'stroke')} looked at"
    unread, left_out = int(result["unread"]), int(result["left_out"])
    notes = [
        words
        for words, there in (
            (f"{_count(unread, 'session')} could not be read and {_was(unread)} left out.", unread),
            (f"{_count(left_out, 'older session')} {_was(left_out)} not looked at.", left_out),
        )
        if there
    ]
    if not strokes:
        lead = "There is no session yet that could be looked at; what you save holds from the next analysis on."
    elif not changed:
        lead = f"Nothing would change: {looked}."
    else:
        lead = f"{looked}:"
    return {"lead": lead, "faults": [_fault_words(one, strokes) for one in changed], "notes": notes}


def _people_change(one: Mapping[str, Any]) -> bool:
    return bool(one["gain"]["count"] or one["lose"]["count"] or one["sessions_more"] or one["sessions_fewer"])


def _fault_words(one: Mapping[str, Any], strokes: int) -> dict[str, Any]:
    more, fewer = int(one["more"]), int(one["fewer"])
    parts = []
    if more:
        parts.append(f"{more} of {_count(strokes, 'stroke')} would newly count")
    if fewer:
        parts.append(f"{fewer} no longer" if more else f"{fewer} of {_count(strokes, 'stroke')} would no longer count")
    sentences = [f"{', '.join(parts)} ({_now(int(one['before']))})." if parts else "The same strokes would count."]
    sessions = [
        f"{_count(int(one[key]), 'session')} {verb}"
        for key, verb in (("sessions_more", "would have it"), ("sessions_fewer", "would lose it"))
        if one[key]
    ]
    if sessions:
        sentences.append(f"{' and '.join(sessions)}.")
    sentences += [
        _people(one["gain"], "gains the fault", "gain the fault"),
        _people(one["lose"], "loses it", "lose it"),
    ]
    return {"name": sentence(str(one["name"])), "sentences": [words for words in sentences if words]}


def _now(before: int) -> str:
    return "none does now" if not before else "1 does now" if before == 1 else f"{before:,} do now"


def _people(who: Mapping[str, Any], does: str, do: str) -> str:
    count = int(who["count"])
    if not count:
        return ""
    names = list(who["names"])
    listed = ", ".join(names) + (", …" if count > len(names) else "")
    return f"{_count(count, 'rower')} {does if count == 1 else do}: {listed}."


def _count(number: int, word: str) -> str:
    """``1 stroke``, ``1,204 strokes``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
