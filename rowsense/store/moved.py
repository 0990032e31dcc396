"""A session that becomes another rower's: its files and rows say nothing more of who had it before.

A folder that a row names is never changed, so every version of the analysis gets a new one. What names nobody is there
under a second name, the two documents are written anew, and whatever else there is goes: report, paper and card name
her, and are made again by the job ``rewrite`` or by the next analysis.
"""

from __future__ import annotations

import json
import tempfile
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rowsense.errors import OutputError
from rowsense.store.claims import ClubStore, claimed, clear, keep, let_go
from rowsense.store.former_notes import mend_notes
from rowsense.store.scope import ClubScope
from rowsense.store.tables import Analysis, Athlete, AuditEntry, MonitorFile, ShareLink, TrainingSession, Upload, Video
from rowsense.store.window_file import NAME as WINDOWS

SESSION: Final = "session.json"
#: The documents of an analysis that name her.
_DOCUMENTS: Final = (SESSION, "summary.json")
#: Files that name nobody. What is in no list here goes.
_NAMELESS: Final = frozenset(
    {
        "frames.parquet", "track.parquet", "strokes.parquet", "frames.csv", "track.csv", "strokes.csv", "overlay.mp4",
        "film.mp4", "best_stroke.mp4", "worst_stroke.mp4", "judging.npz", WINDOWS,
    }
)  # fmt: skip
_STILLS: Final = "faults/"
#: Shorter words of a name stand in too many others.
_TELLING_LETTERS: Final = 3
#: Letters that are not made of another one and an accent.
_PLAIN: Final = str.maketrans("łøđðı", "loddi")
#: Instead of the day and the film of a calibration that is not hers.
_ANOTHERS_ZERO: Final = "another calibration"


@dataclass(frozen=True, slots=True)
class Names:
    """What is replaced by what."""

    former: str
    name: str
    film: str
    """What its film was called."""

    @property
    def film_now(self) -> str:
        """As it was, unless that tells who had the session."""
        return f"film{PurePath(self.film).suffix}" if is_telling(self.film, self.former) else self.film


@dataclass(frozen=True, slots=True)
class Renamed:
    """New folders of a session's analyses, whose files are there."""

    folders: Mapping[str, str] = field(default_factory=dict)
    """The one before -> the new one."""
    known: frozenset[str] = frozenset()
    """Those that were looked at; of some there are no files."""


def is_telling(words: str, name: str) -> bool:
    """Whether a word of a name stands in some words, whatever its capitals and accents."""
    said = _folded(words)
    return any(part in said for part in _folded(name).split() if len(part) >= _TELLING_LETTERS)


def names_of(unit: Session, session: TrainingSession, athlete_id: uuid.UUID) -> Names | None:
    """For a session that becomes this athlete's; None: the club has no such athlete."""
    athlete = unit.get(Athlete, athlete_id)
    if athlete is None:
        return None
    film = unit.scalar(select(Video.name).where(Video.session_id == session.id))
    return Names(unit.get_one(Athlete, session.athlete_id).name, athlete.name, film or "")


@contextmanager
def renamed_folders(store: ClubStore, scope: ClubScope, session_id: uuid.UUID, names: Names) -> Iterator[Renamed]:
    """New folders for every version, claimed. :func:`take_over` names them; else they go with the block.

    Raises
    ------
    OutputError
        A file cannot be read or written.
    """
    with store.database.reading(scope) as unit:
        before = unit.scalars(select(Analysis.file_prefix).where(Analysis.session_id == session_id)).all()
    with claimed(store, scope, len(before)) as after:
        folders = dict(zip(before, after, strict=True))
        filled = {old: new for old, new in folders.items() if _copied(store, old, new, names)}
        yield Renamed(filled, frozenset(before))


def take_over(unit: Session, session: TrainingSession, names: Names, renamed: Renamed) -> tuple[str, ...] | None:
    """Let the rows say the new name and lead to the new folders; the folders of before, which are claimed.

    None: a version was added meanwhile that ``renamed`` does not know.
    """
    analyses = unit.scalars(select(Analysis).where(Analysis.session_id == session.id)).all()
    if any(row.file_prefix not in renamed.known for row in analyses):
        return None
    for row in analyses:
        row.summary = without_former(row.summary, names)
        row.file_prefix = renamed.folders.get(row.file_prefix, row.file_prefix)
    keep(unit, list(renamed.folders.values()))
    let_go(unit, list(renamed.folders))
    for table in (Video, MonitorFile, Upload):
        of_it = table.session_id == session.id
        for one in unit.scalars(select(table).where(of_it)):
            assert isinstance(one, Video | MonitorFile | Upload)
            if is_telling(one.name, names.former):
                one.name = "monitor.csv" if isinstance(one, MonitorFile) else f"film{PurePath(one.name).suffix}"
    for upload in unit.scalars(select(Upload).where(Upload.session_id == session.id)):
        upload.claim = {**upload.claim, "athlete_id": str(session.athlete_id)} if upload.claim else {}
    unit.execute(update(ShareLink).where(ShareLink.session_id == session.id).values(label=""))
    return tuple(renamed.folders)


