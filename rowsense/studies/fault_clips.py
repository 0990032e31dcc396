"""The simulated clips that the faults are tested on: bodies, rooms and cameras from a stream of their own.

Of ten clips two are clean, four have one fault and four have three. Faults and severities go round, so that every
stretch of numbers holds about as many of each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from rowsense.assess.catalogue import Catalogue
from rowsense.conventions import FACING_LEFT, FACING_RIGHT
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.motion import MotionSpec, SpineSpec, simulate_motion
from rowsense.simulate.posing import Pose, PosingSpec, posing_duration_s
from rowsense.simulate.skeleton import Skeleton
from rowsense.studies.fault_dials import DIALS, go_together, with_faults
from rowsense.studies.fault_truth import TrueRowing
from rowsense.studies.spine_clips import drawn_clip
from rowsense.studies.spine_scenes import Draw

#: Seed of the stream, none of those in ``spine_clips``, and numbers that set its draws apart.
FAULTS: Final = 197
_FILMING, _MOTION, _POSING, _ORDER = range(4)
#: Faults of ten clips in a row.
FAULTS_OF_TEN: Final = (0, 3, 1, 3, 1, 0, 1, 3, 1, 3)
#: Severities that a fault has one after the other, in limits, among others and alone; a clear one (2) is aimed at from
#: above.
GRID: Final = (2.3, 1.0, 3.0, 0.5, 2.3, 1.5, 3.0)
GRID_ALONE: Final = (2.3, 1.0, 3.0, 2.3)
#: As far as a body goes: the rearmost third of an own range is about 7 deg wide, and 30 deg more trunk lean is much.
MOST: Final = {"sits_on_back_of_bones": 2.3, "shoots_the_slide": 2.3}
#: Beside those who need it, one in so many rowers poses for a calibration.
POSING_ONE_IN: Final = 4
#: A rower without faults has none beyond this severity.
CLEAN: Final = 0.5
#: Draws before a rower without faults is found; one in three or four is one.
_TRIES: Final = 200

STROKES: Final = 6
FPS: Final = 25.0
POSING_FPS: Final = 12.5


class NoSuchMotionError(Exception):
    """No motion that a clip should show was drawn for its body."""


@dataclass(frozen=True, slots=True)
class FaultClip:
    """One clip, how its rower poses, and the faults that she was given."""

    rowing: ClipSpec
    posing: PosingSpec
    poses: bool
    """Whether she is filmed posing, so that she has a calibration."""
    wanted: Mapping[str, float]
    """Severity by fault, in limits; empty: clean."""

    @property
    def posed(self) -> ClipSpec:
        """The same rower before the same camera, posing."""
        return replace(self.rowing, name=f"{self.rowing.name}_posing", motion=self.posing)


def wanted_faults(number: int) -> dict[str, float]:
    """Which faults a clip has, and how severe."""
    round_, place = divmod(number, len(FAULTS_OF_TEN))
    count = FAULTS_OF_TEN[place]
    if not count:
        return {}
    turn = FAULTS_OF_TEN.count(count) * round_ + FAULTS_OF_TEN[:place].count(count)
    groups = len(DIALS) // count
    chosen = _groups(count, turn // groups)[turn % groups]
    return {fault: _level(fault, count, turn // groups) for fault in chosen}


def _groups(count: int, turn: int) -> list[tuple[str, ...]]:
    """All faults in groups of so many that go together, in an order of its own in every turn; what is over is left."""
    rng = np.random.default_rng([FAULTS, _ORDER, count, turn])
    while True:
        order = [tuple(DIALS)[i] for i in rng.permutation(len(DIALS))]
        groups = [tuple(order[i : i + count]) for i in range(0, len(order) - count + 1, count)]
        if all(go_together(group) for group in groups):
            return groups


def _level(fault: str, count: int, turn: int) -> float:
    """Severity of a fault: one after the other, of each fault beginning elsewhere."""
    grid = GRID_ALONE if count == 1 else GRID
    level = grid[(turn + tuple(DIALS).index(fault)) % len(grid)]
    return min(level, MOST.get(fault, level))


def scene(number: int) -> ClipSpec:
    """Body, clothes, room and camera of a clip; its motion is not the one to be rendered."""
    return filmed(FAULTS, number, f"fault_{number}")


def filmed(stream: int, number: int, name: str) -> ClipSpec:
    """A scene of any stream of clips of rowing, as a telephone films it."""
    plain = drawn_clip(stream, number, 1)
    draw = Draw(np.random.default_rng([stream, number, _FILMING]))
    return replace(
        plain,
        name=name,
        camera=replace(plain.camera, facing=draw.of(FACING_RIGHT, FACING_LEFT)),
        bit_rate_kbps=int(draw.between(1500, 4500)),
    )


def fault_clip(number: int, skeleton: Skeleton, catalogue: Catalogue) -> FaultClip:
    """The clip ``number``; ``skeleton`` is that of its scene's body, so that the dials fit it."""
    wanted, plain = wanted_faults(number), scene(number)
    posing = _posing(number)

    def severities(motion: MotionSpec) -> Mapping[str, float]:
        return TrueRowing.of(simulate_motion(motion, skeleton), posing).severities(catalogue)

    motion = with_faults(_clean_motion(number, severities), wanted, severities)
    return FaultClip(
        rowing=replace(plain, motion=motion),
        posing=posing,
        poses="sits_on_back_of_bones" in wanted or number % POSING_ONE_IN == 0,
        wanted=wanted,
    )


