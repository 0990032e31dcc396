"""Asking a server again where it has no time, and lists piece by piece, as they are used."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final, TypeVar

from rowsense.client.errors import RefusedError
from rowsense.client.reading import read
from rowsense.client.wire import Answer, Wire

#: How often a request is made again that the server had no time for.
_TRIES: Final = 5
_T = TypeVar("_T")


class Asking:
    """A server and a token. Every method may raise the errors of :mod:`rowsense.client.errors`."""

    def __init__(self, server: str, token: str, *, unencrypted: bool = False) -> None:
        """Nothing is asked yet. ``unencrypted``: http is meant, also to another machine.

        Raises
        ------
        UsageError
            That is no address or no token, or the token would travel unencrypted.
        """
        self._wire = Wire(server, token, unencrypted=unencrypted)

    @property
    def server(self) -> str:
        """Its address."""
        return self._wire.server

    def page(self, path: str) -> str:
        """Where a page of it is, as a browser wants it."""
        return f"{self.server}{path}"

    def _get(self, path: str, **query: Any) -> Any:
        return self._ask("GET", path, query=query).json()

    def _all(self, kind: type[_T], path: str, /, **query: Any) -> Iterator[_T]:
        cursor = ""
        while True:
            found = self._get(path, **query, cursor=cursor)
            for one in found["items"]:
                yield one if kind == dict[str, Any] else read(kind, one)
            cursor = found.get("next") or ""
            if not cursor:
                return

    def _ask(self, method: str, path: str, **more: Any) -> Answer:
        """Ask; where the server has no time now, again when it says."""
        for _ in range(_TRIES - 1):
            try:
                return self._wire.ask(method, path, **more)
            except RefusedError as error:
                # Without a time to wait, waiting is of no use: too many films are under way, for example.
                if error.status not in (429, 503) or not error.wait_s:
                    raise
                time.sleep(min(error.wait_s, 60.0))
        return self._wire.ask(method, path, **more)


def plain(value: Any) -> Any:
    """For JSON."""
    return [plain(one) for one in value] if isinstance(value, tuple | list) else str(value)
