"""A store that a server of pages shows: opened, looked over, and joined by the server among others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rowsense.store.claims import ClubStore
from rowsense.store.database import POSTGRESQL, Database, store_url
from rowsense.store.opening import open_files, open_store
from rowsense.store.places import StorePlace
from rowsense.store.shared_files import folder_mark, known_mark, known_secret, server_secret
from rowsense.store.start import check_files, check_no_other_server, check_role, only_server
from rowsense.store.trouble import in_words
from rowsense.store.upload_files import upload_files_of
from rowsense.store.web_servers import Common, WebServer, among_others, check_others


@dataclass(frozen=True, slots=True)
class Served:
    """What a server shows."""

    store: ClubStore
    secret: str
    """What browsers' sessions are signed with."""
    web: WebServer
    """The server itself, among those of the store."""


@contextmanager
def served(place: StorePlace, folder: Path, secret_file: Path | None, *, anew: bool = False) -> Iterator[Served]:
    """Open a store and be one of its servers, of an SQLite file the only one, while the block lasts.

    ``folder``: where this machine keeps what is not in the database; ``secret_file``: of the secret, None: in there.
    ``anew``: as for :func:`rowsense.store.opening.open_store`.

    Raises
    ------
    StoreError, OutputError
        It cannot be opened or written to, or this server does not fit to those that are there.
    """
    url = store_url(place.url)
    with only_server(url):
        if url.get_backend_name() == POSTGRESQL:
            # Before the tables are brought up to date, below servers that do not know the new ones.
            with in_words(url), Database(url) as database:
                check_others(database, None)
        store = open_store(place.url, place.files, anew=anew)
        try:
            check_role(store.database)
            check_files(store.files)
            secret = server_secret(folder, secret_file)
            common = Common.of(secret, folder_mark(upload_files_of(store).root))
            with in_words(url), among_others(store.database, common) as web:
                yield Served(store, secret, web)
        finally:
            store.database.close()


def check_servers(place: StorePlace, folder: Path, secret_file: Path | None) -> None:
    """As :func:`served`, only whether this server would fit to those that are there. Changes nothing.

    Raises
    ------
    StoreError
        It would not.
    """
    url = store_url(place.url)
    check_no_other_server(url)
    if url.get_backend_name() == POSTGRESQL:
        with in_words(url), Database(url) as database:
            uploads = upload_files_of(ClubStore(database, open_files(place.files)))
            # What is not there would be made, and be unlike that of the others.
            common = Common.of(known_secret(folder, secret_file), known_mark(uploads.root))
            check_others(database, common)
