"""The piece on page and paper: what is drawn, what is said, and what is not where the piece is too short."""

from __future__ import annotations

import io
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from pypdf import PdfReader

from rowsense.model import BestStrokes, Difference, Drift, PieceAnalysis, Spread
from rowsense.report.figures import best_figure, drift_figure
from rowsense.report.html import html_report
from rowsense.report.pdf import pdf_report
from rowsense.report.piece_view import MAIN, MOST_PANELS, drawn, drift_head, drift_panel, piece_view, stroke_values
from rowsense.report.piece_words import (
    BEST,
    drift_lines,
    rate_handling_line,
    rate_lines,
    spread_note,
    spread_value,
    told,
)
from rowsense.report.texts import captions
from rowsense.texts.measures import ENGLISH, spoken
from tests.piece_fixture import DIFFERENCE, DRIFT, PIECE, UNJUDGED
from tests.report.drawing import in_plotly
from tests.report.judged import DRIFT_DEG, STROKES, long_session, with_results
from tests.report.test_hips_section import NEVER
from tests.session_fixture import PERIOD_S, make_session

TILT = "pelvic_tilt_deg_catch"
WORDS = captions(ENGLISH, "report_piece")
SHORT = PieceAnalysis(
    9, 0.3, drift_reason="Too short: it takes 50 strokes and 2 minutes.", spread_reason="Too few strokes.",
    best_reason="Too few to set some apart.",
)  # fmt: skip


def section_of(page):
    return page.split('<section aria-labelledby="piece">')[1].split("</section>")[0]


def test_sessions_without_it_have_no_section():
    assert piece_view(make_session()) is None
    assert 'id="piece"' not in html_report(make_session(), {}, None)


def test_a_short_piece_is_one_sentence_and_no_axes():
    view = piece_view(with_results(None, SHORT))
    assert view.too_short == SHORT.drift_reason
    section = section_of(html_report(with_results(None, SHORT), {}, None))
    assert SHORT.drift_reason in section
    assert section.count("<p") == 1
    assert "chart" not in section
    assert "Too few" not in section
    paper = PdfReader(io.BytesIO(pdf_report(with_results(None, SHORT), {})))
    without = PdfReader(io.BytesIO(pdf_report(with_results(None, None), {})))
    assert sum(len(p.images) for p in paper.pages) == sum(len(p.images) for p in without.pages)


def test_what_is_long_enough_is_shown_where_the_rest_is_not():
    spreads = (Spread(TILT, "deg", 19, 5.0, 4.0, 3.0, 2.0, 3.8),)
    some = replace(SHORT, stroke_count=19, spreads=spreads, spread_reason="")
    view = piece_view(with_results(None, some))
    assert view.too_short == ""
    assert view.drift_lines == (SHORT.drift_reason,)
    assert view.panels == ()
    section = section_of(html_report(with_results(None, some), {}, None))
    assert "± 3.0°" in section
    assert SHORT.best_reason in section
    assert "chart-drift" not in section


def test_the_panel_of_a_known_drift():
    session = long_session()
    panel = next(p for p in piece_view(session).panels if p.quantity == TILT)
    drift = next(d for d in session.assessment.piece.drifts if d.quantity == TILT)
    assert len(panel.value) == STROKES - 1
    assert panel.minute[1] == pytest.approx(PERIOD_S / 60.0)
    assert panel.line[-1] - panel.line[0] == pytest.approx(DRIFT_DEG, abs=1.0)
    assert panel.line[-1] - panel.line[0] == pytest.approx(drift.change)
    np.testing.assert_allclose(panel.line[[0, -1]], np.interp(panel.minute[[0, -1]], panel.minute, panel.value), atol=6)
    away = panel.value - np.interp(panel.minute, panel.line_min, panel.line)
    assert np.median(away) == pytest.approx(0.0, abs=1e-6), "half of the strokes lie above the line, half below"
    assert panel.low[1] == panel.line[1] == panel.high[1]
    assert (panel.low[[0, 2]] < panel.line[[0, 2]]).all()
    assert (panel.line[[0, 2]] < panel.high[[0, 2]]).all()
    assert panel.alike_high - panel.alike_low == pytest.approx(2.0 * drift.detectable_change)
    assert 0.5 * (panel.alike_low + panel.alike_high) == pytest.approx(panel.line[0])
    assert panel.clear
    assert "real from 1 min on" in panel.words


@pytest.mark.parametrize(("drift_deg", "minute"), [(DRIFT_DEG, 1.0), (0.5 * DRIFT_DEG, 2.0)])
def test_a_slower_drift_is_real_later(drift_deg, minute):
    """Two minutes of 25 strokes differ clearly from 1.96 x 4.5 sqrt(0.19) sqrt(2 / 25) = 1.1 deg on, and 9 deg in 5.2
    minutes are 1.7 a minute. Of half of it one minute makes 0.9 and two make 1.7."""
    drifts = long_session(drift_deg).assessment.piece.drifts
    drift = next(d for d in drifts if d.quantity == TILT)
    assert drift.detectable_change == pytest.approx(1.09, abs=0.01)
    assert (drift.clear, drift.from_min) == (True, minute)


