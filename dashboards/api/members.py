"""Who is in the club, what they may do, and what was done: for programs of its administrators."""

from __future__ import annotations

import uuid

from flask import Response, abort

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.members import ClubSquad, ClubSquads, HistoryEntry, MemberLine, Members
from dashboards.api.answers.members import History as HistoryPiece
from dashboards.api.answers.people import Role, SquadName
from dashboards.api.cursors import Paged, sliced
from dashboards.api.operations import Asked, operation
from dashboards.history.routes import asked_for, place_of
from rowsense.store import members as kept_members
from rowsense.store import squads as kept_squads
from rowsense.store.audit import Entry, entries
from rowsense.store.people import Member, member_of, people_of
from rowsense.store.scope import ClubScope
from rowsense.store.tables import ATHLETE, COACH

_SUBJECT = "Club"


class MemberChange(Asked):
    """What is to be another. What is left out stays as it is."""

    role: Role | None = None
    squads: list[uuid.UUID] | None = None
    """All that a coach looks after."""
    athlete: uuid.UUID | None = None
    """Which of the rowers a rower's account is."""
    suspended: bool | None = None
    """She is kept as a member and let in nowhere."""


class NewSquad(Asked):
    """A squad that nobody is in yet."""

    name: str


class SquadsOf(Asked):
    """Where a rower is to be."""

    squads: list[uuid.UUID]
    """All of hers."""


class HistoryAsked(Paged):
    """Which entries."""

    kind: str = ""
    """`people`, `access`, `privacy`, `sessions` or `club`; empty: all."""
    by: str = ""
    """Key of who did it; `nobody`: the server itself, or an account that is deleted; empty: anybody."""


@operation("GET", "/members", _SUBJECT, query=Paged, gives=Members)
def members(asked: Paged) -> Members:
    """Who signs in, by name."""
    here, following = sliced(people_of(store().database, _scope()).members, asked)
    return Members(items=[member_line(one) for one in here], next=following)


@operation("PATCH", "/members/<uuid:user_id>", _SUBJECT, body=MemberChange, gives=MemberLine)
def change_member(user_id: uuid.UUID, said: MemberChange) -> MemberLine:
    """Make a member something else, or let her in nowhere. It holds at once.

    Nobody changes herself, and the last administrator stays one.
    """
    with store().database.reading(_scope()) as unit:
        before = kept_members.standing_of(unit, user_id)
    if before is None:
        abort(404)
    role = said.role or before.role
    squads = tuple(said.squads) if said.squads is not None else before.squads if role == COACH else ()
    athlete = said.athlete or (before.athlete_id if role == ATHLETE else None)
    suspended = before.suspended if said.suspended is None else said.suspended
    kept_members.change_member(
        store().database, _scope(), user_id, kept_members.Standing(role, squads, athlete, suspended), _me()
    )
    found = member_of(store().database, _scope(), user_id)
    if found is None:
        abort(404)
    return member_line(found)


@operation("DELETE", "/members/<uuid:user_id>", _SUBJECT, status=204)
def remove_member(user_id: uuid.UUID) -> Response:
    """Take a member out of the club; what she wrote stays."""
    kept_members.remove_member(store().database, _scope(), user_id, _me())
    return Response(status=204)


@operation("GET", "/club/squads", _SUBJECT, query=Paged, gives=ClubSquads)
def club_squads(asked: Paged) -> ClubSquads:
    """All squads of the club, by name, also those that nobody is in."""
    here, following = sliced(people_of(store().database, _scope()).squads, asked)
    return ClubSquads(items=[ClubSquad(id=one.id, name=one.name) for one in here], next=following)


@operation("POST", "/club/squads", _SUBJECT, body=NewSquad, gives=ClubSquad, status=201)
def make_squad(said: NewSquad) -> ClubSquad:
    """Make a squad."""
    key = kept_squads.add_squad(store().database, _scope(), said.name, _me())
    return ClubSquad(id=key, name=" ".join(said.name.split()))


@operation("PUT", "/athletes/<uuid:athlete_id>/squads", _SUBJECT, body=SquadsOf, status=204)
def put_into_squads(athlete_id: uuid.UUID, said: SquadsOf) -> Response:
    """Have a rower in these squads and in no other. Their coaches see her from then on."""
    kept_squads.put_into_squads(store().database, _scope(), athlete_id, said.squads, _me())
    return Response(status=204)


@operation("GET", "/history", _SUBJECT, query=HistoryAsked, gives=HistoryPiece)
def history(asked: HistoryAsked) -> HistoryPiece:
    """Who did what in the club, the newest first."""
    found = entries(store().database, _scope(), asked_for(asked.kind, asked.by, asked.cursor, asked.limit))
    following = place_of(found[-1]) if len(found) == asked.limit else None
    return HistoryPiece(items=[_entry(one) for one in found], next=following)


def member_line(one: Member) -> MemberLine:
    """A member, as programs are told of her."""
    squads = [SquadName(id=key, name=name) for key, name in zip(one.squad_ids, one.squads, strict=True)]
    return MemberLine(
        id=one.user_id,
        name=one.name,
        email=one.email,
        role=one.role,  # type: ignore[arg-type]  # one of the three
        squads=squads,
        athlete=one.athlete_id,
        suspended=one.suspended,
    )


def _entry(one: Entry) -> HistoryEntry:
    return HistoryEntry(
        id=one.id,
        at=one.at,
        by=one.by,
        name=one.name,
        kind=one.kind,
        action=one.action,
        subject_kind=one.subject_kind,
        subject=one.subject_id,
        called=one.subject,
        details=dict(one.details),
    )


def _scope() -> ClubScope:
    return ClubScope(signed_in_viewer().club_id)


def _me() -> uuid.UUID:
    return signed_in_viewer().user_id
