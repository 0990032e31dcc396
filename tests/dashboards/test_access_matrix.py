"""Every route, file and callback of a club's server against every role: own, other squad, other club, nobody.

The routes come from the program. One that is not written down here fails the test.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboards.accounts.guard import CALLBACKS, OPEN_ASSETS, ROUTES
from dashboards.accounts.offers import Offers
from dashboards.api.rules import API as API_RULES
from rowsense.jobs.queue import enqueue
from rowsense.server_settings import ProviderSettings
from rowsense.store.claims import ClubStore
from rowsense.store.references import choose
from rowsense.store.tables import ADMINISTRATOR, ATHLETE, CLUB_REFERENCE, COACH, StoredCalibration, Upload
from rowsense.store.tables.api_tokens import SCOPES
from rowsense.store.upload_files import upload_files_of
from rowsense.store.viewers import viewer_of
from tests.dashboards.club_world import (
    ATHLETES,
    JUNIOR,
    NOBODY,
    PEOPLE,
    ROWER_1,
    ROWER_2,
    ROWER_B,
    SESSIONS,
    A,
    B,
    begin_upload,
    claimed_upload,
    key,
    make_token_of,
    make_world,
    signed_in,
    token_of,
)

EVERYBODY, SIGNED_IN, ADMINISTRATORS, WHO_SEES_IT, NO_ONE = "everybody", "signed in", "administrators", "sees", "no one"
#: Of those who see a session: who coaches, and whose own it is.
WHO_COACHES, HERSELF = "coaches", "herself"
ROWERS = "rowers who see their own"
COACHES = "those who coach, and administrators"
SENDER = "sender"
SENDER_OR_ADMINISTRATOR = "sender, and administrators of her club"
#: Where who is signing in comes by; nobody is led back to the page to sign in, who is signed in to the first page.
SIGNING_IN = "signing in"
SESSION, UPLOAD, FILM, ATHLETE_KEY, ANALYSIS = "SESSION", "UPLOAD", "FILM", "ROWER", "ANALYSIS"
SQUAD, CALIBRATION, JOB = "SQUAD", "CALIBRATION", "JOB"
API = "/api/v1"
#: Endpoint, method -> address and who is let through. Words in capitals stand for the key of one.
ANY_KEY = uuid.UUID(int=999)
EXPECTED: dict[tuple[str, str], tuple[str, str]] = {
    ("/", "GET"): ("/", SIGNED_IN),
    ("/<path:path>", "GET"): ("/session/anything", SIGNED_IN),
    ("/_dash-layout", "GET"): ("/_dash-layout", SIGNED_IN),
    ("/_dash-dependencies", "GET"): ("/_dash-dependencies", SIGNED_IN),
    ("/_dash-update-component", "POST"): ("/_dash-update-component", NO_ONE),  # callbacks are below
    ("/_reload-hash", "GET"): ("/_reload-hash", NO_ONE),
    ("/_favicon.ico", "GET"): ("/_favicon.ico", EVERYBODY),
    ("/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>", "GET"): (
        "/_dash-component-suites/dash/dash-renderer/build/dash_renderer.min.js",
        SIGNED_IN,
    ),
    ("_dash_assets.static", "GET"): ("/assets/player/main.js", SIGNED_IN),
    ("media.serve_media", "GET"): (f"/media/{SESSION}/overlay.mp4", WHO_SEES_IT),
    ("player.serve_scene", "GET"): (f"/player/{SESSION}/scene.json", WHO_SEES_IT),
    ("player.serve_window", "GET"): (f"/player/{SESSION}/window/0", WHO_SEES_IT),
    ("player.serve_ghosts", "GET"): (f"/player/{SESSION}/ghosts.json", WHO_SEES_IT),
    ("player.serve_stroke", "GET"): (f"/player/{SESSION}/stroke/best.json", WHO_SEES_IT),
    # Whose reference it may be is refused behind this: test_notes.py.
    ("reference.keep", "PUT"): (f"/reference/{SESSION}/rower", WHO_SEES_IT),
    ("reference.drop", "DELETE"): (f"/reference/{SESSION}/rower", WHO_SEES_IT),
    ("reference.club_stroke", "GET"): ("/reference/club.json", SIGNED_IN),
    ("reference.club_window", "GET"): ("/reference/window/0", SIGNED_IN),
    ("notes.listed", "GET"): (f"/notes/{SESSION}", WHO_SEES_IT),
    ("notes.pin", "POST"): (f"/notes/{SESSION}", WHO_COACHES),
    ("notes.answer", "POST"): (f"/notes/{SESSION}/{ANY_KEY}/answers", WHO_SEES_IT),
    ("notes.change", "PATCH"): (f"/notes/{SESSION}/{ANY_KEY}", WHO_SEES_IT),
    ("notes.remove", "DELETE"): (f"/notes/{SESSION}/{ANY_KEY}", WHO_SEES_IT),
    ("notes.bring_back", "POST"): (f"/notes/{SESSION}/{ANY_KEY}/bring-back", WHO_SEES_IT),
    ("notes.read", "POST"): (f"/notes/{SESSION}/read", WHO_SEES_IT),
    ("notes.unread", "GET"): ("/unread-notes", SIGNED_IN),
    ("felt.say", "POST"): (f"/felt/{SESSION}", HERSELF),
    ("sharing.show", "GET"): (f"/share/{SESSION}", WHO_SEES_IT),
    ("sharing.make", "POST"): (f"/share/{SESSION}", WHO_SEES_IT),
    ("sharing.take_back", "POST"): (f"/share/{SESSION}/take-back/{ANY_KEY}", WHO_SEES_IT),
    ("sharing.made", "GET"): (f"/share/{SESSION}/{ANY_KEY}/card.png", WHO_SEES_IT),
    ("sharing.hold", "POST"): (f"/share/{SESSION}/hold", WHO_COACHES),
    ("monitor.show", "GET"): (f"/monitor/{SESSION}", WHO_SEES_IT),
    ("monitor.attach", "POST"): (f"/monitor/{SESSION}", WHO_SEES_IT),
    ("monitor.take_off", "POST"): (f"/monitor/{SESSION}/take-off", WHO_SEES_IT),
    ("calibrations.show", "GET"): (f"/calibrations/{ATHLETE_KEY}", WHO_SEES_IT),
    ("calibrations.delete", "POST"): (f"/calibrations/{ATHLETE_KEY}/delete/{ANY_KEY}", WHO_COACHES),
    ("editing.show", "GET"): (f"/edit/{SESSION}", WHO_COACHES),
    ("editing.change", "POST"): (f"/edit/{SESSION}", WHO_COACHES),
    ("editing.ask", "GET"): (f"/edit/{SESSION}/delete", WHO_COACHES),
    ("editing.remove", "POST"): (f"/edit/{SESSION}/delete", WHO_COACHES),
    # Whoever has a link, and nobody without one: test_sharing.py.
    ("shared.show", "GET"): ("/shared/no-such-token", NO_ONE),
    ("shared.file", "GET"): ("/shared/no-such-token/report.html", NO_ONE),
    ("thumbnails.serve_thumbnail", "GET"): (f"/thumbnail/{SESSION}", WHO_SEES_IT),
    ("compare.serve_comparison", "GET"): (f"/compare/data.json?first={SESSION}&strokes=1&with=2", WHO_SEES_IT),
    ("health.alive", "GET"): ("/healthz", EVERYBODY),
    ("health.ready", "GET"): ("/readyz", EVERYBODY),
    ("metrics.show", "GET"): ("/metrics", EVERYBODY),  # on this machine; from elsewhere: test_observing.py
    ("security.login", "GET"): ("/sign-in", EVERYBODY),
    ("security.login", "POST"): ("/sign-in", EVERYBODY),
    ("security.logout", "POST"): ("/sign-out", EVERYBODY),
    ("security.change_password", "GET"): ("/account/password", SIGNED_IN),
    ("security.change_password", "POST"): ("/account/password", SIGNED_IN),
    ("security.two_factor_token_validation", "GET"): ("/sign-in/code", SIGNING_IN),
    ("security.two_factor_token_validation", "POST"): ("/sign-in/code", SIGNING_IN),
    ("security.mf_recovery", "GET"): ("/sign-in/recovery-code", SIGNING_IN),
    ("security.mf_recovery", "POST"): ("/sign-in/recovery-code", SIGNING_IN),
    ("security.mf_recovery_codes", "GET"): ("/mf-recovery-codes", NO_ONE),
    ("security.mf_recovery_codes", "POST"): ("/mf-recovery-codes", NO_ONE),
    ("security.two_factor_setup", "GET"): ("/tf-setup", NO_ONE),
    ("security.two_factor_setup", "POST"): ("/tf-setup", NO_ONE),
    ("security.two_factor_setup_validate", "POST"): ("/tf-setup/x", NO_ONE),
    ("security.two_factor_rescue", "GET"): ("/tf-rescue", NO_ONE),
    ("security.two_factor_rescue", "POST"): ("/tf-rescue", NO_ONE),
    ("security.tf_select", "GET"): ("/tf-select", NO_ONE),
    ("security.tf_select", "POST"): ("/tf-select", NO_ONE),
    ("provider.begin", "GET"): ("/sign-in/with-provider", SIGNING_IN),
    ("security.oauthresponse", "GET"): ("/sign-in/by/provider", SIGNING_IN),
    ("security.oauthstart", "POST"): ("/login/oauthstart/provider", NO_ONE),
    ("security.oauth_verify_start", "POST"): ("/login/oauth-verify-start/provider", NO_ONE),
    ("security.oauth_verify_response", "GET"): ("/login/oauth-verify-response/provider", NO_ONE),
    ("security.verify", "GET"): ("/verify", NO_ONE),
    ("security.verify", "POST"): ("/verify", NO_ONE),
    ("security.static", "GET"): ("/fs-static/js/base64.js", NO_ONE),
    ("joining.first_start", "GET"): ("/first-start/no-such-token", EVERYBODY),
    ("joining.make_first_administrator", "POST"): ("/first-start/no-such-token", EVERYBODY),
    ("joining.join", "GET"): ("/join/no-such-token", EVERYBODY),
    ("joining.accept_invitation", "POST"): ("/join/no-such-token", EVERYBODY),
    ("joining.new_password", "GET"): ("/new-password/no-such-token", EVERYBODY),
    ("joining.set_new_password", "POST"): ("/new-password/no-such-token", EVERYBODY),
    ("forgotten.ask", "GET"): ("/forgotten", EVERYBODY),
    ("forgotten.send", "POST"): ("/forgotten", EVERYBODY),
    ("clubs.show", "GET"): ("/choose-club", SIGNED_IN),
    ("clubs.choose", "POST"): (f"/choose-club/{ANY_KEY}", SIGNED_IN),
    ("second_step.show", "GET"): ("/account/second-step", SIGNED_IN),
    ("second_step.begin", "POST"): ("/account/second-step", SIGNED_IN),
    ("second_step.codes", "POST"): ("/account/second-step/codes", SIGNED_IN),
    ("second_step.off", "POST"): ("/account/second-step/off", SIGNED_IN),
    ("accounts.note_mail", "POST"): ("/account/note-mail", SIGNED_IN),
    ("accounts.show", "GET"): ("/account", SIGNED_IN),
    ("accounts.language", "POST"): ("/account/language", SIGNED_IN),
    ("accounts.end", "POST"): (f"/account/end/{ANY_KEY}", SIGNED_IN),
    ("accounts.end_others", "POST"): ("/account/end-others", SIGNED_IN),
    ("tokens.make", "POST"): ("/account/tokens", SIGNED_IN),
    ("tokens.take_back", "POST"): (f"/account/tokens/{ANY_KEY}/take-back", SIGNED_IN),
    ("uploads.show", "GET"): ("/upload", SIGNED_IN),
    ("uploads.capabilities", "OPTIONS"): ("/uploads", SIGNED_IN),
    ("uploads.listed", "GET"): ("/uploads", SIGNED_IN),
    ("uploads.create", "POST"): ("/uploads", SIGNED_IN),
    ("uploads.status", "GET"): (f"/uploads/{UPLOAD}", SENDER),
    ("uploads.append_to", "PATCH"): (f"/uploads/{UPLOAD}", SENDER),
    ("uploads.film", "GET"): (f"/uploads/{FILM}/film/original", SENDER),
    ("uploads.override", "POST"): (f"/uploads/{UPLOAD}", SENDER),
    ("uploads.claim_one", "POST"): (f"/uploads/{UPLOAD}/claim", SENDER),
    ("uploads.people", "POST"): (f"/uploads/{UPLOAD}/people", SENDER),
    ("uploads.picture", "GET"): (f"/uploads/{UPLOAD}/picture", SENDER),
    ("uploads.cancel", "POST"): (f"/uploads/{UPLOAD}/cancel", SENDER),
    ("uploads.retry", "POST"): (f"/uploads/{UPLOAD}/retry", SENDER),
    ("uploads.remove", "DELETE"): (f"/uploads/{UPLOAD}", SENDER),
    ("catalogue.show", "GET"): ("/catalogue", COACHES),
    ("catalogue.progress", "GET"): ("/catalogue/progress", COACHES),
    ("catalogue.ask", "GET"): ("/catalogue/fault/hips_tip_back", ADMINISTRATORS),
    ("catalogue.change", "POST"): ("/catalogue/fault/hips_tip_back", ADMINISTRATORS),
    ("catalogue.ask_rule", "GET"): ("/catalogue/rule", ADMINISTRATORS),
    ("catalogue.add_rule", "POST"): ("/catalogue/rule", ADMINISTRATORS),
    ("catalogue.as_it_comes", "POST"): ("/catalogue/back/hips_tip_back", ADMINISTRATORS),
    ("catalogue.defaults", "POST"): ("/catalogue/defaults", ADMINISTRATORS),
    ("catalogue.go_back", "POST"): ("/catalogue/go-back/0", ADMINISTRATORS),
    ("catalogue.judge_again", "POST"): ("/catalogue/judge-again", ADMINISTRATORS),
    ("catalogue.preview", "POST"): ("/catalogue/preview", ADMINISTRATORS),
    ("settings.show", "GET"): ("/settings", ADMINISTRATORS),
    ("settings.name", "POST"): ("/settings/name", ADMINISTRATORS),
    ("settings.policies", "POST"): ("/settings/policies", ADMINISTRATORS),
    ("settings.keeping", "POST"): ("/settings/keeping", ADMINISTRATORS),
    # Whose job it is, is asked behind the guard: in test_settings_pages.py, job by job.
    ("settings.jobs", "GET"): ("/jobs", SIGNED_IN),
    ("settings.cancel", "POST"): (f"/jobs/{ANY_KEY}/cancel", SIGNED_IN),
    ("settings.retry", "POST"): (f"/jobs/{ANY_KEY}/retry", SIGNED_IN),
    ("settings.retry_failed", "POST"): ("/jobs/retry-failed", SIGNED_IN),
    ("people.show", "GET"): ("/people", ADMINISTRATORS),
    ("people.invite", "POST"): ("/people/invite", ADMINISTRATORS),
    ("people.take_back", "POST"): (f"/people/take-back/{ANY_KEY}", ADMINISTRATORS),
    ("people.invitation_link", "POST"): (f"/people/invitation-link/{ANY_KEY}", ADMINISTRATORS),
    ("people.second_step_off", "POST"): (f"/people/second-step-off/{ANY_KEY}", ADMINISTRATORS),
    ("people.require_second_step", "POST"): ("/people/require-second-step", ADMINISTRATORS),
    ("people.dismiss_mail", "POST"): (f"/people/dismiss-mail/{ANY_KEY}", ADMINISTRATORS),
    ("people.password_link", "POST"): (f"/people/password/{ANY_KEY}", ADMINISTRATORS),
    # Whose member or rower it is, is asked behind the guard: in test_members.py.
    ("members.show", "GET"): (f"/people/member/{ANY_KEY}", ADMINISTRATORS),
    ("members.change", "POST"): (f"/people/member/{ANY_KEY}", ADMINISTRATORS),
    ("members.suspend", "POST"): (f"/people/member/{ANY_KEY}/suspend", ADMINISTRATORS),
    ("members.remove", "POST"): (f"/people/remove/{ANY_KEY}", ADMINISTRATORS),
    ("members.bring_back", "POST"): (f"/people/bring-back/{ANY_KEY}", ADMINISTRATORS),
    ("members.squads_of", "GET"): (f"/people/rower/{ANY_KEY}", ADMINISTRATORS),
    ("members.move", "POST"): (f"/people/rower/{ANY_KEY}", ADMINISTRATORS),
    ("members.new_squad", "POST"): ("/people/squads", ADMINISTRATORS),
    ("members.name_squad", "POST"): (f"/people/squads/{ANY_KEY}", ADMINISTRATORS),
    ("members.drop_squad", "POST"): (f"/people/squads/{ANY_KEY}/remove", ADMINISTRATORS),
    ("history.show", "GET"): ("/people/history", ADMINISTRATORS),
    ("history.table", "GET"): ("/people/history.csv", ADMINISTRATORS),
    ("people.roster", "POST"): ("/people/roster", ADMINISTRATORS),
    ("people.consent", "POST"): (f"/people/consent/{ANY_KEY}", ADMINISTRATORS),
    ("people.withdraw", "POST"): (f"/people/withdraw/{ANY_KEY}", ADMINISTRATORS),
    ("people.birth_year", "POST"): (f"/people/birth-year/{ANY_KEY}", ADMINISTRATORS),
    # Whose athlete it is, is asked behind the guard: in test_belongings_pages.py, athlete by athlete.
    ("belongings.export", "POST"): (f"/people/export/{ANY_KEY}", ADMINISTRATORS),
    ("belongings.export_mine", "POST"): ("/account/export", ROWERS),
    ("belongings.ask", "GET"): (f"/people/delete/{ANY_KEY}", ADMINISTRATORS),
    ("belongings.erase", "POST"): (f"/people/delete/{ANY_KEY}", ADMINISTRATORS),
    # Whom her own club took out, and nobody else, is asked behind the guard: in test_members.py.
    ("belongings.ask_account", "GET"): (f"/people/delete-account/{ANY_KEY}", ADMINISTRATORS),
    ("belongings.erase_account", "POST"): (f"/people/delete-account/{ANY_KEY}", ADMINISTRATORS),
    # Calls of the API are tried with a token of each person's, and with her browser's cookies: nobody gets in by those.
    ("api.document", "GET"): (f"{API}/openapi.json", EVERYBODY),
    **{("api.nothing", m): (f"{API}/no-such-call", NO_ONE) for m in ("GET", "POST", "PUT", "PATCH", "DELETE")},
    ("api.me", "GET"): (f"{API}/me", SIGNED_IN),
    ("api.athletes", "GET"): (f"{API}/athletes", SIGNED_IN),
    ("api.athlete", "GET"): (f"{API}/athletes/{ATHLETE_KEY}", WHO_SEES_IT),
    ("api.squads", "GET"): (f"{API}/squads", SIGNED_IN),
    ("api.squad", "GET"): (f"{API}/squads/{SQUAD}", WHO_SEES_IT),
    ("api.members", "GET"): (f"{API}/members", ADMINISTRATORS),
    # Whose they are is asked behind the guard: in test_members.py.
    ("api.change_member", "PATCH"): (f"{API}/members/{ANY_KEY}", ADMINISTRATORS),
    ("api.remove_member", "DELETE"): (f"{API}/members/{ANY_KEY}", ADMINISTRATORS),
    ("api.club_squads", "GET"): (f"{API}/club/squads", ADMINISTRATORS),
    ("api.make_squad", "POST"): (f"{API}/club/squads", ADMINISTRATORS),
    ("api.put_into_squads", "PUT"): (f"{API}/athletes/{ANY_KEY}/squads", ADMINISTRATORS),
    ("api.history", "GET"): (f"{API}/history", ADMINISTRATORS),
    ("api.kept_of_athlete", "GET"): (f"{API}/athletes/{ANY_KEY}/kept", ADMINISTRATORS),
    ("api.erase_rower", "POST"): (f"{API}/athletes/{ANY_KEY}/erase", ADMINISTRATORS),
    ("api.taken_out_people", "GET"): (f"{API}/taken-out", ADMINISTRATORS),
    ("api.kept_of_account", "GET"): (f"{API}/taken-out/{ANY_KEY}", ADMINISTRATORS),
    ("api.bring_back", "POST"): (f"{API}/taken-out/{ANY_KEY}/bring-back", ADMINISTRATORS),
    ("api.erase_taken_out", "POST"): (f"{API}/taken-out/{ANY_KEY}/erase", ADMINISTRATORS),
    ("api.sessions", "GET"): (f"{API}/sessions", SIGNED_IN),
    ("api.session", "GET"): (f"{API}/sessions/{SESSION}", WHO_SEES_IT),
    ("api.calibrations", "GET"): (f"{API}/athletes/{ATHLETE_KEY}/calibrations", WHO_SEES_IT),
    ("api.calibration", "GET"): (f"{API}/athletes/{ATHLETE_KEY}/calibrations/{CALIBRATION}", WHO_SEES_IT),
    ("api.remove_calibration", "DELETE"): (f"{API}/athletes/{ATHLETE_KEY}/calibrations/{ANY_KEY}", WHO_COACHES),
    ("api.put_monitor", "PUT"): (f"{API}/sessions/{SESSION}/monitor", WHO_SEES_IT),
    ("api.remove_monitor", "DELETE"): (f"{API}/sessions/{SESSION}/monitor", WHO_SEES_IT),
    ("api.change_session", "PATCH"): (f"{API}/sessions/{SESSION}", WHO_COACHES),
    ("api.remove_session", "DELETE"): (f"{API}/sessions/{SESSION}", WHO_COACHES),
    ("api.links", "GET"): (f"{API}/sessions/{SESSION}/links", WHO_SEES_IT),
    ("api.new_link", "POST"): (f"{API}/sessions/{SESSION}/links", WHO_SEES_IT),
    ("api.remove_link", "DELETE"): (f"{API}/sessions/{SESSION}/links/{ANY_KEY}", WHO_SEES_IT),
    ("api.link_file", "GET"): (f"{API}/sessions/{SESSION}/links/{ANY_KEY}/files/card.png", WHO_SEES_IT),
    ("api.analyses", "GET"): (f"{API}/sessions/{SESSION}/analyses", WHO_SEES_IT),
    ("api.session_analysis", "GET"): (f"{API}/sessions/{SESSION}/analyses/{ANALYSIS}", WHO_SEES_IT),
    ("api.new_analysis", "POST"): (f"{API}/sessions/{SESSION}/analyses", WHO_COACHES),
    ("api.strokes", "GET"): (f"{API}/sessions/{SESSION}/strokes", WHO_SEES_IT),
    ("api.session_file", "GET"): (f"{API}/sessions/{SESSION}/files/report.html", WHO_SEES_IT),
    ("api.analysis", "GET"): (f"{API}/analyses/{ANALYSIS}", WHO_SEES_IT),
    ("api.quantities", "GET"): (f"{API}/season/quantities", SIGNED_IN),
    ("api.season_groups", "GET"): (f"{API}/season/groups", SIGNED_IN),
    ("api.season_sessions", "GET"): (f"{API}/season/sessions", SIGNED_IN),
    ("api.athlete_season", "GET"): (f"{API}/athletes/{ATHLETE_KEY}/season", WHO_SEES_IT),
    ("api.season_trends", "GET"): (f"{API}/season/trends", SIGNED_IN),
    ("api.season_squads", "GET"): (f"{API}/season/squads", SIGNED_IN),
    ("api.jobs", "GET"): (f"{API}/jobs", SIGNED_IN),
    ("api.job", "GET"): (f"{API}/jobs/{JOB}", SENDER_OR_ADMINISTRATOR),
    ("api.cancel_job", "POST"): (f"{API}/jobs/{JOB}/cancel", SENDER_OR_ADMINISTRATOR),
    ("api.retry_job", "POST"): (f"{API}/jobs/{JOB}/retry", SENDER_OR_ADMINISTRATOR),
    ("api.films", "GET"): (f"{API}/films?sha256={'a' * 64}", SIGNED_IN),
    ("api.upload_capabilities", "OPTIONS"): (f"{API}/uploads", SIGNED_IN),
    ("api.uploads", "GET"): (f"{API}/uploads", SIGNED_IN),
    ("api.create_upload", "POST"): (f"{API}/uploads", SIGNED_IN),
    ("api.upload", "GET"): (f"{API}/uploads/{UPLOAD}", SENDER),
    ("api.send_upload", "PATCH"): (f"{API}/uploads/{UPLOAD}", SENDER),
    ("api.remove_upload", "DELETE"): (f"{API}/uploads/{UPLOAD}", SENDER),
    ("api.claim_upload", "POST"): (f"{API}/uploads/{UPLOAD}/claim", SENDER),
    ("api.cancel_upload", "POST"): (f"{API}/uploads/{UPLOAD}/cancel", SENDER),
    ("api.retry_upload", "POST"): (f"{API}/uploads/{UPLOAD}/retry", SENDER),
}
API_CALLS = {call: told for call, told in EXPECTED.items() if call[0].startswith("api.")}
#: Output of a callback -> who may ask for it. Those that run in the browser are asked of nobody.
EXPECTED_CALLBACKS = {"content.children": SIGNED_IN, "player.title": NO_ONE, "compare.title": NO_ONE}
#: Every file of a session that the web shows; all others are nobody's.
SHOWN_FILES = {
    "overlay.mp4", "report.html", "faults/hips_tip_back.png", "original", "strokes.csv", "frames.csv",
    "strokes.parquet", "frames.parquet", "track.parquet",
}  # fmt: skip
EVERY_PERSON = (*PEOPLE, NOBODY)


@dataclass
class World:
    store: ClubStore
    app: Any
    clients: dict[str, FlaskClient]
    uploads: dict[str, uuid.UUID] = field(default_factory=dict)
    """Who sends it -> key."""
    films: dict[str, uuid.UUID] = field(default_factory=dict)
    """Who sent it -> key of an upload that became a session; the junior's is her own, which she may not see."""
    jobs: dict[str, uuid.UUID] = field(default_factory=dict)
    """Who sent its film -> key."""
    tokens: dict[str, str] = field(default_factory=dict)
    """Of everybody, for everything."""
    forms: dict[FlaskClient, str] = field(default_factory=dict)
    """What shows that a request is the page's own; one for as long as somebody is signed in."""

    def get(self, person: str, address: str) -> int:
        answer = self.clients[person].get(address)
        answer.close()
        return _status(answer)

    def program(self, token: str, address: str, method: str = "GET") -> TestResponse:
        """Who asks with a token and without cookies."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.app.server.test_client().open(address, method=method, headers=headers)

    def post(self, client: FlaskClient, person: str, address: str, method: str = "POST", **more: Any) -> TestResponse:
        if client not in self.forms:
            self.forms[client] = token_of(client, person)
        return client.open(address, method=method, headers={"X-CSRFToken": self.forms[client]}, **more)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    (folder / "secret").write_text("s", encoding="utf-8")
    # Nobody answers there; test_provider.py has one that does.
    provider = ProviderSettings(issuer="http://127.0.0.1:9", client_id="c", secret_file=folder / "secret")
    store, app = make_world(folder, Offers(mail=True, provider=provider))
    uploads = {person: begin_upload(store, person) for person in PEOPLE}
    for upload in uploads.values():
        picture = upload_files_of(store).picture(upload)
        picture.parent.mkdir(exist_ok=True)
        picture.write_bytes(b"\xff\xd8\xff")
    films = {person: claimed_upload(store, person, next(iter(one.sees), JUNIOR)) for person, one in PEOPLE.items()}
    jobs = {person: _job(store, person) for person in PEOPLE}
    for athlete in ATHLETES:
        _add_calibration(store, athlete)
    tokens = {person: make_token_of(store, person, SCOPES) for person in PEOPLE}
    for club, person, athlete in ((A, "administrator", ROWER_1), (B, "coach of another club", ROWER_B)):
        who = viewer_of(store.database, PEOPLE[person].user_id, club.club_id)
        assert who is not None
        assert choose(store.database, who, SESSIONS[athlete], CLUB_REFERENCE, 1.5)
    yield World(store, app, {person: signed_in(app, person) for person in EVERY_PERSON}, uploads, films, jobs, tokens)
    store.database.close()


def _job(store: ClubStore, person: str) -> uuid.UUID:
    """A job of a film that somebody sends."""
    made = begin_upload(store, person)
    with store.database.writing(PEOPLE[person].club) as unit:
        job = enqueue(unit, "analyze", {})
        unit.get_one(Upload, made).job_id = job.id
    return job.id


def _add_calibration(store: ClubStore, athlete: uuid.UUID) -> None:
    made = {"id": key(athlete.int + 300), "athlete_id": athlete, "made_at": datetime.now(UTC)}
    with store.database.writing(ATHLETES[athlete][0]) as unit:
        unit.add(StoredCalibration(**made, estimator="x", document={}))


def _status(answer: TestResponse) -> int:
    """Being led to the page to sign in counts as what it is: not signed in."""
    to_sign_in = (
        answer.status_code == 302 and str(answer.location).startswith("/sign-in?")
    ) or answer.location == "/sign-in"
    return 401 if to_sign_in and answer.request.path != "/sign-out" else answer.status_code


def _routes(app: Any) -> set[tuple[str, str]]:
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE"}
    rules = list(app.server.url_map.iter_rules())
    own = {(rule.endpoint, "OPTIONS") for rule in rules if rule.methods == {"OPTIONS"}}
    return own | {(rule.endpoint, m) for rule in rules for m in rule.methods & methods}


def _expected_status(person: str, who: str, athlete: uuid.UUID | None = None, sender: str = "") -> int:
    """What who is not let through is told; 200: let through."""
    if who == EVERYBODY:
        return 200
    if who == NO_ONE:
        return 404
    if person == NOBODY:
        return 401
    if who == SIGNING_IN:
        return 200
    if who in (WHO_SEES_IT, WHO_COACHES, HERSELF):
        if athlete not in PEOPLE[person].sees:
            return 404
        return 200 if who == WHO_SEES_IT or (PEOPLE[person].role == ATHLETE) == (who == HERSELF) else 403
    if who == ROWERS:
        herself = PEOPLE[person].athlete_id
        return 404 if herself is None else 200 if herself in PEOPLE[person].sees else 403
    if who == COACHES:
        return 403 if PEOPLE[person].role == ATHLETE else 200
    if who == SENDER_OR_ADMINISTRATOR:
        one, other = PEOPLE[person], PEOPLE[sender]
        return 200 if person == sender or (one.role == ADMINISTRATOR and one.club == other.club) else 404
    if who == SENDER:
        return 200 if person == sender else 404
    return 200 if who == SIGNED_IN or PEOPLE[person].role == ADMINISTRATOR else 403


def test_every_route_and_callback_of_the_program_is_in_the_matrix(world: World) -> None:
    assert _routes(world.app) == set(EXPECTED)
    assert set(ROUTES) <= set(EXPECTED), "no rule for what is not there"
    assert set(world.app.callback_map) == set(EXPECTED_CALLBACKS)
    assert set(CALLBACKS) == {output for output, who in EXPECTED_CALLBACKS.items() if who != NO_ONE}


def _places(world: World, address: str) -> list[tuple[uuid.UUID | None, str, str]]:
    """Athlete or sender that an address is about, and the address of each."""
    if SESSION in address:
        suffix = "" if address.startswith(API) else ".rowsense"
        return [
            (athlete, "", _of_hers(address, athlete).replace(SESSION, f"{key}{suffix}"))
            for athlete, key in SESSIONS.items()
        ]
    if ATHLETE_KEY in address:
        return [(one, "", _of_hers(address, one).replace(ATHLETE_KEY, str(one))) for one in ATHLETES]
    if SQUAD in address:
        return [(one, "", address.replace(SQUAD, str(ATHLETES[one][2]))) for one in ATHLETES if one != JUNIOR]
    if JOB in address:
        return [(None, sender, address.replace(JOB, str(key))) for sender, key in world.jobs.items()]
    if ANALYSIS in address:
        return [(one, "", address.replace(ANALYSIS, str(key(one.int + 200)))) for one in ATHLETES]
    if UPLOAD in address:
        return [(None, sender, address.replace(UPLOAD, str(key))) for sender, key in world.uploads.items()]
    if FILM in address:
        films = world.films.items()
        return [(None, sender if PEOPLE[sender].sees else "", address.replace(FILM, str(key))) for sender, key in films]
    return [(None, "", address)]


def _of_hers(address: str, athlete: uuid.UUID) -> str:
    """With the keys of what is one athlete's."""
    for name, number in ((ANALYSIS, 200), (CALIBRATION, 300)):
        address = address.replace(name, str(key(athlete.int + number)))
    return address


