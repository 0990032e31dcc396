"""What this process keeps at hand of sessions that somebody looked at lately, and how it is forgotten."""

from __future__ import annotations

from dashboards.media import forget_stills
from dashboards.pages.compare.finding import forget_compared
from dashboards.sessions import forget_sessions


def forget_all() -> None:
    """Keep nothing at hand: something was deleted, here or by another process."""
    forget_sessions()
    forget_stills()
    forget_compared()
