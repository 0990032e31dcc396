"""The frames of a session's film to be shared: who else is in them is looked for, then what is to be hidden is hidden.

Two ways through the film: what is found in one frame decides how much of all others is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from rowsense.conventions import FACING_LEFT, LANDMARK_COUNT
from rowsense.model import Frame, Session
from rowsense.overlay.heads import Strangers, strangers
from rowsense.overlay.hiding import Hidden, Hider
from rowsense.pose.bystanders import bystanders
from rowsense.pose.models import ensure_model
from rowsense.settings import Settings
from rowsense.video.choose import read_chosen
from rowsense.video.read import read_frames

#: The longer side of a shared film [D]: what a phone shows, and a third of the bytes of full HD.
FILM_SIDE_PX: Final = 1280
#: A frame of a film that was made from the session's is not further from its moment than that, s [D].
_SAME_MOMENT_S: Final = 0.012
#: Others are looked for so often, s [D]: who walks goes a third of a metre.
_STEP_S: Final = 0.25
#: Of so few frames every one is also looked at in parts.
_FEW: Final = 30
_PARTS_EVERY: Final = 3


@dataclass(frozen=True, slots=True)
class Source:
    """Where the pictures come from."""

    path: Path
    kind: str
    """``original``: the video itself; ``film``: a copy of its analysed part; ``overlay``: that, drawn on."""


def best_source(sources: Iterable[Source], hidden: Hidden) -> Source | None:
    """The film to take: a clean one where something is to be hidden, else the one that is drawn on already."""
    order = ("original", "film", "overlay") if hidden.anything else ("overlay", "original", "film")
    found = sorted(sources, key=lambda source: order.index(source.kind))
    return found[0] if found else None


def others_in(
    session: Session,
    source: Source,
    wanted: frozenset[int] | None,
    stills: Collection[int],
    told: Callable[[float], None] = lambda share: None,
) -> Strangers:
    """Heads of everybody but the rower in the frames ``wanted`` (None: all), looked for four times a second and in
    each of ``stills``.

    Raises
    ------
    ModelError
        There is no pose model, so nobody could be found.
    VideoError
        The film cannot be read.
    """
    plan = _plan(session, wanted, stills)
    rows: list[int] = []
    times: dict[int, float] = {}

    def looked_at() -> Iterator[Frame]:
        for row, frame in session_frames(session, source, frozenset(plan)):
            if frame.index not in plan:
                continue
            rows.append(row)
            times[frame.index] = frame.time_s
            told(min(1.0, len(rows) / len(plan)))
            yield frame

    every = 1 if len(plan) <= _FEW else _PARTS_EVERY
    mirror = session.facing == FACING_LEFT
    model = ensure_model(Settings().pose.model)
    found = bystanders(looked_at(), rows, session.track, model, mirror=mirror, parts_every=every)
    xy = np.array([one.xy_px for one in found]).reshape(-1, LANDMARK_COUNT, 2)
    return strangers(np.array([times[one.frame] for one in found]), xy)


def hidden_frames(
    session: Session, source: Source, hidden: Hidden, others: Strangers, wanted: frozenset[int] | None
) -> Iterator[tuple[int, Frame]]:
    """The row of the track (-1: none) and the frame, in which what is to be hidden is hidden.

    ``wanted``: only frames of these numbers.
    """
    hider = Hider(session.track, hidden, others)
    for row, frame in session_frames(session, source, wanted):
        if wanted is not None and frame.index not in wanted:
            continue
        yield row, replace(frame, image=hider(frame.image, row, frame.source_px_per_px, frame.time_s))


def session_frames(session: Session, source: Source, wanted: frozenset[int] | None) -> Iterator[tuple[int, Frame]]:
    """The row of the track (-1: none) and the frame, as it is; of a copy all frames, whatever is wanted."""
    return _of_the_original(session, source, wanted) if source.kind == "original" else _of_a_copy(session, source)


def _plan(session: Session, wanted: frozenset[int] | None, stills: Collection[int]) -> set[int]:
    plan, last_s = set(stills), -np.inf
    for number, time_s in zip(session.track.frame.tolist(), session.track.time_s.tolist(), strict=True):
        if (wanted is None or number in wanted) and time_s - last_s >= _STEP_S - 1e-6:
            plan.add(number)
            last_s = time_s
    return plan


def _of_the_original(session: Session, source: Source, wanted: frozenset[int] | None) -> Iterator[tuple[int, Frame]]:
    """The analysed part of it, each frame with its row of the track."""
    track, info = session.track, replace(session.video, path=source.path)
    first, end = int(track.frame[0]), int(track.frame[-1]) + 1
    frames = (
        read_frames(source.path, info=info, first_frame=first, end_frame=end, max_side_px=FILM_SIDE_PX)
        if wanted is None
        else read_chosen(info, wanted, max_side_px=FILM_SIDE_PX)
    )
    for frame in frames:
        row = int(np.searchsorted(track.frame, frame.index))
        yield (row if row < len(track) and track.frame[row] == frame.index else -1), frame


def _of_a_copy(session: Session, source: Source) -> Iterator[tuple[int, Frame]]:
    """All of it; numbers and times are those that the frames have in the original."""
    track, info = session.track, replace(session.video, path=source.path, speed=1.0)
    for frame in read_frames(source.path, info=info, max_side_px=FILM_SIDE_PX):
        time_s = frame.time_s + float(track.time_s[0])
        after = int(np.searchsorted(track.time_s, time_s))
        row = min((max(after - 1, 0), min(after, len(track) - 1)), key=lambda r: abs(float(track.time_s[r]) - time_s))
        near = abs(float(track.time_s[row]) - time_s) <= _SAME_MOMENT_S
        ratio = session.video.width_px / frame.image.shape[1]
        yield (row if near else -1), Frame(int(track.frame[row]) if near else -1, time_s, frame.image, ratio)
