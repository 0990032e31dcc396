"""What the player knows of a session before the first frame: strokes, faults, curves, colours, films."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboards.player.films import Film
from dashboards.player.moments import FaultPlaces, fault_places
from rowsense import marks, palette
from rowsense.conventions import PHASES, SIDE_JOINTS
from rowsense.model import Session
from rowsense.report.curves import StrokeCurves, room, session_curves, some_of
from rowsense.report.words import CURVE_QUANTITIES
from rowsense.store.track_windows import ANGLES, MISSING, VERSION, rows_per_window, units_per_px
from rowsense.texts.found import stored_or_quoted
from rowsense.texts.measures import fault_label, phase_label
from rowsense.texts.texts import Texts
from rowsense.tokens import FONT

FloatArray = NDArray[np.float64]


def scene_json(t: Texts, session: Session, films: tuple[Film, ...], per_window: int | None = None) -> dict[str, Any]:
    """Plain data for the page; rows count from the track's first, times are seconds, null = not known.

    ``per_window``: rows of a piece of the track, where they are stored as pieces.
    """
    time_s = session.track.time_s
    return {
        **track_json(session, per_window),
        "middle_deg": {name: _median(session.angles[name]) for name in ("pelvic_tilt_deg", "lumbar_flexion_deg")},
        "strokes": strokes_json(t, session),
        "best": best_stroke(session),
        "faults": [_fault(t, places, time_s) for places in fault_places(session)],
        "curves": [_curve(t, c) for c in _known_curves(session)],
        "films": [_film(film) for film in films],
        "look": look_json(t),
    }


def track_json(session: Session, per_window: int | None = None) -> dict[str, Any]:
    """What the pieces of the track hold, and how they are to be read."""
    time_s, video = session.track.time_s, session.video
    per_window = per_window or rows_per_window(time_s)
    return {
        "version": VERSION,
        "rows": len(time_s),
        "rows_per_window": per_window,
        "window_start_s": [round(float(t), 6) for t in time_s[::per_window]],
        "end_s": float(time_s[-1]) if len(time_s) else 0.0,
        "size_px": [video.width_px, video.height_px],
        "units_per_px": units_per_px(video.width_px, video.height_px),
        "missing": MISSING,
        "angles": list(ANGLES),
        "joints": list(SIDE_JOINTS),
        "behind": -1 if session.facing == "right" else 1,
    }


def look_json(t: Texts) -> dict[str, Any]:
    """The colours and marks that pictures, charts and pages share."""
    return {
        "stops": [[position, list(rgb)] for position, rgb in palette.POSTURE_STOPS],
        "full_colour_deg": palette.FULL_COLOUR_DEG,
        "unseen": palette.hex_of(palette.UNSEEN),
        "fault": palette.hex_of(palette.FAULT),
        "note": palette.hex_of(palette.NOTE),
        "ghost": palette.hex_of(palette.SECOND_SIDE),
        "ink": palette.hex_of(palette.INK),
        "paper": palette.hex_of(palette.PAPER),
        "faint": palette.hex_of(palette.FAINT),
        "font": FONT,
        "phases": [[p, phase_label(t, p), palette.hex_of(palette.PHASE[p])] for p in PHASES],
        "bones": [list(bone) for bone in marks.BONES],
        "discs": list(marks.JOINTS),
        "back_labels": [[t(f"overlay.label.{name}"), name, share] for name, share in marks.BACK_LABELS],
        "shares": [marks.TILT_END, marks.LUMBAR_START, marks.LUMBAR_END, marks.FADED],
    }


def strokes_json(t: Texts, session: Session) -> list[dict[str, Any]]:
    """Borders of the phases, seconds of the session, and whether each counts."""
    strokes, time_s = session.strokes.strokes, session.track.time_s
    catches = np.array([s.catch_time_s for s in strokes])
    return [
        {
            "row": row,
            "borders_s": [round(b, 4) for b in s.phase_borders_s],
            "finish_s": round(s.finish_time_s, 4),
            "end_s": round(s.end_time_s, 4),
            "rate_spm": round(s.rate_spm, 1),
            "usable": s.usable,
            "reason": stored_or_quoted(t, s.reason),
        }
        for s, row in zip(strokes, _nearest_rows(time_s, catches), strict=True)
    ]


def best_stroke(session: Session) -> int | None:
    """The best stroke of the piece by its score; None: there are too few to call one the best."""
    piece = session.assessment.piece
    return None if piece is None or piece.best is None else piece.best.strokes[0]


def _nearest_rows(time_s: FloatArray, wanted_s: FloatArray) -> list[int]:
    """Row of the frame nearest to each time."""
    if not len(time_s):
        return [0] * len(wanted_s)
    after = np.clip(np.searchsorted(time_s, wanted_s), 1, max(1, len(time_s) - 1))
    after = np.minimum(after, len(time_s) - 1)
    before = np.maximum(after - 1, 0)
    nearer = np.where(wanted_s - time_s[before] <= time_s[after] - wanted_s, before, after)
    return [int(row) for row in nearer]


def _fault(t: Texts, places: FaultPlaces, time_s: FloatArray) -> dict[str, Any]:
    last = len(time_s) - 1
    return {
        "id": places.id,
        "name": fault_label(t, places.id, places.name),
        "severity": places.severity,
        "place": places.place,
        "spans": [list(span) for span in places.spans],
        "spans_s": [[round(float(time_s[a]), 3), round(float(time_s[min(b, last)]), 3)] for a, b in places.spans],
        # With the time to seek to: the film goes there while the track's window is still on its way.
        "moments": [[m.row, m.stroke, _middle_s(time_s, m.row)] for m in places.moments],
    }


def _middle_s(time_s: FloatArray, row: int) -> float:
    """In the middle of the time that a frame is shown."""
    after = min(row + 1, len(time_s) - 1)
    return round(float(time_s[row] + time_s[after]) / 2.0, 4)


def _known_curves(session: Session) -> list[StrokeCurves]:
    if not session.strokes.strokes:
        return []
    return [session_curves(session, n) for n in CURVE_QUANTITIES if np.isfinite(session.angles[n]).any()]


def _curve(t: Texts, curves: StrokeCurves) -> dict[str, Any]:
    shown = some_of(len(curves.values))
    return {
        "quantity": curves.quantity,
        "name": t(f"quantities.angle.{curves.quantity}"),
        "meaning": t(f"quantities.meaning.{curves.quantity}"),
        "colour": palette.hex_of(palette.QUANTITY.get(curves.quantity, palette.QUANTITY_OTHER)),
        "finish_percent": round(curves.finish_percent, 2),
        "room": room(curves.values),
        "mean": _short(curves.mean),
        "sd": _short(curves.sd),
        "lines": [
            {"stroke": int(i), "usable": bool(curves.usable[i]), "values": _short(curves.values[i])} for i in shown
        ],
    }


def _film(film: Film) -> dict[str, Any]:
    return {
        "kind": film.kind,
        "address": film.address,
        "start_s": film.start_s,
        "speed": film.speed,
        "length_s": film.length_s,
        "drawn_on": film.drawn_on,
    }


def _short(values: FloatArray) -> list[float | None]:
    return [round(float(v), 1) if math.isfinite(v) else None for v in values]


def _median(values: FloatArray) -> float | None:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else None
