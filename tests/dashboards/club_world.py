"""Two clubs with people in every role and a recorded session of each rower, behind a club's app."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from flask_security import hash_password
from PIL import Image

from dashboards.accounts.offers import Offers
from dashboards.club import Place, create_club_app
from rowsense.store.api_tokens import make_token
from rowsense.store.claims import ClubStore
from rowsense.store.opening import open_store
from rowsense.store.record import Piece, Recording, record
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import (
    ADMINISTRATOR,
    ATHLETE,
    COACH,
    Athlete,
    Club,
    Membership,
    Squad,
    SquadAthlete,
    SquadCoach,
    Upload,
    User,
)
from rowsense.store.tables.uploads import CLAIMED
from rowsense.store.uploads import Announced, UploadLimits, create_upload
from rowsense.store.viewers import viewer_of
from tests.store.club import analysed_folder

PASSWORD = "wet oars in the boathouse"
FILM = b"\0\0\0\x20ftypisom" + bytes(2000)
THIS_YEAR = datetime.now(UTC).year


def key(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)


A, B = ClubScope(key(1)), ClubScope(key(2))
SQUAD_1, SQUAD_2, SQUAD_B = key(11), key(12), key(13)
#: A rower in squad 1, one in squad 2, a junior in squad 1 without consent; a rower of the other club.
ROWER_1, ROWER_2, JUNIOR, ROWER_B = key(21), key(22), key(23), key(24)
ATHLETES = {
    ROWER_1: (A, "Anna", SQUAD_1, 1995),
    ROWER_2: (A, "Beata", SQUAD_2, 1990),
    JUNIOR: (A, "Celina", SQUAD_1, THIS_YEAR - 15),
    ROWER_B: (B, "Dora", SQUAD_B, 1985),
}
SESSIONS = {athlete: key(athlete.int + 100) for athlete in ATHLETES}


@dataclass(frozen=True)
class Person:
    """Somebody who signs in."""

    user_id: uuid.UUID
    club: ClubScope
    role: str
    squads: tuple[uuid.UUID, ...] = ()
    athlete_id: uuid.UUID | None = None
    sees: tuple[uuid.UUID, ...] = ()
    """Athletes whose sessions she may see; written down here, not worked out."""
    elsewhere: Person | None = None
    """The same user in the other club; in her browser she has chosen this one."""


PEOPLE: Mapping[str, Person] = {
    "administrator": Person(key(31), A, ADMINISTRATOR, sees=(ROWER_1, ROWER_2)),
    "coach of squad 1": Person(key(32), A, COACH, (SQUAD_1,), sees=(ROWER_1,)),
    "coach of squad 2": Person(key(33), A, COACH, (SQUAD_2,), sees=(ROWER_2,)),
    "rower of squad 1": Person(key(34), A, ATHLETE, athlete_id=ROWER_1, sees=(ROWER_1,)),
    "rower of squad 2": Person(key(35), A, ATHLETE, athlete_id=ROWER_2, sees=(ROWER_2,)),
    "junior without consent": Person(key(36), A, ATHLETE, athlete_id=JUNIOR),
    "administrator of another club": Person(key(37), B, ADMINISTRATOR, sees=(ROWER_B,)),
    "coach of another club": Person(key(38), B, COACH, (SQUAD_B,), sees=(ROWER_B,)),
    "rower of another club": Person(key(39), B, ATHLETE, athlete_id=ROWER_B, sees=(ROWER_B,)),
    "coach here, rower there": Person(
        key(41), A, COACH, (SQUAD_2,), sees=(ROWER_2,), elsewhere=Person(key(41), B, ATHLETE, athlete_id=ROWER_B)
    ),
    "rower here, coach there": Person(
        key(42), B, ATHLETE, athlete_id=ROWER_B, sees=(ROWER_B,), elsewhere=Person(key(42), A, COACH, (SQUAD_2,))
    ),
}
NOBODY = "nobody"


def mail_of(person: str) -> str:
    return f"{person.replace(', ', '.').replace(' ', '.')}@club.org"


def make_world(
    folder: Path,
    offers: Offers | None = None,
    url: str = "",
    *,
    find_rower: bool = False,
    files: str = "",
    film: bytes = FILM,
) -> tuple[ClubStore, Any]:
    """The store and the app; ``url``: of a database that is not an SQLite file in ``folder``.

    ``find_rower``: look for her in every film that comes in, which takes seconds. ``files``: where files are that are
    not in ``folder``. ``film``: the bytes of every film.
    """
    store = open_store(url or f"sqlite:///{folder / 'club.sqlite3'}", files or str(folder / "files"))
    app = create_club_app(
        store, Place("http://127.0.0.1:8050", "s" * 40), UploadLimits(find_rower=find_rower), offers=offers
    )
    with app.server.app_context():
        hashed = str(hash_password(PASSWORD))
    _add_people(store, hashed)
    analysed = analysed_folder(folder / "clip.rowsense")
    (analysed / "overlay.mp4").write_bytes(film)
    Image.new("RGB", (60, 40)).save(analysed / "faults" / "hips_tip_back.png")
    video = folder / "clip.mp4"
    video.write_bytes(film)
    for athlete, (scope, _, _, _) in ATHLETES.items():
        piece = Piece(athlete, date(2026, 3, 1))
        record(store, scope, Recording(analysed, SESSIONS[athlete], key(athlete.int + 200), piece, video=video))
    return store, app


def _add_people(store: ClubStore, hashed: str) -> None:
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add_all([Club(id=A.club_id, name="Łódź"), Club(id=B.club_id, name="Other club")])
        unit.flush()
        for squad, scope in ((SQUAD_1, A), (SQUAD_2, A), (SQUAD_B, B)):
            unit.add(Squad(id=squad, club_id=scope.club_id, name=f"Squad {squad.int}"))
        for athlete, (scope, name, _, year) in ATHLETES.items():
            unit.add(Athlete(id=athlete, club_id=scope.club_id, name=name, birth_year=year))
        unit.flush()
        for athlete, (scope, _, squad, _) in ATHLETES.items():
            unit.add(SquadAthlete(club_id=scope.club_id, squad_id=squad, athlete_id=athlete))
        for name, person in PEOPLE.items():
            unit.add(User(id=person.user_id, email=mail_of(name), name=name, password_hash=hashed))
            unit.flush()
            _join(unit, person)
            if person.elsewhere is not None:
                _join(unit, person.elsewhere)


def _join(unit: Any, person: Person) -> None:
    club = person.club.club_id
    unit.add(Membership(club_id=club, user_id=person.user_id, role=person.role, athlete_id=person.athlete_id))
    unit.flush()
    unit.add_all(SquadCoach(club_id=club, squad_id=s, user_id=person.user_id) for s in person.squads)


def begin_upload(store: ClubStore, person: str, byte_count: int = 1000) -> uuid.UUID:
    """Announce a film in somebody's name."""
    viewer = viewer_of(store.database, PEOPLE[person].user_id, PEOPLE[person].club.club_id)
    assert viewer is not None
    return create_upload(store, viewer, Announced("clip.mp4", byte_count), UploadLimits()).id


