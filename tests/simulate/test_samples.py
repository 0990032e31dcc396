"""The two committed samples: what they promise about truth, and that video and tables fit together."""

from __future__ import annotations

import csv
from pathlib import Path

import av
import numpy as np
import pytest

from rowsense.conventions import ANGLE_NAMES, PHASES
from rowsense.simulate.clip_spec import SAMPLES

FOLDER = Path(__file__).resolve().parents[2] / "sample_videos"
NAMES = sorted(SAMPLES)


def _truth(name: str) -> dict[str, np.ndarray]:
    with (FOLDER / f"{name}.truth.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    texts = {"phase"}
    return {k: np.array([r[k] if k in texts else float(r[k]) for r in rows]) for k in rows[0]}


def _events(name: str) -> np.ndarray:
    return np.loadtxt(FOLDER / f"{name}.events.csv", delimiter=",", skiprows=1)


def _at(truth: dict[str, np.ndarray], column: str, times: np.ndarray) -> np.ndarray:
    grid = np.linspace(-0.05, 0.05, 5)
    return np.array([np.interp(t + grid, truth["time_s"], truth[column]).mean() for t in times])


def _in_phase(truth: dict[str, np.ndarray], column: str, phase: str, stroke: int) -> float:
    return float(truth[column][(truth["phase"] == phase) & (truth["stroke"] == stroke)].mean())


def _explained(truth: dict[str, np.ndarray], column: str) -> float:
    """Share of the variance that the best straight fit from true landmarks explains."""
    joints = [f"{j}_{a}_px" for j in ("hip", "shoulder", "knee", "ear") for a in "xy"]
    known = np.column_stack([truth[j] for j in joints] + [np.ones(len(truth["frame"]))])
    wanted = truth[column]
    rest = wanted - known @ np.linalg.lstsq(known, wanted, rcond=None)[0]
    return float(1.0 - rest.var() / wanted.var())


@pytest.mark.parametrize("name", NAMES)
def test_video_and_truth_have_the_same_frames(name: str) -> None:
    truth = _truth(name)
    with av.open(str(FOLDER / f"{name}.mp4")) as container:
        stream = container.streams.video[0]
        times = [float(p.pts * p.time_base) for p in container.demux(stream) if p.pts is not None]
        assert (stream.width, stream.height, stream.pix_fmt) == (1280, 720, "yuv420p")
        assert stream.codec_context.name == "h264"
        assert float(stream.average_rate) == pytest.approx(SAMPLES[name].motion.fps)
    np.testing.assert_allclose(np.sort(times), truth["time_s"], atol=0.0005)


def test_samples_are_small() -> None:
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) < 5_000_000


@pytest.mark.parametrize("name", NAMES)
def test_truth_has_every_column_and_phase(name: str) -> None:
    truth, events = _truth(name), _events(name)
    assert set(ANGLE_NAMES) <= set(truth)
    assert set(truth["phase"]) == {"", *PHASES}
    assert len(events) >= 7
    assert np.all(np.diff(events[:, 1:], axis=1) > 0)
    np.testing.assert_allclose(events[1:, 1], events[:-1, 3], atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_handle_turns_at_the_events(name: str) -> None:
    truth, events = _truth(name), _events(name)
    toward = 1.0 if SAMPLES[name].camera.facing == "right" else -1.0
    for t in events[:, 1]:
        near = np.abs(truth["time_s"] - t) < 0.3
        seen = truth["time_s"][near][np.argmax(toward * truth["handle_x_px"][near])]
        assert abs(seen - t) < 0.04


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("column", ["pelvic_tilt_deg", "lumbar_flexion_deg"])
def test_spine_spreads_and_landmarks_do_not_give_it_away(name: str, column: str) -> None:
    truth = _truth(name)
    assert truth[column].std() >= 8.0
    assert _explained(truth, column) <= 0.6


@pytest.mark.parametrize("name", NAMES)
def test_skin_at_the_sacrum_turns_with_the_pelvis_and_a_little_with_the_low_back(name: str) -> None:
    truth = _truth(name)
    names = ("pelvic_tilt_deg", "lumbar_flexion_deg", "thoracic_flexion_deg")
    bones = np.column_stack([truth[name] for name in names] + [np.ones(len(truth["frame"]))])
    for column in ("pelvic_tilt_surface_deg", "lumbar_flexion_surface_deg"):
        share = np.linalg.lstsq(bones, truth[column], rcond=None)[0]
        rest = truth[column] - bones @ share
        assert rest.std() < 0.35 * truth[column].std()
        if column.startswith("pelvic"):
            assert 0.6 < share[0] < 1.1
            assert 0.1 < share[1] < 0.4
        else:
            assert 0.7 < share[1] < 1.1


def test_well_rowed_keeps_inside_the_catch_limits() -> None:
    truth, events = _truth("well_rowed"), _events("well_rowed")
    catch, count = events[:, 3], len(events)
    tilt, lumbar = _at(truth, "pelvic_tilt_deg", catch), _at(truth, "lumbar_flexion_deg", catch)
    rock_tilt = np.array([_in_phase(truth, "pelvic_tilt_deg", "rock_over", i) for i in range(count)])
    rock_lumbar = np.array([_in_phase(truth, "lumbar_flexion_deg", "rock_over", i) for i in range(count)])
    mid = np.array([_in_phase(truth, "lumbar_flexion_deg", "mid_drive", i) for i in range(count)])
    assert (rock_tilt - tilt).mean() < 0.0
    assert (lumbar - rock_lumbar).mean() < 8.0
    assert tilt.mean() > -3.0
    assert (mid - _at(truth, "lumbar_flexion_deg", events[:, 1])).mean() < 5.0
    assert _at(truth, "shin_deg", catch).mean() > 78.0
    assert _at(truth, "trunk_lean_deg", events[:, 2]).mean() > -30.0


def test_hips_tip_back_in_nearly_every_stroke() -> None:
    truth, events = _truth("hips_tip_back"), _events("hips_tip_back")
    rock = np.array([_in_phase(truth, "pelvic_tilt_deg", "rock_over", i) for i in range(len(events))])
    fall = rock - _at(truth, "pelvic_tilt_deg", events[:, 3])
    assert np.mean(fall >= 14.0) >= 0.85
    lumbar = _at(truth, "lumbar_flexion_deg", events[:, 3])
    rock_lumbar = np.array([_in_phase(truth, "lumbar_flexion_deg", "rock_over", i) for i in range(len(events))])
    assert (lumbar - rock_lumbar).min() > 8.0
