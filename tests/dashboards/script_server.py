"""A small server for the tests of scripts: the scripts themselves, what they keep, and uploads that meet trouble."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import dashboards
from dashboards.texts.reader import texts_for_scripts

_HERE: Final = Path(__file__).parent
_FOLDERS: Final = {"assets": Path(str(dashboards.__file__)).parent / "assets", "scripts": _HERE / "scripts"}
_KINDS: Final = {".js": "text/javascript", ".css": "text/css", ".mp4": "video/mp4"}
_AREAS: Final = ("server", "player", "notes", "compare", "quantities.phase", "upload")
#: So long a line is dead; who waits for it to end by itself waits too long.
SILENT_S: Final = 10.0
_PAGE: Final = '<!doctype html><title>scripts</title><script type="application/json" id="texts">{}</script>'


@dataclass
class Upload:
    """What one upload is, what is to happen to its next parts, and which parts came."""

    length: int
    metadata: str
    bytes: bytearray = field(default_factory=bytearray)
    fates: list[str | int] = field(default_factory=list)
    parts: list[dict[str, int]] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        right = bytes(range(251)) * (self.length // 251 + 1)
        return {
            "length": self.length, "metadata": self.metadata, "size": len(self.bytes), "parts": self.parts,
            "isRight": bytes(self.bytes) == right[: self.length],
        }  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kept: dict[str, bytes]
    asked: Counter[str]
    uploads: dict[str, Upload]
    over: threading.Event

    def do_GET(self) -> None:
        first, _, rest = self.path.lstrip("/").partition("/")
        if first in _FOLDERS:
            path = _FOLDERS[first] / rest
            self._answer(200, path.read_bytes(), _KINDS[path.suffix])
        elif first == "kept":
            self.asked[rest] += 1
            self._answer(200, self.kept[rest]) if rest in self.kept else self._answer(404, b"not kept")
        elif first == "asked":
            self._answer(200, json.dumps(self.asked[rest]).encode())
        elif first == "uploads":
            self._answer(200, json.dumps(self._upload().told()).encode())
        elif first == "silent":
            self.over.wait(SILENT_S)
            self.close_connection = True
        elif self.path in self.kept:
            self._answer(200, self.kept[self.path])
        else:
            self._answer(200, _PAGE.format(json.dumps(texts_for_scripts(*_AREAS))).encode(), "text/html")

    def do_PUT(self) -> None:
        body = self._body()
        if self.path.startswith("/kept/"):
            self.kept[self.path.removeprefix("/kept/")] = body
        else:
            state = json.loads(body)
            self._upload().bytes, self._upload().fates = bytearray(state["bytes"]), state["fates"]
        self._answer(204)

    def do_POST(self) -> None:
        key = str(len(self.uploads))
        self.uploads[key] = Upload(int(self.headers["Upload-Length"]), self.headers["Upload-Metadata"])
        self._answer(201, Location=f"/uploads/{key}")

    def do_HEAD(self) -> None:
        self._answer(200, Upload_Offset=str(len(self._upload().bytes)))

    def do_PATCH(self) -> None:
        upload, length = self._upload(), int(self.headers["Content-Length"])
        offset, fate = int(self.headers["Upload-Offset"]), upload.fates.pop(0) if upload.fates else "taken"
        upload.parts.append({"offset": offset, "length": length})
        if fate == "half":
            upload.bytes += self.rfile.read(length // 2)
            self.close_connection = True
            return
        body = self._body()
        if isinstance(fate, int):
            self._answer(fate, b"no more of it")
        elif len(body) < length:
            self.close_connection = True  # of a part that was cut off nothing counts
        elif offset != len(upload.bytes):
            self._answer(409, b"that is not where it goes on")
        else:
            upload.bytes += body
            self._answer(204, Upload_Offset=str(len(upload.bytes)))

    def _upload(self) -> Upload:
        return self.uploads[self.path.split("/")[2]]

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _answer(self, status: int, body: bytes = b"", kind: str = "text/plain", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing: what goes wrong is what the tests are about."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A browser that hangs up is part of the tests."""


@contextmanager
def scripts_served(**kept: bytes) -> Iterator[str]:
    """Its address; ``kept``: what lies at ``/<name>``, with ``_`` for ``.``."""
    at = {f"/{name.replace('_', '.')}": data for name, data in kept.items()}
    over = threading.Event()
    handler = type("Handler", (_Handler,), {"kept": at, "asked": Counter(), "uploads": {}, "over": over})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        over.set()
        server.shutdown()
        thread.join()
