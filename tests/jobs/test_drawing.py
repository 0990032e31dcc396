"""Films that several draw: every frame at its time, the same whoever drew, and what is lost is drawn again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import update

from rowsense import films
from rowsense.errors import OutputError, UsageError
from rowsense.films import FILM, OVERLAY, part_bounds, write_film
from rowsense.jobs.drawing import Draughtsman, FilmPlan, maker_of, packed, unpacked
from rowsense.jobs.parts import FIRST_FILM_PART, HELP, Parts
from rowsense.jobs.queue import Ticket, enqueue, take
from rowsense.jobs.together import AtWork
from rowsense.jobs.work import Task, Work
from rowsense.model import Session
from rowsense.store.claims import ClubStore
from rowsense.store.tables import JobPart
from rowsense.video import frame_table, probe, read_frames
from rowsense.video.join import FilmPart, join_parts
from tests import clips
from tests.session_fixture import make_session
from tests.store.club import CLUB

#: The analysed part begins here (`--from`).
FIRST = 7
NAMES = (OVERLAY, FILM)


@pytest.fixture(scope="module", autouse=True)
def _short_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(films, "PART_FRAMES", 30)
        yield


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Session]:
    """A film at uneven times, and a session of all but its first frames: three parts."""
    session = make_session(2, size=(320, 240), fps=15.0)
    count = len(session.track) + FIRST
    path, times_s = tmp_path_factory.mktemp("filmed") / "phone.mov", clips.uneven_times(count, 15.0)
    clips.write_clip(path, clips.numbered_images(count, 320, 240), times_s=times_s)
    time_s = np.array(times_s[FIRST:])
    track = replace(session.track, frame=session.track.frame + FIRST, time_s=time_s)
    angles = replace(session.angles, time_s=time_s)
    session = replace(session, video=probe(path), track=track, angles=angles)
    assert len(part_bounds(session)) == 3
    return path, session


@pytest.fixture(scope="module")
def alone(filmed: tuple[Path, Session], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The films as the command line writes them."""
    source, session = filmed
    folder = tmp_path_factory.mktemp("alone")
    for name in NAMES:
        write_film(session, source, folder / name, name)
    return folder


def at_work_on(store: ClubStore, folder: Path, kind: str = "analyze") -> Work:
    with store.database.writing(CLUB) as unit:
        enqueue(unit, kind, {})
    (ticket,) = take(store.database, "a runner", 1)
    return as_work(store, folder / str(ticket.job_id), ticket)


def as_work(store: ClubStore, folder: Path, ticket: Ticket) -> Work:
    folder.mkdir(parents=True, exist_ok=True)
    task = Task("", str(ticket.job_id), str(CLUB.club_id), "", {}, {}, "", "", str(folder), attempt=ticket.attempt)
    return Work(task, lambda told: None)


