"""Page, paper and card: complete, self-contained, readable, and careful with words."""

from __future__ import annotations

import dataclasses
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from rowsense.errors import UsageError
from rowsense.model import Session
from rowsense.report.card import MAX_BYTES, report_card
from rowsense.report.curves import StrokeTimes, session_curves, stroke_curves
from rowsense.report.figures import curve_figure, timeline_figure, timeline_of
from rowsense.report.html import html_report
from rowsense.report.pdf import pdf_beginning, pdf_report
from rowsense.report.view import report_view
from rowsense.report.words import number, quantity_name, stroke_list
from rowsense.texts.measures import spoken
from tests.report.drawing import in_plotly
from tests.session_fixture import make_session, without_judgement

FORBIDDEN = re.compile(r"\b(un)?safe|injur|diagnos|correct posture|because of|damage|slipped|spinal load", re.I)


def noisy_still(width: int = 1200, height: int = 900) -> bytes:
    """The hardest picture to store: noise over a slope."""
    rng = np.random.default_rng(2)
    slope = np.linspace(0, 160, width)[None, :, None] + np.zeros((height, 1, 3))
    image = (slope + rng.integers(0, 90, (height, width, 3))).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def session() -> Session:
    return make_session()


@pytest.fixture(scope="module")
def stills() -> dict[str, bytes]:
    return {"hips_tip_back": noisy_still(), "slump_under_load": noisy_still(400, 300)}


@pytest.fixture(scope="module")
def page(session: Session, stills: dict[str, bytes]) -> str:
    return html_report(session, stills, "overlay.mp4")


