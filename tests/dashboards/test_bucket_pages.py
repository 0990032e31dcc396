"""Pages of a club whose files are in a bucket of a real server: what is looked at comes here, and no whole films."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboards.sessions import forget_sessions
from rowsense.store import bucket_files
from rowsense.store.bucket_files import open_bucket
from rowsense.store.claims import ClubStore
from rowsense.store.delete import delete_session
from rowsense.store.window_file import NAME
from tests.dashboards.club_world import ROWER_1, ROWER_2, SESSIONS, A, claimed_upload, make_world, signed_in, token_of
from tests.store.bucket import KEYS, BucketServer

#: Larger than all else that a session has; every four bytes say where they are.
FILM = b"\0\0\0\x20ftypisom" + b"".join(n.to_bytes(4) for n in range(400_000))
KEY = f"{SESSIONS[ROWER_1]}.rowsense"


@dataclass
class Club:
    store: ClubStore
    server: BucketServer
    coach: FlaskClient
    form: str

    @contextmanager
    def travels(self, most_bytes: int, most_requests: int = 99) -> Iterator[None]:
        """What comes from the bucket in the block."""
        before, asked = self.server.sent_bytes, len(self.server.seen)
        yield
        assert self.server.sent_bytes - before <= most_bytes
        assert len(self.server.seen) - asked <= most_requests, self.server.seen[asked:]

    def page(self, address: str) -> str:
        place = [
            {"id": "address", "property": name, "value": value}
            for name, value in (("pathname", address), ("search", ""))
        ]
        asked = {
            "output": "content.children", "outputs": {"id": "content", "property": "children"}, "inputs": place,
            "changedPropIds": ["address.pathname"],
        }  # fmt: skip
        answer = self.coach.post("/_dash-update-component", json=asked, headers={"X-CSRFToken": self.form})
        return json.dumps(answer.get_json())

    def size(self, name: str) -> int:
        """Of a file of any of the sessions: all are alike."""
        return next(file.byte_count for file in self.store.files.listed() if file.key.endswith(f"/{name}"))


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Club]:
    with pytest.MonkeyPatch.context() as patch, BucketServer() as server:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        folder: Path = tmp_path_factory.mktemp("world")
        patch.setenv("ROWSENSE_DATA_DIR", str(folder / "data"))
        store, app = make_world(folder, files=server.address("pages"), film=FILM)
        coach = signed_in(app, "coach of squad 1")
        yield Club(store, server, coach, token_of(coach, "coach of squad 1"))
        store.database.close()


def test_of_a_film_only_the_range_travels(club: Club) -> None:
    for name in ("overlay.mp4", "original"):
        address = f"/media/{KEY}/{name}"
        with club.travels(2000, 2):
            part = club.coach.get(address, headers={"Range": "bytes=800000-800999"})
        assert (part.status_code, part.data) == (206, FILM[800_000:801_000])
        assert part.headers["Content-Range"] == f"bytes 800000-800999/{len(FILM)}"
        assert part.content_type == "video/mp4" and part.headers["Accept-Ranges"] == "bytes"
        mark = part.headers["ETag"]
        with club.travels(0, 1):
            assert club.coach.get(address, headers={"If-None-Match": mark}).status_code == 304
        with club.travels(0, 1):
            beyond = club.coach.get(address, headers={"Range": f"bytes={len(FILM)}-"})
        assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(FILM)}")
        with club.travels(0, 1):
            head = club.coach.head(address)
        assert (head.status_code, head.content_length) == (200, len(FILM))
        again = {"Range": "bytes=0-3", "If-Range": mark}
        assert club.coach.get(address, headers=again).data == FILM[:4]
        other = club.coach.get(address, headers=again | {"If-Range": '"another"'})
        assert (other.status_code, other.data) == (200, FILM), "a part of another film would be of no use"
        tail = club.coach.get(address, headers={"Range": "bytes=-8"})
        assert (tail.status_code, tail.data) == (206, FILM[-8:])


def test_a_page_takes_what_it_shows_and_a_session_at_hand_is_not_fetched_again(club: Club) -> None:
    forget_sessions()
    measured = club.size("session.json") + club.size("frames.parquet")
    listing = 20_000
    with club.travels(measured + listing, 8):
        assert "data-first" in club.page(f"/session/{KEY}")
    with club.travels(3 * listing, 8):
        scene = club.coach.get(f"/player/{KEY}/scene.json").get_json()
    assert [film["kind"] for film in scene["films"]] == ["original", "overlay"]
    with club.travels(club.size(NAME) + 4096, 2):
        assert club.coach.get(f"/player/{KEY}/window/0").status_code == 200
    with club.travels(4096, 2):
        assert club.coach.get(f"/player/{KEY}/window/999").status_code == 404
    with club.travels(0, 0):
        assert club.coach.get(f"/notes/{KEY}").status_code == 200


def test_a_small_picture_is_fetched_once(club: Club) -> None:
    with club.travels(club.size("faults/hips_tip_back.png") + 20_000, 2):
        first = club.coach.get(f"/thumbnail/{KEY}")
    assert first.content_type == "image/webp"
    with club.travels(0, 0):
        again = club.coach.get(f"/thumbnail/{KEY}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_film_of_an_upload_is_watched_in_ranges(club: Club) -> None:
    key = claimed_upload(club.store, "coach of squad 1", ROWER_1)
    with club.travels(2000, 3):
        part = club.coach.get(f"/uploads/{key}/film/original", headers={"Range": "bytes=4000-4999"})
    assert (part.status_code, part.data) == (206, FILM[4000:5000])


def test_a_bucket_that_is_away_is_asked_again_later(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_files, "_RETRY_S", 0.1)
    away = open_bucket(club.server.address("pages"))
    monkeypatch.setattr(club.server, "refuse", "HEAD")
    monkeypatch.setitem(club.coach.application.extensions, "rowsense-store", ClubStore(club.store.database, away))
    answer = club.coach.get(f"/media/{KEY}/overlay.mp4", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.data) == (503, b"") and "Retry-After" in answer.headers


def test_what_is_not_there_is_said_and_nobody_else_sees_it(club: Club) -> None:
    assert club.coach.get(f"/media/{KEY}/film.mp4").status_code == 404
    assert club.coach.get(f"/media/{KEY}/copy").status_code == 404
    other = f"{SESSIONS[ROWER_2]}.rowsense"
    with club.travels(0, 0):
        for address in (f"/media/{other}/overlay.mp4", f"/player/{other}/window/0", f"/thumbnail/{other}"):
            assert club.coach.get(address).status_code == 404
    delete_session(club.store, A, SESSIONS[ROWER_1])
    with club.travels(0, 0):
        assert club.coach.get(f"/player/{KEY}/scene.json").status_code == 404, "also of what is still at hand"
