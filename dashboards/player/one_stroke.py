"""One stroke of another session, for the ghost over this one's film."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import Any, Final

from dashboards.player.scene import best_stroke, strokes_json, track_json
from rowsense.model import Session
from rowsense.model.change import BETWEEN_SESSIONS_DEG
from rowsense.texts.texts import Texts

BEST: Final = "best"
_AT: Final = "at-"
_LETTERS: Final = 24


def at_moment(time_s: float) -> str:
    """The name of the stroke that a moment lies in."""
    return f"{_AT}{time_s:.3f}"


def stroke_named(session: Session, which: str) -> int | None:
    """The stroke that is meant, from 0; None: there is none. ``which``: :data:`BEST`, :func:`at_moment` or a number."""
    strokes = session.strokes.strokes
    if which == BEST:
        best = best_stroke(session)
        return best if best is not None else next((one.index for one in strokes if one.usable), None)
    if len(which) > _LETTERS:
        return None
    if which.startswith(_AT):
        return _stroke_at(session, which.removeprefix(_AT))
    number = int(which) if which.isascii() and which.isdigit() else -1
    return number if 0 <= number < len(strokes) else None


def _stroke_at(session: Session, written: str) -> int | None:
    try:
        time_s = float(written)
    except ValueError:
        return None
    strokes = session.strokes.strokes
    found = bisect_right([one.catch_time_s for one in strokes], time_s) - 1 if math.isfinite(time_s) else -1
    return found if found >= 0 and time_s < strokes[found].end_time_s else None


def one_stroke_json(t: Texts, session: Session, number: int, track: str, per_window: int | None) -> dict[str, Any]:
    """As the scene of the player, with this stroke alone; ``track``: address below which its pieces are."""
    return {
        **track_json(session, per_window),
        "track": track,
        "number": number,
        "strokes": [strokes_json(t, session)[number]],
        "between_sessions_deg": BETWEEN_SESSIONS_DEG,
    }


def windows_of(session: Session, number: int, per_window: int) -> range:
    """The pieces of the track that the stroke lies in."""
    stroke, time_s = session.strokes.strokes[number], session.track.time_s
    first = max(0, bisect_right(time_s, stroke.catch_time_s) - 1)
    last = min(len(time_s) - 1, bisect_right(time_s, stroke.end_time_s))
    return range(first // per_window, last // per_window + 1)
