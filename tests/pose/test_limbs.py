"""Joint centres from landmarks: bones keep their lengths, the trunk keeps its direction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rowsense.pose.limbs import SHOULDER_DROP_RATIO, knee_centre, shoulder_centre

FloatArray = NDArray[np.float64]
THIGH_PX, SHANK_PX = 160.0, 170.0


def leg(knee_deg: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Hip, knee and ankle (T, 2) of a rigid leg in the canonical side view, hip and ankle on a level line."""
    knee = np.radians(knee_deg)
    span = np.sqrt(THIGH_PX**2 + SHANK_PX**2 - 2 * THIGH_PX * SHANK_PX * np.cos(knee))
    along = (THIGH_PX**2 - SHANK_PX**2 + span**2) / (2 * span)
    hip = np.stack([-span, np.zeros_like(span)], axis=1)
    joint = hip + np.stack([along, np.sqrt(np.maximum(THIGH_PX**2 - along**2, 0.0))], axis=1)
    return hip, joint, np.zeros_like(hip)


def angle_deg(hip: FloatArray, knee: FloatArray, ankle: FloatArray) -> FloatArray:
    a, b = hip - knee, ankle - knee
    cosine = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


STROKE_DEG = 115.0 - 60.0 * np.cos(np.linspace(0, 4 * np.pi, 120))


def test_a_rigid_leg_is_left_alone() -> None:
    hip, knee, ankle = leg(STROKE_DEG)
    np.testing.assert_allclose(knee_centre(hip, knee, ankle), knee, atol=1e-6)


def test_a_knee_that_slips_at_the_catch_is_put_back() -> None:
    hip, knee, ankle = leg(STROKE_DEG)
    bent = STROKE_DEG < 90
    slipped = knee - np.where(bent, 18.0, 0.0)[:, None] * np.array([0.0, 1.0])
    assert np.mean(angle_deg(hip, slipped, ankle)[bent] - STROKE_DEG[bent]) > 4
    put_back = angle_deg(hip, knee_centre(hip, slipped, ankle), ankle)
    assert np.max(np.abs(put_back - STROKE_DEG)[bent]) < 0.5


def test_a_straight_leg_keeps_its_landmark() -> None:
    hip, knee, ankle = leg(STROKE_DEG)
    straight = STROKE_DEG > 155
    moved = knee + straight[:, None] * np.array([2.0, -3.0])
    np.testing.assert_array_equal(knee_centre(hip, moved, ankle)[straight], moved[straight])


def test_missing_stays_missing_and_too_little_is_left_alone() -> None:
    hip, knee, ankle = leg(STROKE_DEG)
    hip[30:35], knee[60:62] = np.nan, np.nan
    out = knee_centre(hip, knee, ankle)
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(out[:, 0])), [*range(30, 35), 60, 61])
    few = slice(0, 5)
    np.testing.assert_array_equal(knee_centre(hip[few], knee[few], ankle[few]), knee[few])


def test_shoulder_drops_along_the_trunk() -> None:
    lean = np.radians(np.linspace(-30, 30, 50))
    hip = np.zeros((50, 2))
    shoulder = 200.0 * np.stack([np.sin(lean), np.cos(lean)], axis=1)
    centre = shoulder_centre(shoulder, hip)
    np.testing.assert_allclose(np.arctan2(centre[:, 0], centre[:, 1]), lean, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(centre, axis=1), 200.0 * (1 - SHOULDER_DROP_RATIO))
    nowhere = np.full((3, 2), np.nan)
    assert np.isnan(shoulder_centre(nowhere, np.zeros((3, 2)))).all()