def test_strokes_are_shown_as_they_would_be_at_the_middle_rate():
    session = long_session()
    strokes = session.strokes.strokes
    quick = replace(strokes[-1], end_time_s=strokes[-1].end_time_s - 0.4, phase_borders_s=strokes[-1].phase_borders_s)
    drift = next(d for d in session.assessment.piece.drifts if d.quantity == TILT)
    drift = replace(drift, per_spm=2.0, rate_handling="partialled")
    faster = replace(session, strokes=replace(session.strokes, strokes=(*strokes[:-1], quick)))
    plain, equal = drift_panel(session, drift), drift_panel(faster, drift)
    more_spm = quick.rate_spm - strokes[-1].rate_spm
    assert equal.value[-1] == pytest.approx(plain.value[-1] - 2.0 * more_spm)
    np.testing.assert_allclose(equal.value[:-1], plain.value[:-1])


def test_times_are_quantities_too():
    session = make_session(4)
    strokes = session.strokes.usable
    np.testing.assert_allclose(stroke_values(session, "drive_s", strokes), 0.9)
    np.testing.assert_allclose(stroke_values(session, "seat_catch_lag_s", strokes), -0.02)
    assert len(stroke_values(session, TILT, strokes)) == len(strokes)


def test_the_clear_ones_come_first_and_never_too_many():
    names = [f"{q}_deg_{p}" for q in ("pelvic_tilt", "lumbar_flexion") for p in ("slide", "early_drive")]
    clear = tuple(replace(DRIFT, quantity=n) for n in names)
    calm = tuple(replace(DRIFT, quantity=n, clear=False, from_min=math.nan) for n in MAIN)
    spread = replace(DRIFT, quantity=f"spread_of_{TILT}")
    shown = drawn((*calm, *clear, spread, UNJUDGED))
    assert len(shown) == MOST_PANELS
    assert [d.quantity for d in shown[:4]] == names
    assert [d.quantity for d in shown[4:]] == list(MAIN[:2])


def test_drift_in_sentences():
    calm = replace(DRIFT, quantity="drive_s", unit="s", clear=False, from_min=math.nan)
    spread = replace(DRIFT, quantity=f"spread_of_{TILT}", from_min=math.nan)
    assert drift_lines((DRIFT, spread, calm, UNJUDGED)) == (
        "Towards the end your hips were tipped further back at the catch, by 5° (3 to 7°), real from 6 min on.",
        "Towards the end your strokes were more alike in hip tip at the catch, by 5° (3 to 7°).",
        "No clear change: drive time.",
        f"Not judged: {UNJUDGED.reason}.",
    )
    assert drift_lines((calm,)) == ("Nothing that was followed changed clearly from beginning to end.",)
    assert "as they are" in rate_handling_line((DRIFT,))
    assert "middle rate" in rate_handling_line((replace(DRIFT, rate_handling="partialled"),))
    assert rate_handling_line((UNJUDGED,)) == ""


@pytest.mark.parametrize(
    ("quantity", "difference", "said"),
    [
        ("lumbar_flexion_deg_slide", 4.0, "In them your low back was rounder on the slide forward, by 4° (3 to 5°)"),
        ("lumbar_flexion_deg_slide", -4.0, "In them your low back was flatter on the slide forward, by 4° (3 to 5°)"),
        ("shin_deg_catch", -4.0, "In them: shin angle at the catch 4° less (3 to 5°)"),
        ("elbow_deg_finish", 4.0, "In them: elbow angle at the finish 4° more (3 to 5°)"),
    ],
)
def test_a_difference_in_words(quantity, difference, said):
    assert told(Difference(quantity, "deg", difference, difference - 1.0, difference + 1.0, 1.0, True), BEST) == said


def test_a_step_of_the_rate():
    first, second = rate_lines(PIECE.rate_steps[0])
    assert first == (
        "5.0 min into the piece the rate went from 20 to 28 a minute. Compared are 20 strokes right after it with 20 "
        "right before."
    )
    assert second == "At the new rate your hips were tipped further back at the catch, by 5° (3 to 7°)."
    quiet = replace(PIECE.rate_steps[0], differences=(replace(DIFFERENCE, clear=False),))
    assert rate_lines(quiet)[1] == "Nothing else was clearly different then."


def test_consistency_says_what_is_the_rower_s_own():
    own = PIECE.spreads[0]
    assert (spread_value(own), spread_note(own)) == ("± 3.0°", "2.0° to 3.8°; the measurement's 4.0° taken out")
    hidden = Spread("drive_s", "s", 29, 0.0023, 0.014, 0.0, 0.0, 0.0)
    assert spread_value(hidden) == "under ± 0.01 s"
    assert "may be the measurement" in spread_note(hidden)
    unknown = Spread(TILT, "deg", 29, 5.0, math.nan, math.nan, math.nan, math.nan)
    assert spread_value(unknown) == "± 5.0°"
    assert "not known" in spread_note(unknown)


