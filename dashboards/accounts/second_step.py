"""The second step of signing in: set up on the page *You*, asked for by Flask-Security."""

from __future__ import annotations

import base64
import io
from typing import Any, Final, cast

from flask import Blueprint, after_this_request, flash, redirect, render_template, request, session, url_for
from flask_security import MfRecoveryCodesUtil, Totp, TwoFactorVerifyCodeForm, current_user
from flask_security.forms import TwoFactorRescueForm
from flask_security.proxies import _security
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.tf_plugin import generate_tf_validity_token, tf_set_validity_token_cookie
from passlib.pwd import genword
from passlib.totp import TokenError, TotpMatch, UsedTokenError
from werkzeug.wrappers import Response
from wtforms import BooleanField

from dashboards.accounts.attempts import own_password_problems, tried_too_often
from dashboards.accounts.datastore import Account, device_mark
from dashboards.accounts.viewing import sign_in, store, viewer
from dashboards.texts.reader import texts
from rowsense.store.accounts import end_sign_ins, forget_failures, note_failure
from rowsense.store.audit import note_locked_out
from rowsense.store.second_step import (
    lacks_second_step,
    recovery_codes_left,
    remove_second_step,
    second_step_of,
    set_recovery_codes,
    set_second_step,
    use_counter,
    use_recovery_code,
)

second_step = Blueprint("second_step", __name__)
Answer = Response | str | tuple[str, int]
#: Codes that are good together before and after now: clocks of telephones are off by less [D].
WINDOW_S: Final = 30
#: Wrong codes of one user within a quarter of an hour; a thief of the password gets no further [D].
_WRONG_CODES: Final = 5
_RECOVERY_CODES: Final = 8
#: 64 bits, so that the plain digest of one cannot be turned back.
_RECOVERY_LETTERS: Final = 16
_NEW: Final = "new_second_step"
_WRONG: Final = "second_step.code.wrong"


class Codes(Totp):
    """Codes that a telephone shows. Each is good once."""

    def get_last_counter(self, user: Any) -> int | None:
        """Of the last code that was used."""
        found = cast(Account, user).second_step
        return None if found is None else found.last_counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Use a code up.

        Raises
        ------
        UsedTokenError
            Somebody else was first with it.
        """
        if not use_counter(store().database, user.id, tmatch.counter):
            raise UsedTokenError(expire_time=tmatch.expire_time)

    def first_counter(self, token: str, totp_secret: str) -> int | None:
        """Which code of a new secret this is; None: it is none."""
        try:
            return int(self._totp.verify(token, totp_secret, window=WINDOW_S).counter)
        except TokenError:
            return None

    def generate_recovery_codes(self, number: int) -> list[str]:
        """Codes for when the telephone is not there."""
        made = genword(length=_RECOVERY_LETTERS, charset="hex", returns=number)
        return ["-".join(word[i : i + 4] for i in range(0, len(word), 4)) for word in made]

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The picture for the telephone, drawn here: an SVG as the address of an image."""
        import qrcode
        import qrcode.image.svg

        drawn = io.BytesIO()
        qrcode.make(self.get_totp_uri(username, totp), image_factory=qrcode.image.svg.SvgPathImage).save(drawn)
        return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode('ascii')}"


class RecoveryCodes(MfRecoveryCodesUtil):
    """Of which the store keeps digests only."""

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether it is one; then it is used up."""
        return use_recovery_code(store().database, user.id, code)

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Done already."""
        return True


class _Limited:
    """That wrong codes are counted."""

    user: Any
    waiting = ""
    """Why the code was not even looked at."""

    def validate(self, **more: Any) -> bool:
        """Whether it is the code, and she did not try too often."""
        assert self.user is not None
        limits = {f"code {self.user.id}": _WRONG_CODES}
        self.waiting = tried_too_often(limits)
        if self.waiting:
            return False
        if not super().validate(**more):  # type: ignore[misc]  # of the form that this is mixed into
            note_failure(store().database, limits)
            if tried_too_often(limits):
                note_locked_out(store().database, user_id=self.user.id)
            return False
        forget_failures(store().database, limits)
        return True


