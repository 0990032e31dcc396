"""The store's users as Flask-Security wants to see them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from flask_security import RoleMixin, UserDatastore, UserMixin
from flask_security.proxies import _datastore
from flask_security.tf_plugin import tf_verify_validity_token

from rowsense.store.accounts import set_password, user_by
from rowsense.store.database import Database
from rowsense.store.second_step import second_step_of
from rowsense.store.tables import SecondStep, User
from rowsense.store.tokens import digest


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
        self.mail_off = row.mail_off_since is not None
        self.roles: list[RoleMixin] = []

    @cached_property
    def second_step(self) -> SecondStep | None:
        """Asked for when it matters: signing in, and the page about it."""
        return second_step_of(cast("AccountDatastore", _datastore).database, self.id)

    @property
    def tf_totp_secret(self) -> str | None:  # type: ignore[override]  # nobody sets it
        """The secret of the second step, encrypted."""
        return self.second_step.totp_secret if self.second_step is not None else None

    @property
    def tf_primary_method(self) -> str | None:  # type: ignore[override]  # as above
        """How Flask-Security calls a telephone that shows codes."""
        return "authenticator" if self.second_step is not None else None

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Whether to ask for the code; not on a device where she wanted it to be remembered."""
        needed = bool(tf_setup_methods) and not tf_verify_validity_token(device_mark(self))
        return needed, tf_setup_methods


def device_mark(account: Account | None) -> str:
    """What a known device keeps, signed. Another password or another second step makes it void."""
    assert account is not None and account.tf_totp_secret is not None
    return f"{account.fs_uniquifier} {digest(account.tf_totp_secret)}"


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

    def tf_set(self, user: Any, primary_method: str, totp_secret: Any = None, phone: Any = None) -> None:
        """Nothing: it was set up before, on our own page."""

    def commit(self) -> None:
        """Done already."""
