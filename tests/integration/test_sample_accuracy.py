"""The published accuracy on the sample videos stays within what the project promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from rowsense.studies.accuracy import ClipAccuracy, accuracy_page, clip_accuracy

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"
CLIPS = ("well_rowed", "hips_tip_back")
#: RMSE on the near side, degrees.
ANGLE_LIMITS_DEG = {"trunk_lean_deg": 4.0, "knee_deg": 5.0, "elbow_deg": 8.0}


@pytest.fixture(scope="module", params=CLIPS)
def accuracy(request: pytest.FixtureRequest, pose_model: Path) -> ClipAccuracy:
    return clip_accuracy(SAMPLES / f"{request.param}.mp4")


def test_events_are_found_in_time(accuracy: ClipAccuracy) -> None:
    for event in accuracy.events:
        assert event.missed <= 0.02 * event.count, event
        assert event.mean_absolute_ms <= 20, event
        assert abs(event.bias_ms) <= 10, event


def test_joint_angles(accuracy: ClipAccuracy) -> None:
    for angle in accuracy.angles:
        limit = ANGLE_LIMITS_DEG.get(angle.quantity)
        assert limit is None or angle.rmse_deg <= limit, angle


def test_spine_beats_the_best_that_landmarks_could_do(accuracy: ClipAccuracy) -> None:
    for row in accuracy.spine:
        if row.quantity == "thoracic_flexion_deg":
            continue
        assert row.truth_sd_deg >= 8, row
        assert row.rmse_over_spread <= 0.75, row
        assert row.correlation >= 0.7, row
        assert row.better_than_landmarks >= 0.15, row


def test_the_page_shows_every_quantity(accuracy: ClipAccuracy) -> None:
    page = accuracy_page([accuracy])
    for row in accuracy.spine + accuracy.angles:
        assert f"| {row.quantity} |" in page
