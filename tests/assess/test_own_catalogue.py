"""A coach's own catalogue: copied, changed, with a rule, a style and a level of her own, and judged by."""

from __future__ import annotations

import numpy as np
import pytest

from rowsense.assess.catalogue import catalogue_text, load_catalogue, never_judged, parse_catalogue
from rowsense.assess.judge import assess, catalogue_for
from rowsense.errors import UsageError
from rowsense.settings import AssessSettings
from tests.assess import stick
from tests.assess.test_faults import FAULTS

#: A change of the upper back over the recovery, a metric that the built-in catalogue does not have.
OWN_RULE = """
[[style]]
id = "our_club"
meaning = "as our head coach teaches it"

[[level]]
id = "masters"
meaning = "over fifty"

[[metric]]
name = "thoracic_rise_into_catch_deg"
kind = "change"
quantity = "thoracic_flexion_deg"
from = "rocked_over"
to = "next_catch"
direction = "rise"
unit = "deg"
meaning = "upper back at the catch minus upper back at rock-over"

[[fault]]
id = "rounds_the_upper_back"
name = "rounds the upper back at the catch"
order = 5
phases = ["slide", "catch"]
needed_share = 0.25
cue = "Wide shoulders."
is_not = "Not about reach."
self_test = "Row ten strokes with a stick under the arms and film again."
drill = "Ten strokes, arms only."
kept = "your upper back keeps its shape"
styles_not_judged = ["simultaneous"]

[[fault.rule]]
metric = "thoracic_rise_into_catch_deg"
direction = "above"
limit = 6.0
unit = "deg"
source = "our club"
status = "C"
severity_steps = [10.0, 14.0]
levels.masters = { limit = 30.0, severity_steps = [35.0, 40.0], source = "our club", status = "C" }
quantity = "thoracic_flexion_deg"
frames = ["slide", "next_catch"]
worst_phase = "next_catch"
worst = "highest"
says = "your upper back rounded {value} on the way to the catch"
"""
ROUNDING = {"thoracic_flexion_deg": ((0.0, 0.3, 1.3, 1.9, 2.0), (22, 8, 8, 22, 22))}


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(catalogue_text() + OWN_RULE, encoding="utf-8")
    return path


def judged(settings, changes=None):
    series, strokes = stick.row(changes=changes)
    return assess(series, strokes, np.arange(len(series)), settings)


def test_a_rule_of_ones_own_is_judged_with_frames_words_and_severity(own):
    result = judged(AssessSettings(catalogue=own), ROUNDING)
    fault = result.faults[0]
    assert (fault.id, fault.severity, len(fault.strokes)) == ("rounds_the_upper_back", 2, 12)
    assert fault.sentence == "In 12 of 12 strokes your upper back rounded 13 deg (± 3) on the way to the catch."
    assert fault.self_test.startswith("Row ten strokes with a stick")
    assert len(fault.frames) == 12
    assert result.metrics["thoracic_rise_into_catch_deg"] == pytest.approx(13.5, abs=0.5)
    assert "Look at this first: rounds the upper back at the catch." in result.notes[0]
    assert "rounds_the_upper_back" not in {f.id for f in judged(AssessSettings(catalogue=own)).faults}


def test_its_own_level_and_style_are_followed(own):
    masters = judged(AssessSettings(catalogue=own, level="masters"), ROUNDING)
    assert masters.faults == ()
    assert masters.level == "masters"
    simultaneous = judged(AssessSettings(catalogue=own, style="simultaneous"), ROUNDING)
    assert simultaneous.not_judged["rounds_the_upper_back"] == "not judged in the simultaneous style"
    own_style = judged(AssessSettings(catalogue=own, style="our_club"), ROUNDING)
    assert [f.id for f in own_style.faults] == ["rounds_the_upper_back"]


@pytest.mark.parametrize(("kind", "known"), [("style", "sequential, simul"), ("level", "learning, club, racing")])
def test_an_unknown_style_or_level_is_named_with_those_that_are_known(kind, known):
    with pytest.raises(UsageError, match=f"{kind} 'adam' is not known; the catalogue has {known}"):
        judged(AssessSettings(**{kind: "adam"}))


def test_at_the_learning_level_what_is_slight_is_not_named():
    slight = {
        "trunk_lean_deg": ((0.0, 0.3, 0.75, 0.85, 1.1, 1.3, 1.75, 1.94, 2.0), (25, 25, -22, -22, 0, 16, 16, 25, 25))
    }
    assert [f.id for f in judged(AssessSettings(), slight).faults] == ["late_lunge"]
    assert judged(AssessSettings(level="learning"), slight).faults == ()
    further = {"trunk_lean_deg": (slight["trunk_lean_deg"][0], (25, 25, -22, -22, 0, 11, 11, 25, 25))}
    strong = judged(AssessSettings(level="learning"), further)
    assert [f.id for f in strong.faults] == ["late_lunge"]
    assert strong.faults[0].rules[0].limit == 8.0


def test_a_rule_that_is_named_earlier_is_so_at_its_own_limit_only():
    """Between the limit and 0.84 sd beyond it only a smaller probability than the usual one names a stroke."""
    layback = {"trunk_lean_deg": (stick.WELL_ROWED["trunk_lean_deg"][0], (25, 25, -31.6, -31.6, 0, 22, 25, 25))}
    assert [f.id for f in judged(AssessSettings(), layback).faults] == ["excess_layback"]
    rule = catalogue_for(AssessSettings()).faults[names().index("excess_layback")].rules[0]
    assert rule.probability is not None and rule.probability.value < 0.8
    assert rule.at_level("learning").probability is None, "the level has a limit of its own"

    def with_limit(limit):
        told = {"limit": limit, "severity_steps": [-36.0, -42.0]}
        rules = {"rules": {"trunk_lean_deg_finish below": told}}
        return AssessSettings(changes={"faults": {"excess_layback": rules}})

    assert [f.id for f in judged(with_limit(-30.0), layback).faults] == ["excess_layback"]
    assert judged(with_limit(-30.1), layback).faults == (), "what was settled for another limit does not hold for this"


def names():
    return [fault.id for fault in catalogue_for(AssessSettings()).faults]


def test_scores_are_the_same_at_every_level():
    changes = FAULTS["late_lunge"][0]
    assert judged(AssessSettings(level="learning"), changes).score == judged(AssessSettings(), changes).score


def test_a_fault_can_be_left_out_at_a_level(tmp_path):
    path = tmp_path / "own.toml"
    text = catalogue_text()
    path.write_text(
        text.replace('id = "late_lunge"', 'id = "late_lunge"\nlevels_not_judged = ["learning"]'), encoding="utf-8"
    )
    result = judged(AssessSettings(catalogue=path, level="learning"), FAULTS["late_lunge"][0])
    assert result.not_judged["late_lunge"] == "not judged at the learning level"


def test_a_rule_that_can_never_be_judged_is_pointed_out(own):
    assert never_judged(load_catalogue(own)) == []
    text = own.read_text(encoding="utf-8").replace(
        'metric = "thoracic_rise_into_catch_deg"\ndirection', 'metric = "knee_above_hip_ratio_catch"\ndirection'
    )
    text = text.replace('unit = "deg"\nsource = "our club"', 'unit = "ratio"\nsource = "our club"')
    said = never_judged(parse_catalogue(text.replace("knee_above_hip_ratio = {", "#")))
    assert said == [
        "rounds_the_upper_back is never judged by knee_above_hip_ratio_catch, whose error is not known: "
        "give knee_above_hip_ratio a number in [quantity_sd]"
    ]
