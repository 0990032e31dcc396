"""Calibrations with known numbers."""

from __future__ import annotations

from datetime import datetime

from rowsense.model import AngleRange, Calibration

ESTIMATOR = "spine 0123456789ab, pose 50a32a31564f"


def make_calibration(
    athlete: str = "Žofie Łukasik", made_at: str = "2026-05-01T18:30:00+02:00", estimator: str = ESTIMATOR
) -> Calibration:
    """Tall at -6 and 4 degrees, slump at -26 and 34."""
    return Calibration(
        athlete=athlete, made_at=datetime.fromisoformat(made_at), video_name="posing.mp4", video_sha256="1" * 64,
        rowsense_version="0.1.0", estimator=estimator, pelvic_tilt=AngleRange(-6.0, 3.0, -26.0, 3.5),
        lumbar_flexion=AngleRange(4.0, 3.2, 34.0, 4.0), thoracic_tall_deg=7.0, thoracic_tall_sd_deg=3.0,
        tall_count=3, slump_count=3, hinge_count=2, notes=("The picture is dark.",), head_trunk_tall_deg=-8.0,
        head_trunk_tall_sd_deg=5.2,
    )  # fmt: skip