def without_former(document: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """``session.json`` or a summary under the new name, without what came from other sessions of who had it before."""
    told: dict[str, Any] = {key: _replaced(value, names) for key, value in document.items()}
    told |= {"athlete": names.name} | {key: None for key in ("history", "felt") if key in told}
    reference = told.get("spine_reference")
    if isinstance(reference, dict) and reference.get("source"):
        told["spine_reference"] = {**reference, "source": _ANOTHERS_ZERO}
    return told


def mend_moved(store: ClubStore, scope: ClubScope) -> int:
    """Rename what was moved by a version that left the former name in files; how many sessions were renamed.

    Which sessions were moved is in the notes of what was done; what is right already is only looked at.

    Raises
    ------
    OutputError
        A file cannot be read or written.
    """
    with store.database.reading(scope) as unit:
        notes = select(AuditEntry.subject_id, AuditEntry.details).where(AuditEntry.action == "change")
        moved = {key for key, said in unit.execute(notes) if "athlete_id" in said.get("fields", ()) and key is not None}
        rows = unit.scalars(select(TrainingSession).where(TrainingSession.id.in_(moved))).all()
        asked = [(row.id, names_of(unit, row, row.athlete_id)) for row in rows]
    if moved:
        with store.database.writing(scope) as unit:
            for row in unit.scalars(select(TrainingSession).where(TrainingSession.id.in_(moved))):
                mend_notes(unit, row)
    return sum(_mended(store, scope, key, names) for key, names in asked if names is not None)


def _mended(store: ClubStore, scope: ClubScope, session_id: uuid.UUID, names: Names) -> bool:
    former = _former(store, scope, session_id, names.name)
    if not former:
        return False
    names = Names(former, names.name, names.film)
    with renamed_folders(store, scope, session_id, names) as renamed, store.database.writing(scope) as unit:
        folders = take_over(unit, unit.get_one(TrainingSession, session_id), names, renamed)
    clear(store, folders or ())
    return folders is not None


def _former(store: ClubStore, scope: ClubScope, session_id: uuid.UUID, name: str) -> str:
    """Another name that a version of a session has in its files; empty: none."""
    with store.database.reading(scope) as unit:
        prefixes = unit.scalars(select(Analysis.file_prefix).where(Analysis.session_id == session_id)).all()
    for prefix in prefixes:
        if store.files.size(f"{prefix}/{SESSION}") is None:
            continue
        with store.files.fetch(prefix, [SESSION]) as folder:
            said = _document(folder / SESSION).get("athlete", "")
        if said and said != name:
            return str(said)
    return ""


def _copied(store: ClubStore, before: str, after: str, names: Names) -> bool:
    """Fill a new folder; whether there was anything."""
    there = [file.key.removeprefix(f"{before}/") for file in store.files.listed(before)]
    for name in there:
        if name in _NAMELESS or name.startswith(_STILLS):
            store.files.duplicate(f"{before}/{name}", f"{after}/{name}")
    documents = [name for name in _DOCUMENTS if name in there]
    with ExitStack() as open_folders:
        written = Path(open_folders.enter_context(tempfile.TemporaryDirectory(prefix="rowsense-")))
        folder = open_folders.enter_context(store.files.fetch(before, documents)) if documents else written
        for name in documents:
            told = json.dumps(without_former(_document(folder / name), names), ensure_ascii=False, indent=1)
            (written / name).write_text(f"{told}\n", encoding="utf-8")
            store.files.put(written / name, f"{after}/{name}")
    return bool(there)


def _document(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(told, dict):
            return told
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: damaged ({error}); delete the session, or analyse its film again") from error
    raise OutputError(f"{path}: damaged; delete the session, or analyse its film again")


def _replaced(value: Any, names: Names) -> Any:
    if isinstance(value, str):
        if names.film and names.film_now != names.film:
            value = value.replace(names.film, names.film_now)
            stem = PurePath(names.film).stem
            value = value.replace(stem, "film") if is_telling(stem, names.former) else value
        return value.replace(names.former, names.name) if names.former else value
    if isinstance(value, dict):
        return {key: _replaced(one, names) for key, one in value.items()}
    return [_replaced(one, names) for one in value] if isinstance(value, list) else value


def _folded(words: str) -> str:
    apart = unicodedata.normalize("NFKD", words)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold().translate(_PLAIN)
