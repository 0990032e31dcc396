"""The fault catalogue: faults and score limits as data, read from one TOML file and checked as a whole.

Imports no kernel, so the web may load it. Every number in the file names its source and its status:
R = read in a study, C = coach convention, D = derived.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from rowsense.assess._table import Table
from rowsense.conventions import ANGLE_NAMES, METRIC_PHASES
from rowsense.errors import UsageError

#: The catch that ends the stroke, where the recovery leads to. ``catch`` is the one that starts it.
NEXT_CATCH: Final = "next_catch"
#: Rock-over as a moment: its phase, widened to an event window where it is shorter or empty, as it is for a rower
#: whose knees come up while the trunk is still behind upright.
ROCKED_OVER: Final = "rocked_over"
WINDOWS: Final[tuple[str, ...]] = (*METRIC_PHASES, NEXT_CATCH, ROCKED_OVER)

#: Stroke metrics that depend on the order of events, in the order of the timing kernel's columns.
TIMING_METRICS: Final[tuple[str, ...]] = (
    "seat_to_handle_travel_ratio",
    "lean_fall_before_legs_deg",
    "elbow_at_knee_150_deg",
    "lean_growth_late_recovery_deg",
    "seat_rush_ratio",
    "pelvis_gives_way_s",
    "pelvis_gives_way_trunk_thigh_deg",
    "pelvis_gives_way_fall_deg",
    "pelvic_share_ratio",
)

#: Numbers the timing metrics are defined with, in the order of the timing kernel's parameters.
TIMING_PARAMETERS: Final[tuple[str, ...]] = (
    "half_window_s",
    "handle_share_ratio",
    "knee_share_ratio",
    "knee_level_deg",
    "late_share_ratio",
    "rush_share_ratio",
    "give_way_fall_deg",
    "give_way_onset_deg",
    "min_knee_travel_deg",
)
MODEL_NUMBERS: Final[tuple[str, ...]] = ("probability", "error_correlation", "independent_sample_s")

STYLES: Final = ("sequential", "simultaneous")
UNITS: Final = ("deg", "s", "ratio")
WORST: Final = ("lowest", "highest", "last")


@dataclass(frozen=True, slots=True)
class Number:
    """A value with its unit, where it comes from and how far it can be trusted."""

    value: float
    unit: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Metric:
    """One value a stroke."""

    name: str
    kind: str
    """``mean``: quantity over window ``to``; ``change``: ``to`` against ``origin``; ``timing``: by its name."""
    unit: str
    meaning: str
    quantity: str = ""
    origin: str = ""
    to: str = ""
    direction: str = "rise"
    """``rise``: ``to`` - ``origin``; ``fall``: ``origin`` - ``to``."""
    sd: Number | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A metric against its limit, and where to look for the frame that shows it."""

    metric: str
    direction: str
    limit: float
    unit: str
    source: str
    status: str
    severity_steps: tuple[float, float]
    quantity: str
    frames: tuple[str, ...]
    worst_phase: str
    worst: str
    says: str
    order: int
    compares: str = ""
    """The quantity that the metric compares between two windows of a stroke; empty for any other metric."""

    @property
    def sign(self) -> float:
        """+1 where more is the fault, -1 where less is."""
        return 1.0 if self.direction == "above" else -1.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: shown by a stroke where any of its rules is."""

    id: str
    name: str
    order: int
    phases: tuple[str, ...]
    needed_share: float
    cue: str
    is_not: str
    kept: str
    """What the rower does where the fault is absent."""
    styles_not_judged: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """A metric's share of a phase score: 100 at ``good``, 0 at ``bad``, linear between."""

    phase: str
    metric: str
    good: float
    bad: float
    weight: float
    source: str
    status: str
    styles_not_judged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the judgement is made with."""

    model: dict[str, Number]
    timing: dict[str, Number]
    quantity_sd: dict[str, Number]
    metrics: dict[str, Metric]
    """By name, those that are means over a phase included."""
    faults: tuple[Fault, ...]
    not_judged: dict[str, tuple[str, str]]
    """By id: what is known but cannot be judged from one video, as (name, reason)."""
    scores: tuple[ScoreItem, ...]


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


@lru_cache(maxsize=1)
def _built_in() -> Catalogue:
    text = (resources.files("rowsense.assess") / "catalogue.toml").read_text(encoding="utf-8")
    return parse_catalogue(text, "built-in")


def parse_catalogue(text: str, name: str = "catalogue") -> Catalogue:
    """Build a catalogue from TOML text; raises UsageError that lists every problem."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"fault catalogue {name}: not valid TOML ({error}); mend the file") from error
    problems: list[str] = []
    root = Table(data, "", problems)
    metrics = mean_metrics()
    for table in root.tables("metric"):
        metric = _metric(table)
        if metric.name in metrics:
            problems.append(f"{table.where}: name {metric.name!r} is taken")
        metrics[metric.name] = metric
    catalogue = Catalogue(
        model=_numbers(root.table("model"), MODEL_NUMBERS, MODEL_NUMBERS),
        timing=_numbers(root.table("timing"), TIMING_PARAMETERS, TIMING_PARAMETERS),
        quantity_sd=_numbers(root.table("quantity_sd"), (), ANGLE_NAMES),
        metrics=metrics,
        faults=tuple(_fault(t, metrics) for t in root.tables("fault")),
        not_judged={t.text("id"): (t.text("name"), t.text("reason")) for t in root.tables("not_judged")},
        scores=tuple(_score(t, tuple(metrics)) for t in root.tables("score")),
    )
    root.only("version", "model", "timing", "quantity_sd", "metric", "fault", "not_judged", "score")
    _check_whole(data, catalogue, problems)
    if problems:
        raise UsageError(f"fault catalogue {name}: {'; '.join(problems)}; mend the file")
    return catalogue


