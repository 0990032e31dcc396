"""From posture to joints: feet on the foot plates, hips on the rail, hands on the handle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rowsense.simulate.posture import Posture, shoulder_and_hip, spine_bends
from rowsense.simulate.skeleton import Skeleton, rotate_forward, spine_chain

FloatArray = NDArray[np.float64]

#: Slope of the foot plates against the floor.
FOOT_PLATE_DEG = 42.0
#: Hip joints above the floor, and the balls of the feet below the hip joints.
HIP_HEIGHT_M = 0.50
BALL_BELOW_HIP_M = 0.165
#: From the wrist to the middle of the grip, hand level.
GRIP_M = (0.085, -0.01)


@dataclass(frozen=True)
class Joints:
    """Joint centres over time of the right side (the near side of a rower facing right), (T, 3) metres.

    The left side is the mirror image (z negated).
    """

    root: FloatArray
    hip: FloatArray
    knee: FloatArray
    ankle: FloatArray
    heel: FloatArray
    toe: FloatArray
    ball: FloatArray
    shoulder: FloatArray
    elbow: FloatArray
    wrist: FloatArray
    handle: FloatArray
    """Middle of the near hand's grip."""
    neck: FloatArray
    """Base of the neck (C7)."""
    head: FloatArray
    ear: FloatArray
    eye: FloatArray
    nose: FloatArray
    mouth: FloatArray
    spine: FloatArray
    """(T, 9, 2) joints of ``skeleton.SPINE_JOINTS``."""
    spine_turn_deg: FloatArray
    """(T, 9) forward turn of each of those bones in gravity."""


def solve_joints(skeleton: Skeleton, posture: Posture) -> Joints:
    """All joints of a posture. Lengths of the bones are kept; feet stay on their plates."""
    foot = _foot(skeleton, posture.heel_lift_deg)
    hip_xy = _hip_on_rail(skeleton, posture.knee_deg, foot["ankle"])
    knee = _middle_joint(hip_xy, foot["ankle"], skeleton.thigh_sagittal_m, skeleton.shank_sagittal_m)
    shoulder_rel, hip_rel = shoulder_and_hip(
        skeleton, posture.tilt_deg, posture.lumbar_deg, posture.thoracic_deg, posture.protraction_m
    )
    root = hip_xy - hip_rel
    bends = spine_bends(posture.lumbar_deg, posture.thoracic_deg, posture.neck_deg)
    spine, turn = spine_chain(skeleton, posture.tilt_deg, bends)
    spine = spine + root[:, None]
    shoulder = _with_z(root + shoulder_rel, skeleton.shoulder_xyz_m[2])
    wrist = _wrist(skeleton, posture, shoulder, hip_xy[:, 1])
    elbow = _elbow(skeleton, shoulder, wrist)
    head = spine[:, 8]

    def on_head(offset: tuple[float, float], z_m: float) -> FloatArray:
        return _with_z(head + rotate_forward(np.asarray(offset), turn[:, 8]), z_m)

    return Joints(
        root=_with_z(root, 0.0),
        hip=_with_z(hip_xy, skeleton.hip_xyz_m[2]),
        knee=_with_z(knee, skeleton.knee_z_m),
        ankle=_with_z(foot["ankle"], skeleton.ankle_z_m),
        heel=_with_z(foot["heel"], skeleton.ankle_z_m),
        toe=_with_z(foot["toe"], skeleton.ankle_z_m),
        ball=_with_z(foot["ball"], skeleton.ankle_z_m),
        shoulder=shoulder,
        elbow=elbow,
        wrist=wrist,
        handle=wrist + np.array([GRIP_M[0], GRIP_M[1], 0.0]),
        neck=_with_z(spine[:, 5], 0.0),
        head=_with_z(head, 0.0),
        ear=on_head(skeleton.ear_over_head_m, 0.07),
        eye=on_head(skeleton.eye_over_head_m, 0.03),
        nose=on_head(skeleton.nose_over_head_m, 0.0),
        mouth=on_head(skeleton.mouth_over_head_m, 0.02),
        spine=spine,
        spine_turn_deg=turn,
    )


def joint_angles(skeleton: Skeleton, posture: Posture, joints: Joints) -> dict[str, FloatArray]:
    """Every per-frame quantity of the conventions from true joints, near side, seen exactly from the side."""
    hip, knee, ankle = joints.hip[:, :2], joints.knee[:, :2], joints.ankle[:, :2]
    shoulder, elbow, wrist = joints.shoulder[:, :2], joints.elbow[:, :2], joints.wrist[:, :2]
    trunk, neck_line = shoulder - hip, joints.neck[:, :2] - hip
    lean = _from_vertical(trunk)
    thigh_m = np.linalg.norm(knee - hip, axis=1)
    shin = knee - ankle
    across = neck_line[:, 1] * trunk[:, 0] - neck_line[:, 0] * trunk[:, 1]
    head_lean = _from_vertical(joints.ear[:, :2] - joints.neck[:, :2])
    return {
        "trunk_lean_deg": lean,
        "pelvic_tilt_deg": posture.tilt_deg,
        "lumbar_flexion_deg": posture.lumbar_deg,
        "thoracic_flexion_deg": posture.thoracic_deg,
        "trunk_thigh_deg": _included(shoulder, hip, knee),
        "knee_deg": _included(hip, knee, ankle),
        "shin_deg": np.degrees(np.arctan2(shin[:, 1], shin[:, 0])),
        "elbow_deg": _included(shoulder, elbow, wrist),
        "head_trunk_deg": head_lean - lean - _rest_head_trunk_deg(skeleton),
        "shoulder_protraction_ratio": across / np.linalg.norm(neck_line, axis=1) / np.linalg.norm(trunk, axis=1),
        "knee_above_hip_ratio": (knee[:, 1] - hip[:, 1]) / thigh_m,
    }


