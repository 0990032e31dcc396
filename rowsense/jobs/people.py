"""Who is in a film, with a picture to point at, and whether she can be measured, by the search of the analysis itself:
a process of the page Upload, which must not load the pose network.

python -m rowsense.jobs.people    ``{"film": PATH, "speed": 1.0, "rower": 1}`` as a line of JSON on standard input

Answers with one line: ``{"picture": "data:...", "people": [{"number": 1, "box": [x0, y0, x1, y1], "rows": true,
"refused": ""}], "refused": "", "poses": false, "warnings": [...]}``, or ``{"problem": "..."}``. Numbers are those that
``--rower`` takes: the same frames are looked at in the same way. Boxes are parts of the picture's width and height.
``refused`` says why the rower who is asked for, or the nearest who rows, cannot be measured; of a person why that one
cannot. ``poses``: nobody rows, but somebody sits there who can be seen well enough to be calibrated by the film.
"""

from __future__ import annotations

import base64
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from rowsense.errors import NotMeasurableError, RowSenseError, UsageError
from rowsense.model import Frame
from rowsense.pose.models import ensure_model
from rowsense.pose.people import Detections
from rowsense.pose.scout import picture_of, scout_plan, search
from rowsense.pose.suitability import Picture, judge
from rowsense.recording import SCOUT_SIDE_PX
from rowsense.settings import Settings
from rowsense.video.choose import read_chosen
from rowsense.video.probe import frame_table, probe

#: Longer side of the picture: as wide as it is shown on a laptop [D].
_SIDE_PX: Final = 960
_JPEG_QUALITY: Final = 80
#: What a head and feet have beyond the outermost landmarks, trunk lengths [D].
_MARGIN: Final = 0.25


def people_in(path: Path, speed: float | None = None, rower: int | None = None) -> dict[str, Any]:
    """Everybody in a film, and whether ``rower`` of them can be measured; None: the nearest who rows.

    ``speed``: how many times slower it plays.

    Raises
    ------
    RowSenseError
        The film cannot be read, or there is no pose model.
    """
    info = probe(path, speed=speed)
    table = frame_table(path)
    wanted = scout_plan(table.times_s / info.speed, [int(k) for k in table.keyframes])
    frames, people = search(read_chosen(info, wanted, max_side_px=SCOUT_SIDE_PX), ensure_model(Settings().pose.model))
    if not frames:
        return {"picture": "", "people": [], "refused": "", "poses": False, "warnings": []}
    picture, shown = picture_of(frames), _fullest(people, len(frames))
    refused, warnings = judged(people, picture, rower)
    return {
        "picture": _picture(frames[shown]),
        "refused": refused,
        "poses": bool(refused) and poses(people, picture, rower),
        "warnings": warnings,
        "people": [
            {
                "number": one.person.number,
                "box": _box(one, shown, frames[shown]),
                "rows": one.person.rows,
                "refused": judged(people, picture, one.person.number)[0],
            }
            for one in people
        ],
    }


def judged(people: Sequence[Detections], picture: Picture, rower: int | None) -> tuple[str, list[str]]:
    """Why ``rower`` cannot be measured, empty: she can; and what makes her less certain."""
    try:
        found = judge(people, picture, rower=rower)
        if rower is None:  # that there are several is said by the page, which one can point on
            found = judge(people, picture, rower=found.chosen.number)
    except (NotMeasurableError, UsageError) as error:
        return str(error), []
    return "", list(found.warnings)


def poses(people: Sequence[Detections], picture: Picture, rower: int | None) -> bool:
    """Whether the film may be one to be calibrated by: nobody (not ``rower``) rows, and she sits as seen from the side.

    No strokes are all that a film of three postures shows to who looks for strokes.
    """
    asked = people if rower is None else people[max(rower - 1, 0) : rower]
    if any(one.person.rows for one in asked):
        return False
    try:
        judge(people, picture, rower=rower, posing=True)
    except (NotMeasurableError, UsageError):
        return False
    return True


def _fullest(people: Sequence[Detections], count: int) -> int:
    """The frame in which most of them were found; of several the one in the middle."""
    seen = np.zeros(count, dtype=np.int64)
    for one in people:
        seen[list(one.rows)] += 1
    most = np.flatnonzero(seen == seen.max())
    return int(most[len(most) // 2])


def _box(one: Detections, shown: int, frame: Frame) -> list[float]:
    """Around her in that frame, or in the one nearest to it in which she was found."""
    row = min(range(len(one.rows)), key=lambda i: abs(one.rows[i] - shown))
    height, width = (side * frame.source_px_per_px for side in frame.image.shape[:2])
    size = np.array([width, height])
    margin = _MARGIN * one.person.trunk_px
    low, high = one.xy_px[row].min(axis=0) - margin, one.xy_px[row].max(axis=0) + margin
    return [round(float(share), 4) for share in np.clip(np.concatenate([low / size, high / size]), 0.0, 1.0)]


def _picture(frame: Frame) -> str:
    """As an address that holds it all."""
    small, out = Image.fromarray(frame.image), io.BytesIO()
    small.thumbnail((_SIDE_PX, _SIDE_PX))
    small.save(out, "JPEG", quality=_JPEG_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"


def main() -> None:
    """Answer one question."""
    asked = json.loads(sys.stdin.readline())
    try:
        said = people_in(Path(asked["film"]), asked.get("speed"), asked.get("rower"))
    except RowSenseError as error:
        said = {"problem": str(error)}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
