"""Whose rows a unit of work sees. Without a scope nothing reaches the database.

Two walls. The first is here: every query of an ORM session gets the club as a condition, and whatever would escape that
(raw SQL, statements on tables, bulk inserts) is refused. The second is row-level security on PostgreSQL, for which
``database.py`` tells every transaction its club.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, event, false, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql import Update

from rowsense.errors import StoreError
from rowsense.store.tables import AccountOwned, Club, ClubOwned, Membership, User

SCOPE: Final = "rowsense_scope"
WRITES: Final = "rowsense_writes"


class ScopeError(StoreError):
    """A query without a club, or one that would leave it: a mistake in the program, never the user's."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class ClubScope:
    """One club: its own rows and the users who are its members."""

    club_id: uuid.UUID

    def __post_init__(self) -> None:
        if not isinstance(self.club_id, uuid.UUID):
            raise ScopeError(f"a club is named by its UUID, not by {self.club_id!r}")


@dataclass(frozen=True, slots=True)
class AllClubs:
    """No limit. For what is older than any club: signing in, making a club, keeping the store in order."""

    reason: str
    """Why; a reader of the code should see it where it happens."""

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ScopeError("say why all clubs are needed")


Scope = ClubScope | AllClubs


class ScopedSession(Session):
    """An ORM session that keeps to its scope from first to last; made by ``Database`` only."""

    def connection(self, *arguments: Any, **options: Any) -> Connection:
        """Refused within a club: what is said on a connection is not limited to it."""
        self._only_without_limit()
        return super().connection(*arguments, **options)

    def bulk_save_objects(self, *arguments: Any, **options: Any) -> None:
        """Refused within a club, as are the two below: they pass by the check of new rows."""
        self._only_without_limit()
        super().bulk_save_objects(*arguments, **options)

    def bulk_insert_mappings(self, *arguments: Any, **options: Any) -> None:
        """Refused within a club."""
        self._only_without_limit()
        super().bulk_insert_mappings(*arguments, **options)

    def bulk_update_mappings(self, *arguments: Any, **options: Any) -> None:
        """Refused within a club."""
        self._only_without_limit()
        super().bulk_update_mappings(*arguments, **options)

    def _only_without_limit(self) -> None:
        if not isinstance(scope_of(self), AllClubs):
            raise ScopeError("this passes by the limits of a club; use queries and add, or AllClubs")


def scope_of(session: Session) -> Scope:
    """The scope that a session was made with.

    Raises
    ------
    ScopeError
        It was made elsewhere, without one.
    """
    scope = session.info.get(SCOPE)
    if not isinstance(scope, ClubScope | AllClubs):
        raise ScopeError("no club in this session; make sessions with Database.reading or Database.writing")
    return scope


@event.listens_for(ScopedSession, "do_orm_execute")
def _limit(state: ORMExecuteState) -> None:
    scope = scope_of(state.session)
    if isinstance(scope, AllClubs):
        return
    if not state.is_orm_statement:
        raise ScopeError("only queries on mapped classes keep to a club; raw SQL and tables need AllClubs")
    if state.is_insert:
        raise ScopeError("add objects to the session instead of an INSERT, so that their club can be checked")
    if isinstance(state.statement, Update) and _moves(state.statement):
        raise ScopeError("a row does not change its club")
    club_id = scope.club_id
    members = select(Membership.user_id).where(Membership.club_id == club_id)
    state.statement = state.statement.options(
        with_loader_criteria(ClubOwned, lambda table: table.club_id == club_id, include_aliases=True),
        with_loader_criteria(Club, Club.id == club_id, include_aliases=True),
        with_loader_criteria(AccountOwned, lambda table: false(), include_aliases=True),
        with_loader_criteria(User, lambda table: table.id.in_(members), include_aliases=True),
    )


@event.listens_for(ScopedSession, "before_flush")
def _check(session: Session, context: UOWTransaction, instances: Any) -> None:
    scope = scope_of(session)
    if not session.info[WRITES]:
        raise ScopeError("this session only reads; use Database.writing")
    if isinstance(scope, AllClubs):
        return
    for row in session.new:
        if isinstance(row, ClubOwned) and row.club_id is None:
            row.club_id = scope.club_id  # type: ignore[unreachable]  # a new row may have none yet
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, ClubOwned) and row.club_id != scope.club_id:
            raise ScopeError(f"a row of {row.__tablename__} belongs to another club")  # type: ignore[attr-defined]
        if isinstance(row, Club) and row.id != scope.club_id:
            raise ScopeError("this is another club")
    if any(isinstance(row, AccountOwned) for row in (*session.new, *session.dirty, *session.deleted)):
        raise ScopeError("signing in belongs to no club; use AllClubs")
    if any(isinstance(row, User) for row in session.new):
        raise ScopeError("a new user belongs to no club yet; use AllClubs")


def _moves(statement: Update) -> bool:
    """Whether an UPDATE sets the club. Compiled, because what it sets can be said in several ways."""
    compiled = statement.compile()
    return any(name == "club_id" for name in compiled.params) or "club_id=" in str(compiled).partition(" WHERE ")[0]
