"""Which strokes a choice means, and what is said when it means none."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from rowsense.assess.sides import Choice, chosen, left_out, numbered, parse_choice, shared
from rowsense.errors import NotMeasurableError, UsageError
from tests.comparison_cases import plain, with_best
from tests.session_fixture import make_session


@pytest.mark.parametrize(
    ("words", "kind", "numbers"),
    [
        ("7", "numbers", (7,)),
        ("1-3", "numbers", (1, 2, 3)),
        ("1–3, 9", "numbers", (1, 2, 3, 9)),
        ("9,1-3,2", "numbers", (1, 2, 3, 9)),
        (" Best ", "best", ()),
        ("all", "all", ()),
        ("others", "others", ()),
    ],
)
def test_what_is_typed_is_read(words: str, kind: str, numbers: tuple[int, ...]) -> None:
    assert parse_choice(words) == Choice(kind, numbers)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("0-3", "count from 1"),
        ("10-1", "write 1-10"),
        ("", "names no strokes"),
        ("first", "names no strokes"),
        ("1-", "names no strokes"),
        ("-3", "names no strokes"),
        ("1;2", "names no strokes"),
        ("99999999999999999999", "names no strokes"),
    ],
)
def test_what_means_nothing_is_said(words: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_choice(words)


@pytest.mark.parametrize(("low", "high"), [(5.0, 5.0), (9.0, 5.0), (math.nan, 5.0)])
def test_seconds_run_forwards(low: float, high: float) -> None:
    with pytest.raises(UsageError, match="earlier second first"):
        parse_choice("all", low, high)


def test_numbers_are_written_as_people_count() -> None:
    assert numbered([0, 1, 2, 3, 8]) == "1–4, 9"
    assert numbered([0, 1]) == "1, 2"


def test_strokes_are_those_asked_for() -> None:
    session = plain(10)
    side = chosen(session, parse_choice("3-5"), "erg")
    assert side.strokes == (2, 3, 4)
    assert side.name == "strokes 3–5"
    assert chosen(session, parse_choice("4"), "erg").name == "stroke 4"
    assert chosen(session, parse_choice("others"), "erg", taken=side.strokes).strokes == (0, 1, 5, 6, 7, 8, 9)
    assert chosen(session, parse_choice("all"), "erg", "may").name == "may"
    assert chosen(session, parse_choice("3-5"), "erg", "may").name == "may, strokes 3–5"


def test_only_whole_strokes_lie_in_a_stretch_of_time() -> None:
    session = plain(10)
    second, fifth = session.strokes.strokes[1], session.strokes.strokes[4]
    exact = chosen(session, parse_choice("all", second.catch_time_s, fifth.end_time_s), "erg")
    assert exact.strokes == (1, 2, 3, 4)
    short = chosen(session, parse_choice("all", second.catch_time_s + 0.01, fifth.end_time_s - 0.01), "erg")
    assert short.strokes == (2, 3)
    assert chosen(session, parse_choice("all", None, fifth.end_time_s), "erg").strokes == (0, 1, 2, 3, 4)
    with pytest.raises(UsageError, match="no stroke lies whole between 0 to 1 s"):
        chosen(session, parse_choice("all", 0.0, 1.0), "erg")


def test_what_does_not_count_is_left_out_and_named() -> None:
    session = make_session(10)
    choice = parse_choice("3-5")
    side = chosen(session, choice, "erg")
    assert side.strokes == (2, 4)
    assert left_out(session, choice, side) == "Stroke 4 was left out: the handle left the picture."
    assert left_out(session, parse_choice("1-2"), chosen(session, parse_choice("1-2"), "erg")) == ""
    with pytest.raises(NotMeasurableError, match="none of the strokes asked for counts"):
        chosen(session, parse_choice("4"), "erg")


def test_strokes_that_are_not_there() -> None:
    with pytest.raises(UsageError, match="no stroke 11, 12: erg has 10 of them"):
        chosen(plain(10), parse_choice("9-12"), "erg")
    with pytest.raises(UsageError, match="no stroke is left for this side"):
        chosen(plain(10), parse_choice("others"), "erg", taken=range(10))


def test_the_best_are_those_of_the_piece() -> None:
    session = plain(10)
    side = chosen(with_best(session, (6, 1, 3)), parse_choice("best"), "erg")
    assert side.strokes == (1, 3, 6)
    assert side.picked_by_score
    assert side.name == "the best strokes (2, 4, 7)"
    with pytest.raises(NotMeasurableError, match="Name strokes by their numbers"):
        chosen(session, parse_choice("best"), "erg")
    empty = replace(session, strokes=replace(session.strokes, strokes=()))
    with pytest.raises(UsageError, match="erg has none"):
        chosen(empty, parse_choice("1"), "erg")


def test_strokes_of_both_sides() -> None:
    session = plain(10)
    one, two = (chosen(session, parse_choice(words), "erg") for words in ("1-5", "4-8"))
    assert shared(one, two) == (3, 4)
