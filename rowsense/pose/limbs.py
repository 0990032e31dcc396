"""From the network's landmarks to joint centres: limbs it lost, its habits, and the body's own rigidity.

The full model's landmarks lie off the joints that they are named for, and by how much goes with how far the leg is bent
and how the trunk leans: in a deep catch the knee comes out behind and the ankle in front of the joint, the hip always
in front of and above it, the shoulder on top of it. On rowers whose joints are known this repeats from body to body,
so it is taken out. Fitted on 38 rendered rowers by ``rowsense.studies.joint_habits``, the truth being the rig's joints
in the picture. On those left out one at a time, root mean square over whole strokes: trunk lean 2.8 deg (landmarks
6.5), shin 3.0 (6.9), knee 3.8 (5.3); on 41 others 2.7 (6.7), 4.7 (7.4) and 4.2 (5.3) [D].

Limbs that the network loses are told by what a rower's body cannot do (:func:`only_seen_limbs`): an arm or a leg does
not shorten, and feet in straps stay where they are. What lies elsewhere was not seen.

Shoulder and arm are nearer to the camera than hip and leg, and the rower sits behind the middle of the picture, since
the machine goes on before her: perspective moves them back. That is taken out as it is on average.

Bent legs are mended once more: thigh and shank keep their lengths, so a bent knee follows from hip and ankle. In a
nearly straight leg that is ill-conditioned and the knee stays where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
#: By joint: how far its landmark lies off, (x, y) for each of the first terms of :func:`posture`.
Offsets = Mapping[str, tuple[tuple[float, float], ...]]

#: Where a landmark lies off its joint's centre, x (+ towards the flywheel) and y (+ up) in trunk lengths: rows go with
#: 1, bend, bend squared, lean, lean squared and lean times bend, see :func:`posture`. Without the last two a trunk
#: that lies far back was read 5 deg too upright. [D] Scatter from body to body: hip 0.04 and 0.03, knee 0.05 and
#: 0.04, ankle 0.03 and 0.02 trunk lengths.
OFFSETS: Final[Offsets] = {
    "hip": ((0.071, 0.082), (0.002, -0.020), (0.009, 0.004), (-0.010, -0.003), (0.020, -0.019), (0.071, 0.012)),
    "knee": ((-0.033, 0.017), (0.057, 0.017), (-0.059, 0.004), (-0.020, -0.018)),
    "ankle": ((-0.012, 0.033), (-0.038, -0.013), (0.021, -0.014)),
    "shoulder": ((-0.010, 0.072), (0.033, -0.035), (-0.037, 0.030), (0.041, 0.005), (0.040, 0.029), (-0.021, 0.029)),
}
#: What these are 0 and 1 at: the knee landmarks' angle 110 and 170 deg, the landmarks' lean 0 and 30 deg.
BEND_ZERO_DEG: Final = 110.0
BEND_ONE_DEG: Final = 60.0
LEAN_ONE_DEG: Final = 30.0
#: No further out than rowers of the fit went, in both.
MOST: Final = 1.5
#: How far perspective puts shoulder and arm behind hip and leg, trunk lengths. [D] Mean of the same rowers, 0.04 from
#: one to the next: the camera stood at -18 to 19 deg, aimed at the middle of the machine.
NEARER_RATIO: Final = 0.036
NEARER: Final = ("shoulder", "elbow", "wrist")
#: Own bone length = this percentile of the centres' distance [D: knee 3.9 deg at 50, 4.5 at 75 over the same rowers].
BONE_PERCENTILE: Final = 50.0
#: So much of the way to the knee that bone lengths alone give [D: shin 3.3 deg at 0, 3.1 at a half, 3.4 at 1; knee
#: 4.2, 3.9 and 3.9], wholly under the first angle and not at all over the second, degrees [D: at 110 to 150 the
#: knee had 4.0].
BONE_SHARE: Final = 0.5
BENT_DEG: Final = 80.0
STRAIGHT_DEG: Final = 120.0
#: Fewest frames with a whole limb for bone lengths to be known [D].
MIN_LIMB_FRAMES: Final = 10
#: An arm (shoulder to elbow to wrist) shorter than this share of its usual length, which is a high percentile, was put
#: on the knees by the network. [D] In the same rowers two thirds of the frames with a wrist more than 0.2 trunk
#: lengths off are so found, and of 8400 others 3.
FOLDED_SHARE: Final = 0.75
USUAL_ARM_PERCENTILE: Final = 75.0
#: A leg (hip to knee to ankle) shorter than this share of its usual length was put on something else: knee and ankle
#: were not seen. [D] In clips 0 to 39 of the fault study shins are off by 2 deg (median), below this by 5 to 13, and
#: between this and 0.86 by 6: a deep slump makes the hip slide, and a leg whose angles are right measures 0.80.
FOLDED_LEG_SHARE: Final = 0.78
#: Where the thigh alone is shorter than this share of its own usual length the hip was not seen either. [D] Of the
#: frames of the same clips under 0.74 72 % have the hip off by more than 0.2 trunk lengths, but so short a thigh comes
#: with a deep slump too, in which the path of the seat is right.
SHORT_THIGH_SHARE: Final = 0.66
USUAL_LEG_PERCENTILE: Final = 60.0
#: An ankle further than this from where it usually is, trunk lengths, is not in the straps. [D] Heels rise: of frames
#: of the same clips with all joints in place 0.2 % are further off than 0.18.
FOOT_AWAY_RATIO: Final = 0.20
#: The same of a leg whose knee is bent further than this. [D] In a deep catch heels rise furthest where shins go past
#: upright. Of 165 rendered rowers (fault clips 205 to 267, 294 to 399) shins of legs so bent are off by 3.8 deg (rms)
#: in 24,900 frames with the ankle nearer, by 5.5 with it 0.20 to 0.25 away (193 frames of 36 rowers), by 6.9 from there
#: to 0.30 (62), by 8.4 to 0.40.
FOOT_AWAY_BENT_RATIO: Final = 0.30
DEEPLY_BENT_DEG: Final = 100.0
#: A seat that travels less than this, trunk lengths, does not tell how its rail lies [D: a stroke has about one].
SLIDING_RATIO: Final = 0.5
#: Sine of the lean under which a shoulder does not tell how far before or behind it the hip is [D: 15 deg; there a
#: trunk that is a thirtieth longer puts the hip a tenth of a trunk further away].
LEANING_RATIO: Final = 0.26
#: The track is smooth, so that the frames on either side of a lost limb are drawn to it: so many count as lost too [D].
LOST_MARGIN: Final = 1


def joint_centres(
    landmarks: Mapping[str, FloatArray], offsets: Offsets = OFFSETS, nearer_ratio: float = NEARER_RATIO
) -> dict[str, FloatArray]:
    """Joint centres by name, (T, 2) each in the canonical side view; NaN stays NaN.

    ``landmarks`` are ``conventions.SIDE_JOINTS``. Those without an entry in ``offsets`` or ``NEARER`` come back as they
    are. Without a trunk no length is known, and nothing is moved.
    """
    length_px = trunk_px(landmarks)
    if not np.isfinite(length_px):
        return dict(landmarks)
    out = _without_habits(landmarks, offsets)
    for name in NEARER:
        out[name] = out[name] + np.array([nearer_ratio * length_px, 0.0])
    out["knee"] = knee_centre(out["hip"], out["knee"], out["ankle"])
    return out


def only_seen_limbs(landmarks: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The same with NaN for joints of arm and leg that the network put where they cannot be, and such a hip under the
    shoulder on the rail."""
    return with_seated_hip(without_lost_legs(without_folded_arms(landmarks)))


