"""The web server: what it refuses by itself, before any page is asked, is said to programs as the API says it."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from waitress import create_server  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.task import ErrorTask  # type: ignore[import-untyped]

from dashboards.accounts.bearer import ROOT
from dashboards.api.problems import KIND, document_of


class _Refusal(ErrorTask):
    """A request that cannot be read or is too large."""

    def execute(self) -> None:
        """Answer it."""
        path = str(getattr(self.request, "path", ""))
        if not (path == ROOT or path.startswith(f"{ROOT}/")):
            super().execute()
            return
        error = self.request.error
        body = json.dumps(document_of(error.code)).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", KIND), ("Cache-Control", "no-store"), ("Connection", "close")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):
    error_task_class = _Refusal


def web_server(server: Flask, host: str, port: int, **options: Any) -> Any:
    """One that has its port and can be run.

    Raises
    ------
    OSError
        The port is taken, or the address is not this machine's.
    """
    made = create_server(server, host=host, port=port, threads=8, **options)
    # A name with several addresses has a server for each of them.
    for one in (made, *getattr(made, "map", {}).values()):
        if hasattr(one, "channel_class"):
            one.channel_class = _Channel
    return made
