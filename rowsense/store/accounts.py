"""Users and how they sign in: sign-ins that last, attempts that failed, links that work once."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.audit import note_of_account
from rowsense.store.choosing import club_at_first
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs
from rowsense.store.tables import FailedSignIn, OneTimeLink, SignIn, User
from rowsense.store.tables.accounts import PASSWORD
from rowsense.store.tokens import digest, new_token

#: A browser stays signed in this long, and half as long unused [D].
SIGN_IN_LASTS: Final = timedelta(days=30)
UNUSED_LASTS: Final = timedelta(days=14)
#: How exactly the last use is known; writing it at every request would cost more than it tells [D].
_SEEN_STEP: Final = timedelta(minutes=10)
#: How far back failed attempts count [D].
FAILURES_COUNT_FOR: Final = timedelta(minutes=15)

_SIGNING_IN: Final = AllClubs("signing in is older than any club")


class LinkError(StoreError):
    """A link that was used, is too old, or never was."""


def user_by(database: Database, **named: Any) -> User | None:
    """The user of an ``email``, ``session_key`` or ``id``."""
    with database.reading(_SIGNING_IN) as unit:
        return unit.scalar(select(User).filter_by(**named))


def set_password(database: Database, user_id: uuid.UUID, password_hash: str, session_key: str) -> None:
    """Keep a password; another ``session_key`` than before ends all sign-ins of the user."""
    with database.writing(_SIGNING_IN) as unit:
        user = unit.get_one(User, user_id)
        if session_key != user.session_key:
            unit.execute(delete(SignIn).where(SignIn.user_id == user_id))
            note_of_account(unit, user_id, "new_password", user_id)
        user.password_hash, user.session_key = password_hash, session_key


def set_language(database: Database, user_id: uuid.UUID, language: str | None) -> None:
    """In which language a user reads the pages; None: as her browser asks."""
    with database.writing(_SIGNING_IN) as unit:
        unit.get_one(User, user_id).language = language


def want_note_mail(database: Database, user_id: uuid.UUID, wanted: bool) -> None:
    """Say whether a user wants to be told of notes by mail."""
    since = None if wanted else datetime.now(UTC)
    with database.writing(_SIGNING_IN) as unit:
        unit.execute(update(User).where(User.id == user_id).values(mail_off_since=since))


# --- sign-ins


def begin_sign_in(database: Database, user_id: uuid.UUID, agent: str) -> str:
    """Note that a browser is signed in, and which club it shows; gives the token that it keeps."""
    token, now = new_token(), datetime.now(UTC)
    with database.writing(_SIGNING_IN) as unit:
        unit.execute(delete(SignIn).where(sign_in_is_over(now)))
        club_id = club_at_first(unit, user_id)
        unit.add(SignIn(user_id=user_id, token_sha256=digest(token), seen_at=now, agent=agent[:200], club_id=club_id))
    return token


def sign_in_of(database: Database, user_id: uuid.UUID, token: str) -> SignIn | None:
    """The sign-in that a browser's token stands for; None: it was ended, or is too old."""
    now = datetime.now(UTC)
    with database.reading(_SIGNING_IN) as unit:
        found = unit.scalar(
            select(SignIn).where(SignIn.token_sha256 == digest(token), SignIn.user_id == user_id, ~sign_in_is_over(now))
        )
    if found is not None and now - found.seen_at > _SEEN_STEP:
        with database.writing(_SIGNING_IN) as unit:
            unit.execute(update(SignIn).where(SignIn.id == found.id).values(seen_at=now))
    return found


def sign_ins_of(database: Database, user_id: uuid.UUID) -> tuple[SignIn, ...]:
    """All of a user's browsers, the last used first."""
    asked = (
        select(SignIn)
        .where(SignIn.user_id == user_id, ~sign_in_is_over(datetime.now(UTC)))
        .order_by(SignIn.seen_at.desc())
    )
    with database.reading(_SIGNING_IN) as unit:
        return tuple(unit.scalars(asked))


def end_sign_ins(
    database: Database, user_id: uuid.UUID, *, only: uuid.UUID | None = None, but: uuid.UUID | None = None
) -> None:
    """Sign a user's browsers out: ``only`` one, all ``but`` one, or all."""
    with database.writing(_SIGNING_IN) as unit:
        going = delete(SignIn).where(SignIn.user_id == user_id)
        going = going if only is None else going.where(SignIn.id == only)
        unit.execute(going if but is None else going.where(SignIn.id != but))


def sign_in_is_over(now: datetime) -> Any:
    """The condition that a sign-in holds no longer."""
    return (SignIn.created_at <= now - SIGN_IN_LASTS) | (SignIn.seen_at <= now - UNUSED_LASTS)


