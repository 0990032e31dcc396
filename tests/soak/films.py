"""Films that a soak run sends: alike but for some bytes at the end, so that each is another one."""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clips import numbered_images, write_clip

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "well_rowed.mp4"


@lru_cache
def _short(name: str, codec: str) -> bytes:
    with TemporaryDirectory() as folder:
        return write_clip(Path(folder) / name, numbered_images(130), codec=codec).read_bytes()


def film(number: int, real: bool = False, phone: bool = False) -> bytes:
    """A film of four seconds, or the sample video; ``number`` tells it from the others.

    ``phone``: one that browsers do not play, so that it gets a copy.
    """
    told = f"{number:08d}".encode()
    short = _short("a.mov", "hevc") if phone else _short("a.mp4", "h264")
    return (SAMPLE.read_bytes() if real else short) + struct.pack(">I4s", 8 + len(told), b"free") + told
