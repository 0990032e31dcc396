"""What a monitor said of a session and of each of its strokes."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboards.accounts.viewing import signed_in_viewer, store
from dashboards.api.answers.sessions import Monitor
from dashboards.monitor.taking import attached_to
from rowsense.assess.monitor import by_stroke, rate_difference_spm
from rowsense.model.monitor import film_strokes
from rowsense.store.raw_strokes import raw_strokes
from rowsense.store.scope import ClubScope


def monitor_told(session_id: uuid.UUID, analysis_id: uuid.UUID) -> Monitor | None:
    """Laid over the strokes that count of an analysis; None: nothing is attached."""
    attached = attached_to(session_id)
    if attached is None:
        return None
    ((_, strokes),) = raw_strokes(store(), ClubScope(signed_in_viewer().club_id), [analysis_id])
    film = film_strokes(strokes)
    offset_s = math.nan if attached.offset_s is None else attached.offset_s
    found = by_stroke(film, attached.series, offset_s)
    apart = rate_difference_spm(film, found)
    return Monitor(
        name=attached.name,
        duration_s=attached.duration_s,
        distance_m=attached.distance_m,
        offset_s=attached.offset_s,
        offset_low_s=attached.low_s,
        offset_high_s=attached.high_s,
        reason=attached.reason,
        stroke_count=len(film),
        matched_count=int(np.count_nonzero(found.known)),
        rate_difference_spm=apart if math.isfinite(apart) else None,
    )


def monitor_columns(session_id: uuid.UUID, strokes: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float64]]:
    """By name, NaN where it said nothing; none where nothing is attached or its place in the film is not known."""
    attached = attached_to(session_id)
    if attached is None or attached.offset_s is None:
        return {}
    found = by_stroke(film_strokes(strokes), attached.series, attached.offset_s)
    return {f"monitor_{field.name}": getattr(found, field.name) for field in fields(found)}
