"""The films of a long video drawn by several workers: whoever is idle takes parts, and the job joins them.

They are laid out as soon as the session is known, so that others draw while the job writes its report. All draw from
the session as files keep it. Parts that are done stay for the next attempt, as those that were looked at do: what a
helper drew lies in its row, what the job drew itself in the job's own folder.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import threading
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import av

from rowsense.errors import UsageError
from rowsense.films import FilmMaker, Finish, films_here, part_bounds, write_part
from rowsense.jobs.parts import FIRST_FILM_PART, Parts
from rowsense.jobs.together import AtWork, finish
from rowsense.jobs.work import Work
from rowsense.model import Session
from rowsense.observe import Progress
from rowsense.outputs import session_tables
from rowsense.recording import default_workers
from rowsense.report.summary import summary
from rowsense.store.claims import ClubStore
from rowsense.store.session_folder import read_session, write_session
from rowsense.video.join import FilmPart, join_parts

_FILMS: Final = "films"
_FOLDER: Final = "films"
#: Parts that one process draws at once, however many cores it has [D]: each holds some tens of pictures in memory.
_SIDE_BY_SIDE: Final = 2
#: How often those who draw are asked how far they are [D].
_LOOK_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class FilmPlan:
    """Which films of which session are drawn, and by which parts."""

    films: tuple[tuple[str, int, int], ...]
    """Of each part: the film, its first frame and the one after its last."""
    session_sha256: str
    coder: str
    """Version of the library that codes: what another one coded cannot be joined to it."""

    @classmethod
    def of(cls, session: Session, names: Sequence[str], session_sha256: str) -> Self:
        """The plan for films of these names."""
        films = tuple((name, first, end) for name in names for first, end in part_bounds(session))
        return cls(films, session_sha256, av.__version__)

    @classmethod
    def from_told(cls, told: Mapping[str, Any]) -> Self:
        """What :meth:`told` told."""
        return cls(tuple((n, f, e) for n, f, e in told[_FILMS]), told["session_sha256"], told["coder"])

    def told(self) -> dict[str, Any]:
        """As plain values."""
        return {_FILMS: [list(film) for film in self.films], "session_sha256": self.session_sha256, "coder": self.coder}

    @property
    def sizes(self) -> list[int]:
        """Frames of each part."""
        return [end - first for _, first, end in self.films]

    def film(self, part: int) -> tuple[str, int, int]:
        """What the part of this number is of."""
        return self.films[part - FIRST_FILM_PART - 1]

    def parts_of(self, name: str) -> list[int]:
        """Numbers of a film's parts, in order."""
        return [FIRST_FILM_PART + 1 + place for place, film in enumerate(self.films) if film[0] == name]


def is_of_films(told: Mapping[str, Any]) -> bool:
    """Whether a plan is one for films."""
    return _FILMS in told


def maker_of(work: Work, store: ClubStore, workers: int) -> FilmMaker:
    """Makes the films of a job with the help of whoever is idle; short ones alone, as anybody else does."""

    def begin(session: Session, source: Path, names: tuple[str, ...]) -> Finish:
        if len(part_bounds(session)) == 1:
            return films_here(session, source, names)
        kept = packed(session)
        plan = FilmPlan.of(session, names, digest_of(kept))
        at_work = AtWork.of(work, store.database, min(workers or default_workers(), _SIDE_BY_SIDE))
        parts, folder = at_work.parts, work.folder / _FOLDER
        folder.mkdir(exist_ok=True)
        parts.lay_out(plan.told(), 1 + len(plan.films), FIRST_FILM_PART, kept)
        _have_lost_ones_again(parts, folder)

        def complete(target: Path, progress: Progress) -> None:
            total = sum(plan.sizes)
            drawing = partial(_draw, plan, unpacked(kept), source, folder, lambda path: b"")
            finish(
                at_work, plan.sizes, lambda _, taken, now: drawing(taken, now),
                lambda done: progress("overlay", done, total), FIRST_FILM_PART + 1,
            )  # fmt: skip
            for name in names:
                join_parts(_fetched(parts, plan.parts_of(name), folder), target / name)

        return complete

    return begin