class SecondStepForm(_Limited, TwoFactorVerifyCodeForm):
    """The code of the telephone."""

    known = BooleanField()

    def validate(self, **more: Any) -> bool:
        """As above; a device that is known from now on is told so."""
        if not super().validate(**more):
            return False
        if self.known.data:
            mark = generate_tf_validity_token(device_mark(self.user))
            after_this_request(lambda answer: tf_set_validity_token_cookie(answer, mark))
        return True


class RecoveryForm(_Limited, MfRecoveryForm):
    """A code that stands in for the telephone."""


class NoRescueForm(TwoFactorRescueForm):
    """Flask-Security makes one beside the code's; what it would offer, our page says by links."""

    help_setup = None


SETTINGS: Final[dict[str, Any]] = {
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": WINDOW_S,
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "accounts/second_step_code.html",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery-code",
    "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "accounts/recovery_code.html",
    "SECURITY_MSG_TWO_FACTOR_INVALID_TOKEN": (_WRONG, "error"),
    "SECURITY_MSG_INVALID_RECOVERY_CODE": ("second_step.recovery.unknown", "error"),
    "SECURITY_MSG_TWO_FACTOR_PERMISSION_DENIED": ("second_step.code.password_first", "error"),
    # The next page is what she wanted to see; there is nothing to say there.
    "SECURITY_MSG_TWO_FACTOR_LOGIN_SUCCESSFUL": ("", "success"),
}


@second_step.get("/account/second-step")
def show() -> str:
    """How it is set up, or that it is."""
    return _page([])


@second_step.post("/account/second-step")
def begin() -> Answer:
    """Begin with the code that the telephone shows."""
    secret = session.get(_NEW, "")
    if not secret or current_user.second_step is not None:
        return redirect(url_for("second_step.show"))
    problems = own_password_problems(current_user)
    counter = None if problems else _factory().first_counter(request.form.get("code", ""), secret)
    if counter is None:
        return _page(problems or [texts()(_WRONG)]), 422
    codes = _factory().generate_recovery_codes(_RECOVERY_CODES)
    set_second_step(store().database, current_user.id, secret, counter, codes)
    session.pop(_NEW, None)
    here = sign_in()
    end_sign_ins(store().database, current_user.id, but=here.id if here is not None else None)
    return render_template("accounts/recovery_codes.html", codes=codes, is_new=True)


@second_step.post("/account/second-step/codes")
def codes() -> Answer:
    """New codes for emergencies."""
    if current_user.second_step is None:
        return redirect(url_for("second_step.show"))
    if problems := own_password_problems(current_user):
        return _page(problems), 422
    made = _factory().generate_recovery_codes(_RECOVERY_CODES)
    set_recovery_codes(store().database, current_user.id, made)
    return render_template("accounts/recovery_codes.html", codes=made, is_new=False)


@second_step.post("/account/second-step/off")
def off() -> Answer:
    """Sign in with the password alone again."""
    if problems := own_password_problems(current_user):
        return _page(problems), 422
    remove_second_step(store().database, current_user.id, current_user.id)
    flash(texts()("second_step.taken_off"))
    return redirect(url_for("second_step.show"))


def _factory() -> Codes:
    made = _security.totp_factory
    assert isinstance(made, Codes)
    return made


def _page(problems: list[str]) -> str:
    database, who = store().database, viewer()
    found = second_step_of(database, current_user.id)
    shown: dict[str, Any] = {}
    if found is None:
        # Kept in the browser, encrypted, until a code shows that the telephone has it.
        secret = session.setdefault(_NEW, _factory().generate_totp_secret())
        values = _factory().fetch_setup_values(secret, current_user)
        shown = {"key": values["key"], "image": values["image"], "uri": values["uri"]}
    return render_template(
        "accounts/second_step.html",
        problems=problems,
        found=found,
        left=recovery_codes_left(database, current_user.id),
        required=who is not None and lacks_second_step(database, who),
        asks_password=bool(current_user.password),
        **shown,
    )
