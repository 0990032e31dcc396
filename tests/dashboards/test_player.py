"""What the player is told: films, moments of faults, windows of the track, over HTTP."""

from __future__ import annotations

import gzip
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from dashboards.app import create_app
from dashboards.player.films import ORIGINAL, Film, film_note, films_of, original_of
from dashboards.player.moments import fault_places
from dashboards.player.scene import look_json, scene_json
from dashboards.session_files import FolderFiles
from dashboards.stored import RANGE_BYTES
from dashboards.texts.reader import english
from rowsense.conventions import BACK_POINT_COUNT, LANDMARK_INDEX, SIDE_JOINTS
from rowsense.model import Session
from rowsense.store import track_windows
from rowsense.store.session_folder import read_session
from rowsense.store.track_windows import ANGLES, MISSING, packed, rows_per_window, units_per_px
from rowsense.store.window_file import NAME
from tests.dashboards.player_session import store, uneven_session
from tests.session_fixture import make_session

KEY = "2026/žofie.rowsense"
FILM_BYTES = b"\0\0\0\x20ftypisom" + bytes(range(256)) * 30_000


@pytest.fixture(scope="module")
def session() -> Session:
    return uneven_session(12)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, session: Session) -> Path:
    root = tmp_path_factory.mktemp("player")
    store(root / KEY, session)
    (root / KEY / "faults").mkdir()
    Image.new("RGB", (1120, 900), (200, 30, 90)).save(root / KEY / "faults" / "hips_tip_back.png")
    return root


@pytest.fixture(scope="module")
def client(root: Path) -> FlaskClient:
    return create_app(root).server.test_client()


def found(session: Session, folder: Path, root: Path) -> tuple[Film, ...]:
    kinds = [ORIGINAL] if original_of(session.video, folder, root) is not None else []
    return films_of(session, FolderFiles(folder, root).names(), kinds, "a.rowsense")


def got(client: FlaskClient, address: str, asked: str = "") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer, its file closed."""
    answer = client.get(address, headers={"Range": asked} if asked else {})
    data = answer.data
    answer.close()
    return answer.status_code, dict(answer.headers), data


def unpacked(data: bytes) -> dict[str, np.ndarray]:
    """The slow, obvious way to read a window."""
    rows = int(np.frombuffer(data, "<u4", 2)[1])
    at, out = 8, {}
    for name, kind, width in (
        ("time_s", "<f8", 1), ("frame", "<i4", 1), ("joints", "<i2", 2 * len(SIDE_JOINTS)),
        ("back", "<i2", 2 * BACK_POINT_COUNT), ("angles", "<i2", len(ANGLES)), ("seen", "u1", BACK_POINT_COUNT // 8),
    ):  # fmt: skip
        out[name] = np.frombuffer(data, kind, rows * width, at).reshape(rows, width)
        at += out[name].nbytes
    assert at == len(data)
    return out


def test_windows_hold_the_stored_track_to_a_tenth_of_a_pixel(client: FlaskClient, session: Session) -> None:
    size = rows_per_window(session.track.time_s)
    count = -(-len(session.track) // size)
    assert count > 2, "a session longer than one window"
    parts = [unpacked(client.get(f"/player/{KEY}/window/{i}").data) for i in range(count)]
    whole = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
    np.testing.assert_array_equal(whole["time_s"][:, 0], session.track.time_s)
    np.testing.assert_array_equal(whole["frame"][:, 0], session.track.frame)
    unit = units_per_px(session.video.width_px, session.video.height_px)
    near = [LANDMARK_INDEX[f"{session.near_side}_{name}"] for name in SIDE_JOINTS]
    joints = whole["joints"].reshape(-1, len(SIDE_JOINTS), 2) / unit
    np.testing.assert_allclose(joints, session.track.xy_px[:, near], atol=0.1)
    np.testing.assert_allclose(
        whole["back"].reshape(-1, BACK_POINT_COUNT, 2) / unit, session.track.back_xy_px, atol=0.1
    )
    seen = np.unpackbits(whole["seen"], axis=1, bitorder="little").astype(bool)
    np.testing.assert_array_equal(seen, session.track.back_seen >= 0.5)
    tilt = whole["angles"][:, ANGLES.index("pelvic_tilt_deg")] / 10
    np.testing.assert_allclose(tilt, session.angles["pelvic_tilt_deg"], atol=0.051)


def test_what_is_missing_or_far_outside_the_picture_is_marked_so(tmp_path: Path) -> None:
    session = make_session(1)
    xy = session.track.xy_px.copy()
    hip = LANDMARK_INDEX[f"{session.near_side}_hip"]
    xy[3, hip], xy[4, hip] = np.nan, 1e7
    store(tmp_path / "a.rowsense", replace(session, track=replace(session.track, xy_px=xy)))
    window = unpacked(create_app(tmp_path).server.test_client().get("/player/a.rowsense/window/0").data)
    place = 2 * SIDE_JOINTS.index("hip")
    assert (window["joints"][3:5, place : place + 2] == MISSING).all()
    assert (window["joints"][5, place : place + 2] != MISSING).all()


def test_a_session_from_before_windows_were_stored_has_the_same(client: FlaskClient, root: Path) -> None:
    older = root / "older.rowsense"
    shutil.copytree(root / KEY, older)
    (older / NAME).unlink()
    scenes = [json.loads(client.get(f"/player/{key}/scene.json").data) for key in (KEY, "older.rowsense")]
    assert scenes[0]["rows_per_window"] == scenes[1]["rows_per_window"]
    for number in range(len(scenes[0]["window_start_s"])):
        stored, cut = (client.get(f"/player/{key}/window/{number}").data for key in (KEY, "older.rowsense"))
        assert stored == cut
    assert client.get("/player/older.rowsense/window/99").status_code == 404


def test_stored_windows_are_taken_as_they_were_cut_or_not_at_all(
    client: FlaskClient, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version of RowSense may cut them otherwise."""
    monkeypatch.setattr(track_windows, "WINDOW_S", 2 * track_windows.WINDOW_S)
    scene = json.loads(client.get(f"/player/{KEY}/scene.json").data)
    rows = [int(np.frombuffer(client.get(f"/player/{KEY}/window/{n}").data, "<u4", 2)[1]) for n in (0, 1)]
    assert rows == [scene["rows_per_window"]] * 2
    newer = root / "newer.rowsense"
    shutil.copytree(root / KEY, newer)
    (newer / NAME).write_bytes(b"RSTW" + bytes([99, 0, 0, 0]) * 200)
    scene = json.loads(client.get("/player/newer.rowsense/scene.json").data)
    window = unpacked(client.get("/player/newer.rowsense/window/0").data)
    assert len(window["frame"]) == scene["rows_per_window"] == pytest.approx(2 * rows[0], abs=1)


