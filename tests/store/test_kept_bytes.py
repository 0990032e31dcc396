"""What a club keeps is counted as the disk holds it, copies and drawn films too, and it is what its room is for."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Barrier
from time import sleep

import pytest

from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.delete import delete_session
from rowsense.store.files import StoredFile, prefix_of
from rowsense.store.film_copies import keep_copy
from rowsense.store.kept_bytes import KEPT, kept_bytes
from rowsense.store.local_files import LocalFiles
from rowsense.store.record import record
from rowsense.store.rejudged import MEASURED_FILES
from rowsense.store.scope import AllClubs
from rowsense.store.tables import COACH, FolderSize, User, Video
from rowsense.store.uploads import Announced, UploadError, UploadLimits, create_upload
from tests.store.club import CLUB, OTHER_CLUB, analysed_folder, recording

USER = uuid.UUID(int=31)
WHO = Viewer(USER, CLUB.club_id, COACH)
SESSION = uuid.UUID(int=1000)


def on_disk(store: ClubStore) -> int:
    """Every file once, however many names it has."""
    root = store.files.root  # type: ignore[attr-defined]
    return sum({(s := (root / file.key).stat()).st_ino: s.st_size for file in store.files.listed()}.values())


def test_all_of_it_is_counted_once_and_what_is_new_or_gone_is_noticed(store: ClubStore, tmp_path: Path) -> None:
    assert kept_bytes(store, CLUB) == dict.fromkeys(KEPT, 0)
    film, copy = tmp_path / "video.mov", tmp_path / "copy.mp4"
    film.write_bytes(bytes(70_000))
    copy.write_bytes(bytes(30_000))
    analysed = analysed_folder(tmp_path / "clip.rowsense")
    (analysed / "overlay.mp4").write_bytes(bytes(500_000))
    first = record(store, CLUB, recording(analysed, video=film))
    counted = kept_bytes(store, CLUB)
    assert (counted["films"], counted["copies"], counted["drawn"]) == (70_000, 0, 500_000)
    assert counted["analyses"] > 200_000 and sum(counted.values()) == on_disk(store)
    with store.database.reading(CLUB) as unit:
        key = str(unit.query(Video).one().file_key)
    assert keep_copy(store, CLUB, SESSION, key, copy)
    assert kept_bytes(store, CLUB)["copies"] == 30_000, "which came after the film was counted"
    for name in MEASURED_FILES:
        (analysed / name).unlink(missing_ok=True)
    there = tuple(n for n in MEASURED_FILES if store.files.size(f"{first.file_prefix}/{n}") is not None)
    (analysed / "frames.parquet").write_bytes((store.files.root / first.file_prefix / "frames.parquet").read_bytes())  # type: ignore[attr-defined]
    again = replace(
        recording(analysed, version=2),
        judges_version=1, measured_in=first.file_prefix, measured_files=tuple(set(there) - {"frames.parquet"}),
    )  # fmt: skip
    record(store, CLUB, again)
    assert kept_bytes(store, CLUB)["drawn"] == 500_000, "a second name takes no room"
    assert kept_bytes(store, OTHER_CLUB) == dict.fromkeys(KEPT, 0)
    delete_session(store, CLUB, SESSION)
    assert kept_bytes(store, CLUB) == dict.fromkeys(KEPT, 0)
    with store.database.reading(CLUB) as unit:
        assert unit.query(FolderSize).count() == 0


@dataclass(frozen=True)
class SlowFiles(LocalFiles):
    """Files of which a folder (empty: any) is listed once, and then something else happens first."""

    folder: str = ""
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def listed(self, prefix: str = "") -> Iterator[StoredFile]:
        yield from list(super().listed(prefix))
        if self.meanwhile and self.folder in ("", prefix):
            self.meanwhile.pop()()


def slow(store: ClubStore, meanwhile: Callable[[], object], folder: str = "") -> ClubStore:
    root = store.files.root  # type: ignore[attr-defined]
    return ClubStore(store.database, SlowFiles(root, folder=folder, meanwhile=[meanwhile]))


def test_a_copy_that_comes_while_its_folder_is_looked_up_is_counted(store: ClubStore, tmp_path: Path) -> None:
    film, copy = tmp_path / "video.mov", tmp_path / "copy.mp4"
    film.write_bytes(bytes(70_000))
    copy.write_bytes(bytes(30_000))
    record(store, CLUB, recording(analysed_folder(tmp_path / "clip.rowsense"), video=film))
    with store.database.reading(CLUB) as unit:
        key = str(unit.query(Video).one().file_key)
    kept_bytes(slow(store, lambda: keep_copy(store, CLUB, SESSION, key, copy), prefix_of(key)), CLUB)
    counted = kept_bytes(store, CLUB)
    assert (counted["films"], counted["copies"]) == (70_000, 30_000) and sum(counted.values()) == on_disk(store)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_three_look_up_the_same_at_once(store: ClubStore, tmp_path: Path) -> None:
    """The first knows one folder; the two others find that one there, and two more that both of them add."""
    folder, together = analysed_folder(tmp_path / "clip.rowsense"), Barrier(3)
    record(store, CLUB, recording(folder))

    def look_up() -> int:
        return sum(kept_bytes(slow(store, together.wait), CLUB).values())

    with ThreadPoolExecutor(3) as threads:
        looking = [threads.submit(look_up)]
        while not together.n_waiting:
            sleep(0.01)
        for number in (2, 3):
            record(store, CLUB, recording(folder, number))
        looking += [threads.submit(look_up) for _ in range(2)]
        assert all(one.result() > 0 for one in looking)
    assert sum(kept_bytes(store, CLUB).values()) == on_disk(store)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_clubs_room_is_for_all_that_is_kept(store: ClubStore, analysed: Path) -> None:
    with store.database.writing(AllClubs("set up a test")) as unit:
        unit.add(User(id=USER, email="c@club.org", name="Coach"))
    record(store, CLUB, recording(analysed))
    kept = sum(kept_bytes(store, CLUB).values())
    with pytest.raises(UploadError, match="the club has room for"):
        create_upload(store, WHO, Announced("a.mp4", 1001), UploadLimits(club_bytes=kept + 1000, spare_bytes=0))
    create_upload(store, WHO, Announced("a.mp4", 1000), UploadLimits(club_bytes=kept + 1000, spare_bytes=0))