def test_the_best_are_named_with_their_times_and_drawn_against_all_others():
    best = BestStrokes((4, 17, 9), 80.0, 66.0, 16, (DIFFERENCE,))
    session = with_results(None, replace(PIECE, best=best, drifts=(), drift_reason="Too short."))
    view = piece_view(session).best
    assert view.title == "Your best three looked like this"
    assert view.which == "Strokes 5 (at 0:10.0), 10 (at 0:22.0), 18 (at 0:41.2)."
    assert view.score == "They have 80 of 100 on average, the 16 others 66."
    assert view.lines == ("In them your hips were tipped further back at the catch, by 5° (3 to 7°).",)
    tilt = view.curves[0]
    np.testing.assert_allclose(tilt.best_mean, tilt.best.mean(axis=0))
    assert tilt.best.shape[0] == 3
    figure = in_plotly(best_figure(tilt))
    assert {t.name for t in figure.data} == {"spread of the others", "all others", "each of the best", "the best"}
    lines = next(t for t in figure.data if t.name == "each of the best")
    assert sum(x is None for x in lines.x) == 3


def test_a_drift_figure_marks_the_minute_and_what_cannot_be_told():
    session = long_session()
    clear, *_, calm = piece_view(session).panels
    names = {t.name for t in in_plotly(drift_figure(clear)).data}
    assert names == {"no clear change", "stroke", "slopes that fit as well", "change"}
    assert [a.text for a in in_plotly(drift_figure(clear)).layout.annotations] == ["real from 1 min on"]
    assert in_plotly(drift_figure(clear)).layout.shapes[0].x0 == 1.0
    assert not calm.clear
    assert not in_plotly(drift_figure(calm)).layout.annotations
    shown = in_plotly(drift_figure(clear)).layout.yaxis.range
    assert shown[0] < np.min(clear.value)
    assert shown[1] > np.max(clear.value)


def test_the_page_has_each_chart_and_its_twin():
    session = long_session()
    view = piece_view(session)
    section = section_of(html_report(session, {}, None))
    for panel in view.panels:
        assert f'id="chart-drift-{panel.quantity}"' in section
    for curve in view.best.curves:
        assert f'id="chart-best-{curve.quantity}"' in section
        assert f'<figcaption class="small">{curve.words}</figcaption>' in section
    assert all(f'<th scope="col">{word}</th>' in section for word in drift_head())
    assert len(view.drift_rows) == sum(not d.reason for d in session.assessment.piece.drifts)
    assert section.count("<tr>") == len(view.drift_rows) + 1
    assert section.index(view.drift_lines[0]) < section.index("chart-drift")


def test_a_german_reader_has_it_in_german():
    t = spoken("de")
    view = piece_view(long_session(), t)
    assert view.drift_lines[0].startswith("Gegen Ende: Becken weiter nach hinten gekippt in der Auslage, um")
    assert view.best.title == "So sahen deine besten fünf aus" and "Schläge" in view.lead
    said = {message.form("en") for key, message in t.catalogue.within("report_piece") if "{" not in message.form("en")}
    told_ = [*view.drift_lines, *view.rate_lines, view.rate_note, *(cell for row in view.spreads for cell in row)]
    assert said.isdisjoint([*told_, *view.best.lines, *(panel.meaning for panel in view.panels), *drift_head(t)])
    assert "wirklich ab" in " ".join(view.drift_lines)


def test_paper_has_it_too():
    session = long_session()
    without = replace(session, assessment=replace(session.assessment, piece=None))
    reader, plain = (PdfReader(io.BytesIO(pdf_report(s, {}))) for s in (session, without))
    assert len(plain.pages) < len(reader.pages) <= len(plain.pages) + 4
    text = " ".join(" ".join(p.extract_text().split()) for p in reader.pages)
    assert "Towards the end your hips were tipped further back at the catch" in text
    assert "Your best five looked like this" in text
    assert sum(len(p.images) for p in reader.pages) == sum(len(p.images) for p in plain.pages) + 2


def test_words_that_never_appear():
    page = section_of(html_report(long_session(), {}, None))
    words = " ".join([re.sub(r"<[^>]+>", " ", page), *rate_lines(PIECE.rate_steps[0]), *WORDS.values()])
    assert not NEVER.search(words), NEVER.search(words)


def test_a_quantity_without_a_known_limit_draws_no_field():
    drift = Drift("drive_s", "s", 129, 0.01, 0.0, 0.02, 0.05, 0.0, 0.1)
    figure = in_plotly(drift_figure(drift_panel(long_session(), drift)))
    assert "no clear change" not in {t.name for t in figure.data}
