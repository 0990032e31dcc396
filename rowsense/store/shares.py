"""Links with which somebody without an account sees one session: made, listed, taken back, opened.

A link can do no more than who made it: where she may not share the session any more, because she left the club or a
guardian's consent was withdrawn, it is over. Every link that cannot be used is the same to whoever opens it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.access import Action, Viewer, may
from rowsense.store.claims import ClubStore, clear
from rowsense.store.club_policies import hidden_rowers
from rowsense.store.club_settings import EVERYBODYS, JUNIORS, Privacy, kept_privacy
from rowsense.store.database import Database
from rowsense.store.juniors import is_junior
from rowsense.store.link_ends import LISTED_AFTER, end_those
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.shown import shown_analysis
from rowsense.store.tables import (
    COACH,
    Athlete,
    AuditEntry,
    Club,
    Membership,
    ShareLink,
    SquadCoach,
    TrainingSession,
    User,
)
from rowsense.store.tables.privacy import CLIP, SHARED_FILMS
from rowsense.store.tokens import digest, new_token
from rowsense.store.viewers import things_of

#: Links that hold, of one session [D]: a coach, a physiotherapist and a family, several times over.
MOST_LINKS: Final = 20
_LABEL_LETTERS: Final = 100
_OPENING: Final = AllClubs("somebody without an account opens a link")


@dataclass(frozen=True, slots=True)
class NewLink:
    """What somebody wants to share."""

    days: int
    label: str = ""
    """For whom."""
    named: bool = False
    face_blurred: bool = True
    surroundings_blurred: bool = True
    film: str = CLIP
    """One of ``SHARED_FILMS``."""

    def __post_init__(self) -> None:
        if self.film not in SHARED_FILMS:
            raise StoreError("say how much of the film is in it")


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link, for those who may share the session. The secret in it is kept by nobody."""

    id: uuid.UUID
    label: str
    by: str
    """Who made it; empty: an account that is gone."""
    by_rower: uuid.UUID | None
    """Who that is, where the club hides her name from who looks: she stands there as her number."""
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    holds: bool
    barred: bool
    """It shows a face that the club's rule blurs now."""
    ready: bool
    """What it shows is made."""
    opened_count: int
    last_opened_at: datetime | None
    named: bool
    face_blurred: bool
    surroundings_blurred: bool
    film: str


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What whoever has a link may see."""

    id: uuid.UUID
    club: str
    ends_at: datetime
    file_prefix: str | None
    """None: it is still being made."""
    face_blurred: bool


def add_link(unit: Session, viewer: Viewer, session_id: uuid.UUID, new: NewLink) -> tuple[ShareLink, str]:
    """A link, in the transaction that also asks for its files to be made; gives the row and the secret.

    Raises
    ------
    StoreError
        The club does not share for so long, there are too many, or there is no such session that ``viewer`` may share.
    """
    scope, now = ClubScope(viewer.club_id), datetime.now(UTC)
    privacy = kept_privacy(unit, scope).privacy
    if not privacy.share_days:
        raise StoreError("your club shares nothing by links; an administrator can change that in the settings")
    if new.days not in privacy.share_days:
        longest = privacy.share_days[-1]
        days = "1 day" if longest == 1 else f"{longest} days"
        raise StoreError(f"links of your club last {days} at most")
    session = unit.get(TrainingSession, session_id)
    if session is None or not _may_share(unit, viewer, session):
        raise StoreError("this session is not yours to share")
    analysis = shown_analysis(unit, session_id)
    if analysis is None:
        raise StoreError("the session is not analysed yet, so there is nothing to share")
    holding = select(ShareLink).where(ShareLink.session_id == session_id, *_holds(now))
    if not new.face_blurred and blurs_face(unit, privacy, session):
        raise StoreError("your club blurs this rower's face in whatever is shared; leave that ticked")
    if len(unit.scalars(holding).all()) >= MOST_LINKS:
        raise StoreError(f"there are {MOST_LINKS} links to this session; take some back first")
    token = new_token()
    link = ShareLink(
        session_id=session_id,
        analysis_id=analysis.id,
        created_by_user_id=viewer.user_id,
        label=" ".join(new.label.split())[:_LABEL_LETTERS],
        token_sha256=digest(token),
        created_at=now,
        expires_at=now + timedelta(days=new.days),
        named=new.named,
        face_blurred=new.face_blurred,
        surroundings_blurred=new.surroundings_blurred,
        film=new.film,
    )
    unit.add(link)
    unit.flush()
    unit.add(_note("share", viewer.user_id, session_id, days=new.days, blurred=new.face_blurred))
    return link, token


def links_of(database: Database, viewer: Viewer, session_id: uuid.UUID) -> tuple[ListedLink, ...]:
    """The links to a session, the newest first, also those that ended lately; for who may share it."""
    now = datetime.now(UTC)
    with database.reading(ClubScope(viewer.club_id)) as unit:
        privacy, session = kept_privacy(unit, ClubScope(viewer.club_id)).privacy, unit.get(TrainingSession, session_id)
        most = timedelta(days=privacy.share_most_days)
        must = session is not None and blurs_face(unit, privacy, session)
        asked = select(ShareLink).where(ShareLink.session_id == session_id, ShareLink.expires_at > now - LISTED_AFTER)
        rows = unit.scalars(asked.order_by(ShareLink.created_at.desc())).all()
        names = _names(unit, rows)
        rowers = hidden_rowers(unit, viewer, [key for key in names if key is not None])
        return tuple(
            ListedLink(
                id=row.id,
                label=row.label,
                by=names.get(row.created_by_user_id, ""),
                by_rower=rowers.get(row.created_by_user_id) if row.created_by_user_id else None,
                made_at=row.created_at,
                ends_at=min(row.expires_at, row.created_at + most),
                revoked_at=row.revoked_at,
                holds=(
                    row.revoked_at is None
                    and min(row.expires_at, row.created_at + most) > now
                    and (row.face_blurred or not must)
                ),
                barred=must and not row.face_blurred,
                ready=row.file_prefix is not None,
                opened_count=row.opened_count,
                last_opened_at=row.last_opened_at,
                named=row.named,
                face_blurred=row.face_blurred,
                surroundings_blurred=row.surroundings_blurred,
                film=row.film,
            )
            for row in rows
        )


def revoke(store: ClubStore, viewer: Viewer, session_id: uuid.UUID, link_id: uuid.UUID) -> None:
    """Take a link back: from now on it opens nothing, and what was made for it goes.

    Raises
    ------
    StoreError
        The session has no such link that ``viewer`` may take back.
    OutputError
        It is taken back; some files are left for the next sweep.
    """
    with store.database.writing(ClubScope(viewer.club_id)) as unit:
        session = unit.get(TrainingSession, session_id)
        this = (ShareLink.id == link_id) & (ShareLink.session_id == session_id)
        there = unit.scalar(select(ShareLink.id).where(this))
        if session is None or there is None or not _may_share(unit, viewer, session):
            raise StoreError("this session has no such link")
        prefixes = end_those(unit, this, revoked_at=datetime.now(UTC))
        unit.add(_note("unshare", viewer.user_id, session_id))
    clear(store, prefixes)


def opened(database: Database, token: str, *, count: bool = False) -> OpenedLink | None:
    """What a link shows; None: there is none of this secret, or it holds no longer.

    ``count``: that it was opened, once there is something to see; the files of a page are asked for one by one and
    count as nothing.
    """
    now = datetime.now(UTC)
    with database.reading(_OPENING) as unit:
        link = unit.scalar(select(ShareLink).where(ShareLink.token_sha256 == digest(token), *_holds(now)))
        found = None if link is None else _usable(unit, link, now)
    if found is not None and found.file_prefix is not None and count:
        with database.writing(_OPENING) as unit:
            counting = update(ShareLink).where(ShareLink.id == found.id)
            unit.execute(counting.values(opened_count=ShareLink.opened_count + 1, last_opened_at=now))
    return found


def blurs_face(unit: Session, privacy: Privacy, session: TrainingSession) -> bool:
    """Whether the club's rule blurs the face of her whose session it is."""
    if privacy.faces != JUNIORS:
        return privacy.faces == EVERYBODYS
    return is_junior(unit.get_one(Athlete, session.athlete_id).birth_year, datetime.now(UTC).date())


