"""Applies the catalogue's limits to the strokes' metrics and gathers the evidence.

A stroke shows a rule when the probability that its value is beyond the limit (normal error with the metric's sd)
is above the rule's own ``probability``, or else the catalogue's; where a rule has further conditions, all of them must
be. Of a metric that is held against another occasion or against other strokes the mean must be clear as well. A stroke
shows a fault when it shows any of its rules. The fault is there when at least ``needed_share`` of the usable strokes
show it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, Fault, Rule
from rowsense.assess.definitions import Condition
from rowsense.assess.metrics import StrokeMetrics
from rowsense.assess.verdicts import FEWEST_OF_MANY, Verdicts, clear_table, judge_sessions, rule_plan
from rowsense.model import RuleFinding
from rowsense.texts.measures import plain_name

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """One rule over all strokes."""

    rule: Rule
    margin: FloatArray
    """(S,) distance beyond the limit in standard deviations; NaN where it cannot be judged or is not usable."""
    shown: BoolArray
    """(S,) beyond the limit with enough probability."""
    finding: RuleFinding
    also: tuple[RuleFinding, ...] = ()
    """The further conditions of the rule, over the same strokes."""
    alone: bool = True
    """Whether a stroke by itself decides: no further condition, and no mean that must be clear."""


@dataclass(frozen=True, slots=True)
class FaultVerdict:
    """A fault over all strokes: absent, present, or not judged with the reason."""

    fault: Fault
    rules: tuple[RuleVerdict, ...]
    """Those that carry the fault; all judged ones where it is absent."""
    judged: BoolArray
    shown: BoolArray
    present: bool
    severity: int
    reason: str = ""
    """Why it could not be judged; empty where it was."""

    @property
    def order(self) -> int:
        """Place in the feedback order: the earliest of the rules that carry the fault."""
        return min(v.rule.order for v in self.rules)


def margin_in_sd(value: FloatArray, sd: FloatArray, rule: Rule | Condition) -> FloatArray:
    """How far beyond the limit, in standard deviations; infinite for an sd of 0; NaN where either is unknown."""
    beyond = rule.sign * (value - rule.limit)
    out = np.full(beyond.shape, np.nan)
    known = np.isfinite(beyond) & np.isfinite(sd)
    exact = known & (sd == 0.0)
    out[exact] = np.where(beyond[exact] > 0.0, np.inf, -np.inf)
    usual = known & (sd > 0.0)
    out[usual] = beyond[usual] / sd[usual]
    return out


def judge_faults(metrics: StrokeMetrics, usable: BoolArray, catalogue: Catalogue) -> list[FaultVerdict]:
    """Hold every fault of the catalogue against all strokes, in the catalogue's order."""
    plan = rule_plan(catalogue)
    if not plan.faults:
        return [_left_out(fault, usable, catalogue) for fault in catalogue.faults]
    found = judge_sessions(
        np.stack([metrics.values[name] for name in plan.metrics]),
        np.stack([metrics.sds[name] for name in plan.metrics]),
        usable,
        np.array([0, len(usable)]),
        clear_table(metrics.clear, plan)[None],
        plan,
    )
    by_id = {fault.id: _verdict(found, f, metrics, usable) for f, fault in enumerate(plan.faults)}
    return [by_id.get(fault.id) or _left_out(fault, usable, catalogue) for fault in catalogue.faults]


def _left_out(fault: Fault, usable: BoolArray, catalogue: Catalogue) -> FaultVerdict:
    nothing = np.zeros(usable.shape, dtype=np.bool_)
    return FaultVerdict(fault, (), nothing, nothing, False, 1, fault.not_judged_in(catalogue.style, catalogue.level))


def _verdict(found: Verdicts, f: int, metrics: StrokeMetrics, usable: BoolArray) -> FaultVerdict:
    """Fault ``f`` of the plan in the only session of ``found``."""
    fault = found.plan.faults[f]
    mine = range(found.plan.fault_first[f], found.plan.fault_first[f + 1])
    judged: BoolArray = np.any(found.judged[mine], axis=0)
    shown: BoolArray = np.any(found.shown[mine], axis=0)
    if not found.judgeable[0, f]:
        nothing = np.zeros_like(shown)
        return FaultVerdict(fault, (), judged, nothing, False, 1, _why_not(fault, metrics, judged, usable))
    present = bool(found.present[0, f])
    told = [r for r in mine if (found.carries[0, r] if present else found.judged[r].any())]
    rules = tuple(_rule_verdict(found.plan.rules[r], found.shown[r], found.judged[r], metrics) for r in told)
    return FaultVerdict(fault, rules, judged, shown, present, max(1, int(found.severity[0, f])))


def _rule_verdict(rule: Rule, shown: BoolArray, judged: BoolArray, metrics: StrokeMetrics) -> RuleVerdict:
    margin = np.where(judged, margin_in_sd(metrics.values[rule.metric], metrics.sds[rule.metric], rule), np.nan)
    chosen = shown if shown.any() else judged
    return RuleVerdict(
        rule,
        margin,
        shown,
        _finding(rule, metrics, chosen, rule.compares),
        tuple(_finding(condition, metrics, chosen) for condition in rule.also),
        alone=not rule.also and rule.metric not in metrics.clear,
    )


def _finding(rule: Rule | Condition, metrics: StrokeMetrics, chosen: BoolArray, compares: str = "") -> RuleFinding:
    return RuleFinding(
        quantity=rule.metric,
        measured=_median(metrics.values[rule.metric][chosen]),
        measured_sd=_median(metrics.sds[rule.metric][chosen]),
        limit=rule.limit,
        unit=rule.unit,
        direction=rule.direction,
        compares=compares,
    )


def _why_not(fault: Fault, metrics: StrokeMetrics, judged: BoolArray, usable: BoolArray) -> str:
    if not usable.any():
        return "no usable stroke"
    if usable.sum() < FEWEST_OF_MANY and 2 * usable.sum() < len(usable):
        return f"only {int(usable.sum())} of {len(usable)} strokes could be used"
    reasons = [metrics.reasons.get(r.metric, "") for r in fault.rules]
    if all(reasons):
        return "; ".join(dict.fromkeys(reasons))
    measured = np.any([_measured(r, metrics)[usable] for r in fault.rules], axis=0)
    strong = [r for r in fault.rules if not r.weaker] or fault.rules
    names = " or ".join(" and ".join(plain_name(c.metric) for c in r.conditions) for r in strong)
    if measured.sum() < 0.5 * usable.sum():
        return f"{names} could be measured in only {int(measured.sum())} of {int(usable.sum())} usable strokes"
    return f"the measurement error of {names} is not known in enough strokes"


def _measured(rule: Rule, metrics: StrokeMetrics) -> BoolArray:
    """(S,) where everything that the rule looks at was measured."""
    return np.all([np.isfinite(metrics.values[c.metric]) for c in rule.conditions], axis=0)


def _median(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else float("nan")
