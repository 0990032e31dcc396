"""Uploads: who sends which file, what is refused and why, and what goes when its time is over.

A row is older than its file and outlives it, so that no file is without one; what a crash leaves is swept away later.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from rowsense.errors import StoreError
from rowsense.store.access import Viewer
from rowsense.store.claims import ClubStore
from rowsense.store.clock import doubt_of
from rowsense.store.club_policies import policies_of
from rowsense.store.film_kinds import HEAD_BYTES, KNOWN, suffix_of
from rowsense.store.holding import hold_club
from rowsense.store.kept_bytes import kept_bytes
from rowsense.store.scope import AllClubs, ClubScope
from rowsense.store.tables import Upload, Video
from rowsense.store.tables.uploads import CHECKING, READY, RECEIVING, REFUSED
from rowsense.store.upload_files import upload_files_of

_GB: Final = 1 << 30
_OPEN: Final = (RECEIVING, CHECKING, READY)


class Why(Enum):
    """Why something is refused."""

    WRONG = "what was asked cannot be understood"
    TOO_LARGE = "the file is too large, or the club's room is used up"
    NO_SPACE = "the disk is full"
    NO_FILM = "the file is no film"
    TOO_MANY = "too many at once"
    OTHER_PLACE = "that is not where the file goes on"
    GONE = "it is not being received any more"


class UploadError(StoreError):
    """An upload is refused; the words are for whoever sends it."""

    def __init__(self, why: Why, words: str) -> None:
        super().__init__(words)
        self.why = why


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What may be sent."""

    most_bytes: int = 4 * _GB
    """Of one file."""
    club_bytes: int = 0
    """Of all that a club keeps: films, copies of them, analyses, links; 0: as much as the disk holds."""
    spare_bytes: int = _GB
    """What the disk must have left, for the analyses [D]."""
    most_open: int = 200
    """That one person may have under way [D]."""
    most_coming_bytes: int = 40 * _GB
    """That one person may have announced and not sent yet: they are kept free for her [D]."""
    kept: timedelta = timedelta(days=7)
    """How long one waits to go on, or to be claimed [D]."""
    find_rower: bool = True
    """Whether a film that is here is searched for its rower before anybody claims it."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that somebody wants to send."""

    name: str
    byte_count: int
    filmed_on: date | None = None


def create_upload(
    store: ClubStore, viewer: Viewer, announced: Announced, limits: UploadLimits, key: uuid.UUID | None = None
) -> Upload:
    """Make room for a file. ``key``: that it is to have; the same file announced again with it is there already.

    Raises
    ------
    UploadError
        It is empty or too large, the disk or the club's room does not hold it, too many are under way, or another file
        has the key.
    """
    if key is not None and (there := _announced_before(store, viewer, announced, key)) is not None:
        return there
    try:
        return _create(store, viewer, announced, limits, key)
    except IntegrityError:  # the same was announced at the same moment
        there = None if key is None else _announced_before(store, viewer, announced, key)
        if there is None:
            raise
        return there


def _announced_before(store: ClubStore, viewer: Viewer, announced: Announced, key: uuid.UUID) -> Upload | None:
    row = upload_of(store, viewer, key)
    if row is not None and (row.byte_count, row.name) != (announced.byte_count, _name(announced)):
        raise UploadError(Why.OTHER_PLACE, "another film was announced with this key; choose a new one for each film")
    return row


def _name(announced: Announced) -> str:
    return announced.name.strip()[:200] or "film"