def _clean_motion(number: int, severities: Callable[[MotionSpec], Mapping[str, float]]) -> MotionSpec:
    """The first of the drawn motions in which no fault is beyond ``CLEAN``."""
    draw = Draw(np.random.default_rng([FAULTS, number, _MOTION]))
    for _ in range(_TRIES):
        motion = rowing_motion(draw, 1000 * FAULTS + number)
        if np.nanmax(list(severities(motion).values())) <= CLEAN:
            return motion
    raise NoSuchMotionError(f"no motion without faults was drawn for clip {number}")


def rowing_motion(draw: Draw, seed: int) -> MotionSpec:
    """How somebody without faults may row."""
    rate_spm = draw.between(22, 32)
    tilt_deg, lumbar_deg = draw.between(-4, 5), draw.between(8, 16)
    return MotionSpec(
        seed=seed,
        duration_s=(STROKES + 0.3) * 60.0 / rate_spm,
        fps=FPS,
        rate_spm=rate_spm,
        recovery_ratio=draw.between(1.1, 1.6),
        start_phase=0.88,
        knee_catch_deg=draw.between(46, 62),
        lean_catch_deg=draw.between(16, 28),
        lean_finish_deg=draw.between(-27, -12),
        elbow_finish_deg=draw.between(66, 100),
        arms_start=draw.between(0.54, 0.62),
        spine=SpineSpec(
            tilt_finish_deg=tilt_deg - draw.between(6, 14),
            tilt_rock_over_deg=tilt_deg,
            tilt_catch_deg=tilt_deg + draw.between(-1, 5),
            lumbar_finish_deg=draw.between(-2, 4),
            lumbar_rock_over_deg=lumbar_deg,
            lumbar_catch_deg=lumbar_deg + draw.between(-1, 3),
            tilt_wander_sd_deg=draw.between(2, 6),
            lumbar_answer=draw.between(-1.2, -0.4),
            lumbar_wander_sd_deg=draw.between(1, 3),
            ripple_sd_deg=draw.between(0.5, 1.5),
            neck_wander_sd_deg=draw.between(1, 4),
            protraction_wander_sd_m=0.004,
        ),
    )


def _posing(number: int) -> PosingSpec:
    """Tall, slumped, tall and hinged; how tall and how far slumped is the rower's own."""
    draw = Draw(np.random.default_rng([FAULTS, number, _POSING]))
    tall = Pose(draw.between(-4, 3), draw.between(1, 6), draw.between(4, 9))
    slump = Pose(tall.tilt_deg - draw.between(19, 25), tall.lumbar_deg + draw.between(26, 33), draw.between(22, 28))
    hinge = Pose(tall.tilt_deg + draw.between(19, 24), tall.lumbar_deg + 3.0, tall.thoracic_deg)
    spec = PosingSpec(
        seed=1000 * FAULTS + number, fps=POSING_FPS, poses={"tall": tall, "slump": slump, "hinge": hinge},
        hold_s=2.2, move_s=1.0,
    )  # fmt: skip
    return replace(spec, duration_s=posing_duration_s(spec))
