"""Zero and range of a session: from a calibration, or from the recording itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rowsense.errors import CalibrationError
from rowsense.model import StrokeList
from rowsense.spine.geometric import OFFSET_SD_DEG
from rowsense.spine.identity import estimator_identity
from rowsense.spine.reference import check_estimator, from_own_zero, spine_reference
from tests.calibrations import make_calibration
from tests.session_fixture import make_session


def test_zeros_are_taken_off_and_nothing_else_changes() -> None:
    session, calibration = make_session(), make_calibration()
    own = from_own_zero(session.angles, calibration)
    zeros = {"pelvic_tilt_deg": -6.0, "lumbar_flexion_deg": 4.0, "thoracic_flexion_deg": 7.0}
    for name, values in session.angles.values.items():
        np.testing.assert_allclose(own[name], values - zeros.get(name, 0.0), err_msg=name)
    assert from_own_zero(session.angles, None) is session.angles


def test_a_calibration_is_the_reference_with_a_smaller_sd() -> None:
    session, calibration = make_session(), make_calibration()
    reference = spine_reference(session.angles, session.strokes, calibration, OFFSET_SD_DEG)
    assert reference.kind == "calibration"
    assert calibration.pelvic_tilt.neutral_sd_deg < reference.pelvic_tilt_offset_sd_deg < OFFSET_SD_DEG[0]
    assert calibration.lumbar_flexion.neutral_sd_deg < reference.lumbar_flexion_offset_sd_deg < OFFSET_SD_DEG[1]
    assert reference.pelvic_tilt_range is not None
    assert (reference.pelvic_tilt_range.neutral_deg, reference.pelvic_tilt_range.end_deg) == (0.0, -20.0)
    assert "2026-05-01" in reference.source
    assert reference.head_zero_sd_deg == pytest.approx(np.hypot(5.2, 6.0 / 1.96))
    headless = replace(calibration, head_trunk_tall_deg=np.nan, head_trunk_tall_sd_deg=np.nan)
    assert np.isnan(spine_reference(session.angles, session.strokes, headless, OFFSET_SD_DEG).head_zero_sd_deg)
    assert np.isnan(spine_reference(session.angles, session.strokes, None, OFFSET_SD_DEG).head_zero_sd_deg)


def test_without_one_the_range_is_of_the_recording() -> None:
    session = make_session()
    reference = spine_reference(session.angles, session.strokes, None, OFFSET_SD_DEG)
    assert (reference.kind, reference.source) == ("recording", "")
    assert (reference.pelvic_tilt_offset_sd_deg, reference.lumbar_flexion_offset_sd_deg) == OFFSET_SD_DEG
    tilt, lumbar = reference.pelvic_tilt_range, reference.lumbar_flexion_range
    assert tilt is not None and lumbar is not None
    assert tilt.width_deg < -8.0, "from the most forward to the furthest back"
    assert lumbar.width_deg > 15.0
    assert tilt.neutral_deg < float(session.angles["pelvic_tilt_deg"].max()), "one reading alone is not the range"


def test_no_range_from_nothing() -> None:
    session = make_session()
    nothing = spine_reference(session.angles, StrokeList(()), None, OFFSET_SD_DEG)
    assert (nothing.kind, nothing.pelvic_tilt_range) == ("none", None)
    flat = np.full(len(session.angles), 3.0)
    still = replace(session.angles, values=session.angles.values | {"pelvic_tilt_deg": flat})
    assert spine_reference(still, session.strokes, None, OFFSET_SD_DEG).kind == "none"


def test_another_estimator_is_refused_in_one_line() -> None:
    calibration = make_calibration()
    check_estimator(calibration, calibration.estimator)
    with pytest.raises(CalibrationError, match="another version of the spine estimate") as caught:
        check_estimator(calibration, "spine 000000000000, pose 50a32a31564f")
    assert "rowsense calibrate" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_identity_follows_pose_model_and_fitted_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    one = estimator_identity("a" * 64)
    assert one == estimator_identity("a" * 64) != estimator_identity("b" * 64)
    monkeypatch.setattr("rowsense.spine.identity.TILT_ZERO_DEG", 31.0)
    assert estimator_identity("a" * 64) != one
    monkeypatch.undo()
    monkeypatch.setattr("rowsense.spine.identity.OUTLINE_VERSION", 99)
    assert estimator_identity("a" * 64) != one
    monkeypatch.undo()
    for name in ("DATA_FILE", "ANSWER_FILE"):
        monkeypatch.setattr(f"rowsense.spine.identity.{name}", "network.py")  # any other file for it
        assert estimator_identity("a" * 64) != one
        monkeypatch.undo()
