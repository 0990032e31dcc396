"""Calibrations as small readable files, one each, in a folder of this user; older ones are kept.

``ROWSENSE_DATA_DIR`` names another folder. A file can be read, copied and sent as it is.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from rowsense.errors import CalibrationError, OutputError
from rowsense.model import Calibration
from rowsense.store.codec import from_json, to_json
from rowsense.store.places import DATA_VARIABLE, data_folder

SUFFIX: Final = ".json"
SCHEMA: Final = "rowsense calibration 1"


@dataclass(frozen=True, slots=True)
class StoredCalibration:
    """A file of the folder; ``calibration`` is None where it is damaged, and ``problem`` says how."""

    path: Path
    calibration: Calibration | None
    problem: str = ""

    @property
    def id(self) -> str:
        """What the command line calls it."""
        return self.path.name.removesuffix(SUFFIX)


def calibration_folder() -> Path:
    """Where calibrations are kept for this user."""
    return data_folder() / "calibrations"


def save_calibration(calibration: Calibration, path: Path | None = None) -> Path:
    """Write a calibration to ``path``, or under a name of its own into the user's folder. Returns where it is.

    Raises
    ------
    OutputError
        The file cannot be written; nothing is left half-written.
    """
    target = path or _free_place(calibration)
    text = json.dumps({"schema": SCHEMA, **to_json(calibration)}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    part = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=".calibration.", suffix=".part", dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(part).replace(target)
    except OSError as error:
        if part:
            Path(part).unlink(missing_ok=True)
        raise OutputError(
            f"{target}: the calibration cannot be written ({error.strerror}); name another file with --out or another "
            f"folder in {DATA_VARIABLE}"
        ) from error
    return target


def read_calibration(path: Path) -> Calibration:
    """Read one file.

    Raises
    ------
    CalibrationError
        It is not there, damaged, or no calibration.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return calibration_of(data)
    except FileNotFoundError as error:
        raise CalibrationError(
            f"{path}: there is no such calibration; `rowsense calibrate --list` shows them"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else getattr(error, "strerror", None) or str(error)
        raise CalibrationError(f"{path}: this calibration cannot be read ({what}); make it again") from error


def calibration_of(document: Any) -> Calibration:
    """The calibration that :func:`save_calibration` wrote as this document.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        It is damaged, or none.
    """
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ValueError("it is no calibration of this version of RowSense")
    return from_json(Calibration, {name: document[name] for name in Calibration.__slots__ if name in document})


def list_calibrations(athlete: str = "") -> list[StoredCalibration]:
    """Newest first; of one athlete, or of all. Damaged files come last: those whose file name is the athlete's."""
    try:
        paths = sorted(p for p in calibration_folder().glob(f"*{SUFFIX}") if not p.name.startswith("."))
    except OSError:
        return []
    found = [one for one in map(_stored, paths) if not athlete or _is_of(one, athlete)]
    dated = [(one.calibration.made_at, one.id, one) for one in found if one.calibration is not None]
    dated.sort(key=lambda entry: entry[:2], reverse=True)
    return [one for _, _, one in dated] + [one for one in found if one.calibration is None]


def delete_calibration(name: str) -> Path:
    """Remove the calibration that ``list_calibrations`` calls ``name``. Returns the file's former place.

    Raises
    ------
    CalibrationError
        There is none of this name.
    OutputError
        It cannot be removed.
    """
    wanted = name.removesuffix(SUFFIX)
    path = next((one.path for one in list_calibrations() if one.id == wanted), None)
    if path is None:
        raise CalibrationError(f"{name}: there is no calibration of this name; `rowsense calibrate --list` shows them")
    try:
        path.unlink()
    except OSError as error:
        raise OutputError(f"{path}: cannot be removed ({error.strerror}); check its permissions") from error
    return path


def same_athlete(one: str, other: str) -> bool:
    """Whether two names are the same but for case, accents' encoding and spaces around."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _is_of(one: StoredCalibration, athlete: str) -> bool:
    if one.calibration is None:
        return one.id.startswith(f"{_file_stem(athlete)}_")
    return same_athlete(one.calibration.athlete, athlete)


def _stored(path: Path) -> StoredCalibration:
    try:
        return StoredCalibration(path, read_calibration(path))
    except CalibrationError as error:
        return StoredCalibration(path, None, str(error))


def _free_place(calibration: Calibration) -> Path:
    """``zofie_lukasik_2026-11-25_0830.json``; a number is added where there is one already."""
    stem = f"{_file_stem(calibration.athlete)}_{calibration.made_at:%Y-%m-%d_%H%M}"
    names = (f"{stem}{f'_{number}' if number > 1 else ''}{SUFFIX}" for number in count(1))
    return next(place for place in map(calibration_folder().joinpath, names) if not place.exists())


def _file_stem(athlete: str) -> str:
    """A name that every file system takes: lower case, accents off, underscores for the rest."""
    letters = unicodedata.normalize("NFKD", _plain(athlete).replace("ł", "l"))
    return re.sub(r"\W+", "_", "".join(c for c in letters if not unicodedata.combining(c))).strip("_")[:40] or "rower"
