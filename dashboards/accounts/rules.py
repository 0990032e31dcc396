"""What a request does with what: the words in which the gate's tables are written."""

from __future__ import annotations

from dataclasses import dataclass

from rowsense.store.access import Action, Kind


@dataclass(frozen=True, slots=True)
class Rule:
    """What a request does with what."""

    kind: Kind
    action: Action = Action.SEE
    measured: bool = False
    """Shows what was measured in a session: not to its rower before she has said what she felt."""
    at_no_club: bool = False
    """Also for who is signed in and has yet to choose among her clubs."""
    signing_in: bool = False
    """For who is about to sign in; who is signed in has been here already."""
    scopes: tuple[str, ...] = ()
    """For programs: their token has to have one of these."""