@pytest.mark.parametrize("person", EVERY_PERSON)
def test_routes(world: World, person: str) -> None:
    told: dict[str, tuple[int, int]] = {}
    for (endpoint, method), (address, who) in EXPECTED.items():
        for athlete, sender, place in _places(world, address):
            # A browser of its own where it would be signed out.
            client = signed_in(world.app, person) if endpoint == "security.logout" else world.clients[person]
            if (endpoint, method) in API_CALLS:
                answer = world.program(world.tokens.get(person, ""), place, method)
            else:
                answer = client.get(place) if method == "GET" else world.post(client, person, place, method)
            answer.close()
            expected = _expected_status(person, who, athlete, sender)
            # A note that is not there is refused in JSON, by the route itself.
            let_through = endpoint.startswith("notes.") and answer.is_json
            status = _status(answer) if _status(answer) in {401, 403, 404} and not let_through else 200
            if status != expected:
                told[f"{method} {place}"] = (status, expected)
    assert told == {}


def test_no_call_is_answered_to_a_browser_or_to_a_token_without_its_scope(world: World) -> None:
    person = "administrator"
    narrow = {scope: make_token_of(world.store, person, [scope]) for scope in SCOPES}
    told = {}
    for (endpoint, method), (address, who) in API_CALLS.items():
        if who in (EVERYBODY, NO_ONE):
            continue
        scopes = API_RULES[endpoint, method].scopes
        assert scopes, endpoint
        place = next(p for a, s, p in _places(world, address) if a in (None, ROWER_1) and s in ("", person))
        by_cookie = world.post(world.clients[person], person, place, method)
        if by_cookie.status_code != 401 or "Access-Control-Allow-Origin" in by_cookie.headers:
            told[f"{method} {place} with cookies"] = by_cookie.status_code
        for scope, token in narrow.items():
            answer = world.program(token, place, method)
            answer.close()
            status = answer.status_code
            if (status == 403) != (scope not in scopes):
                told[f"{method} {place} for {scope}"] = status
    assert told == {}


