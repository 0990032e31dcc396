"""How long a session and its film are kept, and how a link stands, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from dashboards.texts.reader import moment
from dashboards.texts.refusals import refusal
from rowsense.store.keeping import Keeping
from rowsense.store.shares import ListedLink
from rowsense.store.tables.jobs import CANCELLED, FAILED, PARKED, Job
from rowsense.store.tables.privacy import CLIP, NO_FILM, WHOLE_FILM
from rowsense.texts.texts import Texts


@dataclass(frozen=True, slots=True)
class LinkState:
    """How a link stands."""

    words: str
    making: bool = False
    """It will be another state soon."""
    grave: bool = False
    """Something went wrong."""


_FILMS: Final = {NO_FILM: "none", CLIP: "clip", WHOLE_FILM: "whole"}


def kept_lines(t: Texts, keeping: Keeping) -> tuple[str, ...]:
    """What a reader of the session has to know; nothing where everything stays."""
    if keeping.held_at is not None:
        return (t("sharing.kept.held"),)
    lines = []
    if not keeping.film_kept:
        lines.append(t("sharing.kept.no_film"))
    elif keeping.film_ends is not None:
        lines.append(t("sharing.kept.film_until", day=t.day(keeping.film_ends)))
    if keeping.session_ends is not None:
        lines.append(t("sharing.kept.session_until", day=t.day(keeping.session_ends)))
    return tuple(lines)


def link_state(t: Texts, link: ListedLink, job: Job | None) -> LinkState:
    """In words; ``job``: the one that makes what it shows."""
    if link.revoked_at is not None:
        return LinkState(t("sharing.state.taken_back", day=t.day(link.revoked_at)))
    if link.barred and link.ends_at > datetime.now(UTC):
        return LinkState(t("sharing.state.barred"))
    if not link.holds:
        return LinkState(t("sharing.state.ended", day=t.day(link.ends_at)))
    if link.ready:
        return LinkState(t("sharing.state.until", moment=moment(link.ends_at)))
    if job is None or job.state in (FAILED, PARKED, CANCELLED):
        why = job.error if job is not None else ""
        words = t("sharing.state.not_made_why", why=refusal(t, why)) if why else t("sharing.state.not_made")
        return LinkState(words, grave=True)
    if not job.total:
        return LinkState(t("sharing.state.making"), making=True)
    share = f"{100 * job.done / job.total:.0f}"
    return LinkState(t("sharing.state.making_share", share=share), making=True)


def opened_words(t: Texts, link: ListedLink) -> str:
    """How often it was opened."""
    if link.last_opened_at is None:
        return t("sharing.opened.never")
    return t("sharing.opened.times", n=link.opened_count, moment=moment(link.last_opened_at))


def shown_words(t: Texts, link: ListedLink) -> str:
    """What can be seen in it."""
    said = [_FILMS[link.film], "named" if link.named else "nameless"]
    said.append("face_blurred" if link.face_blurred else "face_seen")
    if link.surroundings_blurred:
        said.append("surroundings")
    return ", ".join(t(f"sharing.shown.{one}") for one in said)
