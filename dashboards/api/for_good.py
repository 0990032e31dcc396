"""Rowers, and accounts that were taken out of the club, deleted for good by a program of its administrators."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Final

from flask import Response, current_app

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.for_good import Gone, Kept, TakenOutLine, TakenOutPeople
from dashboards.api.answers.members import MemberLine
from dashboards.api.cursors import Paged, sliced
from dashboards.api.members import member_line
from dashboards.api.operations import Asked, operation
from dashboards.api.problems import problem
from dashboards.forgetting import forget_all
from rowsense.errors import OutputError
from rowsense.store.belongings import counts_of
from rowsense.store.erase import Receipt, erase_athlete
from rowsense.store.members import bring_back_member
from rowsense.store.people import athlete_of, member_of
from rowsense.store.scope import ClubScope
from rowsense.store.taken_out import TakenOut, account_rows, erase_account, taken_out

_SUBJECT: Final = "For good"
_NO_ROWER: Final = "There is no such rower in the club; she may be deleted already."
_NO_ACCOUNT: Final = "There is no such account: it is in a club, or deleted already, or your club did not take it out."


class ByName(Asked):
    """Who is meant, so that nobody is deleted by a key that was mixed up."""

    name: str
    """As it is read with her key."""


@operation("GET", "/athletes/<uuid:athlete_id>/kept", _SUBJECT, gives=Kept)
def kept_of_athlete(athlete_id: uuid.UUID) -> Kept | Response:
    """What is kept of a rower, all of which goes when she is deleted. 410: there is no such rower."""
    found = athlete_of(store().database, _scope(), athlete_id)
    if found is None:
        return problem(410, _NO_ROWER)
    return Kept(id=found.id, name=found.name, rows=counts_of(store().database, _scope(), athlete_id))


@operation("POST", "/athletes/<uuid:athlete_id>/erase", _SUBJECT, body=ByName, gives=Gone)
def erase_rower(athlete_id: uuid.UUID, said: ByName) -> Gone | Response:
    """Delete a rower with everything that is about her, and her account unless it is in another club too.

    It cannot be undone. 422: that is not her name. 410: there is no such rower.
    """
    found = athlete_of(store().database, _scope(), athlete_id)
    if found is None:
        return problem(410, _NO_ROWER)
    if said.name.strip() != found.name:
        return _not_her_name()
    try:
        receipt = erase_athlete(store(), _scope(), athlete_id, by=signed_in_viewer().user_id)
    except OutputError:
        current_app.logger.exception("files of a rower who was deleted are left for the next sweep")
        return problem(500, "She is deleted; some of her files are left, and go with the next sweep.")
    finally:
        forget_all()
    return _told(receipt)


@operation("GET", "/taken-out", _SUBJECT, query=Paged, gives=TakenOutPeople)
def taken_out_people(asked: Paged) -> TakenOutPeople:
    """Whom the club took out and who is in no club since, the last one first."""
    here, following = sliced(taken_out(store().database, _scope()), asked)
    return TakenOutPeople(items=[_line(one) for one in here], next=following)


@operation("GET", "/taken-out/<uuid:user_id>", _SUBJECT, gives=Kept)
def kept_of_account(user_id: uuid.UUID) -> Kept | Response:
    """What goes with the account of one of them. What she wrote, filmed and settled stays without her.

    410: there is no such account.
    """
    found = _taken_out(user_id)
    if found is None:
        return problem(410, _NO_ACCOUNT)
    return Kept(id=found.user_id, name=found.name, rows=account_rows(store().database, user_id))


@operation("POST", "/taken-out/<uuid:user_id>/bring-back", _SUBJECT, gives=MemberLine)
def bring_back(user_id: uuid.UUID) -> MemberLine | Response:
    """Make her what she was in the club, within a day; her tokens do not come back.

    409: that is not possible any more.
    """
    bring_back_member(store().database, _scope(), user_id, signed_in_viewer().user_id)
    found = member_of(store().database, _scope(), user_id)
    return problem(410, _NO_ACCOUNT) if found is None else member_line(found)


@operation("POST", "/taken-out/<uuid:user_id>/erase", _SUBJECT, body=ByName, gives=Gone)
def erase_taken_out(user_id: uuid.UUID, said: ByName) -> Gone | Response:
    """Delete the account of one of them.

    It cannot be undone. 422: that is not her name. 410: there is no such account.
    """
    found = _taken_out(user_id)
    if found is None:
        return problem(410, _NO_ACCOUNT)
    if said.name.strip() != found.name:
        return _not_her_name()
    receipt = erase_account(store(), _scope(), user_id, by=signed_in_viewer().user_id)
    forget_all()
    return _told(receipt)


def _not_her_name() -> Response:
    what = "That is not her name, so nothing was deleted"
    return problem(422, f"{what}.", problems=[{"where": "name", "what": what}])


def _taken_out(user_id: uuid.UUID) -> TakenOut | None:
    return next((one for one in taken_out(store().database, _scope()) if one.user_id == user_id), None)


def _line(one: TakenOut) -> TakenOutLine:
    return TakenOutLine(
        id=one.user_id,
        name=one.name,
        email=one.email,
        role=one.role or None,  # type: ignore[arg-type]  # one of the three
        at=one.at,
        may_come_back=one.may_come_back,
    )


def _told(receipt: Receipt) -> Gone:
    return Gone(**asdict(receipt), notes=receipt.sentences())


def _scope() -> ClubScope:
    return ClubScope(signed_in_viewer().club_id)
