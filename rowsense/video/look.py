"""What a file is, for a program that must not load the decoder: ``python -m rowsense.video.look FILE``.

Writes one line of JSON: what was found, or ``problem``, the words for whoever sent the file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rowsense.errors import VideoError
from rowsense.video.probe import probe


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
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
