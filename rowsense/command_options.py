"""Options that several commands have."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rowsense.errors import UsageError

if TYPE_CHECKING:  # the model brings NumPy, which --help does not need
    from rowsense.model import Felt

JsonFlag = Annotated[bool, typer.Option("--json", help="Progress and results as JSON lines.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", "-o", help="Where the results go. Default: <video name>.rowsense here.")
]
EarlierOption = Annotated[
    list[Path] | None,
    typer.Option(help="The rower's earlier sessions, or a folder of them, to hold this one against; may be repeated."),
]

FeltOption = Annotated[
    str | None,
    typer.Option(
        help="Whether the rower could feel her hips tip back, asked before she sees the report: yes, no, unsure, or "
        "the strokes in which she felt it, e.g. 3,7-9."
    ),
]


LanguageOption = Annotated[
    str, typer.Option(help="Language of report and pictures: en or de. Default: en.", envvar="ROWSENSE_LANGUAGE")
]

ConfigOption = Annotated[
    Path | None,
    typer.Option(help="The file with the settings. Default: what ROWSENSE_CONFIG names, else rowsense.toml here."),
]

SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="Any setting of docs/deploy.md, as in mail.host=mail.club.org; may be repeated.",
        metavar="NAME=VALUE",
    ),
]  # fmt: skip


def settings_given(said: list[str] | None, **options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What ``--set`` and options of their own say, by sections; an option of its own counts before ``--set``.

    Raises
    ------
    UsageError
        One is not ``section.name=value``, or there is no such section.
    """
    from rowsense.settings import SERVER_SECTIONS, nearest

    given: dict[str, dict[str, Any]] = {}
    for one in said or ():
        place, equals, value = one.partition("=")
        section, point, name = place.strip().partition(".")
        if not equals or not point:
            raise UsageError("--set: write it as in mail.host=mail.club.org")
        if section not in SERVER_SECTIONS:
            raise UsageError(f"--set: {section}.{name} is not known{nearest(section, SERVER_SECTIONS, '{}.' + name)}")
        given.setdefault(section, {})[name] = value
    for section, values in options.items():
        given.setdefault(section, {}).update({name: one for name, one in values.items() if one is not None})
    return given


def use_config(file: Path | None) -> None:
    """Read settings from this file, also in the processes that this one starts; None: as it was."""
    from rowsense.settings import CONFIG

    if file is not None:
        os.environ[CONFIG] = str(file.expanduser().absolute())


def felt_of(words: str | None) -> Felt | None:
    """What ``--felt`` says; None where it was not given.

    Raises
    ------
    UsageError
        It is no answer.
    """
    from rowsense.assess.felt import parse_felt

    return None if words is None else parse_felt(words)
