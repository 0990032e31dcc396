"""What the report, the summary and the dashboards say about clear changes, and where they keep silent."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from rowsense.batch import _words
from rowsense.conventions import ANGLE_SD_NAMES
from rowsense.model import AngleRange, Session, SpineReference, StrokeDoubt
from rowsense.report.change import rounded_up, stroke_doubt
from rowsense.report.html import html_report
from rowsense.report.own_range import range_lines
from rowsense.report.pdf import pdf_report
from rowsense.report.summary import summary
from rowsense.report.view import report_view
from rowsense.store.codec import from_json, to_json
from tests.session_fixture import make_session, without_judgement

#: Of the fixture: 4.5 deg in every frame, 7 strokes that count; 1.96 sqrt(2) 4.5 sqrt(0.81 + 0.19 / 7) by hand.
PHASES_DEG = 11.413
#: The second fault shows in 4 strokes; 1.96 sqrt(2) 4.5 sqrt(0.81 + 0.19 / 4).
PHASES_OF_FOUR_DEG = 11.550
#: 1.96 sqrt(2) 4.5 sqrt(0.19).
STROKES_DEG = 5.437
#: With so small an error the first fault is a clear change, 10 deg in the low back against 8.95; the second is none,
#: 6 deg against 9.06 in four strokes.
FIRST_CLEAR_SD_DEG = 3.53


def with_sd(session: Session, sd_deg: float) -> Session:
    sds = {name: np.full(len(session.angles), sd_deg) for name in ANGLE_SD_NAMES}
    return replace(session, angles=replace(session.angles, values=session.angles.values | sds))


def test_the_summary_says_what_is_detectable() -> None:
    said = json.loads(json.dumps(summary(make_session()), allow_nan=False))
    change = said["detectable_change"]
    assert (change["probability"], change["stroke_count"]) == (0.95, 7)
    for stem in ("pelvic_tilt", "lumbar_flexion", "thoracic_flexion"):
        assert change[stem]["sd_deg"] == 4.5
        assert change[stem]["repeating_ratio"] == 0.9
        assert change[stem]["standard_error_deg"] == pytest.approx(PHASES_DEG / 1.96 / math.sqrt(2.0), abs=0.001)
        assert change[stem]["between_phases_deg"] == pytest.approx(PHASES_DEG, abs=0.001)
        assert change[stem]["between_strokes_deg"] == pytest.approx(STROKES_DEG, abs=0.001)
        assert change[stem]["between_sessions_deg"] == pytest.approx(PHASES_DEG, abs=0.001)
    first, second = said["faults"]
    assert [r["detectable_change_deg"] for r in first["rules"]] == pytest.approx([PHASES_DEG] * 2, abs=0.001)
    assert second["rules"][0]["detectable_change_deg"] == pytest.approx(PHASES_OF_FOUR_DEG, abs=0.001)


def test_between_sessions_it_is_never_under_six() -> None:
    session = with_sd(make_session(), 1.0)
    change = summary(session)["detectable_change"]["pelvic_tilt"]
    assert change["between_phases_deg"] == pytest.approx(2.536, abs=0.001)
    assert change["between_sessions_deg"] == 6.0
    assert "a difference under 6° in hips or low back is no clear change" in " ".join(report_view(session).certainty)


def test_a_fault_says_from_where_on_its_change_is_clear() -> None:
    clear, unclear = report_view(with_sd(make_session(), FIRST_CLEAR_SD_DEG)).faults
    assert clear.clear_change.endswith("is no clear change under 9° in the hips and 9° in the low back.")
    assert "no clear change" not in clear.sentence
    assert "10° in the low back" in unclear.clear_change
    assert unclear.sentence.endswith("In the low back this is no clear change: over these strokes it takes 10°.")


def test_the_headline_says_it_too() -> None:
    session = with_sd(make_session(), 9.0)
    view = report_view(session)
    assert view.headline.sentence.endswith(
        "In the hips and the low back this is no clear change: over these strokes it takes 23° and 23°."
    )
    assert [f.id for f in view.faults] == [f.id for f in session.assessment.faults], "what is a fault stays one"


def test_the_command_line_says_it_too() -> None:
    session = with_sd(make_session(), FIRST_CLEAR_SD_DEG)
    video, target = session.video.path, Path("out")
    assert "no clear change" not in _words(session, video, target)
    assert "In the hips and the low back this is no clear change" in _words(with_sd(session, 9.0), video, target)


def test_page_and_paper_say_it_in_plain_words() -> None:
    session = make_session()
    paper = " ".join(" ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(pdf_report(session, {}))).pages)
    for text in (html_report(session, {}, None), paper):
        assert "A difference under 12° between two phases of this piece (means of 7 strokes) is no clear change" in text
        assert "nor is one under 6° between two single strokes in one phase" in text
        assert "Between two films like this one, a difference under 12° in hips or low back is no clear change" in text
        assert "over these strokes it takes 12°" in text


def test_a_single_stroke_and_none() -> None:
    one, none = report_view(make_session(1)), report_view(without_judgement(make_session(0)))
    assert "A difference under 13° between two phases of this one stroke is no clear change." in one.certainty[0]
    assert none.certainty[0] == "Hip tip: about ± 4° in a single picture."
    assert "under 6° in hips or low back" in " ".join(none.certainty)
    assert summary(without_judgement(make_session(0)))["detectable_change"]["pelvic_tilt"]["between_phases_deg"] is None


def test_without_a_known_error_nothing_is_claimed() -> None:
    session = with_sd(make_session(), math.nan)
    view = report_view(session)
    assert all(fault.clear_change == "" and "no clear change" not in fault.sentence for fault in view.faults)
    assert "no uncertainty could be given" in view.certainty[0]
    change = summary(session)["detectable_change"]["lumbar_flexion"]
    assert change.pop("repeating_ratio") == 0.9
    assert set(change.values()) == {None}


def test_a_difference_that_is_missing_is_not_called_unclear() -> None:
    session = make_session()
    fault = session.assessment.faults[1]
    missing = replace(fault, rules=(replace(fault.rules[0], measured=math.nan),))
    stored = replace(session, assessment=replace(session.assessment, faults=(missing,)))
    assert "no clear change" not in report_view(stored).faults[0].sentence


def test_in_percent_of_a_range() -> None:
    tilt, lumbar = AngleRange(0.0, 3.0, -20.0, 3.5), AngleRange(0.0, 3.2, 44.0, 4.0)
    session = replace(make_session(), spine_reference=SpineReference("recording", 10.0, 8.0, tilt, lumbar))
    lines = " ".join(range_lines(session))
    assert "a difference under 58 % in the hips or 26 % in the low back is no clear change" in lines
    assert "is no clear change" not in " ".join(range_lines(with_sd(session, math.nan)))


def test_sessions_stored_before_say_nothing_about_single_faults() -> None:
    session = make_session()
    fault = session.assessment.faults[0]
    old = to_json(fault)
    for rule in old["rules"]:
        del rule["compares"]
    stored = replace(session, assessment=replace(session.assessment, faults=(from_json(type(fault), old),)))
    assert report_view(stored).faults[0].clear_change == ""
    assert summary(stored)["faults"][0]["rules"][0]["detectable_change_deg"] is None


def test_degrees_are_rounded_up_and_unknown_is_a_dash() -> None:
    assert [rounded_up(x) for x in (7.01, 8.0, math.nan)] == ["8°", "8°", "–"]
    assert stroke_doubt(make_session(), "pelvic_tilt_deg") == StrokeDoubt(4.5)
    assert math.isnan(stroke_doubt(make_session(), "knee_deg").sd_deg)
