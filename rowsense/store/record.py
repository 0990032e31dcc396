"""Record an analysed video: its files, then all its rows at once, and once however often it is tried."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rowsense.errors import StoreError
from rowsense.store.analysis_rows import AnalysedFolder, read_analysed
from rowsense.store.claims import ClubStore, claimed, keep
from rowsense.store.files import prefix_of
from rowsense.store.scope import ClubScope
from rowsense.store.shown import show_newest
from rowsense.store.tables import Analysis, AnalysisQuantity, StoredCalibration, StrokeRow, TrainingSession, Video
from rowsense.store.tables.season import of_session

#: What was measured of one rower, and names her, becomes no version of another's session.
NOT_HERS: Final = "the session was given to another rower meanwhile; a job of its own analyses it as hers"


@dataclass(frozen=True, slots=True)
class Piece:
    """What was rowed, as far as somebody said; the columns of ``sessions``."""

    athlete_id: uuid.UUID
    rowed_on: date
    piece_kind: str | None = None
    distance_m: float | None = None
    rate_spm: float | None = None
    perceived_effort: float | None = None
    power_w: float | None = None
    ergometer_type: str | None = None
    drag_factor: float | None = None
    foot_height_hole: int | None = None
    notes: str = ""
    created_by_user_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """One analysis to be recorded. Who tries again gives the same keys."""

    folder: Path
    """Written by ``rowsense analyze``."""
    session_id: uuid.UUID
    analysis_id: uuid.UUID
    piece: Piece | None = None
    """What the session is made of where there is none of this key yet."""
    video: Path | None = None
    """The video itself, to be kept too; None: only what was measured in it."""
    calibration_id: uuid.UUID | None = None
    fault_ids: tuple[str, ...] = ()
    """The faults of the catalogue that was judged by: those that were not found count as not there."""
    catalogue_number: int = 0
    """The version of the club's catalogue that it was judged by."""
    judges_version: int | None = None
    """The version whose measurement it judges anew; None: its own."""
    measured_in: str = ""
    """The folder of the file store that has that measurement, and which of its files are to be here too."""
    measured_files: tuple[str, ...] = ()
    athlete_id: uuid.UUID | None = None
    """Whom the folder names; a session that is another rower's by now does not take it. None: that is not looked at."""


def record(store: ClubStore, scope: ClubScope, recording: Recording) -> Analysis:
    """Record an analysis as the newest version of its session; give the row, also where it was recorded before.

    Raises
    ------
    StoreError
        There is no such session and no piece to make it of, or the session has another video or another rower.
    UsageError, OutputError
        The folder is no analysis or damaged, or its files cannot be stored. Nothing is left of the attempt.
    """
    found = _recorded(store, scope, recording)
    if found is not None:
        return found
    analysed = read_analysed(recording.folder)
    with claimed(store, scope, 1 if recording.video is None else 2) as (prefix, *of_video):
        for name in analysed.files():
            store.files.put(recording.folder / name, f"{prefix}/{name}")
        for name in recording.measured_files:
            store.files.duplicate(f"{recording.measured_in}/{name}", f"{prefix}/{name}")
        video_key = ""
        if recording.video is not None:
            video_key = f"{of_video[0]}/video{recording.video.suffix.lower()}"
            store.files.put(recording.video, video_key)
        rows = _Rows(recording, analysed, prefix, video_key)
        try:
            return rows.add(store, scope)
        except IntegrityError:
            # Somebody else recorded it, or made the session for another version of it, in between.
            found = _recorded(store, scope, recording)
        try:
            return found or rows.add(store, scope)
        except IntegrityError as error:
            raise StoreError(f"the session cannot be recorded as asked ({_reason(error)})") from error


def _recorded(store: ClubStore, scope: ClubScope, recording: Recording) -> Analysis | None:
    with store.database.reading(scope) as session:
        return session.get(Analysis, recording.analysis_id)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is to be added once the files are there."""

    recording: Recording
    analysed: AnalysedFolder
    prefix: str
    video_key: str

    def add(self, store: ClubStore, scope: ClubScope) -> Analysis:
        """All or none, and the files with them."""
        with store.database.writing(scope) as unit:
            self._session(unit)
            row = self._analysis(unit)
            prefixes = [self.prefix]
            if self._video(unit):
                prefixes.append(prefix_of(self.video_key))
            keep(unit, prefixes)
        return row

    def _session(self, unit: Session) -> None:
        # Locked: two analyses of one session take their versions one after the other.
        key, piece = self.recording.session_id, self.recording.piece
        known = unit.get(TrainingSession, key, with_for_update=True)
        if known is not None:
            if self.recording.athlete_id not in (None, known.athlete_id):
                raise StoreError(NOT_HERS)
            return
        if piece is None:
            raise StoreError(f"there is no session {key} in this club")
        unit.add(TrainingSession(id=key, **asdict(piece)))
        unit.flush()

    def _analysis(self, unit: Session) -> Analysis:
        asked = self.recording
        newest = unit.scalar(select(func.max(Analysis.version)).where(Analysis.session_id == asked.session_id))
        row = self.analysed.analysis()
        row.id, row.session_id, row.version = asked.analysis_id, asked.session_id, (newest or 0) + 1
        session = unit.get_one(TrainingSession, asked.session_id)
        row.calibration_id, row.file_prefix = _calibration_of(unit, session, asked.calibration_id), self.prefix
        row.catalogue_number, row.judges_version = asked.catalogue_number, asked.judges_version
        unit.add(row)
        unit.flush()
        unit.add_all(StrokeRow(analysis_id=row.id, **stroke) for stroke in self.analysed.usable_strokes())
        kept = {**of_session(session), "session_id": session.id, "analysis_id": row.id, "shown": False}
        unit.add_all(AnalysisQuantity(**asdict(one), **kept) for one in self.analysed.quantities(asked.fault_ids))
        unit.flush()
        show_newest(unit, session.id)
        return row

    def _video(self, unit: Session) -> bool:
        """Whether its file is named by a row now; it is not where there is one already."""
        new = self.analysed.video()
        known = unit.scalar(select(Video).where(Video.session_id == self.recording.session_id))
        if known is not None and known.sha256 != new.sha256:
            raise StoreError(f"the session has another video ({known.name}); record this one as a session of its own")
        if known is None:
            known, new.session_id = new, self.recording.session_id
            unit.add(known)
        if self.recording.video is None or known.file_key is not None:
            return False
        known.file_key, known.byte_count = self.video_key, self.recording.video.stat().st_size
        return True


def _calibration_of(unit: Session, session: TrainingSession, key: uuid.UUID | None) -> uuid.UUID | None:
    """The calibration, unless it was deleted meanwhile, or the session became another rower's."""
    found = None if key is None else unit.get(StoredCalibration, key)
    return found.id if found is not None and found.athlete_id == session.athlete_id else None


def _reason(error: IntegrityError) -> str:
    return str(error.orig).splitlines()[0]
