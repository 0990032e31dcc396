"""What a fault catalogue holds: metrics, faults with their rules, levels, styles and score limits.

Imports no kernel, so the web may load it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from rowsense.conventions import METRIC_PHASES

#: The catch that ends the stroke, where the recovery leads to. ``catch`` is the one that starts it.
NEXT_CATCH: Final = "next_catch"
#: Rock-over as a moment: its phase, widened to an event window where it is shorter or empty, as it is for a rower
#: whose knees come up while the trunk is still behind upright.
ROCKED_OVER: Final = "rocked_over"
WINDOWS: Final[tuple[str, ...]] = (*METRIC_PHASES, NEXT_CATCH, ROCKED_OVER)

#: Standard deviation of one event in time. [D] Catches are off by 8 ms on average on simulated rowers
#: (rowsense/strokes/events.py), which is 10 ms for a normal error; finishes by less.
EVENT_SD_S: Final = 0.010

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
    "shoulder_growth_late_recovery_ratio",
    "pelvic_tilt_fall_late_recovery_deg",
    "knees_before_hands_s",
)

#: Those of them whose error is worked out from what was measured.
TIMED_BY_ERROR: Final = ("pelvis_gives_way_s", "pelvis_gives_way_fall_deg", "pelvic_tilt_fall_late_recovery_deg")

#: Stroke metrics that need the rower's calibration or her own easy strokes (:mod:`rowsense.assess.own_metrics`).
OWN_METRICS: Final[tuple[str, ...]] = (
    "pelvis_in_last_third_deg",
    "head_from_own_tall_deg",
    "drive_under_easy_percent",
    "tilt_back_from_easy_deg",
)
OWN_NUMBERS: Final[tuple[str, ...]] = ("rearmost_ratio", "equal_rate_spm", "easy_share_ratio", "hard_ratio")

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
    "shoulder_share_ratio",
    "together_s",
)
MODEL_NUMBERS: Final[tuple[str, ...]] = ("probability", "error_correlation", "independent_sample_s")

UNITS: Final = ("deg", "s", "ratio", "spm", "percent")
#: Times of a stroke whose spread may be shown, beside the metrics.
SPREAD_TIMES: Final = ("drive_s", "seat_catch_lag_s")
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
    """``mean``: quantity over window ``to``; ``change``: ``to`` against ``origin``; ``timing`` and ``own``: by
    its name."""
    unit: str
    meaning: str
    quantity: str = ""
    origin: str = ""
    to: str = ""
    direction: str = "rise"
    """``rise``: ``to`` - ``origin``; ``fall``: ``origin`` - ``to``."""
    sd: Number | None = None
    sd_ratio: Number | None = None
    """Of a change: its measured error over that of two windows that err apart; None: as if they did."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A further metric that must be beyond its limit in the same stroke."""

    metric: str
    direction: str
    limit: float
    unit: str
    source: str
    status: str

    @property
    def sign(self) -> float:
        """+1 where more is the fault, -1 where less is."""
        return 1.0 if self.direction == "above" else -1.0


@dataclass(frozen=True, slots=True)
class LevelLimit:
    """Another limit of a rule for one level of rower."""

    limit: float
    severity_steps: tuple[float, float]
    source: str
    status: str


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
    also: tuple[Condition, ...] = ()
    """All of them must hold in a stroke that shows the rule."""
    levels: Mapping[str, LevelLimit] = field(default_factory=dict)
    """Level -> its own limit; the rule's own one holds at any other level."""
    probability: Number | None = None
    """With which a stroke must be beyond the limits to show the rule; None: the catalogue's ``probability``."""
    weaker: bool = False
    """Told, and asked for severity, only where no other rule carries the fault."""

    @property
    def sign(self) -> float:
        """+1 where more is the fault, -1 where less is."""
        return 1.0 if self.direction == "above" else -1.0

    @property
    def conditions(self) -> tuple[Rule | Condition, ...]:
        """Everything that must hold in a stroke that shows it, itself first."""
        return (self, *self.also)

    def at_level(self, level: str) -> Rule:
        """The rule with the limit of this level."""
        own = self.levels.get(level)
        if own is None:
            return self
        return replace(
            self,
            limit=own.limit,
            severity_steps=own.severity_steps,
            source=own.source,
            status=own.status,
            probability=None,  # it was settled for the rule's own limit
        )


@dataclass(frozen=True, slots=True)
class Words:
    """What is said about a fault, whether it can be judged or not."""

    cue: str
    """The one thing to try."""
    is_not: str
    """What it must not be taken for."""
    self_test: str
    """One change, ten strokes, another film."""
    drill: str
    """An exercise for the days after."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: shown by a stroke where any of its rules is."""

    id: str
    name: str
    order: int
    phases: tuple[str, ...]
    needed_share: float
    words: Words
    kept: str
    """What the rower does where the fault is absent."""
    styles_not_judged: tuple[str, ...]
    levels_not_judged: tuple[str, ...]
    rules: tuple[Rule, ...]
    unseen: str = ""
    """Why its measurement cannot be trusted, so that it is never judged; its metrics are measured all the same."""
    untimed: str = ""
    """Why it is not told when it begins, so that it is not among what may move before the hips."""

    def at_level(self, level: str) -> Fault:
        """The fault with the limits of this level."""
        return replace(self, rules=tuple(rule.at_level(level) for rule in self.rules))

    def not_judged_in(self, style: str, level: str) -> str:
        """Why it is not judged in a style and at a level; empty where it is."""
        if self.unseen:
            return self.unseen
        if style in self.styles_not_judged:
            return f"not judged in the {style} style"
        return f"not judged at the {level} level" if level in self.levels_not_judged else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A value of this recording that is shown beside a fault that is not judged."""

    kind: str
    """``median`` of a metric over the strokes, or the rower's own ``spread`` of a quantity from stroke to stroke."""
    metric: str
    unit: str
    says: str


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A known fault that is never judged, with the reason."""

    id: str
    name: str
    measured: str
    """What would show it."""
    reason: str
    words: Words
    shows: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A style of rowing or a level of rower that a catalogue knows."""

    id: str
    meaning: str


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

    model: Mapping[str, Number]
    timing: Mapping[str, Number]
    own: Mapping[str, Number]
    quantity_sd: Mapping[str, Number]
    metrics: Mapping[str, Metric]
    """By name, those that are means over a phase included."""
    styles: tuple[Kind, ...]
    levels: tuple[Kind, ...]
    style: str
    """The chosen one."""
    level: str
    """The chosen one; the rules have its limits."""
    faults: tuple[Fault, ...]
    not_judged: Mapping[str, Unjudged]
    """By id: what is known but cannot be judged."""
    scores: tuple[ScoreItem, ...]

    @property
    def told(self) -> tuple[Fault | Unjudged, ...]:
        """Every fault in the order in which they are told, those that are not judged at the end."""
        return (*sorted(self.faults, key=lambda fault: fault.order), *self.not_judged.values())