def _create(
    store: ClubStore, viewer: Viewer, announced: Announced, limits: UploadLimits, key: uuid.UUID | None
) -> Upload:
    if announced.byte_count < 1:
        raise UploadError(Why.WRONG, "the file is empty; look whether the film can be played, and choose it again")
    if announced.byte_count > limits.most_bytes:
        raise UploadError(
            Why.TOO_LARGE,
            f"the film has {_gb(announced.byte_count)} and {_gb(limits.most_bytes)} is the most; send a shorter part",
        )
    expire(store, limits)
    files, scope, began = upload_files_of(store), ClubScope(viewer.club_id), datetime.now(UTC)
    with store.database.reading(scope) as unit:
        own_gb = policies_of(unit, scope).room_gb
    rooms = [room for room in (limits.club_bytes, (own_gb or 0) * _GB) if room]
    kept = sum(kept_bytes(store, scope).values()) if rooms else 0
    with store.database.writing(scope) as unit:
        hold_club(unit, viewer.club_id)  # two at once would both find the club's last room free
        waiting = unit.scalars(select(Upload).where(Upload.state.in_(_OPEN))).all()
        if sum(one.user_id == viewer.user_id for one in waiting) >= limits.most_open:
            raise UploadError(Why.TOO_MANY, "too many films are under way; say who is in those that are here first")
        if rooms:
            # What became a session since all was counted waits no more, and would be in neither.
            since = unit.scalar(select(func.sum(Video.byte_count)).where(Video.created_at >= began)) or 0
            left = min(rooms) - kept - int(since) - sum(one.byte_count for one in waiting)
            if announced.byte_count > left:
                raise UploadError(
                    Why.TOO_LARGE,
                    f"the club has room for {_gb(max(left, 0))} more; ask an administrator to delete films or add room",
                )
        coming = _coming(store)
        hers = coming.get(viewer.user_id, 0)
        if announced.byte_count + hers > limits.most_coming_bytes:
            raise UploadError(
                Why.TOO_MANY,
                f"{_gb(hers)} of your films are announced and not here yet; wait until they are, or take some away",
            )
        if announced.byte_count + sum(coming.values()) + limits.spare_bytes > files.free_bytes():
            raise UploadError(Why.NO_SPACE, "the server's disk is full; tell your administrator, then try again")
        row = Upload(
            **({} if key is None else {"id": key}),
            user_id=viewer.user_id,
            name=_name(announced),
            byte_count=announced.byte_count,
            filmed_on=announced.filmed_on,
            found={},
            claim={},
        )
        unit.add(row)
        unit.flush()
    return row


def _coming(store: ClubStore) -> Counter[uuid.UUID | None]:
    """Person -> bytes that she has announced and not sent yet."""
    files = upload_files_of(store)
    with store.database.reading(AllClubs("what is on its way to a disk that is one for all clubs")) as unit:
        rows = unit.scalars(select(Upload).where(Upload.state == RECEIVING)).all()
    coming: Counter[uuid.UUID | None] = Counter()
    for row in rows:
        coming[row.user_id] += row.byte_count - files.size(row.id)
    return coming


def upload_of(store: ClubStore, viewer: Viewer, key: uuid.UUID) -> Upload | None:
    """An upload of the viewer's; None: she has none of this key."""
    with store.database.reading(ClubScope(viewer.club_id)) as unit:
        return unit.scalar(select(Upload).where(Upload.id == key, Upload.user_id == viewer.user_id))


def uploads_of(store: ClubStore, viewer: Viewer) -> Sequence[Upload]:
    """All of the viewer's, the oldest first, as they lie before her."""
    with store.database.reading(ClubScope(viewer.club_id)) as unit:
        mine = select(Upload).where(Upload.user_id == viewer.user_id)
        return unit.scalars(mine.order_by(Upload.created_at, Upload.id)).all()


def append(store: ClubStore, row: Upload, offset: int, read: Callable[[int], bytes]) -> int:
    """Append what ``read`` gives at ``offset``; how much is there now.

    Whatever stops it, all that was written stays and counts.

    Raises
    ------
    UploadError
        That is not where it goes on, or it is no film: then the upload is over.
    BusyError
        Somebody else is sending it.
    OutputError
        The disk takes no more.
    """
    if row.state != RECEIVING:
        raise UploadError(Why.GONE, "this film is not being received any more; load the page again")
    files = upload_files_of(store)
    with files.writing(row.id) as writer:
        if offset != writer.size:
            raise UploadError(Why.OTHER_PLACE, f"the film goes on at byte {writer.size}, not at {offset}")
        try:
            writer.append(read, row.byte_count - offset)
        finally:
            size = writer.size
    if (
        offset < HEAD_BYTES
        and size >= min(HEAD_BYTES, row.byte_count)
        and not suffix_of(files.head(row.id, HEAD_BYTES))
    ):
        words = f"this is no film that RowSense knows; send {KNOWN}, as the camera wrote it"
        refuse(store, row, words)
        raise UploadError(Why.NO_FILM, words)
    if size == row.byte_count:
        move_on(store, row, RECEIVING, state=CHECKING)
    return size


def refuse(store: ClubStore, row: Upload, words: str) -> None:
    """End an upload with the reason; its bytes go."""
    if move_on(store, row, row.state, state=REFUSED, problem=words):
        upload_files_of(store).remove(row.id)