@pytest.mark.parametrize("person", EVERY_PERSON)
def test_programs_are_told_of_whom_one_may_see_and_of_nobody_else(world: World, person: str) -> None:
    if person == NOBODY:
        return
    token = world.tokens[person]
    film = "a" * 64
    lists = ("athletes", "squads", "sessions", "season/groups?by=athlete", "season/groups?by=squad", "season/sessions")
    lists += ("season/trends", "season/squads")
    said = {name: world.program(token, f"{API}/{name}").text for name in (*lists, f"films?sha256={film}")}
    for athlete, (_, name, squad, _) in ATHLETES.items():
        sees = athlete in PEOPLE[person].sees
        for call in ("athletes", "sessions", f"films?sha256={film}", "season/trends", "season/squads"):
            assert (f'"{name}"' in said[call]) == sees, (call, name)
        for call in ("season/groups?by=athlete", "season/sessions"):
            assert (str(athlete) in said[call]) == sees, (call, name)
        sees_squad = any(ATHLETES[one][2] == squad for one in PEOPLE[person].sees)
        for call in ("squads", "season/groups?by=squad", "season/squads"):
            assert (str(squad) in said[call]) == sees_squad, (call, name)
        # To ask for one who is not hers by name is to ask for nobody, never for everybody.
        for asked in (f"athlete={athlete}", f"squad={squad}"):
            empty = world.program(token, f"{API}/season/groups?by=athlete&{asked}").get_json()["items"] == []
            assert empty != (sees if "athlete" in asked else sees_squad)
            empty = world.program(token, f"{API}/sessions?{asked}").get_json()["items"] == []
            assert empty != (sees if "athlete" in asked else sees_squad)


