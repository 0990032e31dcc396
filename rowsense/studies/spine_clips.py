"""The simulated clips that the spine estimate is fitted on and tested on: everything about them is drawn.

Every clip is another body in other clothes, light and room before another camera, and pelvis, low back and upper
back move on their own: three levels for tilt and for lumbar flexion are drawn apart from each other and from the
stroke, so that nothing can be learnt from the pose alone that is not in the back. Training and test clips are drawn
alike from streams of their own; the sample videos are never drawn here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from rowsense.simulate.body import BodySpec
from rowsense.simulate.camera import CameraSpec
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.dress import LookSpec
from rowsense.simulate.motion_spec import MotionSpec, SpineSpec
from rowsense.simulate.posing import Pose, PosingSpec
from rowsense.simulate.room import RoomSpec
from rowsense.simulate.solids import Colour
from rowsense.studies.spine_scenes import Draw, drawn_light, drawn_look, drawn_room, drawn_sensor

#: Seeds of the streams, the last one for pictures that must be refused: no body, room or camera is in two of them.
TRAINING: Final = 71
TEST: Final = 113
NEGATIVE: Final = 151

#: One clip in so many is filmed badly: dim, against the light, with things behind the back, by a poor camera.
HARD_ONE_IN: Final = 4

#: Plain clips from this number on may lean back as far as a real rower was seen to (42 deg as the pose model has it).
DEEP_LAYBACK_FROM: Final = 75

#: Strokes and moments of each in the clips that repeat themselves, and where their numbers begin in the test stream.
REPEATS: Final = 10
MOMENTS: Final = 9
FIRST_REPEATING: Final = 1000

#: Postures of a rower who does not row, and a number that sets her draws apart.
POSES: Final = 6
POSING_SEED: Final = 900_000

#: Frames of a test clip.
FRAMES_PER_CLIP: Final = 30

#: Seconds between the frames of a clip: long, so that 30 frames show 15 to 30 different strokes.
FRAME_STEP_S: Final = 1.63


def drawn_clip(stream: int, number: int, frame_count: int) -> ClipSpec:
    """The simulated clip ``number`` of a stream, ``frame_count`` frames in as many strokes as they reach."""
    draw = Draw(np.random.default_rng([stream, number]))
    hard = draw.one_in(HARD_ONE_IN)
    return ClipSpec(
        name=f"{'test' if stream == TEST else 'training'}_{number}",
        motion=_motion(draw, 1000 * stream + number, frame_count),
        body=BodySpec(
            gender=draw.between(0, 1), age=draw.between(0.45, 0.85), muscle=draw.between(0.3, 0.95),
            weight=draw.between(0.25, 0.75), height=draw.between(0.2, 0.8), proportions=draw.between(0.25, 0.9),
            scale=draw.between(0.92, 1.12),
        ),
        look=drawn_look(draw),
        camera=CameraSpec(
            distance_m=draw.between(3.2, 7.0), height_m=draw.between(0.4, 1.2),
            yaw_deg=draw.between(-20, 20) if draw.one_in(2) else draw.about(0, 4), roll_deg=draw.about(0, 1.5),
            span_m=draw.between(3.5, 4.2), distortion_k1=draw.between(-0.12, 0.04) if draw.one_in(2) else 0.0,
        ),
        room=drawn_room(draw, hard),
        frame_colour=draw.colour(0.1, 0.8),
        width_px=960,
        height_px=540,
        noise_sd=draw.between(0.5, 4.0 if hard else 2.0),
        light=drawn_light(draw, hard),
        sensor=drawn_sensor(draw, hard),
    )  # fmt: skip


def _motion(draw: Draw, seed: int, frame_count: int) -> MotionSpec:
    return MotionSpec(
        seed=seed,
        duration_s=frame_count * FRAME_STEP_S,
        fps=1.0 / FRAME_STEP_S,
        rate_spm=draw.between(17, 36),
        knee_catch_deg=draw.between(42, 64),
        lean_catch_deg=draw.between(14, 34),
        lean_finish_deg=draw.between(-46, -10),
        elbow_finish_deg=draw.between(66, 108),
        spine=SpineSpec(
            tilt_finish_deg=draw.between(-32, -6),
            tilt_rock_over_deg=draw.between(-22, 8),
            tilt_catch_deg=draw.between(-26, 12),
            lumbar_finish_deg=draw.between(-4, 28),
            lumbar_rock_over_deg=draw.between(-2, 32),
            lumbar_catch_deg=draw.between(0, 44),
            tilt_wander_sd_deg=draw.between(5, 11),
            lumbar_answer=draw.between(-1.3, 0.3),
            lumbar_wander_sd_deg=draw.between(3, 9),
            ripple_sd_deg=draw.between(1, 5),
        ),
    )


def repeating_clip(number: int) -> ClipSpec:
    """A test clip whose spine goes the same way in each of ``REPEATS`` strokes, while legs and trunk vary a little.

    Its frames come at ``MOMENTS`` moments of the stroke in turn, so that frame ``i`` shows moment ``i % MOMENTS``.
    """
    plain = drawn_clip(TEST, FIRST_REPEATING + number, 1)
    period_s = 60.0 / plain.motion.rate_spm
    step_s = period_s * (1.0 + 1.0 / MOMENTS)
    same = replace(plain.motion.spine, tilt_wander_sd_deg=0.0, lumbar_wander_sd_deg=0.0, ripple_sd_deg=0.0)
    motion = replace(
        plain.motion, spine=same, timing_sd_ratio=0.0, fps=1.0 / step_s, duration_s=REPEATS * MOMENTS * step_s
    )
    return replace(plain, name=f"repeating_{number}", motion=motion)


def posing_clip(rower: ClipSpec, number: int) -> ClipSpec:
    """The rower of another clip, who does not row but sits in ``POSES`` postures: upright, slumped, leaning, by chance.

    One frame of each. A rower calibrates herself by posing, and her zero must be the same then as when she rows.
    """
    draw = Draw(np.random.default_rng([TRAINING, POSING_SEED, number]))
    names = tuple(f"posture {i}" for i in range(POSES))
    motion = PosingSpec(
        seed=number,
        order=names,
        poses={name: _pose(draw) for name in names},
        knee_deg=draw.between(85, 165),
        elbow_deg=draw.between(90, 170),
    )
    period_s = motion.hold_s + motion.move_s
    motion = replace(motion, fps=1.0 / period_s, duration_s=POSES * period_s)
    return replace(rower, name=f"{rower.name}_posing", motion=motion)


def _pose(draw: Draw) -> Pose:
    """Pelvis and low back apart from each other, while the trunk leans neither far back nor far forward."""
    while True:
        tilt_deg, lumbar_deg = draw.between(-34, 24), draw.between(-8, 44)
        if -24.0 < tilt_deg + 0.6 * lumbar_deg < 26.0:
            return Pose(tilt_deg, lumbar_deg, draw.between(-2, 38))


def plain_clip(number: int, frame_count: int) -> ClipSpec:
    """The simulated training clip ``number`` of another kind: in plain light, cloth and room, before a plain camera."""
    rng = np.random.default_rng([TRAINING, number])
    uniform = Draw(rng).between

    def colour(low: float = 0.05, high: float = 0.92) -> Colour:
        return (uniform(low, high), uniform(low, high), uniform(low, high))

    tone = uniform(0.35, 1.0)
    return ClipSpec(
        name=f"plain_{number}",
        motion=_plain_motion(uniform, number, frame_count),
        body=BodySpec(
            gender=uniform(0, 1), age=uniform(0.45, 0.8), muscle=uniform(0.4, 0.9), weight=uniform(0.3, 0.7),
            height=uniform(0.3, 0.75), proportions=uniform(0.3, 0.85), scale=uniform(1.0, 1.12),
        ),
        look=LookSpec(
            skin=(0.92 * tone, 0.72 * tone, 0.60 * tone), top=colour(), bottom=colour(), shoes=colour(),
            hair=colour(0.03, 0.5), sleeve=uniform(0, 0.9), leg=uniform(0.4, 1.3), loose_m=uniform(0.0, 0.018),
            hair_style=str(rng.choice(["short", "bun", "cap"])),
        ),
        camera=CameraSpec(
            distance_m=uniform(3.8, 6.5), height_m=uniform(0.4, 1.0), yaw_deg=float(rng.normal(0, 4)),
            roll_deg=float(rng.normal(0, 1)), span_m=uniform(3.2, 3.8),
        ),
        room=RoomSpec(
            wall=colour(0.25, 0.95), floor=colour(0.2, 0.8), window_x_m=uniform(-1.6, 1.0),
            door_x_m=uniform(-1.6, 1.6) if rng.random() < 0.4 else None, poster_x_m=uniform(-1.5, 1.5),
            poster=colour(), stripe=colour() if rng.random() < 0.4 else None, planks=bool(rng.random() < 0.5),
            seed=int(rng.integers(1000)),
        ),
        frame_colour=colour(0.1, 0.8),
        width_px=960,
        height_px=540,
    )  # fmt: skip


def _plain_motion(uniform: Callable[[float, float], float], number: int, frame_count: int) -> MotionSpec:
    return MotionSpec(
        seed=900_000 + number,
        duration_s=frame_count * FRAME_STEP_S,
        fps=1.0 / FRAME_STEP_S,
        rate_spm=uniform(18, 32),
        knee_catch_deg=uniform(42, 62),
        lean_catch_deg=uniform(15, 32),
        lean_finish_deg=uniform(-34 if number < DEEP_LAYBACK_FROM else -50, -12),
        elbow_finish_deg=uniform(68, 105),
        spine=SpineSpec(
            tilt_finish_deg=uniform(-30, -6),
            tilt_rock_over_deg=uniform(-20, 8),
            tilt_catch_deg=uniform(-24, 12),
            lumbar_finish_deg=uniform(-4, 26),
            lumbar_rock_over_deg=uniform(-2, 30),
            lumbar_catch_deg=uniform(2, 42),
            tilt_wander_sd_deg=uniform(5, 11),
            lumbar_answer=uniform(-1.3, 0.3),
            lumbar_wander_sd_deg=uniform(3, 9),
            ripple_sd_deg=uniform(1, 5),
        ),
    )


def is_hard(spec: ClipSpec) -> bool:
    """Whether a drawn clip is one of those filmed badly."""
    return spec.sensor.detail_ratio < 1.0
