"""The copy of a film for browsers: it has no life of its own, whatever happens to the film happens to it."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rowsense.store.claims import ClubStore
from rowsense.store.delete import delete_session
from rowsense.store.erase import erase_athlete
from rowsense.store.export import export_of
from rowsense.store.film_copies import AS_COPY, AS_IT_CAME, COPY, copy_key, films_to_watch, keep_copy
from rowsense.store.films_kept import drop_film
from rowsense.store.record import record
from rowsense.store.tables import Video
from tests.store.club import ATHLETE, CLUB, check_healthy, recording

SESSION = uuid.UUID(int=1000)
BYTES = b"copy" * 100


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "made.mp4"
    path.write_bytes(BYTES)
    return path


@pytest.fixture
def key(store: ClubStore, analysed: Path, tmp_path: Path) -> Iterator[str]:
    """Of a kept film; whatever a test did, rows and files fit together afterwards."""
    film = tmp_path / "film.mov"
    film.write_bytes(b"film" * 100)
    record(store, CLUB, recording(analysed, video=film))
    yield _video(store).file_key or ""
    check_healthy(store)


def _video(store: ClubStore) -> Video:
    with store.database.reading(CLUB) as unit:
        return unit.query(Video).one()


def test_the_copy_lies_beside_its_film_and_is_shown_first(store: ClubStore, key: str, copy: Path) -> None:
    assert [way.kind for way in films_to_watch(store, CLUB, {SESSION})[SESSION]] == [AS_IT_CAME]
    with store.database.writing(CLUB) as unit:
        unit.query(Video).one().codec = "hevc"
    assert films_to_watch(store, CLUB, {SESSION})[SESSION] == ()
    assert keep_copy(store, CLUB, SESSION, key, copy)
    (way,) = films_to_watch(store, CLUB, {SESSION})[SESSION]
    assert (way.kind, way.key) == (AS_COPY, copy_key(key))
    assert store.files.part(way.key, 4, 12) == BYTES[4:12]
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(export_of(store, CLUB, ATHLETE).stream())))
    assert sum(name.endswith(f"/{COPY}") for name in bundle.namelist()) == 1, "it is given out with the film"
    assert drop_film(store, CLUB, SESSION, {})
    assert store.files.size(way.key) is None and films_to_watch(store, CLUB, {SESSION}) == {}


def test_it_goes_with_the_session_and_with_the_athlete(store: ClubStore, key: str, copy: Path) -> None:
    assert keep_copy(store, CLUB, SESSION, key, copy)
    receipt = erase_athlete(store, CLUB, ATHLETE)
    assert receipt.file_count >= 2
    assert not list(store.files.listed())


def test_of_a_film_that_went_meanwhile_there_is_none(store: ClubStore, key: str, copy: Path) -> None:
    drop_film(store, CLUB, SESSION, {})
    assert not keep_copy(store, CLUB, SESSION, key, copy)
    delete_session(store, CLUB, SESSION)
    assert not keep_copy(store, CLUB, SESSION, key, copy)
    assert not list(store.files.listed())
