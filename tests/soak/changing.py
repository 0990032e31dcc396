"""Somebody's program that changes and deletes sessions, and asks again until it has an answer."""

from __future__ import annotations

import http.client
import json
import threading
import uuid
from dataclasses import dataclass

from tests.dashboards.test_uploads import Sender
from tests.soak.world import SoakError, until

_AGAIN = frozenset({429, 500, 502, 503})


@dataclass
class Program:
    """It has a token; the server may be away."""

    sender: Sender
    problem: str = ""

    def move(self, session_id: uuid.UUID, athlete_id: uuid.UUID) -> threading.Thread:
        """Make it another rower's; the thread ends when the server has said that it is."""
        return self._asking("PATCH", session_id, {200}, json.dumps({"athlete": str(athlete_id)}))

    def delete(self, session_id: uuid.UUID) -> threading.Thread:
        """Delete it. Whoever asks again hears that there is none."""
        return self._asking("DELETE", session_id, {204, 404})

    def analyse_again(self, session_id: uuid.UUID) -> threading.Thread:
        """Have it analysed once more."""
        return self._asking("POST", session_id, {202}, json.dumps({"key": str(uuid.uuid4())}), "/analyses")

    def done(self, asking: threading.Thread) -> None:
        """Wait until it is."""
        asking.join(120)
        if asking.is_alive() or self.problem:
            raise SoakError(self.problem or "the server does not answer")

    def _asking(
        self, method: str, session_id: uuid.UUID, good: set[int], body: str = "", below: str = ""
    ) -> threading.Thread:
        def ask() -> int:
            more = {"Content_Type": "application/json"} if body else {}
            try:
                status, _, said = self.sender.ask(
                    method, f"/api/v1/sessions/{session_id}{below}", body or None, If_Match="*", **more
                )
            except (OSError, http.client.HTTPException):
                return 0
            if status not in good | _AGAIN:
                self.problem = f"{method} was answered by {status}: {said[:300]!r}"
            return 0 if status in _AGAIN else status

        def insist() -> None:
            try:
                until(ask, f"{method} is answered")
            except SoakError as error:
                self.problem = str(error)

        self.problem = ""
        asking = threading.Thread(target=insist, daemon=True)
        asking.start()
        return asking