class Seen(HTMLParser):
    """Collects tags, headings, addresses and words."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.headings: list[int] = []
        self.without_alt = 0
        self.words: list[str] = []
        self._skipping = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [given[n] or "" for n in ("src", "href", "srcset", "poster", "action") if n in given]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "img" and not given.get("alt"):
            self.without_alt += 1
        if tag in ("script", "style"):
            self._skipping = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipping:
            self._skipping = ""

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.words.append(data)


def parsed(page: str) -> Seen:
    seen = Seen()
    seen.feed(page)
    return seen


def test_the_page_asks_for_nothing_but_its_own_video(page: str) -> None:
    addresses = parsed(page).addresses
    assert [a for a in addresses if not a.startswith("data:")] == ["overlay.mp4#t=0.05"]
    styles = " ".join(re.findall(r"<style>(.*?)</style>", page, re.S))
    assert "url(" not in styles
    assert "@import" not in styles
    assert "default-src 'none'" in page


def test_headings_are_in_order_and_pictures_are_described(page: str) -> None:
    seen = parsed(page)
    assert seen.headings[0] == 1
    assert seen.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(seen.headings, seen.headings[1:], strict=False))
    assert seen.without_alt == 0


def test_the_page_opens_with_one_thing_and_its_cue(session: Session, page: str) -> None:
    words = " ".join(parsed(page).words)
    first = session.assessment.faults[0]
    assert words.index("The one thing to look at") < words.index(first.name) < words.index(first.cue)
    assert words.index(first.cue) < words.index(first.self_test) < words.index("What showed, with the frames")
    assert words.index("What showed, with the frames") < words.index(first.drill)
    assert "the handle left the picture" in words


def test_names_cannot_break_the_page(session: Session) -> None:
    evil = dataclasses.replace(session, athlete="</script><script>alert(1)</script><b>")
    page = html_report(evil, {}, None)
    assert "<script>alert(1)" not in page
    assert "&lt;/script&gt;" in page


def test_page_without_strokes_still_says_how_to_film() -> None:
    page = html_report(without_judgement(make_session(0)), {}, None)
    words = " ".join(parsed(page).words)
    assert "No stroke could be judged" in words
    assert "Next time you film" in words
    assert "nan" not in words.lower().split()


@pytest.mark.parametrize("faulty", [True, False])
def test_careful_words_everywhere(faulty: bool, stills: dict[str, bytes]) -> None:
    session = make_session(faulty=faulty)
    page = " ".join(parsed(html_report(session, stills, None)).words)
    paper = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf_report(session, {}))).pages)
    for text in (page, paper):
        assert len(text) > 2000
        assert not FORBIDDEN.search(text), FORBIDDEN.search(text)


def test_paper_has_pages_pictures_and_names_of_other_alphabets(session: Session, stills: dict[str, bytes]) -> None:
    named = dataclasses.replace(session, athlete="Žofie Łukasik, Ελένη, Жанна")
    reader = PdfReader(io.BytesIO(pdf_report(named, stills)))
    assert 3 <= len(reader.pages) <= 6
    opening = " ".join(reader.pages[0].extract_text().split())
    assert "Žofie Łukasik, Ελένη, Жанна" in opening
    assert "Hips tip back into the catch" in opening
    assert "row ten strokes and film again" in opening
    assert len(reader.pages[0].images) == 1


def test_paper_of_a_hundred_strokes_and_of_none() -> None:
    many = PdfReader(io.BytesIO(pdf_report(make_session(100), {})))
    assert any("not counted" in p.extract_text() for p in many.pages)
    assert len(PdfReader(io.BytesIO(pdf_report(without_judgement(make_session(0)), {}))).pages) >= 1


def test_a_german_report_says_what_is_still_in_english(session: Session) -> None:
    t = spoken("de")
    page = html_report(session, {}, "overlay.mp4", t=t)
    assert '<html lang="de">' in page and "Schlag für Schlag" in page and "Becken kippt nach hinten" in page
    outside = re.sub(r'<(ul|div) lang="en">.*?</\1>|<script.*?</script>|<style.*?</style>', "", page, flags=re.DOTALL)
    said = {
        one.form("en") for key, one in t.catalogue.within("report", "report_page") if one.form("de") != one.form("en")
    }
    assert {words for words in parsed(outside).words if words.strip() in said} == set()
    assert "25,0" in page and "25.0" not in outside
    paper = PdfReader(io.BytesIO(pdf_report(session, {}, pdf_beginning(session, t))))
    text = " ".join(" ".join(one.extract_text().split()) for one in paper.pages)
    assert "DAS EINE, WORAUF DU SCHAUEN KANNST" in text and "Die Worte hier" in text and "Try this:" not in text
    with pytest.raises(UsageError, match="en, de"):
        spoken("xx")


@pytest.mark.parametrize("hard", [True, False])
def test_the_card_fits_a_messenger(session: Session, hard: bool) -> None:
    stills = {"hips_tip_back": noisy_still()} if hard else {}
    card = report_card(session, stills)
    assert len(card) < MAX_BYTES
    image = Image.open(io.BytesIO(card))
    assert image.size == (1080, 1350)
    assert len(np.unique(np.asarray(image.convert("L")))) > 20


def test_long_words_leave_the_footer_of_the_card_free(session: Session) -> None:
    fault = session.assessment.faults[0]
    long = dataclasses.replace(
        fault,
        name="hips tip back a long way into the catch, again and again and again in this film",
        sentence="In all of the strokes " * 9,
        cue="Set the angle at the hips early and let the knees come to you. " * 4,
    )
    assessment = dataclasses.replace(session.assessment, faults=(long,))
    card = report_card(dataclasses.replace(session, assessment=assessment), {fault.id: noisy_still(400, 300)})
    image = np.asarray(Image.open(io.BytesIO(card)).convert("RGB")).astype(int)
    above_footer = image[1350 - 64 : 1350 - 60, 60:1020]
    assert (above_footer.min(axis=2) > 245).all()


def test_curves_line_up_every_finish() -> None:
    time_s = np.linspace(0, 10, 1001)
    times = StrokeTimes(np.array([1.0, 4.0]), np.array([2.0, 4.8]), np.array([4.0, 6.0]), np.array([True, True]))
    since = np.where(time_s < 4, np.abs(time_s - 2.0), np.abs(time_s - 4.8))
    curves = stroke_curves("knee_deg", time_s, since, times)
    at_finish = np.array([np.interp(curves.finish_percent, curves.percent, v) for v in curves.values])
    np.testing.assert_allclose(at_finish, 0, atol=0.03)
    assert curves.finish_percent == pytest.approx(100 * (1 / 3 + 0.4) / 2)


def test_curves_leave_out_strokes_that_do_not_count_and_gaps(session: Session) -> None:
    curves = session_curves(session, "head_trunk_deg")
    assert curves.values.shape[0] == 8
    np.testing.assert_allclose(curves.mean, np.nanmean(curves.values[curves.usable], axis=0))
    assert np.isnan(curves.values[0]).any()
    one = session_curves(make_session(1), "knee_deg")
    assert np.isnan(one.sd).all()
    assert np.isfinite(one.mean).all()


def test_figures_draw_each_stroke_and_each_fault(session: Session) -> None:
    curves = session_curves(session, "pelvic_tilt_deg")
    figure = in_plotly(curve_figure(curves))
    assert [t.name for t in figure.data].count("mean") == 1
    lines = {t.name: sum(x == 0.0 for x in t.x) for t in figure.data if t.name.startswith("strokes")}
    assert lines == {"strokes": 7, "strokes that do not count": 1}
    assert all(t.x[0] is None and None not in t.x[1 : len(curves.percent)] for t in figure.data if t.name in lines)
    line = in_plotly(timeline_figure(timeline_of(session)))
    assert {f.name for f in session.assessment.faults} <= {t.name for t in line.data}
    assert sum(t.name == "not counted" for t in line.data) == 1


def test_the_view_counts_and_praises(session: Session) -> None:
    view = report_view(session)
    assert view.headline.fault_id == "hips_tip_back"
    assert view.faults[1].strokes == "4 of 7 strokes: 1, 2, 3, 5"
    assert "hands went away" in view.well
    assert [r.note for r in view.strokes if r.note] == ["not counted: the handle left the picture"]
    assert any("first part-stroke" in note for note in view.stroke_notes)


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [(-12.4, "deg", "−12°"), (0.904, "s", "0.90 s"), (float("nan"), "deg", "–"), (-0.2, "deg", "0°"), (None, "", "–")],
)
def test_numbers_are_written_for_people(value: float | None, unit: str, written: str) -> None:
    assert number(value, unit) == written


def test_names_for_quantities() -> None:
    assert quantity_name("shin_deg_catch") == "Shin angle at the catch"
    assert quantity_name("knee_deg_finish") == "Knee angle at the finish"
    assert quantity_name("some_new_ratio") == "Some new"
    assert stroke_list((0,), 1) == "the one stroke that counted"
