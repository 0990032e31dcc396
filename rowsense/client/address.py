"""Where a server is, and whether a token may travel there."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from urllib.parse import urlsplit

from rowsense.errors import UsageError


def server_address(given: str, *, unencrypted: bool = False) -> str:
    """Scheme, name and port, without anything after them. ``unencrypted``: http is meant, also to another machine.

    Raises
    ------
    UsageError
        It is no address, or the token would travel unencrypted.
    """
    parts = urlsplit(given.strip())
    try:
        named, port = parts.hostname, parts.port
    except ValueError:
        named, port = None, None
    if parts.scheme not in ("http", "https") or not named or parts.query or parts.username or parts.password:
        raise UsageError(f"{given}: is no address of a server; write it as https://rowing.club.org")
    if parts.scheme == "http" and not is_loopback(named) and not unencrypted:
        raise UsageError(
            f"{given}: over http everybody on the way can read your token and your films; use https, "
            "or say --unencrypted in a network that you trust"
        )
    host = f"[{named}]" if ":" in named else named
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}"


def is_loopback(name: str) -> bool:
    """Whether this is the machine itself."""
    if name == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(name).is_loopback
    return False
