"""No query leaves its club, on either wall."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, insert, select, text, union_all, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, aliased

from rowsense.store.database import Database, row_security_problem
from rowsense.store.scope import SCOPE, WRITES, AllClubs, ClubScope, ScopeError
from rowsense.store.tables import Athlete, Club, Membership, Squad, SquadAthlete, User

A, B = ClubScope(uuid.UUID(int=1)), ClubScope(uuid.UUID(int=2))
EVERYBODY = AllClubs("set up a test")
OTHER = uuid.UUID(int=22)


@pytest.fixture
def clubs(database: Database) -> Database:
    """Two clubs with an athlete, a squad and a coach each; those of B have 2 as the first digit of their key."""
    with database.writing(EVERYBODY) as session:
        for number, scope in ((1, A), (2, B)):
            keys = [uuid.UUID(int=number * 11 + i) for i in range(3)]
            session.add(Club(id=scope.club_id, name=f"club {number}"))
            session.add(User(id=keys[1], email=f"coach{number}@club.example", name="coach"))
            session.flush()
            session.add(Athlete(id=keys[0], club_id=scope.club_id, name=f"rower {number}"))
            session.add(Membership(club_id=scope.club_id, user_id=keys[1], role="coach"))
            session.add(Squad(id=keys[2], club_id=scope.club_id, name="juniors"))
    return database


QUERIES: dict[str, Callable[[Session], list[Any]]] = {
    "rows": lambda s: [a.name for a in s.scalars(select(Athlete))],
    "columns": lambda s: list(s.scalars(select(Athlete.name))),
    "alias": lambda s: [a.name for a in s.scalars(select(aliased(Athlete)))],
    "join": lambda s: list(s.scalars(select(Athlete.name).join(Squad, Squad.name == "juniors"))),
    "union": lambda s: list(
        s.scalars(union_all(select(Athlete.name), select(Athlete.name).where(Athlete.name == "nobody")))
    ),
    "subquery": lambda s: list(s.scalars(select(select(Athlete.name).subquery().c.name))),
    "cte": lambda s: list(s.scalars(select(select(Athlete.name).cte().c.name))),
}


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_gives_the_own_clubs_rows(clubs: Database, query: str) -> None:
    with clubs.reading(A) as session:
        assert QUERIES[query](session) == ["rower 1"]


def test_counts_keys_and_conditions_see_one_club(clubs: Database) -> None:
    with clubs.reading(A) as session:
        assert session.scalar(select(func.count()).select_from(Athlete)) == 1
        assert session.get(Athlete, OTHER) is None
        assert list(session.scalars(select(Club.name).where(exists().where(Athlete.id == OTHER)))) == []
        assert list(session.scalars(select(Club.name))) == ["club 1"]
        assert list(session.scalars(select(User.email))) == ["coach1@club.example"]


def test_changes_reach_one_club(clubs: Database) -> None:
    with clubs.writing(A) as session:
        session.execute(update(Athlete).values(name="renamed"))
        session.execute(delete(Squad))
    with clubs.reading(EVERYBODY) as session:
        assert sorted(session.scalars(select(Athlete.name))) == ["renamed", "rower 2"]
        assert [s.club_id for s in session.scalars(select(Squad))] == [B.club_id]


def test_a_new_row_gets_the_club_of_its_session(clubs: Database) -> None:
    with clubs.writing(A) as session:
        session.add(Athlete(name="new"))
    with clubs.reading(A) as session:
        assert sorted(session.scalars(select(Athlete.name))) == ["new", "rower 1"]


ESCAPES: dict[str, Callable[[Session], Any]] = {
    "raw": lambda s: s.execute(text("SELECT name FROM athletes")),
    "table": lambda s: s.execute(select(Athlete.__table__)),
    "insert": lambda s: s.execute(insert(Athlete), [{"name": "x", "club_id": B.club_id}]),
    "move": lambda s: s.execute(update(Athlete).values(club_id=B.club_id)),
    "connection": lambda s: s.connection(),
    "bulk": lambda s: s.bulk_save_objects([Athlete(name="x", club_id=B.club_id)]),
    "foreign": lambda s: (s.add(Athlete(name="x", club_id=B.club_id)), s.flush()),
    "user": lambda s: (s.add(User(email="x@y.z", name="x")), s.flush()),
}


@pytest.mark.parametrize("escape", ESCAPES)
def test_what_would_leave_the_club_is_refused(clubs: Database, escape: str) -> None:
    with pytest.raises(ScopeError), clubs.writing(A) as session:
        ESCAPES[escape](session)


def test_nothing_reaches_the_database_without_a_club(clubs: Database) -> None:
    with pytest.raises(ScopeError, match="no club"), clubs.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    with pytest.raises(ScopeError, match="no club"), Session(clubs.engine) as session:
        session.scalars(select(Athlete))


def test_reading_writes_nothing(clubs: Database) -> None:
    with pytest.raises(ScopeError, match="only reads"), clubs.reading(A) as session:
        session.add(Athlete(name="x"))
        session.flush()


def test_rows_of_two_clubs_cannot_refer_to_each_other(clubs: Database) -> None:
    with pytest.raises(IntegrityError), clubs.writing(EVERYBODY) as session:
        session.add(SquadAthlete(club_id=A.club_id, squad_id=uuid.UUID(int=13), athlete_id=OTHER))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_second_wall_holds_where_the_first_is_gone(clubs: Database) -> None:
    assert row_security_problem(clubs) == ""
    below = clubs.engine.execution_options(**{SCOPE: A, WRITES: True})
    with below.begin() as connection:
        assert list(connection.scalars(text("SELECT name FROM athletes"))) == ["rower 1"]
        assert list(connection.scalars(text("SELECT email FROM users"))) == ["coach1@club.example"]
    with pytest.raises(DBAPIError, match="row-level security"), below.begin() as connection:
        connection.execute(text("UPDATE athletes SET club_id = :other"), {"other": B.club_id})
