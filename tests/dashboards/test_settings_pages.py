"""Settings, storage and jobs: what is kept, taken back, refused, and who sees whose job."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from dashboards.settings.view_model import job_rows, size
from dashboards.texts.reader import english, texts_for
from rowsense.jobs.parts import HELP
from rowsense.jobs.queue import enqueue
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import Policies, read_policies
from rowsense.store.club_settings import read_privacy
from rowsense.store.people import club_name
from rowsense.store.runner_state import say_state
from rowsense.store.seen_jobs import SeenJob
from rowsense.store.storage import storage_of
from rowsense.store.tables import Job, Upload
from rowsense.store.tables.operation import NO_ROOM
from rowsense.store.uploads import Announced, UploadError, UploadLimits, create_upload
from rowsense.store.viewers import viewer_of
from tests.dashboards.club_world import (
    FILM,
    PEOPLE,
    ROWER_1,
    ROWER_2,
    SESSIONS,
    A,
    begin_upload,
    make_world,
    signed_in,
    token_of,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
World = tuple[ClubStore, Any]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    store, app = make_world(tmp_path_factory.mktemp("world"))
    yield store, app
    store.database.close()


def post(client: FlaskClient, address: str, person: str = "administrator", **fields: Any) -> Any:
    return client.post(address, data=fields, headers={"X-CSRFToken": token_of(client, person)})


def test_what_is_settled_is_kept_and_taken_back(world: World) -> None:
    store, app = world
    client = signed_in(app, "administrator")
    assert post(client, "/settings/policies", whole="1", hide="1", room="7", language="de").status_code == 302
    assert read_policies(store.database, A) == Policies(compare_rowers=False, hide_names=True, room_gb=7, language="de")
    assert read_policies(store.database, PEOPLE["coach of another club"].club) == Policies()
    undo = client.get("/settings").text.partition('class="undo"')[2].partition("</form>")[0]
    assert 'name="compare" value="1"' in undo and 'name="room" value=""' in undo and "hide" not in undo
    assert post(client, "/settings/policies", whole="1", undo="1", compare="1", room="").status_code == 302
    assert read_policies(store.database, A) == Policies()
    assert post(client, "/settings/policies", whole="1", compare="1", language="xx").status_code == 422
    wrong = post(client, "/settings/policies", whole="1", compare="1", room="-3")
    assert wrong.status_code == 422 and "must be a whole number" in wrong.text
    assert post(client, "/settings/keeping", whole="1", films="90", sessions="", links="7").status_code == 302
    kept = read_privacy(store.database, A)
    assert (kept.keep_films_days, kept.keep_sessions_months, kept.keep_originals) == (90, None, False)
    assert "Nothing goes by these times before" in client.get("/settings").text
    refused = post(client, "/settings/keeping", whole="1", films="99999", links="7", originals="1")
    assert refused.status_code == 422 and "may be kept for 1 to" in refused.text and 'value="99999"' in refused.text
    assert post(client, "/settings/keeping", films="1").status_code == 422, "half a form says nothing"
    assert post(client, "/settings/name", name="  Ruder   club ").status_code == 302
    with store.database.reading(A) as unit:
        assert club_name(unit, A.club_id) == "Ruder club"
    assert post(client, "/settings/name", name=" ").status_code == 422


def test_policies_hold_on_the_pages(world: World) -> None:
    _, app = world
    client = signed_in(app, "administrator")

    def shown(address: str, search: str) -> str:
        asked = {
            "output": "content.children", "outputs": {"id": "content", "property": "children"},
            "inputs": [{"id": "address", "property": "pathname", "value": address},
                       {"id": "address", "property": "search", "value": search}],
            "changedPropIds": [],
        }  # fmt: skip
        headers = {"X-CSRFToken": token_of(client, "administrator")}
        return client.post("/_dash-update-component", json=asked, headers=headers).text

    two = f"?first={SESSIONS[ROWER_1]}.rowsense&second={SESSIONS[ROWER_2]}.rowsense&rowers=any"
    assert "Anna" in shown("/club", "?weeks=0") and "with themselves only" not in shown("/compare", two)
    post(client, "/settings/policies", whole="1", hide="1")
    hidden = shown("/club", "?weeks=0")
    assert "Anna" not in hidden and "with themselves only" in shown("/compare", two)
    ticked = r'name=\\*"names\\*" value=\\*"off\\*" checked'
    assert re.search(ticked, hidden), "in the address of what a number leads to as well"
    post(client, "/settings/policies", whole="1", compare="1")


def test_room_for_films_is_what_the_club_says(world: World) -> None:
    store, app = world
    post(signed_in(app, "administrator"), "/settings/policies", whole="1", compare="1", room="1")
    viewer = viewer_of(store.database, PEOPLE["coach of squad 1"].user_id)
    assert viewer is not None
    with pytest.raises(UploadError, match="the club has room for"):
        create_upload(store, viewer, Announced("a.mp4", 2 << 30), UploadLimits(spare_bytes=0))
    post(signed_in(app, "administrator"), "/settings/policies", whole="1", compare="1")


def test_storage_by_kind(world: World) -> None:
    store, app = world
    found = storage_of(store, A)
    assert found.kinds["films"] == 3 * len(FILM) and found.kinds["analyses"] > 0
    on_disk = sum(file.byte_count for file in store.files.listed(str(A.club_id)))
    assert sum(found.kinds.values()) == on_disk, "all of it, and nothing twice"
    assert found.kinds["other"] == 0
    assert found.free is not None and "Analyses" in signed_in(app, "administrator").get("/settings").text
    assert [size(english(), count) for count in (0, 10, 3 << 20, 5 << 29)] == [
        "Nothing", "Under 1 MB", "3.0 MB", "2.5 GB",
    ]  # fmt: skip
    assert size(texts_for("de-DE"), 5 << 29) == "2,5 GB"


def test_jobs_are_seen_and_stopped_by_those_whose_they_are(world: World) -> None:
    store, app = world
    coach, other = "coach of squad 1", "coach of squad 2"
    upload = begin_upload(store, coach)
    with store.database.writing(A) as unit:
        mine = enqueue(unit, "analyze", {}, athlete_id=ROWER_1).id
        clubs = enqueue(unit, "rescore", {"number": 1}, priority=-10).id
        unit.execute(update(Upload).where(Upload.id == upload).values(job_id=mine))
    pages = {person: signed_in(app, person) for person in (coach, other, "administrator", "rower of another club")}
    seen = {person: client.get("/jobs").text for person, client in pages.items()}
    assert "Analysis of Anna, clip.mp4" in seen[coach] and "Judging sessions again" not in seen[coach]
    assert "Anna" in seen["administrator"] and "Judging sessions again" in seen["administrator"]
    assert "sent by coach of squad 1" in seen["administrator"]
    with store.database.writing(A) as unit:
        guest = enqueue(unit, HELP, {"job": str(mine)}, athlete_id=ROWER_1).id
    assert str(guest) not in pages["administrator"].get("/jobs").text, "nothing that a person could do about"
    assert post(pages["administrator"], f"/jobs/{guest}/cancel").status_code == 422
    assert "No such jobs" in pages["administrator"].get("/jobs?show=needs_you").text
    assert "There is nothing to do" in seen[other] and "There is nothing to do" in seen["rower of another club"]
    for person in (other, "rower of another club"):
        assert post(pages[person], f"/jobs/{mine}/cancel", person).status_code == 422
    assert post(pages[coach], f"/jobs/{clubs}/cancel", coach).status_code == 422
    assert post(pages[coach], f"/jobs/{mine}/cancel", coach).status_code == 302
    assert "Stopped" in pages[coach].get("/jobs").text
    assert post(pages[coach], f"/jobs/{mine}/retry", coach).status_code == 302
    assert post(pages["administrator"], f"/jobs/{clubs}/cancel").status_code == 302
    assert post(pages["administrator"], f"/jobs/{clubs}/cancel").status_code == 422, "it is over"
    with store.database.writing(A) as unit:
        theirs = enqueue(unit, "analyze", {}, athlete_id=ROWER_2).id
        failed = {"state": "failed", "failure_count": 3, "error": "the disk was full"}
        unit.execute(update(Job).where(Job.id.in_((mine, theirs))).values(failed))
    assert "Try all 2 that went wrong again" in pages["administrator"].get("/jobs").text
    assert post(pages[coach], "/jobs/retry-failed", coach).status_code == 302
    assert "1 job is tried again" in pages[coach].get("/jobs").text

    def states() -> list[str]:
        with store.database.reading(A) as unit:
            return [unit.get_one(Job, key).state for key in (mine, theirs)]

    assert states() == ["queued", "failed"], "only her own"
    assert post(pages["administrator"], "/jobs/retry-failed").status_code == 302
    assert states() == ["queued", "queued"]
    say_state(store.database, "a runner", NO_ROOM)
    assert "disk is nearly full: no job begins" in pages[coach].get("/jobs").text


def test_a_job_in_words() -> None:
    def row(**values: Any) -> Any:
        usual = {
            "id": uuid.uuid4(), "kind": "analyze", "state": "running", "stage": "observe", "done": 0.5, "total": 1.0,
            "resumed_done": 0.0, "checkpoint": {}, "cancel_requested": False, "error": "", "created_at": NOW,
            "not_before": NOW, "started_at": NOW - timedelta(minutes=4),
        }  # fmt: skip
        return job_rows(english(), [SeenJob(Job(**usual | values), "Anna", "")], NOW)[0]

    assert row().words == "Runs: looking at the frames, 4 min left" and row().share == 0.5 and row().can_cancel
    parked = row(state="parked", error="3 workers died of it", attempt=4)
    assert parked.by == "begun 4 times"
    assert parked.grave and parked.can_retry and parked.detail == "3 workers died of it" and "a person" in parked.words
    assert row(state="queued", not_before=NOW + timedelta(seconds=30)).words == "Waits, and is tried again by itself"
    assert row(cancel_requested=True).words == "Stops" and not row(cancel_requested=True).can_cancel
    left_out = row(kind="rescore", state="done", checkpoint={"skipped": {"a": "it is gone"}})
    assert left_out.detail == "1 could not be judged: it is gone"
