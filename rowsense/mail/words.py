"""What the mails say. Plain text, one link, nobody's measurements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_ROLES: Final = {"administrator": "an administrator", "coach": "a coach", "athlete": "a rower"}


@dataclass(frozen=True, slots=True)
class Words:
    """A mail without its address."""

    subject: str
    text: str

    def __post_init__(self) -> None:
        # A club's name may hold anything; a subject is one line.
        object.__setattr__(self, "subject", " ".join(self.subject.split())[:200])


def password_words(name: str, link: str, hours: int) -> Words:
    """A link for a new password."""
    text = f"""\
Hello {name},

somebody asked for a new password for this address. Choose it here; the link
works once, for {hours} hours:

{link}

If it was not you, do nothing: your password stays as it is.
"""
    return Words("RowSense: choose a new password", text)


def invitation_words(club: str, role: str, link: str, days: int) -> Words:
    """A link to join a club."""
    text = f"""\
Hello,

you are invited to {club} on RowSense, as {_ROLES[role]}. Join here; the link
works once, for {days} days:

{link}

If you do not know the club, do nothing.
"""
    return Words(f"RowSense: join {club}", text)


def note_words(name: str, club: str, count: int, address: str) -> Words:
    """That there are notes to be read. What they say is read where one signs in."""
    notes = "a new note" if count == 1 else f"{count} new notes"
    are, them = ("is", "it") if count == 1 else ("are", "them")
    text = f"""\
Hello {name},

there {are} {notes} for you in {club}. Read {them} here:

{address}/

The next mail about notes comes some hours from now at the earliest. If you
want none at all, switch it off under You:

{address}/account
"""
    return Words(f"RowSense: {notes} in {club}", text)


def trial_words() -> Words:
    """Whether mail arrives."""
    text = """\
Hello,

this is a trial, sent by somebody who keeps a RowSense server. Its mail arrives.
"""
    return Words("RowSense: mail works", text)