def helped(store: ClubStore, work: Work, source: Path, folder: Path, most: int) -> list[int]:
    """Have a helper draw so many parts; which ones."""
    helper, parts = at_work_on(store, folder, HELP), Parts(store.database, CLUB, uuid.UUID(work.task.job_id))
    me, drawn = AtWork.of(helper, store.database, 1).me, []
    draughtsman = Draughtsman(parts, source, helper.folder)
    for _ in range(most):
        taken, plan = parts.take(me, 1)
        for part, result in draughtsman.draw(plan, taken, lambda _: None).items():
            parts.keep(part, plan, result)
            drawn.append(part)
    return drawn


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_films_that_several_drew_have_every_frame_at_its_time(
    store: ClubStore, tmp_path: Path, filmed: tuple[Path, Session], alone: Path
) -> None:
    source, session = filmed
    made = {}
    for who in ("the job", "helpers too"):
        folder = tmp_path / who
        work = at_work_on(store, folder)
        complete = maker_of(work, store, 2)(session, source, NAMES)
        if who != "the job":
            assert helped(store, work, source, folder, 4) == [FIRST_FILM_PART + number for number in (1, 2, 3, 4)]
        told: list[float] = []
        complete(folder, lambda _, done, total, told=told: told.append(done / total))  # type: ignore[misc]
        assert told == sorted(told) and told[-1] <= 1.0
        made[who] = folder
    for name in NAMES:
        film, whole = made["helpers too"] / name, alone / name
        assert stamps(film) == stamps(whole) == stamps(made["the job"] / name)
        table, first = frame_table(film), [bounds[0] - FIRST for bounds in part_bounds(session)]
        assert set(first) <= set(table.keyframes) and np.diff([*table.keyframes, len(table.pts)]).max() <= 15
        assert film.read_bytes().index(b"moov") < film.read_bytes().index(b"mdat"), "plays while it loads"
        assert differences(film, whole).max() < 2.0
        assert differences(film, made["the job"] / name).max() < 0.5, "x264 itself rarely codes a frame in another way"
    numbers = [clips.read_number(frame.image) for frame in read_frames(made["helpers too"] / FILM)]
    assert numbers == (session.track.frame % 256).tolist()
    with av.open(str(made["helpers too"] / OVERLAY)) as container:
        stream = container.streams.video[0]
        for place in (3, 29, 30, 31, 80):  # as a click on the page seeks
            container.seek(stamps(alone / OVERLAY)[place][0], stream=stream)
            shown = next(f for f in container.decode(stream) if f.pts == stamps(alone / OVERLAY)[place][0])
            assert shown.width == 320


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_another_attempt_goes_on_from_what_is_there(
    store: ClubStore, tmp_path: Path, filmed: tuple[Path, Session], alone: Path
) -> None:
    source, session = filmed
    work = at_work_on(store, tmp_path)
    begin = maker_of(work, store, 1)
    begin(session, source, (OVERLAY,))
    parts = Parts(store.database, CLUB, uuid.UUID(work.task.job_id))
    helped(store, work, source, tmp_path, 2)
    parts.keep(FIRST_FILM_PART + 3, FilmPlan.of(session, [OVERLAY], "").told(), b"of another session")
    assert parts.done() == [FIRST_FILM_PART + number for number in (0, 1, 2)]
    # As if the job had drawn the second one itself, on a machine that is gone.
    words = parts.result(FIRST_FILM_PART + 2).partition(b"\n")[0] + b"\n"
    with store.database.writing(CLUB) as unit:
        unit.execute(update(JobPart).where(JobPart.part == FIRST_FILM_PART + 2).values(result=words))
    complete = begin(session, source, (OVERLAY,))
    assert parts.done() == [FIRST_FILM_PART, FIRST_FILM_PART + 1], (
        "what a helper drew stays, what is lost is drawn again"
    )
    complete(tmp_path, lambda *told: None)
    assert stamps(tmp_path / OVERLAY) == stamps(alone / OVERLAY)
    begin(replace(session, athlete="another"), source, (OVERLAY,))
    assert parts.done() == [FIRST_FILM_PART], "of another session nothing is of use"


def test_a_session_comes_back_as_it_was_sent(filmed: tuple[Path, Session], monkeypatch: pytest.MonkeyPatch) -> None:
    _, session = filmed
    kept = packed(unpacked(packed(session)))  # positions as exact as files keep them
    assert kept == packed(unpacked(kept)) == packed(unpacked(kept))
    told = FilmPlan.of(session, NAMES, "x").told()
    monkeypatch.setattr(av, "__version__", "0.1")
    with pytest.raises(UsageError, match=r"this machine has PyAV 0\.1"):
        Draughtsman(None, Path("a"), Path("b")).draw(told, [], lambda _: None)  # type: ignore[arg-type]


def test_parts_that_do_not_fit_leave_what_was_there(filmed: tuple[Path, Session], alone: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.mp4").write_bytes((alone / OVERLAY).read_bytes()[:5000])
    target = tmp_path / "film.mp4"
    target.write_bytes(b"the old result")
    pts = [stamp[0] for stamp in stamps(alone / FILM)]
    small = clips.write_clip(tmp_path / "small.mp4", clips.numbered_images(5))
    later = range(pts[-1] + 1, pts[-1] + 6)
    for parts in (
        [FilmPart(alone / FILM, pts[:-1])],
        [FilmPart(tmp_path / "cut.mp4", pts)],
        [FilmPart(alone / FILM, pts), FilmPart(small, later)],
    ):
        with pytest.raises(OutputError):
            join_parts(parts, target)
        assert target.read_bytes() == b"the old result"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.mp4", "film.mp4", "small.mp4"]


def differences(one: Path, other: Path) -> NDArray[np.float64]:
    """Mean difference of each picture of two films, in 0..255."""
    pairs = zip(read_frames(one), read_frames(other), strict=True)
    return np.array([np.abs(a.image.astype(float) - b.image).mean() for a, b in pairs])


def stamps(path: Path) -> list[tuple[int, int, int]]:
    """When each picture is shown and for how long, in ticks."""
    with av.open(str(path)) as container:
        return [(int(p.pts), int(p.dts), int(p.duration)) for p in container.demux(video=0) if p.size]  # type: ignore[arg-type]
