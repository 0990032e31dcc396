"""A fault of the catalogue in words for the terminal: what is measured, where the limit comes from, what to try."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from difflib import SequenceMatcher

from rowsense.assess.definitions import Catalogue, Condition, Fault, Rule, Unjudged
from rowsense.errors import UsageError
from rowsense.palette import PHASE_WORDS

STATUS_WORDS = {"R": "read in a study", "C": "coach convention", "D": "derived"}
_SHARES = {0.2: "a fifth", 0.25: "a quarter", 0.5: "half", 0.75: "three quarters", 1.0: "all"}
_WIDTH = 96
#: Least likeness (0..1) of a mistyped name or of one word of it.
_NEAR = 0.65


def find_fault(catalogue: Catalogue, name: str) -> Fault | Unjudged:
    """A fault by its id or the coach's name, in any case, with spaces or hyphens for underscores.

    Raises:
        UsageError: there is none; the sentence names the nearest.
    """
    known = {fault.id: fault for fault in catalogue.told}
    by_word = {_word(fault.name): fault for fault in known.values()} | {_word(i): fault for i, fault in known.items()}
    found = by_word.get(_word(name))
    if found is not None:
        return found
    nearness = {fault_id: _nearness(_word(name), (fault_id, _word(known[fault_id].name))) for fault_id in known}
    ids = [i for i in sorted(known, key=lambda i: -nearness[i]) if nearness[i] >= _NEAR][:3]
    hint = f"did you mean {' or '.join(ids)}?" if ids else "`rowsense explain` lists them"
    raise UsageError(f"{name!r}: no such fault; {hint}")


def fault_list(catalogue: Catalogue) -> str:
    """All faults in the order in which they are told, one a line."""
    rows = [(f.id, f.name + (" (shown, not judged)" if isinstance(f, Unjudged) else "")) for f in catalogue.told]
    width = max(len(fault_id) for fault_id, _ in rows)
    return "\n".join(f"{fault_id:{width}}  {name}" for fault_id, name in rows)


def explanation(catalogue: Catalogue, fault: Fault | Unjudged) -> str:
    """Everything that the catalogue says about one fault."""
    if isinstance(fault, Unjudged):
        about = [_part("Measured", fault.measured), _part("Not judged", fault.reason)]
    else:
        about = [
            _part("Looked at in", ", ".join(PHASE_WORDS[phase] for phase in fault.phases)),
            *(part for rule in fault.rules for part in _rule_parts(catalogue, rule)),
            _part("Named when", f"{share_words(fault.needed_share)} of the usable strokes show it"),
            *([_part("Not judged", fault.unseen)] if fault.unseen else []),
            *(_part("Left out in", text) for text in exceptions(fault)),
        ]
    words = fault.words
    about += [
        _part("What it is not", words.is_not),
        _part("Try", words.cue),
        _part("Self-test", words.self_test),
        _part("Drill", words.drill),
    ]
    return "\n".join([f"{fault.id}: {fault.name}", "", *about])


def limit_words(rule: Rule | Condition) -> str:
    """``above 8 deg``; a ratio has no unit."""
    unit = {"ratio": "", "percent": " %"}.get(rule.unit, f" {rule.unit}")
    return f"{rule.direction} {rule.limit:g}{unit}"


def share_words(share: float) -> str:
    """A share of the strokes as people say it."""
    return _SHARES.get(share, f"{100.0 * share:.0f} %")


def exceptions(fault: Fault) -> list[str]:
    """Styles and levels in which it is not judged."""
    styles = [f"the {style} style" for style in fault.styles_not_judged]
    return styles + [f"the {level} level" for level in fault.levels_not_judged]


def _rule_parts(catalogue: Catalogue, rule: Rule) -> list[str]:
    steps = " and ".join(f"{step:g}" for step in rule.severity_steps)
    parts = [
        _part("Measured", f"{catalogue.metrics[rule.metric].meaning} ({rule.metric})"),
        _part("Limit", f"{limit_words(rule)}; clear from {steps.replace(' and ', ', strong from ')}"),
        _part("From", f"{rule.source} ({STATUS_WORDS[rule.status]})"),
    ]
    for condition in rule.also:
        meaning = catalogue.metrics[condition.metric].meaning
        parts.append(_part("and also", f"{meaning} ({condition.metric}) {limit_words(condition)}"))
        parts.append(_part("From", f"{condition.source} ({STATUS_WORDS[condition.status]})"))
    if rule.probability is not None:
        enough = rule.probability
        parts.append(_part("Shown from", f"a probability of {enough.value:g} on"))
        parts.append(_part("From", f"{enough.source} ({STATUS_WORDS[enough.status]})"))
    if rule.weaker:
        parts.append(_part("Told", "where no other rule carries the fault"))
    for level, own in rule.levels.items():
        if level != catalogue.level:
            parts.append(_part(f"At {level}", f"{limit_words(rule.at_level(level))}: {own.source}"))
    return parts


def _part(lead: str, words: str) -> str:
    first = f"{lead + ':':16}"
    return textwrap.fill(words, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first))


def _nearness(word: str, names: Iterable[str]) -> float:
    """0..1: how alike a word is to any of the names or to a part of one."""
    parts = {part for name in names for part in (name, *name.split("_")) if len(part) > 2}
    return max(SequenceMatcher(None, word, part).ratio() for part in parts)


def _word(name: str) -> str:
    return "_".join(name.lower().replace("-", " ").replace("_", " ").split())
