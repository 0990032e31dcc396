"""Plain words: what happened, in how many strokes and how surely, and never why."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from rowsense.model import Association, HipsAnalysis, Mover
from rowsense.model.hips import THE_FIVE
from rowsense.texts.measures import ENGLISH, spoken
from rowsense.wording.hips import hips_sentences as sentences
from tests.hips_fixture import GIVE_WAYS, HEAD, HIPS, KNEES, PULLS, SHOULDERS, SITS

ORDER_ONLY = ENGLISH("report_hips.said.order_only")
#: Why, and what is never said.
NEVER = re.compile(
    r"\b(because|cause[sd]?|causing|due|therefore|thus|leads? to|makes?|injur\w*|safe|unsafe|danger\w*|correct|wrong|"
    r"diagnos\w*|should|must)\b",
    re.IGNORECASE,
)


def with_movers(*movers):
    first = tuple(m.id for m in movers if m.moved_first)
    strong = tuple(m.id for m in movers if m.association and m.association.clear)
    return replace(HIPS, movers=movers, in_time=first, in_strength=strong)


def test_the_hips_come_first_with_their_moment():
    first, second, *_ = sentences(HIPS)
    assert first == (
        "In 7 of 19 strokes your hips tipped back on the way to the catch, by 17° (± 6 in one stroke). They began to "
        "0.45 s before the catch (± 0.05 in one stroke) and went back at 50° a second. At that moment your thighs "
        "were 34° over level and your knees at 62°."
    )
    assert second == "In 4 of 7 of these strokes they came half of the way forward again early in the drive."


def test_who_moved_first_stands_in_order_of_time():
    said = sentences(HIPS)
    assert said[2] == "In 14 of 18 strokes your shoulders came forward 0.12 s before the hips tipped (0.03 to 0.21 s)."
    assert said[3] == (
        "In 15 of 18 strokes your head dropped before or with the hips, typically 0.03 s before they tipped (± 0.10): "
        "which came first cannot be told."
    )
    assert said[4].startswith("The further your shoulders came forward, the further your hips tipped back (rank")
    assert said[5].startswith("Not judged, sitting on the back of the sitting bones: it needs")
    assert said[-1] == ORDER_ONLY


def test_a_lag_after_the_hips_is_said_to_be_after():
    late = replace(HEAD, lag_s=0.04, lag_low_s=-0.06, lag_high_s=0.14)
    said = sentences(with_movers(SITS, late, KNEES_AS_SHOULDERS, KNEES, PULLS))
    assert any("typically 0.04 s after they tipped" in s for s in said)


KNEES_AS_SHOULDERS = Mover("shoulders_pulled_forward", "not_seen", 18, 3, 2)


def test_sitting_and_pulling_have_their_own_sentences():
    sits = Mover("sits_on_back_of_bones", "before", 18, 17, 17, -0.6)
    pulls = Mover("pulls_harder", "before", 18, association=Association(18, 0.7, 0.3, 0.9, 0.002, True))
    said = sentences(with_movers(sits, replace(HEAD, relation="not_seen"), KNEES_AS_SHOULDERS, KNEES, pulls))
    assert said[2].startswith("In 17 of 18 strokes you were in the rearmost third of your own range already when")
    assert said[3].startswith(
        "The quicker the drive before, at the same stroke rate, the further your hips tipped back"
    )
    assert sum("quicker" in s for s in said) == 1


def test_nobody_moved_first():
    said = sentences(with_movers(SITS, replace(HEAD, relation="not_seen"), KNEES_AS_SHOULDERS, KNEES, PULLS))
    assert said[2].startswith("Nothing surely moved before or with the hips in more than half of the strokes")
    assert said[2].endswith("Looked at: the head, the shoulders, the knees, pulling harder.")
    assert ORDER_ONLY not in said


def test_nothing_to_say_has_its_reason():
    assert sentences(HipsAnalysis(3, 0, movers_reason="hidden", reason="hidden")) == (
        "Whether your hips tip back was not judged: hidden.",
    )
    assert sentences(HipsAnalysis(9, 9, movers_reason="the hips do not tip back")) == ("The hips do not tip back.",)
    few = replace(HIPS, movers=(), movers_reason="too few", in_time=(), in_strength=())
    assert sentences(few)[-1] == "What moved first was not judged: too few."


def test_what_is_not_known_is_left_out():
    blind = [
        replace(g, thigh_deg=math.nan, knee_deg=math.nan, speed_deg_per_s=math.nan, recovered_ratio=math.nan)
        for g in GIVE_WAYS
    ]
    said = sentences(replace(HIPS, give_ways=tuple(blind)))
    assert said[0].endswith("before the catch (± 0.05 in one stroke).")
    assert "shoulders" in said[1]
    timeless = [replace(g, time_s=math.nan, before_catch_s=math.nan) for g in GIVE_WAYS]
    assert sentences(replace(HIPS, give_ways=tuple(timeless)))[0].endswith("when that began cannot be told.")
    unmoved = [replace(g, recovered_ratio=0.1) for g in GIVE_WAYS]
    assert sentences(replace(HIPS, give_ways=tuple(unmoved)))[1].startswith("In none of 7 of these strokes")


def test_thighs_under_level_are_said_to_be_under():
    low = tuple(replace(g, thigh_deg=-4.0) for g in GIVE_WAYS)
    assert "your thighs were 4° under level" in sentences(replace(HIPS, give_ways=low))[0]


@pytest.mark.parametrize("name", THE_FIVE)
def test_every_one_of_the_five_has_words(name):
    known = ENGLISH.catalogue.messages
    assert f"report_hips.said.name.{name}" in known and f"report_hips.moved.{name}" in known
    did = [f"report_hips.said.{when}.{name}" for when in ("before", "with_before", "with_after")]
    assert known.keys() >= set(did) or name in ("sits_on_back_of_bones", "pulls_harder")
    more = {f"report_hips.said.more.{name}", f"report_hips.said.more_known.{name}"}
    assert known.keys() >= more or name == "sits_on_back_of_bones"


def test_the_same_in_german():
    said = sentences(HIPS, spoken("de"))
    assert said[0].startswith("In 7 von 19 Schlägen kippte dein Becken auf dem Weg in die Auslage nach hinten, um 17°")
    assert "0,45 s vor der Auslage" in said[0] and len(said) == len(sentences(HIPS))
    assert "kamen deine Schultern nach vorn, 0,12 s bevor das Becken kippte (0,03 bis 0,21 s)" in said[2]


def test_no_sentence_says_why_or_what_is_right():
    sits = Mover("sits_on_back_of_bones", "before", 18, 17, 17, -0.6)
    pulls = Mover("pulls_harder", "before", 18, association=Association(18, 0.7, 0.3, 0.9, 0.002, True))
    strong = Association(18, 0.6, 0.2, 0.8, 0.002, True)
    everything = with_movers(
        sits,
        replace(HEAD, association=strong, association_reason=""),
        SHOULDERS,
        replace(KNEES, relation="with", association=strong),
        pulls,
    )
    for hips in (HIPS, everything):
        for sentence in sentences(hips):
            assert not NEVER.search(sentence), sentence
