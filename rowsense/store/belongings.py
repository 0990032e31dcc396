"""What in a store is about one athlete: which rows of which table, and which folders of files.

Every table is in :data:`HERS` or in :data:`NOBODYS`; a test fails for a new one until somebody has decided. What is
exported and what is deleted follow from here, so that the two cannot differ.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.database import Database
from rowsense.store.files import prefix_of
from rowsense.store.members import TAKEN_OUT
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import (
    Analysis,
    AnalysisQuantity,
    ApiToken,
    Athlete,
    AuditEntry,
    Base,
    Club,
    Comment,
    CommentRead,
    Consent,
    FeltAnswer,
    Invitation,
    Job,
    JobPart,
    Mail,
    Membership,
    MonitorFile,
    OneTimeLink,
    RecoveryCode,
    ReferenceStroke,
    SecondStep,
    SessionTag,
    ShareLink,
    SignIn,
    SquadAthlete,
    StoredCalibration,
    StrokeRow,
    TrainingSession,
    Upload,
    User,
    Video,
)

#: Tables in which nothing is about one athlete. Failed sign-ins are digests that go within a day; who coaches or was
#: invited with a squad is no athlete there.
NOBODYS: Final = frozenset(
    {
        "clubs", "club_settings", "squads", "tags", "file_claims", "failed_sign_ins", "squad_coaches",
        "invitation_squads", "catalogue_versions", "folder_sizes", "paces", "runner_states", "seen_times",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keys:
    """What leads to an athlete's rows."""

    club_id: uuid.UUID
    athlete_id: uuid.UUID
    user_ids: frozenset[uuid.UUID]
    """Of her account in this club, if she has one; also where it was taken out of the club since."""
    other_club: bool
    """Whether that account is in another club too."""
    sessions: frozenset[uuid.UUID]
    analyses: frozenset[uuid.UUID]

    @property
    def subjects(self) -> frozenset[uuid.UUID]:
        """Whatever of hers a note may be about."""
        return frozenset({self.athlete_id}) | self.user_ids | self.sessions | self.analyses


_Condition = Callable[[Keys], ColumnElement[bool]]


def _of_session(table: Any) -> _Condition:
    return lambda keys: table.session_id.in_(keys.sessions)


def _of_analysis(table: Any) -> _Condition:
    return lambda keys: table.analysis_id.in_(keys.analyses)


def _of_athlete(table: Any) -> _Condition:
    return lambda keys: table.athlete_id == keys.athlete_id


def _of_user(table: Any) -> _Condition:
    return lambda keys: table.user_id.in_(keys.user_ids)


