"""A stored session judged anew: from what was measured, without its film."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import rowsense
from rowsense.angles.filmed import filmed_angles
from rowsense.assess.catalogue import Catalogue, load_catalogue
from rowsense.assess.judge import assess
from rowsense.assess.metrics import measure
from rowsense.assess.own_metrics import Clear
from rowsense.model import AngleSeries, Assessment, Session, SpineAngles
from rowsense.pose.side_view import to_side_view
from rowsense.settings import AssessSettings, Settings
from rowsense.store.tables import Athlete

FloatArray = NDArray[np.float64]

#: In the folder of an analysis: what its strokes are judged by, so that a changed limit needs no frames.
MEASURES: Final = "judging.npz"
#: Raise this when a metric is computed in another way while the catalogue stays the same.
MEASURING: Final = 3


def whole_series(session: Session) -> AngleSeries:
    """The angles with what the files leave out: it follows from the landmarks, whose track must have been read.

    A shift of the camera, which the angles are free of and the track is not, falls out: only lengths and distances
    within one frame are used.
    """
    stored = session.angles
    roll_deg = session.camera.roll_deg if np.isfinite(session.camera.roll_deg) else 0.0
    view = to_side_view(session.track, session.facing, session.near_side, roll_deg)
    spine = SpineAngles(**{name: stored[name] for name in SpineAngles.__slots__})
    seen = filmed_angles(view, spine)
    assert seen.handle_past_knee_px is not None  # filmed_angles always says it
    # handle - knee = (handle - seat) as stored, less (knee - seat) as the landmarks of the frame have it
    past_knee_px = seen.handle_past_knee_px - seen.handle_x_px + seen.seat_x_px + stored.handle_x_px - stored.seat_x_px
    assert seen.shoulders_x_px is not None
    return replace(
        stored,
        shoulders_x_px=seen.shoulders_x_px - seen.seat_x_px + stored.seat_x_px,
        handle_past_knee_px=past_knee_px,
        trunk_px=seen.trunk_px,
        leg_px=seen.leg_px,
        neck_hidden=seen.neck_hidden,
    )


def settings_now(session: Session, athlete: Athlete, changes: Mapping[str, Any]) -> AssessSettings:
    """What an analysis of today would judge the session with: the club's catalogue, the rower's style and level.

    Her height, and a style and level that were named for this film, are those of its analysis.
    """
    told = session.provenance.get("settings")
    then = told.get("assess", {}) if isinstance(told, dict) else {}
    return AssessSettings(
        catalogue=Settings().assess.catalogue,
        changes=dict(changes),
        style=athlete.style or then.get("style", ""),
        level=athlete.level or then.get("level", ""),
        height_cm=then.get("height_cm"),
    )


def judged_again(session: Session, settings: AssessSettings) -> Assessment:
    """The judgement of a stored session by other settings.

    Raises
    ------
    UsageError
        The catalogue cannot be used.
    """
    return assess(whole_series(session), session.strokes, session.track.frame, settings, session.spine_reference)


@dataclass(frozen=True, slots=True)
class Measures:
    """What the strokes of one session are judged by."""

    names: tuple[str, ...]
    values: FloatArray
    """(M, S) NaN = not measured."""
    sds: FloatArray
    """(M, S) NaN = not known."""
    usable: NDArray[np.bool_]
    """(S,)"""
    clear: Mapping[str, Clear]


def measures_of(session: Session, catalogue: Catalogue) -> Measures:
    """From a whole session; its angles are those of the analysis or :func:`whole_series`."""
    found = measure(session.angles, session.strokes, catalogue, session.spine_reference)
    names = tuple(sorted(found.values))
    return Measures(
        names,
        np.stack([found.values[name] for name in names]),
        np.stack([found.sds[name] for name in names]),
        np.array([stroke.usable for stroke in session.strokes.strokes], dtype=np.bool_),
        found.clear,
    )


def write_measures(folder: Path, measures: Measures) -> None:
    """Keep them in the folder of an analysis."""
    clear = [(one.same_sd, one.fresh_sd, one.least) for one in measures.clear.values()]
    np.savez_compressed(
        folder / MEASURES,
        allow_pickle=False,
        made_by=np.array(measured_by()),
        names=np.array(measures.names),
        values=measures.values,
        sds=measures.sds,
        usable=measures.usable,
        clear_names=np.array(tuple(measures.clear), dtype=np.str_),
        clear=np.array(clear, dtype=np.float64).reshape(-1, 3),
    )


def read_measures(folder: Path) -> Measures | None:
    """None: there are none, or they were made by another program."""
    try:
        with np.load(folder / MEASURES, allow_pickle=False) as kept:
            if str(kept["made_by"]) != measured_by():
                return None
            clear = {
                str(name): Clear(*map(float, row)) for name, row in zip(kept["clear_names"], kept["clear"], strict=True)
            }
            names = tuple(map(str, kept["names"]))
            return Measures(names, kept["values"], kept["sds"], kept["usable"].astype(np.bool_), clear)
    except (OSError, ValueError, KeyError, EOFError):
        return None


def measured_by() -> str:
    """Changes with whatever a metric depends on."""
    known = load_catalogue(Settings().assess.catalogue)
    parts = (MEASURING, known.metrics, known.model, known.timing, known.own, known.quantity_sd)
    return f"{rowsense.__version__} {hashlib.sha256(repr(parts).encode()).hexdigest()}"
