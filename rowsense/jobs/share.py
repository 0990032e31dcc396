"""The job ``share``: what a link shows is made and named by its row. Runs in a process of its own."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from rowsense.jobs.telling import Report
from rowsense.jobs.work import Work
from rowsense.overlay.hiding import Hidden
from rowsense.shared_frames import Source, best_source
from rowsense.sharing import Sharing, write_shared
from rowsense.store.claims import ClubStore, claimed, keep
from rowsense.store.club_policies import language_for
from rowsense.store.files import prefix_of
from rowsense.store.session_folder import read_session
from rowsense.store.tables import Analysis, Athlete, ShareLink, TrainingSession, Video

_STORED_FROM = 0.95


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that is needed from the store."""

    link_id: uuid.UUID
    analysis_prefix: str
    video_key: str | None
    sharing: Sharing


def share(work: Work) -> None:
    """Make it. A link that was taken back, or whose files are there, needs nothing."""
    store = work.store()
    with store.database:
        asked = _asked(store, work)
        if asked is None:
            return
        made = work.folder / "shared"
        shutil.rmtree(made, ignore_errors=True)  # of an attempt that was killed
        made.mkdir(parents=True)
        with store.files.fetch(asked.analysis_prefix) as analysed, _sources(store, asked, analysed) as sources:
            source = best_source(sources, asked.sharing.hidden)
            write_shared(
                read_session(analysed), source, analysed / "faults", made, asked.sharing,
                lambda share: work.tell(Report("share", _STORED_FROM * share, 1.0)),
            )  # fmt: skip
        _keep(store, work, asked, made)
    work.tell(Report("share", 1.0, 1.0))


def _asked(store: ClubStore, work: Work) -> _Asked | None:
    link_id = uuid.UUID(work.payload["link"])
    with store.database.reading(work.scope) as unit:
        link = unit.get(ShareLink, link_id)
        if link is None or link.revoked_at is not None or link.file_prefix is not None:
            return None
        analysis = unit.get_one(Analysis, link.analysis_id)
        session = unit.get_one(TrainingSession, link.session_id)
        key = unit.scalar(select(Video.file_key).where(Video.session_id == session.id))
        name = unit.get_one(Athlete, session.athlete_id).name if link.named else ""
        hidden = Hidden(link.face_blurred, link.surroundings_blurred)
        return _Asked(
            link_id,
            analysis.file_prefix,
            key,
            Sharing(name, hidden, link.film, language_for(unit, work.scope, session.athlete_id)),
        )


@contextmanager
def _sources(store: ClubStore, asked: _Asked, analysed: Path) -> Iterator[list[Source]]:
    """The films that are there."""
    kept = [Source(analysed / f"{kind}.mp4", kind) for kind in ("film", "overlay")]
    found = [source for source in kept if source.path.is_file()]
    if asked.video_key is None:
        yield found
        return
    prefix = prefix_of(asked.video_key)
    name = asked.video_key.removeprefix(f"{prefix}/")
    with store.files.fetch(prefix, [name]) as folder:
        yield [*found, Source(folder / name, "original")]


def _keep(store: ClubStore, work: Work, asked: _Asked, made: Path) -> None:
    """Put the files in and name them, unless the link was taken back meanwhile: then they go again."""
    with claimed(store, work.scope, 1) as (prefix,):
        for path in sorted(made.rglob("*")):
            if path.is_file():
                store.files.put(path, f"{prefix}/{path.relative_to(made).as_posix()}")
        with store.database.writing(work.scope) as unit:
            naming = (
                update(ShareLink)
                .where(ShareLink.id == asked.link_id, ShareLink.revoked_at.is_(None), ShareLink.file_prefix.is_(None))
                .values(file_prefix=prefix)
                .returning(ShareLink.id)
            )
            if unit.scalar(naming) is not None:
                keep(unit, [prefix])
    shutil.rmtree(made, ignore_errors=True)
