"""The job that makes what a link shows, on a real film: pixels of every frame, stills and page are looked at."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from rowsense.jobs.child import done
from rowsense.jobs.sharing import make_link
from rowsense.jobs.sweeping import sweeping
from rowsense.jobs.telling import How, Report
from rowsense.jobs.work import KINDS, Task
from rowsense.model import Session
from rowsense.outputs import session_tables
from rowsense.overlay.draw import draw_frame
from rowsense.pose.models import MODEL_VARIABLE
from rowsense.report.summary import summary
from rowsense.sharing import filmed_frames
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.films_kept import drop_film
from rowsense.store.opening import address_of
from rowsense.store.record import Piece, Recording, record
from rowsense.store.scope import AllClubs
from rowsense.store.session_folder import write_session
from rowsense.store.shares import NewLink, links_of, revoke
from rowsense.store.tables import ADMINISTRATOR, Membership, SeenTime, ShareLink, User
from rowsense.video.read import read_frames
from rowsense.video.write import VideoSink
from tests.faced_rower import FACE_PX, around, detail, faced_session, likeness, middle_of
from tests.jobs.meeting import until
from tests.store.club import ATHLETE, CLUB, NAME, check_healthy

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
WHO, SESSION, ANALYSIS = (uuid.UUID(int=n) for n in (31, 1000, 1001))
VIEWER = Viewer(WHO, CLUB.club_id, ADMINISTRATOR)
#: Of the film that she was in; other tests of the fixture have no need of it.
FILM_NAME = "Žofie steady 25.mp4"


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Session, Path]:
    """A session of one stroke, its film full of detail, and the folder of its analysis with a film that is drawn on."""
    folder = tmp_path_factory.mktemp("filmed")
    session = _warned(faced_session(2, (640, 360)))
    size = session.video.height_px, session.video.width_px
    coarse = np.random.default_rng(3).integers(0, 255, (size[0] // 4, size[1] // 4, 3), dtype=np.uint8)
    picture = np.asarray(cv2.resize(coarse, size[::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
    cv2.imwrite(str(folder / "picture.png"), picture[:, :, ::-1])
    analysed = folder / "clip.rowsense"
    analysed.mkdir()
    films = [VideoSink(path, size[1], size[0], 30) for path in (folder / FILM_NAME, analysed / "overlay.mp4")]
    with films[0] as clean, films[1] as drawn:
        for row, time_s in enumerate(session.track.time_s):
            clean.write(picture, float(time_s))
            drawn.write(draw_frame(picture, session, row), float(time_s))
    write_session(analysed, session, summary(session), session_tables(session))
    (analysed / "faults").mkdir()
    for fault in session.assessment.faults:
        cv2.imwrite(str(analysed / "faults" / f"{fault.id}.png"), picture[:60, :80])
    return session, analysed


def _warned(session: Session) -> Session:
    """With a sentence that names the file, as what cannot be read of a film does, and strokes of different scores."""
    scores = np.array([80.0, 60.0])
    judged = replace(session.assessment, stroke_scores=scores)
    quality = {**session.quality, "film": f"{FILM_NAME}: the last frames could not be read."}
    return replace(session, quality=quality, assessment=judged, video=replace(session.video, path=Path(FILM_NAME)))


@pytest.fixture
def club(store: ClubStore, filmed: tuple[Session, Path]) -> ClubStore:
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=WHO, email="a@club.org", name="Jana"))
        unit.flush()
        unit.add(Membership(club_id=CLUB.club_id, user_id=WHO, role=ADMINISTRATOR))
    _, analysed = filmed
    film = analysed.parent / FILM_NAME
    record(store, CLUB, Recording(analysed, SESSION, ANALYSIS, Piece(ATHLETE, date(2026, 3, 1)), video=film))
    return store


def share(store: ClubStore, folder: Path, new: NewLink) -> tuple[How, str, list[Report]]:
    """Make a link and do its job here."""
    make_link(store.database, VIEWER, SESSION, new)
    with store.database.reading(CLUB) as unit:
        key = unit.scalar(select(ShareLink.id).order_by(ShareLink.created_at.desc()).limit(1))
    told: list[Report] = []
    task = Task(
        function=KINDS["share"], job_id=str(key), club_id=str(CLUB.club_id), athlete_id=str(ATHLETE),
        payload={"link": str(key)}, checkpoint={}, url=store.database.url.render_as_string(),
        files=address_of(store.files), folder=str(folder / str(key)),
    )  # fmt: skip
    how, words = done(task, told.append)
    return how, words, told


@contextmanager
def made(store: ClubStore) -> Iterator[Path]:
    """The files of the newest link."""
    with store.database.reading(CLUB) as unit:
        prefix = unit.scalar(select(ShareLink.file_prefix).order_by(ShareLink.created_at.desc()).limit(1))
    with store.files.fetch(str(prefix)) as folder:
        yield folder


def check_hidden(filmed: tuple[Session, Path], film: Path, *, corner_is_hidden: bool, stroke: int = -1) -> None:
    """Of every frame of the whole film, or of the film of a stroke."""
    session, analysed = filmed
    picture = np.asarray(cv2.imread(str(analysed.parent / "picture.png")), np.uint8)[:, :, ::-1]
    count, first, last = 0, 0, len(session.track)
    if stroke >= 0:
        one = session.strokes.strokes[stroke]
        first, last = (int(row) for row in np.searchsorted(session.track.time_s, (one.catch_time_s, one.end_time_s)))
    for frame in read_frames(film):
        face = around(middle_of(session.track, first + frame.index), FACE_PX / 2)
        assert likeness(frame.image[face], picture[face]) < 0.25, f"frame {frame.index}: the face"
        corner = slice(300, None), slice(5, 100)
        assert (likeness(frame.image[corner], picture[corner]) < 0.25) == corner_is_hidden, f"frame {frame.index}"
        count += 1
    assert count == last - first


@ON_SQLITE
def test_faces_and_surroundings_are_hidden_in_all_that_a_link_shows(
    club: ClubStore, tmp_path: Path, filmed: tuple[Session, Path]
) -> None:
    session, _ = filmed
    how, words, told = share(club, tmp_path, NewLink(7, film="whole"))
    assert (how, words) == (How.DONE, "")
    assert [report.done for report in told] == sorted(report.done for report in told) and told[-1].done == 1.0
    with made(club) as folder:
        check_hidden(filmed, folder / "film.mp4", corner_is_hidden=True)
        for stroke, name in enumerate(("best_stroke.mp4", "worst_stroke.mp4")):
            check_hidden(filmed, folder / name, corner_is_hidden=True, stroke=stroke)
        stills = sorted(path.stem for path in (folder / "faults").iterdir())
        assert stills == sorted(fault.id for fault in session.assessment.faults)
        assert (folder / "card.png").read_bytes().startswith(b"\x89PNG")
        texts = [(folder / name).read_text(encoding="utf-8") for name in ("report.html", "page.json")]
        assert json.loads(texts[1])["files"] == ["report.pdf", "best_stroke.mp4", "worst_stroke.mp4"]
        paper = "\n".join(page.extract_text() for page in PdfReader(folder / "report.pdf").pages)
        assert "A rower" in paper and "last frames could not be read" in paper
        for text in (*texts, paper):
            assert NAME not in text and "Žofie" not in text and "steady 25" not in text
        assert [still["id"] for still in json.loads(texts[1])["stills"]] == [f.id for f in session.assessment.faults]
        assert 'src="film.mp4' in texts[0]
    assert links_of(club.database, VIEWER, SESSION)[0].ready and not list(tmp_path.glob("*/shared"))
    check_healthy(club)


@ON_SQLITE
def test_where_the_film_is_gone_the_drawn_one_is_taken(
    club: ClubStore, tmp_path: Path, filmed: tuple[Session, Path]
) -> None:
    drop_film(club, CLUB, SESSION, {})
    assert share(club, tmp_path, NewLink(7, surroundings_blurred=False, named=True, film="whole"))[0] is How.DONE
    with made(club) as folder:
        check_hidden(filmed, folder / "film.mp4", corner_is_hidden=False)
        assert NAME in (folder / "report.html").read_text(encoding="utf-8")


@ON_SQLITE
def test_nothing_is_hidden_where_that_is_asked_for(
    club: ClubStore, tmp_path: Path, filmed: tuple[Session, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, analysed = filmed
    monkeypatch.setenv(MODEL_VARIABLE, str(tmp_path / "no.task"))  # nobody is looked for
    assert (
        share(club, tmp_path, NewLink(7, face_blurred=False, surroundings_blurred=False, film="whole"))[0] is How.DONE
    )
    with made(club) as folder:
        assert (folder / "film.mp4").read_bytes() == (analysed / "overlay.mp4").read_bytes()
        assert (folder / "best_stroke.mp4").is_file()
    clip = NewLink(7, face_blurred=False, surroundings_blurred=False, film="clip")
    assert share(club, tmp_path, clip)[:2] == (How.DONE, "")
    with made(club) as folder:
        assert (folder / "film.mp4").is_file()


@ON_SQLITE
def test_a_link_without_film_has_stills_in_which_things_are_hidden(club: ClubStore, tmp_path: Path) -> None:
    assert share(club, tmp_path, NewLink(7, film="none"))[0] is How.DONE
    with made(club) as folder:
        assert not list(folder.rglob("*.mp4")) and (folder / "report.pdf").is_file()
        assert not json.loads((folder / "page.json").read_text(encoding="utf-8"))["film"]
        (still, *_) = sorted((folder / "faults").iterdir())
        corner = np.asarray(cv2.imread(str(still)), np.uint8)[-120:, :120]
        assert detail(corner) < 3, "smeared; of the film itself more than five"


@ON_SQLITE
def test_a_head_that_is_found_nowhere_ends_it_in_words_and_a_link_taken_back_gets_no_files(
    club: ClubStore, tmp_path: Path, filmed: tuple[Session, Path]
) -> None:
    session, analysed = filmed
    xy = session.track.xy_px.copy()
    xy[:, :11] = np.nan
    headless = tmp_path / "headless.rowsense"
    shutil.copytree(analysed, headless)
    blind = replace(session, track=replace(session.track, xy_px=xy))
    write_session(headless, blind, summary(blind), session_tables(blind))
    record(club, CLUB, Recording(headless, SESSION, uuid.UUID(int=1002)))
    how, words, _ = share(club, tmp_path, NewLink(7))
    assert how is How.USELESS and "face cannot be blurred" in words
    (link,) = links_of(club.database, VIEWER, SESSION)
    revoke(club, VIEWER, SESSION, link.id)
    task_folder = tmp_path / str(link.id)
    task = Task(
        function=KINDS["share"], job_id=str(link.id), club_id=str(CLUB.club_id), athlete_id=str(ATHLETE),
        payload={"link": str(link.id)}, checkpoint={}, url=club.database.url.render_as_string(),
        files=address_of(club.files), folder=str(task_folder),
    )  # fmt: skip
    assert done(task, lambda told: None) == (How.DONE, "")
    assert not links_of(club.database, VIEWER, SESSION)[0].ready
    check_healthy(club)


@ON_SQLITE
def test_it_is_swept_by_itself_and_not_on_the_word_of_a_clock_that_jumped(
    club: ClubStore, caplog: pytest.LogCaptureFixture
) -> None:
    make_link(club.database, VIEWER, SESSION, NewLink(1))
    with club.database.writing(CLUB) as unit:
        link = unit.scalars(select(ShareLink)).one()
        link.created_at, link.expires_at = (at.replace(year=2020) for at in (link.created_at, link.expires_at))
    everything = AllClubs("move the clock")
    with club.database.writing(everything) as unit:  # as if the machine had started two years ahead
        unit.add(SeenTime(id=1, at=datetime.now(UTC) - timedelta(days=730)))
    with sweeping(club, first_after_s=0.01):
        until(lambda: "nothing is deleted" in caplog.text)
        assert not _no_rows(club)
    with club.database.writing(everything) as unit:
        unit.get_one(SeenTime, 1).at = datetime.now(UTC)
    with sweeping(club, first_after_s=0.01):
        until(lambda: not links_of(club.database, VIEWER, SESSION) and _no_rows(club))


def test_the_part_that_is_shared_is_twenty_seconds_around_the_first_fault() -> None:
    session = faced_session(24)
    track = session.track
    whole = int(track.frame[0]), int(track.frame[-1]) + 1
    assert filmed_frames(session, "whole") == whole and filmed_frames(session, "none") == (0, 0)
    for worst in (whole[0] + 5, 900, whole[1] - 5):
        fault = replace(session.assessment.faults[0], worst_frame=worst)
        judged = replace(session, assessment=replace(session.assessment, faults=(fault,)))
        first, end = filmed_frames(judged, "clip")
        assert first <= worst < end and whole[0] <= first and end <= whole[1]
        assert end - first == pytest.approx(20 * 30, abs=2)
    short = faced_session(1)
    assert filmed_frames(short, "clip") == (int(short.track.frame[0]), int(short.track.frame[-1]) + 1)


def _no_rows(store: ClubStore) -> bool:
    with store.database.reading(CLUB) as unit:
        return unit.scalar(select(ShareLink.id).limit(1)) is None
