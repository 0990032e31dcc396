"""Simulated clips as the pose model saw them, one file each in a folder."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path

from rowsense.errors import NotMeasurableError
from rowsense.simulate.clip_spec import ClipSpec
from rowsense.studies.spine_frames import ObservedClip, observe_clip


def collect(folder: Path, draw: Callable[[int], tuple[ClipSpec, ...]], first: int, end: int) -> None:
    """Render and observe clips ``first`` to ``end`` - 1, one file each; those that are there stay.

    Needs the extra ``simulate``. A clip in which the pose model finds no rower is left out, and said.
    """
    from rowsense.pose.mediapipe_estimator import one_thread_each
    from rowsense.pose.models import ensure_model

    folder.mkdir(parents=True, exist_ok=True)
    with one_thread_each():
        for number in range(first, end):
            target = folder / f"{number:05d}.npz"
            if target.exists():
                continue
            try:
                clip = reduce(ObservedClip.then, (observe_clip(spec, ensure_model()) for spec in draw(number)))
            except NotMeasurableError as error:
                print(error, flush=True)
                continue
            clip.write(target)
            print(f"clip {number}: {len(clip)} frames", flush=True)


def each_collected(folder: Path, first: int = 0, end: float = math.inf) -> Iterator[tuple[int, ObservedClip]]:
    """What :func:`collect` wrote, number and clip, from ``first`` to before ``end``; read one by one."""
    for path in sorted(folder.glob("[0-9]*.npz")):
        if first <= int(path.stem) < end:
            yield int(path.stem), ObservedClip.read(path)


def read_collected(folder: Path) -> dict[int, ObservedClip]:
    """All of them, by number."""
    return dict(each_collected(folder))
