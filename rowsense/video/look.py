"""What a file is, for a program that must not load the decoder: ``python -m rowsense.video.look FILE [PICTURE]``.

Writes one line of JSON: what was found, or ``problem``, the words for whoever sent the file. Where ``PICTURE`` is
named, a small JPEG of the film is written there, if it has a frame that can be read.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image

from rowsense.errors import VideoError
from rowsense.model.video import VideoInfo
from rowsense.video.choose import read_chosen
from rowsense.video.probe import probe

#: Longer side of the picture: twice as wide as a card shows it, for sharp screens [D].
_SIDE_PX: Final = 336
_JPEG_QUALITY: Final = 75
#: At this part of the film the phone stands still and she rows, more often than at its beginning [D].
_AT: Final = 1 / 3


def main() -> None:
    """Look at the file and say what it is."""
    try:
        info = probe(Path(sys.argv[1]))
    except VideoError as error:
        found: dict[str, object] = {"problem": str(error)}
    else:
        found = {
            "sha256": info.sha256,
            "codec": info.codec,
            "duration_s": info.duration_s,
            "fps": info.fps,
            "width_px": info.width_px,
            "height_px": info.height_px,
        }
        if len(sys.argv) > 2:
            with suppress(VideoError, OSError):  # the film is good without it
                write_picture(info, Path(sys.argv[2]))
    sys.stdout.write(json.dumps(found) + "\n")


def write_picture(info: VideoInfo, target: Path) -> None:
    """One frame of the film as a small JPEG, upright; whole or not at all. Nothing where no frame can be read.

    Raises
    ------
    VideoError
        The film cannot be read.
    OSError
        The picture cannot be written.
    """
    wanted = int((info.frame_count or 1) * _AT)
    for frame in read_chosen(info, [wanted], max_side_px=_SIDE_PX):
        part = target.with_name(f"{target.name}.new")
        Image.fromarray(frame.image).save(part, "JPEG", quality=_JPEG_QUALITY)
        part.replace(target)


if __name__ == "__main__":
    main()
