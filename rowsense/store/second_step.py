"""The second step of signing in as the store keeps it: a secret, which codes are used up, and codes for emergencies."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Final

from sqlalchemy import delete, exists, func, select, update

from rowsense.store.access import Viewer
from rowsense.store.audit import note_of_account
from rowsense.store.database import Database
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import ADMINISTRATOR, AuditEntry, Club, RecoveryCode, SecondStep
from rowsense.store.tokens import digest

_SIGNING_IN: Final = AllClubs("the second step of signing in is older than any club")


def second_step_of(database: Database, user_id: uuid.UUID) -> SecondStep | None:
    """A user's; None: she signs in with her password alone."""
    with database.reading(_SIGNING_IN) as unit:
        return unit.get(SecondStep, user_id)


def set_second_step(
    database: Database, user_id: uuid.UUID, totp_secret: str, last_counter: int, codes: Collection[str]
) -> None:
    """Begin with it, or begin anew; ``last_counter`` is of the code that showed that it works."""
    with database.writing(_SIGNING_IN) as unit:
        unit.execute(delete(SecondStep).where(SecondStep.user_id == user_id))
        unit.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        note_of_account(unit, user_id, "second_step_on", user_id)
        unit.add(SecondStep(user_id=user_id, totp_secret=totp_secret, last_counter=last_counter))
        unit.add_all(RecoveryCode(user_id=user_id, code_sha256=digest(_plain(code))) for code in codes)


def remove_second_step(database: Database, user_id: uuid.UUID, by: uuid.UUID | None) -> bool:
    """Sign in with the password alone from now on. False: so it was before. ``by``: None: who keeps the machine."""
    with database.writing(_SIGNING_IN) as unit:
        unit.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        gone = delete(SecondStep).where(SecondStep.user_id == user_id).returning(SecondStep.user_id)
        if unit.scalar(gone) is None:
            return False
        note_of_account(unit, user_id, "second_step_given_up" if by == user_id else "second_step_off", by)
        return True


def use_counter(database: Database, user_id: uuid.UUID, counter: int) -> bool:
    """Use a code up. False: it, or a later one, was used already."""
    later = update(SecondStep).where(SecondStep.user_id == user_id, SecondStep.last_counter < counter)
    with database.writing(_SIGNING_IN) as unit:
        return unit.scalar(later.values(last_counter=counter).returning(SecondStep.user_id)) is not None


def set_recovery_codes(database: Database, user_id: uuid.UUID, codes: Collection[str]) -> None:
    """New ones; the older ones are void."""
    with database.writing(_SIGNING_IN) as unit:
        unit.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        unit.add_all(RecoveryCode(user_id=user_id, code_sha256=digest(_plain(code))) for code in codes)


def use_recovery_code(database: Database, user_id: uuid.UUID, code: str) -> bool:
    """Use one up. False: there is none such."""
    hers = delete(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.code_sha256 == digest(_plain(code)))
    with database.writing(_SIGNING_IN) as unit:
        return unit.scalar(hers.returning(RecoveryCode.user_id)) is not None


def recovery_codes_left(database: Database, user_id: uuid.UUID) -> int:
    """How many are not used up."""
    with database.reading(_SIGNING_IN) as unit:
        return unit.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0


def who_has_one(database: Database, user_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Those of them who sign in with a second step."""
    with database.reading(_SIGNING_IN) as unit:
        return frozenset(unit.scalars(select(SecondStep.user_id).where(SecondStep.user_id.in_(user_ids))))


def require_of_administrators(database: Database, scope: ClubScope, required: bool, by: uuid.UUID) -> None:
    """Say whether the club's administrators need one."""
    with database.writing(scope) as unit:
        club = unit.get_one(Club, scope.club_id)
        entry = AuditEntry(actor_user_id=by, action="require_second_step" if required else "no_second_step_needed",
                           subject_kind="clubs", subject_id=club.id)  # fmt: skip
        unit.add(entry)
        unit.flush()
        club.second_step_since = entry.at if required else None


def is_required(database: Database, scope: ClubScope) -> bool:
    """Whether the club's administrators need one."""
    with database.reading(scope) as unit:
        return unit.get_one(Club, scope.club_id).second_step_since is not None


def lacks_second_step(database: Database, viewer: Viewer) -> bool:
    """Whether an administrator has to set one up before anything else."""
    if viewer.role != ADMINISTRATOR:
        return False
    has = exists().where(SecondStep.user_id == viewer.user_id)
    needed = select(Club.id).where(Club.id == viewer.club_id, Club.second_step_since.is_not(None), ~has)
    with database.reading(_SIGNING_IN) as unit:
        return unit.scalar(needed) is not None


def _plain(code: str) -> str:
    """A code as it is recognised, however it was typed."""
    return "".join(code.lower().replace("-", "").split())
