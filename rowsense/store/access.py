"""Who may do what: one pure function. Whatever it does not allow is refused."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from rowsense.store.tables import ADMINISTRATOR, ATHLETE, COACH, ROLES


class Action(StrEnum):
    """What somebody wants to do with a thing."""

    SEE = "see"
    CHANGE = "change"
    ADD = "add"
    """A new one of this kind, of the same athlete."""
    ANSWER = "answer"
    """Say something to what is pinned to a session."""
    PIN = "pin"
    """Pin something to a session."""
    FEEL = "feel"
    """Say what one felt while rowing."""
    SHARE = "share"
    """Give out a link with which somebody without an account sees it, and take it back."""


class Kind(StrEnum):
    """What things there are."""

    OPEN = "open"
    """What everybody may see: the page to sign in, the state of health."""
    SHELL = "shell"
    """The pages without what is in them: for those who are signed in."""
    SESSION = "session"
    """A rowed session with its films, tables and pictures."""
    SQUADS = "squads"
    """Rowers side by side: for those who coach, each of whom sees her own squads there."""
    CLUB = "club"
    """People, squads, invitations and consents of a club."""
    CATALOGUE = "catalogue"
    """Which faults a club looks for, and by which limits."""
    ACCOUNT = "account"
    """A user's own password and sign-ins."""
    UPLOAD = "upload"
    """A film on its way in; only its sender's until it is a session."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who is signed in, as a member of one club. Nobody is signed in: None."""

    user_id: uuid.UUID
    club_id: uuid.UUID
    role: str
    squads: frozenset[uuid.UUID] = frozenset()
    """Those that a coach looks after."""
    athlete_id: uuid.UUID | None = None
    """Whom an athlete's account is."""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"{self.role!r} is none of {', '.join(ROLES)}")
        if (self.role == ATHLETE) != (self.athlete_id is not None):
            raise ValueError("an athlete's account, and no other, names an athlete")


@dataclass(frozen=True, slots=True)
class Thing:
    """What is to be seen or changed, and whose it is."""

    kind: Kind
    club_id: uuid.UUID | None = None
    user_id: uuid.UUID | None = None
    athlete_id: uuid.UUID | None = None
    squads: frozenset[uuid.UUID] = frozenset()
    """Those that the athlete is in."""
    withheld: bool = False
    """A junior's without a guardian's consent: nobody sees it."""


OPEN = Thing(Kind.OPEN)
SHELL = Thing(Kind.SHELL)


def may(viewer: Viewer | None, action: Action, thing: Thing) -> bool:
    """Whether ``viewer`` may do this."""
    if thing.kind is Kind.OPEN:
        return action is Action.SEE
    if viewer is None:
        return False
    if thing.kind is Kind.SHELL:
        return action is Action.SEE
    if thing.kind is Kind.ACCOUNT:
        return thing.user_id == viewer.user_id
    if thing.club_id != viewer.club_id:
        return False
    if thing.kind is Kind.CLUB:
        return viewer.role == ADMINISTRATOR
    if thing.kind is Kind.SQUADS:
        return action is Action.SEE and viewer.role in (ADMINISTRATOR, COACH)
    if thing.kind is Kind.CATALOGUE:
        return viewer.role == ADMINISTRATOR or (action is Action.SEE and viewer.role == COACH)
    if thing.kind is Kind.UPLOAD:
        return thing.user_id == viewer.user_id
    return thing.kind is Kind.SESSION and _may_session(viewer, action, thing)


#: What a rower may do with a session of hers.
_HER_OWN = frozenset({Action.SEE, Action.ADD, Action.ANSWER, Action.FEEL, Action.SHARE})


def _may_session(viewer: Viewer, action: Action, thing: Thing) -> bool:
    if thing.withheld:
        return False
    if viewer.role == ATHLETE:
        return action in _HER_OWN and viewer.athlete_id == thing.athlete_id
    if action is Action.FEEL:
        return False
    return viewer.role == ADMINISTRATOR or (viewer.role == COACH and not viewer.squads.isdisjoint(thing.squads))
