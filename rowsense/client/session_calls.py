"""Calls about sessions: found, read, analysed again, changed, deleted."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from rowsense.client.answers import Analysis, AnalysisState, Link, Monitor, NewLink, Session, Version
from rowsense.client.asking import Asking, plain
from rowsense.client.reading import read


class SessionCalls(Asking):
    """Sessions."""

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

    def analyses(self, key: uuid.UUID) -> Iterator[Analysis]:
        """All versions of its analysis, the newest first."""
        return self._all(Analysis, f"/sessions/{key}/analyses")

    def version(self, key: uuid.UUID, analysis: uuid.UUID) -> Version:
        """One of them, with the faults that it found."""
        return read(Version, self._get(f"/sessions/{key}/analyses/{analysis}"))

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
        says = {name: value if value is None or isinstance(value, int | float) else plain(value)
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

    def _fetched(self, path: str, target: Path, tell: Callable[[int, int], None] | None) -> Path:
        part = target.with_name(f".{target.name}.part")
        try:
            with part.open("wb") as file:
                self._wire.fetch(path, file, tell)
            return part.replace(target)
        finally:
            part.unlink(missing_ok=True)
