"""Secrets that are given out once; the database keeps what they can be recognised by, not themselves."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

#: Bytes of a token: nobody guesses 256 bits [D].
_BYTES: Final = 32


def new_token() -> str:
    """A new secret, fit for an address."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """What is kept of it. A token has enough chance in it that a plain digest cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
