"""``rowsense serve``: the sessions of a folder, or a club with its accounts, in the browser."""

from __future__ import annotations

import importlib.util
import os
import secrets
import signal
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Optional

import typer

from rowsense import logs
from rowsense.errors import StoreError, UsageError
from rowsense.store.places import DATABASE, SECRET, StorePlace, store_place

if TYPE_CHECKING:
    from rowsense.settings import MailSettings
    from rowsense.store.claims import ClubStore
    from rowsense.store.tables import User

_HOST: Final = "127.0.0.1"
_PORT: Final = 8050
#: Long enough to be typed over from a terminal after lunch [D].
_FIRST_LINK_LASTS: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Asked:
    host: str
    port: int
    address: str
    folder: Path
    password_of: str = ""
    """Mail address of who gets a link for a new password."""
    jobs: bool = True
    """Run the background work too."""
    club_bytes: int = 0
    """Room for the films of each club; 0: no limit but the disk's."""
    second_step_of: str = ""
    """Mail address of whose second step is taken off."""
    database: str = ""
    """Address of a database that is not in the folder; empty: it is."""
    files: str = ""
    """Address of its files."""
    trusted_proxy: str = _HOST
    """Who may say from where a request really comes."""

    @property
    def place(self) -> StorePlace:
        """Where database and files are."""
        return store_place(self.database or str(self.folder), self.files)


def serve(
    folder: Annotated[
        Optional[Path], typer.Argument(help="Show the session folders in this folder, without accounts.")
    ] = None,
    store: Annotated[
        Optional[str],
        typer.Option(
            help="The folder of the club's store, or postgresql://... with --files. Default: your data folder."
        ),
    ] = None,
    files: Annotated[
        str, typer.Option(help="Where the files are, if not in the store's folder: a folder, or s3://BUCKET/FOLDER.")
    ] = "",
    host: Annotated[str, typer.Option(help="Which of this machine's addresses to listen on.")] = _HOST,
    port: Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)] = _PORT,
    address: Annotated[str, typer.Option(help="How people reach it, as in https://rowing.club.org.")] = "",
    password_link: Annotated[
        str, typer.Option(help="Also print a link with which the user of this mail address chooses a new password.")
    ] = "",
    second_step_off: Annotated[
        str, typer.Option(help="Let the user of this mail address sign in without a second step, until she sets it up.")
    ] = "",
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Say what happens as JSON lines on stderr, each request with its id.")
    ] = False,
    club_gb: Annotated[
        float, typer.Option(help="Room for the films of each club, in GB. 0: as much as the disk holds.", min=0)
    ] = 0,
    no_jobs: Annotated[
        bool, typer.Option("--no-jobs", help="Leave background work to `rowsense jobs run` elsewhere.")
    ] = False,
    trusted_proxy: Annotated[
        str, typer.Option(help="Address of the web server before it, where the address is https. *: anybody's.")
    ] = _HOST,
    demo: Annotated[
        bool, typer.Option("--demo", help="Look round in a made-up club, on this machine only; it is gone afterwards.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Say whether it would start, and end.")] = False,
) -> None:
    """Start a club's server, with accounts. With FOLDER: look through its sessions, on this machine only."""
    of_a_club = (
        bool(store or files or address or password_link or second_step_off or no_jobs or club_gb) or host != _HOST
    )
    if demo and (folder is not None or of_a_club or check):
        raise UsageError("serve: --demo makes a club of its own on this machine; give nothing beside it but --port")
    if folder is not None:
        _serve_folder(folder, port, check, club_options=of_a_club)
        return
    if log_json:
        os.environ[logs.VARIABLE] = "1"  # also for the processes that this one starts
    needed = (
        "sqlalchemy",
        "flask_security",
        "argon2",
        "cryptography",
        "qrcode",
        *(() if no_jobs else ("distributed",)),
    )
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(
            "serve: a club's server needs more packages; pip install 'rowsense[server]'. "
            "For the sessions of this folder alone: rowsense serve ."
        )
    if demo:
        from rowsense.serve_demo import serve_demo

        serve_demo(port)
        return
    from rowsense.store.places import data_folder

    database = store if store and "://" in store else ""
    place = (Path(store) if store and not database else data_folder()).expanduser().absolute()
    asked = _Asked(
        host=host,
        port=port,
        address=_address(host, port, address),
        folder=place,
        password_of=password_link,
        jobs=not no_jobs,
        club_bytes=int(club_gb * (1 << 30)),
        second_step_of=second_step_off,
        database=database,
        files=files,
        trusted_proxy=trusted_proxy,
    )
    if check:
        _check_club(asked)
    else:
        _serve_club(asked)


def _serve_folder(folder: Path, port: int, check: bool, *, club_options: bool) -> None:
    from dashboards.app import create_app
    from dashboards.app import serve as serve_folder

    if club_options:
        raise UsageError(
            "serve: --store, --host, --address and --no-jobs belong to a club's server; leave out the folder"
        )
    if not folder.is_dir():
        raise UsageError(f"{folder}: is not a folder; give the one that holds your .rowsense folders")
    if check:
        create_app(folder)
        typer.echo(f"{folder.absolute()}: can be shown")
        return
    typer.echo(f"RowSense shows {folder.absolute()} at http://{_HOST}:{port}   (Ctrl-C stops it)", err=True)
    serve_folder(folder, port)


def _check_club(asked: _Asked) -> None:
    """Say whether the server would start; nothing is made or changed.

    Raises
    ------
    StoreError, UsageError
        It would not.
    """
    import socket

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


