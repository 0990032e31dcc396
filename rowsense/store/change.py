"""What is known of a session, changed by somebody who may: whose it is, when, what was rowed. Summaries follow."""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.access import Action, Viewer, may
from rowsense.store.former_notes import unname_notes
from rowsense.store.link_ends import end_those
from rowsense.store.moved import Renamed, names_of, take_over
from rowsense.store.shown import shown_analysis
from rowsense.store.tables import (
    ERGOMETER_TYPES,
    PIECE_KINDS,
    PIECE_LIMITS,
    Analysis,
    AuditEntry,
    Comment,
    FeltAnswer,
    MonitorFile,
    ReferenceStroke,
    ShareLink,
    TrainingSession,
    Video,
)
from rowsense.store.tagging import as_known, read_tags, set_tags, tags_of
from rowsense.store.viewers import things_of

#: What may be changed, in the order of the form.
FIELDS: Final = (
    "athlete_id", "rowed_on", "piece_kind", "ergometer_type", "foot_height_hole", "distance_m", "rate_spm",
    "perceived_effort", "power_w", "drag_factor", "notes", "tags",
)  # fmt: skip
MOST_NOTES: Final = 2000
#: Before that nobody filmed for this [D].
FIRST_YEAR: Final = 2000


class MeanwhileError(StoreError):
    """Somebody else has changed the session since it was read."""


@dataclass(frozen=True, slots=True)
class Details:
    """A session as a form shows it."""

    session_id: uuid.UUID
    athlete: str
    values: Mapping[str, Any]
    """:data:`FIELDS`."""
    mark: str
    """Another one when any of them is."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a change."""

    before: Mapping[str, Any]
    """Field -> value before, of those that are another now."""
    moved: bool
    """Whether it is another rower's now."""
    folders: tuple[str, ...] = ()
    """Of links that ended and of files with the former name; to be cleared when the transaction is over."""
    unnamed_notes: int = 0
    """By the rower before, who is not named there any more."""


@dataclass(frozen=True, slots=True)
class Goes:
    """What goes with a session that is deleted."""

    film_kept: bool
    analysis_count: int
    comment_count: int
    link_count: int
    """Links that still hold."""
    monitor: bool


def details_of(unit: Session, session_id: uuid.UUID) -> Details | None:
    """None: the club has no such session."""
    session = unit.get(TrainingSession, session_id)
    if session is None:
        return None
    athlete = things_of(unit, [session.athlete_id])[0][session.athlete_id]
    return Details(session_id, athlete.name, _values(unit, session), mark_of(unit, session))


