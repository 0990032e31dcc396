"""A catalogue with a club's own changes: other limits, faults that are not judged, words, rules of its own.

Changes are a plain document, so that a store can keep every version of them and a session can say by which it was
judged. They are laid over the catalogue's file and the whole is checked as a file is: every problem is listed. What
they say of faults and rules that the catalogue does not have (any more) is passed over, so that a newer catalogue can
come under them. Imports no kernel, so the web may load it.

The document, each part of which may be missing::

    {"style": "simultaneous", "level": "racing",
     "faults": {"hips_tip_back": {
         "off": true, "needed_share": 0.4, "styles_not_judged": [], "levels_not_judged": ["learning"],
         "words": {"cue": "..."},
         "rules": {"pelvic_tilt_fall_into_catch_deg above": {
             "limit": 10.0, "severity_steps": [14.0, 18.0],
             "levels": {"racing": {"limit": 6.0, "severity_steps": [10.0, 14.0]}}}}}},
     "own": [{"name": "...", "metric": "knee_deg_finish", "direction": "below", "limit": 160.0,
              "severity_steps": [150.0, 140.0], "needed_share": 0.5,
              "cue": "...", "is_not": "...", "self_test": "...", "drill": "...", "kept": "..."}]}

A rule's ``levels``, where given, are all limits of levels that it has.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from rowsense.assess._table import Table
from rowsense.assess.catalogue import (
    NEXT_CATCH,
    Catalogue,
    Metric,
    catalogue_data,
    error_is_known,
    load_catalogue,
    parse_data,
)
from rowsense.assess.definitions import Rule
from rowsense.errors import CatalogueError, UsageError
from rowsense.palette import PHASE_WORDS

Changes = Mapping[str, Any]

#: What may be changed about a fault in words.
WORDS: Final = ("cue", "is_not", "self_test", "drill")
#: In front of the id of a club's own rule.
OWN: Final = "own_"
#: Own rules are mentioned after the catalogue's [D].
_OWN_ORDER: Final = 100
_OFF: Final = "your club does not judge it"
_OWN_SOURCE: Final = "your club's own limit"
_OWN_TEXTS: Final = ("is_not", "self_test", "drill", "kept")
_OWN_KEYS: Final = ("name", "metric", "direction", "limit", "severity_steps", "needed_share", "cue", *_OWN_TEXTS)
_MOST_LETTERS: Final = 60


def changed_catalogue(changes: Changes, path: Path | None = None) -> Catalogue:
    """The catalogue of a file (None: the built-in one) with changes laid over it.

    Raises:
        CatalogueError: the changes break rules; every problem is listed.
        UsageError: the file cannot be used.
    """
    if not changes:
        return load_catalogue(path)
    text = None if path is None else _text_of(path)
    return _changed(json.dumps(changes, sort_keys=True), text)


def problems_of(changes: Changes, path: Path | None = None) -> tuple[str, ...]:
    """Everything that is wrong with changes; empty: nothing."""
    try:
        changed_catalogue(changes, path)
    except CatalogueError as error:
        return tuple(dict.fromkeys(error.problems))
    return ()


def rule_key(rule: Rule) -> str:
    """What changes call a rule of a fault."""
    return f"{rule.metric} {rule.direction}"


def own_id(name: str) -> str:
    """The id of an own rule, from its name: plain letters, as files and quantities are called after it."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return OWN + re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def own_metrics_of(catalogue: Catalogue) -> tuple[Metric, ...]:
    """What an own rule can look at: means over a phase and changes between two, of quantities whose error is known."""
    kinds = ("mean", "change")
    return tuple(m for m in catalogue.metrics.values() if m.kind in kinds and error_is_known(catalogue, m))


# A club's pages ask for theirs with every request.
@lru_cache(maxsize=32)
def _changed(document: str, text: str | None) -> Catalogue:
    changes: dict[str, Any] = json.loads(document)
    problems: list[str] = []
    data = catalogue_data(text)
    root = Table(changes, "", problems)
    root.only("style", "level", "faults", "own")
    for key in ("style", "level"):
        if changes.get(key):
            data[f"default_{key}"] = changes[key]
    known = {fault["id"]: fault for fault in data["fault"]}
    told = root.table("faults") if "faults" in changes else None
    for fault_id in told.data if told else ():
        if fault_id in known:
            _change_fault(known[fault_id], told.table(fault_id))  # type: ignore[union-attr]
    data["fault"] += [_own_fault(table, i, text) for i, table in enumerate(root.tables("own"))]
    return parse_data(data, "with the club's changes", problems)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"fault catalogue {path}: cannot be read ({error}); check the path") from error


