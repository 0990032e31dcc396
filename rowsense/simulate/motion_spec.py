"""What a simulated rower does: the dials of the motion."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SpineSpec:
    """Mean pelvic tilt and lumbar flexion at three moments, and how far they wander on their own.

    The wandering is drawn for every stroke apart from the pose: the thoracic spine takes the difference so that
    the trunk lean stays what it was. Signs as in ``docs/conventions.md``.
    """

    tilt_finish_deg: float = -17.0
    tilt_rock_over_deg: float = -4.0
    tilt_catch_deg: float = 0.0
    lumbar_finish_deg: float = -1.0
    lumbar_rock_over_deg: float = 15.0
    lumbar_catch_deg: float = 19.0
    tilt_wander_sd_deg: float = 9.0
    """Tilt drawn per stroke; lumbar flexion goes the other way by ``lumbar_answer``."""
    lumbar_answer: float = -1.2
    lumbar_wander_sd_deg: float = 3.0
    """Lumbar flexion drawn per stroke on top."""
    ripple_sd_deg: float = 1.5
    """Wandering inside the stroke, at rates that do not fit the stroke's."""
    neck_wander_sd_deg: float = 10.0
    protraction_wander_sd_m: float = 0.007
    tip_delay_share: float = 0.0
    """How much later than the head the pelvis and low back begin to take their shape for the catch, shares of the
    recovery, below 0.6; they are there at the catch all the same."""
    drift_deg: float = 0.0
    """Tilt added around the catch by the end of the clip, growing evenly from its beginning; the low back answers it,
    so that the trunk leans as before."""
    thoracic_give: float = 0.0
    """How far the trunk's lean gives way before the upper back comes to the end of its range: at 0 the upper back alone
    makes the lean that was asked for, and where pelvis and low back leave it much to do it sits at its limit."""


@dataclass(frozen=True, slots=True)
class FaultDials:
    """How much of each fault; 0 = none. Degrees or shares as the name says."""

    slump_under_load_deg: float = 0.0
    """Lumbar flexion added between catch and mid-drive."""
    opens_early_deg: float = 0.0
    """Trunk opened in the first fifth of the drive."""
    shoots_slide_deg: float = 0.0
    """Trunk lean added over the first half of the drive while the seat runs away under it."""
    rushes_slide_share: float = 0.0
    """0..1: how much of the slide's speed moves to its end."""
    early_arm_bend_deg: float = 0.0
    """Elbow bend in the first half of the drive."""
    excess_layback_deg: float = 0.0
    knees_too_high_deg: float = 0.0
    """Extra knee closing at the catch."""
    late_lunge_deg: float = 0.0
    """Trunk lean added in the last fifth of the recovery."""
    head_drop_deg: float = 0.0
    """Head dropped from rock-over to catch."""
    shoulders_forward_m: float = 0.0
    """Shoulders pulled forward in the last quarter of the recovery."""
    pulls_harder_ratio: float = 0.0
    """How much less time the drive takes in every other five strokes, shares of the drive; the rate stays."""
    pulls_harder_tilt_deg: float = 0.0
    """How much further back the pelvis is at the catch of these; the low back answers it."""


@dataclass(frozen=True, slots=True)
class MotionSpec:
    """One clip of rowing. Equal specs give equal motions.

    ``recovery_ratio`` is recovery time / drive time; its usual value falls with the rate: about 1.4 at 23 strokes
    a minute, 1.2 at 26 (derived from drive times on the water, BioRow: 0.91 s at 36 a minute, 15 ms longer for
    each stroke a minute less).
    """

    seed: int = 1
    duration_s: float = 22.0
    fps: float = 30.0
    rate_spm: float = 23.0
    recovery_ratio: float = 1.4
    start_phase: float = 0.62
    """Where in a stroke the clip starts, 0..1 of the stroke's time from its catch."""
    timing_sd_ratio: float = 0.012
    """Stroke-to-stroke spread of drive and recovery times."""
    knee_catch_deg: float = 48.0
    knee_finish_deg: float = 170.0
    lean_catch_deg: float = 23.0
    lean_finish_deg: float = -18.5
    elbow_finish_deg: float = 78.0
    elbow_straight_deg: float = 170.0
    amplitude_sd_deg: float = 1.5
    """Stroke-to-stroke spread of knee and lean extremes."""
    legs_end: float = 0.80
    trunk_start: float = 0.18
    arms_start: float = 0.52
    arms_out: float = 0.36
    rock_over_end: float = 0.38
    slide_start: float = 0.26
    pause_finish_s: float = 0.0
    """A rest with the handle at the body, part of the recovery."""
    spine: SpineSpec = field(default_factory=SpineSpec)
    faults: FaultDials = field(default_factory=FaultDials)
