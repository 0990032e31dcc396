"""How much of each fault a simulated rower really has: the rig's own angles, judged by the rules without any error.

*Severity* counts in limits: 0 is a rower without the fault, 1 the limit, 2 twice the limit. Without the fault is where
the score is full; for a metric without a score it is 0, or, where the limit itself is 0, as far on the good side as the
first severity step is on the other. Of a rule with further conditions the least counts, of several rules the most. A
condition that 0 fulfils is there twice where the fault's own limit of the same metric is. A clip has the severity that
``needed_share`` of its strokes reach.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from rowsense.assess.catalogue import Catalogue, Fault, Rule
from rowsense.assess.definitions import Condition
from rowsense.assess.metrics import StrokeMetrics, measure
from rowsense.conventions import ANGLE_NAMES, ANGLE_SD_NAMES, PHASES
from rowsense.model import AngleRange, AngleSeries, SpineReference, Stroke, StrokeList
from rowsense.model._checks import Problems
from rowsense.simulate.motion import Motion, simulate_motion
from rowsense.simulate.posing import PosingSpec
from rowsense.strokes.phases import BodySignals, onsets

FloatArray = NDArray[np.float64]

#: Pixels of a metre: any number, since handle and seat are only held against each other.
_PX_PER_M: Final = 330.0
#: Frames a second of the posture that is only looked at once.
POSED_FPS: Final = 2.0


@dataclass(frozen=True, slots=True)
class TrueRowing:
    """What the rig did in one clip: T frames and S whole strokes."""

    time_s: FloatArray
    """(T,)"""
    angles: FloatArray
    """(T, A) ``ANGLE_NAMES``, the rig's own zero."""
    places_m: FloatArray
    """(T, 3) handle, hip and knee along the rail, + towards the flywheel."""
    marks_s: FloatArray
    """(S, 3) catch, finish, next catch."""
    borders_s: FloatArray
    """(S, 7) borders of ``PHASES``."""
    own_range_deg: FloatArray
    """(4,) tilt when she sits tall and when she slumps, lumbar flexion then, as she would pose them."""
    head_tall_deg: float
    """Her head against the trunk when she sits tall."""

    def __post_init__(self) -> None:
        problems = Problems("TrueRowing")
        count, strokes = len(self.time_s), len(self.marks_s)
        problems.shape("angles", self.angles, (count, len(ANGLE_NAMES)))
        problems.shape("places_m", self.places_m, (count, 3))
        problems.shape("marks_s", self.marks_s, (strokes, 3))
        problems.shape("borders_s", self.borders_s, (strokes, len(PHASES) + 1))
        problems.shape("own_range_deg", self.own_range_deg, (4,))
        problems.raise_if_any()

    @classmethod
    def of(cls, motion: Motion, posing: PosingSpec) -> Self:
        """A motion, and how its rower would pose."""
        events, joints = motion.events, motion.joints
        tall, slump = posing.poses["tall"], posing.poses["slump"]
        held = replace(posing, order=("tall",), duration_s=posing.hold_s, fps=POSED_FPS, sway_sd_deg=0.0)
        return cls(
            time_s=motion.time_s,
            angles=np.stack([motion.angles[name] for name in ANGLE_NAMES], axis=1),
            places_m=np.stack([getattr(joints, name)[:, 0] for name in ("handle", "hip", "knee")], axis=1),
            marks_s=np.stack([events.stroke_catch_s, events.stroke_finish_s, events.stroke_end_s], axis=1),
            borders_s=events.borders_s,
            own_range_deg=np.array([tall.tilt_deg, slump.tilt_deg, tall.lumbar_deg, slump.lumbar_deg]),
            head_tall_deg=float(simulate_motion(held, motion.skeleton).angles["head_trunk_deg"][0]),
        )

    def series(self) -> AngleSeries:
        """What a measurement without error would give, the head from her own tall posture."""
        count = len(self.time_s)
        values = dict(zip(ANGLE_NAMES, self.angles.T.copy(), strict=True))
        values["head_trunk_deg"] -= self.head_tall_deg
        values |= {name: np.zeros(count) for name in ANGLE_SD_NAMES}
        handle, seat, knee = self.places_m.T * _PX_PER_M
        return AngleSeries(
            self.time_s,
            values,
            handle,
            seat,
            np.ones(count),
            shoulders_x_px=np.stack([handle, handle]),  # what they stand for early in the drive
            handle_past_knee_px=handle - knee,
        )

    def strokes(self) -> StrokeList:
        """Her strokes with exact events; onsets are read from the frames."""
        angle = dict(zip(ANGLE_NAMES, self.angles.T, strict=True))
        body = BodySignals(self.time_s, angle["trunk_lean_deg"], angle["knee_deg"], angle["elbow_deg"])
        return StrokeList(
            tuple(
                Stroke(
                    index=number,
                    catch_time_s=catch_s,
                    finish_time_s=finish_s,
                    end_time_s=end_s,
                    phase_borders_s=tuple(borders),
                    catch_frame=int(np.searchsorted(self.time_s, catch_s)),
                    onsets_s=onsets(body, catch_s, finish_s, end_s),
                )
                for number, ((catch_s, finish_s, end_s), borders) in enumerate(
                    zip(self.marks_s.tolist(), self.borders_s.tolist(), strict=True)
                )
            )
        )

    def reference(self) -> SpineReference:
        """Her own zero and range, known exactly; angles stay as the rig has them."""
        tilt_tall, tilt_slump, lumbar_tall, lumbar_slump = self.own_range_deg.tolist()
        return SpineReference(
            kind="calibration",
            pelvic_tilt_offset_sd_deg=0.0,
            lumbar_flexion_offset_sd_deg=0.0,
            pelvic_tilt_range=AngleRange(tilt_tall, 0.0, tilt_slump, 0.0),
            lumbar_flexion_range=AngleRange(lumbar_tall, 0.0, lumbar_slump, 0.0),
            source="the rig",
            head_zero_sd_deg=0.0,
        )

    def severities(self, catalogue: Catalogue) -> dict[str, float]:
        """In limits, by fault; NaN where a fault cannot be told."""
        metrics = measure(self.series(), self.strokes(), catalogue, self.reference())
        return {fault.id: severity(fault, metrics, catalogue) for fault in catalogue.faults}


