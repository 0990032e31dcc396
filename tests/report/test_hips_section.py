"""Where the hips give way: words, figures and their twins as text, on page and paper."""

from __future__ import annotations

import io
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from pypdf import PdfReader

from rowsense.model import HipsAnalysis, Mover
from rowsense.report.curves import MAX_LINES
from rowsense.report.figures import mover_figure, tip_figure
from rowsense.report.hips_view import hips_view, table_head, timeline_marks, timeline_range
from rowsense.report.html import html_report
from rowsense.report.pdf import pdf_report
from rowsense.report.texts import captions
from rowsense.texts.measures import ENGLISH
from tests.hips_fixture import GIVE_WAYS, HEAD, HIPS, KNEES, PULLS, SHOULDERS, SITS
from tests.report.drawing import in_plotly
from tests.report.judged import long_session, with_results
from tests.session_fixture import make_session

WORDS = captions(ENGLISH, "report_hips")
MOVED = {
    key.removeprefix("report_hips.moved."): ENGLISH(key) for key, _ in ENGLISH.catalogue.within("report_hips.moved")
}

#: What makes the hips tip is never said, nor danger, nor a norm.
NEVER = re.compile(
    r"\b(because|cause[sd]?|causing|due to|therefore|thus|leads? to|makes? your|injur\w*|(un)?safe|danger\w*|correct|"
    r"wrong|diagnos\w*|should|must)\b",
    re.IGNORECASE,
)


def with_movers(*movers):
    first = sorted((m for m in movers if m.moved_first), key=lambda m: -math.inf if math.isnan(m.lag_s) else m.lag_s)
    return replace(HIPS, movers=movers, in_time=tuple(m.id for m in first), in_strength=())


def section_of(page):
    return page.split('<section aria-labelledby="hips">')[1].split("</section>")[0]


def paper_of(session):
    reader = PdfReader(io.BytesIO(pdf_report(session, {})))
    return reader, " ".join(" ".join(p.extract_text().split()) for p in reader.pages)


def test_sessions_without_it_have_no_section():
    session = make_session()
    assert hips_view(session) is None
    page = html_report(session, {}, None)
    assert WORDS["title"] not in page
    assert "chart-tips" not in page


def test_words_come_first_and_what_was_not_judged_last():
    sentences = ("In 7 of 19 strokes.", "In 4 of 7 of these.", "Not judged, the head: hidden.", "An order in time.")
    view = hips_view(with_results(replace(HIPS, sentences=sentences)))
    assert view.lead == sentences[0]
    assert view.lines == (sentences[1], sentences[3])
    assert view.unjudged == (sentences[2],)


def test_every_stroke_lies_on_the_clock_of_the_catch_that_ends_it():
    session = with_results()
    paths = hips_view(session).paths
    assert paths.values.shape == (19, len(paths.offset_s))
    assert paths.numbers[3] == 5, "the fourth stroke does not count"
    catch = int(np.argmin(np.abs(paths.offset_s)))
    at_s = session.strokes.strokes[0].end_time_s + paths.offset_s[catch]
    tilt = np.interp(at_s, session.angles.time_s, session.angles["pelvic_tilt_deg"])
    assert paths.values[0, catch] == pytest.approx(tilt)
    assert paths.tips.tolist() == [n - 1 in {g.stroke for g in GIVE_WAYS} for n in paths.numbers]
    np.testing.assert_array_equal(np.isfinite(paths.begin_s), paths.tips)
    assert paths.typical_s == -0.45
    begin_s = session.strokes.strokes[0].end_time_s - 0.45
    tilt = np.interp(begin_s, session.angles.time_s, session.angles["pelvic_tilt_deg"])
    assert paths.begin_deg[0] == pytest.approx(tilt)


def test_nothing_of_the_drive_before_is_drawn():
    session = make_session(4)
    slow = replace(session.strokes.strokes[0], finish_time_s=session.strokes.strokes[0].finish_time_s + 0.5)
    strokes = replace(session.strokes, strokes=(slow, *session.strokes.strokes[1:]))
    hips = HipsAnalysis(4, 4, (replace(GIVE_WAYS[0], stroke=0),), movers_reason="few", sentences=("In 1 of 4.",))
    assessment = replace(session.assessment, hips=hips)
    paths = hips_view(replace(session, strokes=strokes, assessment=assessment)).paths
    before_finish = paths.offset_s < slow.finish_time_s - slow.end_time_s
    assert before_finish.sum() > 10
    assert np.isnan(paths.values[0, before_finish]).all()
    assert np.isfinite(paths.values[1]).all()


def test_movers_stand_in_order_with_their_counts():
    first, second = hips_view(with_results()).movers
    assert first.cells == (
        "Shoulders came forward", "in 14 of 18 strokes before the hips", "0.12 s before", "0.03 to 0.21 s before"
    )  # fmt: skip
    assert second.cells == (
        "Head dropped", "in 15 of 18 strokes before or with the hips", "0.03 s before", "0.13 s before to 0.07 s after"
    )  # fmt: skip
    assert (first.surely_before, second.surely_before) == (True, False)


