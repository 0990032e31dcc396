"""The store's users as Flask-Security wants to see them."""

from __future__ import annotations

from typing import Any

from flask_security import RoleMixin, UserDatastore, UserMixin

from rowsense.store.accounts import set_password, user_by
from rowsense.store.database import Database
from rowsense.store.tables import User


class Account(UserMixin):
    """One user; changes reach the store through :meth:`AccountDatastore.put`."""

    id: Any  # a UUID; Flask-Security expects a number and makes no use of it
    fs_uniquifier = ""  # asked for on the class

    def __init__(self, row: User) -> None:
        self.id = row.id
        self.email = row.email
        self.name = row.name
        self.language = row.language
        self.password = row.password_hash
        self.active = row.active
        self.fs_uniquifier = row.session_key
        self.roles: list[RoleMixin] = []


class NoRole(RoleMixin):
    """Roles are memberships of clubs and decided on by ``rowsense.store.access``; Flask-Security knows none."""


class AccountDatastore(UserDatastore):
    """What Flask-Security asks of a datastore, on the store of the club."""

    def __init__(self, database: Database) -> None:
        super().__init__(Account, NoRole)
        self.database = database

    def find_user(self, case_insensitive: bool = False, **named: Any) -> Account | None:
        """A user by mail address, or by the key in her browser's session."""
        ((name, value),) = named.items()
        column = {"email": "email", "fs_uniquifier": "session_key", "id": "id"}[name]
        row = user_by(self.database, **{column: value.lower() if name == "email" else value})
        return None if row is None else Account(row)

    def find_role(self, role: str) -> None:
        """There is none."""
        return

    def put(self, model: Account) -> Account:
        """Keep the password and the key of sessions, all that Flask-Security changes here."""
        set_password(self.database, model.id, model.password or "", model.fs_uniquifier)
        return model

    def commit(self) -> None:
        """Done already."""
