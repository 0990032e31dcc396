"""The per-frame half from a file to arrays: probe, search, look at every frame.

Pictures come in, a :class:`Recording` comes out, which is all that the rest of the analysis needs.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.camera.rail import rail_roll
from rowsense.errors import NotMeasurableError, UsageError
from rowsense.memory import give_back, return_large_arrays
from rowsense.model import Frame, ObservationSeries, PoseTrack, VideoInfo
from rowsense.observe import ObservationPlan, Progress, observe_video
from rowsense.pose.models import ensure_model
from rowsense.pose.region import SIDE_RATIO, RegionPlan
from rowsense.pose.repair import strangers
from rowsense.pose.scout import Scout, scout, scout_plan
from rowsense.pose.tracking import assemble
from rowsense.settings import Settings
from rowsense.spine.together import read_together
from rowsense.video.ahead import fetched_ahead
from rowsense.video.choose import read_chosen
from rowsense.video.probe import probe
from rowsense.video.times import frame_table

FloatArray = NDArray[np.float64]

#: How long a thread may keep the interpreter that others wait for, seconds. [D] Those that decode and look want it for
#: microseconds at a time, and would wait ten times as long for one that imports.
TURN_S: Final = 5e-4
#: Size of the pictures in which the rower and the rail are searched [D: a trunk of a twentieth of the picture is
#: still 60 px, and the rail's edges are some pixels apart].
SCOUT_SIDE_PX: Final = 1280
#: Pictures decoded before somebody looks at them: a look at one takes as long as decoding a few [D].
FETCHED_AHEAD: Final = 4
#: Of these pictures so many are looked at for the rail: it stands still, so a few will do [D].
RAIL_FRAMES: Final = 7

#: Looks at the frames of a plan, with so many threads: :func:`rowsense.observe.observe_video` or what does the same.
Observer = Callable[[ObservationPlan, int, Progress], tuple[ObservationSeries, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Recording:
    """What the per-frame half found: all that the per-track half needs."""

    video: VideoInfo
    track: PoseTrack
    facing: str
    near_side: str
    background_shift_px: FloatArray
    """(T, 2) position of the background relative to the first frame, source pixels."""
    rail_roll_deg: tuple[float, float]
    """Camera roll and its sd from the edges of the rail; NaN where no rail was seen."""
    warnings: tuple[str, ...]


@contextmanager
def _short_turns() -> Iterator[None]:
    before_s = sys.getswitchinterval()
    sys.setswitchinterval(TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before_s)


@_short_turns()
def record_video(
    path: Path,
    settings: Settings,
    progress: Progress | None = None,
    *,
    posing: bool = False,
    observer: Observer = observe_video,
) -> tuple[Recording, Path]:
    """Run the per-frame half; also returns the pose model's file. With ``posing`` the rower need not row."""
    report = progress or _silent
    return_large_arrays()
    report("probe", 0, 1)
    info = probe(path.absolute(), speed=settings.video.speed)
    table = frame_table(path)
    times_s = table.times_s / info.speed
    first, end = _range(info, times_s, settings)
    model = ensure_model(settings.pose.model)
    give_back()  # the list of a long file's packets
    report("probe", 1, 1)

    keyframes = [int(k) - first for k in table.keyframes if first <= k < end]
    looks = [first + i for i in scout_plan(times_s[first:end], keyframes, posing=posing)]
    found, rail_frames = _scout(info, looks, model, settings, report, posing)
    give_back()  # the landmarkers that searched
    stride = settings.pose.stride or default_stride(info.fps)
    regions = RegionPlan.of(found.landmarks_px, found.crop_px, found.facing)
    plan = ObservationPlan(
        info=info,
        model_path=model,
        near_side=found.near_side,
        regions=regions,
        max_side_px=working_side_px(info, regions, settings.video.region_px),
        first_frame=first,
        end_frame=end,
        stride=stride,
    )
    observations, damage = observer(plan, settings.pose.workers or default_workers(), report)
    give_back()  # and those that looked: what follows has room in their place
    return _recording(info, times_s, found, observations, (first, end), rail_frames, damage, settings), model


