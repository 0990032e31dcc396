"""What somebody said of a film, from the page's form to a piece that can be kept."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, Final

from dashboards.texts.reader import texts
from rowsense.errors import StoreError
from rowsense.store.record import Piece
from rowsense.store.tables import ERGOMETER_TYPES, PIECE_KINDS

MOST_NOTES: Final = 2000
#: Holes of a foot rest; ``sessions`` takes no others.
MOST_HOLES: Final = 20


def piece_from(told: Any, by: uuid.UUID, today: date) -> Piece:
    """Read it.

    Raises
    ------
    StoreError
        With everything that has to be mended.
    """
    if not isinstance(told, Mapping):
        raise StoreError(texts()("upload.claim.unreadable"))
    problems: list[str] = []
    athlete = _athlete(told, problems)
    day = _day(told, today, problems)
    kind = _one_of(told, "piece_kind", PIECE_KINDS, problems)
    ergometer = _one_of(told, "ergometer_type", ERGOMETER_TYPES, problems)
    hole = _hole(told, problems)
    notes = _words(told.get("notes")).strip()
    if len(notes) > MOST_NOTES:
        problems.append(texts()("upload.claim.notes", most=MOST_NOTES))
    if problems or athlete is None or day is None:
        raise StoreError("; ".join(problems))
    return Piece(
        athlete,
        day,
        piece_kind=kind,
        ergometer_type=ergometer,
        foot_height_hole=hole,
        notes=notes,
        created_by_user_id=by,
    )


def _words(said: object) -> str:
    """Without what no database keeps: NUL, and halves of pairs, which are no letters."""
    return str(said or "").replace("\x00", "").encode(errors="ignore").decode()


def _athlete(told: Mapping[str, Any], problems: list[str]) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(told.get("athlete") or ""))
    except ValueError:
        problems.append(texts()("upload.claim.who"))
        return None


def _day(told: Mapping[str, Any], today: date, problems: list[str]) -> date | None:
    try:
        day = date.fromisoformat(str(told.get("rowed_on") or ""))
    except ValueError:
        problems.append(texts()("upload.claim.day"))
        return None
    if day > today + timedelta(days=1):  # it may be tomorrow already where it was rowed
        problems.append(texts()("upload.claim.future"))
    if day.year < 2000:
        problems.append(texts()("upload.claim.long_ago"))
    return day


def _one_of(told: Mapping[str, Any], name: str, known: Collection[str], problems: list[str]) -> str | None:
    said = told.get(name) or None
    if said is not None and said not in known:
        problems.append(texts()("upload.claim.unknown", said=_words(said)[:40]))
        return None
    return said


def _hole(told: Mapping[str, Any], problems: list[str]) -> int | None:
    said = str(told.get("foot_height_hole") or "").strip()
    if not said:
        return None
    if not (said.isascii() and said.isdigit()) or len(said) > 4 or int(said) > MOST_HOLES:
        problems.append(texts()("upload.claim.hole", most=MOST_HOLES))
        return None
    return int(said)
