"""The page that compares: what its address asks for, what it says, and what films and charts are told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dashboards.app import create_app
from dashboards.library import FolderLibrary, Library
from dashboards.pages.compare.asked import Asked, asked_for, choices
from dashboards.pages.compare.data import typical_stroke
from dashboards.pages.compare.routes import content
from dashboards.pages.compare.view_model import compare_page
from dashboards.pages.sessions.callbacks import show_address
from dashboards.remarks import NoRemarks, use_remarks
from dashboards.texts.reader import english
from rowsense.assess.sides import Choice
from rowsense.errors import UsageError
from rowsense.report.curves import StrokeCurves
from tests.comparison_cases import stored
from tests.report.judged import long_session

MAY, JUNE, EVE = "may.rowsense", "2026/june.rowsense", "eve.rowsense"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """``may`` and ``june`` of one rower, ``eve`` of another; the hips tip back over each piece."""
    root = tmp_path_factory.mktemp("compared")
    session = long_session(-14.0, 16)
    stored(session, root / MAY)
    stored(replace(session, athlete=session.athlete.lower()), root / JUNE)
    stored(replace(session, athlete="Eve"), root / EVE)
    (root / "2026" / "may.rowsense").mkdir()
    for name in ("summary.json", "session.json", "frames.parquet"):
        (root / "2026" / "may.rowsense" / name).write_bytes((root / MAY / name).read_bytes())
    return FolderLibrary(root)


@pytest.mark.parametrize(
    "asked",
    [
        Asked("ž owy/a&b.rowsense", "c+d.rowsense", "1-10", "best", any_rower=True),
        Asked("a.rowsense", strokes="4", against="12"),
        Asked("a.rowsense", cue="1:35"),
        Asked(),
    ],
)
def test_an_address_says_all_that_was_asked(asked: Asked) -> None:
    path, _, search = asked.address.partition("?")
    assert path == "/compare"
    assert asked_for(f"?{search}") == asked
    assert asked.data_address == asked.address.replace("/compare", "/compare/data.json")


def test_two_ticked_sessions_stand_in_the_order_of_time() -> None:
    asked = asked_for("?pick=new.rowsense&pick=old.rowsense")
    assert (asked.first, asked.second, asked.settled) == ("old.rowsense", "new.rowsense", True)
    assert asked_for("?pick=a.rowsense") == Asked("a.rowsense")
    with pytest.raises(UsageError, match="3 sessions are ticked"):
        asked_for("?pick=a&pick=b&pick=c")


def test_sessions_are_found_by_words_and_what_was_chosen_stays(shelf: Library) -> None:
    page = compare_page(english(), shelf, f"?first={MAY}&second={JUNE}&find=EVE&found=")
    assert page.found is None and page.problem is None, "other words: one looks for a session first"
    assert [key for key, _ in page.chooser.sessions] == [EVE, MAY, JUNE] and page.chooser.total == 1
    shown = str(content(shelf, f"?first={MAY}&second={JUNE}&find=EVE&found="))
    assert "1 session fits and is in both lists" in shown
    assert compare_page(english(), shelf, f"?first={MAY}&second={JUNE}&find=eve&found=eve").found is not None
    none = compare_page(english(), shelf, "?find=nobody")
    assert none.chooser.sessions == () and "0 sessions fit" in str(content(shelf, "?find=nobody"))


def test_empty_fields_of_the_form_ask_for_nothing() -> None:
    asked = asked_for("?first=a.rowsense&strokes=&second=a.rowsense&with=&cue=")
    assert asked.one_session and not asked.settled
    assert not replace(asked, strokes="all").settled, "all against nothing"
    assert choices(replace(asked, strokes="1-3"))[1] == Choice("others")
    assert choices(Asked("a", "b"))[1] == Choice("all")


@pytest.mark.parametrize(("words", "seconds"), [("95", 95.0), ("1:35", 95.0), ("95,5", 95.5)])
def test_a_moment_is_written_as_people_write_it(words: str, seconds: float) -> None:
    before, after = choices(Asked("a", cue=words))
    assert (before.to_s, after.from_s) == (seconds, seconds)


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("first=may.rowsense&cue=soon", "“soon” is no moment of the film"),
        ("first=may.rowsense&cue=-4", "is no moment of the film"),
        (f"first=may.rowsense&cue={'9' * 390}:00", "is no moment of the film"),
        ("first=may.rowsense&second=eve.rowsense&cue=9", "goes within one session"),
        ("first=may.rowsense&strokes=1&with=2&cue=9", "no strokes to hold against"),
        ("first=may.rowsense&strokes=five", "names no strokes"),
        ("first=may.rowsense&strokes=1-5&with=5-9", "Stroke 5 is on both sides"),
        ("first=may.rowsense&strokes=4&with=5-9", "none of the strokes asked for counts"),
        ("first=may.rowsense&strokes=1-3&with=60", "No stroke 60: this session has 16 of them"),
        ("first=gone.rowsense&strokes=1", "may have been moved or deleted"),
        ("first=../may.rowsense&second=may.rowsense", "may have been moved or deleted"),
        ("pick=1&pick=2&pick=3", "two at a time"),
    ],
)
def test_what_cannot_be_compared_is_said_and_the_form_stays(shelf: Library, search: str, said: str) -> None:
    page = compare_page(english(), shelf, f"?{search}")
    assert page.found is None and page.problem is not None
    assert said in page.problem.detail
    shown = str(content(shelf, f"?{search}"))
    assert "Choose both sides" in shown and "--" not in page.problem.detail, "no words of the command line"


def test_two_rowers_are_compared_only_when_asked(shelf: Library) -> None:
    page = compare_page(english(), shelf, f"?first={MAY}&second={EVE}&strokes=1-8")
    assert page.problem is not None and "are two rowers" in page.problem.detail
    (anyway,) = page.problem.ways
    found = compare_page(english(), shelf, anyway.address.partition("?")[2]).found
    assert found is not None and any("this is no change of anybody" in note for note in found.view.notes)
    assert compare_page(english(), shelf, f"?first={MAY}&second={JUNE}").found, "however the name is written"


def test_sessions_are_told_apart_by_name(shelf: Library) -> None:
    found = compare_page(english(), shelf, f"?first={MAY}&second={JUNE}").found
    assert found is not None and found.view.own_mean
    assert (found.view.first, found.view.second) == ("may", "june")
    assert [way.address for way in found.sessions] == [f"/session/{MAY}", f"/session/{JUNE}"]
    assert found.turned.address == "/compare?first=2026%2Fjune.rowsense&second=may.rowsense"
    same = compare_page(english(), shelf, f"?first={MAY}&second=2026/may.rowsense").found
    assert same is not None and (same.view.first, same.view.second) == ("may", "2026/may")


def test_a_session_alone_offers_what_can_be_asked_of_it(shelf: Library) -> None:
    page = compare_page(english(), shelf, f"?first={MAY}")
    assert page.problem is None and page.found is None
    assert len(page.chooser.quick) == 3
    for way in page.chooser.quick:
        found = compare_page(english(), shelf, way.address.partition("?")[2]).found
        assert found is not None, way.words
    assert "Say which strokes" in str(content(shelf, f"?first={MAY}"))
    assert MAY in page.chooser.hers and JUNE in page.chooser.hers and EVE not in page.chooser.hers
    shown = str(content(shelf, f"?first={MAY}"))
    rest = shown.split("label='The same rower'")[1].split("label='All others'")[0]
    assert EVE in rest and JUNE not in rest, "what is in a group is written before what it is called"


def test_a_session_is_held_against_an_earlier_one_and_about_a_cue(
    shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NoRemarks, "cues", lambda self, key: ((20.0, "<b>sit up</b>"), (95.0, "")))
    first = next(one.key for one in shelf.entries() if one.summary["athlete"] != "Eve")
    chooser = compare_page(english(), shelf, f"?first={first}").chooser
    assert len(chooser.against) == 1, "the last before it is her best, too"
    for way in chooser.against:
        found = compare_page(english(), shelf, way.address.partition("?")[2]).found
        assert found is not None and found.sessions[1].address == f"/session/{first}", "the earlier one stands first"
    cues = [way for way in chooser.quick if "cue=" in way.address]
    assert [way.words.partition(": ")[2] for way in cues] == ["<b>sit up</b>", ""] and "0:20" in cues[0].words
    assert compare_page(english(), shelf, cues[0].address.partition("?")[2]).found is not None


def test_of_a_made_up_club_only_numbers_are_kept_and_that_is_said(shelf: Library, tmp_path: Path) -> None:
    class Club(FolderLibrary):
        @property
        def is_folder(self) -> bool:
            return False

    (tmp_path / "numbers.rowsense").mkdir()
    summary = (shelf.root / MAY / "summary.json").read_bytes()  # type: ignore[attr-defined]
    (tmp_path / "numbers.rowsense" / "summary.json").write_bytes(summary)
    page = compare_page(english(), Club(tmp_path), "?first=numbers.rowsense&strokes=1")
    assert page.problem is not None and "Only numbers are kept" in page.problem.detail
    assert str(tmp_path) not in page.problem.detail


def test_a_rower_says_what_she_felt_before_anything_is_compared(shelf: Library) -> None:
    class Asking(NoRemarks):
        def to_be_asked(self) -> frozenset[str]:
            return frozenset({JUNE})

    server = create_app(shelf.root).server  # type: ignore[attr-defined]
    use_remarks(server, Asking())
    within, between = f"first={MAY}&strokes=1", f"first={MAY}&second={JUNE}"
    for asked, told in ((between, True), (f"first={JUNE}&strokes=1", True), (within, False)):
        with server.app_context():
            page = compare_page(english(), shelf, f"?{asked}")
        assert (page.found is None) == told
        if page.problem is not None:
            assert [way.address for way in page.problem.ways] == [f"/session/{JUNE}"]
        assert (server.test_client().get(f"/compare/data.json?{asked}").status_code == 400) == told


def test_nothing_to_compare_yet(tmp_path: Path) -> None:
    assert "no sessions to compare yet" in str(content(FolderLibrary(tmp_path), ""))


def test_the_page_is_found_by_its_address(shelf: Library) -> None:
    app = create_app(shelf.root)  # type: ignore[attr-defined]
    with app.server.app_context():
        assert "Choose both sides" in str(show_address("/compare", ""))
        assert "Your sessions" in str(show_address("/", ""))


def test_films_and_charts_are_told_what_the_page_says(shelf: Library) -> None:
    client = create_app(shelf.root).server.test_client()  # type: ignore[attr-defined]
    asked = f"first={MAY}&strokes=1-5&with=11-16"
    answer = client.get(f"/compare/data.json?{asked}")
    data, found = json.loads(answer.data), compare_page(english(), shelf, f"?{asked}").found
    assert found is not None
    assert [side["strokes"] for side in data["sides"]] == [[0, 1, 2, 4], [10, 11, 12, 13, 14, 15]]
    assert data["borders_percent"] == sorted(data["borders_percent"])
    assert data["borders_percent"][3] == pytest.approx(data["finish_percent"], abs=0.02)
    assert data["finish_percent"] == data["curves"][0]["finish_percent"]
    hips = data["curves"][0]
    assert (hips["quantity"], len(hips["sides"][0]["mean"]), len(hips["sides"][1]["lines"])) == (
        "pelvic_tilt_deg",
        101,
        6,
    )
    words = [cell.phase.lower() for cell in found.view.panels[0].cells if cell.clear]
    assert hips["clear"] and len(hips["clear"]) == len(words)
    assert hips["limits_deg"]["catch"] > 0 and hips["detectable_deg"] is not None
    named = next(phase for phase in data["phases"] if phase["percent"] == data["open_percent"])
    assert named["id"] in hips["clear"], "it opens where the headline is"
    assert client.get(f"/compare/data.json?first={MAY}").status_code == 400
    assert client.get("/compare/data.json?first=none.rowsense&strokes=1").status_code == 404
    refused = client.get(f"/compare/data.json?first={MAY}&second={EVE}")
    assert refused.status_code == 400 and "two rowers" in refused.text


def test_the_typical_stroke_is_the_one_most_like_the_mean() -> None:
    line = np.linspace(0.0, 10.0, 101)

    def curves(offsets: list[float]) -> StrokeCurves:
        values = np.stack([line + off for off in offsets])
        known, mean = np.ones(len(offsets), bool), np.nanmean(values, axis=0)
        return StrokeCurves("knee_deg", line, values, known, mean, mean, 40.0)

    assert typical_stroke([curves([-8.0, 1.0, 9.0])]) == 1
    assert typical_stroke([curves([0.0, np.nan, 4.0, 2.1]), curves([9.0, 0.0, -9.0, 1.0])]) == 3
    assert typical_stroke([]) == 0