def mark_of(unit: Session, session: TrainingSession) -> str:
    """Stands for all that may be changed of it."""
    told = json.dumps(_values(unit, session), default=str, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def goes_with(unit: Session, session_id: uuid.UUID) -> Goes:
    """What there is of a session."""

    def count(table: Any, *more: Any) -> int:
        asked = select(func.count()).select_from(table).where(table.session_id == session_id, *more)
        return int(unit.scalar(asked) or 0)

    return Goes(
        film_kept=count(Video, Video.file_key.is_not(None)) > 0,
        analysis_count=count(Analysis),
        comment_count=count(Comment, Comment.deleted_at.is_(None)),
        link_count=count(ShareLink, ShareLink.revoked_at.is_(None), ShareLink.expires_at > datetime.now(UTC)),
        monitor=count(MonitorFile) > 0,
    )


def change_session(
    unit: Session,
    viewer: Viewer,
    session_id: uuid.UUID,
    changes: Mapping[str, Any],
    mark: str = "",
    renamed: Renamed | None = None,
) -> Changed:
    """Change some of :data:`FIELDS`. What is as it was is no change, and leaves no note.

    Another rower's session is measured by another zero and named after somebody else: links to it end, what the
    rower before said she felt goes, what she wrote stays without her name, its files say the new name, and whoever
    calls this has it analysed again where its film is kept.

    ``mark``: of the session as it was read; empty: whatever it is now. ``renamed``: its files under the new name.

    Raises
    ------
    MeanwhileError
        It is not what ``mark`` stands for any more.
    StoreError
        The club has no such session, ``viewer`` may not, or a value cannot be.
    """
    session = unit.get(TrainingSession, session_id, with_for_update=True)
    if session is None or not may(viewer, Action.CHANGE, things_of(unit, [session.athlete_id])[1][session.athlete_id]):
        raise StoreError("there is no such session of yours")
    if mark and mark != mark_of(unit, session):
        raise MeanwhileError("somebody else has changed this session meanwhile; look at it again")
    check_values(changes)
    if "tags" in changes:
        changes = {**changes, "tags": as_known(unit, read_tags(changes["tags"]))}
    now = _values(unit, session)
    other = {name: value for name, value in changes.items() if now[name] != value}
    before = {name: now[name] for name in other}
    if not other:
        return Changed({}, moved=False)
    folders: tuple[str, ...] = ()
    unnamed = 0
    if moved := "athlete_id" in other:
        folders, unnamed = _move(unit, viewer, session, other["athlete_id"], renamed or Renamed())
    for name, value in other.items():
        if name == "tags":
            set_tags(unit, session_id, value)
        else:
            setattr(session, name, value)
    note = AuditEntry(actor_user_id=viewer.user_id, action="change", subject_kind="sessions", subject_id=session_id)
    note.details = {"fields": sorted(other)}  # not what they say: a note names no person
    if unnamed:
        note.details = {**note.details, "unnamed_notes": unnamed}
    unit.add(note)
    unit.flush()
    return Changed(before, moved, folders, unnamed)


def check_values(changes: Mapping[str, Any]) -> None:
    """Whether all of it can be.

    Raises
    ------
    StoreError
        With everything that cannot.
    """
    problems = [f"{name} cannot be changed" for name in changes if name not in FIELDS]
    for name, (low, high) in PIECE_LIMITS.items():
        value = changes.get(name)
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            problems.append(f"{name} is a number from {low:g} to {high:g}")
    for name, known in (("piece_kind", PIECE_KINDS), ("ergometer_type", ERGOMETER_TYPES)):
        if changes.get(name) is not None and changes[name] not in known:
            problems.append(f"{name} is one of {', '.join(known)}")
    if "rowed_on" in changes and not is_day(changes["rowed_on"]):
        problems.append("the day is in the future, or too long ago")
    if len(changes.get("notes", "")) > MOST_NOTES:
        problems.append(f"notes have {MOST_NOTES} letters at most")
    if problems:
        raise StoreError("; ".join(problems))


def is_day(day: Any) -> bool:
    """Whether a session can have been rowed on it."""
    # It may be tomorrow already where it was rowed.
    return isinstance(day, date) and day.year >= FIRST_YEAR and day <= datetime.now(UTC).date() + timedelta(days=1)


def _values(unit: Session, session: TrainingSession) -> dict[str, Any]:
    tags = tags_of(unit, [session.id]).get(session.id, ())
    return {name: tags if name == "tags" else getattr(session, name) for name in FIELDS}


def _move(
    unit: Session, viewer: Viewer, session: TrainingSession, athlete_id: uuid.UUID, renamed: Renamed
) -> tuple[tuple[str, ...], int]:
    """Folders to be cleared, and how many notes lost their author."""
    _, things = things_of(unit, [athlete_id])
    names = names_of(unit, session, athlete_id)
    if athlete_id not in things or names is None or not may(viewer, Action.CHANGE, things[athlete_id]):
        raise StoreError(
            "the session cannot be given to this rower: she is not one of yours, a junior without a guardian's "
            "consent, or her year of birth is not known"
        )
    film_kept = unit.scalar(select(Video.file_key).where(Video.session_id == session.id)) is not None
    shown = shown_analysis(unit, session.id)
    if shown is not None and shown.calibration_id is not None and not film_kept:
        raise StoreError(
            "this session was measured by the calibration of the rower it has now, and its film was not kept: it "
            "cannot be another rower's; delete it instead"
        )
    unit.execute(delete(FeltAnswer).where(FeltAnswer.session_id == session.id))
    # Whose stroke it is was part of why it was chosen.
    unit.execute(delete(ReferenceStroke).where(ReferenceStroke.session_id == session.id))
    folders = end_those(unit, ShareLink.session_id == session.id, revoked_at=datetime.now(UTC))
    unnamed = unname_notes(unit, session)
    session.athlete_id = athlete_id
    before = take_over(unit, session, names, renamed)
    if before is None:
        raise MeanwhileError("an analysis of this session was finished meanwhile; try again")
    for analysis in unit.scalars(select(Analysis).where(Analysis.session_id == session.id)):
        # A calibration goes with its rower, and must not be held by somebody else's analysis.
        analysis.calibration_id = None
    return (*folders, *before), unnamed
