"""The first stage of an analysis: a copy that browsers play, of films that need one."""

from __future__ import annotations

import uuid
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from rowsense.jobs.copying import copy_first
from rowsense.jobs.telling import Report
from rowsense.jobs.work import Task, Work
from rowsense.store.claims import ClubStore
from rowsense.store.film_copies import COPY, copy_key
from rowsense.store.opening import address_of
from rowsense.store.record import record
from rowsense.store.tables import Video
from rowsense.video import presentation_times, probe, read_frames
from rowsense.video.copy import write_copy
from rowsense.video.steering import comes_to_every_frame
from tests.clips import numbered_images, read_number, uneven_times, write_clip
from tests.store.club import ATHLETE, CLUB, check_healthy, recording

SESSION = uuid.UUID(int=1000)
COUNT = 40
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def phone_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As a phone in poor light films it: ten bits of HEVC with B-frames, on its side, at uneven times."""
    path = tmp_path_factory.mktemp("films") / "phone.mov"
    return write_clip(
        path, numbered_images(COUNT, 160, 120), times_s=uneven_times(COUNT), codec="hevc10", b_frames=2, gop=40,
        rotation_deg=90,
    )  # fmt: skip


def test_a_copy_has_every_frame_at_its_own_time_and_browsers_come_to_it(phone_film: Path, tmp_path: Path) -> None:
    slow = replace(probe(phone_film), speed=8.0)
    told: list[tuple[int, int]] = []
    target = tmp_path / COPY
    write_copy(phone_film, slow, target, lambda done, count: told.append((done, count)))
    assert told[-1] == (COUNT, COUNT)
    np.testing.assert_allclose(presentation_times(target), presentation_times(phone_film), atol=1e-4)
    shown = list(read_frames(target))
    assert [read_number(frame.image) for frame in shown] == list(range(COUNT))
    assert shown[0].image.shape == next(read_frames(phone_film)).image.shape, "upright"
    made = probe(target)
    assert made.codec == "h264" and comes_to_every_frame(target, made)
    with av.open(str(target)) as film:
        packets = [packet for packet in film.demux(video=0) if packet.size]
        assert all(packet.pts == packet.dts for packet in packets), "no B-frames"
        keys = [number for number, packet in enumerate(packets) if packet.is_keyframe]
        assert np.diff([*keys, COUNT]).max() <= 15
    head = target.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat"), "it begins to play before all of it is there"


def test_a_large_film_gets_a_smaller_copy(tmp_path: Path) -> None:
    film = write_clip(tmp_path / "large.mp4", numbered_images(2, 2560, 1440), codec="mjpeg")
    write_copy(film, probe(film), tmp_path / COPY, lambda done, count: None)
    assert (probe(tmp_path / COPY).width_px, probe(tmp_path / COPY).height_px) == (1920, 1080)


def _kept(store: ClubStore, analysed: Path, film: Path) -> str:
    record(store, CLUB, recording(analysed, video=film))
    found = probe(film)
    with store.database.writing(CLUB) as unit:
        row = unit.query(Video).one()
        row.codec, row.duration_s, row.fps = found.codec, found.duration_s, found.fps
        return str(row.file_key)


def _work(store: ClubStore, folder: Path, told: list[Report]) -> Work:
    url = store.database.url.render_as_string(hide_password=False)
    task = Task(
        "", str(uuid.uuid4()), str(CLUB.club_id), str(ATHLETE), {}, {}, url, address_of(store.files), str(folder)
    )
    return Work(task, told.append)


@ON_SQLITE
def test_the_first_analysis_makes_it_and_the_next_one_finds_it(
    store: ClubStore, analysed: Path, phone_film: Path, tmp_path: Path
) -> None:
    key = _kept(store, analysed, phone_film)
    work, shares = _work(store, tmp_path, []), list[float]()
    assert copy_first(work, store, SESSION, phone_film, shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) == COUNT
    with store.files.fetch(copy_key(key).rpartition("/")[0], [COPY]) as folder:
        assert probe(folder / COPY).codec == "h264"
    assert copy_first(work, store, SESSION, phone_film, shares.append) and len(shares) == COUNT
    assert not (tmp_path / COPY).exists(), "the job keeps nothing of it"
    check_healthy(store)


@ON_SQLITE
def test_who_stops_it_leaves_nothing_half_and_the_next_attempt_begins_anew(
    store: ClubStore, analysed: Path, phone_film: Path, tmp_path: Path
) -> None:
    key = _kept(store, analysed, phone_film)

    def stopped(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    (tmp_path / "job").mkdir()
    work = _work(store, tmp_path / "job", [])
    with pytest.raises(KeyboardInterrupt):
        copy_first(work, store, SESSION, phone_film, stopped)
    assert not list((tmp_path / "job").iterdir()) and store.files.size(copy_key(key)) is None
    assert copy_first(work, store, SESSION, phone_film, lambda share: None)
    assert store.files.size(copy_key(key))


@ON_SQLITE
def test_a_film_in_which_browsers_come_to_every_frame_needs_none(
    store: ClubStore, analysed: Path, tmp_path: Path
) -> None:
    film = write_clip(tmp_path / "camera.mp4", numbered_images(10), fps=Fraction(30))
    key = _kept(store, analysed, film)
    assert copy_first(_work(store, tmp_path, []), store, SESSION, film, lambda share: pytest.fail("nothing to do"))
    assert store.files.size(copy_key(key)) is None
    assert not copy_first(_work(store, tmp_path, []), store, uuid.uuid4(), film, lambda share: None), "no such film"
