"""Whether a club's server would start: ``rowsense serve --check``. Nothing is made or changed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rowsense.errors import StoreError, UsageError
from rowsense.serve_club import ClubAsked
from rowsense.store.places import DATABASE

if TYPE_CHECKING:
    from rowsense.server_settings import ServerSettings
    from rowsense.store.files import FileStore


def check_club(asked: ClubAsked, settings: ServerSettings) -> None:
    """Say whether the server would start; nothing is made or changed.

    Raises
    ------
    StoreError, UsageError
        It would not.
    """
    from rowsense.jobs.runner_settings import check_fits, runner_settings
    from rowsense.store.database import store_url
    from rowsense.store.opening import open_files
    from rowsense.store.start import check_files

    existing = next(place for place in (asked.folder, *asked.folder.parents) if place.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        raise StoreError(f"{existing}: cannot be written; name another folder with --store")
    if asked.jobs:
        check_fits(store_url(asked.place.url), runner_settings(settings.jobs))
    files = open_files(asked.place.files)
    said = _check_database(asked, files, settings.server.secret_file)
    check_files(files, change=False)
    with socket.socket(socket.AF_INET6 if ":" in asked.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((asked.host, asked.port))
        except OSError as error:
            raise UsageError(f"port {asked.port}: cannot be used ({error.strerror}); choose another one") from error
    mail = _check_services(settings)
    typer.echo(f"{asked.folder}: {said}; it would be at {asked.address}; {mail}{_room(files)}{_pose_model(asked)}")


def _check_database(asked: ClubAsked, files: FileStore, secret_file: Path | None) -> str:
    """What is said of the database.

    Raises
    ------
    StoreError
        It cannot be reached or read, was lost, its role sees too much, or another server shows it.
    """
    from rowsense.store.database import Database
    from rowsense.store.migrate import checked_revision, newest_revision
    from rowsense.store.opening import check_not_lost
    from rowsense.store.serving import check_servers
    from rowsense.store.start import check_role

    new = "a new store would be made"
    if not asked.database and not asked.folder.exists():
        return new
    check_servers(asked.place, asked.folder, secret_file)
    with Database(asked.place.url) as database:
        if not asked.anew:
            check_not_lost(database, files)
        if not asked.database and not (asked.folder / DATABASE).exists():
            return new
        revision = checked_revision(database)
        check_role(database)
    if not revision:
        return new
    return "in order" if revision == newest_revision() else f"its tables ({revision}) would be brought up to date"


def _room(files: FileStore) -> str:
    """How much is free for films; empty: they are in a bucket."""
    from rowsense.store.local_files import LocalFiles
    from rowsense.store.uploads import UploadLimits

    if not isinstance(files, LocalFiles):
        return ""
    root = files.root.absolute()
    free = shutil.disk_usage(next(folder for folder in (root, *root.parents) if folder.exists())).free
    least = UploadLimits().spare_bytes
    said = f"; {free / 1e9:.1f} GB free for films"
    return said if free > least else f"{said}, and below {least / 1e9:.1f} GB none is taken: free some space"


def _pose_model(asked: ClubAsked) -> str:
    """Whether films can be analysed at once; empty: it is left to others."""
    from rowsense.errors import ModelError
    from rowsense.pose.models import verify_model

    if not asked.jobs:
        return ""
    try:
        verify_model()
    except ModelError as error:
        return f"; the pose model is not ready ({error}); get it with `rowsense models fetch` before the first film"
    return "; the pose model is there"


def _check_services(settings: ServerSettings) -> str:
    """What is said of the mail server, which is greeted; the provider's secret is looked for.

    Raises
    ------
    RowSenseError
        The settings are wrong, or the mail server does not do what they say.
    """
    from rowsense.mail.sending import check_mail

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
