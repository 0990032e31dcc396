"""What can go wrong between here and a club's server."""

from __future__ import annotations

from rowsense.errors import RowSenseError


class ServerError(RowSenseError):
    """The server cannot be asked, or does not do what is asked."""

    exit_code = 7


class OfflineError(ServerError):
    """It does not answer: no network, no such server, or the connection broke. Trying again may help."""


class TokenError(ServerError):
    """The token is not one of this server's, does not hold any more, or may not do this."""

    exit_code = 2


class RefusedError(ServerError):
    """It answers, and refuses. The words are the server's own."""

    def __init__(self, status: int, words: str, wait_s: float = 0.0) -> None:
        super().__init__(words)
        self.status = status
        """As HTTP has it."""
        self.wait_s = wait_s
        """How long to wait before asking again, where the server says so; 0: it does not."""