class Draughtsman:
    """Draws parts of another job's films, on this machine's copy of its video."""

    def __init__(self, parts: Parts, source: Path, folder: Path) -> None:
        self._parts, self._source, self._folder = parts, source, folder
        self._plan: FilmPlan | None = None
        self._session: Session | None = None

    def draw(
        self, told: Mapping[str, Any], taken: Sequence[int], progress: Callable[[float], None]
    ) -> dict[int, bytes]:
        """Draw some parts of a plan; what came of each, with the film itself.

        Raises
        ------
        UsageError
            This machine codes in another way.
        """
        plan = FilmPlan.from_told(told)
        if plan.coder != av.__version__:
            raise UsageError(
                f"this machine has PyAV {av.__version__}, the analysis was begun with {plan.coder}; "
                "install the same on all workers"
            )
        if self._session is None or plan != self._plan:
            self._plan, self._session = plan, unpacked(self._parts.result(FIRST_FILM_PART))
        return _draw(plan, self._session, self._source, self._folder, _sent, taken, progress)


def _draw(
    plan: FilmPlan,
    session: Session,
    source: Path,
    folder: Path,
    sent: Callable[[Path], bytes],
    taken: Sequence[int],
    progress: Callable[[float], None],
) -> dict[int, bytes]:
    """In threads. Whoever calls stays in his own and may stop them by what ``progress`` raises."""
    stop, drawn = threading.Event(), dict.fromkeys(taken, 0)

    def one(part: int) -> bytes:
        def count(frames: int) -> None:
            drawn[part] = frames
            if stop.is_set():
                raise InterruptedError

        name, first, end = plan.film(part)
        path = _place(folder, part)
        pts = write_part(session, source, path, name, (first, end), count)
        return json.dumps(pts).encode() + b"\n" + sent(path)

    with ThreadPoolExecutor(min(len(taken), _SIDE_BY_SIDE)) as pool:
        futures = {part: pool.submit(one, part) for part in taken}
        try:
            while not _over(futures.values()):
                progress(sum(drawn.values()))
            return {part: future.result(0) for part, future in futures.items()}
        finally:
            stop.set()


def _over(futures: Collection[Future[bytes]]) -> bool:
    """Whether all are done. Where one went wrong, what it was is raised, and the others need not go on."""
    done, waiting = wait(futures, _LOOK_S, FIRST_EXCEPTION)
    for future in done:
        future.result()
    return not waiting


def _sent(path: Path) -> bytes:
    """A part as it travels; here it is of no more use."""
    film = path.read_bytes()
    path.unlink()
    return film


def _place(folder: Path, part: int) -> Path:
    return folder / f"{part}.mp4"


def _have_lost_ones_again(parts: Parts, folder: Path) -> None:
    """What an attempt on another machine drew itself is not here."""
    for part in parts.done():
        if part > FIRST_FILM_PART and not parts.result(part).partition(b"\n")[2] and not _place(folder, part).is_file():
            parts.give_back(part)


def _fetched(parts: Parts, numbers: Sequence[int], folder: Path) -> Iterator[FilmPart]:
    """One after the other, each as a file."""
    for part in numbers:
        pts, _, film = parts.result(part).partition(b"\n")
        path = _place(folder, part)
        if film:
            path.write_bytes(film)
        yield FilmPart(path, json.loads(pts))
        path.unlink()


def packed(session: Session) -> bytes:
    """The files of a session in one."""
    file = io.BytesIO()
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(file, "w") as bundle:
        folder = Path(place)
        write_session(folder, session, summary(session), session_tables(session))
        for path in sorted(folder.iterdir()):
            bundle.writestr(zipfile.ZipInfo(path.name), path.read_bytes())  # without the time, which would differ
    return file.getvalue()


def unpacked(kept: bytes) -> Session:
    """What :func:`packed` packed."""
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(io.BytesIO(kept)) as bundle:
        bundle.extractall(place)
        return read_session(Path(place))


def digest_of(kept: bytes) -> str:
    """Which session it is."""
    return hashlib.sha256(kept).hexdigest()
