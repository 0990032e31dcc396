"""Applies the catalogue's limits to the strokes' metrics and gathers the evidence.

A stroke shows a rule when the probability that its value is beyond the limit (normal error with the metric's sd)
is above the catalogue's ``probability``. It shows a fault when it shows any of its rules. The fault is there when
at least ``needed_share`` of the judged strokes show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, Fault, Rule
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


def margin_in_sd(value: FloatArray, sd: FloatArray, rule: Rule) -> FloatArray:
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
    value, sd = metrics.values[rule.metric], metrics.sds[rule.metric]
    margin = np.where(usable, margin_in_sd(value, sd, rule), np.nan)
    shown = margin > NormalDist().inv_cdf(probability)
    chosen = shown if shown.any() else np.isfinite(margin) | np.isinf(margin)
    return RuleVerdict(
        rule,
        margin,
        shown,
        RuleFinding(
            quantity=rule.metric,
            measured=_median(value[chosen]),
            measured_sd=_median(sd[chosen]),
            limit=rule.limit,
            unit=rule.unit,
            direction=rule.direction,
            compares=rule.compares,
        ),
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
    values = [metrics.values[r.metric][usable] for r in fault.rules]
    measured = np.any([np.isfinite(v) for v in values], axis=0)
    names = " or ".join(plain_name(r.metric) for r in fault.rules)
    if measured.sum() < 0.5 * usable.sum():
        return f"{names} could be measured in only {int(measured.sum())} of {int(usable.sum())} usable strokes"
    return f"the measurement error of {names} is not known in enough strokes"


def plain_name(metric: str) -> str:
    """A metric's name for the reader: no unit, no underscores."""
    return metric.replace("_deg", "").replace("_ratio", "").replace("_", " ").strip().removesuffix(" s")


def _median(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else float("nan")
