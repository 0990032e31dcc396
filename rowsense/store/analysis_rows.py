"""What of an analysed video becomes rows: read from the folder that ``rowsense analyze`` wrote, without its tracks."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from rowsense.conventions import SCHEMA_VERSION
from rowsense.errors import OutputError, UsageError
from rowsense.store.parquet import Table, read_table
from rowsense.store.quantities import QuantitySummary, summarised
from rowsense.store.session_folder import OWN_NAMES, SUMMARY
from rowsense.store.tables import Analysis, StrokeRow, Video

STROKES: Final = "strokes.parquet"
#: Columns of the table of strokes that are not in the file.
_KEYS: Final = ("analysis_id", "club_id")
_MEDIANS: Final = ("rate_spm", "drive_s", "recovery_s", "score")


@dataclass(frozen=True, slots=True)
class AnalysedFolder:
    """A folder, its summary and its strokes. ``summary`` has None, ``strokes`` NaN where nothing was measured."""

    folder: Path
    summary: dict[str, Any]
    strokes: Table

    def files(self) -> tuple[str, ...]:
        """Names of what RowSense wrote there, with ``/`` between folder and name; anything else is not stored."""
        paths = [path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file()]
        return tuple(sorted(path.as_posix() for path in paths if path.parts[0] in OWN_NAMES))

    def analysis(self) -> Analysis:
        """The row of the analysis, without keys, version and place of its files."""
        told = self.summary
        return Analysis(
            rowsense_version=told["rowsense_version"],
            schema_version=told["schema_version"],
            spine_reference=told["spine_reference"]["kind"],
            style=told["style"],
            level=told["level"],
            stroke_count=told["stroke_count"],
            usable_stroke_count=told["usable_stroke_count"],
            **{name: told[name] for name in _MEDIANS},
            summary=told,
        )

    def video(self) -> Video:
        """The row of the video, without keys and place of the file."""
        told = self.summary["video"]
        width_px, height_px = told["size"]
        return Video(
            name=told["path"],
            sha256=told["sha256"],
            codec=told["codec"],
            duration_s=told["duration_s"],
            fps=told["fps"],
            width_px=width_px,
            height_px=height_px,
        )

    def usable_strokes(self) -> list[dict[str, Any]]:
        """The rows of the strokes that count, without keys."""
        names = [c.name for c in StrokeRow.__table__.columns if c.name not in _KEYS and c.name in self.strokes]
        usable = np.flatnonzero(self.strokes["usable"])
        columns = [self.strokes[name][usable].tolist() for name in names]
        return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]

    def quantities(self, fault_ids: Collection[str]) -> list[QuantitySummary]:
        """What the season needs of it; ``fault_ids``: the faults that were looked for."""
        return summarised(self.strokes, self.summary, fault_ids)


def read_analysed(folder: Path) -> AnalysedFolder:
    """Read what becomes rows.

    Raises
    ------
    UsageError
        No folder of an analysis, or one of another version of the files.
    OutputError
        A file in it is missing or damaged.
    """
    if not (folder / "session.json").is_file():
        raise UsageError(f"{folder}: is not a RowSense session; give a folder that `rowsense analyze` wrote")
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        version = summary["schema_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(f"{folder / SUMMARY}: damaged ({error}); analyse the video again") from error
    if version != SCHEMA_VERSION:
        raise UsageError(f"{folder}: written by another version of RowSense; analyse the video again")
    return AnalysedFolder(folder, summary, read_table(folder / STROKES))
