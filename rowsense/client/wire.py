"""Requests to a club's server: the token goes there and nowhere else, and every failure gets words."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import urlencode, urlsplit

from rowsense import __version__
from rowsense.client.address import is_loopback, server_address
from rowsense.client.errors import OfflineError, RefusedError, TokenError
from rowsense.errors import UsageError

BASE: Final = "/api/v1"
#: Of a network that says nothing at all [D].
TIMEOUT_S: Final = 60.0
_BLOCK: Final = 1 << 18
_PROBLEM: Final = "application/problem+json"
Body = bytes | Iterator[bytes] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers are small."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    def json(self) -> Any:
        """What is in it."""
        return json.loads(self.data) if self.data else None


class Wire:
    """One server and one token."""

    def __init__(self, server: str, token: str, *, unencrypted: bool = False) -> None:
        """The server and the token; nothing is asked yet.

        Raises
        ------
        UsageError
            That is no address, or the token would travel unencrypted.
        """
        self.server = server_address(server, unencrypted=unencrypted)
        if not token.strip() or not token.strip().isascii() or any(letter.isspace() for letter in token.strip()):
            raise UsageError("this is no token; copy it as the page You showed it")
        self._token = token.strip()
        here = is_loopback(urlsplit(self.server).hostname or "")
        proxies = [urllib.request.ProxyHandler({})] if here else []
        self._opener = urllib.request.build_opener(_StaysHere, *proxies)

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
        says: Any = None,
    ) -> Answer:
        """Ask for an address below :data:`BASE`. ``says``: what is sent as JSON.

        Raises
        ------
        OfflineError
            No answer.
        TokenError, RefusedError
            A refusal.
        """
        more = {"Content-Type": "application/json"} if says is not None else {}
        data = json.dumps(says).encode() if says is not None else body
        with self._open(method, path, query, data, {**more, **(headers or {})}) as found:
            try:
                return Answer(found.status, _small(found.headers), found.read())
            except (OSError, http.client.HTTPException) as error:
                raise self._broken(error) from error

    def fetch(self, path: str, target: IO[bytes], tell: Callable[[int, int], None] | None = None) -> int:
        """Write a file of the server into ``target``; its bytes. ``tell`` hears how many are here, and of how many."""
        with self._open("GET", path, None, None, {}) as found:
            total, count = int(found.headers.get("Content-Length") or 0), 0
            try:
                while block := found.read(_BLOCK):
                    target.write(block)
                    count += len(block)
                    if tell is not None:
                        tell(count, total)
            except http.client.HTTPException as error:
                raise self._broken(error) from error
        if count < total:
            raise OfflineError(f"{self.server}: the connection broke; try again")
        return count

    def _open(
        self, method: str, path: str, query: Mapping[str, Any] | None, body: Body, headers: Mapping[str, str]
    ) -> Any:
        given = {name: value for name, value in (query or {}).items() if value not in (None, "", (), [])}
        asked = f"?{urlencode(given, doseq=True)}" if given else ""
        told = {"Authorization": f"Bearer {self._token}", "User-Agent": f"rowsense/{__version__}", **headers}
        request = urllib.request.Request(f"{self.server}{BASE}{path}{asked}", body, told, method=method)
        try:
            return self._opener.open(request, timeout=TIMEOUT_S)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error) from None
        except (OSError, http.client.HTTPException) as error:
            raise self._broken(error) from error

    def _refused(self, error: urllib.error.HTTPError) -> Exception:
        try:
            data = error.read()
            told = json.loads(data) if error.headers.get_content_type() == _PROBLEM else {}
        except (OSError, ValueError, http.client.HTTPException):
            told = {}
        words = str(told.get("detail") or "")
        if error.code == 401 and not words and error.headers.get("WWW-Authenticate", "").lower().startswith("bearer"):
            words = "the token does not hold any more"  # an answer to HEAD has no words
        if error.code in range(300, 400):
            return RefusedError(error.code, f"{self.server}: leads to another address; give that one")
        if not words and error.code in (401, 403, 404, 405):
            return RefusedError(error.code, f"{self.server}: is no RowSense server, or one that is older than its API")
        said = f"{self.server}: {words or f'answers {error.code}; tell whoever keeps the server'}"
        if error.code == 401 or (error.code == 403 and "scope" in words):
            return TokenError(said)
        wait = error.headers.get("Retry-After", "")
        return RefusedError(error.code, said, float(wait) if wait.isdigit() else 0.0)

    def _broken(self, error: BaseException) -> OfflineError:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(cause, socket.gaierror):
            words = "there is no server of this name, or no network"
        elif isinstance(cause, ssl.SSLCertVerificationError):
            words = f"its certificate is not to be trusted ({cause.verify_message})"
        elif isinstance(cause, ssl.SSLError):
            words = "does not speak https there; look at the address and the port"
        elif isinstance(cause, ConnectionRefusedError):
            words = "nothing answers there; look whether the server runs, and at the port"
        elif isinstance(cause, TimeoutError):
            words = "does not answer; look at the network"
        else:
            words = f"the connection broke ({getattr(cause, 'strerror', None) or cause or type(cause).__name__})"
        return OfflineError(f"{self.server}: {words}")


class _StaysHere(urllib.request.HTTPRedirectHandler):
    """Another address may be another machine, and the token is not for that one."""

    def redirect_request(self, *arguments: Any) -> None:
        """Never."""
        return


def _small(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
