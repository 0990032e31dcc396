"""The results of a piece refuse what contradicts itself, and go to JSON and back."""

from __future__ import annotations

import math

import pytest

from rowsense.model import Assessment, BestStrokes, Difference, Drift, PieceAnalysis, RateStep, Spread
from rowsense.store.codec import from_json, to_json
from tests.piece_fixture import PIECE
from tests.session_fixture import make_session


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Drift("a", "deg", 3), "a reason why there is none"),
        (lambda: Drift("a", "deg", 3, reason="hidden", clear=True), "cannot be clear"),
        (lambda: Drift("a", "deg", 3, 1.0, 2.0, 3.0, 1.0, 0.0, 2.0), "slope_per_min must lie in its interval"),
        (lambda: Drift("a", "deg", 3, 1.0, 0.0, 2.0, 1.0, 0.0, 2.0, from_min=3.0), "only a clear drift has a minute"),
        (lambda: Drift("a", "deg", 3, reason="hidden", rate_handling="none"), "unknown rate_handling"),
        (lambda: Difference("a", "deg", 1.0, 0.5, 1.5, 2.0, True), "beyond the detectable change"),
        (lambda: Difference("a", "deg", 1.0, 0.5, 1.5, math.nan, True), "beyond the detectable change"),
        (lambda: Difference("a", "deg", math.nan, 0.5, 1.5, 2.0, False), "difference must be a number"),
        (lambda: RateStep(1.0, 3, 20.0, 20.0, 10, 10, ()), "must differ"),
        (lambda: RateStep(1.0, 3, 20.0, 24.0, 0, 10, ()), "both sides need strokes"),
        (lambda: Spread("a", "deg", 12, 3.0, math.nan, 2.0, 1.0, 3.0), "own needs the measurement's part"),
        (lambda: Spread("a", "deg", 12, 3.0, 2.0, 2.0, 2.5, 3.0), "own must lie in its interval"),
        (lambda: BestStrokes((), 80.0, 60.0, 10, ()), "there must be a best stroke"),
        (lambda: BestStrokes((1, 1), 80.0, 60.0, 10, ()), "named once"),
        (lambda: PieceAnalysis(3, 0.1, drift_reason="short", spread_reason="few"), "best or the reason"),
        (lambda: PieceAnalysis(-1, math.nan, (), "a", (), (), "b", None, "c"), "stroke_count must not be negative"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()


def test_the_share_of_the_measurement():
    assert PIECE.spreads[0].measurement_ratio == pytest.approx(16.0 / 25.0)
    assert Spread("a", "deg", 12, 3.0, 4.0, 0.0, 0.0, 1.0).measurement_ratio == 1.0


def test_it_goes_to_json_and_back():
    assert repr(from_json(PieceAnalysis, to_json(PIECE))) == repr(PIECE)


def test_an_assessment_stored_before_there_was_a_piece_has_none():
    stored = to_json(make_session().assessment)
    del stored["piece"]
    assert from_json(Assessment, stored).piece is None
