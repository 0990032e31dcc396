"""A stored session of known motion with a film whose every picture carries its own number, at uneven times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rowsense.model import Session
from rowsense.report.summary import summary
from rowsense.report.tables import frames_table, strokes_table, track_table
from rowsense.store.session_folder import side_view_columns, write_session
from rowsense.video import VideoSink
from tests import clips
from tests.session_fixture import make_session

WIDTH_PX, HEIGHT_PX = 320, 240
#: Numbers in the picture have eight bits.
NUMBERS = 256


def uneven_session(stroke_count: int = 6, within: float | None = None) -> Session:
    """Frames as a phone times them: no two steps alike; ``within``: none further from the mean than by this share.

    A browser can be brought to every frame of a film with B-frames only where steps differ by less than half.
    """
    session = make_session(stroke_count, size=(WIDTH_PX, HEIGHT_PX))
    count = len(session.track)
    steps_s = np.random.default_rng(7).uniform(1 - (within or 0), 1 + (within or 0), count) / 30
    time_s = np.array(clips.uneven_times(count)) if within is None else np.round(np.cumsum(steps_s) - steps_s[0], 3)
    video = replace(session.video, duration_s=float(time_s[-1]) + 1 / 30)
    return replace(
        session,
        video=video,
        track=replace(session.track, time_s=time_s),
        angles=replace(session.angles, time_s=time_s),
    )


def store(folder: Path, session: Session) -> None:
    folder.mkdir(parents=True)
    frames = {**frames_table(session), **side_view_columns(session)}
    tables = {"frames": frames, "track": track_table(session), "strokes": strokes_table(session)}
    write_session(folder, session, summary(session), tables)


def write_numbered_film(path: Path, session: Session) -> None:
    """Picture n of the film says n (modulo 256); it begins with the track's first frame, as RowSense writes it."""
    times_s = session.track.time_s - session.track.time_s[0]
    with VideoSink(path, WIDTH_PX, HEIGHT_PX, session.video.fps) as sink:
        for number, time_s in enumerate(times_s):
            sink.write(clips.numbered_image(number % NUMBERS, WIDTH_PX, HEIGHT_PX), float(time_s))


def write_numbered_original(path: Path, session: Session) -> None:
    """The same pictures as a phone writes them: B-frames, which are stored out of order, and keyframes far apart."""
    times_s = [float(t) for t in session.track.time_s]
    images = (clips.numbered_image(n % NUMBERS, WIDTH_PX, HEIGHT_PX) for n in range(len(times_s)))
    clips.write_clip(path, images, times_s=times_s, gop=90, b_frames=2)


def picture_of(pixels: list[int], width: int, height: int) -> NDArray[np.uint8]:
    """What a canvas gives (RGBA, one list) as an RGB picture."""
    return np.array(pixels, dtype=np.uint8).reshape(height, width, 4)[..., :3]
