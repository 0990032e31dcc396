"""Puts a body's mesh into the postures of a motion: bone transforms, then linear blend skinning."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rowsense.simulate.body import BodyMesh
from rowsense.simulate.kinematics import FOOT_PLATE_DEG
from rowsense.simulate.motion import Motion
from rowsense.simulate.skeleton import SPINE_JOINTS

FloatArray = NDArray[np.float64]

_FLEX_OF_FINGER_DEG = (52.0, 78.0, 55.0)
_FLEX_OF_THUMB_DEG = (20.0, 35.0, 35.0)


def bone_transforms(body: BodyMesh, motion: Motion) -> tuple[FloatArray, FloatArray]:
    """Rotation from rest and joint position of every bone in every frame.

    Returns:
        (T, B, 3, 3) rotations and (T, B, 3) positions, metres, x to the flywheel, y up, z to the rower's right.
    """
    count = len(motion.time_s)
    turn: dict[int, FloatArray] = {}
    place: dict[int, FloatArray] = {}
    _pose_spine(body, motion, turn, place)
    for side in (1.0, -1.0):
        _pose_leg(body, motion, side, turn, place)
        _pose_arm(body, motion, side, turn, place)
    rotation = np.empty((count, len(body.labels), 3, 3))
    position = np.empty((count, len(body.labels), 3))
    for i, parent in enumerate(body.parents):
        rotation[:, i] = turn[i] if i in turn else rotation[:, parent]
        if i in place:
            position[:, i] = place[i]
        else:
            step = body.heads[i] - body.heads[parent]
            position[:, i] = position[:, parent] + rotation[:, parent] @ step
    return rotation, position


def _forward(angle_deg: FloatArray) -> FloatArray:
    """(T, 3, 3) rotation forward about the z axis."""
    angle = np.deg2rad(angle_deg)
    out = np.zeros((len(angle), 3, 3))
    out[:, 0, 0], out[:, 0, 1] = np.cos(angle), np.sin(angle)
    out[:, 1, 0], out[:, 1, 1] = -np.sin(angle), np.cos(angle)
    out[:, 2, 2] = 1.0
    return out


def _frame(direction: FloatArray, side: FloatArray) -> FloatArray:
    """(..., 3, 3) orthonormal columns: along ``direction``, towards ``side``, and across."""
    first = direction / np.linalg.norm(direction, axis=-1, keepdims=True)
    second = side - first * np.sum(side * first, axis=-1, keepdims=True)
    second = second / np.linalg.norm(second, axis=-1, keepdims=True)
    return np.stack([first, second, np.cross(first, second)], axis=-1)


def _align(rest_dir: FloatArray, rest_side: FloatArray, to_dir: FloatArray, to_side: FloatArray) -> FloatArray:
    """Rotations that take the rest direction and side onto the wanted ones."""
    return _frame(to_dir, to_side) @ np.swapaxes(_frame(rest_dir, rest_side), -1, -2)


def _twist(rotation: FloatArray, axis: FloatArray, angle: FloatArray) -> FloatArray:
    """Turn ``rotation`` (T,3,3) further about ``axis`` (T,3) by ``angle`` radians (T,)."""
    unit = axis / np.linalg.norm(axis, axis=1, keepdims=True)
    cross = np.zeros_like(rotation)
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -unit[:, 2], unit[:, 1], -unit[:, 0]
    cross -= np.swapaxes(cross, 1, 2)
    sin, cos = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    spin = np.eye(3) + sin * cross + (1.0 - cos) * (cross @ cross)
    return spin @ rotation


def _pose_spine(body: BodyMesh, motion: Motion, turn: dict[int, FloatArray], place: dict[int, FloatArray]) -> None:
    root = body.bone("root")
    turn[root] = _forward(motion.posture.tilt_deg)
    place[root] = motion.joints.root
    for i, name in enumerate(SPINE_JOINTS):
        turn[body.bone(name)] = _forward(motion.joints.spine_turn_deg[:, i])


def _mirrored(xyz: FloatArray, side: float) -> FloatArray:
    return xyz * np.array([1.0, 1.0, side])


def _name(bone: str, side: float) -> str:
    return f"{bone}.{'R' if side > 0 else 'L'}"


def _pose_leg(
    body: BodyMesh, motion: Motion, side: float, turn: dict[int, FloatArray], place: dict[int, FloatArray]
) -> None:
    joints = motion.joints
    lateral = np.array([0.0, 0.0, 1.0])
    hip, knee, ankle = (_mirrored(j, side) for j in (joints.hip, joints.knee, joints.ankle))
    rest = {n: body.heads[body.bone(_name(n, side))] for n in ("upperleg01", "lowerleg01", "foot", "toe2-1")}
    thigh = _align(rest["lowerleg01"] - rest["upperleg01"], lateral, knee - hip, np.broadcast_to(lateral, hip.shape))
    shank = _align(rest["foot"] - rest["lowerleg01"], lateral, ankle - knee, np.broadcast_to(lateral, hip.shape))
    along = rest["toe2-1"] - rest["foot"]
    yaw = np.arctan2(along[2], along[0])
    straight = np.array([[np.cos(yaw), 0.0, np.sin(yaw)], [0.0, 1.0, 0.0], [-np.sin(yaw), 0.0, np.cos(yaw)]])
    foot = _forward(motion.posture.heel_lift_deg - FOOT_PLATE_DEG) @ straight
    toes = _forward(np.full(len(hip), -FOOT_PLATE_DEG)) @ straight
    turn[body.bone(_name("upperleg01", side))] = thigh
    turn[body.bone(_name("lowerleg01", side))] = shank
    turn[body.bone(_name("foot", side))] = foot
    place[body.bone(_name("upperleg01", side))] = hip
    place[body.bone(_name("lowerleg01", side))] = knee
    place[body.bone(_name("foot", side))] = ankle
    for i, label in enumerate(body.labels):
        if label.startswith("toe") and label.endswith(_name("-1", side)):
            turn[i] = toes


def _pose_arm(
    body: BodyMesh, motion: Motion, side: float, turn: dict[int, FloatArray], place: dict[int, FloatArray]
) -> None:
    joints = motion.joints
    shoulder, elbow, wrist = (_mirrored(j, side) for j in (joints.shoulder, joints.elbow, joints.wrist))
    names = ("upperarm01", "lowerarm01", "wrist", "metacarpal2", "finger3-1", "finger2-1", "finger5-1")
    rest = {n: body.heads[body.bone(_name(n, side))] for n in names}
    rest_upper, rest_fore = rest["lowerarm01"] - rest["upperarm01"], rest["wrist"] - rest["lowerarm01"]
    upper, fore = elbow - shoulder, wrist - elbow
    rest_hinge, hinge = np.cross(rest_upper, rest_fore), np.cross(upper, fore)
    turn[body.bone(_name("upperarm01", side))] = _align(rest_upper, rest_hinge, upper, hinge)
    lower = _align(rest_fore, rest_hinge, fore, hinge)
    turn[body.bone(_name("lowerarm01", side))] = lower
    place[body.bone(_name("upperarm01", side))] = shoulder
    place[body.bone(_name("lowerarm01", side))] = elbow
    place[body.bone(_name("wrist", side))] = wrist

    # Hand level and flat over the handle, thumb side towards the middle.
    thumbward = rest["finger2-1"] - rest["finger5-1"]
    inward = np.broadcast_to(np.array([0.0, 0.0, -side]), wrist.shape)
    ahead = np.broadcast_to(np.array([1.0, 0.06, 0.0]), wrist.shape)
    hand = _align(rest["finger3-1"] - rest["wrist"], thumbward, ahead, inward)
    turn[body.bone(_name("wrist", side))] = hand
    turn[body.bone(_name("lowerarm02", side))] = _half_twist(lower, hand, fore)
    _grip(body, side, hand, turn)


def _half_twist(lower: FloatArray, hand: FloatArray, axis: FloatArray) -> FloatArray:
    """The forearm's lower half takes half of the hand's turn about the forearm."""
    unit = axis / np.linalg.norm(axis, axis=1, keepdims=True)
    relative = hand @ np.swapaxes(lower, 1, 2)
    vector = np.stack(
        [relative[:, 2, 1] - relative[:, 1, 2], relative[:, 0, 2] - relative[:, 2, 0],
         relative[:, 1, 0] - relative[:, 0, 1]], axis=1,
    )  # fmt: skip
    # Swing-twist: the twist part of the relative rotation's quaternion.
    scalar = 1.0 + np.trace(relative, axis1=1, axis2=2)
    twist = 2.0 * np.arctan2(np.sum(vector * unit, axis=1), scalar)
    return _twist(lower, axis, 0.5 * twist)


def _grip(body: BodyMesh, side: float, hand: FloatArray, turn: dict[int, FloatArray]) -> None:
    """Bend the fingers round the handle."""
    axis = np.broadcast_to(np.array([0.0, 0.0, 1.0]), (len(hand), 3))
    for i, label in enumerate(body.labels):
        if not label.startswith("finger") or not label.endswith(_name("", side)):
            continue
        finger, joint = int(label[6]), int(label[8])
        flex = _FLEX_OF_THUMB_DEG if finger == 1 else _FLEX_OF_FINGER_DEG
        total = np.deg2rad(sum(flex[:joint]))
        turn[i] = _twist(hand, axis, np.full(len(hand), -total))


@njit(cache=True, fastmath=True)
def skin(
    vertices: FloatArray,
    weights: FloatArray,
    bones: NDArray[np.int64],
    heads: FloatArray,
    rotation: FloatArray,
    position: FloatArray,
) -> FloatArray:
    """Linear blend skinning of one frame: (V, 3) posed vertices from (B, 3, 3) and (B, 3)."""
    offset = np.empty_like(position)
    for b in range(position.shape[0]):
        for i in range(3):
            offset[b, i] = position[b, i] - (
                rotation[b, i, 0] * heads[b, 0] + rotation[b, i, 1] * heads[b, 1] + rotation[b, i, 2] * heads[b, 2]
            )
    out = np.zeros_like(vertices)
    for v in range(vertices.shape[0]):
        x, y, z = vertices[v, 0], vertices[v, 1], vertices[v, 2]
        for k in range(weights.shape[1]):
            w = weights[v, k]
            if w == 0.0:
                continue
            b = bones[v, k]
            for i in range(3):
                out[v, i] += w * (rotation[b, i, 0] * x + rotation[b, i, 1] * y + rotation[b, i, 2] * z + offset[b, i])
    return out
