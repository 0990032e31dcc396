"""The mails that wait in a store, sent one after the other by a thread beside the pages.

Nothing is lost when the server ends: what was not sent is tried again at the next start. Of several servers on one
store one sends, so that the limit of an hour is that of all; where two believe that it is they, none sends twice,
because each takes a mail for itself first.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from rowsense.errors import RowSenseError
from rowsense.mail.sending import MailError, UndeliverableError, send
from rowsense.mail.words import Words, invitation_words, note_words, password_words
from rowsense.server_settings import MailSettings
from rowsense.store.accounts import new_link
from rowsense.store.club_policies import policies_of, read_policies
from rowsense.store.database import Database
from rowsense.store.joining import INVITATION_LASTS
from rowsense.store.outbox import done_with, is_due, put_off, take_next, told_of_notes
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import Club, Invitation, Mail, Membership, User
from rowsense.store.tables.accounts import INVITATION, PASSWORD
from rowsense.store.tokens import digest, new_token
from rowsense.store.unread import unread
from rowsense.store.viewers import viewer_of
from rowsense.texts.measures import spoken
from rowsense.texts.texts import Texts

_log = logging.getLogger("rowsense.mailing")
#: A lost password is mailed at once, and read when somebody gets to it [D].
PASSWORD_LINK_LASTS: Final = timedelta(hours=4)
#: How often it is looked whether there is something to send [D]; one indexed question.
_LOOK_S: Final = 3.0
_HOUR: Final = timedelta(hours=1)
_MAILING: Final = AllClubs("whom a mail is for")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it goes out."""

    to: str
    words: Words


@dataclass
class Sender:
    """Sends what is due."""

    database: Database
    settings: MailSettings
    address: str
    """Where people reach the server, for the links."""
    _sent_at: deque[datetime] = field(default_factory=deque)

    def send_due(self, now: datetime | None = None) -> int:
        """Send all that is due, as far as the limit of an hour lets it; how many were sent."""
        now = now or datetime.now(UTC)
        count = 0
        while self._may_send(now) and is_due(self.database, now):
            mail = take_next(self.database, now)
            if mail is None:
                break
            count += self._send(mail, now)
        return count

    def _may_send(self, now: datetime) -> bool:
        while self._sent_at and self._sent_at[0] <= now - _HOUR:
            self._sent_at.popleft()
        return len(self._sent_at) < self.settings.most_per_hour

    def _send(self, mail: Mail, now: datetime) -> bool:
        letter = letter_of(self.database, mail, self.address)
        if letter is None:
            done_with(self.database, mail)
            return False
        try:
            self._sent_at.append(now)
            send(self.settings, letter.to, letter.words)
        except MailError as error:
            put_off(self.database, mail, str(error), now, for_good=isinstance(error, UndeliverableError))
            _log.warning("a mail (%s) was not sent: %s", mail.purpose, error)
            return False
        if mail.purpose not in (PASSWORD, INVITATION):
            told_of_notes(self.database, mail, now)
        done_with(self.database, mail)
        return True


def letter_of(database: Database, mail: Mail, address: str) -> Letter | None:
    """The mail with its address and a fresh link; None: there is nothing to say any more."""
    if mail.purpose == PASSWORD:
        return _password_letter(database, mail, address)
    return _invitation_letter(database, mail, address) if mail.purpose == INVITATION else _note_letter(
        database, mail, address
    )  # fmt: skip


@contextmanager
def mailing(sender: Sender, is_its_turn: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """Send as long as the block lasts, while it is this server's turn."""
    over = threading.Event()
    worker = threading.Thread(target=_work, args=(sender, is_its_turn, over), name="mail", daemon=True)
    worker.start()
    try:
        yield
    finally:
        over.set()
        # One that hangs at a mail server is left: its mail is tried again.
        worker.join(timeout=2.0)


def _work(sender: Sender, is_its_turn: Callable[[], bool], over: threading.Event) -> None:
    while not over.wait(_LOOK_S):
        try:
            if is_its_turn():
                sender.send_due()
        except (RowSenseError, SQLAlchemyError, OSError) as error:
            _log.warning("mail waits: %s", error)
        except Exception:
            _log.exception("mail waits")


def _password_letter(database: Database, mail: Mail, address: str) -> Letter | None:
    with database.reading(_MAILING) as unit:
        user = unit.get(User, mail.user_id)
    if user is None or not user.active:
        return None
    token = new_link(database, PASSWORD, PASSWORD_LINK_LASTS, user.id)
    hours = int(PASSWORD_LINK_LASTS / _HOUR)
    return Letter(
        user.email, password_words(user.name, f"{address}/new-password/{token}", hours, _texts(database, user))
    )


def _invitation_letter(database: Database, mail: Mail, address: str) -> Letter | None:
    token, now = new_token(), datetime.now(UTC)
    waiting = (Invitation.id == mail.invitation_id) & Invitation.accepted_at.is_(None) & (Invitation.expires_at > now)
    with database.writing(_MAILING) as unit:
        # The link of an earlier attempt is void: whether it arrived is not known.
        renewed = update(Invitation).where(waiting).values(token_sha256=digest(token)).returning(Invitation)
        row = unit.scalar(renewed)
        if row is None:
            return None
        club = unit.scalar(select(Club.name).where(Club.id == row.club_id)) or ""
        t = spoken(policies_of(unit, ClubScope(row.club_id)).language)
        words = invitation_words(club, row.role, f"{address}/join/{token}", INVITATION_LASTS.days, t)
        return Letter(row.email, words)


def _note_letter(database: Database, mail: Mail, address: str) -> Letter | None:
    with database.reading(_MAILING) as unit:
        user, club = unit.get(User, mail.user_id), unit.get(Club, mail.club_id)
    if user is None or club is None or user.mail_off_since is not None or not user.active:
        return None
    viewer = viewer_of(database, user.id, club.id)
    # What is withheld from her, a junior's without consent, is not counted.
    count = sum(unread(database, viewer).values()) if viewer is not None else 0
    return (
        Letter(user.email, note_words(user.name, club.name, count, address, _texts(database, user))) if count else None
    )


def _texts(database: Database, user: User) -> Texts:
    """As she chose; else as the club that she has been in longest."""
    if user.language:
        return spoken(user.language)
    with database.reading(_MAILING) as unit:
        club_id = unit.scalar(
            select(Membership.club_id).where(Membership.user_id == user.id).order_by(Membership.created_at).limit(1)
        )
    return spoken(read_policies(database, ClubScope(club_id)).language if club_id is not None else "")
