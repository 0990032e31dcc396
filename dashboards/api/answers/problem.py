"""What a program is told where something is refused."""

from __future__ import annotations

from pydantic import Field

from dashboards.api.operations import Told


class Problem(Told):
    """A refusal, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    """What is wrong, and what to do."""
    request: str
    """Number of the request, for whoever keeps the server."""
    problems: list[dict[str, str]] = Field(default_factory=list)
    """Every single thing that has to be mended: ``where`` and ``what``."""