def claimed_upload(store: ClubStore, person: str, athlete: uuid.UUID) -> uuid.UUID:
    """A film that somebody sent and that is the session of a rower now."""
    made = begin_upload(store, person)
    with store.database.writing(PEOPLE[person].club) as unit:
        row = unit.get_one(Upload, made)
        row.state, row.session_id = CLAIMED, SESSIONS[athlete]
    return made


def make_token_of(store: ClubStore, person: str, scopes: Collection[str], days: int = 30) -> str:
    """A token of somebody for a program."""
    one = PEOPLE[person]
    return make_token(store.database, one.club.club_id, one.user_id, "test", scopes, days)


def token_in(page: str) -> str:
    """The form's protection against requests from elsewhere."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def signed_in(app: Any, person: str) -> FlaskClient:
    """A browser of somebody, or of nobody."""
    client: FlaskClient = app.server.test_client()
    if person != NOBODY:
        page = client.get("/sign-in").text
        form = {"csrf_token": token_in(page), "email": mail_of(person), "password": PASSWORD}
        answer = client.post("/sign-in", data=form)
        assert answer.status_code == 302, answer.text
        if PEOPLE[person].elsewhere is not None:
            form = {"csrf_token": token_in(client.get("/choose-club").text)}
            assert client.post(f"/choose-club/{PEOPLE[person].club.club_id}", data=form).location == "/"
    return client


def token_of(client: FlaskClient, person: str) -> str:
    return token_in(client.get("/sign-in" if person == NOBODY else "/account").text)