def test_one_without_an_interval_or_a_moment():
    sits = Mover("sits_on_back_of_bones", "before", 18, 17, 17, -0.6)
    pulls = replace(PULLS, relation="before")
    shoulders = replace(SHOULDERS, relation="not_seen", association=None)
    view = hips_view(with_results(with_movers(sits, HEAD, shoulders, KNEES, pulls)))
    assert [row.words for row in view.movers] == [MOVED["sits_on_back_of_bones"], MOVED["head_drops"]]
    assert view.movers[0].interval == "–"
    low, high = timeline_range(view.movers)
    assert low <= -0.6
    assert high >= 0.2
    assert [t.name for t in in_plotly(mover_figure(view.movers)).data].count("interval") == 1
    assert timeline_marks(-0.45, 0.22) == {-0.4: "−0.4 s", -0.2: "−0.2 s", 0.0: "hips tip", 0.2: "+0.2 s"}


def test_hips_that_stay_are_good_news():
    hips = HipsAnalysis(9, 9, movers_reason="the hips do not tip back", sentences=("The hips do not tip back.",))
    session = with_results(hips)
    calm = replace(session, assessment=replace(session.assessment, faults=()))
    view = hips_view(calm)
    assert view.lead == ENGLISH("report_hips.stay", n=9)
    assert (view.paths, view.movers, view.rows) == (None, (), ())
    page = html_report(calm, {}, None)
    assert view.lead in page
    assert "chart-tips" not in page


def test_the_section_does_not_contradict_the_fault():
    session = long_session()
    assert any(f.id == "hips_tip_back" for f in session.assessment.faults)
    assert not session.assessment.hips.give_ways
    assert hips_view(session).lead == ENGLISH("report_hips.stay_rounds", n=129)


def test_what_was_not_judged_or_is_too_little_says_what_it_takes():
    hidden = HipsAnalysis(3, 0, movers_reason="hidden", reason="hidden", sentences=("Not judged: hidden.",))
    assert hips_view(with_results(hidden)).lead == "Not judged: hidden."
    reason = "the hips tip back in 2 strokes; it takes 6 to say what moved first"
    few = HipsAnalysis(
        9, 9, GIVE_WAYS[:2], movers_reason=reason, sentences=("In 2 of 9 strokes.", f"What moved first: {reason}.")
    )  # fmt: skip
    view = hips_view(with_results(few))
    assert "it takes 6" in view.lines[0]
    assert view.movers == ()
    page = html_report(with_results(few), {}, None)
    assert 'id="chart-tips"' in page
    assert "chart-movers" not in page


def test_figures_draw_each_stroke_and_each_beginning():
    view = hips_view(with_results())
    figure = in_plotly(tip_figure(view.paths))
    gaps = {t.name: sum(x is None for x in t.x) for t in figure.data if t.name.startswith("strokes")}
    assert gaps == {"strokes in which they do not": 13, "strokes in which the hips tip back": 6}
    begin = next(t for t in figure.data if t.name == "begin")
    assert list(begin.x) == [-0.45] * 6
    assert begin.text[0] == "stroke 1: 0.45 s before the catch"
    movers = in_plotly(mover_figure(view.movers))
    dots = [t for t in movers.data if t.mode == "markers"]
    assert [t.name for t in dots] == ["Shoulders came forward", "Head dropped"]
    assert [t.marker.symbol for t in dots] == ["circle", "circle-open"]
    assert dots[0].y[0] > dots[1].y[0]


def test_many_strokes_are_thinned_and_all_beginnings_kept():
    many = replace(HIPS, usable_stroke_count=99, judged_stroke_count=99)
    figure = in_plotly(tip_figure(hips_view(with_results(many, strokes=100)).paths))
    lines = sum(x is None for t in figure.data if t.name.startswith("strokes") for x in t.x)
    assert lines == MAX_LINES
    assert len(next(t for t in figure.data if t.name == "begin").x) == 6


def test_the_page_has_each_chart_and_its_twin():
    section = section_of(html_report(with_results(), {}, None))
    for chart in ("chart-tips", "chart-movers"):
        assert f'id="{chart}"' in section
    assert section.count("The same as a table") == 2
    assert all(f'<th scope="col">{word}</th>' in section for word in table_head())
    assert "in 14 of 18 strokes before the hips" in section
    assert section.index(WORDS["title"]) < section.index("In 7 of 19 strokes") < section.index("chart-tips")


def test_paper_has_it_too():
    plain, _ = paper_of(with_results(None))
    reader, text = paper_of(with_results())
    assert len(plain.pages) < len(reader.pages) <= len(plain.pages) + 2
    assert WORDS["title"] in text
    assert "in 14 of 18 strokes before the hips" in text
    assert sum(len(p.images) for p in reader.pages) == sum(len(p.images) for p in plain.pages) + 2


@pytest.mark.parametrize("hips", [HIPS, HipsAnalysis(9, 9, movers_reason="none", sentences=("None.",))])
def test_words_that_never_appear(hips):
    view = hips_view(with_results(hips))
    words = [
        view.lead,
        *view.lines,
        view.paths_words,
        *WORDS.values(),
        *MOVED.values(),
        ENGLISH("report_hips.stay_rounds", n=9),
    ]
    words += [cell for row in view.movers for cell in row.cells]
    assert not NEVER.search(" ".join(words)), NEVER.search(" ".join(words))


def test_sitting_has_words_of_its_own():
    assert set(MOVED) == {m.id for m in (SITS, HEAD, SHOULDERS, KNEES, PULLS)}