def move_on(store: ClubStore, row: Upload, before: str, **values: Any) -> bool:
    """Change a row that is still in the state ``before``; whether it was."""
    changing = update(Upload).where(Upload.id == row.id, Upload.state == before).values(**values).returning(Upload.id)
    with store.database.writing(ClubScope(row.club_id)) as unit:
        return unit.scalar(changing) is not None


def remove_upload(store: ClubStore, row: Upload) -> None:
    """Take it away with its bytes. A session that was made of it stays.

    Raises
    ------
    BusyError
        It is being written.
    """
    files = upload_files_of(store)
    if row.state == RECEIVING:
        with files.writing(row.id):
            _drop(store, row)
    else:
        _drop(store, row)
    files.remove(row.id)


def expire(store: ClubStore, limits: UploadLimits) -> int:
    """Take away what nobody has gone on with, and bytes that no open upload names; how many.

    Nothing while the clock is in doubt.
    """
    if doubt_of(store.database):
        return 0
    files = upload_files_of(store)
    oldest = datetime.now(UTC) - limits.kept
    with store.database.reading(AllClubs("uploads whose time is over")) as unit:
        rows = unit.scalars(select(Upload)).all()
    over = [
        row
        for row in rows
        if row.created_at < oldest
        and not (row.state == RECEIVING and files.changed_s(row.id) > oldest.timestamp())
        and row.state != CHECKING
    ]
    for row in over:
        _drop(store, row)
    named = {row.id for row in rows if row.state in _OPEN} - {row.id for row in over}
    known = {row.id for row in rows} - {row.id for row in over}
    left = [key for key in files.listed() if key not in named]
    for key in known.intersection(left):  # a server was killed before it removed a film that is a session
        files.remove_film(key)
    # One of a row that was added since the list was made is young.
    unnamed = [key for key in left if key not in known and files.changed_s(key) < _an_hour_ago_s()]
    alone = {key for key in files.beside() - known if not _is_here(store, key)}
    for key in {*(row.id for row in over), *unnamed, *alone}:
        files.remove(key)
    for path in files.half_written():
        with suppress(OSError):  # it has its name by now, or somebody else has removed it
            if path.stat().st_mtime < _an_hour_ago_s():
                path.unlink()
    return len(over)


def _is_here(store: ClubStore, key: uuid.UUID) -> bool:
    """Asked once more: it may have been added since all of them were listed."""
    with store.database.reading(AllClubs("whether an upload is still known")) as unit:
        return unit.get(Upload, key) is not None


def expires_at(row: Upload, limits: UploadLimits) -> datetime:
    """When it goes if nothing more comes; as far as the row alone says."""
    return row.created_at + limits.kept


def checked_next(store: ClubStore, key: uuid.UUID) -> Upload | None:
    """An upload that is to be looked at; None: it is not any more."""
    with store.database.reading(AllClubs("films are looked at for all clubs")) as unit:
        return unit.scalar(select(Upload).where(Upload.id == key, Upload.state == CHECKING))


def to_check(store: ClubStore) -> list[uuid.UUID]:
    """All that is complete and was not looked at yet; also what a crash stopped between the last byte and its note."""
    files = upload_files_of(store)
    with store.database.reading(AllClubs("films that nobody has looked at")) as unit:
        rows = unit.scalars(select(Upload).where(Upload.state.in_((RECEIVING, CHECKING)))).all()
    complete = [row for row in rows if row.state == RECEIVING and files.size(row.id) == row.byte_count]
    for row in complete:
        move_on(store, row, RECEIVING, state=CHECKING)
    return [row.id for row in (*(row for row in rows if row.state == CHECKING), *complete)]


def to_claim(store: ClubStore) -> list[Upload]:
    """Films that were looked at, of which it is said who is in them, and no session was made: the server ended then."""
    with store.database.reading(AllClubs("films of which everything is said")) as unit:
        rows = unit.scalars(select(Upload).where(Upload.state == READY, Upload.problem == "")).all()
    return [row for row in rows if row.claim]


def _drop(store: ClubStore, row: Upload) -> None:
    with store.database.writing(ClubScope(row.club_id)) as unit:
        unit.execute(delete(Upload).where(Upload.id == row.id))


def _an_hour_ago_s() -> float:
    return (datetime.now(UTC) - timedelta(hours=1)).timestamp()


def _gb(count: int) -> str:
    return f"{count / _GB:.1f} GB"
