"""One long video looked at by several workers: its chunks are parts that whoever is idle takes, and the job joins them.

The job that was asked for lays the parts out, looks at them like everybody else and goes on when all are done. What is
said of a frame does not depend on who looks at it, so the numbers are those of one worker. Parts that are done stay for
the next attempt: they are the job's checkpoints.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from rowsense.errors import UsageError
from rowsense.jobs.build import this_build
from rowsense.jobs.together import AtWork, do_all
from rowsense.jobs.work import Work
from rowsense.model import ObservationSeries, VideoInfo
from rowsense.observe import ObservationPlan, Progress, observe_video
from rowsense.pose.models import model_identity
from rowsense.pose.region import Region, RegionPlan
from rowsense.store.claims import ClubStore

Observed = tuple[ObservationSeries, tuple[str, ...]]


def observer_of(work: Work, store: ClubStore) -> Callable[[ObservationPlan, int, Progress], Observed]:
    """What does :func:`rowsense.observe.observe_video` for a job, with the help of whoever is idle."""

    def observe(plan: ObservationPlan, workers: int, progress: Progress) -> Observed:
        sizes = [len(range(first, end, plan.stride)) for first, end in plan.chunk_bounds]
        at_work = AtWork.of(work, store.database, workers)
        results = do_all(
            at_work, told_plan(plan), sizes, partial(look, plan), lambda done: progress("observe", done, sum(sizes))
        )
        return joined([unpacked(result) for result in results])

    return observe


def look(
    plan: ObservationPlan, told: Mapping[str, Any], taken: Sequence[int], progress: Callable[[float], None]
) -> dict[int, bytes]:
    """Look at some parts; what came of each."""
    series, words = observe_video(plan, len(taken), lambda _, done, __: progress(done), chunks=taken)
    found = {}
    for part in taken:
        first, end = plan.chunk_bounds[part]
        mine = (series.frame >= first) & (series.frame < end)
        found[part] = packed((_rows(series, mine), words))
    return found


def packed(observed: Observed) -> bytes:
    """As a part keeps it: exactly, in seven tenths of the bytes."""
    series, words = observed
    file = io.BytesIO()
    columns = {column.name: getattr(series, column.name) for column in fields(series)}
    np.savez_compressed(file, words=np.array(json.dumps(words)), **columns)
    return file.getvalue()


def unpacked(kept: bytes) -> Observed:
    """What :func:`packed` packed."""
    with np.load(io.BytesIO(kept), allow_pickle=False) as columns:
        series = ObservationSeries(*(columns[column.name] for column in fields(ObservationSeries)))
        return series, tuple(json.loads(str(columns["words"])))


def joined(parts: Sequence[Observed]) -> Observed:
    """All parts as one, in order."""
    names = [column.name for column in fields(ObservationSeries)]
    whole = ObservationSeries(*(np.concatenate([getattr(series, name) for series, _ in parts]) for name in names))
    return whole, tuple(dict.fromkeys(word for _, words in parts for word in words))


def told_plan(plan: ObservationPlan) -> dict[str, Any]:
    """A plan as plain values, without the places of files, which differ between machines.

    Another build may see other things in the same frames, so that what is kept of one is of no use to the next.
    """
    told = asdict(plan) | {"model_sha256": model_identity(plan.model_path)["sha256"], "build": this_build()}
    del told["model_path"], told["info"]["path"]
    return dict(json.loads(json.dumps(told)))


def plan_of(told: Mapping[str, Any], video: Path, model: Path) -> ObservationPlan:
    """The plan that was told, for this machine's files.

    Raises
    ------
    UsageError
        This machine has another pose model.
    """
    if model_identity(model)["sha256"] != told["model_sha256"]:
        raise UsageError(
            f"{model}: is not the pose model that the analysis was begun with; use the same on all workers"
        )
    regions = told["regions"]
    rest = {name: told[name] for name in ("near_side", "max_side_px", "first_frame", "end_frame", "stride")}
    return ObservationPlan(
        info=VideoInfo(path=video, **(told["info"] | {"warnings": tuple(told["info"]["warnings"])})),
        model_path=model,
        regions=RegionPlan(
            crop_px=tuple(regions["crop_px"]),
            trunk_px=regions["trunk_px"],
            facing=regions["facing"],
            start=_region(regions["start"]),
            hips_y_px=tuple(regions["hips_y_px"]),
            feet_px=tuple(regions["feet_px"]),
            elsewhere=tuple(_region(one) for one in regions["elsewhere"]),
        ),
        **rest,
    )


def _region(told: Mapping[str, Any]) -> Region:
    return Region(tuple(told["centre_px"]), told["side_px"], told["turn_deg"])


def _rows(series: ObservationSeries, which: Any) -> ObservationSeries:
    return replace(series, **{column.name: getattr(series, column.name)[which] for column in fields(series)})
