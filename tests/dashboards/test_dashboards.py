"""The web app: what it finds, what it refuses, and that it stays light and local."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboards.app import create_app
from dashboards.library import FolderLibrary
from dashboards.pages.sessions.callbacks import content
from dashboards.pages.sessions.view_model import session_page, session_row
from dashboards.sessions import find_sessions, session_folder
from dashboards.texts.reader import english
from rowsense.errors import OutputError, UsageError
from tests.dashboards.player_session import store
from tests.session_fixture import make_session


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sessions")
    store(root / "easy row.rowsense", make_session(4, faulty=False))
    store(root / "2026" / "žofie.rowsense", make_session(4))
    shown = root / "2026" / "žofie.rowsense"
    (shown / "overlay.mp4").write_bytes(bytes(range(256)) * 40)
    (shown / "private.txt").write_text("not for the web", encoding="utf-8")
    (root / "secret.txt").write_text("outside", encoding="utf-8")
    (root / "broken.rowsense").mkdir()
    (root / "broken.rowsense" / "summary.json").write_text("{", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def client(root: Path) -> FlaskClient:
    return create_app(root).server.test_client()


ANALYSIS = {"mediapipe", "cv2", "numba", "av"}
#: What comes with the extra for a club's server only.
OF_A_CLUB = {"sqlalchemy", "alembic", "flask_security", "flask_wtf"}


@pytest.mark.parametrize(
    ("app", "not_loaded"), [("dashboards.app", ANALYSIS | OF_A_CLUB), ("dashboards.club", ANALYSIS)]
)
def test_importing_the_app_loads_no_analysis(app: str, not_loaded: set[str]) -> None:
    code = f"import sys, {app}; heavy = {not_loaded} & set(sys.modules); sys.exit(', '.join(heavy) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


def test_sessions_are_found_below_the_folder_and_damaged_ones_left_out(root: Path) -> None:
    entries = find_sessions(root)
    assert {e.key for e in entries} == {"easy row.rowsense", "2026/žofie.rowsense"}
    rows = {e.key: session_row(english(), e) for e in entries}
    assert rows["2026/žofie.rowsense"].fault == "Hips tip back into the catch"
    assert rows["easy row.rowsense"].fault == ""
    assert "4 strokes at 25.0 a minute" in rows["easy row.rowsense"].detail
    rowed = replace(entries[0], rowed_on=date(2026, 5, 3))
    assert session_row(english(), rowed).detail.endswith("· 3 May 2026")


@pytest.mark.parametrize("key", ["../x.rowsense", "/etc", "2026/../../other.rowsense", "secret.txt", "", "2026"])
def test_keys_never_leave_the_folder(root: Path, key: str) -> None:
    assert session_folder(root, key) is None


@pytest.mark.parametrize(
    "path",
    [
        "/media/2026/žofie.rowsense/private.txt",
        "/media/2026/žofie.rowsense/summary.json",
        "/media/2026/žofie.rowsense/../../secret.txt",
        "/media/2026/žofie.rowsense/faults/..%2f..%2f..%2fsecret.txt",
        "/media/%2e%2e/secret.txt",
        "/media/secret.txt",
        "/media/2026/žofie.rowsense/report.html",
    ],
)
def test_other_files_are_not_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_link_out_of_the_session_is_not_followed(root: Path, client: FlaskClient) -> None:
    link = root / "easy row.rowsense" / "overlay.mp4"
    link.symlink_to(root / "secret.txt")
    try:
        assert client.get("/media/easy row.rowsense/overlay.mp4").status_code == 404
    finally:
        link.unlink()


def test_the_video_is_served_in_ranges(client: FlaskClient) -> None:
    answer = client.get("/media/2026/žofie.rowsense/overlay.mp4", headers={"Range": "bytes=256-259"})
    assert answer.status_code == 206
    assert answer.data == bytes([0, 1, 2, 3])
    assert answer.headers["Content-Range"] == "bytes 256-259/10240"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_scripts_and_styles_come_packed_where_the_browser_takes_it(client: FlaskClient) -> None:
    def asked(path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        with client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}) as answer:
            return answer.status_code, answer.data, dict(answer.headers)

    _, plain, as_it_is = asked("/assets/styles/2-base.css")
    _, data, told = asked("/assets/styles/2-base.css", Accept_Encoding="gzip, br")
    assert "Content-Encoding" not in as_it_is and told["Content-Encoding"] == "gzip"
    assert gzip.decompress(data) == plain and len(data) < 0.4 * len(plain)
    assert int(told["Content-Length"]) == len(data) and "Accept-Encoding" in told["Vary"]
    assert asked("/assets/styles/2-base.css", If_None_Match=told["ETag"], Accept_Encoding="gzip")[:2] == (304, b"")
    film = asked("/media/2026/žofie.rowsense/overlay.mp4", Range="bytes=0-99", Accept_Encoding="gzip")
    assert "Content-Encoding" not in film[2]
    assert "Content-Encoding" not in asked("/", Accept_Encoding="gzip")[2]


def test_another_host_name_is_refused(client: FlaskClient) -> None:
    assert client.get("/", headers={"Host": "example.org"}).status_code == 400
    assert client.get("/").status_code == 200


def test_a_session_page_opens_at_the_frame_to_talk_about(root: Path) -> None:
    page = session_page(english(), FolderLibrary(root), "2026/žofie.rowsense")
    assert page is not None
    assert [c.title for c in page.curves] == ["Hip tip", "Low-back rounding", "Trunk lean", "Knee angle"]
    assert all("goes from" in c.alt and len(c.rows) == 11 for c in page.curves)
    assert page.player == "/player/2026/%C5%BEofie.rowsense"
    assert page.view.headline.title == page.frames[0].name == "Hips tip back into the catch"
    assert page.first_row == page.frames[0].worst.row
    session = make_session(4)
    for button in (page.frames[0].worst, *page.frames[0].others):
        at_s = session.track.time_s[button.row]
        begun = sum(stroke.catch_time_s <= at_s for stroke in session.strokes.strokes)
        assert button.words == f"stroke {begun}", "the stroke that the film shows there"
    assert page.film_note is not None, "only the film with drawing is there"


def test_a_session_without_faults_opens_at_the_first_catch(root: Path) -> None:
    page = session_page(english(), FolderLibrary(root), "easy row.rowsense")
    assert page is not None
    assert page.frames == ()
    assert page.first_row == 12


def test_pages_that_cannot_be_shown_say_why(root: Path, tmp_path: Path) -> None:
    assert "no session of this name" in str(content(FolderLibrary(root), "/session/none.rowsense"))
    assert "rowsense analyze" in str(content(FolderLibrary(tmp_path), "/"))
    copy = tmp_path / "damaged.rowsense"
    shutil.copytree(root / "easy row.rowsense", copy)
    (copy / "session.json").write_text("{", encoding="utf-8")
    with pytest.raises(OutputError):
        session_page(english(), FolderLibrary(tmp_path), "damaged.rowsense")
    assert "cannot be read" in str(content(FolderLibrary(tmp_path), "/session/damaged.rowsense"))


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        create_app(tmp_path / "missing")