#: Table -> which of its rows are hers; those that refer to others come first.
HERS: Final[Mapping[type[Base], _Condition]] = {
    StrokeRow: _of_analysis(StrokeRow),
    AnalysisQuantity: _of_analysis(AnalysisQuantity),
    ShareLink: _of_session(ShareLink),
    Analysis: _of_session(Analysis),
    MonitorFile: _of_session(MonitorFile),
    Video: _of_session(Video),
    SessionTag: _of_session(SessionTag),
    FeltAnswer: _of_session(FeltAnswer),
    ReferenceStroke: _of_session(ReferenceStroke),
    CommentRead: lambda keys: (
        (CommentRead.club_id == keys.club_id)
        & or_(CommentRead.session_id.in_(keys.sessions), CommentRead.user_id.in_(keys.user_ids))
    ),
    Upload: lambda keys: (
        (Upload.club_id == keys.club_id)
        & or_(
            Upload.session_id.in_(keys.sessions),
            Upload.user_id.in_(keys.user_ids),
            Upload.claim["athlete_id"].as_string() == str(keys.athlete_id),
        )
    ),
    Comment: lambda keys: (
        (Comment.club_id == keys.club_id)
        & or_(Comment.session_id.in_(keys.sessions), Comment.author_user_id.in_(keys.user_ids))
    ),
    JobPart: lambda keys: JobPart.job_id.in_(select(Job.id).where(Job.athlete_id == keys.athlete_id)),
    Job: _of_athlete(Job),
    TrainingSession: _of_athlete(TrainingSession),
    StoredCalibration: _of_athlete(StoredCalibration),
    Consent: _of_athlete(Consent),
    # To her account, or an invitation to have one.
    Mail: lambda keys: or_(
        Mail.user_id.in_(keys.user_ids),
        Mail.invitation_id.in_(select(Invitation.id).where(Invitation.athlete_id == keys.athlete_id)),
    ),
    Invitation: _of_athlete(Invitation),
    SquadAthlete: _of_athlete(SquadAthlete),
    # They go with the membership; those of another club stay with the account.
    ApiToken: lambda keys: (ApiToken.club_id == keys.club_id) & ApiToken.user_id.in_(keys.user_ids),
    Membership: _of_athlete(Membership),
    Athlete: lambda keys: Athlete.id == keys.athlete_id,
    SignIn: _of_user(SignIn),
    OneTimeLink: _of_user(OneTimeLink),
    SecondStep: _of_user(SecondStep),
    RecoveryCode: _of_user(RecoveryCode),
    User: lambda keys: User.id.in_(keys.user_ids),
    AuditEntry: lambda keys: (
        (AuditEntry.club_id == keys.club_id)
        & or_(AuditEntry.subject_id.in_(keys.subjects), AuditEntry.actor_user_id.in_(keys.user_ids))
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """An athlete of some club."""

    scope: ClubScope
    athlete_id: uuid.UUID
    name: str


def keys_of(unit: Session, scope: ClubScope, athlete_id: uuid.UUID) -> Keys:
    """Look up what leads to her rows; ``unit`` sees all clubs.

    Raises
    ------
    StoreError
        The club has no such athlete.
    """
    club_id = scope.club_id
    here = select(Athlete.id).where(Athlete.id == athlete_id, Athlete.club_id == club_id)
    if unit.scalar(here) is None:
        raise StoreError("there is no such athlete in this club")
    users = accounts_of(unit, club_id, athlete_id)
    elsewhere = select(func.count()).select_from(Membership)
    elsewhere = elsewhere.where(Membership.user_id.in_(users), Membership.club_id != club_id)
    sessions = frozenset(unit.scalars(select(TrainingSession.id).where(TrainingSession.athlete_id == athlete_id)))
    analyses = frozenset(unit.scalars(select(Analysis.id).where(Analysis.session_id.in_(sessions))))
    return Keys(club_id, athlete_id, users, bool(unit.scalar(elsewhere)), sessions, analyses)


def accounts_of(unit: Session, club_id: uuid.UUID, athlete_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The account of an athlete, if she has one; also where it was taken out of the club since."""
    users = frozenset(unit.scalars(select(Membership.user_id).where(Membership.athlete_id == athlete_id)))
    return users | _taken_out(unit, club_id, athlete_id)


def _taken_out(unit: Session, club_id: uuid.UUID, athlete_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Accounts that were this athlete's when they were taken out of the club, and are not in it again."""
    out = select(AuditEntry).where(AuditEntry.club_id == club_id, AuditEntry.action == TAKEN_OUT)
    hers = {
        note.subject_id
        for note in unit.scalars(out)
        if note.subject_id is not None and note.details.get("was", {}).get("athlete_id") == str(athlete_id)
    }
    # Not of the accounts themselves: a unit of one club sees those of its members only.
    return frozenset(hers) - set(unit.scalars(select(Membership.user_id).where(Membership.club_id == club_id)))


def folders_of(unit: Session, keys: Keys) -> dict[str, str]:
    """Folders of the file store that are hers, and what each is: ``analysis``, ``video``, ``monitor`` or ``shared``."""
    analyses = unit.scalars(select(Analysis.file_prefix).where(HERS[Analysis](keys)))
    videos = unit.scalars(select(Video.file_key).where(HERS[Video](keys), Video.file_key.is_not(None)))
    monitors = unit.scalars(select(MonitorFile.file_prefix).where(HERS[MonitorFile](keys)))
    shared = unit.scalars(
        select(ShareLink.file_prefix).where(HERS[ShareLink](keys), ShareLink.file_prefix.is_not(None))
    )
    return (
        dict.fromkeys(analyses, "analysis")
        | {prefix_of(str(key)): "video" for key in videos}
        | dict.fromkeys(monitors, "monitor")
        | {str(prefix): "shared" for prefix in shared}
    )


def counts_of(database: Database, scope: ClubScope, athlete_id: uuid.UUID) -> dict[str, int]:
    """How many rows of each table are hers; tables without one are left out.

    Raises
    ------
    StoreError
        The club has no such athlete.
    """
    with database.reading(AllClubs("count what is about one athlete")) as unit:
        return row_counts(unit, keys_of(unit, scope, athlete_id))


def row_counts(unit: Session, keys: Keys) -> dict[str, int]:
    """As :func:`counts_of`, in a unit of work that sees all clubs."""
    return rows_where(unit, {table: condition(keys) for table, condition in HERS.items()})


def rows_where(unit: Session, conditions: Mapping[type[Base], ColumnElement[bool]]) -> dict[str, int]:
    """Table -> its rows that fulfil its condition; those without one are left out."""
    found = {
        table.__tablename__: int(unit.scalar(select(func.count()).select_from(table).where(condition)) or 0)
        for table, condition in conditions.items()
    }
    return {name: count for name, count in found.items() if count}


#: What people call the rows that they would miss, in this order.
_CALLED: Final = (
    ("sessions", "session"), ("videos", "film"), ("analyses", "analysis"), ("strokes", "stroke"),
    ("calibrations", "calibration"), ("comments", "remark"), ("consents", "consent"), ("users", "account"),
)  # fmt: skip


#: The tables of these counts, in the order in which they are said.
CALLED: Final = tuple(table for table, _ in _CALLED)


def in_words(rows: Mapping[str, int]) -> str:
    """Counts of rows, as people say them."""
    said = [f"{rows[table]} {_plural(word, rows[table])}" for table, word in _CALLED if rows.get(table)]
    return ", ".join(said) if said else "her name, and nothing else"


def _plural(word: str, count: int) -> str:
    if count == 1:
        return word
    return f"{word[:-2]}es" if word.endswith("is") else f"{word}s"


def club_named(database: Database, name: str) -> ClubScope:
    """The club of this name; empty: the only one.

    Raises
    ------
    StoreError
        There is none, or more than one: then the words list them.
    """
    with database.reading(AllClubs("whoever keeps the machine names a club")) as unit:
        clubs = unit.scalars(select(Club).order_by(Club.name)).all()
    found = [club for club in clubs if not name or club.name == name.strip()]
    if len(found) != 1:
        listed = ", ".join(club.name for club in clubs) or "none yet"
        raise StoreError(f"name one club with --club; in this store are: {listed}")
    return ClubScope(found[0].id)


def athlete_named(database: Database, who: str) -> Found:
    """The athlete of this name or id, in any club of the store.

    Raises
    ------
    StoreError
        There is none, or more than one: then the words list them with their ids.
    """
    with database.reading(AllClubs("whoever keeps the machine names an athlete")) as unit:
        asked = select(Athlete, Club.name).join(Club, Club.id == Athlete.club_id)
        try:
            asked = asked.where(Athlete.id == uuid.UUID(who))
        except ValueError:
            # SQLite knows small letters of the Latin alphabet only.
            said = who.strip()
            asked = asked.where(or_(Athlete.name == said, func.lower(Athlete.name) == said.lower()))
        found = unit.execute(asked.order_by(Club.name, Athlete.birth_year)).all()
        if not found:
            raise StoreError(f"{who}: no athlete has this name or id; look it up under People")
        if len(found) > 1:
            listed = "; ".join(f"{one.id} ({one.birth_year or 'no year of birth'}, {club})" for one, club in found)
            raise StoreError(f"{who}: there are {len(found)} of this name; give the id instead: {listed}")
        (athlete, _) = found[0]
        return Found(ClubScope(athlete.club_id), athlete.id, athlete.name)