def test_no_window_beyond_the_end_and_none_of_unknown_sessions(client: FlaskClient) -> None:
    assert client.get(f"/player/{KEY}/window/99").status_code == 404
    assert client.get("/player/none.rowsense/scene.json").status_code == 404
    assert client.get("/player/../etc.rowsense/window/0").status_code == 404


def test_answers_are_packed_and_asked_for_once(client: FlaskClient) -> None:
    address = f"/player/{KEY}/window/0"
    plain, small = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(small.data) == plain.data
    again = client.get(address, headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_the_scene_says_what_the_player_needs(client: FlaskClient, session: Session) -> None:
    scene = json.loads(client.get(f"/player/{KEY}/scene.json").data)
    assert scene["rows"] == len(session.track)
    assert len(scene["strokes"]) == 12 and not scene["strokes"][3]["usable"]
    time_s = session.track.time_s
    for stroke, known in zip(scene["strokes"], session.strokes.strokes, strict=True):
        assert stroke["row"] == int(np.abs(time_s - known.catch_time_s).argmin())
    assert [c["quantity"] for c in scene["curves"]] == [
        "pelvic_tilt_deg", "lumbar_flexion_deg", "trunk_lean_deg", "knee_deg",
    ]  # fmt: skip
    assert scene["look"] == json.loads(json.dumps(look_json(english())))
    assert scene["middle_deg"]["pelvic_tilt_deg"] == pytest.approx(np.nanmedian(session.angles["pelvic_tilt_deg"]))


def test_an_hour_opens_with_as_little_as_a_minute(tmp_path: Path) -> None:
    session = make_session(1500)
    scene = scene_json(english(), session, found(session, tmp_path, tmp_path))
    packed_bytes = len(gzip.compress(json.dumps(scene).encode(), 5))
    assert scene["rows"] > 100_000
    assert packed_bytes < 250_000
    assert len(scene["window_start_s"]) == -(-scene["rows"] // scene["rows_per_window"])


def test_faults_come_with_their_worst_frame_first() -> None:
    session = make_session(8)
    hips, slump = fault_places(session)
    assert hips.moments[0].row == session.assessment.faults[0].worst_frame
    assert len(hips.moments) == len(session.assessment.faults[0].frames) == 7
    for place in (hips, slump):
        for moment in place.moments:
            assert any(a <= moment.row < b for a, b in place.spans)
    assert hips.place == 0.12 and hips.severity == "strong"


def test_occurrences_are_sorted_by_how_far_they_are_beyond_the_limit() -> None:
    session = make_session(4)
    found = session.assessment
    values = np.array([9.0, 20.0, 12.0, 15.0])
    worst_in_second = replace(found.faults[0], worst_frame=found.faults[0].frames[1][0] + 3)
    judged = replace(found, metrics={"pelvic_tilt_fall_deg": values}, faults=(worst_in_second,))
    (place,) = fault_places(replace(session, assessment=judged))
    spans = [next(i for i, (a, b) in enumerate(place.spans) if a <= m.row < b) for m in place.moments]
    assert spans == [1, 3, 2, 0]
    assert [m.row - place.spans[i][0] for m, i in zip(place.moments, spans, strict=True)] == [3, 3, 3, 3]


def test_a_session_without_strokes_has_a_scene_too(tmp_path: Path) -> None:
    session = make_session(0, faulty=False)
    scene = scene_json(english(), session, found(session, tmp_path, tmp_path))
    assert (scene["strokes"], scene["faults"], scene["curves"], scene["films"]) == ([], [], [], [])
    assert scene["rows"] == len(session.track)


def test_the_clean_film_comes_before_the_one_with_drawing(tmp_path: Path) -> None:
    folder = tmp_path / "a.rowsense"
    folder.mkdir()
    session = make_session(2)
    assert found(session, folder, tmp_path) == ()
    note = film_note(english(), session, (), folder)
    assert note is not None and "is not where it was" in note.reason and str(folder) in note.command
    (folder / "overlay.mp4").write_bytes(b"x")
    (only,) = found(session, folder, tmp_path)
    assert only.drawn_on and film_note(english(), session, (only,), folder) is not None
    (tmp_path / session.video.path.name).write_bytes(FILM_BYTES)
    films = found(session, folder, tmp_path)
    assert [f.kind for f in films] == ["original", "overlay"]
    assert film_note(english(), session, films, folder) is None
    (folder / "film.mp4").write_bytes(b"x")
    assert [f.kind for f in found(session, folder, tmp_path)] == ["film", "original", "overlay"]


def test_films_that_browsers_do_not_play_are_not_offered_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "a.rowsense"
    folder.mkdir()
    session = make_session(2)
    hevc = replace(session, video=replace(session.video, codec="hevc"))
    (tmp_path / session.video.path.name).write_bytes(FILM_BYTES)
    assert found(hevc, folder, tmp_path) == ()
    note = film_note(english(), hevc, (), folder)
    assert note is not None and "browsers play" in note.reason


def test_only_films_are_taken_for_the_original(tmp_path: Path) -> None:
    folder = tmp_path / "a.rowsense"
    folder.mkdir()
    video = make_session(1).video
    secret = tmp_path / "secret.txt"
    secret.write_text("not a film at all", encoding="utf-8")
    assert original_of(replace(video, path=secret), folder, tmp_path) is None
    assert original_of(replace(video, path=tmp_path), folder, tmp_path) is None
    film = tmp_path / "clip.mp4"
    film.write_bytes(FILM_BYTES)
    for named in (film, Path("clip.mp4"), Path("/somewhere/else/clip.mp4")):
        assert original_of(replace(video, path=named), folder, tmp_path) == film


def test_an_open_range_is_answered_in_pieces(root: Path, session: Session, client: FlaskClient) -> None:
    place = (root / KEY).parent / session.video.path.name
    place.write_bytes(FILM_BYTES)
    try:
        status, headers, data = got(client, f"/media/{KEY}/original", "bytes=0-")
        assert status == 206 and headers["Content-Type"] == "video/mp4"
        assert headers["Content-Range"] == f"bytes 0-{RANGE_BYTES - 1}/{len(FILM_BYTES)}"
        assert data == FILM_BYTES[:RANGE_BYTES]
        assert got(client, f"/media/{KEY}/original", f"bytes={RANGE_BYTES}-")[2] == FILM_BYTES[RANGE_BYTES:]
    finally:
        place.unlink()
    assert got(client, f"/media/{KEY}/original")[0] == 404


def test_stills_are_small_in_the_strip(client: FlaskClient) -> None:
    address = f"/media/{KEY}/faults/hips_tip_back.png"
    _, headers, small = got(client, f"{address}?small=1")
    assert headers["Content-Type"] == "image/webp"
    with Image.open(io.BytesIO(small)) as picture:
        assert picture.size == (560, 450)
    with Image.open(io.BytesIO(got(client, address)[2])) as picture:
        assert picture.size == (1120, 900)
    assert got(client, f"/media/{KEY}/faults/none.png?small=1")[0] == 404


def test_a_session_without_positions_says_the_same(root: Path, session: Session) -> None:
    light, whole = read_session(root / KEY, positions=False), read_session(root / KEY)
    np.testing.assert_array_equal(light.track.time_s, whole.track.time_s)
    np.testing.assert_array_equal(light.angles["knee_deg"], whole.angles["knee_deg"])
    assert light.strokes == whole.strokes and light.assessment.faults == whole.assessment.faults
    assert np.isnan(light.track.xy_px).all() and light.track.xy_px.shape == whole.track.xy_px.shape
    assert light.track.xy_px.strides == (0, 0, 0), "takes no room"


def test_an_empty_window_has_a_head_only() -> None:
    none = np.empty(0)
    data = packed(none, none, [none, none], none.astype(np.int16), np.empty((0, 64), bool))
    assert data == np.array([1, 0], "<u4").tobytes()
