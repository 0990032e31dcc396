"""The job ``rescore``: sessions that an older catalogue judged are judged by the club's newest, one after the other.

What has come out differently becomes a new version of the session's analysis; where nothing has, the version says by
which catalogue it stands now. Sessions that cannot be read stay as they are, and the checkpoint says why. Nothing is
lost when it is stopped: what is left to do is asked of the table anew.
"""

from __future__ import annotations

import math
import shutil
import uuid
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rowsense.assess.judge import catalogue_for
from rowsense.errors import OutputError, UsageError, VideoError
from rowsense.films import BEST_STROKE, FILM, OVERLAY, WORST_STROKE, stroke_films, write_stroke_films
from rowsense.jobs.judging import judged_again, measures_of, settings_now, whole_series, write_measures
from rowsense.jobs.looking import somebody_waits
from rowsense.jobs.telling import Report
from rowsense.jobs.work import GivesWay, Work
from rowsense.model import Session
from rowsense.outputs import OutputOptions, write_outputs
from rowsense.settings import AssessSettings
from rowsense.store.analysis_rows import read_analysed
from rowsense.store.catalogues import ClubCatalogue, current_catalogue, to_be_judged
from rowsense.store.claims import ClubStore
from rowsense.store.club_policies import language_of_session
from rowsense.store.codec import to_json
from rowsense.store.delete import delete_analysis
from rowsense.store.files import prefix_of
from rowsense.store.record import Recording, record
from rowsense.store.rejudged import MEASURED_FILES, Stored, note_judged, stored_analysis, superseded
from rowsense.store.scope import ClubScope
from rowsense.store.session_folder import read_session

_SESSION: Final = "session.json"
#: As of the sessions of a demonstration, which nobody filmed.
_ONLY_NUMBERS: Final = "only the numbers of these sessions are kept, and nothing that could be judged again"
#: Of a film that is not there.
_NOWHERE: Final = Path("/no/film/of/this/session")
_VIDEOS: Final = frozenset({OVERLAY, FILM})
#: Sessions that the checkpoint names with their reason [D]; a store without its files has them all.
_MOST_REASONS: Final = 200
#: Looks at the queue in a row at which somebody waited, after which the job gives way [D]: another worker may take
#: that job in between.
_LOOKS: Final = 2


def rescore(work: Work) -> None:
    """Judge all that an older version judged, unless a newer one than asked for holds: that has a job of its own."""
    store = work.store()
    with store.database:
        skipped: dict[str, str] = dict(work.checkpoint.get("skipped", {}))
        with store.database.reading(work.scope) as unit:
            left = to_be_judged(unit, [uuid.UUID(key) for key in skipped])
        total = max(int(work.checkpoint.get("total", 0)), len(left) + len(skipped))
        waited = 0
        for place, analysis_id in enumerate(left):
            waited = waited + 1 if place and somebody_waits(store.database, work.priority) else 0
            if waited == _LOOKS:
                raise GivesWay("it goes on when nobody waits for an analysis")
            with store.database.reading(work.scope) as unit:
                current = current_catalogue(unit)
            if current.number != work.payload["number"]:
                return
            problem = judge_one(store, work.scope, analysis_id, current, work.folder / "judged")
            if problem and len(skipped) < _MOST_REASONS:
                skipped[str(analysis_id)] = problem
            done = total - len(left) + place + 1
            work.tell(Report("judge", float(done), float(total), {"total": total, "skipped": skipped}))