def must_blur(database: Database, viewer: Viewer, session_id: uuid.UUID) -> bool:
    """As :func:`blurs_face`, for the form; a session that is not there needs nothing."""
    scope = ClubScope(viewer.club_id)
    with database.reading(scope) as unit:
        session = unit.get(TrainingSession, session_id)
        return session is not None and blurs_face(unit, kept_privacy(unit, scope).privacy, session)


def made_for(database: Database, viewer: Viewer, session_id: uuid.UUID, link_id: uuid.UUID) -> str | None:
    """The folder of what a link shows, for those who may share the session; None: not theirs, not made, or over."""
    now = datetime.now(UTC)
    with database.reading(ClubScope(viewer.club_id)) as unit:
        this = select(ShareLink).where(ShareLink.id == link_id, ShareLink.session_id == session_id, *_holds(now))
        link, session = unit.scalar(this), unit.get(TrainingSession, session_id)
        if link is None or session is None or not _may_share(unit, viewer, session):
            return None
        found = _usable(unit, link, now)
        return None if found is None else found.file_prefix


def _usable(unit: Session, link: ShareLink, now: datetime) -> OpenedLink | None:
    privacy = kept_privacy(unit, ClubScope(link.club_id)).privacy
    ends_at = min(link.expires_at, link.created_at + timedelta(days=privacy.share_most_days))
    session, maker = unit.get_one(TrainingSession, link.session_id), _maker(unit, link)
    if ends_at <= now or maker is None or not _may_share(unit, maker, session):
        return None
    if not link.face_blurred and blurs_face(unit, privacy, session):
        return None
    club = unit.get_one(Club, link.club_id).name
    return OpenedLink(link.id, club, ends_at, link.file_prefix, link.face_blurred)


