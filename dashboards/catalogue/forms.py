"""What is written into the forms of the catalogue, and the changes that it asks for. Plain Python."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from markupsafe import Markup

from dashboards.catalogue.cards import level_label, style_label, words_of
from dashboards.texts.refusals import refusal_marked
from rowsense.assess.catalogue import Catalogue
from rowsense.assess.changes import WORDS, changed_catalogue, own_id, own_metrics_of, problems_of, rule_key
from rowsense.assess.definitions import Fault, LevelLimit, Rule
from rowsense.report.words import QUANTITY_WORDS, split_quantity
from rowsense.texts.measures import quantity_label
from rowsense.texts.texts import Texts

_STEPS: Final = ("limit", "clear", "strong")
#: The level whose limits are the rule's own.
BASE_LEVEL: Final = "club"
_SAID: Final = {
    "severity_steps must lead away from the limit": "catalogue.wrong.steps",
    "severity_steps must be two numbers": "catalogue.wrong.step_numbers",
}
_UNITS: Final = frozenset({"deg", "s", "percent", "ratio"})


@dataclass(frozen=True, slots=True)
class Sent:
    """What was written into a form."""

    fields: Mapping[str, Sequence[str]]

    def get(self, name: str, default: str = "") -> str:
        """One field."""
        found = self.fields.get(name)
        return found[0] if found else default

    def getlist(self, name: str) -> list[str]:
        """All that are ticked."""
        return list(self.fields.get(name, ()))


@dataclass(frozen=True, slots=True)
class Step:
    """A number to be filled in."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class RuleFields:
    """The numbers of one rule: its own, then those of each level."""

    title: str
    unit: str
    direction: str
    source: Markup
    rows: tuple[tuple[str, str, tuple[Step, ...]], ...]
    """Label, hint, the three numbers."""


@dataclass(frozen=True, slots=True)
class FaultFields:
    """The form of a fault of the catalogue."""

    judged: bool
    share_percent: str
    styles: tuple[tuple[str, str, bool], ...]
    """Id, name, ticked."""
    levels: tuple[tuple[str, str, bool], ...]
    rules: tuple[RuleFields, ...]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for."""

    changes: dict[str, Any]
    problems: tuple[str, ...] = ()
    note: str = ""


@dataclass
class _Reader:
    """Numbers of a form; what is none is written to a list of problems."""

    t: Texts
    sent: Sent
    problems: list[str] = field(default_factory=list)

    def number(self, name: str, what: str, otherwise: float) -> float:
        written = self.sent.get(name, "").strip().replace(",", ".").replace("−", "-")
        try:
            value = float(written)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            no_number = self.t("catalogue.wrong.no_number", what=what, written=written)
            self.problems.append(no_number if written else self.t("catalogue.wrong.missing", what=what))
            return otherwise
        return value

    def share(self, otherwise: float) -> float:
        """Written in percent."""
        percent = self.number("share", self.t("catalogue.wrong.share"), 100 * otherwise)
        if not 0 <= percent <= 100:
            said = self.t.decimal(f"{percent:g}")
            self.problems.append(self.t("catalogue.wrong.share_range", percent=said))
            return otherwise
        return round(percent / 100, 4)


def bare(changes: Mapping[str, Any]) -> Catalogue:
    """The club's catalogue with every rule's own limit, whatever level the club chose."""
    return changed_catalogue({key: value for key, value in changes.items() if key not in ("style", "level")})


def fields_of(t: Texts, fault: Fault, catalogue: Catalogue, sent: Sent | None = None) -> FaultFields:
    """The form of a fault; ``sent``: what was written into it already."""
    words = words_of(t, fault.id, fault.words)
    ticked = {name: set(sent.getlist(name)) for name in ("styles", "levels")} if sent else {}
    return FaultFields(
        judged=bool(sent.get("judged")) if sent else not fault.unseen,
        share_percent=sent.get("share", "") if sent else f"{100 * fault.needed_share:g}",
        styles=tuple(
            (k.id, style_label(t, k.id), k.id in ticked["styles"] if sent else k.id not in fault.styles_not_judged)
            for k in catalogue.styles
        ),
        levels=tuple(
            (k.id, level_label(t, k.id), k.id in ticked["levels"] if sent else k.id not in fault.levels_not_judged)
            for k in catalogue.levels
        ),
        rules=tuple(_rule_fields(t, place, rule, catalogue, sent) for place, rule in enumerate(fault.rules)),
        words={name: sent.get(name, "") if sent else getattr(words, name) for name in WORDS},
    )


def _rule_fields(t: Texts, place: int, rule: Rule, catalogue: Catalogue, sent: Sent | None) -> RuleFields:
    def steps(prefix: str, own: Rule | LevelLimit | None) -> tuple[Step, ...]:
        values = ("", "", "") if own is None else tuple(f"{x:g}" for x in (own.limit, *own.severity_steps))
        labels = [t(f"catalogue.form.{name}") for name in _STEPS]
        return tuple(
            Step(f"{prefix}-{name}", label, sent.get(f"{prefix}-{name}", "") if sent else value)
            for name, label, value in zip(_STEPS, labels, values, strict=True)
        )

    further = [kind for kind in catalogue.levels if kind.id != BASE_LEVEL]
    rows = [
        (t("catalogue.form.everybody"), "", steps(f"rule{place}", rule)),
        *(
            (
                t("catalogue.form.at_level", level=level_label(t, kind.id)),
                t("catalogue.form.as_everybody"),
                steps(f"rule{place}-{kind.id}", rule.levels.get(kind.id)),
            )
            for kind in further
        ),
    ]
    unit = t(f"catalogue.form.unit.{rule.unit}") if rule.unit in _UNITS else rule.unit
    return RuleFields(quantity_label(t, rule.metric), unit, rule.direction, refusal_marked(t, rule.source), tuple(rows))


def fault_asked(
    t: Texts, changes: Mapping[str, Any], fault: Fault, shipped: Fault, catalogue: Catalogue, sent: Sent
) -> Asked:
    """The club's changes with this fault as the form has it; what is as it comes is not kept."""
    reader = _Reader(t, sent)
    told: dict[str, Any] = {}
    if not sent.get("judged") and not shipped.unseen:
        told["off"] = True
    share = reader.share(fault.needed_share)
    if share != shipped.needed_share:
        told["needed_share"] = share
    for name, kinds in (("styles", catalogue.styles), ("levels", catalogue.levels)):
        left_out = [kind.id for kind in kinds if kind.id not in sent.getlist(name)]
        if left_out != list(getattr(shipped, f"{name}_not_judged")):
            told[f"{name}_not_judged"] = left_out
    words = {name: " ".join(sent.get(name, "").split()) for name in WORDS}
    # What the form was filled with in the reader's language is no change either.
    filled = words_of(t, shipped.id, shipped.words)
    words = {
        name: said for name, said in words.items() if said not in (getattr(shipped.words, name), getattr(filled, name))
    }
    if words:
        told["words"] = words
    rules = {
        rule_key(rule): asked
        for place, rule in enumerate(shipped.rules)
        if (asked := _rule_asked(place, rule, catalogue, reader))
    }
    if rules:
        told["rules"] = rules
    faults = {key: value for key, value in changes.get("faults", {}).items() if key != fault.id}
    if told:
        faults[fault.id] = told
    return _asked(with_part(changes, "faults", faults), reader, sent)


