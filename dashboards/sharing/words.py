"""How long a session and its film are kept, and how a link stands, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rowsense.store.keeping import Keeping
from rowsense.store.shares import ListedLink
from rowsense.store.tables.jobs import CANCELLED, FAILED, PARKED, Job
from rowsense.store.tables.privacy import CLIP, NO_FILM, WHOLE_FILM


@dataclass(frozen=True, slots=True)
class LinkState:
    """How a link stands."""

    words: str
    making: bool = False
    """It will be another state soon."""
    grave: bool = False
    """Something went wrong."""


_FILMS: Final = {NO_FILM: "no film", CLIP: "20 seconds of film", WHOLE_FILM: "the whole film"}
_NOT_MADE: Final = "What it would show could not be made"


def kept_lines(keeping: Keeping) -> tuple[str, ...]:
    """What a reader of the session has to know; nothing where everything stays."""
    if keeping.held_at is not None:
        return ("This session is kept in any case, with its film if that is there.",)
    lines = []
    if not keeping.film_kept:
        lines.append(
            "The film as it was filmed is not kept. You see the one with the measurement drawn in; the session cannot "
            "be analysed again."
        )
    elif keeping.film_ends is not None:
        lines.append(f"The film as it was filmed is kept until {day(keeping.film_ends)}, the drawn one stays.")
    if keeping.session_ends is not None:
        lines.append(f"This session is kept until {day(keeping.session_ends)}, then all of it is deleted.")
    return tuple(lines)


def link_state(link: ListedLink, job: Job | None) -> LinkState:
    """In words; ``job``: the one that makes what it shows."""
    if link.revoked_at is not None:
        return LinkState(f"Taken back on {day(link.revoked_at)}")
    if not link.holds:
        return LinkState(f"Ended on {day(link.ends_at)}")
    if link.ready:
        return LinkState(f"Until {moment(link.ends_at)}")
    if job is None or job.state in (FAILED, PARKED, CANCELLED):
        why = job.error if job is not None else ""
        return LinkState(f"{_NOT_MADE}{f': {why}' if why else ''}. Take it back.", grave=True)
    share = f", {100 * job.done / job.total:.0f} % done" if job.total else ""
    return LinkState(f"Being made{share}; the link can be sent already", making=True)


def opened_words(link: ListedLink) -> str:
    """How often it was opened."""
    if link.last_opened_at is None:
        return "not opened yet"
    times = "once" if link.opened_count == 1 else f"{link.opened_count} times"
    return f"opened {times}, last on {moment(link.last_opened_at)}"


def shown_words(link: ListedLink) -> str:
    """What can be seen in it."""
    said = [_FILMS[link.film], "with her name" if link.named else "without her name"]
    said.append("face blurred" if link.face_blurred else "face to be seen")
    if link.surroundings_blurred:
        said.append("surroundings blurred")
    return ", ".join(said)


def day(at: datetime) -> str:
    """For people."""
    return f"{at:%d %b %Y}"


def moment(at: datetime) -> str:
    """For people."""
    return f"{at:%d %b %Y, %H:%M} UTC"
