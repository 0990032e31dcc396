"""What the API's routes do with what, and with which scopes: for the gate in ``dashboards/accounts/guard.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboards.accounts.rules import Rule
from rowsense.store.access import Action, Kind
from rowsense.store.tables.api_tokens import ANALYSE, EDIT, ERASE, PEOPLE, READ, SCOPES, SEASON, SHARE, UPLOAD

_OPEN: Final = Rule(Kind.OPEN)
_ANY: Final = Rule(Kind.SHELL, scopes=SCOPES)
_READ: Final = Rule(Kind.SHELL, scopes=(READ,))
_SESSION: Final = Rule(Kind.SESSION, measured=True, scopes=(READ,))
_ANALYSE: Final = Rule(Kind.SESSION, Action.CHANGE, measured=True, scopes=(ANALYSE,))
_EDIT: Final = Rule(Kind.SESSION, Action.CHANGE, measured=True, scopes=(EDIT,))
_ADD: Final = Rule(Kind.SESSION, Action.ADD, measured=True, scopes=(EDIT,))
_SHARE: Final = Rule(Kind.SESSION, Action.SHARE, measured=True, scopes=(SHARE,))
_JOB: Final = Rule(Kind.SHELL, scopes=(READ, ANALYSE))
#: What a calibration that was sent came to.
_SEND_OR_READ: Final = Rule(Kind.SHELL, scopes=(UPLOAD, READ))
_SEASON: Final = Rule(Kind.SHELL, scopes=(SEASON,))
_PEOPLE: Final = Rule(Kind.CLUB, scopes=(PEOPLE,))
_CHANGE_PEOPLE: Final = Rule(Kind.CLUB, Action.CHANGE, scopes=(PEOPLE,))
#: What is not to be undone has a scope of its own: a token that moves rowers between squads must not delete them.
_TAKEN_OUT: Final = Rule(Kind.CLUB, scopes=(PEOPLE, ERASE))
_ERASE: Final = Rule(Kind.CLUB, Action.CHANGE, scopes=(ERASE,))
_UPLOAD: Final = Rule(Kind.UPLOAD, scopes=(UPLOAD,))
_CHANGE_UPLOAD: Final = Rule(Kind.UPLOAD, Action.CHANGE, scopes=(UPLOAD,))

#: Endpoint and method -> rule. Where a rule is a shell, the route asks the store only for what its viewer may see.
API: Final[Mapping[tuple[str, str], Rule]] = {
    ("api.document", "GET"): _OPEN,
    # It says that there is nothing.
    **{("api.nothing", method): _OPEN for method in ("GET", "POST", "PUT", "PATCH", "DELETE")},
    ("api.me", "GET"): _ANY,
    ("api.athletes", "GET"): _ANY,
    ("api.athlete", "GET"): _ANY,
    ("api.squads", "GET"): _ANY,
    ("api.squad", "GET"): _ANY,
    ("api.calibrations", "GET"): _READ,
    ("api.calibration", "GET"): _SEND_OR_READ,
    ("api.remove_calibration", "DELETE"): Rule(Kind.SHELL, scopes=(EDIT,)),
    ("api.members", "GET"): _PEOPLE,
    ("api.change_member", "PATCH"): _CHANGE_PEOPLE,
    ("api.remove_member", "DELETE"): _CHANGE_PEOPLE,
    ("api.club_squads", "GET"): _PEOPLE,
    ("api.make_squad", "POST"): _CHANGE_PEOPLE,
    ("api.put_into_squads", "PUT"): _CHANGE_PEOPLE,
    ("api.history", "GET"): _PEOPLE,
    ("api.kept_of_athlete", "GET"): _TAKEN_OUT,
    ("api.erase_rower", "POST"): _ERASE,
    ("api.taken_out_people", "GET"): _TAKEN_OUT,
    ("api.kept_of_account", "GET"): _TAKEN_OUT,
    ("api.bring_back", "POST"): _CHANGE_PEOPLE,
    ("api.erase_taken_out", "POST"): _ERASE,
    ("api.sessions", "GET"): _READ,
    ("api.session", "GET"): _SESSION,
    ("api.change_session", "PATCH"): _EDIT,
    ("api.remove_session", "DELETE"): _EDIT,
    ("api.put_monitor", "PUT"): _ADD,
    ("api.remove_monitor", "DELETE"): _ADD,
    ("api.links", "GET"): _SHARE,
    ("api.new_link", "POST"): _SHARE,
    ("api.remove_link", "DELETE"): _SHARE,
    ("api.link_file", "GET"): _SHARE,
    ("api.analyses", "GET"): _SESSION,
    ("api.session_analysis", "GET"): _SESSION,
    ("api.new_analysis", "POST"): _ANALYSE,
    ("api.strokes", "GET"): _SESSION,
    ("api.session_file", "GET"): _SESSION,
    ("api.analysis", "GET"): Rule(Kind.SHELL, scopes=(READ, ANALYSE)),
    ("api.quantities", "GET"): _SEASON,
    ("api.season_groups", "GET"): _SEASON,
    ("api.season_sessions", "GET"): _SEASON,
    ("api.season_trends", "GET"): _SEASON,
    ("api.season_squads", "GET"): _SEASON,
    ("api.athlete_season", "GET"): _SEASON,
    ("api.jobs", "GET"): _JOB,
    ("api.job", "GET"): _JOB,
    ("api.cancel_job", "POST"): Rule(Kind.SHELL, scopes=(ANALYSE,)),
    ("api.retry_job", "POST"): Rule(Kind.SHELL, scopes=(ANALYSE,)),
    ("api.films", "GET"): Rule(Kind.SHELL, scopes=(UPLOAD,)),
    ("api.upload_capabilities", "OPTIONS"): _UPLOAD,
    ("api.uploads", "GET"): _UPLOAD,
    ("api.create_upload", "POST"): Rule(Kind.UPLOAD, Action.ADD, scopes=(UPLOAD,)),
    ("api.upload", "GET"): _UPLOAD,
    ("api.send_upload", "PATCH"): _CHANGE_UPLOAD,
    ("api.remove_upload", "DELETE"): _CHANGE_UPLOAD,
    ("api.claim_upload", "POST"): _CHANGE_UPLOAD,
    ("api.cancel_upload", "POST"): _CHANGE_UPLOAD,
    ("api.retry_upload", "POST"): _CHANGE_UPLOAD,
}
