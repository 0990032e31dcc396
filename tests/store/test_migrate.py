"""The tables come up, go down, and keep what somebody put into them; on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Inspector, inspect, text

from rowsense.errors import StoreError
from rowsense.store import migrations
from rowsense.store.database import Database
from rowsense.store.migrate import (
    Upgrade,
    current_revision,
    downgrade,
    known_revisions,
    newest_revision,
    upgrade,
)
from rowsense.store.tables import Base
from tests.store.conftest import Server
from tests.store.filled import ROWS, contents, fill, raw
from tests.store.test_killed import kill_at


def test_up_down_and_up_again(empty_url: str) -> None:
    with Database(empty_url) as database:
        assert current_revision(database) == ""
        assert upgrade(database) == Upgrade("", newest_revision(), None)
        assert set(contents(database)) == set(Base.metadata.tables)
        downgrade(database, "base")
        assert contents(database) == {}
        upgrade(database)
        assert current_revision(database) == newest_revision()
        assert set(contents(database)) == set(Base.metadata.tables)


def test_nothing_happens_to_a_store_that_is_up_to_date(database: Database) -> None:
    fill(database, newest_revision())
    before = contents(database)
    assert upgrade(database) == Upgrade(newest_revision(), newest_revision(), None)
    assert contents(database) == before


@pytest.mark.parametrize("revision", known_revisions())
def test_a_filled_store_of_every_revision_keeps_its_rows_both_ways(empty_url: str, revision: str) -> None:
    with Database(empty_url) as database:
        upgrade(database, revision)
        fill(database, revision)
        before = contents(database)
        assert all(before.values()), "every table of this revision has a row to lose"
        upgrade(database)
        after = contents(database)
        for table, rows in before.items():
            kept = [{name: row[name] for name in rows[0] if name in row} for row in after[table]]
            assert kept == [{name: row[name] for name in kept[0]} for row in rows], table
        downgrade(database, revision)
        assert contents(database) == before


def test_what_was_deleted_is_not_there_again_after_a_downgrade(empty_url: str) -> None:
    with Database(empty_url) as database:
        upgrade(database, "0011")
        fill(database, "0011")
        downgrade(database, "0010")
        assert [row["text"] for row in contents(database)["comments"]] == ["hips"]


def test_the_revisions_are_those_that_alembic_finds() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == known_revisions()
    assert scripts.get_current_head() == newest_revision()


def test_every_revision_has_rows_to_try_it_with() -> None:
    assert tuple(ROWS) == known_revisions()
    assert {name for rows in ROWS.values() for name in rows} == set(Base.metadata.tables)


def test_the_models_are_what_the_revisions_make(database: Database) -> None:
    with raw(database) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_so_are_checks_names_and_what_goes_with_what(empty_url: str) -> None:
    """Everything that the comparison above does not look at."""
    with Database(empty_url) as database:
        assert current_revision(database) == ""
        with raw(database) as connection:
            Base.metadata.create_all(connection)
            of_the_models = _described(inspect(connection))
            Base.metadata.drop_all(connection)
        upgrade(database)
        with raw(database) as connection:
            assert _described(inspect(connection)) == of_the_models


def _described(inspector: Inspector) -> dict[str, Any]:
    def in_order(found: list[Any]) -> list[str]:
        return sorted(repr(sorted(one.items(), key=lambda pair: str(pair[0]))) for one in found)

    return {
        table: {
            "columns": [
                (c["name"], repr(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)
            ],
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "references": in_order(inspector.get_foreign_keys(table)),
            "unique": in_order(inspector.get_unique_constraints(table)),
            "checks": in_order(inspector.get_check_constraints(table)),
            "indexes": in_order(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_every_table_of_a_club_stands_behind_the_second_wall(server: Server, postgresql_template: str) -> None:
    with Database(server.new(postgresql_template)) as database, raw(database) as connection:
        forced = connection.execute(
            text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        ).scalars()
        assert set(forced) == set(Base.metadata.tables)


def test_an_sqlite_store_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    first, second = known_revisions()[-2:]
    with Database(f"sqlite:///{tmp_path}/club.sqlite3") as database:
        upgrade(database, first)
        fill(database, first)
        before = contents(database)
        done = upgrade(database)
    assert done == Upgrade(first, second, tmp_path / f"club.sqlite3.before-{first}.backup")
    assert done.backup is not None
    with Database(f"sqlite:///{done.backup}") as copy:
        assert current_revision(copy) == first
        assert contents(copy) == before
    assert not list(tmp_path.glob("*.part"))


def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path) -> None:
    first = known_revisions()[-2]
    with Database(f"sqlite:///{tmp_path}/club.sqlite3") as database:
        upgrade(database, first)
        fill(database, first)
        with sqlite3.connect(tmp_path / "club.sqlite3") as connection:
            connection.execute("UPDATE strokes SET analysis_id = 'gone'")
        connection.close()
        before = contents(database)
        with pytest.raises(StoreError, match="rows of strokes refer to nothing"):
            upgrade(database)
        assert current_revision(database) == first
        assert contents(database) == before


#: A revision in the middle of those that follow, and the table that the next but one makes.
EARLIER, TABLE = "0016", "paces"


def test_an_error_inside_one_of_several_revisions_takes_all_of_them_back(empty_url: str) -> None:
    with Database(empty_url) as database:
        upgrade(database, EARLIER)
        fill(database, EARLIER)
        with raw(database) as connection:
            connection.execute(text(f"CREATE TABLE {TABLE} (name TEXT)"))
        before = contents(database)
        with pytest.raises(StoreError, match=rf"\({EARLIER}\) cannot be brought to {newest_revision()} \(.*{TABLE}"):
            upgrade(database)
        assert current_revision(database) == EARLIER
        assert contents(database) == before, "neither the revision before it nor the tables of this one"
        with raw(database) as connection:
            connection.execute(text(f"DROP TABLE {TABLE}"))
        upgrade(database)
        assert contents(database)["athletes"] == before["athletes"]


@pytest.mark.slow
def test_an_upgrade_that_is_killed_in_the_middle_goes_on_from_the_start(empty_url: str, tmp_path: Path) -> None:
    with Database(empty_url) as database:
        upgrade(database, EARLIER)
        fill(database, EARLIER)
        before = contents(database)
        kill_at(empty_url, tmp_path, tmp_path, "upgrade", f"CREATE TABLE {TABLE}", 1)
        assert current_revision(database) == EARLIER
        assert contents(database) == before
    copies = list(tmp_path.glob("*.backup"))
    assert len(copies) == empty_url.startswith("sqlite")
    for copied in copies:
        with Database(f"sqlite:///{copied}") as copy:
            assert contents(copy) == before
            upgrade(copy)
            assert contents(copy)["athletes"] == before["athletes"], "a store that goes on"
    with Database(empty_url) as database:
        assert upgrade(database).before == EARLIER
        assert contents(database)["athletes"] == before["athletes"]


def test_a_store_of_a_newer_version_is_left_alone(database: Database, tmp_path: Path) -> None:
    with raw(database) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"written by a newer version of RowSense \(tables 9999"):
        upgrade(database)
    assert current_revision(database) == "9999"
    assert not list(tmp_path.glob("*.backup"))


def test_somebody_elses_database_is_left_alone(empty_url: str) -> None:
    with Database(empty_url) as database:
        assert current_revision(database) == ""
        with raw(database) as connection:
            connection.execute(text("CREATE TABLE recipes (name TEXT)"))
        with pytest.raises(StoreError, match=r"holds something else \(recipes\)"):
            upgrade(database)
        assert set(contents(database)) == {"recipes"}


def test_two_programs_that_start_together_upgrade_once(empty_url: str) -> None:
    def start(_: int) -> Upgrade:
        with Database(empty_url) as database:
            return upgrade(database)

    with ThreadPoolExecutor(3) as threads:
        done = list(threads.map(start, range(3)))
    assert sorted(one.before for one in done) == ["", newest_revision(), newest_revision()]


@pytest.mark.parametrize("table", ["athletes", "clubs"])
def test_what_belongs_to_an_athlete_or_a_club_goes_with_it(database: Database, table: str) -> None:
    fill(database, newest_revision())
    with raw(database) as connection:
        connection.execute(text(f"DELETE FROM {table}"))
    left = {name for name, rows in contents(database).items() if rows}
    of_people = {"users", "sign_ins", "one_time_links", "failed_sign_ins", "second_steps", "recovery_codes"}
    of_nobody = {*of_people, "paces", "runner_states", "seen_times"}
    kept = {
        "catalogue_versions",
        "club_settings",
        "clubs",
        "squads",
        "tags",
        "invitations",
        "invitation_squads",
        "audit_entries",
        "file_claims",
        "folder_sizes",
        "memberships",
        "mails",
    }
    assert left == (kept | of_nobody if table == "athletes" else of_nobody)
