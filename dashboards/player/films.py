"""Which film of a session a browser can show: a clean one if there is any, else the one that is drawn on."""

from __future__ import annotations

import shlex
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from dashboards.addresses import media_address
from rowsense.model import Session, VideoInfo
from rowsense.texts.texts import Texts

#: Made by RowSense for films that browsers do not play.
FILM = "film.mp4"
OVERLAY = "overlay.mp4"
#: Name under which the original is asked for; no file of that name is in the folder.
ORIGINAL = "original"
#: And of the copy that lies beside the original, where a club keeps both.
COPY = "copy"


@dataclass(frozen=True, slots=True)
class Film:
    """One way to see the session, and how its clock goes."""

    kind: str
    """``film``, ``original`` or ``overlay``."""
    address: str
    start_s: float
    """Session time of the film's beginning."""
    speed: float
    """Playback seconds per real second."""
    length_s: float
    """How long it plays, to see that it is the right one; 0 where that is not known."""
    drawn_on: bool
    """The overlay is part of the picture."""


def films_of(session: Session, names: Collection[str], kinds: Collection[str], key: str) -> tuple[Film, ...]:
    """The films that are there, best first; ``names``: the session's files; ``kinds``: :data:`ORIGINAL` where the video
    itself is there, :data:`COPY` where a copy lies beside it."""
    time_s = session.track.time_s
    start_s = float(time_s[0]) if len(time_s) else 0.0
    length_s = float(time_s[-1]) - start_s if len(time_s) else 0.0
    video = session.video
    played_s = video.duration_s * video.speed
    found = []
    if COPY in kinds:  # by the clock of the original, whatever part of it was analysed
        found.append(Film("film", media_address(key, COPY), 0.0, video.speed, played_s, drawn_on=False))
    if FILM in names:
        found.append(Film("film", media_address(key, FILM), start_s, 1.0, length_s, drawn_on=False))
    if video.plays_in_browsers and ORIGINAL in kinds:
        found.append(Film("original", media_address(key, ORIGINAL), 0.0, video.speed, played_s, drawn_on=False))
    if OVERLAY in names:
        found.append(Film("overlay", media_address(key, OVERLAY), start_s, 1.0, length_s, drawn_on=True))
    return tuple(found)


def original_of(video: VideoInfo, folder: Path, root: Path) -> Path | None:
    """The file the session was made from where it still is: at its place, or beside the session folder.

    Only what begins like an MP4 or QuickTime file counts: a session folder from elsewhere must not make the server
    hand out other files of this computer.
    """
    named = video.path
    places = [named] if named.is_absolute() else [folder.parent / named, root / named]
    places.append(folder.parent / named.name)
    return next((place.resolve() for place in places if _is_film(place)), None)


def _is_film(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return path.is_file() and file.read(12)[4:8] == b"ftyp"
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class FilmNote:
    """Why there is no clean film, what to type, and what is shown instead."""

    reason: str
    command: str
    instead: str


def film_note(t: Texts, session: Session, films: tuple[Film, ...], folder: Path) -> FilmNote | None:
    """What to say where there is no clean film; None where there is one."""
    if films and not films[0].drawn_on:
        return None
    video = session.video
    reason = "session.note.moved" if video.plays_in_browsers else "session.note.form"
    place = str(video.path) if not video.plays_in_browsers else video.path.name
    return FilmNote(
        reason=t(reason, name=video.path.name),
        command=f"rowsense film {shlex.quote(str(folder))} --video {shlex.quote(place)}",
        instead=f"{t('session.note.then')} {t('session.note.until') if films else ''}",
    )
