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
from rowsense.report.words import clock, quantity_words, sentence, split_quantity
from rowsense.texts.found import stored_or_quoted
from rowsense.texts.measures import ENGLISH, measure, span
from rowsense.texts.texts import Texts

FloatArray = NDArray[np.float64]

#: Drawn whether they change or not, where they were judged; what changes clearly comes before them.
MAIN: Final = ("pelvic_tilt_deg_catch", "lumbar_flexion_deg_catch", "drive_s", "seat_catch_lag_s")
#: Most of them. [D] A sheet of paper holds three rows of two.
MOST_PANELS: Final = 6
#: Of which the best strokes are drawn.
BEST_QUANTITIES: Final = ("pelvic_tilt_deg", "lumbar_flexion_deg")
#: Counts of best strokes that are said in words.
_IN_WORDS: Final = frozenset({3, 4, 5})
#: Least air above and below, by unit.
_AIR: Final = {"deg": 1.0, "s": 0.02}
_WITH_MEANING: Final = frozenset({"drive_s", "seat_catch_lag_s"})


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
    """Under :func:`drift_head`."""
    rate_note: str
    spreads: tuple[tuple[str, str, str], ...]
    """(quantity, value, note)"""
    spread_reason: str
    best: BestView | None
    best_reason: str
    rate_lines: tuple[str, ...]
    """Empty where the rate stays."""


def drift_head(t: Texts = ENGLISH) -> tuple[str, ...]:
    """Over the rows of drifts."""
    return tuple(t(f"report_piece.head.{name}") for name in ("quantity", "change", "interval", "clear", "real"))


def piece_view(session: Session, t: Texts = ENGLISH) -> PieceView | None:
    """The section of a session; None for sessions stored before there was any."""
    piece = session.assessment.piece
    if piece is None:
        return None
    nothing = piece.drift_reason if piece.spread_reason and piece.best_reason else ""
    if nothing:
        return PieceView(_reason(t, nothing), "", (), (), (), "", (), "", None, "", ())
    drifts = piece.drifts
    return PieceView(
        too_short="",
        lead=t("report_piece.lead", strokes=piece.stroke_count, minutes=measure(t, piece.duration_min, "min", 1)),
        drift_lines=tuple(sentence(s) for s in drift_lines(drifts, t)) if drifts else (_reason(t, piece.drift_reason),),
        panels=tuple(drift_panel(session, d, t) for d in drawn(drifts)),
        drift_rows=tuple(_drift_row(d, t) for d in drifts if not d.reason),
        rate_note=rate_handling_line(drifts, t),
        spreads=tuple((named(s.quantity, t), spread_value(s, t), spread_note(s, t)) for s in piece.spreads),
        spread_reason=_reason(t, piece.spread_reason),
        best=best_view(session, piece.best, t) if piece.best else None,
        best_reason=_reason(t, piece.best_reason),
        rate_lines=tuple(line for step in piece.rate_steps for line in rate_lines(step, t)),
    )


def _reason(t: Texts, reason: str) -> str:
    """Why there is nothing."""
    return sentence(stored_or_quoted(t, reason)) if reason else ""


def drawn(drifts: tuple[Drift, ...]) -> tuple[Drift, ...]:
    """Which of them get a panel: those that have one value a stroke, the clear ones first."""
    can = [d for d in drifts if not d.reason and not d.quantity.startswith("spread_of_")]
    clear = [d for d in can if d.clear]
    return tuple([*clear, *(d for d in can if not d.clear and d.quantity in MAIN)][:MOST_PANELS])


def drift_panel(session: Session, drift: Drift, t: Texts = ENGLISH) -> DriftPanel:
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
    name, meaning = named(drift.quantity, t), _meaning(drift.quantity, t)
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
        words=t("report_piece.panel", name=name, count=len(value), change=_change(drift, t)),
    )


def stroke_values(session: Session, quantity: str, strokes: tuple[Stroke, ...]) -> FloatArray:
    """(S,) one value for each of the strokes; NaN = not measured."""
    if quantity == "drive_s":
        return np.array([s.drive_s for s in strokes])
    if quantity == "seat_catch_lag_s":
        return np.array([s.seat_catch_time_s - s.catch_time_s for s in strokes])
    return session.assessment.metrics[quantity][[s.index for s in strokes]]


def best_view(session: Session, best: BestStrokes, t: Texts = ENGLISH) -> BestView:
    """The best strokes by number and time, in order of time, and their curves against all others."""
    strokes = [session.strokes.strokes[i] for i in sorted(best.strokes)]
    which = ", ".join(t("report_piece.best.one", number=s.index + 1, time=clock(s.catch_time_s, t)) for s in strokes)
    count = len(strokes)
    return BestView(
        title=t(f"report_piece.best.title_{count}")
        if count in _IN_WORDS
        else t("report_piece.best.title", count=count),
        which=t("report_piece.best.which", which=which),
        score=t(
            "report_piece.best.score",
            score=measure(t, best.score, digits=0),
            count=best.other_count,
            others=measure(t, best.score_of_others, digits=0),
        ),
        lines=tuple(sentence(line) for line in best_lines(best, t)),
        curves=tuple(_best_curves(session, q, best, t) for q in BEST_QUANTITIES if _known(session, q)),
    )


def _best_curves(session: Session, quantity: str, best: BestStrokes, t: Texts) -> BestCurves:
    curves = session_curves(session, quantity)
    chosen = np.zeros(len(curves.values), dtype=np.bool_)
    chosen[list(best.strokes)] = True
    mean, _ = mean_and_sd(curves.values[chosen])
    others_mean, others_sd = mean_and_sd(curves.values[np.asarray(curves.usable) & ~chosen])
    name, meaning = quantity_words(t, quantity)
    best_deg, others_deg = (measure(t, float(m[0]), "deg") for m in (mean, others_mean))
    words = t("report_piece.best.words", name=name, best=best_deg, others=others_deg)
    return BestCurves(
        quantity, name, meaning, curves.percent, curves.finish_percent, curves.values[chosen], mean, others_mean,
        others_sd, words,
    )  # fmt: skip


def _known(session: Session, quantity: str) -> bool:
    return bool(np.isfinite(session.angles[quantity]).any())


def _meaning(quantity: str, t: Texts) -> str:
    if quantity in _WITH_MEANING:
        return t(f"report_piece.meaning.{quantity}")
    known, _ = split_quantity(quantity)
    return quantity_words(t, known)[1] if known else ""


def _change(drift: Drift, t: Texts) -> str:
    change = signed(drift.change, drift.unit, t)
    return real_from(drift, change, t) if drift.clear else t("report_piece.no_clear", change=change)


def _drift_row(drift: Drift, t: Texts) -> tuple[str, ...]:
    limit = drift.detectable_change
    return (
        named(drift.quantity, t),
        signed(drift.change, drift.unit, t),
        span(t, drift.change_low, drift.change_high, drift.unit),
        rounded_up(limit, t) if drift.unit == "deg" else measure(t, limit, drift.unit),
        measure(t, drift.from_min, "min", 0) if drift.clear else t("report_piece.caption.unclear"),
    )
