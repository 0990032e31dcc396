"""What the program has to say as JSON lines, for machines that collect them: switched on by ``ROWSENSE_LOG_JSON``.

The switch is in the environment so that the processes which a server starts have it too.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

VARIABLE: Final = "ROWSENSE_LOG_JSON"
#: The request that is being answered; empty: none.
REQUEST_ID: Final[ContextVar[str]] = ContextVar("rowsense_request_id", default="")
#: Further fields of a line, where whoever says it gives them as ``extra``.
FIELDS: Final = ("job", "method", "route", "status", "seconds", "club")


class JsonLines(logging.Formatter):
    """A line per message: ``at`` (UTC), ``level``, ``logger``, ``message``, what else is known, ``error``."""

    def format(self, record: logging.LogRecord) -> str:
        """As one line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        if request := REQUEST_ID.get():
            told["request"] = request
        told |= {name: value for name in FIELDS if (value := record.__dict__.get(name)) is not None}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def wanted() -> bool:
    """Whether somebody wants JSON lines."""
    return os.environ.get(VARIABLE, "") not in ("", "0")


def to_stderr() -> None:
    """Say from now on as JSON lines what this process has to say: of ours all, of libraries what is a warning."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    logging.getLogger("rowsense").setLevel(logging.INFO)
