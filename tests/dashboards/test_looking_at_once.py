"""A film that is here is searched for its rower at once: who sent it hears whether she can be measured, and sees it."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dashboards.app import listening
from dashboards.uploads.sending import CHUNK_BYTES
from rowsense.client import Client
from rowsense.client.memory import Memory
from rowsense.client.sending import Said, send_film
from rowsense.store.tables.api_tokens import SCOPES
from rowsense.store.tables.uploads import READY
from rowsense.store.upload_files import upload_files_of
from tests.clips import numbered_images, write_clip
from tests.dashboards.closing import close_from_outside
from tests.dashboards.club_world import ROWER_1, make_token_of, make_world
from tests.dashboards.test_uploads import SAMPLE, TUS, Sender, World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    store, app = make_world(tmp_path_factory.mktemp("world"), find_rower=True)
    server = listening(app.server, "127.0.0.1", 0, max_request_body_size=CHUNK_BYTES)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield World(store, app, f"http://127.0.0.1:{server.effective_port}")
    close_from_outside(server)
    server.task_dispatcher.shutdown()
    thread.join(5)
    store.database.close()


@pytest.fixture(scope="module")
def coach(world: World) -> Sender:
    return world.sender("coach of squad 1")


def test_a_film_of_nobody_waits_for_a_second_word_also_where_it_was_claimed_before(
    world: World, coach: Sender, tmp_path: Path
) -> None:
    film = write_clip(tmp_path / "nobody.mp4", numbered_images(130))
    club = Client(world.address, make_token_of(world.store, "coach of squad 1", SCOPES))
    said, memory = Said(ROWER_1, date(2026, 3, 1)), Memory(tmp_path / "memory")
    sent = send_film(club, film, said, memory=memory).upload
    assert sent is not None and sent.refused and (sent.state, sent.job) == (READY, None)
    assert sent.problem.startswith("No person was found: film from the side")
    place = f"/uploads/{sent.id}"
    german = json.loads(coach.ask("GET", place, Accept_Language="de")[2])
    assert german["problem"].startswith("Niemand wurde gefunden: filme von der Seite")
    assert german["claim"]["athlete"] == str(ROWER_1) and german["fps"] == pytest.approx(30)
    again = send_film(club, film, said, memory=memory).upload
    assert again is not None and again.id == sent.id and again.state == READY, (
        "not sent twice, and not analysed in vain"
    )

    status, headers, picture = coach.ask("GET", f"{place}/picture")
    assert (status, headers["content-type"], picture[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert coach.ask("GET", f"{place}/picture", If_None_Match=headers["etag"])[0] == 304
    claimed = send_film(club, film, said, again=True, memory=memory).upload
    assert claimed is not None and claimed.job is not None and not claimed.refused and not claimed.problem
    files = upload_files_of(world.store)
    assert coach.ask("GET", f"{place}/picture")[2] == picture and not files.people(sent.id).exists()
    club.cancel(sent.id)
    assert coach.ask("DELETE", place, **TUS)[0] == 204
    assert sent.id not in files.beside(), "nothing of it is left"


def test_who_is_in_a_film_is_searched_once(world: World, coach: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    film = SAMPLE.read_bytes()
    place = coach.announce(len(film))
    assert coach.send(place, 0, film)[0] == 204
    ready = coach.until(place, READY)
    assert (ready["refused"], ready["problem"], ready["rowing"]) == (False, "", 1)
    monkeypatch.setattr(sys, "executable", "/no/such/program")
    status, _, said = coach.ask("POST", f"{place}/people", "{}", Content_Type="application/json")
    found = json.loads(said)
    assert status == 200 and found["picture"].startswith("data:image/jpeg;base64,")
    ((person, refused),) = [(one["number"], one["refused"]) for one in found["people"]]
    assert (person, refused) == (1, "")
    status, _, said = coach.ask("POST", f"{place}/people", '{"speed": "8"}', Content_Type="application/json")
    assert status == 409 and b"could be looked for" in said, "at another speed other frames are looked at"
