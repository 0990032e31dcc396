"""A club's server, from the opened store to the address where it listens."""

from __future__ import annotations

import signal
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from rowsense import logs
from rowsense.errors import UsageError
from rowsense.store.places import StorePlace, store_place

if TYPE_CHECKING:
    from rowsense.server_settings import JobSettings, MailSettings, ServerSettings
    from rowsense.store.claims import ClubStore
    from rowsense.store.serving import Served
    from rowsense.store.tables import User

HOST: Final = "127.0.0.1"
#: Long enough to be typed over from a terminal after lunch [D].
_FIRST_LINK_LASTS: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ClubAsked:
    """What a club's server is started with."""

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
    trusted_proxy: str = HOST
    """Who may say from where a request really comes."""
    anew: bool = False
    """Make a new database, also where the files of an older one lie."""

    @property
    def place(self) -> StorePlace:
        """Where database and files are."""
        return store_place(self.database or str(self.folder), self.files)


def serve_club(asked: ClubAsked, settings: ServerSettings) -> None:
    """Open the store, make the app, listen, and say where it is."""
    from rowsense.jobs.runner_settings import check_fits, runner_settings
    from rowsense.store.database import store_url
    from rowsense.store.serving import served

    if asked.jobs:
        check_fits(store_url(asked.place.url), runner_settings(settings.jobs))
    with served(asked.place, asked.folder, settings.server.secret_file, anew=asked.anew) as shown:
        _serve(asked, settings, shown)


def _serve(asked: ClubAsked, settings: ServerSettings, shown: Served) -> None:
    """Show an opened store until somebody stops it."""
    import gc

    from dashboards.accounts.offers import Offers
    from dashboards.app import listening
    from dashboards.club import Place, create_club_app
    from dashboards.house import chores_of, keeping_house
    from dashboards.uploads.sending import CHUNK_BYTES
    from rowsense.store.joining import has_administrator
    from rowsense.store.uploads import UploadLimits

    opened = shown.store
    limits = UploadLimits(club_bytes=asked.club_bytes, find_rower=settings.uploads.find_rower)
    offers = Offers(settings.mail.is_on, settings.provider)
    app = create_club_app(opened, Place(asked.address, shown.secret), limits, offers=offers)
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
        _say_where(asked, "" if known else _first_link(shown, asked.address), lost)
        if shown.web.others:
            typer.echo(f"Others show this store too: {shown.web.others} `rowsense serve` beside this one", err=True)
        # What is there now stays; searching it for cycles again and again would only take time.
        gc.collect()
        gc.freeze()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if logs.wanted():
            logs.to_stderr()
        chores = chores_of(app.server, opened)
        with (
            _jobs(opened, asked, settings.jobs),
            _mail(shown, settings.mail, asked.address),
            keeping_house(shown.web, chores),
        ):
            server.run()
    finally:
        server.close()


def _jobs(store: ClubStore, asked: ClubAsked, how: JobSettings) -> AbstractContextManager[None]:
    """The background work, in a process beside this one: pages need neither Dask nor the analysis."""
    if not asked.jobs:
        return nullcontext()
    from rowsense.jobs.beside import runner_beside

    return runner_beside(
        store,
        asked.folder / "job-work",
        lambda words: typer.echo(words, err=True),
        scheduler=how.scheduler,
        workers=how.workers,
    )


def _mail(shown: Served, settings: MailSettings, address: str) -> AbstractContextManager[None]:
    """What sends the mails that wait, in a thread beside the pages."""
    if not settings.is_on:
        return nullcontext()
    from rowsense.mailing import Sender, mailing

    return mailing(Sender(shown.store.database, settings, address), lambda: shown.web.keeps_house)


#: Behind https stands another server on this machine, which says from where a request really comes.
_PROXY: Final[dict[str, Any]] = {
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
    "clear_untrusted_proxy_headers": True,
}


def is_this_machine(host: str) -> bool:
    """Whether nobody else reaches it there."""
    from rowsense.server_settings import is_loopback

    return is_loopback(host)


def _first_link(shown: Served, address: str) -> str:
    from rowsense.store.accounts import new_link
    from rowsense.store.tables.accounts import FIRST_START

    # What another server has printed, which started just before or after, holds too.
    shown.web.look()
    alone = not shown.web.others
    return f"{address}/first-start/{new_link(shown.store.database, FIRST_START, _FIRST_LINK_LASTS, alone=alone)}"


def _password_link(store: ClubStore, asked: ClubAsked) -> str:
    """For who is locked out and has nobody to ask; whoever starts the server holds all of it anyway.

    Raises
    ------
    UsageError
        Nobody has this address.
    """
    from rowsense.store.accounts import new_link
    from rowsense.store.audit import note_password_link
    from rowsense.store.tables.accounts import PASSWORD

    user = _user(store, asked, asked.password_of)
    made = new_link(store.database, PASSWORD, _FIRST_LINK_LASTS, user.id)
    note_password_link(store.database, user.id, None)
    return f"{asked.address}/new-password/{made}"


def _take_second_step_off(store: ClubStore, asked: ClubAsked) -> None:
    """For an only administrator without telephone and recovery codes.

    Raises
    ------
    UsageError
        Nobody has this address.
    """
    from rowsense.store.second_step import remove_second_step

    had_one = remove_second_step(store.database, _user(store, asked, asked.second_step_of).id, None)
    words = "signs in with the password alone now" if had_one else "signs in without a second step already"
    typer.echo(f"{asked.second_step_of} {words}", err=True)


def _user(store: ClubStore, asked: ClubAsked, email: str) -> User:
    from rowsense.store.accounts import user_by

    user = user_by(store.database, email=email.strip().lower())
    if user is None:
        raise UsageError(f"serve: nobody in {asked.folder} signs in as {email}; look at the address again")
    return user


def _without_password(database: str) -> str:
    from rowsense.store.database import store_url

    return store_url(database).render_as_string()


def _say_where(asked: ClubAsked, first_link: str, password_link: str) -> None:
    shown = _without_password(asked.database) if asked.database else f"in {asked.folder}"
    typer.echo(f"The club's store is {shown}", err=True)
    if not is_this_machine(asked.host) and asked.address.startswith("http://"):
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