def without_folded_arms(landmarks: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The same with elbow and wrist NaN where the arm is far shorter than it usually is: they were not seen there."""
    arm = _of_usual(_way(landmarks, "shoulder", "elbow", "wrist"), USUAL_ARM_PERCENTILE)
    return _hidden(landmarks, {name: arm < FOLDED_SHARE for name in ("elbow", "wrist")})


def _without_habits(landmarks: Mapping[str, FloatArray], offsets: Offsets) -> dict[str, FloatArray]:
    """The landmarks less how far each lies off its joint; as they are where no trunk is seen."""
    length_px = trunk_px(landmarks)
    if not np.isfinite(length_px):
        return dict(landmarks)
    terms = posture(landmarks)
    away = {name: length_px * (terms[:, : len(rows)] @ np.array(rows)) for name, rows in offsets.items()}
    return {**landmarks, **{name: landmarks[name] - xy for name, xy in away.items()}}


def without_lost_legs(landmarks: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The same with knee and ankle NaN where the leg is far shorter than it usually is or the foot out of its straps.

    A leg can be short because of the hip: where the thigh is very short, that is NaN as well.
    """
    # In a deep catch the landmarks' own habits shorten the thigh, so lengths are those between centres.
    centres = _without_habits(landmarks, OFFSETS)
    leg = _of_usual(_way(centres, "hip", "knee", "ankle"), USUAL_LEG_PERCENTILE)
    thigh = _of_usual(_way(centres, "hip", "knee"), USUAL_LEG_PERCENTILE)
    bent = posture(landmarks)[:, 1] < (DEEPLY_BENT_DEG - BEND_ZERO_DEG) / BEND_ONE_DEG
    away_ratio = np.where(bent, FOOT_AWAY_BENT_RATIO, FOOT_AWAY_RATIO)
    lost = _with_margin((leg < FOLDED_LEG_SHARE) | (_from_usual_place(centres) > away_ratio))
    hip_lost = _with_margin(thigh < SHORT_THIGH_SHARE)
    return _hidden(landmarks, {"hip": hip_lost, "knee": lost | hip_lost, "ankle": lost})


def with_seated_hip(landmarks: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The same with a hip where none was seen and the shoulder was: on the straight line that the seat takes it along,
    as far from the shoulder as the trunk is long in the frames before and after that show it, and on the same side. In
    an upright trunk it stays unseen.

    The network puts the hip on the thigh in deep lunges. On 192 such frames of eight of 48 rendered rowers (fault clips
    400 to 447) it was 0.14 to 0.72 trunk lengths off along the rail by the length of the shank (medians), and is 0.08
    to 0.11 so; trunks that leaned on by 23 and 37 deg are read as 22 and 38, and were not read before.
    """
    hip, shoulder = landmarks["hip"].copy(), landmarks["shoulder"]
    sat = np.isfinite(hip).all(axis=1) & np.isfinite(shoulder).all(axis=1)
    lost = np.flatnonzero(np.isnan(hip).any(axis=1) & np.isfinite(shoulder).all(axis=1))
    if not lost.size or int(sat.sum()) < MIN_LIMB_FRAMES:
        return dict(landmarks)
    trunk = shoulder[sat] - hip[sat]
    # Where she hardly moves along it the rail is taken to be level, as it is without the camera's roll.
    moves = float(np.ptp(hip[sat, 0])) > SLIDING_RATIO * float(np.median(_length(trunk)))
    slope, height_px = np.polyfit(hip[sat, 0], hip[sat, 1], 1) if moves else (0.0, float(np.median(hip[sat, 1])))
    along = np.array([1.0, slope]) / np.hypot(1.0, slope)
    long_px, ahead = (np.interp(lost, np.flatnonzero(sat), of) for of in (_length(trunk), trunk @ along))
    away = shoulder[lost] - (0.0, height_px)
    over_px = away @ (-along[1], along[0])
    ahead_px = np.sign(ahead) * np.sqrt(np.maximum(long_px**2 - over_px**2, 0.0))
    ahead_px[np.abs(ahead_px) < LEANING_RATIO * long_px] = np.nan
    hip[lost] = (0.0, height_px) + (away @ along - ahead_px)[:, None] * along
    return {**landmarks, "hip": hip}


def _way(joints: Mapping[str, FloatArray], *names: str) -> FloatArray:
    """(T,) from joint to joint, pixels."""
    return np.sum([_length(joints[a] - joints[b]) for a, b in pairwise(names)], axis=0)


def _of_usual(length_px: FloatArray, percentile: float) -> FloatArray:
    """(T,) share of the usual length; NaN where unseen, and in too few frames to know what is usual."""
    known = np.isfinite(length_px)
    if int(known.sum()) < MIN_LIMB_FRAMES:
        return np.full(length_px.shape, np.nan)
    return np.asarray(length_px / np.percentile(length_px[known], percentile))


def _from_usual_place(joints: Mapping[str, FloatArray]) -> FloatArray:
    """(T,) the ankle from its median place, trunk lengths; NaN where unseen, and where it has no usual place."""
    ankle = joints["ankle"]
    known = np.isfinite(ankle).all(axis=1)
    if int(known.sum()) < MIN_LIMB_FRAMES:
        return np.full(len(ankle), np.nan)
    away = _length(ankle - np.median(ankle[known], axis=0)) / trunk_px(joints)
    if np.median(away[known]) > 0.5 * FOOT_AWAY_RATIO:  # the camera goes with her
        return np.full(len(ankle), np.nan)
    return np.asarray(away)


def _with_margin(lost: BoolArray) -> BoolArray:
    """(T,) the same, and ``LOST_MARGIN`` frames either side."""
    wide = lost.copy()
    for step in range(1, LOST_MARGIN + 1):
        wide[step:] |= lost[:-step]
        wide[:-step] |= lost[step:]
    return wide


def _hidden(landmarks: Mapping[str, FloatArray], lost: Mapping[str, BoolArray]) -> dict[str, FloatArray]:
    return {**landmarks, **{name: np.where(rows[:, None], np.nan, landmarks[name]) for name, rows in lost.items()}}


def nearer_px(landmarks: Mapping[str, FloatArray]) -> float:
    """How far towards the flywheel everything at the arm's depth is moved; 0 where no trunk is seen."""
    return NEARER_RATIO * float(np.nan_to_num(trunk_px(landmarks)))


def trunk_px(landmarks: Mapping[str, FloatArray]) -> float:
    """Median distance of the hip and shoulder landmarks; NaN where they are never both there."""
    length = _length(landmarks["shoulder"] - landmarks["hip"])
    seen = length[np.isfinite(length)]
    return float(np.median(seen)) if seen.size else float("nan")


def posture(landmarks: Mapping[str, FloatArray]) -> FloatArray:
    """(T, 6) 1, bend of the knee, its square, lean of the trunk, its square, both; unseen = 0, a usual place."""
    hip, shoulder, knee, ankle = (landmarks[name] for name in ("hip", "shoulder", "knee", "ankle"))
    # Not the kernels: what compares stored sessions comes by here too, and does without numba.
    thigh, shank, trunk = hip - knee, ankle - knee, shoulder - hip
    across = np.abs(thigh[:, 0] * shank[:, 1] - thigh[:, 1] * shank[:, 0])
    bend = (_direction_deg(across, (thigh * shank).sum(axis=1)) - BEND_ZERO_DEG) / BEND_ONE_DEG
    leaning = _direction_deg(trunk[:, 0], trunk[:, 1]) / LEAN_ONE_DEG
    bend, leaning = (np.clip(np.nan_to_num(x), -MOST, MOST) for x in (bend, leaning))
    return np.stack([np.ones_like(bend), bend, bend**2, leaning, leaning**2, leaning * bend], axis=1)


def _direction_deg(across: FloatArray, along: FloatArray) -> FloatArray:
    """(T,) from ``along`` towards ``across``; NaN where both are 0."""
    return np.where((across == 0.0) & (along == 0.0), np.nan, np.degrees(np.arctan2(across, along)))


def knee_centre(hip: FloatArray, knee: FloatArray, ankle: FloatArray) -> FloatArray:
    """(T, 2) the knee moved ``BONE_SHARE`` of the way to where thigh and shank keep their lengths, in a bent leg.

    All (T, 2) in one frame of reference; NaN stays NaN. The knee stays on its side of the hip-ankle line.
    """
    thigh, shank, span = (_length(a - b) for a, b in ((hip, knee), (knee, ankle), (ankle, hip)))
    known = np.isfinite(thigh) & np.isfinite(shank)
    if int(known.sum()) < MIN_LIMB_FRAMES:
        return knee
    thigh_px = float(np.percentile(thigh[known], BONE_PERCENTILE))
    shank_px = float(np.percentile(shank[known], BONE_PERCENTILE))

    cosine = (thigh**2 + shank**2 - span**2) / np.maximum(2.0 * thigh * shank, 1e-9)
    angle_deg = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    share = BONE_SHARE * np.clip((STRAIGHT_DEG - angle_deg) / (STRAIGHT_DEG - BENT_DEG), 0.0, 1.0)[:, None]

    along = (ankle - hip) / np.maximum(span, 1e-9)[:, None]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    side = np.sign(((knee - hip) * across).sum(axis=1))
    foot_of_height = (thigh_px**2 - shank_px**2 + span**2) / np.maximum(2.0 * span, 1e-9)
    height = np.sqrt(np.maximum(thigh_px**2 - foot_of_height**2, 0.0)) * side
    rigid = hip + along * foot_of_height[:, None] + across * height[:, None]
    return np.asarray(share * rigid + (1.0 - share) * knee, dtype=np.float64)


def _length(vector: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm(vector, axis=1), dtype=np.float64)
