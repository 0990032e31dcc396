"""The page of all faults (docs/faults.md), written from a catalogue into a fixed text."""

from __future__ import annotations

from importlib import resources

from rowsense.assess.definitions import TIMING_METRICS, WINDOWS, Catalogue, Fault, Kind, Words
from rowsense.assess.explain import exceptions, limit_words, share_words
from rowsense.conventions import ANGLE_NAMES, METRIC_PHASES


def fault_page(catalogue: Catalogue) -> str:
    """The page in Markdown."""
    text = (resources.files("rowsense.assess") / "fault_page.md").read_text(encoding="utf-8")
    parts = {
        "faults": _fault_rows(catalogue),
        "shares": _shares(catalogue),
        "probabilities": _probabilities(catalogue),
        "exceptions": _exceptions(catalogue),
        "metrics": _metric_rows(catalogue),
        "words": _words(catalogue),
        "unjudged": _unjudged_rows(catalogue),
        "styles": _kinds(catalogue.styles, catalogue.style),
        "levels": _kinds(catalogue.levels, catalogue.level),
        "level_limits": _level_rows(catalogue),
    }
    for name, part in parts.items():
        text = text.replace(f"{{{{{name}}}}}", part)
    return text


def known_page(catalogue: Catalogue) -> str:
    """What a rule can use: quantities, windows, metrics, styles and levels."""
    named = [m for m in catalogue.metrics.values() if m.kind != "mean"]
    parts = [
        ("Quantities, measured in every frame", ANGLE_NAMES),
        ("Phases, over which the mean of each is a metric: <quantity>_<phase>", METRIC_PHASES),
        ("Windows, between which a change can be a metric", WINDOWS),
        ("Metrics beside these means", [f"{m.name} ({m.unit}): {m.meaning}" for m in named]),
        ("Styles", [f"{k.id}: {k.meaning}" for k in catalogue.styles]),
        ("Levels", [f"{k.id}: {k.meaning}" for k in catalogue.levels]),
    ]
    return "\n\n".join("\n  ".join([f"{title}:", *lines]) for title, lines in parts)


def _told(catalogue: Catalogue) -> list[Fault]:
    return [fault for fault in catalogue.told if isinstance(fault, Fault)]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _fault_rows(catalogue: Catalogue) -> str:
    rows = []
    for fault in _told(catalogue):
        for i, rule in enumerate(fault.rules):
            steps = ", ".join(f"{step:g}" for step in rule.severity_steps)
            first = (f"`{fault.id}`", fault.name) if i == 0 else ("or else" if rule.weaker else "or", "")
            rows.append(_row(*first, f"`{rule.metric}` {limit_words(rule)}", steps, rule.source, rule.status))
            rows += [_row("and", "", f"`{c.metric}` {limit_words(c)}", "", c.source, c.status) for c in rule.also]
    return "\n".join(rows)


def _shares(catalogue: Catalogue) -> str:
    other = [f for f in _told(catalogue) if f.needed_share != 0.5]
    return "".join(f" For `{f.id}` {share_words(f.needed_share)} of them will do." for f in other)


def _probabilities(catalogue: Catalogue) -> str:
    own = [(f.id, rule, rule.probability) for f in _told(catalogue) for rule in f.rules if rule.probability is not None]
    return "".join(
        f"\n   For `{fault_id}` (`{rule.metric}`) it must be above {enough.value:g} ({enough.source})."
        for fault_id, rule, enough in own
    )


def _exceptions(catalogue: Catalogue) -> str:
    lines = [f"`{f.id}` is not judged: {f.unseen}." for f in _told(catalogue) if f.unseen]
    lines += [f"`{f.id}` is not judged in {' and '.join(exceptions(f))}." for f in _told(catalogue) if exceptions(f)]
    return "\n".join(lines)


def _metric_rows(catalogue: Catalogue) -> str:
    used = {c.metric for fault in catalogue.faults for rule in fault.rules for c in rule.conditions}
    return "\n".join(
        _row(f"`{name}`", metric.meaning)
        for name, metric in catalogue.metrics.items()
        if name in used or name in TIMING_METRICS
    )


def _words(catalogue: Catalogue) -> str:
    return "\n\n".join(_word_block(f.id, f.name, f.words) for f in catalogue.told)


def _word_block(fault_id: str, name: str, words: Words) -> str:
    return (
        f"**{name}** (`{fault_id}`). {words.is_not}\n\n"
        f"- *Try:* {words.cue}\n- *Self-test:* {words.self_test}\n- *Drill:* {words.drill}"
    )


def _unjudged_rows(catalogue: Catalogue) -> str:
    return "\n".join(_row(f"`{u.id}`", u.name, u.measured, u.reason) for u in catalogue.not_judged.values())


def _kinds(kinds: tuple[Kind, ...], default: str) -> str:
    return "\n".join(f"- `{k.id}`{' (where none is chosen)' if k.id == default else ''}: {k.meaning}" for k in kinds)


def _level_rows(catalogue: Catalogue) -> str:
    return "\n".join(
        _row(
            f"`{fault.id}`",
            level,
            f"`{rule.metric}` {limit_words(rule.at_level(level))}",
            ", ".join(f"{step:g}" for step in own.severity_steps),
            own.source,
            own.status,
        )
        for fault in _told(catalogue)
        for rule in fault.rules
        for level, own in rule.levels.items()
    )
