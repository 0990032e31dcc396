"""The job ``rewrite``: report, paper and card of a session that has none, from what is stored; its film may be gone.

It is asked for where a session without a film becomes another rower's: what named the one before went at once.
"""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Final

from sqlalchemy import update

from rowsense.films import FILM, OVERLAY
from rowsense.jobs.telling import Report
from rowsense.jobs.work import Work
from rowsense.outputs import OutputOptions, write_outputs
from rowsense.store.claims import ClubStore, claimed, clear, keep, let_go
from rowsense.store.club_policies import language_of_session
from rowsense.store.scope import ClubScope
from rowsense.store.session_folder import read_session
from rowsense.store.shown import shown_analysis
from rowsense.store.tables import Analysis

_WRITTEN: Final = ("report.html", "report.pdf", "card.png")
_VIDEOS: Final = frozenset({OVERLAY, FILM, "best_stroke.mp4", "worst_stroke.mp4"})
#: Of a film that is not there.
_NOWHERE: Final = Path("/no/film/of/this/session")


def rewrite(work: Work) -> None:
    """Write them. A session that is gone, or has them, needs nothing."""
    store, session_id = work.store(), uuid.UUID(work.payload["session_id"])
    with store.database:
        with store.database.reading(work.scope) as unit:
            row = shown_analysis(unit, session_id)
        if row is None:
            return
        names = [file.key.removeprefix(f"{row.file_prefix}/") for file in store.files.listed(row.file_prefix)]
        if _WRITTEN[0] in names or "session.json" not in names:
            return
        language = language_of_session(store.database, work.scope, session_id)
        made = work.folder / "rewritten"
        shutil.rmtree(made, ignore_errors=True)  # of an attempt that was killed
        made.mkdir(parents=True)
        with store.files.fetch(row.file_prefix, [name for name in names if name not in _VIDEOS]) as folder:
            session = read_session(folder)
            if (folder / "faults").is_dir():
                shutil.copytree(folder / "faults", made / "faults")
        for name in {OVERLAY, FILM}.intersection(names):
            (made / name).touch()  # so that the report speaks of it; its file comes from where it lies
        write_outputs(session, _NOWHERE, made, OutputOptions(overlay=False, keep_overlay=True, language=language))
        _swap(store, work.scope, row, names, made)
        shutil.rmtree(made, ignore_errors=True)
    work.tell(Report("report", 1.0, 1.0))


def _swap(store: ClubStore, scope: ClubScope, row: Analysis, names: list[str], made: Path) -> None:
    """A new folder with them and all that was there; the row names it unless it was changed meanwhile."""
    with claimed(store, scope, 1) as (new,):
        for name in names:
            store.files.duplicate(f"{row.file_prefix}/{name}", f"{new}/{name}")
        for name in _WRITTEN:
            store.files.put(made / name, f"{new}/{name}")
        naming = (
            update(Analysis)
            .where(Analysis.id == row.id, Analysis.file_prefix == row.file_prefix)
            .values(file_prefix=new)
            .returning(Analysis.id)
        )
        with store.database.writing(scope) as unit:
            if unit.scalar(naming) is None:
                return
            keep(unit, [new])
            let_go(unit, [row.file_prefix])
    clear(store, [row.file_prefix])
