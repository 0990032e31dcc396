"""The settings of a club's server as a table of the documentation, and those of one server that are not the usual ones.

``python -m rowsense.settings_table docs/deploy.md`` writes the table into the page, between its two marks.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from rowsense.errors import UsageError
from rowsense.server_settings import ServerSettings
from rowsense.settings import PREFIX, config_file, without_password

BEGIN: Final = "<!-- settings: written by `make docs` -->"
END: Final = "<!-- end of settings -->"
#: Settings that an option says too: of ``rowsense serve``, those of ``jobs`` of ``rowsense jobs run``.
OPTIONS: Final[Mapping[str, str]] = {
    "server.store": "--store",
    "server.files": "--files",
    "server.host": "--host",
    "server.port": "--port",
    "server.address": "--address",
    "server.trusted_proxy": "--trusted-proxy",
    "server.club_gb": "--club-gb",
    "server.jobs": "--jobs, --no-jobs",
    "server.log_json": "--log-json",
    "jobs.scheduler": "--scheduler",
    "jobs.workers": "--workers",
}


def settings_table() -> str:
    """The table: what stands in the file, in the environment, as an option, what is usual, what it means."""
    lines = ["| `rowsense.toml` | environment | option | usual | |", "|---|---|---|---|---|"]
    for section, fields in sections():
        lines.append(f"| **`[{section}]`** | | | | |")
        for name, field in fields.items():
            option = OPTIONS.get(f"{section}.{name}", "")
            shown = ", ".join(f"`{one}`" for one in option.split(", ")) if option else ""
            usual = _usual(field.default)
            lines.append(f"| `{name}` | `{variable(section, name)}` | {shown} | {usual} | {field.description} |")
    return "\n".join(lines)


def variable(section: str, name: str) -> str:
    """The environment's variable of a setting."""
    return f"{PREFIX}{section}__{name}".upper()


def not_usual(settings: ServerSettings, options: Collection[str] = ()) -> tuple[str, ...]:
    """What differs from the usual, and who says it. ``options``: settings that were given as options.

    Secrets are the names of their files; a password in the address of a database is left out.
    """
    file = config_file()
    written = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    told = []
    for section, fields in sections():
        for name, field in fields.items():
            value = getattr(getattr(settings, section), name)
            if value == field.default:
                continue
            by = _said_by(section, name, written, options)
            told.append(f"{section}.{name} = {without_password(str(value))} ({by})")
    return tuple(told)


def write_into(page: Path) -> None:
    """Put the table into a page.

    Raises
    ------
    UsageError
        The page has no place for it.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageError(f"{page}: has no place for the settings; put {BEGIN} and {END} into it")
    page.write_text(f"{before}{BEGIN}\n{settings_table()}\n{END}{after}", encoding="utf-8")


def sections() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every section of the server's settings with its fields."""
    for section, field in ServerSettings.model_fields.items():
        kind = field.annotation
        assert isinstance(kind, type) and issubclass(kind, BaseModel)
        yield section, kind.model_fields


def _usual(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "" if value in ("", None) else f"`{value}`"


def _said_by(section: str, name: str, written: Mapping[str, Any], options: Collection[str]) -> str:
    if f"{section}.{name}" in options:
        return "option"
    if any(key.upper() == variable(section, name) and value for key, value in os.environ.items()):
        return "environment"
    return str(config_file()) if name in written.get(section, {}) else "environment"


if __name__ == "__main__":
    write_into(Path(sys.argv[1]))
