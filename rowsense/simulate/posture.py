"""From the dials to the rower's posture at any time: the curves of knee, lean, elbow and spine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.curves import ease, soft_clip, standard_draws
from rowsense.simulate.motion_spec import MotionSpec
from rowsense.simulate.skeleton import LUMBAR, NECK, THORACIC, Skeleton, rotate_forward, spine_chain
from rowsense.simulate.timeline import Timeline, is_hard, make_timeline

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Believable limits of the simulated spine.
TILT_LIMITS_DEG = (-40.0, 25.0)
LUMBAR_LIMITS_DEG = (-10.0, 60.0)
THORACIC_LIMITS_DEG = (-10.0, 45.0)
NECK_LIMITS_DEG = (-48.0, 30.0)


@dataclass(frozen=True)
class Posture:
    """Dials of the body over time, each (T,): degrees, metres."""

    knee_deg: FloatArray
    elbow_deg: FloatArray
    heel_lift_deg: FloatArray
    hand_height_m: FloatArray
    """Wrist above the hip joint."""
    protraction_m: FloatArray
    tilt_deg: FloatArray
    lumbar_deg: FloatArray
    thoracic_deg: FloatArray
    neck_deg: FloatArray


@dataclass(frozen=True)
class _Draws:
    """What varies from stroke to stroke, and the ripples."""

    knee: FloatArray
    lean_catch: FloatArray
    lean_finish: FloatArray
    tilt: FloatArray
    lumbar: FloatArray
    neck: FloatArray
    ripple_hz: FloatArray
    ripple_phase: FloatArray
    protraction: FloatArray


class PostureModel:
    """The rower of one ``MotionSpec``, with her own strokes; ``at`` gives the posture at any times."""

    def __init__(self, spec: MotionSpec, skeleton: Skeleton) -> None:
        rng = np.random.default_rng([20260501, spec.seed])
        self.spec = spec
        self.skeleton = skeleton
        self.timeline: Timeline = make_timeline(spec, rng)
        count = self.timeline.count + 1
        self._draws = _Draws(
            knee=standard_draws(rng, count),
            lean_catch=standard_draws(rng, count),
            lean_finish=standard_draws(rng, count),
            tilt=standard_draws(rng, 2 * count),
            lumbar=standard_draws(rng, 2 * count),
            neck=standard_draws(rng, 2 * count),
            ripple_hz=spec.rate_spm / 60.0 * np.array([0.73, 1.37, 1.91]) * rng.uniform(0.95, 1.05, 3),
            ripple_phase=rng.uniform(0.0, 2.0 * np.pi, (2, 3)),
            protraction=standard_draws(rng, 2 * count),
        )

    def at(self, time_s: FloatArray) -> Posture:
        """Posture at the given times (any order, any spacing)."""
        stroke, drive, recovery = self.timeline.locate(time_s)
        recovery = self._after_pause(stroke, recovery)
        in_drive = drive < 1.0
        closed = self._legs_closed(in_drive, drive, recovery)
        prepared = self._trunk_prepared(in_drive, drive, recovery)
        late = _late(in_drive, drive, recovery, 0.0)
        tipped = _late(in_drive, drive, recovery, self.spec.spine.tip_delay_share)
        lean = self._lean(stroke, drive, in_drive, recovery, prepared)
        tilt, lumbar, neck_wander = self._spine(time_s, stroke, drive, in_drive, recovery, prepared, tipped)
        thoracic = self._thoracic(lean, tilt, lumbar)
        spec, faults = self.spec, self.spec.faults
        own_knee = spec.amplitude_sd_deg * self._between(self._draws.knee, stroke, in_drive)
        knee_catch = spec.knee_catch_deg - faults.knees_too_high_deg + own_knee
        # The head stays roughly level while the trunk turns; the neck gives what it can.
        head_pitch = 8.0 + faults.head_drop_deg * late
        neck = soft_clip(head_pitch - tilt - lumbar - thoracic, *NECK_LIMITS_DEG, 12.0) + neck_wander
        # Shoulders pulled forward stay there until the trunk opens anyway.
        pull = np.where(in_drive, 1.0 - ease((drive - 0.2) / 0.4), ease((recovery - 0.75) / 0.2))
        return Posture(
            knee_deg=self._knee(knee_catch, closed),
            elbow_deg=self._elbow(in_drive, drive, recovery),
            heel_lift_deg=24.0 * closed**2,
            hand_height_m=self._hand_height(in_drive, drive, recovery),
            protraction_m=self._protraction(stroke, drive, in_drive, recovery, prepared, pull),
            tilt_deg=tilt,
            lumbar_deg=lumbar,
            thoracic_deg=thoracic,
            neck_deg=neck,
        )

    def _after_pause(self, stroke: IntArray, recovery: FloatArray) -> FloatArray:
        """Recovery progress with the rest at the finish taken out."""
        if self.spec.pause_finish_s <= 0.0:
            return recovery
        line = self.timeline
        share = self.spec.pause_finish_s / (line.catch_s[stroke + 1] - line.finish_s[stroke])
        return np.clip((recovery - share) / (1.0 - share), 0.0, 1.0)

    def _between(self, draws: FloatArray, stroke: IntArray, in_drive: NDArray[np.bool_]) -> FloatArray:
        """The draw that belongs to the nearer catch: this stroke's in the drive, the next one's after it."""
        return draws[stroke + np.where(in_drive, 0, 1)]

    def _legs_closed(self, in_drive: NDArray[np.bool_], drive: FloatArray, recovery: FloatArray) -> FloatArray:
        """Seat travel, 0 legs flat .. 1 at the catch. The slide is quickest early and slows into the catch."""
        spec, rush = self.spec, self.spec.faults.rushes_slide_share
        opening = 1.0 - ease(drive / spec.legs_end, 5.0, 0.0)
        progress = (recovery - spec.slide_start) / (1.0 - spec.slide_start)
        closing = ease(progress, 17.0 - 14.0 * rush, 7.0 + 23.0 * rush)
        return np.where(in_drive, opening, closing)

    def _knee(self, knee_catch_deg: FloatArray, closed: FloatArray) -> FloatArray:
        """Knee angle at a share of the seat's travel (as if the ankle stood still)."""
        thigh, shank = self.skeleton.thigh_sagittal_m, self.skeleton.shank_sagittal_m
        square, product = thigh**2 + shank**2, 2.0 * thigh * shank
        flat = np.sqrt(square - product * np.cos(np.deg2rad(self.spec.knee_finish_deg)))
        near = np.sqrt(square - product * np.cos(np.deg2rad(knee_catch_deg)))
        reach = flat + (near - flat) * closed
        return np.degrees(np.arccos((square - reach**2) / product))

    def _trunk_prepared(self, in_drive: NDArray[np.bool_], drive: FloatArray, recovery: FloatArray) -> FloatArray:
        """0 laid back at the finish .. 1 rocked over."""
        start = self.spec.trunk_start
        opening = 1.0 - ease((drive - start) / (1.0 - start), 0.0, 3.0)
        over = ease(recovery / self.spec.rock_over_end, 2.0, 0.0)
        return np.where(in_drive, opening, over)

    def _lean(
        self,
        stroke: IntArray,
        drive: FloatArray,
        in_drive: NDArray[np.bool_],
        recovery: FloatArray,
        prepared: FloatArray,
    ) -> FloatArray:
        spec = self.spec
        at_catch = spec.lean_catch_deg + spec.amplitude_sd_deg * self._between(self._draws.lean_catch, stroke, in_drive)
        at_finish = spec.lean_finish_deg + spec.amplitude_sd_deg * self._draws.lean_finish[stroke]
        reach = 8.0  # degrees that the trunk still gains on the slide
        gained = np.where(in_drive, 1.0, ease((recovery - 0.3) / 0.7))
        lean = at_finish + (at_catch - reach - at_finish) * prepared + reach * gained * prepared
        return lean + self._fault_lean(drive, in_drive, recovery, prepared)

    def _fault_lean(
        self, drive: FloatArray, in_drive: NDArray[np.bool_], recovery: FloatArray, prepared: FloatArray
    ) -> FloatArray:
        """Trunk lean that the faults add, degrees."""
        faults = self.spec.faults
        early = np.where(in_drive, _bump(drive, 0.0, 0.16, 0.45), 0.0)
        # It stays until the trunk opens anyway: a dive at the catch is another fault than a back that opens early.
        lunge = np.where(in_drive, 1.0 - ease((drive - 0.2) / 0.6), ease((recovery - 0.78) / 0.22))
        # The seat runs away under the trunk: that begins after the handle has turned, or the catch itself would move.
        left_behind = np.where(in_drive, _bump(drive, 0.04, 0.5, 0.85), 0.0)
        return (
            faults.shoots_slide_deg * left_behind
            - faults.opens_early_deg * early
            + faults.late_lunge_deg * lunge
            - faults.excess_layback_deg * (1.0 - prepared)
        )

    def _spine(
        self,
        time_s: FloatArray,
        stroke: IntArray,
        drive: FloatArray,
        in_drive: NDArray[np.bool_],
        recovery: FloatArray,
        prepared: FloatArray,
        late: FloatArray,
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Pelvic tilt, lumbar flexion and the neck's wandering."""
        dials = self.spec.spine
        wander = {
            name: _levels(draws, stroke, in_drive, drive, recovery)
            for name, draws in (("t", self._draws.tilt), ("l", self._draws.lumbar), ("n", self._draws.neck))
        }
        angles = 2.0 * np.pi * time_s[:, None] * self._draws.ripple_hz
        ripple = dials.ripple_sd_deg * np.sqrt(2.0 / 3.0) * np.sin(angles[None] + self._draws.ripple_phase[:, None])
        ripple_tilt, ripple_lumbar = ripple.sum(axis=-1)
        tilt = dials.tilt_finish_deg + (dials.tilt_rock_over_deg - dials.tilt_finish_deg) * prepared
        drifted = dials.drift_deg * time_s / self.spec.duration_s
        drifted = drifted - self.spec.faults.pulls_harder_tilt_deg * is_hard(np.where(in_drive, stroke, stroke + 1))
        tilt = tilt + (dials.tilt_catch_deg - dials.tilt_rock_over_deg + drifted) * late
        # The low back takes its shape for the catch before the trunk comes over, as a good rower's does.
        shaped = np.where(in_drive, prepared, ease(recovery / 0.25))
        lumbar = dials.lumbar_finish_deg + (dials.lumbar_rock_over_deg - dials.lumbar_finish_deg) * shaped
        lumbar = lumbar + (dials.lumbar_catch_deg - dials.lumbar_rock_over_deg - drifted) * late
        lumbar = lumbar + np.where(in_drive, self.spec.faults.slump_under_load_deg * _bump(drive, 0.0, 0.4, 1.0), 0.0)
        # Pelvis and low back carry most of a fault's lean; the thoracic spine alone could not.
        extra = self._fault_lean(drive, in_drive, recovery, prepared)
        tilt, lumbar = tilt + 0.55 * extra, lumbar + 0.3 * extra
        alone = dials.tilt_wander_sd_deg * wander["t"]
        tilt = tilt + alone + ripple_tilt
        lumbar = lumbar + dials.lumbar_answer * alone + dials.lumbar_wander_sd_deg * wander["l"] + ripple_lumbar
        return (
            soft_clip(tilt, *TILT_LIMITS_DEG),
            soft_clip(lumbar, *LUMBAR_LIMITS_DEG),
            dials.neck_wander_sd_deg * wander["n"],
        )

    def _thoracic(self, lean_deg: FloatArray, tilt_deg: FloatArray, lumbar_deg: FloatArray) -> FloatArray:
        """Thoracic flexion that brings the shoulders onto the wanted lean, within what a back can do."""
        # Lean grows almost in proportion to the bend, so a few secant steps are exact to rounding.
        before = np.full(len(lean_deg), 10.0)
        bend = np.full(len(lean_deg), 25.0)
        missing_before = lean_deg - lean_of(self.skeleton, tilt_deg, lumbar_deg, before)
        for _ in range(5):
            missing = lean_deg - lean_of(self.skeleton, tilt_deg, lumbar_deg, bend)
            change = missing_before - missing
            settled = np.abs(change) < 1e-12
            step = np.where(settled, 0.0, missing * (bend - before) / np.where(settled, 1.0, change))
            before, missing_before, bend = bend, missing, np.clip(bend + step, -90.0, 120.0)
        return soft_clip(_giving(bend, self.spec.spine.thoracic_give), *THORACIC_LIMITS_DEG, 10.0)

    def _protraction(
        self,
        stroke: IntArray,
        drive: FloatArray,
        in_drive: NDArray[np.bool_],
        recovery: FloatArray,
        prepared: FloatArray,
        pull: FloatArray,
    ) -> FloatArray:
        """Shoulders a little forward when reaching, a little back at the finish, and as the stroke has it."""
        wander = _levels(self._draws.protraction, stroke, in_drive, drive, recovery)
        own = self.spec.spine.protraction_wander_sd_m * wander
        return 0.03 * prepared - 0.015 + own + self.spec.faults.shoulders_forward_m * pull

    def _elbow(self, in_drive: NDArray[np.bool_], drive: FloatArray, recovery: FloatArray) -> FloatArray:
        spec = self.spec
        bent = np.where(
            in_drive,
            ease((drive - spec.arms_start) / (1.0 - spec.arms_start), 0.0, 6.0),
            1.0 - ease(recovery / spec.arms_out, 5.0, 0.0),
        )
        elbow = spec.elbow_straight_deg + (spec.elbow_finish_deg - spec.elbow_straight_deg) * bent
        early = spec.faults.early_arm_bend_deg * ease((drive - 0.02) / 0.3) * (1.0 - bent)
        return elbow - np.where(in_drive, early, 0.0)

    def _hand_height(self, in_drive: NDArray[np.bool_], drive: FloatArray, recovery: FloatArray) -> FloatArray:
        """Level pull to the lower ribs, then down and away over the knees."""
        catch, finish, away = 0.235, 0.285, 0.195
        pulled = catch + (finish - catch) * ease((drive - 0.35) / 0.65)
        returned = finish + (away - finish) * ease(recovery / 0.24) + (catch - away) * ease((recovery - 0.3) / 0.5)
        return np.where(in_drive, pulled, returned)


def _giving(bend_deg: FloatArray, give: float) -> FloatArray:
    """Thoracic flexion off its limits: the more ``give``, the less is done of what is far from the middle."""
    if give <= 0.0:
        return bend_deg
    low, high = THORACIC_LIMITS_DEG
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    return np.asarray(middle + half * np.tanh((bend_deg - middle) / (half * (1.0 + give))))


def _late(in_drive: NDArray[np.bool_], drive: FloatArray, recovery: FloatArray, delay_share: float) -> FloatArray:
    """0 early in the recovery .. 1 at the catch, gone again by the middle of the drive."""
    coming = ease((recovery - 0.34 - delay_share) / (0.66 - delay_share))
    return np.where(in_drive, 1.0 - ease(drive / 0.55), coming)


def _bump(progress: FloatArray, start: float, top: float, end: float) -> FloatArray:
    return ease((progress - start) / (top - start)) - ease((progress - top) / (end - top))


def _levels(
    draws: FloatArray, stroke: IntArray, in_drive: NDArray[np.bool_], drive: FloatArray, recovery: FloatArray
) -> FloatArray:
    """One level around each catch and another around each finish, joined smoothly.

    The level rests from rock-over over the catch into the drive, so that it adds nothing, on average or
    otherwise, to the change from rock-over to catch that the faults are about.
    """
    at_catch, at_finish, next_catch = draws[2 * stroke], draws[2 * stroke + 1], draws[2 * stroke + 2]
    pulled = at_catch + (at_finish - at_catch) * ease((drive - 0.34) / 0.64)
    returned = at_finish + (next_catch - at_finish) * ease(recovery / 0.28)
    return np.where(in_drive, pulled, returned)


def spine_bends(lumbar_deg: FloatArray, thoracic_deg: FloatArray, neck_deg: FloatArray) -> FloatArray:
    """Share the three regions out over the nine joints of ``SPINE_JOINTS``: (T, 9) degrees, + forward."""
    bends = np.zeros((len(lumbar_deg), 9))
    bends[:, LUMBAR] = lumbar_deg[:, None] / 3.0
    bends[:, THORACIC] = thoracic_deg[:, None] / 2.0
    bends[:, NECK] = neck_deg[:, None] / 3.0
    return bends


def lean_of(skeleton: Skeleton, tilt_deg: FloatArray, lumbar_deg: FloatArray, thoracic_deg: FloatArray) -> FloatArray:
    """Trunk lean (hip to shoulder) that a spine posture gives, (T,) degrees, shoulders neither forward nor back."""
    shoulder, hip = shoulder_and_hip(skeleton, tilt_deg, lumbar_deg, thoracic_deg, np.zeros_like(tilt_deg))
    trunk = shoulder - hip
    return np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1]))


def shoulder_and_hip(
    skeleton: Skeleton,
    tilt_deg: FloatArray,
    lumbar_deg: FloatArray,
    thoracic_deg: FloatArray,
    protraction_m: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Shoulder and hip joint centres relative to the root joint, (T, 2) each, side view."""
    xy, turn = spine_chain(skeleton, tilt_deg, spine_bends(lumbar_deg, thoracic_deg, np.zeros_like(tilt_deg)))
    rest = np.asarray(skeleton.spine_xy_m)
    offset = (
        np.asarray(skeleton.shoulder_xyz_m[:2])
        - rest[4]
        + np.stack([protraction_m, np.zeros_like(protraction_m)], axis=-1)
    )
    shoulder = xy[:, 4] + rotate_forward(offset, turn[:, 4])
    hip = rotate_forward(np.asarray(skeleton.hip_xyz_m[:2]), tilt_deg)
    return shoulder, hip