def judge_one(
    store: ClubStore, scope: ClubScope, analysis_id: uuid.UUID, catalogue: ClubCatalogue, scratch: Path
) -> str:
    """Judge one session by the catalogue; why it cannot be, where it cannot: it stays as it is then.

    Raises
    ------
    OutputError
        What came out cannot be kept.
    """
    asked = stored_analysis(store.database, scope, analysis_id)
    if asked is None:
        return ""  # deleted since
    names = [f.key.removeprefix(f"{asked.prefix}/") for f in store.files.listed(asked.prefix)]
    if _SESSION not in names:
        return _ONLY_NUMBERS
    try:
        with store.files.fetch(asked.prefix, [name for name in names if name not in _VIDEOS]) as folder:
            session = read_session(folder)
            settings = settings_now(session, asked.athlete, catalogue.changes)
            assessment = judged_again(session, settings)
            faults = tuple(fault.id for fault in catalogue_for(settings).faults)
            if _alike(to_json(assessment), to_json(session.assessment)):
                found = read_analysed(folder).quantities(faults)
                note_judged(store.database, scope, asked, catalogue.number, found)
                return ""
            judged = replace(
                session,
                assessment=assessment,
                provenance=_provenance(session, settings),
                athlete=asked.athlete.name,
            )
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True)
            if (folder / "faults").is_dir():
                shutil.copytree(folder / "faults", scratch / "faults")
    except (OutputError, UsageError) as error:
        return str(error)
    _write(store, session, judged, asked, scratch, names, language_of_session(store.database, scope, asked.session_id))
    _write_stroke_films(store, session, judged, asked, scratch, names)
    recording = Recording(
        scratch,
        session_id=asked.session_id,
        analysis_id=uuid.uuid5(asked.analysis_id, f"catalogue {catalogue.number}"),
        athlete_id=asked.athlete.id,
        calibration_id=asked.calibration_id,
        fault_ids=faults,
        catalogue_number=catalogue.number,
        judges_version=asked.measured_version,
        measured_in=asked.prefix,
        measured_files=tuple(name for name in names if name in MEASURED_FILES),
    )
    row = record(store, scope, recording)
    # The measurement's own version stays; those in between can be made again from it and their catalogue.
    for key in superseded(store.database, scope, row):
        delete_analysis(store, scope, key)
    return ""


def _alike(one: Any, other: Any) -> bool:
    """Whether two documents say the same; numbers to within what the way through a file may cost."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)
    return bool(one == other)


def _provenance(session: Session, settings: AssessSettings) -> dict[str, object]:
    told = session.provenance.get("settings")
    stages = told if isinstance(told, dict) else {}
    return {**session.provenance, "settings": {**stages, "assess": settings.model_dump(mode="json")}}


def _write(
    store: ClubStore,
    before: Session,
    judged: Session,
    asked: Stored,
    folder: Path,
    names: Collection[str],
    language: str,
) -> None:
    """Everything that depends on the judgement, into a folder that holds the stills there were."""
    for name in _VIDEOS.intersection(names):
        (folder / name).touch()  # so that the report speaks of it; its file comes from where it lies
    options = OutputOptions(overlay=False, keep_overlay=True, language=language)
    with _film(store, before, judged, asked) as film:
        try:
            write_outputs(judged, film, folder, options)
        except VideoError:  # damaged since: stills that are there will do
            write_outputs(judged, _NOWHERE, folder, options)
    whole = replace(judged, angles=whole_series(judged))
    write_measures(folder, measures_of(whole, catalogue_for(settings_of(judged))))
    for name in MEASURED_FILES.intersection(names):
        (folder / name).unlink(missing_ok=True)


def _write_stroke_films(
    store: ClubStore, before: Session, judged: Session, asked: Stored, folder: Path, names: Collection[str]
) -> None:
    """The best and the worst stroke: as they are where they are the same strokes, else cut out of the kept overlay."""
    if OVERLAY not in names:
        return
    films = {BEST_STROKE, WORST_STROKE}
    same = stroke_films(before) == stroke_films(judged) and films <= set(names)
    with store.files.fetch(asked.prefix, sorted(films) if same else [OVERLAY]) as kept:
        if not same:
            write_stroke_films(judged, folder, kept / OVERLAY)
            return
        for name in films:
            shutil.copyfile(kept / name, folder / name)


def settings_of(session: Session) -> AssessSettings:
    """What a session was judged with, as it says itself."""
    return AssessSettings(**session.provenance["settings"]["assess"])


@contextmanager
def _film(store: ClubStore, before: Session, judged: Session, asked: Stored) -> Iterator[Path]:
    """The session's film, where stills are to be drawn that are not there; else a name that is nowhere."""
    shown = {(fault.id, fault.worst_frame, fault.name) for fault in before.assessment.faults}
    new = [one for one in judged.assessment.faults if (one.id, one.worst_frame, one.name) not in shown]
    key = asked.video_key
    with ExitStack() as held:
        film = _NOWHERE
        if new and key is not None:
            name = key.removeprefix(f"{prefix_of(key)}/")
            with suppress(OutputError):  # gone since: a missing still is no reason to judge by an older catalogue
                film = held.enter_context(store.files.fetch(prefix_of(key), [name])) / name
        yield film
