"""The form to sign in: Flask-Security's, with a limit on attempts and words of our own."""

from __future__ import annotations

import re
from typing import Any, Final

from flask import request, session
from flask_security import LoginForm
from wtforms import BooleanField

from dashboards.accounts.attempts import tried_too_often
from dashboards.accounts.viewing import store
from rowsense.store.accounts import forget_failures, note_failure
from rowsense.store.audit import note_locked_out

#: Failures within a quarter of an hour after which one has to wait [D]: of one address from one place, of one address
#: from anywhere, and of one place, behind which a whole club may stand.
SAME_BOTH: Final = 5
SAME_ADDRESS: Final = 25
SAME_PLACE: Final = 60
#: Where one may be led to after signing in: a path of this server.
_OWN_PATH: Final = re.compile(r"/(?![/\\])")


class SignInForm(LoginForm):
    """Address and password."""

    # Flask-Login's long cookie would bring back a browser that was signed out elsewhere.
    remember = None
    stay = BooleanField()
    waiting = ""
    """Why the attempt was not even looked at."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        # Flask-Security would refuse to sign in at all, and say so at a field that nobody sees.
        if not _OWN_PATH.match(self.next.data or ""):
            self.next.data = ""

    def validate(self, **more: Any) -> bool:
        """Whether this is somebody, and she did not try too often."""
        limits = _limits(str(self.email.data or ""))
        self.waiting = tried_too_often(limits)
        if self.waiting:
            return False
        if not super().validate(**more):
            note_failure(store().database, limits)
            if tried_too_often(limits):
                note_locked_out(store().database, email=str(self.email.data or ""))
            return False
        forget_failures(store().database, [next(iter(limits))])
        session.permanent = bool(self.stay.data)
        return True


def _limits(email: str) -> dict[str, int]:
    place, email = request.remote_addr or "", email.strip().lower()
    return {f"both {email} {place}": SAME_BOTH, f"address {email}": SAME_ADDRESS, f"place {place}": SAME_PLACE}
