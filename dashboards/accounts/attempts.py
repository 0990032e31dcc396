"""How often somebody may try a password or a code."""

from __future__ import annotations

import math
from typing import Final

from flask import request
from flask_security import verify_password
from flask_security.proxies import _security

from dashboards.accounts.datastore import Account
from dashboards.accounts.viewing import store
from dashboards.texts.reader import texts
from rowsense.store.accounts import forget_failures, note_failure, wait_before_trying
from rowsense.store.audit import note_locked_out

#: As for signing in [D].
WRONG_PASSWORDS: Final = 5


def tried_too_often(limits: dict[str, int]) -> str:
    """When to try again, in words; empty: now."""
    wait = wait_before_trying(store().database, limits)
    if not wait:
        return ""
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    return texts()("accounts.sign_in.wait", n=minutes)


def own_password_problems(user: Account) -> list[str]:
    """What is wrong where somebody has to show again that an account is hers; who has no password need not."""
    if not user.password:
        return []
    limits = {f"both {user.email} {request.remote_addr or ''}": WRONG_PASSWORDS}
    if waiting := tried_too_often(limits):
        return [waiting]
    given = _security.password_util.normalize(request.form.get("password", ""))
    if verify_password(given, user.password):
        forget_failures(store().database, limits)
        return []
    note_failure(store().database, limits)
    if tried_too_often(limits):
        note_locked_out(store().database, user_id=user.id)
    return [texts()("accounts.join.not_the_password")]
