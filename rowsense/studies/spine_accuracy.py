"""How well pelvis and spine are measured on the sample videos, beside what landmarks alone could say at best.

``python -m rowsense.studies.spine_accuracy`` analyses the sample videos and prints the table.

Two other estimates stand beside ours. *Landmarks*: the best linear function of the directions of trunk, thigh,
shank, upper arm, forearm and neck, fitted to the truth of the very clip it is judged on, which no real estimate
could be. *Tangents*: directions of the outline at three levels, no fitted function. Of every estimate the mean
error of the clip is taken out.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rowsense.kernels.smoothing import lowpass
from rowsense.model import Session, SideView
from rowsense.pipeline import analyze_video
from rowsense.pose.side_view import to_side_view
from rowsense.spine.geometric import CUTOFF_HZ, spine_angles, tangent_angles

FloatArray = NDArray[np.float64]

SPINE_NAMES = ("pelvic_tilt_deg", "lumbar_flexion_deg", "thoracic_flexion_deg")
SEGMENTS = (
    ("hip", "shoulder"),
    ("hip", "knee"),
    ("ankle", "knee"),
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("shoulder", "ear"),
)


@dataclass(frozen=True, slots=True)
class SpineAccuracy:
    """One quantity on one clip, degrees; every estimate's mean error removed."""

    clip: str
    quantity: str
    truth_sd_deg: float
    rmse_deg: float
    correlation: float
    offset_deg: float
    """The mean error that was removed."""
    stated_sd_deg: float
    """Root mean square of the standard deviations that came with the estimate."""
    landmarks_rmse_deg: float
    tangents_rmse_deg: float
    frame_count: int

    @property
    def rmse_over_spread(self) -> float:
        """1 would be no better than the clip's mean."""
        return self.rmse_deg / self.truth_sd_deg

    @property
    def better_than_landmarks(self) -> float:
        """Part of the landmarks' error that is gone."""
        return 1.0 - self.rmse_deg / self.landmarks_rmse_deg


def spine_accuracy(videos: list[Path]) -> list[SpineAccuracy]:
    """Analyse clips that have ``<name>.truth.csv`` beside them."""
    rows = []
    for video in videos:
        session = analyze_video(video)
        rows += compare(video.stem, session_view(session), read_truth(video, session.track.frame))
    return rows


def session_view(session: Session) -> SideView:
    """The canonical side view of a session whose camera stands still, so that the track needs no steadying."""
    roll_deg = session.camera.roll_deg if np.isfinite(session.camera.roll_deg) else 0.0
    return to_side_view(session.track, session.facing, session.near_side, roll_deg)


def read_truth(video: Path, frames: NDArray[np.int64]) -> FloatArray:
    """(T, 3) true ``SPINE_NAMES`` of these frames."""
    with video.with_suffix(".truth.csv").open(encoding="utf-8", newline="") as handle:
        table = {int(row["frame"]): [float(row[name]) for name in SPINE_NAMES] for row in csv.DictReader(handle)}
    return np.array([table[int(frame)] for frame in frames])


def compare(clip: str, view: SideView, truth_deg: FloatArray) -> list[SpineAccuracy]:
    """The table's rows of one clip: our estimate, landmarks alone and plain tangents against the truth (T, 3)."""
    angles = spine_angles(view)
    landmarks = best_from_landmarks(view, truth_deg)
    tangents = lowpass(view.time_s, tangent_angles(view), CUTOFF_HZ)
    rows = []
    for k, name in enumerate(SPINE_NAMES):
        estimate = getattr(angles, name)
        stated = getattr(angles, name.replace("_deg", "_sd_deg"))
        known = np.isfinite(estimate) & np.isfinite(landmarks[:, k]) & np.isfinite(tangents[:, k])
        true = truth_deg[known, k]
        error = estimate[known] - true
        rows.append(
            SpineAccuracy(
                clip=clip,
                quantity=name,
                truth_sd_deg=float(true.std()),
                rmse_deg=float(error.std()),
                correlation=float(np.corrcoef(estimate[known], true)[0, 1]),
                offset_deg=float(error.mean()),
                stated_sd_deg=float(np.sqrt(np.mean(stated[known] ** 2))),
                landmarks_rmse_deg=float((landmarks[known, k] - true).std()),
                tangents_rmse_deg=float((tangents[known, k] - true).std()),
                frame_count=int(known.sum()),
            )
        )
    return rows


def best_from_landmarks(view: SideView, truth_deg: FloatArray) -> FloatArray:
    """(T, 3) linear in six segment directions, least squares on this clip's own truth; NaN where one is missing."""
    columns = [np.ones(len(view))]
    for start, end in SEGMENTS:
        step = view.joints[end] - view.joints[start]
        heading = np.angle((step[:, 0] + 1j * step[:, 1]) / np.exp(1j * _mean_heading(step)))
        columns.append(np.degrees(heading))
    design = np.stack(columns, axis=1)
    known = np.isfinite(design).all(axis=1)
    found = np.full(truth_deg.shape, np.nan)
    found[known] = design[known] @ np.linalg.lstsq(design[known], truth_deg[known], rcond=None)[0]
    return found


def _mean_heading(step: FloatArray) -> float:
    """Mean direction in radians, so that differences from it do not wrap."""
    return float(np.angle(np.nanmean(step[:, 0] / np.hypot(*step.T)) + 1j * np.nanmean(step[:, 1] / np.hypot(*step.T))))


def format_table(rows: list[SpineAccuracy]) -> str:
    """The table as text."""
    head = (
        f"{'clip':<16}{'quantity':<24}{'spread':>7}{'RMSE':>7}{'ratio':>7}{'corr':>7}"
        f"{'landm.':>8}{'better':>8}{'tang.':>7}{'sd said':>9}{'offset':>8}{'frames':>8}"
    )
    lines = [head]
    for r in rows:
        lines.append(
            f"{r.clip:<16}{r.quantity:<24}{r.truth_sd_deg:7.2f}{r.rmse_deg:7.2f}{r.rmse_over_spread:7.2f}"
            f"{r.correlation:7.3f}{r.landmarks_rmse_deg:8.2f}{100 * r.better_than_landmarks:7.0f}%"
            f"{r.tangents_rmse_deg:7.2f}{r.stated_sd_deg:9.2f}{r.offset_deg:8.2f}{r.frame_count:8d}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(format_table(spine_accuracy(sorted(Path("sample_videos").glob("*.mp4")))))
