"""What films and charts of a comparison are made of: strokes of both sides, curves on one axis, phases, the limits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboards.addresses import player_address
from rowsense.conventions import PHASES, STROKE_ORDER
from rowsense.model import Comparison, Contrast, Session, Stroke
from rowsense.palette import FIRST_SIDE, SECOND_SIDE, UNSEEN, hex_of
from rowsense.report.comparison_view import ComparedCurves, ComparisonView
from rowsense.report.comparison_words import by_angle, strongest
from rowsense.report.curves import StrokeCurves, room, some_of

FloatArray = NDArray[np.float64]
VERSION = 1


def page_data(
    compared: Comparison, view: ComparisonView, sessions: tuple[Session, Session], keys: tuple[str, str]
) -> dict[str, Any]:
    """Plain data for the page; null = not known.

    Places are per cent of the stroke, every finish at ``finish_percent``; angles are degrees.

    Args:
        compared: what was found.
        view: the same, laid out.
        sessions: of both sides; twice the same within a recording.
        keys: of the sessions.
    """
    finish = mean_finish(compared, sessions)
    borders = phase_borders(compared, sessions, finish)
    main = main_contrast(compared)
    return {
        "version": VERSION,
        "finish_percent": round(finish, 3),
        "open_percent": round(middle_of(main.phase if main else STROKE_ORDER[0], borders, finish), 2),
        "phases": [{"id": p, "percent": round(middle_of(p, borders, finish), 2)} for p in STROKE_ORDER],
        "borders_percent": [round(float(b), 2) for b in borders],
        "unseen": hex_of(UNSEEN),
        "own_mean": view.own_mean,
        "sides": [
            {
                "name": side.name,
                "player": player_address(key),
                "strokes": list(side.strokes),
                "typical": typical_stroke([getattr(panel, which) for panel in view.panels]),
                "colour": hex_of(colour),
            }
            for side, key, which, colour in zip(
                (compared.first, compared.second), keys, ("first", "second"), (FIRST_SIDE, SECOND_SIDE), strict=True
            )
        ],
        "curves": [_curve(panel, compared) for panel in view.panels],
    }  # fmt: skip


def main_contrast(compared: Comparison) -> Contrast | None:
    """The clear difference that the headline names; None where no angle differs clearly."""
    found = (strongest(phases) for phases in by_angle(compared).values())
    return next((one for one in found if one is not None), None)


def mean_finish(compared: Comparison, sessions: tuple[Session, Session]) -> float:
    """Where the finish lies in the mean stroke of both sides, per cent; the curves have it at the same place."""
    both = zip(sessions, (compared.first, compared.second), strict=True)
    strokes = [session.strokes.strokes[i] for session, side in both for i in side.strokes]
    return float(np.mean([100 * s.drive_s / (s.drive_s + s.recovery_s) for s in strokes]))


def phase_borders(compared: Comparison, sessions: tuple[Session, Session], finish: float) -> FloatArray:
    """(7,) mean borders of the six phases in all strokes of both sides, per cent."""
    both = zip(sessions, (compared.first, compared.second), strict=True)
    rows = [_borders(session.strokes.strokes[i], finish) for session, side in both for i in side.strokes]
    return np.asarray(np.mean(rows, axis=0))


def _borders(stroke: Stroke, finish: float) -> FloatArray:
    times = [stroke.catch_time_s, stroke.finish_time_s, stroke.end_time_s]
    return np.asarray(np.interp(stroke.phase_borders_s, times, [0.0, finish, 100.0]))


def middle_of(phase: str, borders: FloatArray, finish: float) -> float:
    """Where in the stroke a phase is looked at, per cent: its middle; catch and finish themselves."""
    if phase in PHASES:
        at = PHASES.index(phase)
        return float(borders[at] + borders[at + 1]) / 2
    return finish if phase == "finish" else 0.0


def typical_stroke(curves: list[StrokeCurves]) -> int:
    """Which of a side's strokes (by its place among them) is most like their mean, over all angles together."""
    if not curves:
        return 0
    away = np.stack([_away(one) for one in curves])
    known = np.isfinite(away)
    total = np.where(known, away, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    # A stroke that was hardly seen is like nothing.
    total = np.where(known.any(axis=0), total + (~known).sum(axis=0) * 1e6, np.inf)
    return int(np.argmin(total))


def _away(curves: StrokeCurves) -> FloatArray:
    """(S,) mean square distance of each stroke from the mean; NaN where nothing of it was measured."""
    square = (curves.values - curves.mean) ** 2
    known = np.isfinite(square)
    count = known.sum(axis=1)
    return np.where(count > 0, np.where(known, square, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _curve(panel: ComparedCurves, compared: Comparison) -> dict[str, Any]:
    shown = np.concatenate([panel.first.values.ravel(), panel.second.values.ravel()])
    if math.isfinite(panel.detectable_deg):
        limits = [panel.first.mean - panel.detectable_deg, panel.first.mean + panel.detectable_deg]
        shown = np.concatenate([shown, *limits])
    contrasts = by_angle(compared)[panel.quantity]
    return {
        "quantity": panel.quantity,
        "name": panel.name,
        "room": room(shown),
        "finish_percent": round(panel.first.finish_percent, 3),
        "detectable_deg": _rounded(panel.detectable_deg),
        "clear": [one.phase for one in contrasts if one.clear],
        "limits_deg": {one.phase: _rounded(one.detectable_change) for one in contrasts},
        "sides": [
            {"mean": _short(curves.mean), "lines": _lines(curves, side.strokes)}
            for curves, side in ((panel.first, compared.first), (panel.second, compared.second))
        ],
    }


def _lines(curves: StrokeCurves, strokes: tuple[int, ...]) -> list[dict[str, Any]]:
    return [{"stroke": strokes[i], "values": _short(curves.values[i])} for i in some_of(len(curves.values))]


def _short(values: FloatArray) -> list[float | None]:
    return [_rounded(float(v)) for v in values]


def _rounded(value: float) -> float | None:
    return round(value, 1) if math.isfinite(value) else None
