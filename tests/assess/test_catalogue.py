"""The catalogue as data: its limits, its checks, its words."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from rowsense.assess.catalogue import catalogue_text, load_catalogue, parse_catalogue
from rowsense.assess.explain import explanation
from rowsense.assess.fault_page import fault_page, known_page
from rowsense.assess.five import HEAD_DOUBT, REARMOST_RATIO, SHOULDER_DOUBT
from rowsense.assess.judge import assess
from rowsense.errors import CatalogueError, UsageError
from rowsense.settings import AssessSettings
from tests.assess import stick
from tests.assess.forbidden import forbidden_in
from tests.assess.test_faults import FAULTS, UNSCORED

TEXT = catalogue_text()


def test_the_limits_are_the_ones_of_the_definition():
    limits = {(f.id, r.metric): (r.direction, r.limit) for f in load_catalogue().faults for r in f.rules}
    assert limits == {
        ("hips_tip_back", "pelvic_tilt_fall_into_catch_deg"): ("above", 8.0),
        ("hips_tip_back", "lumbar_rise_into_catch_deg"): ("above", 8.0),
        ("hips_tip_back", "pelvis_gives_way_fall_deg"): ("above", 4.0),
        ("slump_under_load", "lumbar_rise_under_load_deg"): ("above", 5.0),
        ("knees_too_high", "shin_deg_catch"): ("below", 78.0),
        ("knees_too_high", "pelvis_gives_way_s"): ("above", 0.1),
        ("excess_layback", "trunk_lean_deg_finish"): ("below", -30.0),
        ("excess_layback", "lumbar_rise_at_finish_deg"): ("above", 5.0),
        ("opens_early", "lean_fall_before_legs_deg"): ("above", 3.0),
        ("shoots_the_slide", "seat_to_handle_travel_ratio"): ("above", 1.3),
        ("rushes_the_slide", "seat_rush_ratio"): ("above", 1.5),
        ("early_arm_bend", "elbow_at_knee_150_deg"): ("below", 160.0),
        ("late_lunge", "lean_growth_late_recovery_deg"): ("above", 5.0),
        ("knees_before_hands", "knees_before_hands_s"): ("above", 0.0),
        ("sits_on_back_of_bones", "pelvis_in_last_third_deg"): ("above", 0.0),
        ("head_drops", "head_from_own_tall_deg"): ("above", 10.0),
        ("head_drops", "head_rise_into_catch_deg"): ("above", 10.0),
        ("shoulders_pulled_forward", "shoulder_growth_late_recovery_ratio"): ("above", 0.05),
        ("pulls_harder", "drive_under_easy_percent"): ("above", 8.0),
    }


def test_further_conditions_are_the_ones_of_the_definition():
    also = {(f.id, c.metric): (c.direction, c.limit) for f in load_catalogue().faults for r in f.rules for c in r.also}
    assert also == {
        ("hips_tip_back", "lumbar_rise_into_catch_deg"): ("above", 8.0),
        ("hips_tip_back", "pelvic_tilt_fall_into_catch_deg"): ("above", 1.0),
        ("knees_too_high", "pelvis_gives_way_fall_deg"): ("above", 8.0),
        ("knees_too_high", "shin_deg_catch"): ("below", 90.0),
        ("shoulders_pulled_forward", "pelvic_tilt_fall_late_recovery_deg"): ("above", 3.0),
        ("pulls_harder", "tilt_back_from_easy_deg"): ("above", 4.0),
    }
    own = {name: number.value for name, number in load_catalogue().own.items()}
    assert own["hard_ratio"] == 0.08
    assert own["rearmost_ratio"] == pytest.approx(REARMOST_RATIO)


def test_the_errors_of_head_and_shoulders_are_the_same_everywhere():
    sds = load_catalogue().quantity_sd
    assert sds["head_trunk_deg"].value == HEAD_DOUBT.sd_deg
    assert sds["shoulder_protraction_ratio"].value == SHOULDER_DOUBT.sd_deg


def test_rules_know_which_angle_they_compare_between_two_phases():
    compares = {r.metric: r.compares for f in load_catalogue().faults for r in f.rules}
    assert {metric: quantity for metric, quantity in compares.items() if quantity} == {
        "pelvic_tilt_fall_into_catch_deg": "pelvic_tilt_deg",
        "lumbar_rise_into_catch_deg": "lumbar_flexion_deg",
        "lumbar_rise_under_load_deg": "lumbar_flexion_deg",
        "lumbar_rise_at_finish_deg": "lumbar_flexion_deg",
        "head_rise_into_catch_deg": "head_trunk_deg",
    }


def test_loading_it_imports_no_kernel():
    code = (
        "import sys; from rowsense.assess.catalogue import load_catalogue; load_catalogue();"
        "print([m for m in sys.modules if m.split('.')[0] in ('numba', 'cv2', 'mediapipe') or 'kernels' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("version = 1", "version = 2", "version is 2, expected 1"),
        ("limit = 78.0", 'limit = "78"', "limit must be a number"),
        ("limit = 78.0", "limit = nan", "limit must be a number"),
        ("severity_steps = [74.0, 70.0]", "severity_steps = [70.0, 74.0]", "must lead away from the limit"),
        ("severity_steps = [74.0, 70.0]", "severity_steps = [74.0]", "severity_steps must be two numbers"),
        ('metric = "shin_deg_catch"\ndirection', 'metric = "shin_catch"\ndirection', "metric is 'shin_catch'"),
        ('status = "C"', 'status = "U"', "status is 'U', which is not known, expected one of R, C, D"),
        ('id = "late_lunge"', 'id = "opens_early"', "fault 'opens_early' appears twice"),
        ("needed_share = 0.5", "needed_share = 1.5", "needed_share is 1.5, expected 0 to 1"),
        ("weight = 2.0", "weight = 0", "weight must be above 0"),
        ('phase = "slide"', 'phase = "sliding"', "phase is 'sliding'"),
        ("order = 11", 'order = "first"', "fault late_lunge: order must be a number"),
        ("order = 11", "order = 1.5", "order is 1.5, expected a whole number"),
        ("order = 35", "order = -1", "order is -1, expected 0 to inf"),
        ('[[fault]]\nid = "late_lunge"', '[fault_x]\n[[fault]]\nid = "late_lunge"', "unknown key 'fault_x'"),
        ("probability =", "probabilty =", "unknown key 'probabilty'"),
        ("good = 85.0", "good = 71.0", "good and bad must differ"),
        ('cue = "Stop the slide', 'clue = "Stop the slide', "cue must be a text"),
        ("your shins were at {value} at", "your shins were low at", "says must contain {value}"),
        ("your shins were at {value} at", "at {value} of {metric}", "says may contain {value} and no other braces"),
        ("back {also}", "back {also.x}", "says may contain {value} and {also} and no other braces"),
        ('metric = "tilt_back_from_easy_deg"\ndirection', 'metric = "tilt"\ndirection', "metric is 'tilt'"),
        ('metric = "pelvic_share_ratio"\nunit', 'metric = "drive_s"\nunit', "metric is 'drive_s', which is not known"),
        ("the drive by {value}", "the drive by {s}", "says may contain {value} and no other braces"),
        ('kind = "own"', 'kind = "mine"', "kind is 'mine', which is not known, expected one of change, timing, own"),
        ('default_level = "club"', 'default_level = "masters"', "default_level is 'masters', which is not known"),
        ('id = "racing"', 'id = "club"', "level 'club' appears twice"),
        ("levels.learning = { limit = 8.0", "levels.novice = { limit = 8.0", "unknown key 'novice'"),
        ("levels.learning = { limit = 8.0", "levels.learning = { limit = 13.0", "must lead away from the limit"),
        ('styles_not_judged = ["simultaneous"]', 'styles_not_judged = ["adam"]', "styles_not_judged holds 'adam'"),
        ('self_test = "Lower', 'selftest = "Lower', "self_test must be a text"),
        ("sd_ratio = { value = 0.87", "sd_ratio = { value = 1.75", "sd_ratio is 1.75, expected above 0 and at most 1"),
        ("sd = { value = 0.1, unit", "sd_ratio = { value = 0.1, unit", "sd_ratio is for a metric of kind change"),
        (
            "probability = { value = 0.6,",
            "probability = { value = 0.3,",
            "probability is 0.3, expected 0.5 or more and",
        ),
        ("\nprobability = { value = 0.8,", "\nprobability = { value = 1.8,", "model: probability is 1.8, expected 0.5"),
        ("error_correlation = { value = 0.75,", "error_correlation = { value = 7.5,", "7.5, expected 0 to 1"),
        ('name = "pelvic_share_ratio"', 'name = "share_ratio"', "timing metric 'pelvic_share_ratio' is missing"),
    ],
)
def test_what_is_wrong_is_named(old, new, problem):
    assert old in TEXT
    with pytest.raises(UsageError, match=re.escape(problem)) as caught:
        parse_catalogue(TEXT.replace(old, new), "mine.toml")
    assert "mine.toml" in str(caught.value)


def test_all_problems_come_in_one_error():
    broken = TEXT.replace("limit = 78.0", "limit = true").replace('status = "C"', 'status = "?"')
    broken = broken.replace("rush_share_ratio =", "rush =")
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(broken)
    assert len(caught.value.problems) == 7
    for part in ("limit must be a number", "status is '?'", "unknown key 'rush'", "rush_share_ratio is missing"):
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


WRONG_TYPES = ("true", '"x"', "[1]", "{ a = 1 }", "nan")


@pytest.mark.parametrize("wrong", WRONG_TYPES)
def test_no_value_of_a_wrong_type_crashes_it(wrong):
    lines = TEXT.splitlines()
    keys = {}
    for i, line in enumerate(lines):
        if " = " in line and not line.startswith("#"):
            keys.setdefault(line.split(" = ")[0].strip(), i)
    for key, i in keys.items():
        broken = "\n".join([*lines[:i], f"{key} = {wrong}", *lines[i + 1 :]])
        if (wrong == '"x"' and key in FREE_TEXTS) or (wrong == "true" and key == "weaker"):
            continue
        with pytest.raises(UsageError):
            parse_catalogue(broken)


#: Where any text will do.
FREE_TEXTS = {
    "unseen",
    "untimed",
    "id",
    "name",
    "meaning",
    "source",
    "cue",
    "is_not",
    "self_test",
    "drill",
    "kept",
    "measured",
    "reason",
}


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.toml"):
        load_catalogue(tmp_path / "nowhere.toml")
    torn = tmp_path / "torn.toml"
    torn.write_text("[[fault]\nid=", encoding="utf-8")
    with pytest.raises(UsageError, match="not valid TOML"):
        load_catalogue(torn)


def test_a_catalogue_of_ones_own_is_used(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(TEXT.replace("limit = 78.0", "limit = 95.0"), encoding="utf-8")
    series, strokes = stick.row()
    result = assess(series, strokes, np.arange(len(series)), AssessSettings(catalogue=own))
    assert [f.id for f in result.faults] == ["knees_too_high"]


def test_every_fault_that_is_told_costs_points_unless_it_is_known_not_to():
    catalogue = load_catalogue()
    scored = {s.metric for s in catalogue.scores}
    assert {f.id for f in catalogue.faults if not {r.metric for r in f.rules if not r.weaker} <= scored} == UNSCORED


def word_texts(words):
    return (words.cue, words.is_not, words.self_test, words.drill)


def catalogue_texts():
    catalogue = load_catalogue()
    for fault in catalogue.faults:
        yield from (fault.name, fault.kept, *word_texts(fault.words))
        for rule in fault.rules:
            yield from (rule.says, rule.source, *(own.source for own in rule.levels.values()))
    for fault in catalogue.not_judged.values():
        yield from (fault.name, fault.measured, fault.reason, *word_texts(fault.words), *(s.says for s in fault.shows))
    yield from (m.meaning for m in catalogue.metrics.values())
    yield from (kind.meaning for kind in (*catalogue.styles, *catalogue.levels))
    yield from (s.source for s in catalogue.scores)


def generated_texts():
    for changes in [{}, *(f[0] for f in FAULTS.values())]:
        for kwargs in ({}, {"strokes": 1}, {"spine_sd_deg": np.nan}, {"strokes": 0}):
            series, strokes = stick.row(changes=changes, **kwargs)
            result = assess(series, strokes, np.arange(len(series)), AssessSettings())
            yield from result.notes
            yield from result.not_judged.values()
            yield from (result.advice.well, result.advice.seen, result.advice.try_next, result.advice.look_at)
            yield from result.advice.rest
            yield from result.hips.sentences
            for fault in result.faults:
                yield from (fault.sentence, fault.cue, fault.name, fault.self_test, fault.drill)


def page_texts():
    catalogue = load_catalogue()
    yield from fault_page(catalogue).splitlines()
    yield known_page(catalogue)
    for fault in catalogue.told:
        yield explanation(catalogue, fault)


@pytest.mark.parametrize("texts", [catalogue_texts, generated_texts, page_texts])
def test_no_text_claims_a_cause_a_danger_or_a_norm(texts):
    assert forbidden_in(texts()) == []


@pytest.mark.parametrize("text", ["This posture is wrong.", "Unsafe!", "tipping back causes pain"])
def test_the_list_of_words_finds_what_it_should(text):
    assert forbidden_in([text])


def test_self_tests_change_one_thing_and_film_again():
    catalogue = load_catalogue()
    for fault in catalogue.told:
        assert re.search(r"\b(ten|twenty|five) (\w+ )?strokes\b", fault.words.self_test), fault.id
        assert re.search(r"\bfilm\b", fault.words.self_test, re.IGNORECASE), fault.id
        assert max(len(text) for text in word_texts(fault.words)) < 200, fault.id


def test_the_page_is_written_from_the_catalogue(repository):
    page = (repository / "docs" / "faults.md").read_text(encoding="utf-8")
    assert page == fault_page(load_catalogue()), "run `make docs`"
    assert "{{" not in page
