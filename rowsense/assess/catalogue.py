"""The fault catalogue: faults and score limits as data, read from one TOML file and checked as a whole.

Imports no kernel, so the web may load it. Every number in the file names its source and its status:
R = read in a study, C = coach convention, D = derived.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from rowsense.assess._table import Table
from rowsense.assess.definitions import (
    MODEL_NUMBERS,
    NEXT_CATCH,
    OWN_METRICS,
    OWN_NUMBERS,
    ROCKED_OVER,
    TIMED_BY_ERROR,
    TIMING_METRICS,
    TIMING_PARAMETERS,
    UNITS,
    WINDOWS,
    WORST,
    Catalogue,
    Condition,
    Fault,
    Kind,
    LevelLimit,
    Metric,
    Number,
    Rule,
    ScoreItem,
    Unjudged,
    Words,
)
from rowsense.conventions import ANGLE_NAMES, METRIC_PHASES, SPINE_ANGLE_NAMES
from rowsense.errors import CatalogueError, UsageError

__all__ = [
    "NEXT_CATCH", "ROCKED_OVER", "TIMING_METRICS", "TIMING_PARAMETERS", "WINDOWS", "Catalogue", "Fault", "Metric",
    "Rule", "ScoreItem", "catalogue_text", "choose", "load_catalogue", "mean_metrics", "never_judged",
    "parse_catalogue",
]  # fmt: skip


#: Metrics that are arithmetic, by their kind: a catalogue names and describes them.
_FIXED_METRICS = {"timing": TIMING_METRICS, "own": OWN_METRICS}
_WORDS = ("cue", "is_not", "self_test", "drill")


class _Kinds(NamedTuple):
    styles: tuple[str, ...]
    levels: tuple[str, ...]


def mean_metrics() -> dict[str, Metric]:
    """``<quantity>_<phase>`` for every angle quantity and phase."""
    return {
        f"{q}_{p}": Metric(f"{q}_{p}", "mean", q.rsplit("_", 1)[1], f"mean {q} over {p}", quantity=q, to=p)
        for q in ANGLE_NAMES
        for p in METRIC_PHASES
    }


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Read and check a catalogue file; None reads the built-in one.

    Raises:
        UsageError: the file cannot be read, is not TOML, or breaks rules; every problem is listed.
    """
    if path is None:
        return _built_in()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"fault catalogue {path}: cannot be read ({error}); check the path") from error
    return parse_catalogue(text, str(path))


def choose(catalogue: Catalogue, style: str = "", level: str = "") -> Catalogue:
    """The catalogue with the limits of a level, for a style; empty: the catalogue's own default.

    Raises:
        UsageError: it knows no such style or level.
    """
    for what, chosen, known in (("style", style, catalogue.styles), ("level", level, catalogue.levels)):
        names = [kind.id for kind in known]
        if chosen and chosen not in names:
            raise UsageError(f"{what} {chosen!r} is not known; the catalogue has {', '.join(names)}")
    style, level = style or catalogue.style, level or catalogue.level
    return replace(catalogue, style=style, level=level, faults=tuple(f.at_level(level) for f in catalogue.faults))


def never_judged(catalogue: Catalogue) -> list[str]:
    """Sentences about rules whose metric has no known error: no stroke can be judged by them."""
    said = []
    for fault in catalogue.faults:
        for name in [name for rule in fault.rules for name in (c.metric for c in rule.conditions)]:
            metric = catalogue.metrics[name]
            known = metric.sd or metric.quantity in {*SPINE_ANGLE_NAMES, *catalogue.quantity_sd}
            if not known and name not in {*TIMED_BY_ERROR, *OWN_METRICS}:
                said.append(
                    f"{fault.id} is never judged by {metric.name}, whose error is not known: "
                    + (f"give {metric.quantity} a number in [quantity_sd]" if metric.quantity else "give it an sd")
                )
    return said