def _check_whole(data: dict[str, Any], catalogue: Catalogue, problems: list[str]) -> None:
    if data.get("version") != 1:
        problems.append(f"version is {data.get('version')!r}, expected 1")
    ids = [f.id for f in catalogue.faults] + list(catalogue.not_judged)
    problems.extend(f"fault {i!r} appears twice" for i in sorted({i for i in ids if ids.count(i) > 1}))
    if not catalogue.faults:
        problems.append("no fault")
    missing = [m for m in TIMING_METRICS if m not in catalogue.metrics]
    problems.extend(f"timing metric {m!r} is missing" for m in missing)
    unscored = {m.metric for f in catalogue.faults for m in f.rules} - {s.metric for s in catalogue.scores}
    problems.extend(f"metric {m!r} has a fault but no score" for m in sorted(unscored))


def _number(table: Table) -> Number:
    table.only("value", "unit", "source", "status")
    return Number(table.number("value"), table.choice("unit", UNITS), table.text("source"), table.status())


def _numbers(table: Table, required: Sequence[str], allowed: Sequence[str]) -> dict[str, Number]:
    table.only(*allowed)
    return {key: _number(table.table(key)) for key in allowed if key in table.data or key in required}


def _metric(table: Table) -> Metric:
    table.only("name", "kind", "unit", "meaning", "quantity", "from", "to", "direction", "sd")
    kind = table.choice("kind", ("change", "timing"))
    change = kind == "change"
    name = table.text("name") if change else table.choice("name", TIMING_METRICS)
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


def _fault(table: Table, metrics: Mapping[str, Metric]) -> Fault:
    table.only("id", "name", "order", "phases", "needed_share", "cue", "is_not", "kept", "styles_not_judged", "rule")
    share = table.number("needed_share", low=0.0, high=1.0)
    order = int(table.number("order"))
    rules = tuple(_rule(t, metrics, order) for t in table.tables("rule"))
    if not rules:
        table.complain("has no rule")
    return Fault(
        id=table.text("id"),
        name=table.text("name"),
        order=order,
        phases=table.choices("phases", METRIC_PHASES),
        needed_share=share,
        cue=table.text("cue"),
        is_not=table.text("is_not"),
        kept=table.text("kept"),
        styles_not_judged=table.choices("styles_not_judged", STYLES, optional=True),
        rules=rules,
    )


def _rule(table: Table, metrics: Mapping[str, Metric], order: int) -> Rule:
    table.only(
        "metric", "direction", "limit", "unit", "source", "status", "severity_steps", "quantity", "frames",
        "worst_phase", "worst", "says", "order",
    )  # fmt: skip
    limit = table.number("limit")
    direction = table.choice("direction", ("above", "below"))
    steps = table.pair("severity_steps")
    ladder = (limit, *steps) if direction == "above" else (-limit, -steps[0], -steps[1])
    if not ladder[0] < ladder[1] < ladder[2]:
        table.complain("severity_steps must lead away from the limit")
    says = table.text("says")
    if "{value}" not in says:
        table.complain("says must contain {value}")
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
    )


def _score(table: Table, metrics: Sequence[str]) -> ScoreItem:
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
        styles_not_judged=table.choices("styles_not_judged", STYLES, optional=True),
    )
