"""Something that is asked for twice with one `Idempotency-Key`, because the first answer was lost, is made once."""

from __future__ import annotations

import uuid
from typing import Final

from flask import request

from rowsense.errors import UsageError
from rowsense.store.access import Viewer

_HEADER: Final = "Idempotency-Key"
_MOST_LETTERS: Final = 200
ONCE: Final = {
    _HEADER: f"a word of your own, of up to {_MOST_LETTERS} letters: asked for twice with it, it is made once"
}


def asked_once(viewer: Viewer, what: str) -> uuid.UUID | None:
    """The key of what is to be made, always the same for the same word of the same person; None: she gave none.

    Raises
    ------
    UsageError
        The word is too long.
    """
    word = request.headers.get(_HEADER, "").strip()
    if len(word) > _MOST_LETTERS:
        raise UsageError(f"{_HEADER} may have {_MOST_LETTERS} letters")
    return uuid.uuid5(viewer.user_id, f"{viewer.club_id} {what} {word}") if word else None