def catalogue_text() -> str:
    """The built-in catalogue's file, to copy and change."""
    return (resources.files("rowsense.assess") / "catalogue.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _built_in() -> Catalogue:
    return parse_catalogue(catalogue_text(), "built-in")


def parse_catalogue(text: str, name: str = "catalogue") -> Catalogue:
    """Build a catalogue from TOML text; raises UsageError that lists every problem."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(name, [f"not valid TOML ({error})"]) from error
    problems: list[str] = []
    root = Table(data, "", problems)
    metrics = mean_metrics()
    for table in root.tables("metric"):
        metric = _metric(table)
        if metric.name in metrics:
            problems.append(f"{table.where}: name {metric.name!r} is taken")
        metrics[metric.name] = metric
    styles = tuple(_kind(t) for t in root.tables("style"))
    levels = tuple(_kind(t) for t in root.tables("level"))
    kinds = _Kinds(tuple(k.id for k in styles), tuple(k.id for k in levels))
    catalogue = Catalogue(
        model=_numbers(root.table("model"), MODEL_NUMBERS, MODEL_NUMBERS),
        timing=_numbers(root.table("timing"), TIMING_PARAMETERS, TIMING_PARAMETERS),
        own=_numbers(root.table("own"), OWN_NUMBERS, OWN_NUMBERS),
        quantity_sd=_numbers(root.table("quantity_sd"), (), ANGLE_NAMES),
        metrics=metrics,
        styles=styles,
        levels=levels,
        style=root.choice("default_style", kinds.styles),
        level=root.choice("default_level", kinds.levels),
        faults=tuple(_fault(t, metrics, kinds) for t in root.tables("fault")),
        not_judged={t.text("id"): _unjudged(t) for t in root.tables("not_judged")},
        scores=tuple(_score(t, tuple(metrics), kinds) for t in root.tables("score")),
    )
    root.only(
        "version", "default_style", "default_level", "model", "timing", "own", "quantity_sd", "style", "level",
        "metric", "fault", "not_judged", "score",
    )  # fmt: skip
    _check_whole(data, catalogue, problems)
    if problems:
        raise CatalogueError(name, problems)
    return choose(catalogue)


def _check_whole(data: dict[str, Any], catalogue: Catalogue, problems: list[str]) -> None:
    if data.get("version") != 1:
        problems.append(f"version is {data.get('version')!r}, expected 1")
    for what, ids in (
        ("fault", [f.id for f in catalogue.faults] + list(catalogue.not_judged)),
        ("style", [k.id for k in catalogue.styles]),
        ("level", [k.id for k in catalogue.levels]),
    ):
        problems.extend(f"{what} {i!r} appears twice" for i in sorted({i for i in ids if ids.count(i) > 1}))
        if not ids:
            problems.append(f"no {what}")
    for kind, names in _FIXED_METRICS.items():
        problems.extend(f"{kind} metric {m!r} is missing" for m in names if m not in catalogue.metrics)


def _number(table: Table) -> Number:
    table.only("value", "unit", "source", "status")
    return Number(table.number("value"), table.choice("unit", UNITS), table.text("source"), table.status())


def _numbers(table: Table, required: Sequence[str], allowed: Sequence[str]) -> dict[str, Number]:
    table.only(*allowed)
    for key in required:
        if key not in table.data:
            table.complain(f"{key} is missing")
    return {key: _number(table.table(key)) for key in allowed if key in table.data}


def _metric(table: Table) -> Metric:
    table.only("name", "kind", "unit", "meaning", "quantity", "from", "to", "direction", "sd")
    kind = table.choice("kind", ("change", *_FIXED_METRICS))
    change = kind == "change"
    name = table.choice("name", _FIXED_METRICS[kind]) if kind in _FIXED_METRICS else table.text("name")
    return Metric(
        name=name,
        kind=kind,
        unit=table.choice("unit", UNITS),
        meaning=table.text("meaning"),
        quantity=table.choice("quantity", ANGLE_NAMES) if change else "",
        origin=table.choice("from", WINDOWS) if change else "",
        to=table.choice("to", WINDOWS) if change else "",
        direction=table.choice("direction", ("rise", "fall")) if change else "rise",
        sd=_number(table.table("sd")) if "sd" in table.data else None,
    )


def _kind(table: Table) -> Kind:
    table.only("id", "meaning")
    return Kind(table.text("id"), table.text("meaning"))


def _words(table: Table) -> Words:
    return Words(table.text("cue"), table.text("is_not"), table.text("self_test"), table.text("drill"))


def _unjudged(table: Table) -> Unjudged:
    table.only("id", "name", "measured", "reason", *_WORDS)
    return Unjudged(table.text("id"), table.text("name"), table.text("measured"), table.text("reason"), _words(table))


def _fault(table: Table, metrics: Mapping[str, Metric], kinds: _Kinds) -> Fault:
    table.only(
        "id", "name", "order", "phases", "needed_share", *_WORDS, "kept", "styles_not_judged", "levels_not_judged",
        "rule",
    )  # fmt: skip
    share = table.number("needed_share", low=0.0, high=1.0)
    order = int(table.number("order", low=0.0))
    rules = tuple(_rule(t, metrics, order, kinds) for t in table.tables("rule"))
    if not rules:
        table.complain("has no rule")
    return Fault(
        id=table.text("id"),
        name=table.text("name"),
        order=order,
        phases=table.choices("phases", METRIC_PHASES),
        needed_share=share,
        words=_words(table),
        kept=table.text("kept"),
        styles_not_judged=table.choices("styles_not_judged", kinds.styles, optional=True),
        levels_not_judged=table.choices("levels_not_judged", kinds.levels, optional=True),
        rules=rules,
    )


def _rule(table: Table, metrics: Mapping[str, Metric], order: int, kinds: _Kinds) -> Rule:
    table.only(
        "metric", "direction", "limit", "unit", "source", "status", "severity_steps", "quantity", "frames",
        "worst_phase", "worst", "says", "order", "levels", "also",
    )  # fmt: skip
    direction = table.choice("direction", ("above", "below"))
    limit, steps = _limit(table, direction)
    says = table.text("says")
    also = tuple(_condition(t, metrics) for t in table.tables("also"))
    _check_says(table, says, len(also))
    worst = table.choice("worst", WORST)
    quantity = "" if worst == "last" else table.choice("quantity", ANGLE_NAMES)
    metric = table.choice("metric", tuple(metrics))
    return Rule(
        metric=metric,
        direction=direction,
        limit=limit,
        unit=table.choice("unit", UNITS),
        source=table.text("source"),
        status=table.status(),
        severity_steps=steps,
        quantity=quantity,
        frames=table.choices("frames", WINDOWS),
        worst_phase=table.choice("worst_phase", WINDOWS),
        worst=worst,
        says=says,
        order=int(table.number("order")) if "order" in table.data else order,
        compares=metrics[metric].quantity if metric in metrics and metrics[metric].kind == "change" else "",
        also=also,
        levels=_level_limits(table, direction, kinds.levels),
    )


def _condition(table: Table, metrics: Mapping[str, Metric]) -> Condition:
    table.only("metric", "direction", "limit", "unit", "source", "status")
    return Condition(
        metric=table.choice("metric", tuple(metrics)),
        direction=table.choice("direction", ("above", "below")),
        limit=table.number("limit"),
        unit=table.choice("unit", UNITS),
        source=table.text("source"),
        status=table.status(),
    )


def _check_says(table: Table, says: str, further: int) -> None:
    """The sentence has the measured value, and nothing that there is not: ``{also}`` is the first further metric's."""
    known = {"value": "", "also": ""} if further else {"value": ""}
    try:
        says.format(**known)
    except (KeyError, IndexError, ValueError, AttributeError):
        table.complain(f"says may contain {' and '.join(f'{{{name}}}' for name in known)} and no other braces")
        return
    if "{value}" not in says:
        table.complain("says must contain {value}")


def _limit(table: Table, direction: str) -> tuple[float, tuple[float, float]]:
    """A limit and the two steps beyond it."""
    limit, steps = table.number("limit"), table.pair("severity_steps")
    ladder = (limit, *steps) if direction == "above" else (-limit, -steps[0], -steps[1])
    if not ladder[0] < ladder[1] < ladder[2]:
        table.complain("severity_steps must lead away from the limit")
    return limit, steps


def _level_limits(table: Table, direction: str, levels: Sequence[str]) -> dict[str, LevelLimit]:
    if "levels" not in table.data:
        return {}
    limits = {}
    tables = table.table("levels")
    tables.only(*levels)
    for level in tables.data:
        own = tables.table(level)
        own.only("limit", "severity_steps", "source", "status")
        limits[level] = LevelLimit(*_limit(own, direction), own.text("source"), own.status())
    return limits


def _score(table: Table, metrics: Sequence[str], kinds: _Kinds) -> ScoreItem:
    table.only("phase", "metric", "good", "bad", "weight", "source", "status", "styles_not_judged")
    good, bad = table.number("good"), table.number("bad")
    if good == bad:
        table.complain("good and bad must differ")
    weight = table.number("weight", low=0.0)
    if weight <= 0.0:
        table.complain("weight must be above 0")
    return ScoreItem(
        phase=table.choice("phase", METRIC_PHASES),
        metric=table.choice("metric", metrics),
        good=good,
        bad=bad,
        weight=weight,
        source=table.text("source"),
        status=table.status(),
        styles_not_judged=table.choices("styles_not_judged", kinds.styles, optional=True),
    )
