"""Closing a web server from another thread than the one that it runs in."""

from __future__ import annotations

from contextlib import suppress
from typing import Any


def close_from_outside(server: Any) -> None:
    """Have its own loop close it.

    What is to be done is noted before the loop is woken by a byte through a pipe. If it is awake already it closes
    itself, and the pipe, before the byte is written.
    """
    with suppress(OSError):
        server.trigger.pull_trigger(server.close)
