"""A club's server for programs of one's own, with nothing but Python's own library::

    from rowsense.client import Client

    club = Client("https://rowing.club.org", token)
    for session in club.sessions():
        print(session.rowed_on, session.athlete.name, session.analysis.score)

Which calls there are and what they give is in ``docs/api.md``.
"""

from __future__ import annotations

from rowsense.client.club import Client
from rowsense.client.errors import OfflineError, RefusedError, ServerError, TokenError
from rowsense.client.sending import send_film

__all__ = ["Client", "OfflineError", "RefusedError", "ServerError", "TokenError", "send_film"]