def _maker(unit: Session, link: ShareLink) -> Viewer | None:
    """Who made a link, as she is in its club now; None: she is not in it any more."""
    at = (Membership.user_id == link.created_by_user_id) & (Membership.club_id == link.club_id)
    member = unit.scalar(select(Membership).where(at)) if link.created_by_user_id is not None else None
    if member is None or member.suspended_at is not None:
        return None
    hers = select(SquadCoach.squad_id).where(
        SquadCoach.user_id == member.user_id, SquadCoach.club_id == member.club_id
    )  # fmt: skip
    squads = frozenset(unit.scalars(hers)) if member.role == COACH else frozenset()
    return Viewer(member.user_id, member.club_id, member.role, squads, member.athlete_id)


def _may_share(unit: Session, viewer: Viewer, session: TrainingSession) -> bool:
    return may(viewer, Action.SHARE, things_of(unit, {session.athlete_id})[1][session.athlete_id])


def _holds(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return ShareLink.revoked_at.is_(None), ShareLink.expires_at > now


def _names(unit: Session, rows: Sequence[ShareLink]) -> dict[uuid.UUID | None, str]:
    keys = {row.created_by_user_id for row in rows}
    return {user.id: user.name for user in unit.scalars(select(User).where(User.id.in_(keys)))}


def _note(action: str, by: uuid.UUID, session_id: uuid.UUID, **details: int) -> AuditEntry:
    note = AuditEntry(actor_user_id=by, action=action, subject_kind="sessions", subject_id=session_id)
    note.details = dict(details)
    return note