@pytest.mark.parametrize("person", EVERY_PERSON)
def test_every_file_of_every_session(world: World, person: str) -> None:
    told = {}
    for athlete, (scope, *_) in ATHLETES.items():
        prefix = f"{scope.club_id}/"
        stored = {"/".join(file.key.split("/")[2:]) for file in world.store.files.listed(prefix)}
        assert stored >= {"session.json", "track.parquet", "overlay.mp4"}
        for name in (*sorted(stored), "original", "copy", "strokes.csv", "frames.csv", "track.csv"):
            who = WHO_SEES_IT if name in SHOWN_FILES else NO_ONE
            expected = 401 if person == NOBODY else _expected_status(person, who, athlete)
            got = world.get(person, f"/media/{SESSIONS[athlete]}.rowsense/{name}")
            if got != expected:
                told[f"{ATHLETES[athlete][1]}: {name}"] = (got, expected)
    assert told == {}


@pytest.mark.parametrize("person", EVERY_PERSON)
def test_every_asset(world: World, person: str) -> None:
    import dashboards

    folder = Path(str(dashboards.__file__)).parent / "assets"
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert set(names) >= OPEN_ASSETS
    for name in names:
        expected = _expected_status(person, EVERYBODY if name in OPEN_ASSETS else SIGNED_IN)
        assert world.get(person, f"/assets/{name}") == expected, name


