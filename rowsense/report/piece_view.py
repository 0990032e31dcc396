"""What the report says and draws about the piece: drift, consistency, best strokes, and another rate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rowsense.model import BestStrokes, Drift, Session, Stroke
from rowsense.report.change import rounded_up
from rowsense.report.curves import mean_and_sd, room, session_curves
from rowsense.report.piece_words import (
    COUNT_WORDS,
    best_lines,
    drift_lines,
    named,
    rate_handling_line,
    rate_lines,
    real_from,
    signed,
    spread_note,
    spread_value,
)
from rowsense.report.texts import PIECE
from rowsense.report.words import QUANTITY_WORDS, clock, number, sentence, span, split_quantity

FloatArray = NDArray[np.float64]

#: Drawn whether they change or not, where they were judged; what changes clearly comes before them.
MAIN: Final = ("pelvic_tilt_deg_catch", "lumbar_flexion_deg_catch", "drive_s", "seat_catch_lag_s")
#: Most of them. [D] A sheet of paper holds three rows of two.
MOST_PANELS: Final = 6
#: Of which the best strokes are drawn.
BEST_QUANTITIES: Final = ("pelvic_tilt_deg", "lumbar_flexion_deg")
DRIFT_HEAD: Final = ("Quantity", "Beginning to end", "95 % interval", "Clear above", "Real from")
#: Least air above and below, by unit.
_AIR: Final = {"deg": 1.0, "s": 0.02}
_MEANINGS: Final = {"drive_s": "catch to finish", "seat_catch_lag_s": "above 0 = the seat turns later"}


@dataclass(frozen=True, slots=True)
class DriftPanel:
    """One quantity over the minutes of the piece, ready to be drawn."""

    quantity: str
    name: str
    meaning: str
    unit: str
    minute: FloatArray
    """(M,) of the measured strokes."""
    value: FloatArray
    """(M,) at equal rate."""
    line_min: FloatArray
    """(3,) beginning, middle, end."""
    line: FloatArray
    low: FloatArray
    """(3,) of the lines with the ends of the slope's interval, through the middle."""
    high: FloatArray
    alike_low: float
    """Between these nothing can be told from the beginning."""
    alike_high: float
    clear: bool
    from_min: float
    """NaN: no minute from which it is real."""
    words: str

    @property
    def shown(self) -> tuple[float, float] | None:
        """What the axis of values holds: strokes and line; the grey field may reach beyond."""
        return room(np.concatenate([self.value, self.low, self.high]), _AIR.get(self.unit, 0.5))


@dataclass(frozen=True, slots=True)
class BestCurves:
    """Mean course of the best strokes and of the others over a stroke."""

    quantity: str
    name: str
    meaning: str
    percent: FloatArray
    finish_percent: float
    best: FloatArray
    """(B, P) one row a stroke."""
    best_mean: FloatArray
    others_mean: FloatArray
    others_sd: FloatArray
    words: str


@dataclass(frozen=True, slots=True)
class BestView:
    """The best strokes: which, when, and how they went."""

    title: str
    which: str
    score: str
    lines: tuple[str, ...]
    curves: tuple[BestCurves, ...]


@dataclass(frozen=True, slots=True)
class PieceView:
    """The section on the piece."""

    too_short: str
    """The one sentence there is to say; empty where there is more."""
    lead: str
    drift_lines: tuple[str, ...]
    panels: tuple[DriftPanel, ...]
    drift_rows: tuple[tuple[str, ...], ...]
    """Under :data:`DRIFT_HEAD`."""
    rate_note: str
    spreads: tuple[tuple[str, str, str], ...]
    """(quantity, value, note)"""
    spread_reason: str
    best: BestView | None
    best_reason: str
    rate_lines: tuple[str, ...]
    """Empty where the rate stays."""


def piece_view(session: Session) -> PieceView | None:
    """The section of a session; None for sessions stored before there was any."""
    piece = session.assessment.piece
    if piece is None:
        return None
    nothing = piece.drift_reason if piece.spread_reason and piece.best_reason else ""
    if nothing:
        return PieceView(sentence(nothing), "", (), (), (), "", (), "", None, "", ())
    drifts = piece.drifts
    return PieceView(
        too_short="",
        lead=f"{piece.stroke_count} strokes that count in {number(piece.duration_min, 'min', 1)}.",
        drift_lines=tuple(sentence(s) for s in drift_lines(drifts)) if drifts else (sentence(piece.drift_reason),),
        panels=tuple(drift_panel(session, d) for d in drawn(drifts)),
        drift_rows=tuple(_drift_row(d) for d in drifts if not d.reason),
        rate_note=rate_handling_line(drifts),
        spreads=tuple((named(s.quantity), spread_value(s), spread_note(s)) for s in piece.spreads),
        spread_reason=sentence(piece.spread_reason),
        best=best_view(session, piece.best) if piece.best else None,
        best_reason=sentence(piece.best_reason),
        rate_lines=tuple(line for step in piece.rate_steps for line in rate_lines(step)),
    )


