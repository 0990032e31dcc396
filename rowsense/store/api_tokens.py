"""Tokens with which programs act in somebody's name: made, recognised, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs
from rowsense.store.tables import ApiToken, AuditEntry, User
from rowsense.store.tables.api_tokens import SCOPES
from rowsense.store.tokens import digest, new_token

#: What every token begins with, so that one in a text that it should not be in is noticed.
MARK: Final = "rowsense_"
#: Days for which a token may hold [D]: a month to try, a training block, a season.
LIFETIMES_DAYS: Final = (30, 90, 365)
#: That one person may have [D].
MOST: Final = 50
#: How exactly the last use is known; writing it at every request would cost more than it tells [D].
_SEEN_STEP: Final = timedelta(minutes=10)
_SIGNING_IN: Final = AllClubs("tokens are looked up before it is known of which club they are")


@dataclass(frozen=True, slots=True)
class KnownToken:
    """A token that holds."""

    id: uuid.UUID
    user_id: uuid.UUID
    club_id: uuid.UUID
    name: str
    scopes: frozenset[str]
    expires_at: datetime


def make_token(
    database: Database, club_id: uuid.UUID, user_id: uuid.UUID, name: str, scopes: Collection[str], days: int
) -> str:
    """A new token of a member; only now can it be read.

    Raises
    ------
    StoreError
        With what has to be mended.
    """
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    problems = []
    if not name or len(name) > 80:
        problems.append("give it a name of up to 80 letters, by which you will know it")
    if not scopes or not set(scopes) <= set(SCOPES):
        problems.append("say what it may do")
    if days not in LIFETIMES_DAYS:
        problems.append("say how long it holds")
    if problems:
        raise StoreError("; ".join(problems))
    token, now = f"{MARK}{new_token()}", datetime.now(UTC)
    with database.writing(_SIGNING_IN) as unit:
        count = unit.scalar(select(func.count()).select_from(ApiToken).where(ApiToken.user_id == user_id))
        if int(count or 0) >= MOST:
            raise StoreError(f"you have {MOST} tokens, which is the most; take back those that nothing uses")
        key = uuid.uuid4()
        unit.add(_noted("token", club_id, user_id, key))
        unit.add(
            ApiToken(
                id=key,
                club_id=club_id,
                user_id=user_id,
                name=name,
                token_sha256=digest(token),
                scopes=" ".join(scope for scope in SCOPES if scope in scopes),
                created_at=now,
                expires_at=now + timedelta(days=days),
            )
        )
    return token


def token_of(database: Database, token: str) -> KnownToken | None:
    """What a token stands for; None: nothing, any more or ever."""
    if not token.startswith(MARK) or len(token) > 200:
        return None
    now = datetime.now(UTC)
    with database.reading(_SIGNING_IN) as unit:
        holds = (ApiToken.token_sha256 == digest(token)) & (ApiToken.expires_at > now) & User.active.is_(True)
        found = unit.scalar(select(ApiToken).join(User, User.id == ApiToken.user_id).where(holds))
    if found is None:
        return None
    if found.seen_at is None or abs(now - found.seen_at) > _SEEN_STEP:
        with database.writing(_SIGNING_IN) as unit:
            unit.execute(update(ApiToken).where(ApiToken.id == found.id).values(seen_at=now))
    scopes = frozenset(found.scopes.split())
    return KnownToken(found.id, found.user_id, found.club_id, found.name, scopes, found.expires_at)


def tokens_of(database: Database, club_id: uuid.UUID, user_id: uuid.UUID) -> tuple[ApiToken, ...]:
    """All of a member's, the newest first, those that hold no more too: they can be taken away."""
    hers = select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.club_id == club_id)
    with database.reading(_SIGNING_IN) as unit:
        return tuple(unit.scalars(hers.order_by(ApiToken.created_at.desc(), ApiToken.id)))


def end_token(database: Database, user_id: uuid.UUID, key: uuid.UUID) -> None:
    """Take one back; nothing happens where the user has none of this key."""
    with database.writing(_SIGNING_IN) as unit:
        gone = delete(ApiToken).where(ApiToken.id == key, ApiToken.user_id == user_id).returning(ApiToken.club_id)
        club_id = unit.scalar(gone)
        if club_id is not None:
            unit.add(_noted("end_token", club_id, user_id, key))


def _noted(action: str, club_id: uuid.UUID, user_id: uuid.UUID, key: uuid.UUID) -> AuditEntry:
    kind = ApiToken.__tablename__
    return AuditEntry(club_id=club_id, actor_user_id=user_id, action=action, subject_kind=kind, subject_id=key)