@pytest.mark.parametrize("person", EVERY_PERSON)
def test_every_callback(world: World, person: str) -> None:
    for output, who in EXPECTED_CALLBACKS.items():
        answer = _ask(world, person, output, "/")
        assert answer.status_code == _expected_status(person, who), output


@pytest.mark.parametrize("person", EVERY_PERSON)
def test_the_pages_show_whose_sessions_may_be_seen_and_no_other(world: World, person: str) -> None:
    sees = () if person == NOBODY else PEOPLE[person].sees
    listed = _ask(world, person, "content.children", "/").text
    for athlete, (_, name, *_) in ATHLETES.items():
        assert (name in listed) == (athlete in sees), name
        page = _ask(world, person, "content.children", f"/session/{SESSIONS[athlete]}.rowsense").text
        assert ("data-first" in page) == (athlete in sees), name
        own = f"{SESSIONS[athlete]}.rowsense"
        compared = _ask(world, person, "content.children", "/compare", f"?first={own}&strokes=1&with=2").text
        assert ("data-address" in compared) == (athlete in sees), name
        if person != NOBODY:
            assert (name in compared) == (athlete in sees), name


@pytest.mark.parametrize("person", EVERY_PERSON)
def test_seasons_are_shown_of_whom_one_may_see_and_of_nobody_else(world: World, person: str) -> None:
    sees = () if person == NOBODY else PEOPLE[person].sees
    coaches = person != NOBODY and PEOPLE[person].role in (ADMINISTRATOR, COACH)
    club = _ask(world, person, "content.children", "/club", "?weeks=0").text
    hidden = _ask(world, person, "content.children", "/club", "?weeks=0&names=off").text
    for athlete, (_, name, squad, _) in ATHLETES.items():
        assert (name in club) == (coaches and athlete in sees), name
        assert name not in hidden
        if athlete not in sees:
            assert str(athlete) not in club and str(athlete) not in hidden
        asked = f"?weeks=0&squad={squad}&session={SESSIONS[athlete]}"
        season = _ask(world, person, "content.children", f"/athlete/{athlete}", asked).text
        assert (name in season) == (athlete in sees), name
        assert (str(SESSIONS[athlete]) in season) == (athlete in sees), name


