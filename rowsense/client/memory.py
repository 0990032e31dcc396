"""Which upload a film has on which server, so that a push that was cut off goes on: a small file for each."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Memory:
    """A folder. What cannot be read or written there is not remembered, and the film is sent anew."""

    folder: Path

    @classmethod
    def usual(cls) -> Self:
        """In the user's cache, or where ``ROWSENSE_CACHE_DIR`` says."""
        import platformdirs

        named = os.environ.get("ROWSENSE_CACHE_DIR")
        root = Path(named).expanduser() if named else platformdirs.user_cache_path("rowsense", appauthor=False)
        return cls(root / "push")

    def recall(self, server: str, sha256: str) -> uuid.UUID | None:
        """The upload of a file; None: there is none that is known."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            return uuid.UUID(json.loads(self._place(server, sha256).read_text(encoding="utf-8"))["upload"])
        return None

    def keep(self, server: str, sha256: str, upload: uuid.UUID) -> None:
        """Remember it."""
        place = self._place(server, sha256)
        part = place.with_name(f".{place.name}.{os.getpid()}.part")
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps({"upload": str(upload)}), encoding="utf-8")
            part.replace(place)

    def forget(self, server: str, sha256: str) -> None:
        """It is done."""
        with suppress(OSError):
            self._place(server, sha256).unlink(missing_ok=True)

    def _place(self, server: str, sha256: str) -> Path:
        name = hashlib.sha256(f"{server} {sha256}".encode()).hexdigest()[:32]
        return self.folder / f"{name}.json"
