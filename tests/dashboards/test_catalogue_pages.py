"""The page of the catalogue: what it says, what its forms ask for, and what becomes of that."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboards.catalogue.forms import Sent, bare, fault_asked, fields_of, own_asked
from dashboards.catalogue.preview_words import preview_words
from dashboards.catalogue.previewing import preview_lines
from dashboards.catalogue.rejudging import rejudging_of
from dashboards.catalogue.view_model import catalogue_page
from dashboards.texts.reader import english, texts_for
from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.changes import changed_catalogue, own_metrics_of
from rowsense.assess.definitions import Fault
from rowsense.season.standing import season_words, session_words
from rowsense.store.catalogues import ClubCatalogue, Judged, current_catalogue, save_catalogue
from rowsense.store.claims import ClubStore
from rowsense.store.tables import Job
from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts
from tests.dashboards.club_world import PEOPLE, ROWER_1, ROWER_B, SESSIONS, A, make_world, signed_in, token_of

#: What a browser asks for when it goes to the page of a session.
ADDRESSED = {
    "output": "content.children",
    "outputs": {"id": "content", "property": "children"},
    "inputs": [
        {"id": "address", "property": "pathname", "value": f"/session/{SESSIONS[ROWER_1]}.rowsense"},
        {"id": "address", "property": "search", "value": ""},
    ],
    "changedPropIds": [],
}
SHIPPED = load_catalogue()
EN, DE = english(), texts_for("de-DE")
OWN = {
    "name": "Ruckeln früh", "metric": "knee_deg_finish", "direction": "below", "limit": "160,5", "clear": "150",
    "strong": "−140.5", "share": "40", "cue": "Press", "is_not": "", "self_test": "", "drill": "",
}  # fmt: skip


def fault(fault_id: str) -> Fault:
    return next(one for one in SHIPPED.faults if one.id == fault_id)


def filled(fault_id: str, t: Texts = EN, **changes: Any) -> Sent:
    """The form as it comes, sent back with some fields changed."""
    shown = fields_of(t, fault(fault_id), SHIPPED)
    told = {
        "judged": ["1"] if shown.judged else [],
        "share": [shown.share_percent],
        "styles": [name for name, _, on in shown.styles if on],
        "levels": [name for name, _, on in shown.levels if on],
        **{step.name: [step.value] for rule in shown.rules for *_, steps in rule.rows for step in steps},
        **{name: [said] for name, said in shown.words.items()},
    }
    return Sent(told | {name: value if isinstance(value, list) else [value] for name, value in changes.items()})


@pytest.mark.parametrize("fault_id", [one.id for one in SHIPPED.faults])
def test_a_form_that_is_sent_back_as_it_came_changes_nothing(fault_id: str) -> None:
    for t in (EN, DE):
        asked = fault_asked(t, {}, fault(fault_id), fault(fault_id), SHIPPED, filled(fault_id, t))
        assert (asked.changes, asked.problems) == ({}, ())


def test_a_form_asks_for_what_differs_and_no_more() -> None:
    sent = filled(
        "late_lunge", **{"share": "40", "levels": ["club", "racing"], "cue": " Set  it ", "rule0-limit": "6,5",
        "rule0-racing-limit": "4", "rule0-racing-clear": "6", "rule0-racing-strong": "9"},
    )  # fmt: skip
    before = {"level": "racing", "faults": {"hips_tip_back": {"off": True}, "late_lunge": {"off": True}}}
    asked = fault_asked(EN, before, fault("late_lunge"), fault("late_lunge"), SHIPPED, sent)
    assert asked.problems == ()
    rule = asked.changes["faults"]["late_lunge"].pop("rules")["lean_growth_late_recovery_deg above"]
    assert asked.changes == {
        "level": "racing",
        "faults": {
            "hips_tip_back": {"off": True},
            "late_lunge": {"needed_share": 0.4, "levels_not_judged": ["learning"], "words": {"cue": "Set it"}},
        },
    }
    assert (rule["limit"], rule["severity_steps"]) == (6.5, [8.0, 12.0])
    assert rule["levels"]["racing"] == {"limit": 4.0, "severity_steps": [6.0, 9.0]} and "learning" in rule["levels"]
    changed = changed_catalogue({"faults": {"late_lunge": {"rules": {"lean_growth_late_recovery_deg above": rule}}}})
    now = next(one for one in changed.faults if one.id == "late_lunge").rules[0]
    assert (now.limit, now.status) == (6.5, "C") and "5" in now.source, "who says so, and what the catalogue said"
    shown = fields_of(EN, next(one for one in changed.faults if one.id == "late_lunge"), changed)
    assert [step.value for step in shown.rules[0].rows[2][2]] == ["4", "6", "9"]


def test_every_problem_of_a_form_is_said_in_its_own_words() -> None:
    sent = filled("hips_tip_back", **{"share": "140", "rule0-limit": "", "rule1-clear": "2", "rule0-racing-limit": "x"})
    found = fault_asked(EN, {}, fault("hips_tip_back"), fault("hips_tip_back"), SHIPPED, sent).problems
    assert "Hips tipping back, rock-over to catch, limit is missing" in found
    assert "Hips tipping back, rock-over to catch at the level racing, limit: “x” is no number" in found
    assert any("Low back rounding" in one and "must lie beyond the limit" in one for one in found)
    assert "Share of the strokes: 140 is not within 0 to 100 percent" in found
    assert not any("_" in one or "fault " in one for one in found), found


def test_a_rule_of_the_clubs_own() -> None:
    sent = Sent({name: [value] for name, value in OWN.items()})
    wrong = own_asked(EN, {}, "", sent)
    assert wrong.changes["own"][0]["limit"] == 160.5
    assert wrong.problems == (), "−140.5 is below 150"
    made = next(one for one in changed_catalogue(wrong.changes).faults if one.id == "own_ruckeln_fruh")
    assert (made.name, made.needed_share, made.rules[0].limit) == ("Ruckeln früh", 0.4, 160.5)
    again = own_asked(EN, wrong.changes, "own_ruckeln_fruh", Sent({**sent.fields, "name": ["x"], "limit": ["150.5"]}))
    assert [(one["name"], one["limit"]) for one in again.changes["own"]] == [("Ruckeln früh", 150.5)], "its name stays"
    twice = own_asked(EN, wrong.changes, "", sent)
    assert twice.problems and "twice" in twice.problems[0]
    assert len(own_asked(EN, {}, "", Sent({})).problems) >= 5
    assert all(metric.kind in ("mean", "change") for metric in own_metrics_of(SHIPPED))


def test_the_page_says_what_is_the_clubs_own() -> None:
    own = own_asked(EN, {}, "", Sent({name: [value] for name, value in OWN.items()})).changes["own"]
    changes = {"faults": {"late_lunge": {"off": True}}, "own": own}
    now = ClubCatalogue(2, changes, "stricter", None, "Ada")
    page = catalogue_page(EN, bare(changes), SHIPPED, [now, ClubCatalogue(1)], rejudging_of(EN, Judged(3, 0), None))
    cards = {card.id: card for card in page.faults}
    assert "changed 1 of them and has 1 rule of its own" in page.lead and page.number == 2
    assert cards["late_lunge"].changed and cards["late_lunge"].off and not cards["late_lunge"].own
    assert cards["own_ruckeln_fruh"].own and cards["own_ruckeln_fruh"].rules[0].limit == "below 160.5°"
    assert not cards["hips_tip_back"].changed and cards["hips_tip_back"].rules[1].status == "derived"
    assert cards["inconsistent"].off and not cards["inconsistent"].editable
    assert [(row.number, row.current) for row in page.versions] == [(2, True), (1, False), (0, False)]
    assert not page.rejudging.words


def test_how_sessions_stand() -> None:
    def job(state: str, **more: Any) -> Job:
        values = {"done": 0.0, "total": 0.0, "checkpoint": {}, "error": ""} | more
        return Job(kind="rescore", state=state, **values)

    assert (
        rejudging_of(EN, Judged(4, 1), None).words
        == "1 session of 5 stands as an older version of the catalogue judged."
    )
    running = rejudging_of(EN, Judged(1, 3), job("running", done=1.0, total=4.0))
    assert "1 of 4" in running.words and "3 sessions stand" in running.words and running.share == 0.25
    assert not running.can_start
    failed = rejudging_of(EN, Judged(1, 3), job("failed", error="the disk is full"))
    assert "the disk is full" in failed.words and failed.can_start
    skipped = rejudging_of(EN, Judged(1, 1), job("done", checkpoint={"skipped": {"k": "its file is gone"}}))
    assert skipped.skipped == ("its file is gone",) and skipped.can_start


def test_a_preview_in_words() -> None:
    nobody = {"count": 0, "names": []}
    one = {
        "id": "x", "name": "dives", "before": 150, "more": 37, "fewer": 12, "sessions_more": 4, "sessions_fewer": 0,
        "gain": {"count": 3, "names": ["A", "B"]}, "lose": {"count": 1, "names": ["C"]},
    }  # fmt: skip
    same = one | {"more": 0, "fewer": 0, "sessions_more": 0, "gain": nobody, "lose": nobody}
    result = {"strokes": 412, "sessions": 9, "unread": 1, "left_out": 0, "faults": [one, same]}
    said = preview_words(EN, result)
    assert [fault["name"] for fault in said["faults"]] == ["Dives"]
    assert said["faults"][0]["sentences"] == [
        "37 of 412 strokes would newly count, 12 no longer (150 do now).",
        "4 sessions would have it.",
        "3 rowers gain the fault: A, B, ….",
        "1 rower loses it: C.",
    ]
    assert preview_words(DE, result)["faults"][0]["sentences"][0] == (
        "37 von 412 Schlägen würden neu zählen, 12 nicht mehr (jetzt 150)."
    )
    assert said["notes"] == ["1 session could not be read and was left out."]
    assert "Nothing would change" in preview_words(EN, result | {"faults": [same]})["lead"]
    assert "no session yet" in preview_words(EN, result | {"faults": [], "strokes": 0})["lead"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClubStore, Any]]:
    store, app = make_world(tmp_path_factory.mktemp("world"))
    yield store, app
    store.database.close()


def post(client: FlaskClient, address: str, person: str = "administrator", **fields: Any) -> Any:
    return client.post(address, data=fields, headers={"X-CSRFToken": token_of(client, person)})


def test_saving_going_back_and_being_overtaken(world: tuple[ClubStore, Any]) -> None:
    store, app = world
    client = signed_in(app, "administrator")
    form = {name: list(value) for name, value in filled("late_lunge", **{"rule0-limit": "6"}).fields.items()}
    answer = post(client, "/catalogue/fault/late_lunge", **form, number="0", note="Milder", again="1")
    assert answer.status_code == 302
    page = client.get("/catalogue").text
    assert "above 6°" in page and "Milder" in page and "stand as an older version judged" in page
    overtaken = post(client, "/catalogue/fault/late_lunge", **form | {"rule0-limit": ["7"]}, number="0")
    assert overtaken.status_code == 409 and "somebody saved version 1" in overtaken.text.lower()
    assert 'value="7"' in overtaken.text, "what was written is not lost"
    assert post(client, "/catalogue/back/late_lunge", number="1", again="1").status_code == 302
    assert post(client, "/catalogue/go-back/1", number="2").status_code == 302
    assert post(client, "/catalogue/go-back/9", number="3").status_code == 409
    assert post(client, "/catalogue/defaults", style="sequential", level="racing", number="3").status_code == 302
    assert post(client, "/catalogue/defaults", style="odd", level="racing", number="4").status_code == 200
    assert client.get("/catalogue/fault/no_such").status_code == 404
    with store.database.reading(A) as unit:
        now = current_catalogue(unit)
        jobs = unit.scalars(select(Job).where(Job.kind == "rescore").order_by(Job.created_at)).all()
    assert now.number == 4 and now.changes["level"] == "racing" and "late_lunge" in now.changes["faults"]
    # Version 2 says what version 0 does, so that nothing had to be judged again, and the first job was left.
    assert [job.payload for job in jobs] == [{"number": 1}]
    with store.database.reading(A) as unit:
        assert session_words(ENGLISH, unit, SESSIONS[ROWER_1]) == (
            "Judged by the catalogue as RowSense comes with it. Version 4 holds now: this session was not judged again "
            "by it yet."
        )
        assert season_words(ENGLISH, unit, ROWER_1).startswith("1 of 1 sessions still stands")
        assert season_words(ENGLISH, unit).startswith("3 of 3 sessions still stand")
    with store.database.reading(PEOPLE["coach of another club"].club) as unit:
        assert session_words(ENGLISH, unit, SESSIONS[ROWER_B]) == season_words(ENGLISH, unit) == "", (
            "it has but one catalogue"
        )
    shown = client.post("/_dash-update-component", json=ADDRESSED, headers={"X-CSRFToken": token_of(client, "x")}).text
    assert "Judged by the catalogue as RowSense comes with it" in shown
    coach = signed_in(app, "coach of squad 1").get("/catalogue").text
    assert "above 6°" in coach and "<form" not in coach.partition("<main")[2] and "/catalogue/fault" not in coach


def test_changes_that_do_not_fit_any_more_are_said_and_can_be_taken_back(world: tuple[ClubStore, Any]) -> None:
    """As after an update that does not measure something any more."""
    store, app = world
    client = signed_in(app, "administrator")
    with store.database.reading(A) as unit:
        number = current_catalogue(unit).number
    by = PEOPLE["administrator"].user_id
    own = own_asked(EN, {}, "", Sent({name: [value] for name, value in OWN.items()})).changes["own"]
    gone = {"own": [own[0] | {"metric": "gone_deg"}]}
    save_catalogue(store.database, A, gone, after=number, note="", by=by)
    page = client.get("/catalogue")
    assert page.status_code == 200 and "do not fit this version" in page.text and "gone_deg" in page.text
    assert client.get("/catalogue/fault/late_lunge").location == "/catalogue"
    assert post(client, f"/catalogue/go-back/{number}", number=f"{number + 1}").status_code == 302
    assert "do not fit" not in client.get("/catalogue").text


def test_a_preview_comes_line_by_line_from_another_process(world: tuple[ClubStore, Any]) -> None:
    _, app = world
    client = signed_in(app, "administrator")
    fields = {"form": "", **OWN, "limit": "190", "clear": "150", "strong": "140"}
    lines = [json.loads(line) for line in post(client, "/catalogue/preview", **fields).text.splitlines()]
    assert lines[0] == {"done": 0, "total": 0} and lines[-2]["done"] == lines[-2]["total"] == 3
    (found,) = lines[-1]["faults"]
    assert found["name"] == "Ruckeln früh" and "would newly count (none does now)" in found["sentences"][0]
    assert "Dora" not in found["sentences"][-1] and "Anna" in found["sentences"][-1], "of this club"
    (wrong,) = post(client, "/catalogue/preview", form="", **OWN | {"limit": "x"}).text.splitlines()
    assert json.loads(wrong) == {"problems": ["Limit: “x” is no number"]}


def test_who_stops_reading_stops_the_process_and_others_are_told_to_wait(world: tuple[ClubStore, Any]) -> None:
    store, _ = world
    both = [preview_lines(EN, store, A, {}) for _ in range(2)]
    assert [json.loads(next(lines)) for lines in both] == [{"done": 0, "total": 0}] * 2
    (busy,) = preview_lines(EN, store, A, {})
    assert "Try again in a minute" in json.loads(busy)["problems"][0]
    children = [place for place in Path("/proc").glob("[0-9]*") if _is_preview(place)]
    for lines in both:
        lines.close()
    assert len(children) == 2 and not any(child.exists() for child in children)
    assert json.loads(next(preview_lines(EN, store, A, {}))) == {"done": 0, "total": 0}, "there is room again"


def _is_preview(place: Path) -> bool:
    """A process of ours."""
    try:
        mine = (place / "stat").read_text().rpartition(")")[2].split()[1] == str(os.getpid())
        return mine and b"rowsense.jobs.preview" in (place / "cmdline").read_bytes()
    except OSError:
        return False
