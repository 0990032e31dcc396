"""The fault catalogue: faults and score limits as data, read from one TOML file and checked as a whole.

Imports no kernel, so the web may load it. Every number in the file names its source and its status:
R = read in a study, C = coach convention, D = derived.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from rowsense.assess._entries import (
    FIXED_METRICS,
    Kinds,
    read_fault,
    read_kind,
    read_metric,
    read_model,
    read_numbers,
    read_score,
    read_unjudged,
)
from rowsense.assess._table import Table
from rowsense.assess.definitions import (
    NEXT_CATCH,
    OWN_METRICS,
    OWN_NUMBERS,
    ROCKED_OVER,
    TIMED_BY_ERROR,
    TIMING_METRICS,
    TIMING_PARAMETERS,
    WINDOWS,
    Catalogue,
    Fault,
    Metric,
    Rule,
    ScoreItem,
)
from rowsense.conventions import ANGLE_NAMES, METRIC_PHASES, SPINE_ANGLE_NAMES
from rowsense.errors import CatalogueError, UsageError

__all__ = [
    "NEXT_CATCH", "ROCKED_OVER", "TIMING_METRICS", "TIMING_PARAMETERS", "WINDOWS", "Catalogue", "Fault", "Metric",
    "Rule", "ScoreItem", "catalogue_data", "catalogue_text", "choose", "error_is_known", "load_catalogue",
    "mean_metrics", "never_judged", "parse_catalogue", "parse_data",
]  # fmt: skip


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
            if not error_is_known(catalogue, metric):
                said.append(
                    f"{fault.id} is never judged by {metric.name}, whose error is not known: "
                    + (f"give {metric.quantity} a number in [quantity_sd]" if metric.quantity else "give it an sd")
                )
    return said


def error_is_known(catalogue: Catalogue, metric: Metric) -> bool:
    """Whether it is known how far a metric may be off; without that no stroke can be judged by it."""
    of_quantity = metric.quantity in {*SPINE_ANGLE_NAMES, *catalogue.quantity_sd}
    return metric.sd is not None or of_quantity or metric.name in {*TIMED_BY_ERROR, *OWN_METRICS}


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
    return parse_data(data, name, [])


def catalogue_data(text: str | None = None) -> dict[str, Any]:
    """The tables of a catalogue file, unchecked, fresh to be changed; None: of the built-in one.

    Raises:
        CatalogueError: the text is not TOML.
    """
    try:
        return tomllib.loads(catalogue_text() if text is None else text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError("of your own", [f"not valid TOML ({error})"]) from error


def parse_data(data: dict[str, Any], name: str, problems: list[str]) -> Catalogue:
    """Build a catalogue from tables; ``problems``: what was found before.

    Raises:
        CatalogueError: it breaks rules; every problem is listed.
    """
    root = Table(data, "", problems)
    metrics = mean_metrics()
    for table in root.tables("metric"):
        metric = read_metric(table)
        if metric.name in metrics:
            problems.append(f"{table.where}: name {metric.name!r} is taken")
        metrics[metric.name] = metric
    styles = tuple(read_kind(t) for t in root.tables("style"))
    levels = tuple(read_kind(t) for t in root.tables("level"))
    kinds = Kinds(tuple(k.id for k in styles), tuple(k.id for k in levels))
    catalogue = Catalogue(
        model=read_model(root.table("model")),
        timing=read_numbers(root.table("timing"), TIMING_PARAMETERS, TIMING_PARAMETERS),
        own=read_numbers(root.table("own"), OWN_NUMBERS, OWN_NUMBERS),
        quantity_sd=read_numbers(root.table("quantity_sd"), (), ANGLE_NAMES),
        metrics=metrics,
        styles=styles,
        levels=levels,
        style=root.choice("default_style", kinds.styles),
        level=root.choice("default_level", kinds.levels),
        faults=tuple(read_fault(t, metrics, kinds) for t in root.tables("fault")),
        not_judged={t.text("id"): read_unjudged(t, metrics) for t in root.tables("not_judged")},
        scores=tuple(read_score(t, tuple(metrics), kinds) for t in root.tables("score")),
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
    if data.get("version") != 1 or isinstance(data["version"], bool):
        problems.append(f"version is {data.get('version')!r}, expected 1")
    for what, ids in (
        ("fault", [f.id for f in catalogue.faults] + list(catalogue.not_judged)),
        ("style", [k.id for k in catalogue.styles]),
        ("level", [k.id for k in catalogue.levels]),
    ):
        problems.extend(f"{what} {i!r} appears twice" for i in sorted({i for i in ids if ids.count(i) > 1}))
        if not ids:
            problems.append(f"no {what}")
    for kind, names in FIXED_METRICS.items():
        problems.extend(f"{kind} metric {m!r} is missing" for m in names if m not in catalogue.metrics)
