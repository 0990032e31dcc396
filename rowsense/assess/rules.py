"""Applies the catalogue's limits to the strokes' metrics and gathers the evidence.

A stroke shows a rule when the probability that its value is beyond the limit (normal error with the metric's sd)
is above the catalogue's ``probability``; where a rule has further conditions, all of them must be. Of a metric that is
held against another occasion or against other strokes the mean must be clear as well. A stroke shows a fault when it
shows any of its rules. The fault is there when at least ``needed_share`` of the usable strokes show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, Fault, Rule
from rowsense.assess.definitions import Condition
from rowsense.assess.metrics import StrokeMetrics
from rowsense.model import RuleFinding

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


def judge_rule(rule: Rule, metrics: StrokeMetrics, usable: BoolArray, probability: float) -> RuleVerdict:
    """Hold one rule against every usable stroke."""
    sure = NormalDist().inv_cdf(probability)
    margin = _margin(rule, metrics, usable)
    shown = _unless_unclear(margin > sure, usable, rule, metrics)
    for condition in rule.also:
        further = _margin(condition, metrics, usable)
        shown = _unless_unclear(shown & (further > sure), shown, condition, metrics)
        margin = np.where(np.isnan(further), np.nan, margin)
    chosen = shown if shown.any() else ~np.isnan(margin)
    return RuleVerdict(
        rule,
        margin,
        shown,
        _finding(rule, metrics, chosen, rule.compares),
        tuple(_finding(condition, metrics, chosen) for condition in rule.also),
        alone=not rule.also and rule.metric not in metrics.clear,
    )


def _margin(rule: Rule | Condition, metrics: StrokeMetrics, usable: BoolArray) -> FloatArray:
    return np.where(usable, margin_in_sd(metrics.values[rule.metric], metrics.sds[rule.metric], rule), np.nan)


def _unless_unclear(shown: BoolArray, among: BoolArray, rule: Rule | Condition, metrics: StrokeMetrics) -> BoolArray:
    """``shown``; nothing where the mean of the measured strokes ``among`` is not clearly beyond 0, where it must be."""
    clear = metrics.clear.get(rule.metric)
    if clear is None:
        return shown
    value = metrics.values[rule.metric]
    chosen = among & np.isfinite(value)
    if chosen.any() and rule.sign * float(value[chosen].mean()) > clear.of(int(chosen.sum())):
        return shown
    return np.zeros_like(shown)


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


def judge_fault(fault: Fault, metrics: StrokeMetrics, usable: BoolArray, catalogue: Catalogue) -> FaultVerdict:
    """Hold one fault of the catalogue against all strokes."""
    nothing = np.zeros(usable.shape, dtype=np.bool_)
    reason = fault.not_judged_in(catalogue.style, catalogue.level)
    if reason:
        return FaultVerdict(fault, (), nothing, nothing, False, 1, reason)
    probability = catalogue.model["probability"].value
    verdicts = [judge_rule(rule, metrics, usable, probability) for rule in fault.rules]
    judged = np.any([~np.isnan(v.margin) for v in verdicts], axis=0) & usable
    shown = np.any([v.shown for v in verdicts], axis=0)
    if judged.sum() == 0 or judged.sum() < 0.5 * usable.sum():
        return FaultVerdict(fault, (), judged, nothing, False, 1, _why_not(fault, metrics, judged, usable))
    present = bool(shown.sum() > 0 and shown.sum() >= fault.needed_share * usable.sum())
    carrying = [v for v in verdicts if not np.isnan(v.margin).all()]
    if present:
        carrying = _carrying(carrying, fault.needed_share * usable.sum())
    severity = max(_severity(v) for v in carrying)
    return FaultVerdict(fault, tuple(carrying), judged, shown, present, severity)


def _carrying(verdicts: list[RuleVerdict], needed: float) -> list[RuleVerdict]:
    """The rules that reach the needed share by themselves, else those that most strokes show."""
    enough = [v for v in verdicts if v.shown.sum() >= needed]
    most = max(int(v.shown.sum()) for v in verdicts)
    return enough or [v for v in verdicts if v.shown.sum() == most]


def _severity(verdict: RuleVerdict) -> int:
    rule, measured = verdict.rule, verdict.finding.measured
    return 1 + sum(bool(rule.sign * (measured - step) > 0.0) for step in rule.severity_steps)


def _why_not(fault: Fault, metrics: StrokeMetrics, judged: BoolArray, usable: BoolArray) -> str:
    if not usable.any():
        return "no usable stroke"
    reasons = [metrics.reasons.get(r.metric, "") for r in fault.rules]
    if all(reasons):
        return "; ".join(dict.fromkeys(reasons))
    measured = np.any([_measured(r, metrics)[usable] for r in fault.rules], axis=0)
    names = " or ".join(" and ".join(plain_name(c.metric) for c in r.conditions) for r in fault.rules)
    if measured.sum() < 0.5 * usable.sum():
        return f"{names} could be measured in only {int(measured.sum())} of {int(usable.sum())} usable strokes"
    return f"the measurement error of {names} is not known in enough strokes"


def _measured(rule: Rule, metrics: StrokeMetrics) -> BoolArray:
    """(S,) where everything that the rule looks at was measured."""
    return np.all([np.isfinite(metrics.values[c.metric]) for c in rule.conditions], axis=0)


def plain_name(metric: str) -> str:
    """A metric's name for the reader: no unit, no underscores."""
    for unit in ("_deg", "_ratio", "_percent"):
        metric = metric.replace(unit, "")
    return metric.replace("_", " ").strip().removesuffix(" s")


def _median(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else float("nan")