def _change_fault(fault: dict[str, Any], table: Table) -> None:
    table.only("off", "needed_share", "styles_not_judged", "levels_not_judged", "words", "rules")
    if table.data.get("off"):
        fault["unseen"] = _OFF
    for key in ("needed_share", "styles_not_judged", "levels_not_judged"):
        if key in table.data:
            fault[key] = table.data[key]
    if "words" in table.data:
        words = table.table("words")
        words.only(*WORDS)
        fault.update({key: words.text(key) for key in words.data if key in WORDS})
    if "rules" in table.data:
        rules = table.table("rules")
        known = {f"{rule['metric']} {rule['direction']}": rule for rule in fault["rule"]}
        for key in rules.data:
            if key in known:
                _change_rule(known[key], rules.table(key))


def _change_rule(rule: dict[str, Any], table: Table) -> None:
    table.only("limit", "severity_steps", "levels")
    if "limit" in table.data:
        _set_limit(rule, dict(table.data), rule)
    if "levels" in table.data:
        levels, shipped = table.table("levels"), rule.get("levels", {})
        rule["levels"] = {}
        for level in levels.data:
            one = levels.table(level)
            one.only("limit", "severity_steps")
            rule["levels"][level] = dict(shipped.get(level, {}))
            _set_limit(rule["levels"][level], dict(one.data), shipped.get(level, {}))


def _set_limit(target: dict[str, Any], told: dict[str, Any], shipped: Mapping[str, Any]) -> None:
    """A limit with its steps; where it is another than the catalogue's, so is who says so."""
    was = shipped.get("limit")
    if told.get("limit") != was or "source" not in target:
        said = f" (the catalogue: {was:g}, {shipped['source']})" if was is not None else ""
        target.update(source=f"{_OWN_SOURCE}{said}", status="C")
        target.pop("probability", None)  # it was settled for the limit that was
    target.update(limit=told.get("limit"), severity_steps=told.get("severity_steps"))


def _own_fault(table: Table, place: int, text: str | None) -> dict[str, Any]:
    """An entry of the catalogue's own form; what is wrong with its values is found where the whole is checked."""
    table.only(*_OWN_KEYS)
    name = table.text("name")
    if name and own_id(name) == OWN:
        table.complain("name must have a letter")
    if len(name) > _MOST_LETTERS:
        table.complain(f"name has {len(name)} letters, at most {_MOST_LETTERS} fit")
    shipped = load_catalogue() if text is None else parse_data(catalogue_data(text), "the file", [])
    known = {metric.name: metric for metric in own_metrics_of(shipped)}
    metric = known.get(str(table.data.get("metric")))
    if metric is None:
        table.complain(f"{table.data.get('metric')!r} cannot be judged: choose a quantity whose error is known")
        metric = next(iter(known.values()))
    above = table.data.get("direction") == "above"
    phase = "catch" if metric.to == NEXT_CATCH else "rock_over" if metric.to == "rocked_over" else metric.to
    return {
        "id": own_id(name),
        "name": name or "?",
        "order": _OWN_ORDER + place,
        "phases": [phase],
        "needed_share": table.data.get("needed_share", 0.5),
        "cue": table.data.get("cue"),
        "is_not": table.data.get("is_not") or "A rule of your club; no study stands behind it.",
        "self_test": table.data.get("self_test") or "Row ten strokes with the cue alone and film again.",
        "drill": table.data.get("drill") or table.data.get("cue"),
        "kept": table.data.get("kept") or f"your strokes keep to the rule “{name}”",
        "rule": [
            {
                "metric": metric.name,
                "direction": table.data.get("direction"),
                "limit": table.data.get("limit"),
                "unit": metric.unit,
                "source": "your club's own rule",
                "status": "C",
                "severity_steps": table.data.get("severity_steps"),
                "quantity": metric.quantity,
                "frames": [metric.to],
                "worst_phase": metric.to,
                "worst": "highest" if above != (metric.direction == "fall") else "lowest",
                "says": _says(metric),
            }
        ],
    }


def _says(metric: Metric) -> str:
    """The second half of a sentence about strokes."""
    if metric.kind == "change":
        return f"{metric.meaning} was {{value}}"
    quantity = metric.quantity.rsplit("_", 1)[0].replace("_", " ")
    when = "at" if metric.to in ("catch", "finish") else "in"
    return f"your {quantity} was at {{value}} {when} the {PHASE_WORDS[metric.to]}"