def default_stride(fps: float) -> int:
    """Frames per inference: every frame up to 45 fps, then as many as keep 25 or more looks a second."""
    return max(1, int(fps // 25)) if fps > 45 else 1


def default_workers() -> int:
    """One inference thread per core, at most four: more would only wait for the decoder."""
    return max(1, min(4, _cores()))


def _cores() -> int:
    """That this process may use; fewer than the machine has where it is held to some of them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def working_side_px(info: VideoInfo, regions: RegionPlan, region_px: int) -> int:
    """Longest side of the shrunk picture such that the square around the rower is ``region_px`` a side or more.

    Shrunk by a whole number, so that a pixel is the mean of whole pixels: anything else shifts the picture a little,
    and a mirrored clip the other way.
    """
    longest = max(info.width_px, info.height_px)
    return math.ceil(longest / max(1, int(SIDE_RATIO * regions.trunk_px / region_px)))


def _range(info: VideoInfo, times_s: FloatArray, settings: Settings) -> tuple[int, int]:
    """Frames [first, end) of the time range asked for, in seconds of the file."""
    file_times_s = times_s * info.speed
    start_s, stop_s = settings.video.from_s, settings.video.to_s
    first = 0 if start_s is None else int(np.searchsorted(file_times_s, start_s - 1e-9))
    end = len(times_s) if stop_s is None else int(np.searchsorted(file_times_s, stop_s - 1e-9))
    if len(times_s) < 2:
        raise NotMeasurableError("the video has a single frame; film ten strokes or more")
    if end - first < 2:
        raise UsageError(
            f"{info.path.name}: the range --from {start_s or 0:g} --to {stop_s or file_times_s[-1]:g} holds no "
            f"frames to analyse; the video is {file_times_s[-1]:.1f} s long"
        )
    return first, end


def _scout(
    info: VideoInfo, wanted: list[int], model: Path, settings: Settings, report: Progress, posing: bool
) -> tuple[Scout, list[Frame]]:
    """What the sparse pass found in these frames, and the pictures for the rail."""
    frames: list[Frame] = []

    def arriving() -> Iterator[Frame]:
        for frame in read_chosen(info, wanted, max_side_px=SCOUT_SIDE_PX):
            report("scout", len(frames), len(wanted))
            frames.append(frame)
            yield frame

    with fetched_ahead(arriving(), FETCHED_AHEAD) as fetched:
        found = scout(fetched, model, rower=settings.pose.rower, posing=posing)
    report("scout", len(wanted), len(wanted))
    return found, [frames[i] for i in np.unique(np.linspace(0, len(frames) - 1, RAIL_FRAMES).astype(int))]


def _recording(
    info: VideoInfo,
    times_s: FloatArray,
    found: Scout,
    observations: ObservationSeries,
    bounds: tuple[int, int],
    rail_frames: list[Frame],
    damage: tuple[str, ...],
    settings: Settings,
) -> Recording:
    times = times_s[slice(*bounds)]
    observations = read_as_one(observations)
    track = assemble(observations, times, np.arange(*bounds), settings.pose)
    steps, seen_at = observations.background_shift_px, observations.time_s
    looked = np.isfinite(steps[:, 0]) & np.isfinite(steps[:, 1])
    looked[:1] = True
    path = np.cumsum(np.nan_to_num(steps[looked]), axis=0)
    shift = np.stack([np.interp(times, seen_at[looked], path[:, axis]) for axis in (0, 1)], axis=1)
    rail = rail_roll(rail_frames, track, found.near_side)
    return Recording(info, track, found.facing, found.near_side, shift, rail, info.warnings + found.warnings + damage)


def read_as_one(observations: ObservationSeries) -> ObservationSeries:
    """Pelvis and spine of each frame in the light of all that show the rower; without the features, which take room."""
    alone_deg = observations.spine_deg.copy()
    alone_deg[strangers(observations.landmarks_px)] = np.nan
    spine_deg, spine_sd_deg = read_together(alone_deg, observations.spine_sd_deg, observations.spine_features)
    nothing = np.broadcast_to(np.float16(np.nan), observations.spine_features.shape)
    return replace(observations, spine_deg=spine_deg, spine_sd_deg=spine_sd_deg, spine_features=nothing)


def _silent(stage: str, done: float, total: float) -> None:
    pass
