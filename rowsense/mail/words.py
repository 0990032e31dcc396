"""What the mails say. Plain text, one link, nobody's measurements; in the language of who reads them."""

from __future__ import annotations

from dataclasses import dataclass

from rowsense.texts.measures import ENGLISH
from rowsense.texts.texts import Texts


@dataclass(frozen=True, slots=True)
class Words:
    """A mail without its address."""

    subject: str
    text: str

    def __post_init__(self) -> None:
        # A club's name may hold anything; a subject is one line.
        object.__setattr__(self, "subject", " ".join(self.subject.split())[:200])


def password_words(name: str, link: str, hours: int, t: Texts = ENGLISH) -> Words:
    """A link for a new password."""
    return Words(t("mail.password.subject"), t("mail.password.text", name=name, link=link, hours=hours))


def invitation_words(club: str, role: str, link: str, days: int, t: Texts = ENGLISH) -> Words:
    """A link to join a club; ``role``: one of ``rowsense.store.tables.ROLES``."""
    text = t(f"mail.invitation.text.{role}", club=club, link=link, days=days)
    return Words(t("mail.invitation.subject", club=club), text)


def note_words(name: str, club: str, count: int, address: str, t: Texts = ENGLISH) -> Words:
    """That there are notes to be read. What they say is read where one signs in."""
    text = t("mail.note.text", n=count, name=name, club=club, address=address)
    return Words(t("mail.note.subject", n=count, club=club), text)


def trial_words(t: Texts = ENGLISH) -> Words:
    """Whether mail arrives."""
    return Words(t("mail.trial.subject"), t("mail.trial.text"))
