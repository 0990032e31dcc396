"""The film without drawing, for videos that browsers do not play."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from rowsense.batch import rewrite_film
from rowsense.errors import UsageError
from rowsense.model import Session
from rowsense.video import frame_table, probe, read_frames
from rowsense.video.steering import comes_to_every_frame
from tests import clips
from tests.dashboards.player_session import store
from tests.session_fixture import make_session

#: The analysed part begins here (`--from`).
FIRST = 7


@pytest.fixture
def source(tmp_path: Path) -> tuple[Path, Session]:
    """A phone's HEVC film on its side at uneven times, and a session of all but its first frames."""
    session = make_session(2)
    count = len(session.track) + FIRST
    path = tmp_path / "phone.mov"
    times_s = clips.uneven_times(count)
    clips.write_clip(path, clips.numbered_images(count), codec="hevc", times_s=times_s, rotation_deg=90)
    time_s = np.array(times_s[FIRST:])
    track = replace(session.track, frame=session.track.frame + FIRST, time_s=time_s)
    angles = replace(session.angles, time_s=time_s)
    return path, replace(session, video=probe(path), track=track, angles=angles)


def test_the_film_has_every_frame_at_its_time_and_plays_in_browsers(
    tmp_path: Path, source: tuple[Path, Session]
) -> None:
    _, session = source
    assert not session.video.plays_in_browsers
    store(tmp_path / "a.rowsense", session)
    film = rewrite_film(tmp_path / "a.rowsense", None)
    frames = list(read_frames(film))
    wanted = session.track.frame % 256
    assert [clips.read_number(f.image) for f in frames] == wanted.tolist()
    np.testing.assert_allclose([f.time_s for f in frames], session.track.time_s - session.track.time_s[0], atol=1e-4)
    with av.open(str(film)) as container:
        context = container.streams.video[0].codec_context
        assert (context.codec.name, context.pix_fmt, context.has_b_frames) == ("h264", "yuv420p", 0)
    assert np.diff(frame_table(film).keyframes).max() <= 15


def test_a_copy_is_shown_where_a_browser_misses_frames(tmp_path: Path) -> None:
    plain = clips.write_clip(tmp_path / "plain.mp4", clips.numbered_images(30), b_frames=2)
    colourful = clips.write_clip(tmp_path / "colourful.mp4", clips.numbered_images(10), codec="h264_444")
    rare = clips.write_clip(tmp_path / "rare.mp4", clips.numbered_images(66), fps=5, gop=600)
    pieces = tmp_path / "pieces.mp4"
    with av.open(str(plain)) as reader, av.open(str(pieces), "w", options={"movflags": "frag_keyframe"}) as writer:
        incoming = reader.streams.video[0]
        outgoing = writer.add_stream_from_template(incoming)
        for packet in reader.demux(incoming):
            if packet.dts is not None:
                packet.stream = outgoing
                writer.mux(packet)
    found = {path.stem: comes_to_every_frame(path, probe(path)) for path in (plain, colourful, rare, pieces)}
    assert found == {"plain": True, "colourful": False, "rare": False, "pieces": False}
    assert probe(pieces).plays_in_browsers, "it plays, and still has no index to seek by"


def test_another_film_is_refused(tmp_path: Path, source: tuple[Path, Session]) -> None:
    _, session = source
    store(tmp_path / "a.rowsense", session)
    other = clips.write_clip(tmp_path / "other.mp4", clips.numbered_images(5))
    with pytest.raises(UsageError, match="is not the video this session was made from"):
        rewrite_film(tmp_path / "a.rowsense", Path(other))
    with pytest.raises(UsageError, match="not there any more"):
        rewrite_film(tmp_path / "a.rowsense", tmp_path / "gone.mov")
    assert not (tmp_path / "a.rowsense" / "film.mp4").exists()