def _serve_club(asked: _Asked) -> None:
    """Open the store, make the app, listen, and say where it is."""
    import gc

    from dashboards.accounts.offers import Offers
    from dashboards.app import listening
    from dashboards.club import Place, create_club_app
    from dashboards.uploads.sending import CHUNK_BYTES
    from rowsense.settings import ServerSettings, read_settings
    from rowsense.store.joining import has_administrator
    from rowsense.store.opening import open_store
    from rowsense.store.uploads import UploadLimits

    settings = read_settings(ServerSettings)
    opened = open_store(asked.place.url, asked.place.files)
    try:
        limits = UploadLimits(club_bytes=asked.club_bytes)
        offers = Offers(settings.mail.is_on, settings.provider)
        app = create_club_app(opened, Place(asked.address, _secret(asked.folder)), limits, offers=offers)
        proxied = asked.address.startswith("https://")
        # It keeps what is sent until it is whole, before anybody has looked who sends it.
        options = {
            "max_request_body_size": CHUNK_BYTES,
            **(_PROXY | {"trusted_proxy": asked.trusted_proxy} if proxied else {}),
        }
        server = listening(app.server, asked.host, asked.port, **options)
        try:
            known = has_administrator(opened.database)
            lost = _password_link(opened, asked) if asked.password_of else ""
            if asked.second_step_of:
                _take_second_step_off(opened, asked)
            _say_where(asked, "" if known else _first_link(opened, asked.address), lost)
            # What is there now stays; searching it for cycles again and again would only take time.
            gc.collect()
            gc.freeze()
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            if logs.wanted():
                logs.to_stderr()
            with _jobs(opened, asked), _mail(opened, settings.mail, asked.address):
                server.run()
        finally:
            server.close()
    finally:
        opened.database.close()


def _jobs(store: ClubStore, asked: _Asked) -> AbstractContextManager[None]:
    """The background work, in a process beside this one: pages need neither Dask nor the analysis."""
    if not asked.jobs:
        return nullcontext()
    from rowsense.jobs.beside import runner_beside

    return runner_beside(store, asked.folder / "job-work", lambda words: typer.echo(words, err=True))


def _mail(store: ClubStore, settings: MailSettings, address: str) -> AbstractContextManager[None]:
    """What sends the mails that wait, in a thread beside the pages."""
    if not settings.is_on:
        return nullcontext()
    from rowsense.mailing import Sender, mailing

    return mailing(Sender(store.database, settings, address))


#: Behind https stands another server on this machine, which says from where a request really comes.
_PROXY: Final[dict[str, Any]] = {
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
    "clear_untrusted_proxy_headers": True,
}


def _address(host: str, port: int, given: str) -> str:
    """How people reach the server.

    Raises
    ------
    UsageError
        It listens for other machines, and nobody said under which name they reach it.
    """
    if given:
        return given.rstrip("/")
    if not _is_loopback(host):
        raise UsageError(
            f"serve: with --host {host} other machines reach the server; say how, as in "
            f"--address http://192.168.1.20:{port}, or https://... where a web server with a certificate stands before"
        )
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _is_loopback(host: str) -> bool:
    from rowsense.settings import is_loopback

    return is_loopback(host)


def _secret(folder: Path) -> str:
    """What browser sessions are signed with: made once, readable by this user only."""
    path = folder / SECRET
    try:
        folder.mkdir(parents=True, exist_ok=True)  # the database may be elsewhere
        with suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: cannot be made or read ({error}); name another folder with --store") from error


def _first_link(store: ClubStore, address: str) -> str:
    from rowsense.store.accounts import new_link
    from rowsense.store.tables.accounts import FIRST_START

    return f"{address}/first-start/{new_link(store.database, FIRST_START, _FIRST_LINK_LASTS)}"


def _password_link(store: ClubStore, asked: _Asked) -> str:
    """For who is locked out and has nobody to ask; whoever starts the server holds all of it anyway.

    Raises
    ------
    UsageError
        Nobody has this address.
    """
    from rowsense.store.accounts import new_link
    from rowsense.store.tables.accounts import PASSWORD

    user = _user(store, asked, asked.password_of)
    return f"{asked.address}/new-password/{new_link(store.database, PASSWORD, _FIRST_LINK_LASTS, user.id)}"


def _take_second_step_off(store: ClubStore, asked: _Asked) -> None:
    """For an only administrator without telephone and recovery codes.

    Raises
    ------
    UsageError
        Nobody has this address.
    """
    from rowsense.store.second_step import remove_second_step

    had_one = remove_second_step(store.database, _user(store, asked, asked.second_step_of).id)
    words = "signs in with the password alone now" if had_one else "signs in without a second step already"
    typer.echo(f"{asked.second_step_of} {words}", err=True)


def _user(store: ClubStore, asked: _Asked, email: str) -> User:
    from rowsense.store.accounts import user_by

    user = user_by(store.database, email=email.strip().lower())
    if user is None:
        raise UsageError(f"serve: nobody in {asked.folder} signs in as {email}; look at the address again")
    return user


def _without_password(database: str) -> str:
    from rowsense.store.database import store_url

    return store_url(database).render_as_string()


def _say_where(asked: _Asked, first_link: str, password_link: str) -> None:
    shown = _without_password(asked.database) if asked.database else f"in {asked.folder}"
    typer.echo(f"The club's store is {shown}", err=True)
    if not _is_loopback(asked.host) and asked.address.startswith("http://"):
        typer.echo(
            "Passwords travel unencrypted: use this in a network that you trust, or put https before it.", err=True
        )
    if first_link:
        typer.echo(
            f"There is no administrator yet. Open this link to become it; it works once, for 24 hours:\n{first_link}",
            err=True,
        )
    if password_link:
        typer.echo(
            f"{asked.password_of} chooses a new password here, once, within 24 hours:\n{password_link}", err=True
        )
    typer.echo(f"RowSense is at {asked.address}   (Ctrl-C stops it)", err=True)