def _rule_asked(place: int, shipped: Rule, catalogue: Catalogue, reader: _Reader) -> dict[str, Any]:
    told: dict[str, Any] = {}
    t = reader.t
    name = quantity_label(t, shipped.metric)
    own = _three(reader, f"rule{place}", name, shipped)
    if own != _plain(shipped):
        told.update(own)
    levels = {}
    for kind in catalogue.levels:
        prefix = f"rule{place}-{kind.id}"
        if kind.id != BASE_LEVEL and any(reader.sent.get(f"{prefix}-{step}", "").strip() for step in _STEPS):
            levels[kind.id] = _three(
                reader, prefix, t("catalogue.wrong.name_at_level", name=name, level=level_label(t, kind.id)), shipped
            )
    if levels != {level: _plain(limit) for level, limit in shipped.levels.items()}:
        told["levels"] = levels
    return told


def _three(reader: _Reader, prefix: str, name: str, otherwise: Rule) -> dict[str, Any]:
    usual = (otherwise.limit, *otherwise.severity_steps)
    limit, clear, strong = (
        reader.number(f"{prefix}-{step}", reader.t(f"catalogue.wrong.of_{step}", name=name), value)
        for step, value in zip(_STEPS, usual, strict=True)
    )
    return {"limit": limit, "severity_steps": [clear, strong]}


def _plain(limit: Rule | LevelLimit) -> dict[str, Any]:
    return {"limit": limit.limit, "severity_steps": list(limit.severity_steps)}


