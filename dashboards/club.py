"""The server of a club: the same pages, behind accounts, over the club's store."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from dash import Dash
from flask import Flask, Response, current_app, g, render_template, request
from flask_security import Security
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as WerkzeugResponse

from dashboards.accounts.account import accounts, browser_name
from dashboards.accounts.away import ClubFlask
from dashboards.accounts.bearer import asks_api
from dashboards.accounts.belongings import belongings
from dashboards.accounts.clubs import clubs
from dashboards.accounts.datastore import AccountDatastore
from dashboards.accounts.forgotten import forgotten
from dashboards.accounts.forms import SignInForm
from dashboards.accounts.guard import IN_NO_CLUB, WORDS_OF_OUR_OWN, stand_guard
from dashboards.accounts.health import health
from dashboards.accounts.joining import joining
from dashboards.accounts.library import ClubLibrary
from dashboards.accounts.members import members
from dashboards.accounts.metrics import metrics
from dashboards.accounts.offers import Offers, use_offers
from dashboards.accounts.people import ADDRESS, people
from dashboards.accounts.provider import oauth_settings, use_provider
from dashboards.accounts.second_step import SETTINGS as SECOND_STEP
from dashboards.accounts.second_step import (
    Codes,
    NoRescueForm,
    RecoveryCodes,
    RecoveryForm,
    SecondStepForm,
    second_step,
)
from dashboards.accounts.tokens import tokens
from dashboards.accounts.viewing import own_clubs, use_store, viewer
from dashboards.accounts.wording import OwnWords, chosen_language
from dashboards.api.problems import problem_of
from dashboards.api.routes import use_api
from dashboards.app import LOCAL_NAMES, dress
from dashboards.calibrations.routes import calibrations
from dashboards.catalogue.routes import catalogue
from dashboards.editing.routes import editing
from dashboards.history.routes import history
from dashboards.keeping import use_keeper
from dashboards.monitor.routes import monitor
from dashboards.notes.club import ClubRemarks
from dashboards.notes.felt import felt
from dashboards.notes.routes import notes
from dashboards.observing import observe
from dashboards.pages.athlete.callbacks import show_athlete
from dashboards.pages.club.callbacks import show_club
from dashboards.pages.seasons.callbacks import show_seasons
from dashboards.player.ghosts import use_references
from dashboards.references.club import ClubChooser
from dashboards.references.routes import reference
from dashboards.remarks import Bell, bell, use_remarks
from dashboards.settings.routes import settings
from dashboards.sharing.managing import ClubKeeper, sharing
from dashboards.sharing.opening import shared
from dashboards.texts.reader import texts, texts_of_browser, use_languages
from dashboards.thumbnails import thumbnails
from dashboards.uploads.page import use_uploads
from rowsense.errors import UsageError
from rowsense.store.accounts import SIGN_IN_LASTS
from rowsense.store.claims import ClubStore
from rowsense.store.tables import ADMINISTRATOR, ATHLETE
from rowsense.store.uploads import UploadLimits

#: Letters of a password; its length is what counts [R: NIST SP 800-63B asks for 8 at least, and for no mixture].
PASSWORD_LETTERS: Final = 12
#: The largest form: a roster of some thousand rowers has a few hundred kB [D].
_FORM_BYTES: Final = 2 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where people reach the server."""

    address: str
    """As it is typed into a browser, without a path."""
    secret: str
    """What sessions are signed with; another one signs everybody out."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise UsageError(f"{self.address}: is no address of a server; write it as https://rowing.club.org")
        if len(self.secret) < 32:
            raise UsageError("the server's secret is too short; remove its file, and a new one is made")

    @property
    def encrypted(self) -> bool:
        """Whether nobody can read along."""
        return urlsplit(self.address).scheme == "https"

    @property
    def host(self) -> str:
        """The name without the port."""
        return urlsplit(self.address).hostname or ""


#: The setting with further links, by the role that needs none to it.
FURTHER_LINKS: Final = "ROWSENSE_FURTHER_LINKS"
#: Looks at a request before the guard does, and may answer it.
Doorkeeper = Callable[[], WerkzeugResponse | None]


def create_club_app(
    store: ClubStore,
    place: Place,
    limits: UploadLimits | None = None,
    doorkeeper: Doorkeeper | None = None,
    offers: Offers | None = None,
) -> Dash:
    """The app of a club's server; everything but signing in is behind the guard.

    ``doorkeeper``: for a server that lets people in without a password, as a demonstration does.

    Raises
    ------
    UsageError
        ``offers`` names a provider, and its secret cannot be read.
    """
    server = ClubFlask("dashboards", static_folder=None)
    server.config.update(_settings(place))
    offers = offers or Offers()
    use_offers(server, offers)
    server.config.update(oauth_settings(offers.provider))
    observe(server)
    if doorkeeper is not None:
        server.before_request(doorkeeper)
    stand_guard(server)
    use_store(server, store)
    use_uploads(server, store, limits or UploadLimits())
    use_api(server, CSRFProtect(server))
    use_languages(server, chosen_language)
    security = _signing_in(server, store)
    if offers.provider.is_on:
        use_provider(server, offers.provider)
    security.i18n_domain = OwnWords()  # type: ignore[assignment]  # all that is asked of one
    for blueprint in _PAGES:
        server.register_blueprint(blueprint)
    server.register_error_handler(HTTPException, _problem)
    use_remarks(server, ClubRemarks())
    use_keeper(server, ClubKeeper())
    use_references(server, ClubChooser())
    server.jinja_env.globals["club_links"] = _links
    server.jinja_env.globals["offers"] = offers
    server.jinja_env.globals["bell"] = _bell
    server.jinja_env.filters["browser"] = browser_name
    server.jinja_env.filters["from_json"] = json.loads
    server.after_request(_keep_private)
    server.register_blueprint(thumbnails)
    return dress(server, ClubLibrary(server), _links, (show_club, show_athlete, show_seasons))


#: Everything beside the app's own pages.
_PAGES: Final = (
    health, metrics, joining, forgotten, accounts, second_step, clubs, tokens, people, members, history,
    belongings, notes, felt, sharing,
    shared, editing, monitor, calibrations, catalogue,
    settings, reference,
)  # fmt: skip


def _signing_in(server: Flask, store: ClubStore) -> Security:
    return Security(
        server,
        AccountDatastore(store.database),
        login_form=SignInForm,
        two_factor_verify_code_form=SecondStepForm,
        mf_recovery_form=RecoveryForm,
        two_factor_rescue_form=NoRescueForm,
        totp_cls=Codes,
        mf_recovery_codes_util_cls=RecoveryCodes,
    )


def _settings(place: Place) -> dict[str, Any]:
    return {
        "SECRET_KEY": place.secret,
        ADDRESS: place.address.rstrip("/"),
        "TRUSTED_HOSTS": [*LOCAL_NAMES, place.host],
        "MAX_CONTENT_LENGTH": _FORM_BYTES,
        "SESSION_COOKIE_NAME": "rowsense",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": place.encrypted,
        "PERMANENT_SESSION_LIFETIME": SIGN_IN_LASTS,
        # A page may stay open overnight; the token goes with the session. Pages send no referrer to check.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        # Dash reads the token from this cookie and sends it with every callback.
        "SECURITY_CSRF_COOKIE_NAME": "_csrf_token",
        "SECURITY_CSRF_COOKIE": {"samesite": "Lax", "httponly": False, "secure": place.encrypted},
        # The cookie ends with the browser, the session may not.
        "SECURITY_CSRF_COOKIE_REFRESH_EACH_REQUEST": True,
        "SECURITY_PASSWORD_SALT": place.secret,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        # argon2 salts by itself: a store that is brought back without the secret keeps its passwords.
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
        "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_LETTERS,
        **SECOND_STEP,
        # It encrypts the secrets of second steps in the store.
        "SECURITY_TOTP_SECRETS": {"1": place.secret},
        "SECURITY_TOTP_ISSUER": "RowSense",
        "SECURITY_TWO_FACTOR_VALIDITY_COOKIE_NAME": "rowsense_known_device",
        "SECURITY_TWO_FACTOR_VALIDITY_COOKIE": {"samesite": "Lax", "httponly": True, "secure": place.encrypted},
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_POST_CHANGE_VIEW": "/account",
        "SECURITY_CHANGEABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_LOGIN_USER_TEMPLATE": "accounts/sign_in.html",
        "SECURITY_CHANGE_PASSWORD_TEMPLATE": "accounts/change_password.html",
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": ("accounts.security.not_together", "error"),
        "SECURITY_MSG_INVALID_PASSWORD": ("accounts.security.invalid_password", "error"),
        "SECURITY_MSG_PASSWORD_INVALID_LENGTH": ("accounts.security.too_short", "error"),
        "SECURITY_MSG_PASSWORD_NOT_PROVIDED": ("accounts.security.no_password", "error"),
        "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": ("accounts.security.not_the_same", "error"),
        "SECURITY_MSG_PASSWORD_IS_THE_SAME": ("accounts.security.same_as_before", "error"),
        "SECURITY_MSG_PASSWORD_CHANGE": ("accounts.security.changed", "success"),
        "SECURITY_MSG_EMAIL_NOT_PROVIDED": ("accounts.security.no_email", "error"),
        "SECURITY_MSG_INVALID_EMAIL_ADDRESS": ("accounts.security.invalid_email", "error"),
    }


def _links() -> tuple[tuple[str, str], ...]:
    """Where the head of a page leads."""
    who = viewer()
    t = texts()
    sessions, you = (t("shell.way.sessions"), "/"), (t("shell.way.you"), "/account")
    if who is None:
        return () if own_clubs() else (sessions, you)
    all_hers = own_clubs()
    here = next((one.name for one in all_hers if one.club_id == who.club_id), "")
    other_club = ((t("shell.way.change_club", club=here), "/choose-club"),) if len(all_hers) > 1 else ()
    upload = (t("shell.way.upload"), "/upload")
    catalogue_link = () if who.role == ATHLETE else ((t("shell.way.catalogue"), "/catalogue"),)
    ways = ((t("shell.way.people"), "/people"), (t("shell.way.settings"), "/settings"))
    people = ways if who.role == ADMINISTRATOR else ()
    own = (t("shell.way.season"), f"/athlete/{who.athlete_id}")
    season = own if who.role == ATHLETE else (t("shell.way.club"), "/club")
    others = {role: to for role, to in current_app.config.get(FURTHER_LINKS, {}).items() if role != who.role}
    further = [(t(f"shell.as.{role}"), to) for role, to in others.items()]
    return (*other_club, sessions, season, upload, *catalogue_link, *people, you, *further)


def _bell() -> Bell | None:
    """What is to be read; nobody who is not signed in is told."""
    return bell(ClubRemarks()) if viewer() is not None else None


#: Refusals with words of their own.
_EXPLAINED: Final = (400, 401, 403, 404, 413)


def _problem(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    """Every refusal in words, for people; the API's as problem documents; other programs get what Flask says."""
    said = str(error.description or "")
    if said in WORDS_OF_OUR_OWN:
        error.description = texts()(f"shell.problem.{WORDS_OF_OUR_OWN[said]}")
    if asks_api():
        return problem_of(error)
    code = error.code or 500
    if isinstance(error, SecurityError):
        return texts_of_browser()("shell.problem.other_name"), code
    if request.accept_mimetypes.best != "text/html" and "text/html" not in str(request.accept_mimetypes):
        return error
    if code >= 500:
        # The database may be what is broken: say so without asking it who looks, as Flask-Login would for a template.
        g.viewer, g.texts = None, texts_of_browser()
    t = texts()
    names = (f"t{code}", f"d{code}") if code in _EXPLAINED else ("other_title", "other")
    title, detail = (t(f"shell.problem.{name}") for name in names)
    if said in WORDS_OF_OUR_OWN:
        detail = str(error.description)
        return render_template("accounts/problem.html", title=title, detail=detail, sign_out=said == IN_NO_CLUB), code
    if code >= 500:
        return current_app.jinja_env.get_template("accounts/problem.html").render(title=title, detail=detail), code
    return render_template("accounts/problem.html", title=title, detail=detail), code


def _keep_private(response: Response) -> Response:
    """What one viewer was shown is kept by no cache that others use, and pages with forms by none."""
    if response.status_code != 304 and not response.cache_control.public:
        response.cache_control.private = True
        if response.mimetype == "text/html":
            response.cache_control.no_store = True
    return response
