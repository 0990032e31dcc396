"""``rowsense mail-test``: whether mail arrives."""

from __future__ import annotations

from typing import Annotated

import typer

from rowsense.command_options import ConfigOption, SetOption, settings_given, use_config
from rowsense.errors import UsageError


def mail_test(
    address: Annotated[str, typer.Argument(help="Where the trial goes: your own mail address.", metavar="ADDRESS")],
    config: ConfigOption = None,
    more: SetOption = None,
) -> None:
    """Send a trial mail with the settings of the club's server (ROWSENSE_MAIL__HOST and so on)."""
    from rowsense.mail.sending import send
    from rowsense.mail.words import trial_words
    from rowsense.server_settings import ServerSettings
    from rowsense.settings import read_settings

    use_config(config)
    settings = read_settings(ServerSettings, **settings_given(more)).mail
    if not settings.is_on:
        raise UsageError(
            "mail-test: no mail server is named; set ROWSENSE_MAIL__HOST, or host under [mail] in rowsense.toml"
        )
    send(settings, address, trial_words())
    typer.echo(f"{settings.host}:{settings.port} has taken a mail to {address}; look whether it arrives")
