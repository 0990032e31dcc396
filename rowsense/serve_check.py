"""Whether a club's server would start: ``rowsense serve --check``. Nothing is made or changed."""

from __future__ import annotations

import importlib.util
import os
import socket

import typer

from rowsense.errors import StoreError, UsageError
from rowsense.serve_club import ClubAsked
from rowsense.store.places import DATABASE


def check_club(asked: ClubAsked) -> None:
    """Say whether the server would start; nothing is made or changed.

    Raises
    ------
    StoreError, UsageError
        It would not.
    """
    from rowsense.store.database import Database
    from rowsense.store.migrate import checked_revision, newest_revision

    existing = next(place for place in (asked.folder, *asked.folder.parents) if place.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        raise StoreError(f"{existing}: cannot be written; name another folder with --store")
    said = "a new store would be made"
    if asked.database or (asked.folder / DATABASE).exists():
        with Database(asked.place.url) as database:
            revision = checked_revision(database)
        if revision:
            said = (
                "in order" if revision == newest_revision() else f"its tables ({revision}) would be brought up to date"
            )
    with socket.socket(socket.AF_INET6 if ":" in asked.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((asked.host, asked.port))
        except OSError as error:
            raise UsageError(f"port {asked.port}: cannot be used ({error.strerror}); choose another one") from error
    mail = _check_services()
    typer.echo(f"{asked.folder}: {said}; it would be at {asked.address}; {mail}")


def _check_services() -> str:
    """What is said of the mail server, which is greeted; the provider's secret is looked for.

    Raises
    ------
    RowSenseError
        The settings are wrong, or the mail server does not do what they say.
    """
    from rowsense.mail.sending import check_mail
    from rowsense.settings import ServerSettings, read_settings

    settings = read_settings(ServerSettings)
    secret = settings.provider.secret_file
    if settings.provider.is_on and (secret is None or not secret.expanduser().is_file()):
        raise UsageError(
            f"{secret}: the provider's secret is not there; name its file with ROWSENSE_PROVIDER__SECRET_FILE"
        )
    if settings.provider.is_on and importlib.util.find_spec("authlib") is None:
        raise UsageError("signing in by a provider needs one more package; pip install 'rowsense[oidc]'")
    if not settings.mail.is_on:
        return "it would send no mail"
    check_mail(settings.mail)
    return f"mail would go through {settings.mail.host}:{settings.mail.port}, which answers"
