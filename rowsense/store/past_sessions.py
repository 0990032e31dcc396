"""Earlier sessions from their folders: no more than what a later one is held against, so that many are read fast."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from rowsense.errors import OutputError, UsageError
from rowsense.model import PastSession
from rowsense.store.parquet import read_table

_SESSION = "session.json"
_STROKES = "strokes.parquet"


def session_folders(places: Iterable[Path]) -> list[Path]:
    """The session folders among ``places`` and directly inside them, each once.

    Raises
    ------
    UsageError
        One of them is not there, or neither is nor holds a session.
    """
    found: dict[Path, Path] = {}
    for place in places:
        inside = [place] if _is_session(place) else sorted(p for p in _listed(place) if _is_session(p))
        if not inside:
            raise UsageError(f"{place}: no RowSense session there; give folders that `rowsense analyze` wrote")
        found |= {folder.resolve(): folder for folder in inside}
    return list(found.values())


def _is_session(folder: Path) -> bool:
    return (folder / _SESSION).is_file() and (folder / _STROKES).is_file()


def _listed(place: Path) -> list[Path]:
    try:
        return list(place.iterdir())
    except OSError as error:
        raise UsageError(f"{place}: cannot be read ({error.strerror}); give a folder that holds sessions") from error


def read_past_session(folder: Path) -> PastSession:
    """Read one.

    Raises
    ------
    OutputError
        A file in it is damaged.
    """
    table = read_table(folder / _STROKES)
    try:
        said = json.loads((folder / _SESSION).read_text(encoding="utf-8"))
        usable = table["usable"].astype(bool)
        about = said["provenance"]
        day = str(about.get("filmed_at", ""))[:10]
        return PastSession(
            name=folder.name,
            athlete=said["athlete"],
            filmed_on=date.fromisoformat(day) if day else None,
            video_sha256=said["video"]["sha256"],
            estimator=about.get("estimator", ""),
            near_side=said["near_side"],
            calibrated=said["spine_reference"]["kind"] == "calibration",
            stroke_s=(table["end_time_s"] - table["catch_time_s"])[usable],
            metrics={name: values[usable] for name, values in table.items() if values.dtype.kind == "f"},
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise OutputError(f"{folder}: damaged ({error}); analyse the video again, or leave it out") from error
