"""A club's server: one method for each of its calls. Lists are asked for piece by piece, as they are used."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from rowsense.client.answers import (
    AnalysisState,
    Athlete,
    Group,
    HistoryEntry,
    KnownFilm,
    Link,
    Me,
    Member,
    Monitor,
    NewLink,
    Point,
    Quantity,
    Session,
    Squad,
    Upload,
)
from rowsense.client.errors import RefusedError
from rowsense.client.reading import read
from rowsense.client.wire import Answer, Body, Wire

_TUS: Final = {"Tus-Resumable": "1.0.0"}
_PART: Final = {**_TUS, "Content-Type": "application/offset+octet-stream"}
#: How often a request is made again that the server had no time for.
_TRIES: Final = 5
_T = TypeVar("_T")


class Client:
    """A server and a token. Every method may raise the errors of :mod:`rowsense.client.errors`."""

    def __init__(self, server: str, token: str, *, unencrypted: bool = False) -> None:
        """Nothing is asked yet. ``unencrypted``: http is meant, also to another machine.

        Raises
        ------
        UsageError
            That is no address or no token, or the token would travel unencrypted.
        """
        self._wire = Wire(server, token, unencrypted=unencrypted)

    @property
    def server(self) -> str:
        """Its address."""
        return self._wire.server

    def page(self, path: str) -> str:
        """Where a page of it is, as a browser wants it."""
        return f"{self.server}{path}"

    # --- people

    def me(self) -> Me:
        """Whom the token stands for."""
        return read(Me, self._get("/me"))

    def athletes(self) -> Iterator[Athlete]:
        """Rowers whose sessions may be seen."""
        return self._all(Athlete, "/athletes")

    def squads(self) -> Iterator[Squad]:
        """Their squads."""
        return self._all(Squad, "/squads")

    # --- the club, for its administrators

    def members(self) -> Iterator[Member]:
        """Who signs in."""
        return self._all(Member, "/members")

    def change_member(self, key: uuid.UUID, **changes: Any) -> Member:
        """Make a member something else: ``role``, ``squads``, ``athlete``, ``suspended``. It holds at once."""
        says = {name: value if isinstance(value, bool) else _plain(value) for name, value in changes.items()}
        return read(Member, self._ask("PATCH", f"/members/{key}", says=says).json())

    def remove_member(self, key: uuid.UUID) -> None:
        """Take a member out of the club; what she wrote stays."""
        self._ask("DELETE", f"/members/{key}")

    def club_squads(self) -> Iterator[Squad]:
        """All squads of the club."""
        return self._all(Squad, "/club/squads")

    def make_squad(self, name: str) -> Squad:
        """Make a squad that nobody is in yet."""
        return read(Squad, self._ask("POST", "/club/squads", says={"name": name}).json())

    def put_into_squads(self, athlete: uuid.UUID, squads: Sequence[uuid.UUID]) -> None:
        """Have a rower in these squads and in no other."""
        self._ask("PUT", f"/athletes/{athlete}/squads", says={"squads": [str(one) for one in squads]})

    def history(self, kind: str = "", by: uuid.UUID | str = "") -> Iterator[HistoryEntry]:
        """Who did what, the newest first.

        ``kind``: ``people``, ``access``, ``privacy``, ``sessions`` or ``club``; ``by``: a member's key, or ``nobody``.
        """
        return self._all(HistoryEntry, "/history", kind=kind, by=str(by))

    # --- sessions

    def sessions(
        self,
        *,
        athlete: uuid.UUID | None = None,
        squad: uuid.UUID | None = None,
        since: date | None = None,
        until: date | None = None,
        tag: str | None = None,
    ) -> Iterator[Session]:
        """Analysed sessions, the last rowed first."""
        return self._all(Session, "/sessions", athlete=athlete, squad=squad, since=since, until=until, tag=tag)

    def session(self, key: uuid.UUID) -> Session:
        """One of them."""
        return read(Session, self._get(f"/sessions/{key}"))

    def strokes(self, key: uuid.UUID) -> Iterator[dict[str, Any]]:
        """Its strokes with all that was measured, as in ``strokes.parquet``."""
        return self._all(dict[str, Any], f"/sessions/{key}/strokes")

    def summary(self, key: uuid.UUID) -> dict[str, Any]:
        """Its ``summary.json``."""
        found: dict[str, Any] = self._get(f"/sessions/{key}/files/summary.json")
        return found

    def download(self, key: uuid.UUID, name: str, target: Path, tell: Callable[[int, int], None] | None = None) -> Path:
        """Write one of its files to ``target``, which appears when it is whole."""
        return self._fetched(f"/sessions/{key}/files/{name}", target, tell)

    def _fetched(self, path: str, target: Path, tell: Callable[[int, int], None] | None) -> Path:
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("wb") as file:
                self._wire.fetch(path, file, tell)
            return part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def analysis(self, key: uuid.UUID) -> AnalysisState:
        """How far an analysis is."""
        return read(AnalysisState, self._get(f"/analyses/{key}"))

    def analyse_again(self, session: uuid.UUID, key: uuid.UUID | None = None, **how: Any) -> AnalysisState:
        """Analyse its film again; asked twice with one ``key``, it is done once.

        ``how``: ``speed``, ``rower``, ``stride``, ``from_s``, ``to_s``, ``overlay``.
        """
        says = {"key": str(key or uuid.uuid4()), **{name: value for name, value in how.items() if value is not None}}
        return read(AnalysisState, self._ask("POST", f"/sessions/{session}/analyses", says=says).json())

    def etag(self, key: uuid.UUID) -> str:
        """What stands for a session as it is now."""
        return self._ask("GET", f"/sessions/{key}").headers["etag"]

    def change_session(self, key: uuid.UUID, etag: str = "*", **changes: Any) -> Session:
        """Change what is known of it: ``athlete``, ``rowed_on``, ``piece_kind``, ``distance_m``, ``notes`` ...

        ``etag``: of the session as it was read; then it is refused (412) where somebody has changed it since. None as
        a value: not known.
        """
        says = {name: value if value is None or isinstance(value, int | float) else _plain(value)
                for name, value in changes.items()}  # fmt: skip
        answer = self._ask("PATCH", f"/sessions/{key}", says=says, headers={"If-Match": etag})
        return read(Session, answer.json())

    def delete_session(self, key: uuid.UUID, etag: str = "*") -> None:
        """Delete it with its film and all analyses. It cannot be undone."""
        self._ask("DELETE", f"/sessions/{key}", headers={"If-Match": etag})

    def monitor(self, key: uuid.UUID) -> Monitor | None:
        """What is attached to it of the ergometer's monitor; None: nothing."""
        told = self._get(f"/sessions/{key}")["monitor"]
        return None if told is None else read(Monitor, told)

    def attach_monitor(self, key: uuid.UUID, path: Path, begins_s: float | None = None) -> Monitor:
        """Attach a CSV of the monitor; one that is there gives way.

        ``begins_s``: second of the film at which its clock stood at 0, where the stroke rate is too even to tell.
        """
        query = {"name": path.name, "begins_s": begins_s}
        headers = {"Content-Type": "text/csv"}
        answer = self._ask("PUT", f"/sessions/{key}/monitor", query=query, body=path.read_bytes(), headers=headers)
        return read(Monitor, answer.json()["monitor"])

    def take_off_monitor(self, key: uuid.UUID) -> None:
        """Take it off again."""
        self._ask("DELETE", f"/sessions/{key}/monitor")

    # --- links

    def links(self, key: uuid.UUID) -> tuple[Link, ...]:
        """Links to a session, the newest first."""
        return tuple(read(Link, one) for one in self._get(f"/sessions/{key}/links")["items"])

    def share(self, key: uuid.UUID, **what: Any) -> NewLink:
        """Make a link to a session.

        ``what``: ``days`` (7), ``label``, ``named`` (False), ``face_blurred`` (True), ``surroundings_blurred`` (True),
        ``film`` (``clip``; ``none`` or ``whole``).
        """
        return read(NewLink, self._ask("POST", f"/sessions/{key}/links", says=what).json())

    def take_back(self, key: uuid.UUID, link: uuid.UUID) -> None:
        """End a link at once; what was made for it goes."""
        self._ask("DELETE", f"/sessions/{key}/links/{link}")

    def download_shared(self, key: uuid.UUID, link: uuid.UUID, name: str, target: Path) -> Path:
        """Write what was made for a link, with all hidden that it hides, to ``target``: ``card.png`` ..."""
        return self._fetched(f"/sessions/{key}/links/{link}/files/{name}", target, None)

    # --- season

    def quantities(self) -> Iterator[Quantity]:
        """What a season can be asked about."""
        return self._all(Quantity, "/season/quantities")

    def season_groups(
        self, quantity: str = "score", by: Sequence[str] = ("week",), percentiles: Sequence[float] = (), **which: Any
    ) -> Iterator[Group]:
        """Numbers by ``athlete``, ``squad``, ``week`` or ``piece_kind``.

        ``which``: ``athlete`` (one or several), ``squad``, ``since``, ``until``, ``piece_kind`` (one or several).
        """
        return self._all(Group, "/season/groups", quantity=quantity, by=by, percentile=percentiles, **which)

    def season_sessions(self, quantity: str = "score", **which: Any) -> Iterator[Point]:
        """A quantity session by session, by day; ``which`` as above."""
        return self._all(Point, "/season/sessions", quantity=quantity, **which)

    # --- films

    def known(self, sha256: str) -> tuple[KnownFilm, ...]:
        """Sessions that were made of this file."""
        return tuple(read(KnownFilm, one) for one in self._get("/films", sha256=sha256)["items"])

    def uploads(self) -> Iterator[Upload]:
        """One's own films on their way in."""
        return self._all(Upload, "/uploads")

    def upload(self, key: uuid.UUID) -> Upload:
        """One of them."""
        return read(Upload, self._get(f"/uploads/{key}"))

    def announce(self, name: str, byte_count: int, filmed_on: date | None = None) -> uuid.UUID:
        """Make room for a film."""
        told = {"filename": name, **({"filmed_on": filmed_on.isoformat()} if filmed_on is not None else {})}
        coded = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        headers = {**_TUS, "Upload-Length": str(byte_count), "Upload-Metadata": coded}
        found = self._ask("POST", "/uploads", headers=headers)
        return uuid.UUID(found.headers["location"].rpartition("/")[2])

    def offset(self, key: uuid.UUID) -> int:
        """How much of it is there."""
        return int(self._ask("HEAD", f"/uploads/{key}", headers=_TUS).headers["upload-offset"])

    def send_part(self, key: uuid.UUID, offset: int, part: Body, byte_count: int) -> int:
        """Send more of it; how much is there then. It is not tried again."""
        headers = {**_PART, "Upload-Offset": str(offset), "Content-Length": str(byte_count)}
        found = self._wire.ask("PATCH", f"/uploads/{key}", body=part, headers=headers)
        return int(found.headers["upload-offset"])

    def claim(self, key: uuid.UUID, athlete: uuid.UUID, rowed_on: date, **more: Any) -> Upload:
        """Say who is in it.

        ``more``: ``piece_kind``, ``ergometer_type``, ``foot_height_hole``, ``notes``; ``calibration``: whether
        she poses in it.
        """
        says = {"athlete": str(athlete), "rowed_on": rowed_on.isoformat(), **{k: v for k, v in more.items() if v}}
        return read(Upload, self._ask("POST", f"/uploads/{key}/claim", says=says).json())

    def cancel(self, key: uuid.UUID) -> Upload:
        """Stop its analysis."""
        return read(Upload, self._ask("POST", f"/uploads/{key}/cancel").json())

    def retry(self, key: uuid.UUID) -> Upload:
        """Analyse it again."""
        return read(Upload, self._ask("POST", f"/uploads/{key}/retry").json())

    def remove(self, key: uuid.UUID) -> None:
        """Take it out of the list."""
        self._ask("DELETE", f"/uploads/{key}", headers=_TUS)

    # ---

    def _get(self, path: str, **query: Any) -> Any:
        return self._ask("GET", path, query=query).json()

    def _all(self, kind: type[_T], path: str, /, **query: Any) -> Iterator[_T]:
        cursor = ""
        while True:
            found = self._get(path, **query, cursor=cursor)
            for one in found["items"]:
                yield one if kind == dict[str, Any] else read(kind, one)
            cursor = found["next"] or ""
            if not cursor:
                return

    def _ask(self, method: str, path: str, **more: Any) -> Answer:
        """Ask; where the server has no time now, again when it says."""
        for _ in range(_TRIES - 1):
            try:
                return self._wire.ask(method, path, **more)
            except RefusedError as error:
                # Without a time to wait, waiting is of no use: too many films are under way, for example.
                if error.status not in (429, 503) or not error.wait_s:
                    raise
                time.sleep(min(error.wait_s, 60.0))
        return self._wire.ask(method, path, **more)


def _plain(value: Any) -> Any:
    """For JSON."""
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else str(value)