def severity(fault: Fault, metrics: StrokeMetrics, catalogue: Catalogue) -> float:
    """Of one fault, over all strokes."""
    rules = np.stack([_rule_severity(rule, fault, metrics, catalogue) for rule in fault.rules])
    known = rules[:, np.isfinite(rules).any(axis=0)]
    if known.shape[1] < max(1.0, fault.needed_share * rules.shape[1]):
        return math.nan
    strokes = np.sort(np.nanmax(known, axis=0))[::-1]
    return float(strokes[min(math.ceil(fault.needed_share * rules.shape[1]), len(strokes)) - 1])


def _rule_severity(rule: Rule, fault: Fault, metrics: StrokeMetrics, catalogue: Catalogue) -> FloatArray:
    """(S,)"""
    parts = [_in_limits(rule, _without(rule, catalogue), metrics)]
    parts += [_in_limits(condition, _without_condition(condition, fault), metrics) for condition in rule.also]
    return np.asarray(np.min(parts, axis=0))


def _in_limits(rule: Rule | Condition, without: float, metrics: StrokeMetrics) -> FloatArray:
    return np.asarray((metrics.values[rule.metric] - without) / (rule.limit - without))


def _without_condition(condition: Condition, fault: Fault) -> float:
    """The value that is 0 limits: 0, or, where that is beyond the limit, as far before it as the fault's own limit of
    the same metric is beyond it."""
    if condition.sign * condition.limit >= 0.0:
        return 0.0
    own = next((rule.limit for rule in fault.rules if rule.metric == condition.metric), 0.0)
    return 2.0 * condition.limit - own


def _without(rule: Rule, catalogue: Catalogue) -> float:
    """The metric's value without the fault."""
    scored = next((item.good for item in catalogue.scores if item.metric == rule.metric), None)
    if scored is not None and scored != rule.limit:
        return scored
    return 0.0 if rule.limit else -rule.severity_steps[0]