def test_two_rowers_of_a_club_are_told_apart_by_who_they_are(world: World) -> None:
    keys = [f"{SESSIONS[athlete]}.rowsense" for athlete in (ROWER_1, ROWER_2)]
    both = f"?first={keys[0]}&second={keys[1]}"
    page = _ask(world, "administrator", "content.children", "/compare", both).text
    assert "Anna and Beata are two rowers" in page, "whatever name the analysis was made under"
    page = _ask(world, "administrator", "content.children", "/compare", f"{both}&rowers=any").text
    assert "data-address" in page and "this is no change of anybody" in page
    assert "the session of 1 Mar 2026" in page
    for person in ("coach of squad 1", "coach of squad 2"):
        page = _ask(world, person, "content.children", "/compare", f"{both}&rowers=any").text
        assert "may have been moved or deleted" in page
        address = f"/compare/data.json{both}&rowers=any"
        assert world.get(person, address) == 404, "one of the two is not enough"
    assert world.get("administrator", address) == 200


def _ask(world: World, person: str, output: str, pathname: str, search: str = "") -> TestResponse:
    component, prop = output.split(".")
    asked = {
        "output": output,
        "outputs": {"id": component, "property": prop},
        "inputs": [
            {"id": "address", "property": "pathname", "value": pathname},
            {"id": "address", "property": "search", "value": search},
        ],
        "changedPropIds": ["address.pathname"],
    }
    return world.post(world.clients[person], person, "/_dash-update-component", json=asked)


