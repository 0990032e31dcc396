"""A fault of the catalogue as its page and its form show it. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from dashboards.texts.refusals import refusal, refusal_marked
from rowsense.assess.catalogue import Catalogue, Metric
from rowsense.assess.changes import OWN
from rowsense.assess.definitions import Condition, Fault, LevelLimit, Rule, Unjudged, Words
from rowsense.assess.explain import STATUS_WORDS
from rowsense.report.words import sentence
from rowsense.texts.measures import (
    cue_label,
    fault_label,
    fault_words_label,
    meaning_label,
    phase_label,
    quantity_label,
    unit_of,
)
from rowsense.texts.texts import Texts

_SHARES: Final = {0.2: "fifth", 0.25: "quarter", 0.5: "half", 0.75: "three_quarters", 1.0: "all"}


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One rule of a fault."""

    measured: str
    meaning: str
    limit: str
    """``above 8°``"""
    steps: str
    source: Markup
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


def fault_card(t: Texts, fault: Fault, before: Fault | None, catalogue: Catalogue, changed: bool) -> FaultCard:
    """A fault in words."""
    left_out = [t("catalogue.in_style", style=style_label(t, one)) for one in fault.styles_not_judged]
    left_out += [t("catalogue.at_level", level=level_label(t, one)) for one in fault.levels_not_judged]
    said = {
        "phases": ", ".join(phase_label(t, phase) for phase in fault.phases),
        "share": _share(t, fault.needed_share),
    }
    rules_before = {(rule.metric, rule.direction): rule for rule in before.rules} if before else {}
    return FaultCard(
        id=fault.id,
        name=fault_label(t, fault.id, sentence(fault.name)),
        own=fault.id.startswith(OWN),
        changed=changed,
        off=refusal(t, fault_words_label(t, "unseen", fault.id, fault.unseen)),
        when=t("catalogue.looked_at_but", where=t.join(left_out), **said)
        if left_out
        else t("catalogue.looked_at", **said),
        rules=tuple(
            _rule(t, rule, catalogue, rules_before.get((rule.metric, rule.direction)) not in (None, rule))
            for rule in fault.rules
        ),
        words=words_of(t, fault.id, fault.words),
    )


def unjudged_card(t: Texts, known: Unjudged) -> FaultCard:
    """One that is shown only."""
    return FaultCard(
        id=known.id,
        name=fault_label(t, known.id, sentence(known.name)),
        own=False,
        changed=False,
        off=fault_words_label(t, "unseen", known.id, known.reason),
        when=t("catalogue.would_show", what=fault_words_label(t, "shown", known.id, known.measured)),
        rules=(),
        words=words_of(t, known.id, known.words),
        editable=False,
    )


def words_of(t: Texts, fault_id: str, words: Words) -> Words:
    """What is said of a fault: what is the club's own stays as it is."""
    return Words(
        cue=cue_label(t, fault_id, words.cue),
        is_not=fault_words_label(t, "is_not", fault_id, words.is_not),
        self_test=fault_words_label(t, "self_test", fault_id, words.self_test),
        drill=fault_words_label(t, "drill", fault_id, words.drill),
    )


def style_label(t: Texts, style: str) -> str:
    """What a style is called."""
    return _known(t, f"catalogue.style.{style}", style)


def level_label(t: Texts, level: str) -> str:
    """What a level is called."""
    return _known(t, f"catalogue.level.{level}", level)


def kinds(t: Texts, kind: str, said: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, str], ...]:
    """Styles or levels (``kind``) with their names and meanings."""
    return tuple(
        (one, _known(t, f"catalogue.{kind}.{one}", one), _known(t, f"catalogue.{kind}_meaning.{one}", meaning))
        for one, meaning in said
    )


def _known(t: Texts, key: str, otherwise: str) -> str:
    return t(key) if key in t.catalogue.messages else otherwise


def _share(t: Texts, share: float) -> str:
    known = _SHARES.get(share)
    return t(f"catalogue.share.{known}") if known else t("catalogue.share.percent", percent=f"{100.0 * share:.0f}")


def _rule(t: Texts, rule: Rule, catalogue: Catalogue, changed: bool) -> RuleCard:
    clear, strong = (amount(t, step, rule.unit) for step in rule.severity_steps)
    steps = t("catalogue.steps", clear=clear, strong=strong)
    if rule.probability is not None:
        steps = t("catalogue.steps_sure", steps=steps, percent=f"{100.0 * rule.probability.value:.0f}")
    return RuleCard(
        measured=quantity_label(t, rule.metric),
        meaning=_meaning(t, catalogue.metrics[rule.metric]),
        limit=limit_words(t, rule),
        steps=steps,
        source=refusal_marked(t, rule.source),
        status="" if rule.source == STATUS_WORDS[rule.status] else t(f"catalogue.status.{rule.status}"),
        also=tuple(
            t("catalogue.and_also", what=_inside(t, quantity_label(t, one.metric)), limit=limit_words(t, one))
            for one in rule.also
        ),
        levels=tuple(
            t("catalogue.level_limit", level=level_label(t, level), limit=limit_words(t, rule, own))
            for level, own in rule.levels.items()
        ),
        changed=changed,
    )


def _inside(t: Texts, words: str) -> str:
    """Within a sentence: German nouns stay as they are."""
    return t.after_colon(words)


def _meaning(t: Texts, metric: Metric) -> str:
    """How a metric is made; empty for a mean, whose name says it."""
    return "" if metric.kind == "mean" else meaning_label(t, metric.name, metric.meaning)


def limit_words(t: Texts, rule: Rule | Condition, own: LevelLimit | None = None) -> str:
    """``above 8°``; ``own``: of a level."""
    return t(f"catalogue.{rule.direction}", amount=amount(t, (own or rule).limit, rule.unit))


def amount(t: Texts, value: float, unit: str) -> str:
    """A number of the catalogue with its unit, as the reader writes it."""
    return t.decimal(f"{value:g}") + ("" if unit == "ratio" else unit_of(t, unit))
