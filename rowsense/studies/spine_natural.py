"""Rowers whose back goes with the stroke as real ones' do, and every fault in it; the rest of a clip has variety.

In the other clips pelvis and low back are drawn apart from the stroke. Here the trunk leans as before when the hips
tip, because the low back answers, and the upper back is hardly ever at an end of its range: what differs between a good
stroke and one with a fault is in the low back alone, and that is what has to be seen. How much of everything is drawn
for each rower, apart from legs and arms, so that nothing of it can be told from the pose.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from rowsense.simulate.clip_spec import ClipSpec
from rowsense.simulate.motion_spec import FaultDials, MotionSpec, SpineSpec
from rowsense.studies.spine_scenes import Draw
from rowsense.studies.spine_variety import varied_clip

#: Sets these draws apart from a clip's others.
NATURAL: Final = 17


def natural_clip(stream: int, number: int, frame_count: int) -> ClipSpec:
    """``varied_clip`` with another motion."""
    varied = varied_clip(stream, number, frame_count)
    assert isinstance(varied.motion, MotionSpec)
    draw = Draw(np.random.default_rng([stream, number, NATURAL]))
    return replace(varied, motion=_motion(draw, varied.motion))


def _motion(draw: Draw, motion: MotionSpec) -> MotionSpec:
    return replace(
        motion,
        recovery_ratio=draw.between(1.0, 1.7),
        knee_catch_deg=draw.between(44, 66),
        lean_catch_deg=draw.between(14, 32),
        lean_finish_deg=draw.between(-34, -10),
        arms_start=draw.between(0.48, 0.64),
        rock_over_end=draw.between(0.3, 0.5),
        slide_start=draw.between(0.16, 0.34),
        spine=_spine(draw, motion.spine),
        faults=_faults(draw),
    )


def _spine(draw: Draw, varied: SpineSpec) -> SpineSpec:
    """The pelvis falls on the way to the catch or comes on over, and the low back answers with most of it or more."""
    tilt_deg, lumbar_deg = draw.between(-14, 8), draw.between(2, 24)
    fall_deg = draw.between(0, 26) if draw.one_in(2) else draw.between(-6, 4)
    return SpineSpec(
        tilt_finish_deg=tilt_deg - draw.between(2, 20),
        tilt_rock_over_deg=tilt_deg,
        tilt_catch_deg=tilt_deg - fall_deg,
        lumbar_finish_deg=lumbar_deg - draw.between(-2, 18),
        lumbar_rock_over_deg=lumbar_deg,
        lumbar_catch_deg=lumbar_deg + draw.between(0.5, 1.4) * fall_deg + draw.between(-4, 5),
        tilt_wander_sd_deg=draw.between(2, 9),
        lumbar_answer=draw.between(-1.5, -0.5),
        lumbar_wander_sd_deg=draw.between(1, 7),
        ripple_sd_deg=draw.between(0.5, 2.5),
        neck_wander_sd_deg=draw.between(2, 12),
        protraction_wander_sd_m=varied.protraction_wander_sd_m,
        tip_delay_share=draw.between(0, 0.5) if draw.one_in(2) else 0.0,
        thoracic_give=varied.thoracic_give,
    )


def _faults(draw: Draw) -> FaultDials:
    """About two of them in a rower, as much of each as a back can do."""

    def some(most: float, chance: int) -> float:
        return draw.between(0, most) if draw.one_in(chance) else 0.0

    return FaultDials(
        slump_under_load_deg=some(26, 3),
        opens_early_deg=some(22, 6),
        shoots_slide_deg=some(26, 6),
        rushes_slide_share=some(1, 6),
        early_arm_bend_deg=some(50, 6),
        excess_layback_deg=some(20, 6),
        knees_too_high_deg=some(18, 5),
        late_lunge_deg=some(22, 5),
        head_drop_deg=some(45, 4),
        shoulders_forward_m=some(0.09, 3),
    )
