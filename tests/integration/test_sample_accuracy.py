"""The published accuracy on the sample videos stays within what the project promises."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rowsense.assess import rhythm as doubt
from rowsense.assess.rhythm import analyse_rhythm
from rowsense.assess.rhythm_strokes import rhythm_strokes
from rowsense.model import RhythmAnalysis, Session
from rowsense.strokes.detect import find_strokes
from rowsense.studies.accuracy import ClipAccuracy, accuracy_page, clip_accuracy

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"
CLIPS = ("well_rowed", "hips_tip_back")
#: RMSE on the near side, degrees.
ANGLE_LIMITS_DEG = {"trunk_lean_deg": 4.0, "knee_deg": 5.0, "elbow_deg": 8.0}


@pytest.fixture(scope="module", params=CLIPS)
def session(request: pytest.FixtureRequest, analysed_sample: Callable[[str], Session]) -> Session:
    return analysed_sample(request.param)


@pytest.fixture(scope="module")
def accuracy(session: Session) -> ClipAccuracy:
    return clip_accuracy(SAMPLES / session.video.path.name, session)


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


def test_rhythm_is_off_by_no_more_than_it_says(session: Session) -> None:
    """The stated sds of what repeats are root mean squares over both clips: no single error is over 2.5 of them."""
    found, truth = session.assessment.rhythm, true_rhythm(session)
    assert found is not None
    for a, b in zip(found.segments, truth.segments, strict=True):
        peak = b.peak_deg_per_s.median
        assert abs(a.peak_deg_per_s.median - peak) <= 2.5 * doubt.PEAK_REPEATING_RATIO * peak, a.segment
        for phase, speed in a.speed_deg_per_s.items():
            error = abs(speed.median - b.speed_deg_per_s[phase].median)
            assert error <= 2.5 * doubt.MEAN_REPEATING_RATIO * peak, (a.segment, phase)
        for name in ("peak_at_ratio", "begin_at_ratio", "end_at_ratio"):
            error = abs(getattr(a, name).median - getattr(b, name).median)
            assert error <= 2.5 * doubt.AT_REPEATING_RATIO, (a.segment, name)
    for a, b in zip(found.overlaps, truth.overlaps, strict=True):
        assert abs(a.ratio.median - b.ratio.median) <= 2.5 * doubt.AT_REPEATING_RATIO
    for name, ratio in (
        ("handle_trunk_ratio", doubt.TRUNK_REPEATING_RATIO), ("handle_leg_ratio", doubt.LEG_REPEATING_RATIO),
    ):  # fmt: skip
        length, true_length = (getattr(r.travel, name).median for r in (found, truth))
        assert abs(length / true_length - 1.0) <= 2.5 * ratio, name
    assert not any(pause.shows for pause in found.pauses), "neither rower pauses"


def true_rhythm(session: Session) -> RhythmAnalysis:
    """From the joints and angles that the clip was rendered with."""
    with (SAMPLES / session.video.path.with_suffix(".truth.csv").name).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    column = {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != "phase"}
    towards = 1.0 if session.facing == "right" else -1.0

    def length_px(start: str, end: str) -> float:
        along, up = (column[f"{start}_{axis}_px"] - column[f"{end}_{axis}_px"] for axis in "xy")
        return float(np.median(np.hypot(along, up)))

    nothing = np.full(len(rows), np.nan)
    series = replace(
        session.angles,
        time_s=column["time_s"],
        values={name: column.get(name, nothing) for name in session.angles.values},
        handle_x_px=towards * column["handle_x_px"],
        seat_x_px=towards * column["hip_x_px"],
        confidence=np.ones(len(rows)),
        shoulders_x_px=np.stack([towards * column["handle_x_px"]] * 2),
        trunk_px=length_px("hip", "shoulder"),
        leg_px=length_px("hip", "knee") + length_px("knee", "ankle"),
    )
    found = analyse_rhythm(series, rhythm_strokes(series, find_strokes(series, np.arange(len(rows)))))
    assert found is not None
    return found
