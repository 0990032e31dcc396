"""Rhythm: words, figures and their twins as text, on page and paper."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from markupsafe import escape
from pypdf import PdfReader

from rowsense.assess.judge import assess
from rowsense.model import RhythmAnalysis, Travel, Typical
from rowsense.model.rhythm import water_ratio
from rowsense.report.figures import rail_figure, speed_figure, tempo_figure
from rowsense.report.html import html_report, page_charts
from rowsense.report.pdf import pdf_beginning, pdf_report
from rowsense.report.rhythm_view import rail_head, rhythm_view, speed_head, tempo_head
from rowsense.report.texts import captions
from rowsense.settings import AssessSettings
from rowsense.texts.measures import ENGLISH, spoken
from rowsense.wording.rhythm import rhythm_sentences
from tests.report.drawing import in_plotly
from tests.report.test_hips_section import NEVER
from tests.rhythm_fixture import ARMS, LEGS, METRES, RHYTHM, TRUNK
from tests.session_fixture import DRIVE_S, PERIOD_S, RECOVERY_S, make_session

WORDS = captions(ENGLISH, "report_rhythm")


def with_rhythm(rhythm: RhythmAnalysis | None = RHYTHM, strokes: int = 20):
    session = make_session(strokes)
    return replace(session, assessment=replace(session.assessment, rhythm=rhythm))


def hidden(session, *quantities):
    nothing = {name: np.full(len(session.angles), np.nan) for name in quantities}
    return replace(session, angles=replace(session.angles, values=session.angles.values | nothing))


def section_of(page):
    return page.split('<section aria-labelledby="rhythm">')[1].split("</section>")[0]


def paper_of(session):
    reader = PdfReader(io.BytesIO(pdf_report(session, {})))
    return reader, " ".join(" ".join(p.extract_text().split()) for p in reader.pages)


def test_sessions_without_it_have_no_section():
    session = make_session()
    assert rhythm_view(session) is None
    page = html_report(session, {}, None)
    assert WORDS["title"] not in page
    assert "chart-tempo" not in page


def test_curves_go_from_catch_to_finish_in_the_drives_direction():
    speeds = {c.name: c for c in rhythm_view(with_rhythm()).speeds}
    assert list(speeds) == ["legs", "trunk", "arms"]
    for curve in speeds.values():
        assert (curve.percent[0], curve.percent[-1]) == (0.0, 100.0)
        assert curve.peak == pytest.approx(np.nanmax(curve.mean))
    # Half a cosine of 115 degrees, 0.9 s long.
    assert speeds["legs"].peak == pytest.approx(0.5 * np.pi * 115.0 / DRIVE_S, rel=0.15)
    assert speeds["legs"].peak_percent == pytest.approx(50.0, abs=15.0)


def test_path_is_measured_from_the_catch_in_trunks_or_metres():
    trunks = rhythm_view(with_rhythm()).rail
    assert trunks.handle[0] == trunks.seat[0] == 0.0
    assert trunks.unit == "trunks"
    assert np.nanmax(trunks.handle) == pytest.approx(400.0 / 160.0, abs=0.02)
    metres = rhythm_view(with_rhythm(replace(RHYTHM, travel=METRES))).rail
    assert metres.unit == "m"
    np.testing.assert_allclose(metres.seat, 0.5 * trunks.seat)
    assert in_plotly(rail_figure(metres)).layout.yaxis.ticksuffix == " m"


def test_dots_lie_beside_the_line():
    view = rhythm_view(with_rhythm())
    assert len(view.tempo.rate_spm) == 19, "the fourth stroke does not count"
    np.testing.assert_allclose(view.tempo.rate_spm, 60.0 / PERIOD_S)
    np.testing.assert_allclose(view.tempo.ratio, RECOVERY_S / DRIVE_S)
    line, strokes, typical = in_plotly(tempo_figure(view.tempo)).data
    assert len(strokes.x) == 19
    assert (typical.x[0], typical.y[0]) == (25.0, 1.67)
    np.testing.assert_allclose(line.y, [water_ratio(r) for r in line.x], atol=1e-3)
    assert view.tempo_rows[0] == ("25.0", "1.67", "1.23")


def test_a_rate_beyond_the_line_says_so():
    fast = replace(RHYTHM.tempo, rate_spm=Typical(39.0, 0.2, 0.1, 19), water_ratio=float("nan"))
    view = rhythm_view(with_rhythm(replace(RHYTHM, tempo=fast)))
    assert "does not reach" in view.tempo_words
    assert view.tempo_rows[0][2] == "–"


def test_the_page_has_each_chart_and_its_twin():
    section = section_of(html_report(with_rhythm(), {}, None))
    for chart in ("chart-speeds", "chart-rail", "chart-tempo"):
        assert f'id="{chart}"' in section
    assert section.count("The same as a table") == 3
    for head in (speed_head(), rail_head(), tempo_head()):
        assert all(f'<th scope="col">{escape(word)}</th>' in section for word in head)
    assert "220°/s ± 30°/s" in section
    assert section.index(RHYTHM.sentences[0]) < section.index("chart-speeds")


def test_what_was_hidden_has_no_curve_and_says_so():
    arms = hidden(with_rhythm(), "elbow_deg")
    assert [c.name for c in rhythm_view(arms).speeds] == ["legs", "trunk"]
    travel = Travel(float("nan"), float("nan"), Typical(), Typical(), Typical(), Typical())
    bare = with_rhythm(replace(RHYTHM, travel=travel))
    nothing = hidden(bare, "elbow_deg", "knee_deg", "trunk_lean_deg")
    section = section_of(html_report(nothing, {}, None))
    assert WORDS["unseen"] in section
    assert WORDS["no_rail"] in section
    assert "chart-speeds" not in section
    assert "chart-rail" not in section
    assert 'id="chart-tempo"' in section
    _, text = paper_of(nothing)
    assert WORDS["unseen"] in text
    assert WORDS["no_rail"] in text


def test_one_stroke_is_drawn_without_a_band():
    session = make_session(1)
    angles = replace(session.angles, trunk_px=160.0, leg_px=330.0)
    judged = assess(angles, session.strokes, session.track.frame, AssessSettings(height_cm=175))
    view = rhythm_view(replace(session, assessment=replace(session.assessment, rhythm=judged.rhythm)))
    assert "spread" not in {t.name for t in in_plotly(speed_figure(view.speeds)).data}
    assert "spread" not in {t.name for t in in_plotly(rail_figure(view.rail)).data}
    assert not any("nan" in line for line in view.lines)


def test_paper_has_it_too():
    plain, _ = paper_of(with_rhythm(None))
    reader, text = paper_of(with_rhythm())
    assert WORDS["title"] in text
    assert "220°/s ± 30°/s" in text
    assert RHYTHM.sentences[0] in text
    assert sum(len(p.images) for p in reader.pages) == sum(len(p.images) for p in plain.pages) + 2


def test_a_german_reader_has_it_in_german_though_other_sentences_are_stored() -> None:
    t, session = spoken("de"), with_rhythm(replace(RHYTHM, travel=METRES))
    page = html_report(session, {}, None, t=t)
    section = section_of(page)
    assert "Der Reihe nach: Beine, dann Oberkörper, dann Arme, in 17 von 19 Schlägen." in section
    assert "In 12 von 19 Schlägen ruht der Griff im Endzug, typisch 0,21 s lang." in section
    assert "Das sind 1,25 ± 0,06 m; der Maßstab kommt von deiner Körpergröße, 180 cm" in section
    assert RHYTHM.sentences[0] not in page
    assert all(f'<th scope="col">{escape(word)}</th>' in section for word in (*speed_head(t), *rail_head(t)))
    charts = json.dumps(page_charts(session, t), ensure_ascii=False)
    words = " ".join((section, charts, *rhythm_sentences(RHYTHM, t)))
    english = {
        one.form("en") for _, one in t.catalogue.within("report_rhythm") if one.form("en") not in (one.form("de"), "m")
    }
    assert sorted(said for said in english if "{" not in said and re.search(rf"\b{re.escape(said)}\b", words)) == []
    assert '"separators": ",."' in charts
    paper = PdfReader(io.BytesIO(pdf_report(session, {}, pdf_beginning(session, t))))
    assert "Rhythmus und Reihenfolge" in " ".join(" ".join(p.extract_text().split()) for p in paper.pages)


def test_other_words_for_the_same_numbers_are_made_in_both_languages() -> None:
    """Every branch of the sentences has its text: orders that cannot be told, gaps, no pause, nothing measured."""
    close = replace(LEGS, peak_at_ratio=replace(LEGS.peak_at_ratio, median=0.60))
    unseen = replace(ARMS, peak_at_ratio=Typical())
    quiet = tuple(replace(p, strokes=(), pause_s=float("nan")) for p in RHYTHM.pauses)
    blind = tuple(replace(p, slow_s=Typical()) for p in quiet)
    nothing = Travel(float("nan"), float("nan"), Typical(), Typical(), Typical(), Typical())
    for changed in (
        replace(RHYTHM, segments=(close, TRUNK, ARMS)),
        replace(RHYTHM, segments=(close, TRUNK, unseen), peak_order=("legs", "trunk"), pauses=quiet),
        replace(RHYTHM, pauses=blind, travel=nothing, tempo=replace(RHYTHM.tempo, water_ratio=float("nan"))),
    ):
        english, german = rhythm_sentences(changed), rhythm_sentences(changed, spoken("de"))
        assert len(english) == len(german) and set(english).isdisjoint(german)
    assert rhythm_sentences(replace(RHYTHM, segments=(close, TRUNK, ARMS)))[1] == (
        "In order: legs and trunk, then arms; those named together are too close to be put in order."
    )


@pytest.mark.parametrize("height_cm", [None, 180.0])
def test_words_that_never_appear(height_cm):
    session = make_session(12)
    angles = replace(session.angles, trunk_px=160.0, leg_px=330.0)
    judged = assess(angles, session.strokes, session.track.frame, AssessSettings(height_cm=height_cm))
    view = rhythm_view(replace(session, assessment=judged))
    words = " ".join([*view.lines, view.speeds_words, view.rail_words, view.tempo_words, *WORDS.values()])
    assert not NEVER.search(words), NEVER.search(words)


def test_a_seat_that_is_never_seen_at_the_catch_has_no_path() -> None:
    """Paths begin at the catch; where legs were lost there in every stroke, the section says so and still stands."""
    session = with_rhythm()
    seat = session.angles.seat_x_px.copy()
    for stroke in session.strokes.strokes:
        seat[np.abs(session.angles.time_s - stroke.catch_time_s) < 0.2] = np.nan
    lost = replace(session, angles=replace(session.angles, seat_x_px=seat))
    view = rhythm_view(lost)
    assert view is not None
    assert view.rail is None
    assert WORDS["no_rail"] in html_report(lost, {}, None)


def test_an_angle_that_is_seen_between_the_strokes_only_has_no_curve_and_breaks_nothing() -> None:
    """Legs that are lost in every stroke leave knees at the ends of the film."""
    session = with_rhythm()
    knee = session.angles["knee_deg"].copy()
    strokes = session.strokes.strokes
    knee[(session.angles.time_s >= strokes[0].catch_time_s) & (session.angles.time_s <= strokes[-1].end_time_s)] = (
        np.nan
    )
    assert np.isfinite(knee).any()
    lost = replace(session, angles=replace(session.angles, values=session.angles.values | {"knee_deg": knee}))
    assert "the mean of the strokes that counted was not measured" in html_report(lost, {}, None)
    assert pdf_report(lost, {}).startswith(b"%PDF")