# --- attempts that failed


def wait_before_trying(database: Database, limits: dict[str, int]) -> timedelta:
    """How long until somebody may try again; zero: now. ``limits``: failures allowed, by whom or whence it is tried."""
    now = datetime.now(UTC)
    with database.reading(_SIGNING_IN) as unit:
        waits = [_wait(unit, subject, limit, now) for subject, limit in limits.items()]
    return max(waits, default=timedelta(0))


def _wait(unit: Session, subject: str, limit: int, now: datetime) -> timedelta:
    since = now - FAILURES_COUNT_FOR
    # A clock that was set back must not lock anybody out until it has caught up.
    counted = (FailedSignIn.subject_sha256 == digest(subject)) & FailedSignIn.at.between(since, now)
    times = unit.scalars(select(FailedSignIn.at).where(counted).order_by(FailedSignIn.at.desc()).limit(limit)).all()
    return times[-1] + FAILURES_COUNT_FOR - now if len(times) >= limit else timedelta(0)


def note_failure(database: Database, subjects: Collection[str]) -> None:
    """Count an attempt that failed; those that count no longer go."""
    with database.writing(_SIGNING_IN) as unit:
        count_failure(unit, subjects)


def count_failure(unit: Session, subjects: Collection[str]) -> None:
    """As :func:`note_failure`, in a transaction that does something else too and sees all clubs."""
    now = datetime.now(UTC)
    unit.execute(delete(FailedSignIn).where(FailedSignIn.at < now - FAILURES_COUNT_FOR))
    unit.add_all(FailedSignIn(subject_sha256=digest(subject), at=now) for subject in subjects)


def forget_failures(database: Database, subjects: Collection[str]) -> None:
    """One that succeeded ends the count."""
    with database.writing(_SIGNING_IN) as unit:
        unit.execute(delete(FailedSignIn).where(FailedSignIn.subject_sha256.in_([digest(s) for s in subjects])))


# --- links that work once


def new_link(
    database: Database, purpose: str, lasts: timedelta, user_id: uuid.UUID | None = None, *, alone: bool = True
) -> str:
    """A new token; older ones for the same are void, unless it is not the only one (``alone``)."""
    token, now = new_token(), datetime.now(UTC)
    with database.writing(_SIGNING_IN) as unit:
        if alone:
            # `==` with None becomes IS NULL.
            unit.execute(delete(OneTimeLink).where(OneTimeLink.purpose == purpose, OneTimeLink.user_id == user_id))
        unit.add(OneTimeLink(purpose=purpose, user_id=user_id, token_sha256=digest(token), expires_at=now + lasts))
    return token


def open_link(database: Database, purpose: str, token: str) -> OneTimeLink | None:
    """The link of a token, if it can be used."""
    with database.reading(_SIGNING_IN) as unit:
        return unit.scalar(select(OneTimeLink).where(*_usable(purpose, token)))


def use_link(unit: Session, purpose: str, token: str) -> uuid.UUID | None:
    """Use it up, in the transaction of what it lets somebody do; gives its user.

    Raises
    ------
    LinkError
        It cannot be used, or somebody else was first.
    """
    taken = update(OneTimeLink).where(*_usable(purpose, token)).values(used_at=datetime.now(UTC))
    found = unit.execute(taken.returning(OneTimeLink.id, OneTimeLink.user_id)).one_or_none()
    if found is None:
        raise LinkError("this link was used already or is too old; ask for a new one")
    # Several servers may each have made one.
    others = (OneTimeLink.purpose == purpose) & (OneTimeLink.user_id == found.user_id) & OneTimeLink.used_at.is_(None)
    unit.execute(delete(OneTimeLink).where(others))
    return found.user_id


def use_password_link(database: Database, token: str, password_hash: str) -> uuid.UUID:
    """Set the password that a link was made for; every sign-in of the user ends.

    Raises
    ------
    LinkError
        As :func:`use_link`.
    """
    with database.writing(AllClubs("a new password")) as unit:
        user_id = use_link(unit, PASSWORD, token)
        user = unit.get_one(User, user_id)
        unit.execute(delete(SignIn).where(SignIn.user_id == user_id))
        user.password_hash, user.session_key = password_hash, uuid.uuid4().hex
        note_of_account(unit, user.id, "new_password", user.id)
        return user.id


def _usable(purpose: str, token: str) -> tuple[Any, ...]:
    return (
        OneTimeLink.token_sha256 == digest(token),
        OneTimeLink.purpose == purpose,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > datetime.now(UTC),
    )