def test_what_has_no_rule_is_closed_to_everybody(tmp_path: Path) -> None:
    store, app = make_world(tmp_path)
    app.server.add_url_rule("/overlooked", "overlooked", lambda: "secret")
    app.callback_map["overlooked.children"] = app.callback_map["content.children"]
    for person in ("administrator", NOBODY):
        client = signed_in(app, person)
        assert client.get("/overlooked").status_code == 404
        assert client.options("/people").status_code == 404
        world = World(store, app, {person: client})
        assert _ask(world, person, "overlooked.children", "/").status_code == 404
    store.database.close()


def test_the_player_of_another_club_stays_shut_also_for_addresses_that_are_bent(world: World) -> None:
    theirs = SESSIONS[next(a for a, (_, name, *_) in ATHLETES.items() if name == "Dora")]
    own = next(iter(SESSIONS.values()))
    for bent in (
        f"/media/{own}.rowsense/../{theirs}.rowsense/overlay.mp4",
        f"/media/{own}.rowsense/{theirs}.rowsense/overlay.mp4",
        f"/media/{str(theirs).upper()}.rowsense/overlay.mp4",
        f"/media/{{{theirs}}}.rowsense/overlay.mp4",
        "/media/..%2f..%2fclub.sqlite3",
    ):
        assert world.get("rower of squad 1", bent) == 404, bent


def test_a_request_from_another_page_changes_nothing(world: World) -> None:
    client = world.clients["administrator"]
    assert client.post("/people/invite", data={"email": "x@club.org", "role": "administrator"}).status_code == 400
    assert client.post("/sign-out").status_code == 400
    asked = {"output": "content.children", "inputs": []}
    assert client.post("/_dash-update-component", json=asked).status_code == 400
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
