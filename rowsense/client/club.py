"""A club's server: one method for each of its calls. Lists are asked for piece by piece, as they are used."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from rowsense.client.answers import Athlete, Calibration, HistoryEntry, JobDetail, Me, Member, Squad
from rowsense.client.asking import plain
from rowsense.client.erased_answers import Gone, Kept, TakenOut
from rowsense.client.film_calls import FilmCalls
from rowsense.client.reading import read
from rowsense.client.season_calls import SeasonCalls
from rowsense.client.session_calls import SessionCalls


class Client(SessionCalls, SeasonCalls, FilmCalls):
    """A server and a token. Every method may raise the errors of :mod:`rowsense.client.errors`."""

    def me(self) -> Me:
        """Whom the token stands for."""
        return read(Me, self._get("/me"))

    def athletes(self) -> Iterator[Athlete]:
        """Rowers whose sessions may be seen."""
        return self._all(Athlete, "/athletes")

    def squads(self) -> Iterator[Squad]:
        """Their squads."""
        return self._all(Squad, "/squads")

    def athlete(self, key: uuid.UUID) -> Athlete:
        """One of them."""
        return read(Athlete, self._get(f"/athletes/{key}"))

    def squad(self, key: uuid.UUID) -> Squad:
        """One squad."""
        return read(Squad, self._get(f"/squads/{key}"))

    # --- the club, for its administrators

    def members(self) -> Iterator[Member]:
        """Who signs in."""
        return self._all(Member, "/members")

    def change_member(self, key: uuid.UUID, **changes: Any) -> Member:
        """Make a member something else: ``role``, ``squads``, ``athlete``, ``suspended``. It holds at once."""
        says = {name: value if isinstance(value, bool) else plain(value) for name, value in changes.items()}
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

    def kept_of(self, athlete: uuid.UUID) -> Kept:
        """What is kept of a rower, all of which goes when she is deleted."""
        return read(Kept, self._get(f"/athletes/{athlete}/kept"))

    def erase_athlete(self, athlete: uuid.UUID, name: str) -> Gone:
        """Delete a rower with everything about her, for good. ``name``: hers, so that no wrong key deletes another."""
        return read(Gone, self._ask("POST", f"/athletes/{athlete}/erase", says={"name": name}).json())

    def taken_out(self) -> Iterator[TakenOut]:
        """Whom the club took out and who is in no club since, the last one first."""
        return self._all(TakenOut, "/taken-out")

    def kept_of_account(self, key: uuid.UUID) -> Kept:
        """What goes with the account of one of them."""
        return read(Kept, self._get(f"/taken-out/{key}"))

    def bring_back(self, key: uuid.UUID) -> Member:
        """Make one of them what she was in the club; within a day."""
        return read(Member, self._ask("POST", f"/taken-out/{key}/bring-back").json())

    def erase_account(self, key: uuid.UUID, name: str) -> Gone:
        """Delete the account of one of them, for good; what she wrote stays without her. ``name``: hers."""
        return read(Gone, self._ask("POST", f"/taken-out/{key}/erase", says={"name": name}).json())

    # --- calibrations

    def calibrations(self, athlete: uuid.UUID) -> Iterator[Calibration]:
        """A rower's own zeros and ranges, the newest first: films are measured by that one."""
        return self._all(Calibration, f"/athletes/{athlete}/calibrations")

    def calibration(self, athlete: uuid.UUID, key: uuid.UUID) -> Calibration:
        """One of them."""
        return read(Calibration, self._get(f"/athletes/{athlete}/calibrations/{key}"))

    def delete_calibration(self, athlete: uuid.UUID, key: uuid.UUID) -> None:
        """Delete one with its film; what was measured by it stays."""
        self._ask("DELETE", f"/athletes/{athlete}/calibrations/{key}")

    # --- jobs

    def jobs(self, *, state: Sequence[str] = (), kind: Sequence[str] = ()) -> Iterator[JobDetail]:
        """Jobs, the newest first: an administrator's of the whole club, anybody else's of her own films."""
        return self._all(JobDetail, "/jobs", state=state, kind=kind)

    def job(self, key: uuid.UUID) -> JobDetail:
        """One of them."""
        return read(JobDetail, self._get(f"/jobs/{key}"))

    def cancel_job(self, key: uuid.UUID) -> JobDetail:
        """Stop it."""
        return read(JobDetail, self._ask("POST", f"/jobs/{key}/cancel").json())

    def retry_job(self, key: uuid.UUID) -> JobDetail:
        """Try it again, where it failed, was put aside or was cancelled."""
        return read(JobDetail, self._ask("POST", f"/jobs/{key}/retry").json())