def drawn(drifts: tuple[Drift, ...]) -> tuple[Drift, ...]:
    """Which of them get a panel: those that have one value a stroke, the clear ones first."""
    can = [d for d in drifts if not d.reason and not d.quantity.startswith("spread_of_")]
    clear = [d for d in can if d.clear]
    return tuple([*clear, *(d for d in can if not d.clear and d.quantity in MAIN)][:MOST_PANELS])


def drift_panel(session: Session, drift: Drift) -> DriftPanel:
    """Values of the strokes and the line through their middle.

    The line goes through the median of what is left when its slope is taken out, as Theil and Sen have it.
    """
    strokes = session.strokes.usable
    value = stroke_values(session, drift.quantity, strokes)
    minute = np.array([s.catch_time_s - strokes[0].catch_time_s for s in strokes]) / 60.0
    rate_spm = np.array([s.rate_spm for s in strokes])
    known = np.isfinite(value)
    minute, value, rate_spm = minute[known], value[known], rate_spm[known]
    if math.isfinite(drift.per_spm):
        value = value - drift.per_spm * (rate_spm - np.median(rate_spm))
    middle = 0.5 * float(minute[0] + minute[-1])
    level = float(np.median(value - drift.slope_per_min * (minute - middle)))
    line_min = np.array([minute[0], middle, minute[-1]])
    lines = [level + s * (line_min - middle) for s in (drift.slope_low_per_min, drift.slope_high_per_min)]
    line = level + drift.slope_per_min * (line_min - middle)
    name, meaning = named(drift.quantity), _meaning(drift.quantity)
    return DriftPanel(
        quantity=drift.quantity,
        name=name,
        meaning=meaning,
        unit=drift.unit,
        minute=minute,
        value=value,
        line_min=line_min,
        line=line,
        low=np.minimum(*lines),
        high=np.maximum(*lines),
        alike_low=float(line[0]) - drift.detectable_change,
        alike_high=float(line[0]) + drift.detectable_change,
        clear=drift.clear,
        from_min=drift.from_min,
        words=f"{name} over the minutes, {len(value)} strokes. From beginning to end {_change(drift)}.",
    )


def stroke_values(session: Session, quantity: str, strokes: tuple[Stroke, ...]) -> FloatArray:
    """(S,) one value for each of the strokes; NaN = not measured."""
    if quantity == "drive_s":
        return np.array([s.drive_s for s in strokes])
    if quantity == "seat_catch_lag_s":
        return np.array([s.seat_catch_time_s - s.catch_time_s for s in strokes])
    return session.assessment.metrics[quantity][[s.index for s in strokes]]


def best_view(session: Session, best: BestStrokes) -> BestView:
    """The best strokes by number and time, in order of time, and their curves against all others."""
    strokes = [session.strokes.strokes[i] for i in sorted(best.strokes)]
    which = ", ".join(f"{s.index + 1} (at {clock(s.catch_time_s)})" for s in strokes)
    return BestView(
        title=f"Your best {COUNT_WORDS.get(len(strokes), str(len(strokes)))} looked like this",
        which=f"Strokes {which}.",
        score=(
            f"They have {number(best.score, digits=0)} of 100 on average, the {best.other_count} others "
            f"{number(best.score_of_others, digits=0)}."
        ),
        lines=tuple(sentence(line) for line in best_lines(best)),
        curves=tuple(_best_curves(session, q, best) for q in BEST_QUANTITIES if _known(session, q)),
    )


def _best_curves(session: Session, quantity: str, best: BestStrokes) -> BestCurves:
    curves = session_curves(session, quantity)
    chosen = np.zeros(len(curves.values), dtype=np.bool_)
    chosen[list(best.strokes)] = True
    mean, _ = mean_and_sd(curves.values[chosen])
    others_mean, others_sd = mean_and_sd(curves.values[np.asarray(curves.usable) & ~chosen])
    name, meaning = QUANTITY_WORDS[quantity]
    best_deg, others_deg = (number(float(m[0]), "deg") for m in (mean, others_mean))
    words = f"{name} over the stroke: at the catch {best_deg} in the best, {others_deg} in the others."
    return BestCurves(
        quantity, name, meaning, curves.percent, curves.finish_percent, curves.values[chosen], mean, others_mean,
        others_sd, words,
    )  # fmt: skip


def _known(session: Session, quantity: str) -> bool:
    return bool(np.isfinite(session.angles[quantity]).any())


def _meaning(quantity: str) -> str:
    known, _ = split_quantity(quantity)
    return _MEANINGS.get(quantity, QUANTITY_WORDS[known][1] if known else "")


def _change(drift: Drift) -> str:
    if not drift.clear:
        return f"no clear change ({signed(drift.change, drift.unit)})"
    return f"{signed(drift.change, drift.unit)}{real_from(drift)}"


def _drift_row(drift: Drift) -> tuple[str, ...]:
    limit = drift.detectable_change
    return (
        named(drift.quantity),
        signed(drift.change, drift.unit),
        span(drift.change_low, drift.change_high, drift.unit),
        rounded_up(limit) if drift.unit == "deg" else number(limit, drift.unit),
        number(drift.from_min, "min", 0) if drift.clear else PIECE["unclear"],
    )
