"""Reading the entries of a catalogue file: what does not fit is written to the tables' list of problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rowsense.assess._table import Table
from rowsense.assess.definitions import (
    MODEL_NUMBERS,
    OWN_METRICS,
    SPREAD_TIMES,
    TIMING_METRICS,
    UNITS,
    WINDOWS,
    WORST,
    Condition,
    Fault,
    Kind,
    LevelLimit,
    Metric,
    Number,
    Rule,
    ScoreItem,
    Shown,
    Unjudged,
    Words,
)
from rowsense.conventions import ANGLE_NAMES, METRIC_PHASES

#: Metrics that are arithmetic, by their kind: a catalogue names and describes them.
FIXED_METRICS = {"timing": TIMING_METRICS, "own": OWN_METRICS}
_WORDS = ("cue", "is_not", "self_test", "drill")


class Kinds(NamedTuple):
    styles: tuple[str, ...]
    levels: tuple[str, ...]


def _number(table: Table) -> Number:
    table.only("value", "unit", "source", "status")
    return Number(table.number("value"), table.choice("unit", UNITS), table.text("source"), table.status())


def read_numbers(table: Table, required: Sequence[str], allowed: Sequence[str]) -> dict[str, Number]:
    """Named numbers; those that are required and missing are a problem."""
    table.only(*allowed)
    for key in required:
        if key not in table.data:
            table.complain(f"{key} is missing")
    return {key: _number(table.table(key)) for key in allowed if key in table.data}


def read_model(table: Table) -> dict[str, Number]:
    """How errors are taken into account; all of it must be there."""
    found = read_numbers(table, MODEL_NUMBERS, MODEL_NUMBERS)
    if "probability" in found:
        _check_probability(table, found["probability"])
    for name, low, high in (("error_correlation", 0.0, 1.0), ("independent_sample_s", 0.01, 10.0)):
        if name in found and not low <= found[name].value <= high:
            table.complain(f"{name} is {found[name].value:g}, expected {low:g} to {high:g}")
    return found


def read_metric(table: Table) -> Metric:
    """A metric that is a change, or the description of one that is arithmetic."""
    table.only("name", "kind", "unit", "meaning", "quantity", "from", "to", "direction", "sd", "sd_ratio")
    kind = table.choice("kind", ("change", *FIXED_METRICS))
    change = kind == "change"
    name = table.choice("name", FIXED_METRICS[kind]) if kind in FIXED_METRICS else table.text("name")
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
        sd_ratio=_sd_ratio(table) if "sd_ratio" in table.data else None,
    )


def _sd_ratio(table: Table) -> Number:
    """Of a change whose windows err alike."""
    ratio = _number(table.table("sd_ratio"))
    if table.data.get("kind") != "change":
        table.complain("sd_ratio is for a metric of kind change")
    if not 0.0 < ratio.value <= 1.0:
        table.complain(f"sd_ratio is {ratio.value:g}, expected above 0 and at most 1")
    return ratio


def read_kind(table: Table) -> Kind:
    """A style or a level."""
    table.only("id", "meaning")
    return Kind(table.text("id"), table.text("meaning"))


def _words(table: Table) -> Words:
    return Words(table.text("cue"), table.text("is_not"), table.text("self_test"), table.text("drill"))


def read_unjudged(table: Table, metrics: Mapping[str, Metric]) -> Unjudged:
    """A fault that is shown only."""
    table.only("id", "name", "measured", "reason", *_WORDS, "shows")
    return Unjudged(
        table.text("id"),
        table.text("name"),
        table.text("measured"),
        table.text("reason"),
        _words(table),
        tuple(_shown(t, metrics) for t in table.tables("shows")),
    )


def _shown(table: Table, metrics: Mapping[str, Metric]) -> Shown:
    table.only("kind", "metric", "unit", "says")
    kind, says = table.choice("kind", ("median", "spread")), table.text("says")
    _check_says(table, says, 0)
    known = (*metrics, *SPREAD_TIMES) if kind == "spread" else tuple(metrics)
    return Shown(kind, table.choice("metric", known), table.choice("unit", UNITS), says)


def read_fault(table: Table, metrics: Mapping[str, Metric], kinds: Kinds) -> Fault:
    """A fault with its rules."""
    table.only(
        "id", "name", "order", "phases", "needed_share", *_WORDS, "kept", "styles_not_judged", "levels_not_judged",
        "rule", "unseen", "untimed",
    )  # fmt: skip
    share = table.number("needed_share", low=0.0, high=1.0)
    order = table.whole("order")
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
        unseen=table.text("unseen") if "unseen" in table.data else "",
        untimed=table.text("untimed") if "untimed" in table.data else "",
    )


def _rule(table: Table, metrics: Mapping[str, Metric], order: int, kinds: Kinds) -> Rule:
    table.only(
        "metric", "direction", "limit", "unit", "source", "status", "severity_steps", "quantity", "frames",
        "worst_phase", "worst", "says", "order", "levels", "also", "probability", "weaker",
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
        order=table.whole("order") if "order" in table.data else order,
        compares=metrics[metric].quantity if metric in metrics and metrics[metric].kind == "change" else "",
        also=also,
        levels=_level_limits(table, direction, kinds.levels),
        probability=_probability(table) if "probability" in table.data else None,
        weaker=table.flag("weaker"),
    )


def _probability(table: Table) -> Number:
    """Of a rule that is rather named too early than too late, or the other way."""
    own = _number(table.table("probability"))
    _check_probability(table, own)
    return own


def _check_probability(table: Table, number: Number) -> None:
    if not 0.5 <= number.value < 1.0:
        table.complain(f"probability is {number.value:g}, expected 0.5 or more and under 1")
    if number.unit != "ratio":
        table.complain(f"the unit of probability is {number.unit!r}, expected 'ratio'")


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


def read_score(table: Table, metrics: Sequence[str], kinds: Kinds) -> ScoreItem:
    """A metric's share of a phase score."""
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