def _rest_head_trunk_deg(skeleton: Skeleton) -> float:
    """Ear over the base of the neck against the trunk line in the tall rest pose: the zero."""
    rest = np.asarray(skeleton.spine_xy_m)
    ear = rest[8] + np.asarray(skeleton.ear_over_head_m) - rest[5]
    trunk = np.asarray(skeleton.shoulder_xyz_m[:2]) - np.asarray(skeleton.hip_xyz_m[:2])
    return float(_from_vertical(ear[None])[0] - _from_vertical(trunk[None])[0])


def _from_vertical(vector: FloatArray) -> FloatArray:
    return np.degrees(np.arctan2(vector[:, 0], vector[:, 1]))


def _included(first: FloatArray, corner: FloatArray, last: FloatArray) -> FloatArray:
    a, b = first - corner, last - corner
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return np.degrees(np.abs(np.arctan2(cross, np.sum(a * b, axis=1))))


def _with_z(xy: FloatArray, z_m: float) -> FloatArray:
    return np.concatenate([xy, np.full((len(xy), 1), z_m)], axis=1)


def _foot(skeleton: Skeleton, heel_lift_deg: FloatArray) -> dict[str, FloatArray]:
    """Foot points in the side view; the ball stays where the strap holds it, the heel lifts."""
    ball = np.array([0.0, HIP_HEIGHT_M - BALL_BELOW_HIP_M])
    pitch = heel_lift_deg - FOOT_PLATE_DEG
    plate = np.full_like(heel_lift_deg, -FOOT_PLATE_DEG)
    return {
        "ball": np.broadcast_to(ball, (len(pitch), 2)).copy(),
        "ankle": ball + rotate_forward(np.asarray(skeleton.ankle_over_ball_m), pitch),
        "heel": ball + rotate_forward(np.asarray(skeleton.heel_over_ball_m), pitch),
        "toe": ball + rotate_forward(np.asarray(skeleton.toe_over_ball_m), plate),
    }


def _hip_on_rail(skeleton: Skeleton, knee_deg: FloatArray, ankle: FloatArray) -> FloatArray:
    """Hip joints at rail height, as far behind the ankle as the knee angle says."""
    thigh, shank = skeleton.thigh_sagittal_m, skeleton.shank_sagittal_m
    reach_sq = thigh**2 + shank**2 - 2.0 * thigh * shank * np.cos(np.deg2rad(knee_deg))
    drop = HIP_HEIGHT_M - ankle[:, 1]
    return np.stack([ankle[:, 0] - np.sqrt(reach_sq - drop**2), np.full(len(knee_deg), HIP_HEIGHT_M)], axis=1)


def _middle_joint(start: FloatArray, end: FloatArray, first_m: float, second_m: float) -> FloatArray:
    """Knee between hip and ankle, bending upwards (side view)."""
    line = end - start
    length = np.linalg.norm(line, axis=1, keepdims=True)
    along = (length**2 + first_m**2 - second_m**2) / (2.0 * length)
    height = np.sqrt(np.maximum(first_m**2 - along**2, 0.0))
    unit = line / length
    upward = np.stack([-unit[:, 1], unit[:, 0]], axis=1)
    return start + unit * along + upward * height


def _wrist(skeleton: Skeleton, posture: Posture, shoulder: FloatArray, hip_y: FloatArray) -> FloatArray:
    """The wrist in front of the shoulder at the height of the handle, as far as the elbow angle lets it."""
    upper, fore = skeleton.upper_arm_m, skeleton.forearm_m
    reach_sq = upper**2 + fore**2 - 2.0 * upper * fore * np.cos(np.deg2rad(posture.elbow_deg))
    y = hip_y + posture.hand_height_m
    rise = y - shoulder[:, 1]
    aside = skeleton.hand_z_m - shoulder[:, 2]
    forward_sq = reach_sq - rise**2 - aside**2
    # Lean and height leave the hands no way to reach straight down: keep them in front of the body.
    forward = np.sqrt(np.maximum(forward_sq, 0.02**2))
    return np.stack([shoulder[:, 0] + forward, y, np.full(len(y), skeleton.hand_z_m)], axis=1)


def _elbow(skeleton: Skeleton, shoulder: FloatArray, wrist: FloatArray) -> FloatArray:
    """Elbow on its circle between shoulder and wrist, pointing down, back and a little outwards."""
    line = wrist - shoulder
    length = np.linalg.norm(line, axis=1, keepdims=True)
    unit = line / length
    along = (length**2 + skeleton.upper_arm_m**2 - skeleton.forearm_m**2) / (2.0 * length)
    height = np.sqrt(np.maximum(skeleton.upper_arm_m**2 - along**2, 0.0))
    pole = np.array([-0.45, -1.0, 0.45])
    pole = pole - unit * (unit @ pole)[:, None]
    pole /= np.linalg.norm(pole, axis=1, keepdims=True)
    return shoulder + unit * along + pole * height
