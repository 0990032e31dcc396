"""A fault in words: found by id or name, all of the catalogue's facts in it."""

from __future__ import annotations

import re

import pytest

from rowsense.assess.catalogue import choose, load_catalogue
from rowsense.assess.explain import explanation, fault_list, find_fault
from rowsense.errors import UsageError

CATALOGUE = load_catalogue()


@pytest.mark.parametrize("fault", CATALOGUE.told, ids=lambda f: f.id)
def test_it_is_found_by_id_and_by_name_and_told_whole(fault):
    for name in (fault.id, fault.name, fault.id.upper().replace("_", "-"), f"  {fault.name}  "):
        assert find_fault(CATALOGUE, name) is fault
    told = explanation(CATALOGUE, fault)
    flat = " ".join(told.split())
    for words in (fault.words.cue, fault.words.is_not, fault.words.self_test, fault.words.drill):
        assert words in flat
    assert max(map(len, told.splitlines())) <= 96
    for rule in getattr(fault, "rules", ()):
        assert f"{rule.direction} {rule.limit:g}" in flat
        assert rule.source in flat
    assert fault.id in fault_list(CATALOGUE)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("hips_tip_bck", "hips_tip_back"), ("knee", "knees_too_high"), ("rush slide", "rushes_the_slide")],
)
def test_a_mistyped_one_is_answered_with_the_nearest(name, meant):
    with pytest.raises(UsageError, match=f"no such fault; did you mean .*{meant}"):
        find_fault(CATALOGUE, name)


@pytest.mark.parametrize("name", ["", "xyzzy", "?"])
def test_nothing_near_names_the_list(name):
    with pytest.raises(UsageError, match=re.escape("no such fault; `rowsense explain` lists them")):
        find_fault(CATALOGUE, name)


def test_the_level_decides_which_limit_is_told_first():
    club = explanation(CATALOGUE, find_fault(CATALOGUE, "late_lunge"))
    learning = choose(CATALOGUE, level="learning")
    told = explanation(learning, find_fault(learning, "late_lunge"))
    assert "Limit:          above 5 deg; clear from 8, strong from 12" in club
    assert "At learning:    above 8 deg" in club
    assert "Limit:          above 8 deg; clear from 12, strong from 16" in told
    assert "At learning" not in told