def own_asked(t: Texts, changes: Mapping[str, Any], fault_id: str, sent: Sent) -> Asked:
    """The club's changes with one of its own rules as the form has it; ``fault_id`` empty: a new one."""
    reader = _Reader(t, sent)
    before = [one for one in changes.get("own", []) if own_id(one["name"]) == fault_id] if fault_id else []
    name = before[0]["name"] if before else " ".join(sent.get("name", "").split())
    rule = {
        "name": name,
        "metric": sent.get("metric", ""),
        "direction": sent.get("direction", ""),
        "limit": reader.number("limit", t("catalogue.form.limit"), 0.0),
        "severity_steps": [reader.number(step, t(f"catalogue.wrong.{step}"), 0.0) for step in ("clear", "strong")],
        "needed_share": reader.share(0.5),
        "cue": " ".join(sent.get("cue", "").split()),
    }
    rule |= {key: said for key in ("is_not", "self_test", "drill") if (said := " ".join(sent.get(key, "").split()))}
    if not name:
        reader.problems.append(t("catalogue.wrong.missing", what=t("catalogue.wrong.name")))
    if not rule["cue"]:
        reader.problems.append(t("catalogue.wrong.missing", what=t("catalogue.wrong.cue")))
    own = list(changes.get("own", []))
    if before:
        own[own.index(before[0])] = rule
    else:
        own.append(rule)
    # What is missing is said once, in the form's words.
    whole = _asked(with_part(changes, "own", own), reader, sent) if not reader.problems else None
    return whole or Asked(with_part(changes, "own", own), tuple(reader.problems), sent.get("note", ""))


def without_fault(changes: Mapping[str, Any], fault_id: str) -> dict[str, Any]:
    """A fault as RowSense comes with it again; an own rule goes."""
    faults = {key: value for key, value in changes.get("faults", {}).items() if key != fault_id}
    own = [one for one in changes.get("own", []) if own_id(one["name"]) != fault_id]
    return with_part(with_part(changes, "faults", faults), "own", own)


def defaults_asked(t: Texts, changes: Mapping[str, Any], shipped: Catalogue, sent: Sent) -> Asked:
    """Which style and level hold where a rower has none of her own."""
    told = dict(changes)
    for key, usual in (("style", shipped.style), ("level", shipped.level)):
        told.pop(key, None)
        if sent.get(key, "") != usual:
            told[key] = sent.get(key, "")
    return _asked(told, _Reader(t, sent), sent)


def with_part(changes: Mapping[str, Any], key: str, part: Any) -> dict[str, Any]:
    """With one part of the document; an empty one is left out."""
    rest = {name: value for name, value in changes.items() if name != key}
    return {**rest, key: part} if part else rest


def _asked(changes: dict[str, Any], reader: _Reader, sent: Sent) -> Asked:
    found = [*reader.problems, *(said(reader.t, one) for one in problems_of(changes))]
    return Asked(changes, tuple(dict.fromkeys(found)), sent.get("note", "").strip())


def said(t: Texts, problem: str) -> str:
    """A problem of the catalogue in the words of the form."""
    for technical, key in _SAID.items():
        problem = problem.replace(technical, t(key))
    found = re.match(r"(?:fault|own) [^:]*?(?:rule (\S+?)(\.levels\.(\w+))?)?: (.*)", problem)
    if found is None:
        return f"{problem[:1].upper()}{problem[1:]}"
    metric, _, level, words = found.groups()
    words = words.removeprefix("is ")
    if not metric:
        return f"{words[:1].upper()}{words[1:]}"
    place = quantity_label(t, metric)
    if level:
        place = t("catalogue.wrong.name_at_level", name=place, level=level_label(t, level))
    return t("catalogue.wrong.at", place=place, words=words)


def metric_groups(t: Texts, shipped: Catalogue) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What an own rule can look at, by quantity: id, name, unit."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for metric in own_metrics_of(shipped):
        quantity = split_quantity(metric.name)[0] if metric.kind == "mean" else metric.quantity
        title = quantity_label(t, quantity if quantity in QUANTITY_WORDS else metric.quantity)
        groups.setdefault(title, []).append((metric.name, quantity_label(t, metric.name), metric.unit))
    return sorted(groups.items())


def own_values(rule: Mapping[str, Any] | None, sent: Sent | None) -> dict[str, str]:
    """What an own rule's form is filled with."""
    names = ("name", "metric", "direction", "limit", "clear", "strong", "share", "cue", "is_not", "self_test", "drill")
    if sent is not None:
        return {name: sent.get(name, "") for name in names} | ({"name": rule["name"]} if rule else {})
    if rule is None:
        return dict.fromkeys(names, "") | {"direction": "above", "share": "50"}
    steps: Sequence[float] = rule["severity_steps"]
    numbers = {"limit": rule["limit"], "clear": steps[0], "strong": steps[1], "share": 100 * rule["needed_share"]}
    return {name: str(rule.get(name, "")) for name in names} | {name: f"{value:g}" for name, value in numbers.items()}
