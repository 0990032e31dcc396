"""What she felt against what was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rowsense.assess.felt import check_felt, parse_felt
from rowsense.errors import UsageError
from rowsense.model import Felt, HipsAnalysis
from rowsense.report.felt_words import ASKED, TOLD, question_of
from rowsense.report.html import html_report
from rowsense.report.pdf import pdf_report
from rowsense.report.summary import summary
from tests.assess.forbidden import forbidden_in
from tests.hips_fixture import HIPS
from tests.session_fixture import make_session

TIPPED = tuple(g.stroke for g in HIPS.give_ways)


def told(felt, hips=HIPS):
    session = make_session(max(TIPPED) + 4)
    return replace(session, felt=felt, assessment=replace(session.assessment, hips=hips))


@pytest.mark.parametrize(
    ("words", "felt"),
    [("yes", Felt("yes")), (" No ", Felt("no")), ("unsure", Felt("unsure")), ("3, 7-9", Felt("strokes", (2, 6, 7, 8)))],
)
def test_answers(words, felt):
    assert parse_felt(words) == felt


@pytest.mark.parametrize("words", ["", "maybe", "best", "all", "0", "9-7", "3,x"])
def test_what_is_no_answer(words):
    with pytest.raises(UsageError):
        parse_felt(words)


def test_strokes_must_be_there():
    check_felt(Felt("strokes", (0, 7)), 8)
    check_felt(Felt("yes"), 0)
    with pytest.raises(UsageError, match="no stroke 9; the film has 8"):
        check_felt(Felt("strokes", (0, 8)), 8)


def test_stroke_by_stroke():
    judged = tuple(range(max(TIPPED) + 3))
    others = [s for s in judged if s not in TIPPED]
    found = Felt("strokes", tuple(sorted((TIPPED[0], others[0])))).against(judged, TIPPED)
    assert (found.both, found.measured_only, found.felt_only) == (1, len(TIPPED) - 1, 1)
    assert found.neither == len(others) - 1
    assert found.measured == len(TIPPED)


def test_the_question_turns_into_the_answer():
    assert question_of(make_session())[0] == ASKED
    title, words = question_of(told(Felt("no")))
    assert title == TOLD
    assert words == (
        f"You said that you could not feel your hips tip back. They were measured to tip back in {len(TIPPED)} of "
        f"{HIPS.judged_stroke_count} strokes."
    )
    usable = {s.index for s in told(None).strokes.usable}
    counted = [s for s in TIPPED if s in usable]
    named = question_of(told(Felt("strokes", tuple(counted[:2]))))[1]
    assert f"Of the {len(counted)} strokes in which they were measured to, you felt 2." in named
    none = question_of(told(Felt("strokes", (0,)), HipsAnalysis(4, 4, movers_reason="none")))[1]
    assert "not measured to in any stroke that counted" in none
    unseen = question_of(told(Felt("unsure"), HipsAnalysis(4, 0, movers_reason="none", reason="hidden")))[1]
    assert "could not be measured" in unseen
    assert forbidden_in([words, named, none, unseen]) == []


def test_page_paper_and_summary_have_it():
    session = told(Felt("strokes", (1, 2)))
    page = html_report(session, {}, None)
    assert TOLD in page
    assert ASKED not in page
    assert summary(session)["felt"] == {"answer": "strokes", "strokes": [1, 2]}
    assert summary(make_session())["felt"] is None
    assert len(pdf_report(session, {})) > len(pdf_report(replace(session, felt=None), {}))
