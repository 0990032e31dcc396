"""A dial for every fault of a simulated rower, and how far to turn it for a wanted severity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from rowsense.simulate.motion_spec import FaultDials, MotionSpec, SpineSpec

#: Halvings of a dial's way, and of the stretch around what was found when all are set once more: one dial moves what
#: another has set.
_HALVINGS: Final = 7
_HALVINGS_AGAIN: Final = 4
_AROUND: Final = (0.6, 1.5)

Severities = Callable[[MotionSpec], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Dial:
    """How one fault is laid over a motion."""

    turn: Callable[[MotionSpec, float], MotionSpec]
    """Motion and amount -> motion; 0 changes nothing, more makes the fault worse."""
    most: float
    """The largest amount; its unit is the turned quantity's."""


def _fault(name: str) -> Callable[[MotionSpec, float], MotionSpec]:
    """A dial that the simulator has."""

    def turn(motion: MotionSpec, amount: float) -> MotionSpec:
        faults: FaultDials = motion.faults
        return replace(motion, faults=replace(faults, **{name: getattr(faults, name) + amount}))

    return turn


def _spine(motion: MotionSpec, **added_deg: float) -> MotionSpec:
    spine: SpineSpec = motion.spine
    return replace(motion, spine=replace(spine, **{n: getattr(spine, n) + v for n, v in added_deg.items()}))


def _tip(motion: MotionSpec, fall_deg: float) -> MotionSpec:
    """Hips that tip back: the low back rounds, so that the trunk leans as before; of one rower more than of another."""
    pelvis, low_back = ((1.0, 1.2), (0.7, 1.1), (0.9, 1.0))[motion.seed % 3]
    return _spine(motion, tilt_catch_deg=-pelvis * fall_deg, lumbar_catch_deg=low_back * fall_deg)


def _shoulders(motion: MotionSpec, forward_m: float) -> MotionSpec:
    """Shoulders that go forward while the hips tip: the fault is both. A limit of one (25 mm) with one of the other:
    of the fall to the catch less than half lies in the last quarter of the recovery, so 3 deg there take 7."""
    fall_deg = 7.0 / 0.025 * forward_m
    tipped = _spine(motion, tilt_catch_deg=-fall_deg, lumbar_catch_deg=fall_deg)
    return _fault("shoulders_forward_m")(tipped, forward_m)


def _sit_back(motion: MotionSpec, back_deg: float) -> MotionSpec:
    """The whole pelvis further back all the time, the low back rounder, so that the trunk leans as before."""
    tilts = {f"tilt_{at}_deg": -back_deg for at in ("finish", "rock_over", "catch")}
    return _spine(motion, **tilts, **{f"lumbar_{at}_deg": 0.7 * back_deg for at in ("finish", "rock_over", "catch")})


def _hurry(motion: MotionSpec, share: float) -> MotionSpec:
    """Knees that come up before the hands are away."""
    return replace(
        motion,
        slide_start=motion.slide_start - 0.25 * min(share, 1.0),
        arms_out=motion.arms_out + 0.40 * share,
        rock_over_end=motion.rock_over_end + 0.12 * share,
    )


DIALS: Final[Mapping[str, Dial]] = {
    "knees_too_high": Dial(_fault("knees_too_high_deg"), 30.0),
    "late_lunge": Dial(_fault("late_lunge_deg"), 40.0),
    "knees_before_hands": Dial(_hurry, 1.4),
    "rushes_the_slide": Dial(_fault("rushes_slide_share"), 1.0),
    "shoots_the_slide": Dial(_fault("shoots_slide_deg"), 50.0),
    "opens_early": Dial(_fault("opens_early_deg"), 40.0),
    "early_arm_bend": Dial(_fault("early_arm_bend_deg"), 90.0),
    "sits_on_back_of_bones": Dial(_sit_back, 30.0),
    "hips_tip_back": Dial(_tip, 40.0),
    "slump_under_load": Dial(_fault("slump_under_load_deg"), 40.0),
    "excess_layback": Dial(_fault("excess_layback_deg"), 40.0),
    "head_drops": Dial(_fault("head_drop_deg"), 80.0),
    "shoulders_pulled_forward": Dial(_shoulders, 0.15),
}

#: Pairs of which a stroke cannot have both, since one undoes the other, or since both together take a pelvis or a low
#: back further than any goes.
EXCLUDED: Final = (
    frozenset({"opens_early", "shoots_the_slide"}),
    frozenset({"knees_before_hands", "rushes_the_slide"}),
    frozenset({"late_lunge", "shoulders_pulled_forward"}),
    frozenset({"slump_under_load", "hips_tip_back"}),
    frozenset({"slump_under_load", "shoulders_pulled_forward"}),
    frozenset({"sits_on_back_of_bones", "hips_tip_back"}),
    frozenset({"sits_on_back_of_bones", "shoulders_pulled_forward"}),
)


def go_together(faults: tuple[str, ...]) -> bool:
    """Whether no two of them exclude each other."""
    return not any(pair <= set(faults) for pair in EXCLUDED)


def with_faults(motion: MotionSpec, wanted: Mapping[str, float], severities: Severities) -> MotionSpec:
    """The motion with every wanted fault at its severity, as near as its dial goes.

    Args:
        motion: without faults.
        wanted: severity by fault, in limits.
        severities: what a motion really has, in limits.
    """
    amounts = dict.fromkeys(wanted, 0.0)
    for fault, level in wanted.items():
        _set(fault, level, (0.0, DIALS[fault].most), _HALVINGS, motion, amounts, severities)
    if len(wanted) > 1:
        for fault, level in wanted.items():
            around = tuple(min(share * amounts[fault], DIALS[fault].most) for share in _AROUND)
            _set(fault, level, (around[0], around[1]), _HALVINGS_AGAIN, motion, amounts, severities)
    return turned(motion, amounts)


def _set(
    fault: str,
    level: float,
    between: tuple[float, float],
    halvings: int,
    motion: MotionSpec,
    amounts: dict[str, float],
    severities: Severities,
) -> None:
    """Set the amount of one fault, the others as they are."""
    low, high = between
    for _ in range(halvings):
        amounts[fault] = 0.5 * (low + high)
        if severities(turned(motion, amounts))[fault] < level:
            low = amounts[fault]
        else:
            high = amounts[fault]


def turned(motion: MotionSpec, amounts: Mapping[str, float]) -> MotionSpec:
    """The motion with each fault's dial turned by its amount."""
    for fault, amount in amounts.items():
        motion = DIALS[fault].turn(motion, amount)
    return motion
