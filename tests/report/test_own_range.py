"""Percent of the rower's own range, and of the range seen in a recording: never one under the name of the other."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from pypdf import PdfReader

from rowsense.model import AngleRange, Session, SpineReference
from rowsense.report.html import html_report
from rowsense.report.own_range import range_lines, share_columns, shares
from rowsense.report.pdf import pdf_report
from rowsense.report.summary import summary
from rowsense.report.tables import strokes_table
from rowsense.report.view import report_view
from rowsense.store.codec import from_json, to_json
from tests.session_fixture import make_session, without_judgement

TILT, LUMBAR = AngleRange(0.0, 3.0, -20.0, 3.5), AngleRange(0.0, 3.2, 44.0, 4.0)


def calibrated() -> Session:
    reference = SpineReference("calibration", 4.4, 4.5, TILT, LUMBAR, "2026-05-01, posing.mp4")
    return replace(make_session(), spine_reference=reference)


def from_recording() -> Session:
    return replace(make_session(), spine_reference=SpineReference("recording", 10.0, 8.0, TILT, LUMBAR))


def test_strokes_have_their_share_of_her_own_range() -> None:
    table = strokes_table(calibrated())
    ratio = table["pelvic_tilt_of_own_range_ratio_catch"]
    np.testing.assert_allclose(ratio, table["pelvic_tilt_deg_catch"] / -20.0)
    assert np.isnan(ratio[3]), "a stroke that was not measured has none"
    assert np.nanmedian(table["lumbar_flexion_of_own_range_ratio_catch"]) == pytest.approx(33 / 44, abs=0.05)
    assert not [name for name in table if "seen_range" in name]


def test_without_a_calibration_nothing_is_called_her_own() -> None:
    session = from_recording()
    table = strokes_table(session)
    assert "pelvic_tilt_of_seen_range_ratio_catch" in table
    assert not [name for name in table if "own_range" in name]
    said = summary(session)
    assert said["own_range"] is None
    assert said["seen_range"]["source"] == "the strokes of this recording"
    page = html_report(session, {}, None)
    assert "of the range seen in this video" in page
    assert "of your own range" not in page
    assert "There is no zero of your own yet" in page


def test_summary_and_report_say_her_own() -> None:
    session = calibrated()
    said = json.loads(json.dumps(summary(session), allow_nan=False))
    assert said["seen_range"] is None
    assert said["spine_reference"]["kind"] == "calibration"
    assert said["spine_reference"]["source"] == "2026-05-01, posing.mp4"
    tilt = said["own_range"]["pelvic_tilt"]
    assert tilt["end_deg"] == -20.0
    assert tilt["ratio_by_phase"]["catch"] == pytest.approx(0.5, abs=0.05)
    view = report_view(session)
    assert view.range_lines[0].startswith("At the catch: hips at 5")
    assert "% (± " in view.range_lines[0]
    assert "2026-05-01" in view.range_lines[-1]
    page = html_report(session, {}, None)
    assert "of your own range" in page
    assert "of the range seen" not in page
    paper = PdfReader(io.BytesIO(pdf_report(session, {})))
    assert "of your own range" in " ".join(" ".join(p.extract_text().split()) for p in paper.pages)
    assert any("your own tall sitting" in line and "± 4°" in line for line in view.certainty)


def test_the_doubt_of_a_share_holds_the_doubt_of_the_range() -> None:
    sure = shares(calibrated())["pelvic_tilt"]["catch"]
    reference = replace(calibrated().spine_reference, pelvic_tilt_range=AngleRange(0.0, 6.0, -20.0, 7.0))
    doubtful = shares(replace(calibrated(), spine_reference=reference))["pelvic_tilt"]["catch"]
    assert sure.ratio == doubtful.ratio
    assert 0.2 < sure.sd_ratio < doubtful.sd_ratio


def test_beyond_the_range_is_shown_as_it_is() -> None:
    reference = replace(calibrated().spine_reference, lumbar_flexion_range=AngleRange(0.0, 3.0, 29.0, 3.0))
    assert "low back at 11" in range_lines(replace(calibrated(), spine_reference=reference))[0]
    forward = replace(calibrated().spine_reference, pelvic_tilt_range=AngleRange(-20.0, 3.0, -40.0, 3.0))
    assert "hips at −" in range_lines(replace(calibrated(), spine_reference=forward))[0]


def test_no_range_no_words() -> None:
    unknown = make_session()
    assert share_columns(unknown) == {}
    assert range_lines(unknown) == ()
    assert '<h2 id="range">' not in html_report(unknown, {}, None)
    assert range_lines(without_judgement(calibrated())) == ()


def test_the_reference_is_stored_and_older_ones_still_read() -> None:
    reference = calibrated().spine_reference
    assert from_json(SpineReference, json.loads(json.dumps(to_json(reference)))) == reference
    old = {"kind": "none", "pelvic_tilt_offset_sd_deg": 10.0, "lumbar_flexion_offset_sd_deg": 8.0}
    assert from_json(SpineReference, old).pelvic_tilt_range is None
    with pytest.raises(ValueError, match="a calibration has ranges"):
        SpineReference("calibration", 4.0, 4.0, source="x")
