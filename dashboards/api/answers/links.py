"""What a program is told of links to a session."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal

from dashboards.api.operations import Told


class LinkLine(Told):
    """A link with which somebody without an account sees one session."""

    id: uuid.UUID
    label: str
    """For whom, in the words of who made it; nobody else is shown it."""
    made_at: datetime
    ends_at: datetime
    holds: bool
    """False: it ended, was taken back, or shows a face that the club's rule blurs now."""
    ready: bool
    """What it shows is made, and can be had."""
    opened_count: int
    named: bool
    face_blurred: bool
    surroundings_blurred: bool
    film: Literal["none", "clip", "whole"]


class Links(Told):
    """Links to one session, the newest first."""

    items: list[LinkLine]


class NewLinkLine(Told):
    """A link that was just made."""

    address: str
    """To be sent. It is told only now."""
    link: LinkLine
