"""What a page says about how long its session is kept, and where that is changed. Of a folder nothing is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

from flask import Flask, current_app, has_app_context

from dashboards.monitor.view_model import Attached

_NAME = "rowsense-keeping"


@dataclass(frozen=True, slots=True)
class KeptNote:
    """For the page of a session."""

    lines: tuple[str, ...]
    share: str
    """Address of the page on which it is shared and held."""
    edit: str = ""
    """Address of the page on which it is changed and deleted; empty: the reader may not."""
    monitor: str = ""
    """Address of the page on which the monitor's recording is attached and shown."""


class Keeper(Protocol):
    """Knows how long sessions are kept."""

    def note(self, key: str) -> KeptNote | None:
        """What to say of a session that the viewer may see; None: nothing."""

    def monitor(self, key: str) -> Attached | None:
        """What its monitor recorded; None: nothing that is here."""


class NoKeeper:
    """Of a folder: what lies there is the reader's own."""

    def note(self, key: str) -> None:
        """Nothing."""
        return

    def monitor(self, key: str) -> None:
        """Nothing."""
        return


def use_keeper(server: Flask, keeper: Keeper) -> None:
    """Say who knows it on this server."""
    server.extensions[_NAME] = keeper


def keeper() -> Keeper:
    """Who knows it on the server that answers."""
    found = current_app.extensions.get(_NAME) if has_app_context() else None
    return cast("Keeper", found) if found is not None else NoKeeper()
