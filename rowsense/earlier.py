"""A session held against the rower's earlier ones: read them, keep those that are hers, compare."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rowsense.assess.catalogue import load_catalogue
from rowsense.assess.own_history import own_history
from rowsense.errors import UsageError
from rowsense.model import Session
from rowsense.store.calibrations import same_athlete
from rowsense.store.past_sessions import read_past_session, session_folders


def check_earlier(places: tuple[Path, ...], athlete: str) -> None:
    """Refuse, before any video is looked at, earlier sessions that cannot be used.

    Raises
    ------
    UsageError
        There is no session, or it is not said whose film this is.
    """
    if not athlete.strip():
        raise UsageError("earlier sessions are of one rower: say whose film this is with --athlete NAME")
    session_folders(places)


def with_history(session: Session, places: tuple[Path, ...]) -> Session:
    """The session with what its rower's earlier ones say about it.

    Raises
    ------
    UsageError
        As :func:`check_earlier`.
    OutputError
        An earlier session is damaged.
    """
    check_earlier(places, session.athlete)
    found = [read_past_session(folder) for folder in session_folders(places)]
    hers = [past for past in found if same_athlete(past.athlete, session.athlete)]
    history = own_history(session, hers, load_catalogue())
    foreign = tuple(
        f"{past.name}: {_whose(past.athlete)}" for past in found if not same_athlete(past.athlete, session.athlete)
    )
    return replace(session, history=replace(history, left_out=history.left_out + foreign))


def _whose(athlete: str) -> str:
    return f"of another rower ({athlete})" if athlete else "it is not known whose it is"
