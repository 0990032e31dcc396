"""The rower in the canonical side view: mirrored so that the flywheel is at +x, y up, camera roll taken out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rowsense.conventions import FACING_LEFT, LANDMARK_INDEX, SIDE_JOINTS
from rowsense.model import PoseTrack, SideView
from rowsense.pose.limbs import joint_centres, nearer_px, only_seen_limbs

FloatArray = NDArray[np.float64]

#: Joints whose visibility makes up the confidence: those that trunk, knee and elbow angles and the events need.
_CONFIDENCE_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")

#: What the network calls by the wrong side together.
_ARM = ("elbow", "wrist", "pinky", "index", "thumb")
#: Elbow and wrist of the near arm are both under the first and those of the far one both over the second: the network
#: calls the near arm the far one, since that hides the other. [D] So it does around the finish, where both arms move
#: alike and no path tells which is which: in 15 of 180 rendered clips for ten frames or more, in two of five pieces at
#: 15 frames a second for a tenth of all. The hand so found was off by 0.15 trunk lengths at most in nine of ten frames
#: of twelve of these clips, as near hands that are seen are.
_LOST, _SURE = 0.5, 0.8

#: Landmarks of the near hand that hold the handle; the wrist bends.
_FINGERS = ("index", "pinky", "thumb")


def to_side_view(track: PoseTrack, facing: str, near_side: str, roll_deg: float) -> SideView:
    """Turn picture positions into the canonical side view (:class:`~rowsense.model.SideView` says how).

    Parameters
    ----------
    facing : ``left`` or ``right``: where the flywheel is in the picture
    near_side : ``left`` or ``right`` side of the body, the one that the camera sees
    roll_deg : camera roll, + = picture turned clockwise; 0 where it is not known

    Joints are centres (:mod:`rowsense.pose.limbs`), and NaN where the track's are or where the limb was lost.
    Confidence is the mean visibility of the joints that the angles need, a missing joint counting as 0.
    """
    track = with_near_arm(track, near_side)
    landmarks = only_seen_limbs(near_landmarks(track, facing, near_side, roll_deg))
    joints = joint_centres(landmarks)
    seen = np.stack(
        [
            np.where(
                np.isfinite(joints[name]).all(axis=1),
                track.visibility[:, LANDMARK_INDEX[f"{near_side}_{name}"]],
                0.0,
            )
            for name in _CONFIDENCE_JOINTS
        ]
    )
    # On 86 strokes of 20 simulated rowers catch and finish were off by 19.9 and 13.3 ms (mean) with the near hand's
    # fingers; by 22.4 and 17.1 with wrists and index fingers of both hands, because the far hand is half hidden.
    fingers = tuple(f"{near_side}_{finger}" for finger in _FINGERS)
    hands_x = nearer_px(landmarks) + _together(track, f"{near_side}_wrist", fingers, facing, roll_deg)
    far_side = "left" if near_side == "right" else "right"
    both_shoulders = [LANDMARK_INDEX[f"{side}_shoulder"] for side in (near_side, far_side)]
    return SideView(
        time_s=track.time_s,
        joints=joints,
        back_xy=canonical(track.back_xy_px, facing, roll_deg),
        back_seen=track.back_seen,
        confidence=seen.mean(axis=0),
        facing=facing,
        near_side=near_side,
        roll_deg=roll_deg,
        hands_x=np.where(np.isfinite(landmarks["wrist"][:, 0]), hands_x, np.nan),
        shoulders_x=canonical(track.xy_px[:, both_shoulders], facing, roll_deg)[..., 0].T,
        nose_xy=canonical(track.xy_px[:, LANDMARK_INDEX["nose"]], facing, roll_deg),
        spine_deg=_level_spine(track.spine_deg, facing, roll_deg),
        spine_sd_deg=track.spine_sd_deg,
    )


def with_near_arm(track: PoseTrack, near_side: str) -> PoseTrack:
    """The track, the arms of frames in which the near one goes by the far one's name changed back."""
    sides = (near_side, "left" if near_side == "right" else "right")
    near, far = ([LANDMARK_INDEX[f"{side}_{joint}"] for joint in _ARM] for side in sides)
    seen = track.visibility
    lost, sure = (seen[:, near[:2]] < _LOST).all(axis=1), (seen[:, far[:2]] > _SURE).all(axis=1)
    rows = np.flatnonzero(lost & sure & np.isfinite(track.xy_px[:, far[:2]]).all(axis=(1, 2)))[:, None]
    if not rows.size:
        return track
    xy_px, visibility = track.xy_px.copy(), seen.copy()
    for array, was in ((xy_px, track.xy_px), (visibility, seen)):
        array[rows, near], array[rows, far] = was[rows, far], was[rows, near]
    return replace(track, xy_px=xy_px, visibility=visibility)


def near_landmarks(track: PoseTrack, facing: str, near_side: str, roll_deg: float) -> dict[str, FloatArray]:
    """``SIDE_JOINTS`` of the near side as the pose model has them, (T, 2) each in the canonical side view."""
    return {
        name: canonical(track.xy_px[:, LANDMARK_INDEX[f"{near_side}_{name}"]], facing, roll_deg) for name in SIDE_JOINTS
    }


def _level_spine(spine_deg: NDArray[np.floating] | None, facing: str, roll_deg: float) -> FloatArray | None:
    """(T, 3) with the camera's roll taken out of the tilt: a picture turned clockwise leans everything to the right."""
    if spine_deg is None:
        return None
    towards_deg = -roll_deg if facing == FACING_LEFT else roll_deg
    return np.asarray(spine_deg - np.array([towards_deg, 0.0, 0.0]), dtype=np.float64)


def _together(track: PoseTrack, first: str, others: tuple[str, ...], facing: str, roll_deg: float) -> FloatArray:
    """(T,) mean x of the landmarks ``others``, each moved to the usual place of ``first``; NaN where that is."""

    def x_of(name: str) -> FloatArray:
        return canonical(track.xy_px[:, LANDMARK_INDEX[name]], facing, roll_deg)[:, 0]

    place = x_of(first)
    away = np.stack([x_of(name) - place for name in others])
    known = np.isfinite(away)
    usual = np.array([np.median(row[k]) if k.any() else 0.0 for row, k in zip(away, known, strict=True)])
    shift = np.where(known, away - usual[:, None], 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.asarray(place + shift, dtype=np.float64)


def canonical(xy_px: NDArray[np.floating], facing: str, roll_deg: float) -> FloatArray:
    """(..., 2) picture pixels (y down) -> canonical axes (flywheel at +x, y up, roll taken out), source pixels.

    1. y is negated: up is up.
    2. A picture that was turned clockwise by ``roll_deg`` is turned back, counter-clockwise.
    3. x is negated for a rower who faces left.
    """
    x, y = xy_px[..., 0], xy_px[..., 1]
    cos, sin = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
    out = np.empty(xy_px.shape)  # filled in place: the back line of a long video is its largest array
    out[..., 0] = cos * x
    out[..., 0] += sin * y
    out[..., 1] = sin * x
    out[..., 1] -= cos * y
    if facing == FACING_LEFT:
        np.negative(out[..., 0], out=out[..., 0])
    return out
