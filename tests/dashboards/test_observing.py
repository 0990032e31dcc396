"""What a server says about itself: its numbers, and its requests as JSON lines in which nothing secret stands."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from dashboards.accounts.metrics import TOKEN
from dashboards.observing import HEADER
from rowsense.jobs.queue import enqueue
from rowsense.logs import JsonLines
from tests.dashboards.club_world import A, make_world, signed_in
from tests.dashboards.test_club_pages import Club
from tests.store.filled import raw

ELSEWHERE = {"REMOTE_ADDR": "192.168.1.5"}


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Club]:
    store, app = make_world(tmp_path_factory.mktemp("world"))
    yield Club(store, app)
    store.database.close()


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    ours, root = logging.getLogger("rowsense"), logging.getLogger()
    before = ours.level
    ours.setLevel(logging.INFO)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    ours.setLevel(before)


def _said(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def _numbers(text: str) -> dict[str, float]:
    """As Prometheus reads them; every line must be of its form."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            assert re.fullmatch(r"# (HELP \w+ .+|TYPE \w+ (gauge|counter|histogram))", line), line
            continue
        match = re.fullmatch(r"(\w+(?:\{(?:\w+=\"[^\"]*\",?)+\})?) (\S+)", line)
        assert match is not None, line
        found[match.group(1)] = float(match.group(2))
    return found


def test_the_numbers_of_a_store_and_its_requests(club: Club) -> None:
    client: FlaskClient = club.app.server.test_client()
    with club.store.database.writing(A) as unit:
        enqueue(unit, "steps", {})
    before = _numbers(client.get("/metrics").text)
    for _ in range(3):
        assert client.get("/people").status_code == 302
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    now = _numbers(answer.text)
    assert (now["rowsense_clubs"], now["rowsense_athletes"], now["rowsense_sessions"]) == (2, 4, 4)
    assert now['rowsense_jobs{state="queued"}'] == 1 and now['rowsense_jobs{state="failed"}'] == 0
    assert now["rowsense_oldest_queued_job_seconds"] >= 0 and now["rowsense_files_free_bytes"] > 0
    people = 'rowsense_http_requests_total{method="GET",route="people.show",status="302"}'
    assert now[people] == before.get(people, 0) + 3
    assert now["rowsense_http_request_seconds_count"] == before["rowsense_http_request_seconds_count"] + 4
    buckets = [value for name, value in now.items() if "_bucket" in name]
    assert buckets == sorted(buckets) and buckets[-1] == now["rowsense_http_request_seconds_count"]
    assert "Anna" not in answer.text and "club.org" not in answer.text


def test_the_numbers_are_for_this_machine_or_for_who_has_the_token(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    client: FlaskClient = club.app.server.test_client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_overrides=ELSEWHERE).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 404
    assert signed_in(club.app, "administrator").get("/metrics", environ_overrides=ELSEWHERE).status_code == 404
    monkeypatch.setenv(TOKEN, "a long word")
    right, wrong = {"Authorization": "Bearer a long word"}, {"Authorization": "Bearer a longer word"}
    assert client.get("/metrics", headers=right, environ_overrides=ELSEWHERE).status_code == 200
    assert client.get("/metrics", headers=wrong, environ_overrides=ELSEWHERE).status_code == 404
    assert client.get("/metrics").status_code == 404, "with a token nobody comes without"
    # Each of several processes is asked by its number; pages are not, nor by a name that somebody leads here.
    number, name = {"Host": "10.0.0.5:8050"}, {"Host": "rebound.example"}
    assert client.get("/metrics", headers=right | number, environ_overrides=ELSEWHERE).status_code == 200
    assert client.get("/readyz", headers=number).status_code == 200
    refused = [client.get(path, headers=host) for path, host in (("/sign-in", number), ("/healthz", name))]
    assert [answer.status_code for answer in refused] == [400, 400]


def test_each_request_is_a_line_with_its_id_and_no_secret(club: Club, lines: io.StringIO) -> None:
    client: FlaskClient = club.app.server.test_client()
    answer = client.get("/join/a-token-that-lets-in?next=a-secret", headers={"User-Agent": "curious"})
    assert answer.status_code == 410
    came = client.get("/healthz", headers={HEADER: "from-the-proxy-17"})
    odd = client.get("/healthz", headers={HEADER: "x" * 65})
    assert came.headers[HEADER] == "from-the-proxy-17"
    assert re.fullmatch(r"[0-9a-f]{32}", odd.headers[HEADER])
    first, second, third = _said(lines)
    assert (first["route"], first["method"], first["status"]) == ("joining.join", "GET", 410)
    assert first["request"] == answer.headers[HEADER] and first["seconds"] >= 0
    assert (second["request"], third["request"]) == ("from-the-proxy-17", odd.headers[HEADER])
    assert "a-token" not in lines.getvalue() and "a-secret" not in lines.getvalue()


def test_a_mistake_is_one_line_with_the_id_of_its_request(tmp_path: Path, lines: io.StringIO) -> None:
    store, app = make_world(tmp_path)
    client = signed_in(app, "administrator")
    lines.truncate(0), lines.seek(0)
    with raw(store.database) as connection:
        connection.execute(text("DROP TABLE memberships"))
    answer = client.get("/people", headers={"Accept": "text/html"})
    assert answer.status_code == 500
    told = [line for line in _said(lines) if line["level"] == "error"]
    assert len(told) == 1 and "no such table" in told[0]["error"]
    assert told[0]["request"] == answer.headers[HEADER]
    client.get("/shared/a-token-that-lets-in")
    assert "shared.show" in lines.getvalue() and "a-token" not in lines.getvalue()
    store.database.close()


def test_a_job_stands_in_its_line(lines: io.StringIO) -> None:
    extra = {"job": "j", "club": "c", "password": "never"}
    logging.getLogger("rowsense.jobs.runner").warning("job %s: failed\nbadly", "j", extra=extra)
    (told,) = _said(lines)
    assert (told["job"], told["club"], told["level"], told["message"]) == ("j", "c", "warning", "job j: failed\nbadly")
    assert "password" not in told
