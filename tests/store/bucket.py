"""A real S3-compatible server in this process, whose requests can be held up or refused."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

BUCKET = "club"
KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}


@dataclass
class BucketServer:
    """``hold(n)``: the n-th writing request from now on sets ``held``, waits for ``released``, ends with ``done``."""

    held: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    refuse: str = ""
    """Requests of this method are answered with 503."""
    seen: list[str] = field(default_factory=list)
    sent_bytes: int = 0
    """Of all answers' bodies."""
    _until: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: BaseWSGIServer | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> BucketServer:
        moto = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._gate(moto), threaded=True)
        self._server.block_on_close = False  # type: ignore[attr-defined]  # not for clients that keep a line open
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        request = urllib.request.Request(f"{self.endpoint}/{BUCKET}", method="PUT")
        with suppress(
            urllib.error.HTTPError
        ):  # there is one such bucket per process, and this may be the second server
            urllib.request.urlopen(request).close()
        self.seen.clear()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        assert self._server is not None and self._thread is not None
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def endpoint(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.port}"

    def address(self, folder: str) -> str:
        return f"s3://{BUCKET}/{folder}?endpoint={self.endpoint}"

    def hold(self, number: int) -> None:
        for event in (self.held, self.released, self.done):
            event.clear()
        self._until = number

    def _gate(self, app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        def gated(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            method = str(environ["REQUEST_METHOD"])
            self.seen.append(f"{method} {environ['PATH_INFO']}?{environ['QUERY_STRING']}")
            if method == self.refuse:
                start("503 Service Unavailable", [("Content-Length", "0")])
                return [b""]
            if method in ("PUT", "POST") and self._counts():
                self.held.set()
                self.released.wait(60.0)
                try:
                    return self._counted(app(environ, start))
                finally:
                    self.done.set()
            return self._counted(app(environ, start))

        return gated

    def _counted(self, body: Iterable[bytes]) -> Iterator[bytes]:
        for part in body:
            self.sent_bytes += len(part)
            yield part

    def _counts(self) -> bool:
        with self._lock:
            self._until -= 1
            return self._until == 0
